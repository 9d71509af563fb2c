/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves a parameter to its goal without a click: two equal one-poles in a row
 * (critically damped: neither value nor slope jumps), updated once a MIX_TICK
 * and read as a straight line from `from` to `to` within the tick. It arrives:
 * near the goal it snaps, so a unit is exactly neutral again some time after
 * it was set neutral. Smooth what the ear hears as even: dB for gains, log2
 * for frequencies. Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

#include "../base/maths.h"
#include "ramp.h"

typedef struct {
  double goal;
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
mix_smoother_set (MixSmoother *s, double goal)
{
  s->goal = goal;
}

/* Stand at the goal. */
static inline void
mix_smoother_snap (MixSmoother *s)
{
  s->from = s->to = s->first = s->goal;
}

/* Once a tick. Returns true while the value moves within the new tick. */
static inline bool
mix_smoother_tick (MixSmoother *s)
{
  s->from = s->to;
  if (s->to == s->goal && s->first == s->goal)
    return false;
  s->first = s->goal + (s->first - s->goal) * s->decay;
  s->to = s->first + (s->to - s->first) * s->decay;
  double near = 1e-6 * (1 + fabs (s->goal));
  if (fabs (s->to - s->goal) < near && fabs (s->first - s->goal) < near)
    s->to = s->first = s->goal;
  return true;
}

/* Once a tick, instead of mix_smoother_tick: the line of the new tick goes to a
 * value that the caller has computed, which is the goal then. */
static inline void
mix_smoother_tick_to (MixSmoother *s, double value)
{
  s->from = s->to;
  s->to = s->first = s->goal = value;
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
  return s->from == s->goal && s->to == s->goal && s->first == s->goal;
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
