/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Upper bounds of the true peak, which tell without interpolation where a
 * detector of parts/true_peak.h need not run: the largest sample and the
 * largest curvature (second difference) of each of the latest ticks of one
 * channel. One frame behind the audio, as the curvature at the last sample
 * depends on the next one. Realtime-safe.
 */
#pragma once

#include <string.h>

#include "../base/maths.h"
#include "../base/tick.h"
#include "../kernels/kernels.h"

/* Ticks within reach of the fine detector. */
#define MIX_PEAK_BOUNDS_TICKS 5

/* The newest tick first; zeroed is silence. */
typedef struct {
  float peak[MIX_PEAK_BOUNDS_TICKS], curvature[MIX_PEAK_BOUNDS_TICKS];
} MixPeakBounds;

/* Adds the tick of audio that ends at `end`. */
static inline void
mix_peak_bounds_add (
    MixPeakBounds *b, const MixKernels *kernels, const float *end)
{
  const size_t kept = (MIX_PEAK_BOUNDS_TICKS - 1) * sizeof (float);
  memmove (b->peak + 1, b->peak, kept);
  memmove (b->curvature + 1, b->curvature, kept);
  kernels->peak_and_curvature (end - MIX_TICK - 1, b->peak, b->curvature);
}

static inline float
mix_peak_bounds_largest_ (const float *values, unsigned n)
{
  float most = values[0];
  for (unsigned i = 1; i < n; i++)
    most = mix_larger (values[i], most);
  return most;
}

/* Of two ticks, the newer of them `back` ticks before the newest. */
static inline float
mix_peak_bounds_peak (const MixPeakBounds *b, unsigned back)
{
  return mix_larger (b->peak[back + 1], b->peak[back]);
}

/* Of the newest `ticks`. */
static inline float
mix_peak_bounds_curvature (const MixPeakBounds *b, unsigned ticks)
{
  return mix_peak_bounds_largest_ (b->curvature, ticks);
}
