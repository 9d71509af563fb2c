/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "linker.h"

#include <string.h>

#define SMOOTHING_MS 5.0

/* ---- Control ------------------------------------------------------------ */

void
mix_comp_linker_prepare (
    MixCompLinker *l, const MixFormat *format, MixArena *arena)
{
  *l = (MixCompLinker){
    .rate = format->rate,
    .channels = format->channels,
    .single = mix_arena_take (arena, format->channels, sizeof *l->single),
  };
  mix_gain_computer_prepare (&l->computer, format->rate);
  mix_smoother_prepare (&l->unlink, format->rate, SMOOTHING_MS);
}

void
mix_comp_linker_set (MixCompLinker *l, const MixGainComputerParams *p,
    double link_percent, bool jumps)
{
  mix_smoother_set (&l->unlink, 1 - link_percent / 100);
  mix_gain_computer_set (&l->computer, p, l->rate, jumps);
  mix_reduction_adapt (&l->linked, &l->computer);
  for (unsigned c = 0; c < l->channels; c++)
    mix_reduction_adapt (&l->single[c], &l->computer);
}

static bool
stays_unlinked (const MixCompLinker *l)
{
  if (l->unlink.target > 0 || !mix_smoother_is_still (&l->unlink))
    return true;
  for (unsigned c = 0; l->is_unlinked && c < l->channels; c++)
    if (!mix_reduction_is_near (&l->single[c], &l->linked))
      return true;
  return false;
}

static void
update_reductions (MixCompLinker *l, bool unlinked, bool has_channels)
{
  for (unsigned c = 0; c < l->channels; c++) {
    if (has_channels && !l->has_channels)
      mix_reduction_restart (&l->single[c]);
    if (unlinked && !l->is_unlinked)
      mix_reduction_copy (&l->single[c], &l->linked);
  }
  l->is_unlinked = unlinked;
  l->has_channels = has_channels;
}

void
mix_comp_linker_tick (MixCompLinker *l, MixDetector *detector)
{
  mix_smoother_tick (&l->unlink);
  mix_gain_computer_tick (&l->computer);
  bool unlinked = stays_unlinked (l);
  mix_detector_tick (detector, unlinked);
  update_reductions (l, unlinked, mix_detector_has_channels (detector));
}

void
mix_comp_linker_reset (MixCompLinker *l, MixDetector *detector)
{
  mix_smoother_snap (&l->unlink);
  mix_gain_computer_reset (&l->computer);
  mix_reduction_reset (&l->linked);
  for (unsigned c = 0; c < l->channels; c++)
    mix_reduction_reset (&l->single[c]);
  l->is_unlinked = l->has_channels = false;
  bool unlinked = stays_unlinked (l);
  mix_detector_reset (detector, unlinked);
  update_reductions (l, unlinked, mix_detector_has_channels (detector));
}

/* Channels that are to be linked have to be looked at each tick. */
bool
mix_comp_linker_is_still (const MixCompLinker *l)
{
  return mix_smoother_is_still (&l->unlink)
         && !(l->is_unlinked && l->unlink.target == 0)
         && mix_gain_computer_is_still (&l->computer);
}

/* ---- Spans -------------------------------------------------------------- */

static void
blend (const MixCompLinker *l, float *restrict single,
    const float *restrict linked, const MixGainSpan *span)
{
  MixRamp unlink = mix_smoother_ramp (&l->unlink);
  for (unsigned i = 0; i < span->frames; i++)
    single[i]
        = linked[i]
          + (single[i] - linked[i]) * mix_ramp_at (unlink, span->offset + i);
}

static void
require_single (MixCompLinker *l, unsigned c, float *io, MixBoost *boost,
    const float *linked, const MixBoost *linked_boost, const MixGainSpan *span)
{
  bool boosts = mix_gain_computer_boosts (&l->computer);
  size_t bytes = span->frames * sizeof (float);
  if (!mix_detector_links (span->detector, c)) {
    memcpy (io, linked, bytes);
    memcpy (boost->least, linked_boost->least, boosts ? bytes : 0);
    memcpy (boost->share, linked_boost->share, boosts ? bytes : 0);
    return;
  }
  mix_reduction_require (
      &l->single[c], &l->computer, span, (MixDetectorLanes){ c, 1 }, io, boost);
  blend (l, io, linked, span);
  if (!boosts)
    return;
  blend (l, boost->least, linked_boost->least, span);
  blend (l, boost->share, linked_boost->share, span);
}

void
mix_comp_linker_run (MixCompLinker *l, const MixGainSpan *span)
{
  const MixDetector *d = span->detector;
  const unsigned n = span->frames;
  float *linked = mix_detector_linked (d);
  MixBoost boost, single_boost;
  mix_reduction_require (&l->linked, &l->computer, span,
      mix_detector_linked_lanes (d), linked, &boost);
  for (unsigned c = 0; l->is_unlinked && c < l->channels; c++) {
    float *single = mix_detector_power (d, c);
    require_single (l, c, single, &single_boost, linked, &boost, span);
    mix_reduction_follow (
        &l->single[c], &l->computer, single, &single_boost, n);
  }
  mix_reduction_follow (&l->linked, &l->computer, linked, &boost, n);
  mix_gain_computer_end_span (&l->computer);
}
