/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cross-fade from one geometry to the next, in blocks. Parts whose delays
 * follow from the geometry keep two layouts of them, `now` and `next`, and
 * cross-fade between both while a transition is on. Realtime-safe, no errors.
 */
#pragma once

#include "block_ring.h"
#include "geometry.h"

typedef struct {
  MixGeometry now, next;
  unsigned block, length; /* the block of the cross-fade; 0: none is on */
} MixTransition;

static inline void
mix_transition_reset (
    MixTransition *t, const MixGeometry *geometry, unsigned length)
{
  *t = (MixTransition){ .now = *geometry, .length = length > 0 ? length : 1 };
}

static inline bool
mix_transition_is_on (const MixTransition *t)
{
  return t->block > 0;
}

/* Once a block. True when the next geometry has been reached, and is `now`. */
static inline bool
mix_transition_advance (MixTransition *t)
{
  if (t->block == 0 || t->block++ < t->length)
    return false;
  t->now = t->next;
  t->block = 0;
  return true;
}

/* After _advance. True when a transition to another geometry begins with this
 * block; one that is on has to end first. */
static inline bool
mix_transition_begin (MixTransition *t, const MixGeometry *geometry)
{
  if (t->block > 0 || mix_geometry_equal (geometry, &t->now))
    return false;
  t->next = *geometry;
  t->block = 1;
  return true;
}

static inline unsigned
mix_transition_reach (const MixTransition *t, unsigned rate)
{
  unsigned now = mix_geometry_reach (&t->now, rate);
  unsigned next = t->block > 0 ? mix_geometry_reach (&t->next, rate) : 0;
  return now > next ? now : next;
}

/* Of both geometries' lines. */
static inline double
mix_transition_longest_line (const MixTransition *t)
{
  double now = mix_geometry_longest_line (&t->now);
  return t->block > 0 ? fmax (now, mix_geometry_longest_line (&t->next)) : now;
}

/* The share of the next layout in this block; 0 while no transition is on. */
static inline MixEnds
mix_transition_share (const MixTransition *t)
{
  float length = (float)t->length;
  if (t->block == 0)
    return (MixEnds){ 0, 0 };
  return (MixEnds){ (float)(t->block - 1) / length, (float)t->block / length };
}

/* A value of the layouts, on its way from now to next. */
static inline MixEnds
mix_transition_ends (const MixTransition *t, float now, float next)
{
  if (t->block == 0)
    return (MixEnds){ now, now };
  MixEnds share = mix_transition_share (t);
  return (MixEnds){ now + (next - now) * share.from,
    now + (next - now) * share.to };
}

/* The same at the end of the block. */
static inline double
mix_transition_value (const MixTransition *t, double now, double next)
{
  return t->block > 0 ? now + (next - now) * (double)mix_transition_share (t).to
                      : now;
}

/* From block a to block b; `out` may be one of them. */
static inline void
mix_transition_blend (
    const MixTransition *t, float *out, const float *a, const float *b)
{
  MixRamp share = mix_ends_ramp (mix_transition_share (t));
  for (unsigned i = 0; i < MIX_REVERB_BLOCK; i++)
    out[i] = a[i] + (b[i] - a[i]) * mix_ramp_at (share, i);
}

/* The block at the delay of the layouts; in `room` while the delay changes. */
static inline const float *
mix_transition_read (const MixTransition *t, const MixBlockRing *ring,
    unsigned now, unsigned next, float room[MIX_REVERB_BLOCK])
{
  const float *from = mix_block_ring_read (ring, now);
  if (t->block == 0 || now == next)
    return from;
  mix_transition_blend (t, room, from, mix_block_ring_read (ring, next));
  return room;
}
