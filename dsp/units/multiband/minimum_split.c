/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "minimum_split.h"

#include <string.h>

#include "../../base/maths.h"

#define RUN_IN_MS 30.0
#define FADE_MS 20.0

static unsigned
ticks_of (double ms, unsigned rate)
{
  return mix_frames_from_ms (ms, rate) / MIX_TICK + 1;
}

void
mix_minimum_split_prepare (
    MixMinimumSplit *s, const MixFormat *format, MixArena *arena)
{
  *s = (MixMinimumSplit){
    .run_in = ticks_of (RUN_IN_MS, format->rate),
    .fade = ticks_of (FADE_MS, format->rate),
    .other = mix_band_rows_take (format->channels, arena),
  };
  for (unsigned i = 0; i < 2; i++)
    mix_split_filters_prepare (&s->filters[i], format, arena);
}

/* ---- Changes ------------------------------------------------------------ */

static MixSplitFilters *
current (MixMinimumSplit *s)
{
  return &s->filters[s->current];
}

static MixSplitFilters *
other (MixMinimumSplit *s)
{
  return &s->filters[!s->current];
}

static bool
has_shape (const MixSplitFilters *f, MixSplitShape shape)
{
  return f->shape.bands == shape.bands && f->shape.order == shape.order;
}

void
mix_minimum_split_set (
    MixMinimumSplit *s, MixSplitShape shape, const double *corners_hz)
{
  s->shape = shape;
  memcpy (s->corners, corners_hz, (shape.bands - 1) * sizeof *corners_hz);
  for (unsigned i = 0; i < 2; i++)
    if (has_shape (&s->filters[i], shape))
      mix_split_filters_set (&s->filters[i], corners_hz);
}

/* A raised cosine from one tick to the next. */
static double
share_at (const MixMinimumSplit *s, unsigned ticks)
{
  if (ticks <= s->run_in)
    return 0;
  return 0.5 - 0.5 * cos (MIX_PI * (ticks - s->run_in) / s->fade);
}

static void
advance_change (MixMinimumSplit *s)
{
  if (s->ticks == s->run_in + s->fade) {
    s->current = !s->current;
    s->ticks = 0;
  }
  if (s->ticks == 0 && has_shape (current (s), s->shape))
    return;
  if (s->ticks == 0)
    mix_split_filters_start (other (s), s->shape, s->corners);
  s->share = mix_ramp (share_at (s, s->ticks), share_at (s, s->ticks + 1));
  s->ticks++;
}

void
mix_minimum_split_tick (MixMinimumSplit *s)
{
  advance_change (s);
  mix_split_filters_tick (current (s));
  if (s->ticks > 0)
    mix_split_filters_tick (other (s));
}

void
mix_minimum_split_reset (MixMinimumSplit *s)
{
  s->current = s->ticks = 0;
  mix_split_filters_start (current (s), s->shape, s->corners);
  other (s)->shape = (MixSplitShape){ 0 };
}

bool
mix_minimum_split_is_still (const MixMinimumSplit *s)
{
  const MixSplitFilters *now = &s->filters[s->current];
  return s->ticks == 0 && has_shape (now, s->shape)
         && mix_split_filters_is_still (now);
}

unsigned
mix_minimum_split_bands (const MixMinimumSplit *s)
{
  unsigned now = s->filters[s->current].shape.bands;
  unsigned next = s->ticks > 0 ? s->filters[!s->current].shape.bands : 0;
  return next > now ? next : now;
}

/* ---- Spans -------------------------------------------------------------- */

/* Bands that a set does not have are silent in it. */
static void
clear_rows (const MixBandRows *rows, unsigned first, unsigned end, unsigned n)
{
  for (unsigned b = first; b < end; b++)
    for (unsigned c = 0; c < rows->channels; c++)
      memset (mix_band_row (rows, b, c), 0, n * sizeof (float));
}

static void
cross_fade (
    MixMinimumSplit *s, const MixBandRows *to, unsigned offset, unsigned n)
{
  unsigned bands = mix_minimum_split_bands (s);
  clear_rows (to, current (s)->shape.bands, bands, n);
  clear_rows (&s->other, other (s)->shape.bands, bands, n);
  for (unsigned b = 0; b < bands; b++)
    for (unsigned c = 0; c < to->channels; c++) {
      float *io = mix_band_row (to, b, c);
      const float *next = mix_band_row (&s->other, b, c);
      for (unsigned i = 0; i < n; i++)
        io[i] += mix_ramp_at (s->share, offset + i) * (next[i] - io[i]);
    }
}

void
mix_minimum_split_run (MixMinimumSplit *s, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n)
{
  mix_split_filters_run (current (s), to, in, offset, n);
  if (s->ticks == 0)
    return;
  mix_split_filters_run (other (s), &s->other, in, offset, n);
  cross_fade (s, to, offset, n);
}
