/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control grid. A unit keeps one MixTick and walks a process call in
 * spans that never cross a grid line:
 *
 *   for (unsigned at = 0, n; at < frames; at += n) {
 *     if (mix_tick_is_due (&self->tick))
 *       update (self);                      // coefficients, smoothers
 *     unsigned offset = self->tick.offset;  // of this span in its tick
 *     n = mix_tick_span (&self->tick, frames - at);
 *     … frames at … at + n …
 *   }
 *
 * A value that is interpolated within a tick must be computed from `offset`
 * (from + slope * (offset + i)), never accumulated span by span: that keeps
 * every bit free of how the stream is cut. Realtime-safe.
 */
#pragma once

#include <stdbool.h>

/* Spacing of control work in frames: coefficients and smoothers are updated on
 * this grid, and hosts read automation at this spacing. */
#define MIX_TICK 32

typedef struct {
  unsigned offset; /* frames into the current tick, 0 … MIX_TICK - 1 */
} MixTick;

static inline void
mix_tick_reset (MixTick *tick)
{
  tick->offset = 0;
}

static inline bool
mix_tick_is_due (const MixTick *tick)
{
  return tick->offset == 0;
}

/* Takes as many of the `left` frames as fit before the next grid line. */
static inline unsigned
mix_tick_span (MixTick *tick, unsigned left)
{
  unsigned span = MIX_TICK - tick->offset;
  if (span > left)
    span = left;
  tick->offset = (tick->offset + span) % MIX_TICK;
  return span;
}

/* The same while parameters move; else all of `left`. */
static inline unsigned
mix_tick_span_while (MixTick *tick, bool moving, unsigned left)
{
  if (moving)
    return mix_tick_span (tick, left);
  tick->offset = (tick->offset + left) % MIX_TICK;
  return left;
}
