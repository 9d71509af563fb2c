/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The block that the wet sound is made in, and values that move within it.
 * Realtime-safe.
 */
#pragma once

#include "../../kernels/delay_network.h"
#include "../../parts/smoother.h"

enum { MIX_REVERB_BLOCK = MIX_REVERB_FRAMES };

_Static_assert(MIX_REVERB_BLOCK % MIX_TICK == 0, "blocks are whole ticks");

/* Smoothers of the reverb are ticked once a block. */
static inline void
mix_reverb_smoother_prepare (MixSmoother *s, unsigned rate, double time_ms)
{
  mix_smoother_prepare (s, rate, time_ms * MIX_TICK / MIX_REVERB_BLOCK);
}

/* A value at the start and at the end of a block: what a ramp has to be while
 * it is still multiplied by others. */
typedef struct {
  float from, to;
} MixEnds;

static inline MixEnds
mix_ends_of (const MixSmoother *s)
{
  return (MixEnds){ (float)s->from, (float)s->to };
}

static inline MixEnds
mix_ends_of_product (const MixSmoother *a, const MixSmoother *b)
{
  return (MixEnds){ (float)(a->from * b->from), (float)(a->to * b->to) };
}

/* A new block: begins where the last one ended. */
static inline void
mix_ends_move (MixEnds *ends, float to)
{
  *ends = (MixEnds){ ends->to, to };
}

static inline MixEnds
mix_ends_product (MixEnds a, MixEnds b)
{
  return (MixEnds){ a.from * b.from, a.to * b.to };
}

static inline bool
mix_ends_are (MixEnds ends, float value)
{
  return ends.from == value && ends.to == value;
}

static inline MixRamp
mix_ends_ramp (MixEnds ends)
{
  return mix_ramp_over ((double)ends.from, (double)ends.to, MIX_REVERB_BLOCK);
}

/* Of `count` filter weights that go from `from` to `to` within a block. */
static inline void
mix_reverb_slopes (
    float *slope, const float *from, const float *to, unsigned count)
{
  for (unsigned k = 0; k < count; k++)
    slope[k] = (to[k] - from[k]) * (1.f / MIX_REVERB_BLOCK);
}
