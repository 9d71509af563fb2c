/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ceilings that hold for the ticks inside the limiter: a lower ceiling
 * holds for what enters after it was set. Realtime-safe.
 */
#pragma once

#include "../../base/arena.h"
#include "../../base/maths.h"

/* A ring with the ceiling of each tick inside, as a gain. */
typedef struct {
  float *ring;
  unsigned length, newest;
  float next; /* for ticks to come */
} MixLimiterCeilings;

/* Memory for so many ticks; see base/arena.h. */
static inline void
mix_limiter_ceilings_take (
    MixLimiterCeilings *c, MixArena *arena, unsigned ticks)
{
  c->length = ticks;
  c->ring = mix_arena_take (arena, ticks, sizeof *c->ring);
}

/* The largest float that is not over the ceiling. */
static inline void
mix_limiter_ceilings_set (MixLimiterCeilings *c, double db)
{
  double exact = mix_gain_from_db (db);
  float gain = (float)exact;
  c->next = (double)gain > exact ? nextafterf (gain, 0) : gain;
}

/* The ceiling of now for all that is inside. */
static inline void
mix_limiter_ceilings_fill (MixLimiterCeilings *c)
{
  for (unsigned i = 0; i < c->length; i++)
    c->ring[i] = c->next;
}

/* A tick comes in. */
static inline void
mix_limiter_ceilings_advance (MixLimiterCeilings *c)
{
  c->newest = (c->newest + 1) % c->length;
  c->ring[c->newest] = c->next;
}

/* The lowest of `ticks` ticks, the latest of them `back` ticks ago. */
static inline float
mix_limiter_ceilings_lowest (
    const MixLimiterCeilings *c, unsigned back, unsigned ticks)
{
  float lowest = 2;
  for (unsigned i = 0; i < ticks; i++) {
    unsigned at = c->newest + 2 * c->length - back - i;
    lowest = mix_smaller (lowest, c->ring[at % c->length]);
  }
  return lowest;
}
