/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A value on a straight line within a tick, or within a block of another
 * length: what a smoother is to a loop over frames. Computed from the frame's
 * place in the tick, never accumulated, so that no bit depends on how the
 * stream is cut. Realtime-safe.
 */
#pragma once

#include "../base/tick.h"

typedef struct {
  float from, slope; /* at the start of the tick; a frame */
} MixRamp;

/* Reaches `to` after `frames` frames. */
static inline MixRamp
mix_ramp_over (double from, double to, unsigned frames)
{
  return (MixRamp){ (float)from, (float)((to - from) * (1.0 / frames)) };
}

static inline MixRamp
mix_ramp (double from, double to)
{
  return mix_ramp_over (from, to, MIX_TICK);
}

/* `frame` counts from the start of the tick: the span's offset + i. */
static inline float
mix_ramp_at (MixRamp ramp, unsigned frame)
{
  return ramp.from + ramp.slope * (float)(int)frame;
}

/* The same value in all of the tick. */
static inline bool
mix_ramp_is_constant (MixRamp ramp, float value)
{
  return ramp.from == value && ramp.slope == 0;
}
