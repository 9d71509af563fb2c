/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A delay line by whole frames: ring buffers in memory that the owner provides,
 * a power of two of frames long. The write position is the same for all
 * channels of a unit, so it is kept once, in MixDelayLine, and the ring of each
 * channel is a plain array. Realtime-safe.
 */
#pragma once

#include <string.h>

typedef struct {
  unsigned mask;  /* ring length - 1 */
  unsigned write; /* where the next frame goes */
} MixDelayLine;

/* The ring length for delays of up to `most` frames, written in spans of up to
 * `span` frames. */
static inline unsigned
mix_delay_line_length (unsigned most, unsigned span)
{
  unsigned length = 1;
  while (length < most + span)
    length *= 2;
  return length;
}

static inline void
mix_delay_line_prepare (MixDelayLine *delay, unsigned length)
{
  delay->mask = length - 1;
  delay->write = 0;
}

/* What it was prepared with. */
static inline unsigned
mix_delay_line_ring (const MixDelayLine *delay)
{
  return delay->mask + 1;
}

/* Writes `n` frames of one channel at the write position. */
static inline void
mix_delay_line_write (
    const MixDelayLine *delay, float *ring, const float *in, unsigned n)
{
  unsigned at = delay->write & delay->mask, length = delay->mask + 1;
  unsigned head = n < length - at ? n : length - at;
  memcpy (ring + at, in, head * sizeof *in);
  memcpy (ring, in + head, (n - head) * sizeof *in);
}

/* Reads `n` frames of one channel, delayed by `frames` against the span that
 * is written at the same position. */
static inline void
mix_delay_line_read (const MixDelayLine *delay, const float *ring, float *out,
    unsigned frames, unsigned n)
{
  unsigned at = (delay->write - frames) & delay->mask, length = delay->mask + 1;
  unsigned head = n < length - at ? n : length - at;
  memcpy (out, ring + at, head * sizeof *out);
  memcpy (out + head, ring, (n - head) * sizeof *out);
}

/* After all channels of a span were written and read. */
static inline void
mix_delay_line_advance (MixDelayLine *delay, unsigned n)
{
  delay->write = (delay->write + n) & delay->mask;
}
