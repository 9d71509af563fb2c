/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernels of true_peak.c against what parts/true_peak.h defines, written
 * down plainly in double. (That this is the true peak is tested in limiter.c.)
 */
#include "each_level.h"

#include <string.h>

#include "parts/true_peak.h"

enum {
  N = MIX_TRUE_PEAK_FRAMES,
  AT = 200, /* of the frames in the buffer, but for the shift */
};

static MixTruePeak detector;

/* Sound of some kind and level. */
static Buffer
sound (unsigned kind)
{
  static const float gains[] = { 1, 1e-6f, 1e9f };
  float gain = gains[kind % 3];
  Buffer b = noise (1, 40 + kind);
  switch (kind / 3) {
    case 1: /* close to half the rate the kernels differ most */
      check_sine (b.at, ROOM, 23500, 48000, 1);
      break;
    case 2:
      check_sine (b.at, ROOM, 997, 48000, 1);
      break;
    case 3:
      fill (&b, 0.7f);
      break;
    case 4: /* a lone sample in silence */
      fill (&b, 0);
      b.at[AT + 11] = -1;
      break;
  }
  for (unsigned i = 0; i < ROOM; i++)
    b.at[i] *= gain;
  return b;
}

enum {
  SOUNDS = 15,
};

/* Of the largest of what is wanted. */
static double
largest_difference (const double *want, const float *out)
{
  double worst = 0, most = 1e-15;
  for (unsigned i = 0; i < N; i++) {
    double off = fabs (want[i] - (double)out[i]);
    worst = off <= worst ? worst : off; /* takes a NaN */
    most = fmax (most, want[i]);
  }
  return worst / most;
}

/* What lies out of reach is no number; the levels do not depend on it. */
static Buffer
only_within (const Buffer *b, unsigned at, unsigned reach)
{
  Buffer alone;
  fill (&alone, NAN);
  memcpy (alone.at + at - reach, b->at + at - reach,
      (N + 2 * reach) * sizeof *b->at);
  return alone;
}

/* ---- Levels between the samples ----------------------------------------- */

/* The point half-way from x[i] to x[i + 1]. */
static double
half_way (const float *x, int i, const float *taps, int count)
{
  double sum = 0;
  for (int k = 0; k < count; k++)
    sum += (double)taps[k] * ((double)x[i - k] + (double)x[i + 1 + k]);
  return sum;
}

/* The amplitude of the sine through three points of a grid, if the middle one
 * is the largest. `most` is by how much, squared, a sine can rise above the
 * grid. The small numbers are the kernels', for 0 / 0. */
static double
sine_through (const double *points, double most)
{
  double a = points[0], b = points[1], c = points[2];
  double curvature = (2 * b - a - c) * (2 * b + a + c) + 1e-6 * b * b + 1e-30;
  double rise = (c - a) * (c - a);
  double more = rise < most * curvature ? rise / curvature : most;
  return b * b >= fmax (a * b, c * b) ? fabs (b) * sqrt (1 + more) : fabs (b);
}

static void
plain_coarse (const float *x, double *out)
{
  for (int i = 0; i < N; i++) {
    double at[4]; /* from half a frame before on */
    for (int j = 0; j < 4; j++)
      at[j] = j % 2 ? (double)x[i + j / 2]
                    : half_way (x, i - 1 + j / 2, detector.taps.coarse,
                        MIX_TRUE_PEAK_COARSE);
    out[i] = fmax (sine_through (at, 1), sine_through (at + 1, 1));
  }
}

/* Point j of the grid of halves, which has two a frame. */
static double
grid_of_halves (const float *x, int j)
{
  int frame = (j + 1000) / 2 - 500; /* downwards */
  return j % 2 ? half_way (x, frame, detector.taps.fine, MIX_TRUE_PEAK_FINE)
               : (double)x[frame];
}

/* Point j of the grid of quarters. */
static double
grid_of_quarters (const float *x, int j)
{
  int left = (j + 1000) / 2 - 500;
  double sum = 0;
  if (j % 2 == 0)
    return grid_of_halves (x, left);
  for (int k = 0; k < MIX_TRUE_PEAK_QUARTER; k++)
    sum += (double)detector.taps.quarter[k]
           * (grid_of_halves (x, left - k) + grid_of_halves (x, left + 1 + k));
  return sum;
}

static void
plain_fine (const float *x, double *out, double *plain)
{
  const MixTruePeakTaps *t = &detector.taps;
  const double most = 0.1716; /* 1 / cos (pi / 8) squared, less 1 */
  for (int i = 0; i < N; i++) {
    double at[6], halves[4], low = INFINITY, high = -INFINITY;
    for (int j = 0; j < 6; j++)
      at[j] = grid_of_quarters (x, 4 * i - 1 + j);
    plain[i] = 0;
    for (int j = 0; j < 4; j++)
      plain[i] = fmax (plain[i], sine_through (at + j, most));
    halves[0] = half_way (x, i, t->fine, MIX_TRUE_PEAK_FINE);
    halves[1] = half_way (x, i, t->mid, MIX_TRUE_PEAK_MID);
    halves[2] = half_way (x, i, t->near, MIX_TRUE_PEAK_NEAR);
    halves[3] = half_way (x, i, t->meter, MIX_TRUE_PEAK_METER);
    for (unsigned k = 0; k < 4; k++) {
      low = fmin (low, halves[k]);
      high = fmax (high, halves[k]);
    }
    out[i] = plain[i] + (high - low);
  }
}

/* Of the largest. */
static double
coarse_error (const Buffer *b, unsigned at, unsigned *spilt)
{
  double want[N];
  Buffer out, alone = only_within (b, at, MIX_TRUE_PEAK_COARSE_REACH);
  fill (&out, GUARD);
  plain_coarse (b->at + at, want);
  level->coarse_peaks (&detector.taps, alone.at + at, out.at + at);
  *spilt += !is_guarded (&out, at, N);
  return largest_difference (want, out.at + at);
}

static double
fine_error (const Buffer *b, unsigned at, unsigned *spilt)
{
  double want[2][N], worst = 0;
  Buffer out[2], alone = only_within (b, at, MIX_TRUE_PEAK_FINE_REACH);
  fill (&out[0], GUARD);
  fill (&out[1], GUARD);
  plain_fine (b->at + at, want[0], want[1]);
  level->fine_peaks (
      &detector.taps, alone.at + at, out[0].at + at, out[1].at + at);
  for (unsigned k = 0; k < 2; k++) {
    *spilt += !is_guarded (&out[k], at, N);
    double off = largest_difference (want[k], out[k].at + at);
    worst = off <= worst ? worst : off;
  }
  return worst;
}

static void
test_levels (const char *what,
    double (*error) (const Buffer *b, unsigned at, unsigned *spilt))
{
  double worst = 0;
  unsigned spilt = 0;
  for (unsigned kind = 0; kind < SOUNDS; kind++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      Buffer b = sound (kind);
      double off = error (&b, AT + shift, &spilt);
      worst = off <= worst ? worst : off;
    }
  char name[80];
  snprintf (name, sizeof name, "%s off the truth, of the largest", what);
  figure (name, worst, 1e-5, "");
  snprintf (name, sizeof name, "%s writes beyond", what);
  figure (name, spilt, 0, "");
}

/* ---- Searches ----------------------------------------------------------- */

/* Every frame once the largest, and once where its curvature is largest. */
static void
test_peak_and_curvature (void)
{
  double worst = 0;
  unsigned wrong = 0;
  for (unsigned kind = 0; kind < SOUNDS; kind++)
    for (unsigned top = 0; top < N + 2; top++) {
      Buffer b = sound (kind);
      float *x = b.at + AT + kind % SHIFTS, peak, curvature, most = 0;
      double most_curvature = 0, largest = 1e-30;
      x[(int)top - 1] *= top % 2 ? -4 : 4;
      x[-2] = x[N + 1] = NAN;
      for (int i = 0; i < N; i++) {
        most = fmaxf (most, fabsf (x[i]));
        most_curvature = fmax (most_curvature,
            fabs ((double)x[i - 1] - 2 * (double)x[i] + (double)x[i + 1]));
      }
      for (int i = -1; i <= N; i++)
        largest = fmax (largest, fabs ((double)x[i]));
      level->peak_and_curvature (x, &peak, &curvature);
      wrong += peak != most;
      worst = fmax (worst, fabs ((double)curvature - most_curvature) / largest);
    }
  figure ("peak_and_curvature, wrong peaks", wrong, 0, "");
  figure ("peak_and_curvature off the truth, of the largest", worst, 1e-6, "");
}

static void
test_largest_product (void)
{
  unsigned wrong = 0;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      Buffer a = noise (1, 7 + n), b = noise (1, 8 + shift);
      float *x = a.at + 1 + shift, *y = b.at + 1 + 3 * shift, most = 0;
      for (unsigned i = 0; i < n; i++) {
        x[i] = fabsf (x[i]);
        y[i] = fabsf (y[i]);
        most = fmaxf (most, x[i] * y[i]);
      }
      x[-1] = y[-1] = x[n] = y[n] = 9;
      wrong += level->largest_product (x, y, n) != most;
      for (unsigned i = 0; i < n; i++) {
        float was = x[i];
        x[i] = 3 / y[i];
        wrong += level->largest_product (x, y, n) != x[i] * y[i];
        x[i] = was;
      }
    }
  figure ("largest_product, wrong", wrong, 0, "");
}

static void
test (void)
{
  mix_true_peak_prepare (&detector);
  test_levels ("coarse_peaks", coarse_error);
  test_levels ("fine_peaks", fine_error);
  test_peak_and_curvature ();
  test_largest_product ();
}

int
main (void)
{
  return at_every_level (test);
}
