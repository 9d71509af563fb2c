/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay lines of the delay: a ring for each channel but the LFE.
 * Realtime-safe.
 */
#pragma once

#include "../../base/arena.h"
#include "../../format.h"
#include "../../parts/fractional.h"

/* The most frames of a span. */
#define MIX_DELAY_SPAN 256

/* A span of two channels. */
typedef struct {
  float left[MIX_DELAY_SPAN], right[MIX_DELAY_SPAN];
} MixDelayRows;

typedef struct {
  MixDelayLine line;
  float *ring[MIX_MAX_CHANNELS]; /* NULL for an LFE */
  unsigned channels;
  unsigned used; /* frames of each ring that may not be zero any more */
} MixDelayRings;

/* Takes the memory for delays of up to `most` frames. */
static inline void
mix_delay_rings_take (MixDelayRings *rings, const MixFormat *format,
    unsigned most, MixArena *arena)
{
  unsigned length
      = mix_delay_line_length (most + MIX_FRACTIONAL_POINTS, MIX_DELAY_SPAN);
  *rings = (MixDelayRings){ .channels = format->channels };
  mix_delay_line_prepare (&rings->line, length);
  for (unsigned c = 0; c < format->channels; c++)
    if (!mix_format_is_lfe (format, c))
      rings->ring[c] = mix_arena_take (arena, length, sizeof (float));
}

/* Clears what was written since the last time. */
static inline void
mix_delay_rings_reset (MixDelayRings *rings)
{
  for (unsigned c = 0; c < rings->channels; c++)
    if (rings->ring[c])
      memset (rings->ring[c], 0, rings->used * sizeof (float));
  rings->used = 0;
  mix_delay_line_prepare (&rings->line, mix_delay_line_ring (&rings->line));
}

/* Whole frames, unchanged. Before the span is written: n is at most `delay`. */
static inline void
mix_delay_rings_read (const MixDelayRings *rings, unsigned channel, float *to,
    unsigned delay, unsigned n)
{
  mix_delay_line_read (&rings->line, rings->ring[channel], to, delay, n);
}

/* After the span was written. */
static inline void
mix_delay_rings_read_fractional (const MixDelayRings *rings, unsigned channel,
    float *to, MixFractionalPath path, unsigned n)
{
  mix_fractional_read (&rings->line, rings->ring[channel], to, path, n);
}

static inline void
mix_delay_rings_write (
    const MixDelayRings *rings, unsigned channel, const float *from, unsigned n)
{
  mix_delay_line_write (&rings->line, rings->ring[channel], from, n);
}

/* After all channels of a span. */
static inline void
mix_delay_rings_advance (MixDelayRings *rings, unsigned n)
{
  unsigned length = mix_delay_line_ring (&rings->line);
  mix_delay_line_advance (&rings->line, n);
  rings->used = rings->used + n < length ? rings->used + n : length;
}
