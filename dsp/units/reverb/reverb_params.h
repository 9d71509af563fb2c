/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the reverb, and the block that it works on.
 */
#pragma once

#include "../../base/maths.h"
#include "../../kernels/delay_network.h"
#include "../../parts/smoother.h"

typedef enum {
  MIX_REVERB_ROOM,
  MIX_REVERB_CHAMBER,
  MIX_REVERB_HALL,
  MIX_REVERB_PLATE,
  MIX_REVERB_AMBIENCE,
  MIX_REVERB_SPACES,
} MixReverbSpace;

typedef struct {
  int space;
  double decay_s, pre_delay_ms, size_m, diffusion_percent;
  double low_hz, low_ratio, high_hz, high_ratio, modulation_percent;
  double low_cut_hz, high_cut_hz;
  double early_db, late_db, dry_db, wet_db;
  double width_percent, distance_percent;
  bool freeze;
} MixReverbParams;

#define MIX_REVERB_OFF_DB -100.0

/* The gain of a level in dB that is off at its minimum. */
static inline double
mix_reverb_gain (double db)
{
  return db > MIX_REVERB_OFF_DB ? mix_gain_from_db (db) : 0;
}

/* ---- Blocks ------------------------------------------------------------- */

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
