/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "true_peak.h"

#include <math.h>

#include "../base/maths.h"

/* ---- Design ------------------------------------------------------------- */

/* The modified Bessel function of the first kind, order 0, by its series
 * (Abramowitz & Stegun 9.6.12). */
static double
bessel_i0 (double x)
{
  double term = 1, sum = 1;
  for (unsigned k = 1; term > sum * 1e-17; k++) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

/* F. J. Kaiser's window (1974); `at` from -1 to 1. */
static double
kaiser (double at, double beta)
{
  return bessel_i0 (beta * sqrt (1 - at * at)) / bessel_i0 (beta);
}

static double
hann (double at, double unused)
{
  (void)unused;
  return 0.5 + 0.5 * cos (MIX_PI * at);
}

/* One half of a windowed sinc for the point half-way between two samples,
 * scaled so that a constant stays what it is. */
static void
design_half (
    float *half, unsigned taps, double (*window) (double, double), double beta)
{
  double tap[MIX_TRUE_PEAK_FINE], sum = 0;
  for (unsigned k = 0; k < taps; k++) {
    double at = k + 0.5;
    tap[k] = sin (MIX_PI * at) / (MIX_PI * at) * window (at / taps, beta);
    sum += 2 * tap[k];
  }
  for (unsigned k = 0; k < taps; k++)
    half[k] = (float)(tap[k] / sum);
}

/* ---- Bounds ------------------------------------------------------------- */

/* A kernel that keeps straight lines is the straight line between the two
 * nearest samples plus some taps on the second differences of the signal:
 * those taps are the kernel's rest summed up twice. `taps` lie symmetric
 * around half-way; returns the sum of their magnitudes. */
static double
curvature_sum (const double *rest, unsigned count)
{
  double once = 0, twice = 0, sum = 0;
  for (unsigned k = 0; k < count; k++) {
    once += rest[k];
    twice += once;
    sum += fabs (twice);
  }
  return sum;
}

#define CENTRE (MIX_TRUE_PEAK_FINE + 4)
#define WIDTH (2 * CENTRE + 2)

/* Adds `weight` times the kernel for the point after sample `at`. */
static void
add_half (double *sum, const float *half, unsigned taps, int at, double weight)
{
  for (unsigned k = 0; k < taps; k++) {
    sum[CENTRE + at - (int)k] += weight * (double)half[k];
    sum[CENTRE + at + 1 + (int)k] += weight * (double)half[k];
  }
}

/* The whole kernel of the quarter point after sample 0. */
static void
add_quarter (double *sum, const MixTruePeak *tp, double weight)
{
  for (int k = 0; k < MIX_TRUE_PEAK_QUARTER; k++) {
    double w = weight * (double)tp->taps.quarter[k];
    int sample = k / 2 * (k % 2 ? 1 : -1) + (k % 2);
    int half = k % 2 ? -1 - k / 2 : k / 2;
    sum[CENTRE + sample] += w;
    add_half (sum, tp->taps.fine, MIX_TRUE_PEAK_FINE, half, w);
  }
}

static double
curvature_of_half (const float *half, unsigned taps)
{
  double rest[WIDTH] = { 0 };
  add_half (rest, half, taps, 0, 1);
  rest[CENTRE] -= 0.5;
  rest[CENTRE + 1] -= 0.5;
  return curvature_sum (rest, WIDTH);
}

static double
curvature_of_quarter (const MixTruePeak *tp)
{
  double rest[WIDTH] = { 0 };
  add_quarter (rest, tp, 1);
  rest[CENTRE] -= 0.75;
  rest[CENTRE + 1] -= 0.25;
  return curvature_sum (rest, WIDTH);
}

static double
curvature_between (
    const float *a, unsigned a_taps, const float *b, unsigned b_taps)
{
  double rest[WIDTH] = { 0 };
  add_half (rest, a, a_taps, 0, 1);
  add_half (rest, b, b_taps, 0, -1);
  return curvature_sum (rest, WIDTH);
}

/* The fit adds at most a sixth of the grid's own second difference, which is
 * at most the signal's own plus four times what the points stray from the
 * straight lines. */
static double
with_fit (double curvature)
{
  return curvature + (1 + 4 * curvature) / 6;
}

/* Of any two of the four kernels. */
static double
largest_curvature_between (const MixTruePeakTaps *t)
{
  const float *half[] = { t->fine, t->mid, t->near, t->meter };
  const unsigned taps[] = { MIX_TRUE_PEAK_FINE, MIX_TRUE_PEAK_MID,
    MIX_TRUE_PEAK_NEAR, MIX_TRUE_PEAK_METER };
  double most = 0;
  for (unsigned a = 0; a < 4; a++)
    for (unsigned b = 0; b < a; b++)
      most
          = fmax (most, curvature_between (half[a], taps[a], half[b], taps[b]));
  return most;
}

static void
find_bounds (MixTruePeak *tp)
{
  const MixTruePeakTaps *t = &tp->taps;
  double coarse = curvature_of_half (t->coarse, MIX_TRUE_PEAK_COARSE);
  double fine = fmax (curvature_of_half (t->fine, MIX_TRUE_PEAK_FINE),
      curvature_of_quarter (tp));
  double raise = largest_curvature_between (t);
  double apart = curvature_between (
      t->fine, MIX_TRUE_PEAK_FINE, t->coarse, MIX_TRUE_PEAK_COARSE);
  tp->coarse_bound = (float)with_fit (coarse);
  tp->fine_bound = (float)(with_fit (fine) + raise);
  tp->fine_from_coarse = (float)(apart + raise);
  tp->plain_bound = (float)with_fit (fine);
  tp->plain_from_coarse = (float)apart;
}

void
mix_true_peak_prepare (MixTruePeak *tp)
{
  design_half (tp->taps.coarse, MIX_TRUE_PEAK_COARSE, kaiser, 5);
  design_half (tp->taps.fine, MIX_TRUE_PEAK_FINE, kaiser, 5);
  design_half (tp->taps.mid, MIX_TRUE_PEAK_MID, kaiser, 5);
  design_half (tp->taps.near, MIX_TRUE_PEAK_NEAR, kaiser, 5);
  /* Twelve taps, as in the table of BS.1770-5 and in libebur128. */
  design_half (tp->taps.meter, MIX_TRUE_PEAK_METER, hann, 0);
  design_half (tp->taps.quarter, MIX_TRUE_PEAK_QUARTER, kaiser, 6);
  find_bounds (tp);
}
