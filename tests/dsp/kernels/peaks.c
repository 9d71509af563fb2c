/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernels of true_peak.c: against the C level (that it finds the true peak
 * is tested in limiter.c), the simple ones against the truth.
 */
#include "each_level.h"

#include <string.h>

#include "parts/true_peak.h"

enum
{
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

enum
{
  SOUNDS = 15,
};

static double
largest_difference (const float *a, const float *b, double *most)
{
  double worst = 0;
  for (unsigned i = 0; i < N; i++) {
    double off = fabs ((double) a[i] - (double) b[i]);
    worst = off <= worst ? worst : off; /* takes a NaN */
    *most = fmax (*most, fabs ((double) a[i]));
  }
  return worst;
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

/* Off the C level, of the largest level. */
static double
coarse_error (const Buffer *b, unsigned at, unsigned *spilt)
{
  float want[N];
  Buffer out, alone = only_within (b, at, MIX_TRUE_PEAK_COARSE_REACH);
  double most = 1e-30;
  fill (&out, GUARD);
  reference->coarse_peaks (&detector.taps, b->at + at, want);
  level->coarse_peaks (&detector.taps, alone.at + at, out.at + at);
  *spilt += !is_guarded (&out, at, N);
  double off = largest_difference (want, out.at + at, &most);
  return off / most;
}

static double
fine_error (const Buffer *b, unsigned at, unsigned *spilt)
{
  float want[2][N];
  Buffer out[2], alone = only_within (b, at, MIX_TRUE_PEAK_FINE_REACH);
  double worst = 0;
  fill (&out[0], GUARD);
  fill (&out[1], GUARD);
  reference->fine_peaks (&detector.taps, b->at + at, want[0], want[1]);
  level->fine_peaks (
      &detector.taps, alone.at + at, out[0].at + at, out[1].at + at);
  for (unsigned k = 0; k < 2; k++) {
    double most = 1e-30;
    *spilt += !is_guarded (&out[k], at, N);
    double off = largest_difference (want[k], out[k].at + at, &most);
    worst = off / most <= worst ? worst : off / most;
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
  snprintf (name, sizeof name, "%s off the C level, of the largest", what);
  figure (name, worst, 1e-5, "");
  snprintf (name, sizeof name, "%s writes beyond", what);
  figure (name, spilt, 0, "");
}

/* Every frame once the largest, and once where the signal bends most. */
static void
test_peak_and_bend (void)
{
  double worst = 0;
  unsigned wrong = 0;
  for (unsigned kind = 0; kind < SOUNDS; kind++)
    for (unsigned top = 0; top < N + 2; top++) {
      Buffer b = sound (kind);
      float *x = b.at + AT + kind % SHIFTS, peak, bend, most = 0;
      double most_bend = 0, largest = 1e-30;
      x[(int) top - 1] *= top % 2 ? -4 : 4;
      x[-2] = x[N + 1] = NAN;
      for (int i = 0; i < N; i++) {
        most = fmaxf (most, fabsf (x[i]));
        most_bend = fmax (most_bend,
            fabs ((double) x[i - 1] - 2 * (double) x[i] + (double) x[i + 1]));
      }
      for (int i = -1; i <= N; i++)
        largest = fmax (largest, fabs ((double) x[i]));
      level->peak_and_bend (x, &peak, &bend);
      wrong += peak != most;
      worst = fmax (worst, fabs ((double) bend - most_bend) / largest);
    }
  figure ("peak_and_bend, wrong peaks", wrong, 0, "");
  figure ("peak_and_bend off the truth, of the largest", worst, 1e-6, "");
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
  test_peak_and_bend ();
  test_largest_product ();
}

int
main (void)
{
  return at_every_level (test);
}
