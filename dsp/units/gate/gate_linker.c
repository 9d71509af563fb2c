/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate_linker.h"

#include <string.h>

#define SMOOTHING_MS 5.0

/* ---- Control ------------------------------------------------------------ */

void
mix_gate_linker_prepare (
    MixGateLinker *l, const MixFormat *format, MixArena *arena)
{
  *l = (MixGateLinker){
    .channels = format->channels,
    .single = mix_arena_take (arena, format->channels, sizeof *l->single),
  };
  mix_gate_gain_prepare (&l->gain, format->rate);
  mix_smoother_prepare (&l->unlink, format->rate, SMOOTHING_MS);
}

void
mix_gate_linker_set (MixGateLinker *l, const MixGateParams *p)
{
  mix_smoother_set (&l->unlink, 1 - p->link_percent / 100);
  mix_gate_gain_set (&l->gain, p);
}

static bool
stays_unlinked (const MixGateLinker *l)
{
  if (l->unlink.target > 0 || !mix_smoother_is_still (&l->unlink))
    return true;
  for (unsigned c = 0; l->is_unlinked && c < l->channels; c++)
    if (!mix_gate_state_is_near (&l->single[c], &l->linked))
      return true;
  return false;
}

static void
update_states (MixGateLinker *l, bool unlinked)
{
  for (unsigned c = 0; unlinked && !l->is_unlinked && c < l->channels; c++)
    l->single[c] = l->linked;
  l->is_unlinked = unlinked;
}

void
mix_gate_linker_tick (
    MixGateLinker *l, MixDetector *detector, bool source_changes)
{
  bool key_changes = source_changes || !mix_detector_is_still (detector);
  mix_smoother_tick (&l->unlink);
  mix_gate_gain_tick (&l->gain, key_changes);
  bool unlinked = stays_unlinked (l);
  mix_detector_tick (detector, unlinked);
  update_states (l, unlinked);
}

void
mix_gate_linker_reset (MixGateLinker *l, MixDetector *detector)
{
  mix_smoother_snap (&l->unlink);
  mix_gate_gain_reset (&l->gain);
  mix_gate_state_reset (&l->linked, &l->gain);
  l->is_unlinked = false;
  bool unlinked = stays_unlinked (l);
  mix_detector_reset (detector, unlinked);
  update_states (l, unlinked);
  l->frames = l->open_frames = 0;
}

bool
mix_gate_linker_is_still (const MixGateLinker *l)
{
  return mix_smoother_is_still (&l->unlink)
         && !(l->is_unlinked && l->unlink.target == 0)
         && mix_gate_gain_is_still (&l->gain);
}

/* ---- Spans -------------------------------------------------------------- */

/* The level of a channel, between its own and the linked one. */
static void
make_level (const MixGateLinker *l, const MixDetector *d, unsigned channel,
    unsigned offset, unsigned n)
{
  const float *linked = mix_detector_linked (d);
  float *level = mix_detector_power (d, channel);
  MixRamp unlink = mix_smoother_ramp (&l->unlink);
  if (!mix_detector_links (d, channel)) {
    memcpy (level, linked, n * sizeof *level);
    return;
  }
  l->gain.kernels->db_from_gain (level, level, n);
  for (unsigned i = 0; i < n; i++)
    level[i]
        = linked[i] + (level[i] - linked[i]) * mix_ramp_at (unlink, offset + i);
}

static void
run_state (
    MixGateLinker *l, MixGateState *s, float *io, unsigned offset, unsigned n)
{
  l->frames += n;
  l->open_frames += mix_gate_state_run (s, &l->gain, io, offset, n);
}

void
mix_gate_linker_run (
    MixGateLinker *l, MixDetector *d, unsigned offset, unsigned n)
{
  float *linked = mix_detector_linked (d);
  l->gain.kernels->db_from_gain (linked, linked, n);
  for (unsigned c = 0; l->is_unlinked && c < l->channels; c++) {
    make_level (l, d, c, offset, n);
    run_state (l, &l->single[c], mix_detector_power (d, c), offset, n);
  }
  if (l->is_unlinked)
    mix_gate_state_run (&l->linked, &l->gain, linked, offset, n);
  else
    run_state (l, &l->linked, linked, offset, n);
}

double
mix_gate_linker_read_open (MixGateLinker *l)
{
  double now = l->linked.is_open;
  double share = l->frames ? (double)l->open_frames / (double)l->frames : now;
  l->frames = l->open_frames = 0;
  return 100 * share;
}
