/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The low cut and the high cut of a key signal, 12 dB per octave each, which
 * fade in and out and glide. The control and the coefficients are kept once for
 * all signals; each signal has its own MixKeyFilterState, zeroed before use.
 * Realtime-safe, no errors.
 */
#pragma once

#include "cut.h"
#include "cut_fade.h"

typedef struct {
  unsigned rate;
  MixCutFade low, high;
  MixCutDesign low_design, high_design;
} MixKeyFilter;

typedef struct {
  MixCut low, high;
} MixKeyFilterState;

static inline void
mix_key_filter_prepare (MixKeyFilter *f, unsigned rate)
{
  f->rate = rate;
  mix_cut_fade_prepare (&f->low, 1, rate, 30, 5);
  mix_cut_fade_prepare (&f->high, 1, rate, 30, 5);
}

/* The corners; 0 is off. */
static inline void
mix_key_filter_set (MixKeyFilter *f, double low_cut_hz, double high_cut_hz)
{
  double top = MIX_CUT_TOP * f->rate;
  mix_cut_fade_set (&f->low, low_cut_hz > 0, fmin (low_cut_hz, top));
  mix_cut_fade_set (&f->high, high_cut_hz > 0, fmin (high_cut_hz, top));
}

static inline void
mix_key_filter_design_ (MixKeyFilter *f, bool low, bool high)
{
  if (low)
    f->low_design = mix_cut_design (
        MIX_FILTER_LOW_CUT, mix_cut_fade_hz (&f->low), f->rate);
  if (high)
    f->high_design = mix_cut_design (
        MIX_FILTER_HIGH_CUT, mix_cut_fade_hz (&f->high), f->rate);
}

/* Returns whether the cut needs new coefficients in this tick. */
static inline bool
mix_key_filter_tick_cut_ (MixCutFade *fade)
{
  bool starts = mix_cut_fade_tick (fade);
  return starts
         || (mix_cut_fade_is_on (fade) && mix_cut_fade_corner_moves (fade));
}

/* Once a tick. */
static inline void
mix_key_filter_tick (MixKeyFilter *f)
{
  bool low = mix_key_filter_tick_cut_ (&f->low);
  bool high = mix_key_filter_tick_cut_ (&f->high);
  mix_key_filter_design_ (f, low, high);
}

/* Stands at its targets. The states of the signals are the caller's to zero. */
static inline void
mix_key_filter_reset (MixKeyFilter *f)
{
  mix_cut_fade_reset (&f->low);
  mix_cut_fade_reset (&f->high);
  mix_key_filter_design_ (
      f, mix_cut_fade_is_on (&f->low), mix_cut_fade_is_on (&f->high));
}

static inline bool
mix_key_filter_is_still (const MixKeyFilter *f)
{
  return mix_cut_fade_is_still (&f->low) && mix_cut_fade_is_still (&f->high);
}

/* One cut in place of `*from`, or nothing when it is off: then its state stays
 * zero, so that it fades in without history. */
static inline void
mix_key_filter_cut_ (const MixCutFade *fade, const MixCutDesign *design,
    MixCut *state, unsigned offset, float *to, const float **from, unsigned n)
{
  if (!mix_cut_fade_is_on (fade)) {
    *state = (MixCut){ 0 };
    return;
  }
  MixRamp share = mix_cut_fade_share (fade);
  mix_cut_run (state, design, share.from, share.slope, offset, to, *from, n);
  *from = to;
}

/* Filters n frames that begin `offset` frames into the tick. Returns `to`, or
 * `from` itself when both cuts are off. `to` may be `from`. */
static inline const float *
mix_key_filter_run (const MixKeyFilter *f, MixKeyFilterState *state,
    unsigned offset, float *to, const float *from, unsigned n)
{
  mix_key_filter_cut_ (
      &f->low, &f->low_design, &state->low, offset, to, &from, n);
  mix_key_filter_cut_ (
      &f->high, &f->high_design, &state->high, offset, to, &from, n);
  return from;
}

/* The same of four signals that lie at `from`, and their states in a row; where
 * they are after that is in `from`. In the same bits as one by one. */
static inline void
mix_key_filter_run_four (const MixKeyFilter *f, MixKeyFilterState *states,
    unsigned offset, float *const to[4], const float *from[4], unsigned n)
{
  MixCut *low[4];
  const bool is_low = mix_cut_fade_is_on (&f->low);
  const MixRamp share = mix_cut_fade_share (&f->low);
  for (unsigned k = 0; k < 4; k++)
    low[k] = &states[k].low;
  if (is_low)
    mix_cut_run_four (
        low, &f->low_design, share.from, share.slope, offset, to, from, n);
  for (unsigned k = 0; k < 4; k++) {
    if (is_low)
      from[k] = to[k];
    else
      states[k].low = (MixCut){ 0 };
    mix_key_filter_cut_ (
        &f->high, &f->high_design, &states[k].high, offset, to[k], &from[k], n);
  }
}
