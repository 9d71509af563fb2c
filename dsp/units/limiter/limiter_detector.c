/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interpolation costs more than all the rest of the limiter, so it runs only
 * where the bounds of parts/peak_bounds.h do not exclude a level over the
 * ceiling.
 */
#include "limiter_detector.h"

#include <math.h>

#define N MIX_TICK
/* Rounding error between a reduction and its gain, in dB (see gain_from_db). */
#define ROUNDING_DB 0.0006f

void
mix_limiter_detector_prepare (MixLimiterDetector *d, bool is_fine)
{
  d->kernels = mix_kernels ();
  d->is_fine = is_fine;
  mix_true_peak_prepare (&d->tables);
}

void
mix_limiter_detector_clear (MixLimiterDetector *d)
{
  memset (d->bounds, 0, sizeof d->bounds);
}

void
mix_limiter_detector_rewind (
    MixLimiterDetector *d, unsigned c, const float *end)
{
  for (unsigned back = MIX_PEAK_BOUNDS_TICKS; back-- > 0;)
    mix_peak_bounds_add (&d->bounds[c], d->kernels, end - back * N);
}

static float
largest (const float *values, unsigned n)
{
  float most = values[0];
  for (unsigned i = 1; i < n; i++)
    most = mix_larger (values[i], most);
  return most;
}

/* From levels of frames, which are overwritten, to reductions of steps. */
static bool
find_reductions (const MixKernels *kernels, unsigned step, float *level,
    float ceiling, float *required_db)
{
  unsigned steps = N;
  for (; steps > N / step; steps /= 2)
    for (unsigned j = 0; j < steps / 2; j++)
      level[j] = mix_larger (level[2 * j], level[2 * j + 1]);
  if (largest (level, steps) <= ceiling)
    return false;
  for (unsigned j = 0; j < steps; j++)
    level[j] /= ceiling;
  kernels->db_from_gain (required_db, level, steps);
  for (unsigned j = 0; j < steps; j++)
    required_db[j]
        = level[j] > 1 ? mix_larger (required_db[j], 0) + ROUNDING_DB : 0;
  return true;
}

/* ---- Coarse ------------------------------------------------------------- */

static bool
find_coarse_level (const MixLimiterDetector *d, const MixPeakBounds *b,
    const float *x, float ceiling, float *level)
{
  float peak = mix_peak_bounds_peak (b, 0);
  float bound
      = peak + d->tables.coarse_bound * mix_peak_bounds_curvature (b, 2);
  if (d->true_peak && bound > ceiling)
    d->kernels->coarse_peaks (&d->tables.taps, x, level);
  else if (peak > ceiling)
    for (unsigned i = 0; i < N; i++)
      level[i] = fabsf (x[i]);
  else
    return false;
  return true;
}

/* ---- Fine --------------------------------------------------------------- */

/* The reading: frames over the ceiling will have been corrected to it. */
static void
note_level (MixLimiterDetector *d, const float *plain, const float *level,
    float ceiling)
{
  float peak[N];
  if (!d->true_peak)
    ceiling = 1e30f;
  for (unsigned i = 0; i < N; i++)
    peak[i] = plain[i] * ceiling / mix_larger (level[i], ceiling);
  mix_limiter_detector_raise_level (d, d->kernels->peak (peak, N));
}

/* Whether the fine level of this tick may be over the ceiling. `level` becomes
 * the coarse one where that decides. */
static bool
may_exceed (const MixLimiterDetector *d, const MixPeakBounds *b, const float *x,
    float ceiling, float *level)
{
  float peak = mix_peak_bounds_peak (b, 1);
  float curvature = mix_peak_bounds_curvature (b, MIX_PEAK_BOUNDS_TICKS);
  float known = mix_smaller (ceiling, d->level);
  level[0] = -1;
  if (peak + d->tables.fine_bound * curvature <= known)
    return false;
  d->kernels->coarse_peaks (&d->tables.taps, x, level);
  float coarse = MIX_TRUE_PEAK_SLACK * d->kernels->peak (level, N);
  return coarse + d->tables.fine_from_coarse * curvature > ceiling;
}

/* The coarse level is enough for a reading. */
static bool
find_fine_level (MixLimiterDetector *d, const MixPeakBounds *b, const float *x,
    float ceiling, float *level)
{
  float plain[N];
  bool may = may_exceed (d, b, x, ceiling, level);
  if (may && d->true_peak) {
    d->kernels->fine_peaks (&d->tables.taps, x, level, plain);
    note_level (d, plain, level, ceiling);
    return true;
  }
  if (level[0] >= 0)
    note_level (d, level, level, ceiling);
  return false;
}

bool
mix_limiter_detector_run (MixLimiterDetector *d, unsigned c, const float *end,
    unsigned step, float ceiling, float *required_db)
{
  MixPeakBounds *b = &d->bounds[c];
  const float *x = end - N - mix_limiter_detector_reach (d);
  float level[N];
  mix_peak_bounds_add (b, d->kernels, end);
  bool is_found = d->is_fine ? find_fine_level (d, b, x, ceiling, level)
                             : find_coarse_level (d, b, x, ceiling, level);
  return is_found
         && find_reductions (d->kernels, step, level, ceiling, required_db);
}
