/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves a parameter to its target without a click: two equal one-poles in a row
 * (critically damped: neither value nor slope jumps), updated once a MIX_TICK
 * and read as a straight line from `from` to `to` within the tick. It arrives:
 * near the target it snaps, so a unit is exactly neutral again some time after
 * it was set neutral. Smooth what the ear hears as even: dB for gains, log2
 * for frequencies. Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

#include "../base/maths.h"
#include "ramp.h"

typedef struct {
  double target;
  double from, to; /* of the current tick */
  double first;    /* output of the first pole */
  double decay;    /* of each pole, per tick */
} MixSmoother;

/* `time_ms` is the time constant of each pole; 63 % of a step are reached
 * after 2.15 of it. 5 ms suits most. */
static inline void
mix_smoother_prepare (MixSmoother *s, unsigned rate, double time_ms)
{
  s->decay = mix_decay_per_frames (time_ms, MIX_TICK, rate);
}

static inline void
mix_smoother_set (MixSmoother *s, double target)
{
  s->target = target;
}

/* Stand at the target. */
static inline void
mix_smoother_snap (MixSmoother *s)
{
  s->from = s->to = s->first = s->target;
}

/* Once a tick. Returns true while the value moves within the new tick. */
static inline bool
mix_smoother_tick (MixSmoother *s)
{
  s->from = s->to;
  if (s->to == s->target && s->first == s->target)
    return false;
  s->first = s->target + (s->first - s->target) * s->decay;
  s->to = s->first + (s->to - s->first) * s->decay;
  double near = 1e-6 * (1 + fabs (s->target));
  if (fabs (s->to - s->target) < near && fabs (s->first - s->target) < near)
    s->to = s->first = s->target;
  return true;
}

/* Once a tick, instead of mix_smoother_tick: the line of the new tick goes to a
 * value that the caller has computed, which is the target then. */
static inline void
mix_smoother_tick_to (MixSmoother *s, double value)
{
  s->from = s->to;
  s->to = s->first = s->target = value;
}

/* The line's slope per frame; the value at frame i of the tick is
 * from + slope * i. */
static inline double
mix_smoother_slope (const MixSmoother *s)
{
  return (s->to - s->from) * (1.0 / MIX_TICK);
}

/* Neither moving now nor about to. */
static inline bool
mix_smoother_is_still (const MixSmoother *s)
{
  return s->from == s->target && s->to == s->target && s->first == s->target;
}

/* The same line for a loop over frames. */
static inline MixRamp
mix_smoother_ramp (const MixSmoother *s)
{
  return mix_ramp (s->from, s->to);
}

/* The same of a smoother that is ticked once in `frames` frames. */
static inline MixRamp
mix_smoother_ramp_over (const MixSmoother *s, unsigned frames)
{
  return mix_ramp_over (s->from, s->to, frames);
}
