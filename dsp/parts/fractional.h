/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fractional delay over a delay line (parts/delay_line.h) that moves on a
 * straight line within a tick: for wow, chorus, flanger, modulated reverbs.
 * Third-order Lagrange interpolation between the middle two of four points
 * (T. I. Laakso, V. Välimäki, M. Karjalainen, U. K. Laine, "Splitting the unit
 * delay", IEEE Signal Processing Magazine 13, 1996): flat at low frequencies,
 * and the gain is nowhere above 1, so it may be used in a feedback loop. Midway
 * between two frames it loses 0.46 dB at 0.2 and 2.2 dB at 0.3 of the rate;
 * at a whole delay it is exact.
 *
 * Realtime-safe, no errors.
 */
#pragma once

#include "../base/tick.h"
#include "delay_line.h"

/* The shortest delay, in frames. */
#define MIX_FRACTIONAL_LEAST 2

/* Points of the interpolation: two before the position, two after. */
#define MIX_FRACTIONAL_POINTS 4

/* The delay, in frames, at frame i of a span that begins `offset` frames into
 * its tick is from + slope * (offset + i); slope is within ±1. (A MixRamp is
 * float, which is too coarse for a long delay and its fraction.) */
typedef struct {
  double from, slope;
  unsigned offset;
} MixFractionalPath;

static inline double
mix_fractional_at_ (MixFractionalPath path, unsigned i)
{
  return path.from + path.slope * (double)(int)(path.offset + i);
}

/* Rounds a delay up to whole frames; it is not negative. */
static inline int
mix_fractional_whole_ (double delay)
{
  int whole = (int)delay;
  return whole + (delay > whole);
}

/* The end of the run of frames from `i` on whose delays round up to `whole`:
 * nearly always the end of the span. */
static inline unsigned
mix_fractional_ends_ (MixFractionalPath path, int whole, unsigned i, unsigned n)
{
  if (mix_fractional_whole_ (mix_fractional_at_ (path, n - 1)) == whole)
    return n;
  while (mix_fractional_whole_ (mix_fractional_at_ (path, ++i)) == whole)
    ;
  return i;
}

/* Frames `i` to `to`, whose delays round up to `whole`; `at` is the first of
 * the four points of frame `i`. */
static inline void
mix_fractional_run_ (float *restrict out, const float *restrict at,
    MixFractionalPath path, int whole, unsigned i, unsigned to)
{
  const float start = (float)(whole - path.from), step = (float)path.slope;
  const int count = (int)(to - i), offset = (int)(path.offset + i);
  out += i;
  for (int k = 0; k < count; k++) {
    float f = start - step * (float)(offset + k);
    float outer = f * (f - 1) * (1.f / 6), inner = (f + 1) * (f - 2) * 0.5f;
    out[k] = outer * ((f + 1) * at[k + 3] - (f - 2) * at[k])
             + inner * ((f - 1) * at[k + 1] - f * at[k + 2]);
  }
}

/* Reads n frames, at most MIX_TICK, after a span was written at the same
 * position: delays count from frame i of that span for frame i of `out`. The
 * delay stays between MIX_FRACTIONAL_LEAST and the ring's length less MIX_TICK
 * and the points. */
static inline void
mix_fractional_read (const MixDelayLine *delay, const float *ring, float *out,
    MixFractionalPath path, unsigned n)
{
  float frames[2 * MIX_TICK + 2 * MIX_FRACTIONAL_POINTS];
  if (n == 0)
    return;
  int oldest = 1 + mix_fractional_whole_ (mix_fractional_at_ (path, 0));
  int newest = 2 + (int)n - 1
               - mix_fractional_whole_ (mix_fractional_at_ (path, n - 1));
  mix_delay_line_read (
      delay, ring, frames, (unsigned)oldest, (unsigned)(newest + oldest + 1));
  for (unsigned i = 0, to; i < n; i = to) {
    int whole = mix_fractional_whole_ (mix_fractional_at_ (path, i));
    to = mix_fractional_ends_ (path, whole, i, n);
    mix_fractional_run_ (
        out, frames + (oldest + (int)i - whole - 1), path, whole, i, to);
  }
}
