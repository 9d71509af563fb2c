/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control of a low cut or high cut that users switch on and off and move:
 * the corner glides, and the filter cross-fades with its input. The unit runs
 * any filter with the corner of mix_cut_fade_hz() and the share of the output
 * of mix_cut_fade_share(). Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

#include "smoother.h"

typedef struct {
  MixSmoother octave; /* log2 of the corner in Hz */
  MixSmoother share;  /* 0: off, 1: on */
  bool on;            /* the filter has a share in this tick */
} MixCutFade;

/* Before the first set the corner is at `hz`, off. */
static inline void
mix_cut_fade_prepare (MixCutFade *fade, double hz, unsigned rate,
    double octave_ms, double share_ms)
{
  *fade = (MixCutFade){ .octave = { .target = log2 (hz) } };
  mix_smoother_prepare (&fade->octave, rate, octave_ms);
  mix_smoother_prepare (&fade->share, rate, share_ms);
  mix_smoother_snap (&fade->octave);
}

/* A cut that goes off fades out at the corner it had; one that was not in use
 * has its new corner from the start. */
static inline void
mix_cut_fade_set (MixCutFade *fade, bool on, double hz)
{
  if (on)
    mix_smoother_set (&fade->octave, log2 (hz));
  if (!fade->on)
    mix_smoother_snap (&fade->octave);
  mix_smoother_set (&fade->share, on);
}

/* Nothing moves now or at the next tick. */
static inline bool
mix_cut_fade_is_still (const MixCutFade *fade)
{
  return mix_smoother_is_still (&fade->octave)
         && mix_smoother_is_still (&fade->share);
}

/* The filter has a share of the output in this tick. */
static inline bool
mix_cut_fade_is_on (const MixCutFade *fade)
{
  return fade->on;
}

/* The corner moves within this tick. */
static inline bool
mix_cut_fade_corner_moves (const MixCutFade *fade)
{
  return fade->octave.from != fade->octave.to;
}

/* Updates whether the filter is in use. True when it was not before: then its
 * state is to be zeroed. */
static inline bool
mix_cut_fade_update_on (MixCutFade *fade)
{
  bool was_on = fade->on;
  fade->on = fade->share.target > 0 || !mix_smoother_is_still (&fade->share);
  return fade->on && !was_on;
}

/* Once a tick; returns what mix_cut_fade_update_on() does. */
static inline bool
mix_cut_fade_tick (MixCutFade *fade)
{
  mix_smoother_tick (&fade->octave);
  mix_smoother_tick (&fade->share);
  return mix_cut_fade_update_on (fade);
}

/* Stands at its targets, with filters that begin without history. */
static inline void
mix_cut_fade_reset (MixCutFade *fade)
{
  mix_smoother_snap (&fade->octave);
  mix_smoother_snap (&fade->share);
  fade->on = false;
  mix_cut_fade_update_on (fade);
}

/* The corner at the end of the tick. */
static inline double
mix_cut_fade_hz (const MixCutFade *fade)
{
  return exp2 (fade->octave.to);
}

static inline MixRamp
mix_cut_fade_share (const MixCutFade *fade)
{
  return mix_smoother_ramp (&fade->share);
}

/* The same of a control that is ticked once in `frames` frames. */
static inline MixRamp
mix_cut_fade_share_over (const MixCutFade *fade, unsigned frames)
{
  return mix_smoother_ramp_over (&fade->share, frames);
}
