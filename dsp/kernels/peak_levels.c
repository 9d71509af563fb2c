/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Levels between the samples. All points of a kind are interpolated in one go,
 * the vector lanes are frames, so that a symmetric kernel costs one addition
 * and one multiplication a pair of taps.
 */
#include "levels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N MIX_TRUE_PEAK_FRAMES

/* ---- Half-way points ---------------------------------------------------- */

#define LANES 8
#define WIDE (N / LANES + 1)

#if PLAIN

/* The LANES points behind x[0] … */
static inline void
halves (float *out, const float *x, const float *half, unsigned taps)
{
  for (unsigned i = 0; i < LANES; i++) {
    float sum = 0;
    for (unsigned k = 0; k < taps; k++)
      sum += half[k] * (*(x + i - k) + x[i + 1 + k]);
    out[i] = sum;
  }
}

static inline void
many_halves (float *out, const float *x, const float *half, unsigned taps,
    unsigned vectors)
{
  for (unsigned v = 0; v < vectors; v++)
    halves (out + v * LANES, x + v * LANES, half, taps);
}

#else

typedef float Lanes __attribute__ ((vector_size (4 * LANES)));

#define LOAD(to, from) memcpy (&(to), from, sizeof (to))

/* `vectors` is a constant: all sums stay in registers. */
static inline __attribute__ ((always_inline)) void
many_halves (float *out, const float *x, const float *half, unsigned taps,
    unsigned vectors)
{
  Lanes sum[5] = { { 0 } }, l, r;
  const float *left = x, *right = x + 1;
  for (unsigned k = 0; k < taps; k++, left--, right++)
    for (unsigned v = 0; v < vectors; v++) {
      LOAD (l, left + v * LANES);
      LOAD (r, right + v * LANES);
      sum[v] += half[k] * (l + r);
    }
  memcpy (out, sum, vectors * sizeof *sum);
}

#endif

/* ---- The sine through three points -------------------------------------- */

static inline float
largest (float a, float b)
{
  return a > b ? a : b;
}

/* The squared amplitude of the sine through a, b, c where b is the largest,
 * otherwise of b alone, never more than 1 + `most` times the square of b. The
 * small numbers settle 0 / 0, that of three equal samples. */
static inline float
fit_squared (float a, float b, float c, float most)
{
  float square = b * b, side = a + c, tilt = c - a;
  float curvature = (2 * b - side) * (2 * b + side) + (1e-6f * square + 1e-30f);
  float top = square - largest (a * b, c * b);
  float rise = tilt * tilt;
  float more = rise < most * curvature ? rise / curvature : most;
  return square + (top >= 0 ? square * more : 0);
}

void
LEVEL (mix_coarse_peaks_) (
    const MixTruePeakTaps *taps, const float *x, float *restrict level)
{
  float half[N + LANES], *h = half + LANES;
  many_halves (half, x - LANES, taps->coarse, MIX_TRUE_PEAK_COARSE, WIDE);
  for (int i = 0; i < N; i++)
    level[i] = sqrtf (largest (fit_squared (h[i - 1], x[i], h[i], 1),
        fit_squared (x[i], h[i], x[i + 1], 1)));
}

/* ---- Quarter points ----------------------------------------------------- */

/* A quarter before (`late` 0) or behind (1) the half-way points h, of which
 * two are needed to either side. */
static inline float
quarter (const float *x, const float *h, int i, const float *k, int late)
{
  return late
             ? k[0] * (h[i] + x[i + 1]) + k[1] * (x[i] + h[i + 1])
                   + k[2] * (h[i - 1] + x[i + 2]) + k[3] * (x[i - 1] + h[i + 2])
             : k[0] * (x[i] + h[i]) + k[1] * (h[i - 1] + x[i + 1])
                   + k[2] * (x[i - 1] + h[i + 1])
                   + k[3] * (h[i - 2] + x[i + 2]);
}

/* No sine rises by more than 1 / cos (pi / 8) over the nearest point of four a
 * sample: its square less 1. */
#define QUARTER_MOST 0.1716f

static inline float
spread_of_four (float a, float b, float c, float d)
{
  return largest (largest (a, b), largest (c, d))
         + largest (largest (-a, -b), largest (-c, -d));
}

void
LEVEL (mix_fine_peaks_) (const MixTruePeakTaps *taps, const float *x,
    float *restrict level, float *restrict plain)
{
  float half[N + LANES], *h = half + LANES / 2;
  float early[N], late[N + 1], *r = late + 1;
  float mid[N], near[N], meter[N];
  const float *k = taps->quarter;
  many_halves (half, x - LANES / 2, taps->fine, MIX_TRUE_PEAK_FINE, WIDE);
  many_halves (mid, x, taps->mid, MIX_TRUE_PEAK_MID, N / LANES);
  many_halves (near, x, taps->near, MIX_TRUE_PEAK_NEAR, N / LANES);
  many_halves (meter, x, taps->meter, MIX_TRUE_PEAK_METER, N / LANES);
  for (int i = 0; i < N; i++)
    early[i] = quarter (x, h, i, k, 0);
  r[-1] = quarter (x, h, -1, k, 1);
  for (int i = 0; i < N; i++)
    r[i] = quarter (x, h, i, k, 1);
  for (int i = 0; i < N; i++) {
    float a = fit_squared (r[i - 1], x[i], early[i], QUARTER_MOST);
    float b = fit_squared (x[i], early[i], h[i], QUARTER_MOST);
    float c = fit_squared (early[i], h[i], r[i], QUARTER_MOST);
    float d = fit_squared (h[i], r[i], x[i + 1], QUARTER_MOST);
    float top = sqrtf (largest (largest (a, b), largest (c, d)));
    plain[i] = top;
    level[i] = top + spread_of_four (h[i], mid[i], near[i], meter[i]);
  }
}

/* ---- Outline ------------------------------------------------------------ */

/* Positive floats order like their bit patterns. */
void
LEVEL (mix_peak_and_curvature_) (const float *x, float *peak, float *curvature)
{
  float curve[N];
  for (int i = 0; i < N; i++)
    curve[i] = x[i - 1] - 2 * x[i] + x[i + 1];
  int32_t p = 0, b = 0, bits[N];
  memcpy (bits, x, sizeof bits);
  for (unsigned i = 0; i < N; i++) {
    int32_t v = bits[i] & 0x7fffffff;
    p = v > p ? v : p;
  }
  memcpy (bits, curve, sizeof bits);
  for (unsigned i = 0; i < N; i++) {
    int32_t v = bits[i] & 0x7fffffff;
    b = v > b ? v : b;
  }
  memcpy (peak, &p, sizeof p);
  memcpy (curvature, &b, sizeof b);
}

float
LEVEL (mix_largest_product_) (const float *a, const float *b, unsigned n)
{
  int32_t most = 0;
  float largest_one;
  for (unsigned i = 0; i < n; i++) {
    union {
      float f;
      int32_t i;
    } product = { a[i] * b[i] };
    most = product.i > most ? product.i : most;
  }
  memcpy (&largest_one, &most, sizeof most);
  return largest_one;
}
