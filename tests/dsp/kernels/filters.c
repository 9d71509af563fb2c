/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The recursive kernels, those of quadrature.c and cascade.c: against what
 * their headers define, and that bits do not depend on how a stream is cut.
 */
#include "each_level.h"

#include <stdlib.h>
#include <string.h>

#include "parts/quadrature.h"

/* ---- Quadrature --------------------------------------------------------- */

/* The same chains in double, one channel, straight from the definition. */
static void
plain_quadrature (const MixQuadratureDesign *design, double *power,
    const float *in, unsigned n)
{
  double past[2][MIX_QUADRATURE_SECTIONS + 1][2] = { 0 };
  for (unsigned i = 0; i < n; i++) {
    power[i] = 0;
    for (unsigned chain = 0; chain < 2; chain++) {
      double x = chain == 0 ? in[i] : i > 0 ? in[i - 1] : 0;
      for (unsigned s = 0; s <= MIX_QUADRATURE_SECTIONS; s++) {
        double *before = past[chain][s], *after = past[chain][s + 1], y = 0;
        if (s < MIX_QUADRATURE_SECTIONS)
          y = design->c[s][2 * chain] * (x + after[1]) - before[1];
        before[1] = before[0];
        before[0] = x;
        if (s == MIX_QUADRATURE_SECTIONS)
          break;
        x = y;
      }
      power[i] += x * x;
    }
  }
}

static void
test_quadrature_truth (void)
{
  enum { N = 30000 };
  static float in[2][N], out[2][N];
  static double want[N];
  MixQuadratureDesign design;
  double worst = 0;
  mix_quadrature_design (&design, 48000);
  for (unsigned c = 0; c < 2; c++)
    check_pink (in[c], N, 0.2, c + 1);
  MixQuadrature history = { 0 };
  level->quadrature (&design, &history, out[0], out[1], in[0], in[1], N);
  for (unsigned c = 0; c < 2; c++) {
    double most = 0;
    plain_quadrature (&design, want, in[c], N);
    for (unsigned i = 0; i < N; i++) {
      most = fmax (most, want[i]);
      worst = fmax (worst, fabs (out[c][i] - want[i]) / most);
    }
  }
  figure ("quadrature off the truth, of the largest", worst, 2e-5, "");
}

static void
test_quadrature_cuts (void)
{
  enum { N = 4000 };
  static float in[2][N], whole[2][N], out[2][N], alone[N];
  MixQuadratureDesign design;
  mix_quadrature_design (&design, 44100);
  for (unsigned c = 0; c < 2; c++)
    check_noise (in[c], N, 1, c + 1);
  MixQuadrature a = { 0 }, b = { 0 }, one = { 0 };
  level->quadrature (&design, &a, whole[0], whole[1], in[0], in[1], N);
  unsigned at = 0;
  for (unsigned n = 0; at + n <= N; at += n, n = (n + 1) % LENGTHS)
    level->quadrature (
        &design, &b, out[0] + at, out[1] + at, in[0] + at, in[1] + at, n);
  bool same = memcmp (whole[0], out[0], at * sizeof (float)) == 0
              && memcmp (whole[1], out[1], at * sizeof (float)) == 0;
  figure ("quadrature depends on the cut", !same, 0, "");
  level->quadrature (&design, &one, alone, alone, in[0], in[0], N);
  figure ("quadrature of one channel differs",
      memcmp (alone, whole[0], sizeof alone) != 0, 0, "");
}

/* The envelope of a sine is flat over the band that the design promises. */
static void
test_quadrature_ripple (void)
{
  static const unsigned rates[] = { 44100, 48000, 96000, 192000, 384000 };
  static const double allowed[] = { 0.004, 0.005, 0.01, 0.02, 0.03 };
  for (unsigned r = 0; r < 5; r++) {
    unsigned n = rates[r] / 2;
    float *in = malloc (n * sizeof *in), *out = malloc (n * sizeof *out);
    double worst = 0;
    MixQuadratureDesign design;
    mix_quadrature_design (&design, rates[r]);
    for (double hz = MIX_QUADRATURE_LOW; hz <= rates[r] / 2.0 - 20; hz *= 1.7) {
      MixQuadrature history = { 0 };
      check_sine (in, n, hz, rates[r], 1);
      level->quadrature (&design, &history, out, out, in, in, n);
      for (unsigned i = n / 2; i < n; i++)
        worst = fmax (worst, fabs (10 * log10 (out[i])));
    }
    char name[60];
    snprintf (name, sizeof name, "envelope of a sine at %u Hz", rates[r]);
    figure (name, worst, allowed[r], "dB");
    free (in);
    free (out);
  }
}

/* ---- Cascade ------------------------------------------------------------ */

enum {
  FIRST = 4,     /* the first section run */
  SECTIONS = 28, /* that there is memory for */
  LANES = 2 * SECTIONS,
  FRAMES = 600,
};

/* Filters and audio, of which each run gets a copy. */
typedef struct {
  double weight[MIX_CASCADE_WEIGHTS][LANES], slope[MIX_CASCADE_WEIGHTS][LANES];
  double a[LANES], b[LANES];
  double io[2 * FRAMES];
} Row;

/* Bells from low to high; they move a little within MIX_TICK frames. Sections
 * that fill the last group up let all pass, as the header asks for; those
 * behind must not be run. */
static void
make_row (Row *row, unsigned sections)
{
  unsigned groups = (sections + MIX_CASCADE_GROUP - 1) / MIX_CASCADE_GROUP;
  unsigned whole = groups * MIX_CASCADE_GROUP;
  memset (row, 0, sizeof *row);
  for (unsigned i = 0; i < LANES; i++) {
    double g = 0.01 * (1 + i), k = 0.3 + 0.05 * i, damp = 1 / (1 + g * (g + k));
    double band = (i / 2 % 2 ? 1 : -0.5) * k * damp; /* +-6 dB by turns */
    double values[]
        = { g, 2 * damp, 2 * g * damp, 1 + band * g, band, -band * g };
    bool passes = i >= 2 * (FIRST + sections) && i < 2 * (FIRST + whole);
    row->weight[MIX_CASCADE_DIRECT][i] = 1;
    for (unsigned w = 0; !passes && w < MIX_CASCADE_WEIGHTS; w++) {
      row->weight[w][i] = values[w];
      row->slope[w][i] = values[w] * (w % 2 ? 1e-4 : -1e-4);
    }
    row->a[i] = passes ? 0 : 0.01 * i;
    row->b[i] = passes ? 0 : -0.02 * i;
  }
  uint64_t seed = 9;
  for (unsigned i = 0; i < 2 * FRAMES; i++)
    row->io[i] = (double)check_random (&seed) / 1.8e19 - 0.5;
}

static MixCascade
cascade_of (Row *row)
{
  MixCascade c = { .a = row->a, .b = row->b };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    c.weight[w] = row->weight[w];
    c.slope[w] = row->slope[w];
  }
  return c;
}

/* The formulas of cascade.h, frame by frame. */
static void
plain_cascade (
    Row *row, unsigned sections, bool moving, unsigned at, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    for (unsigned l = 2 * FIRST; l < 2 * (FIRST + sections); l++) {
      double w[MIX_CASCADE_WEIGHTS], *x = &row->io[2 * (at + i) + l % 2];
      for (unsigned k = 0; k < MIX_CASCADE_WEIGHTS; k++)
        w[k] = row->weight[k][l] + (moving ? row->slope[k][l] * i : 0);
      double a = row->a[l], b = row->b[l];
      double t = a + w[MIX_CASCADE_POLE] * (*x - b);
      *x = w[MIX_CASCADE_DIRECT] * *x + w[MIX_CASCADE_BAND] * a
           + w[MIX_CASCADE_LOW] * b;
      row->a[l] = w[MIX_CASCADE_UPDATE_A] * t - a;
      row->b[l] = b + w[MIX_CASCADE_UPDATE_B] * t;
    }
}

/* Frames `at` … `at + n` in two pieces, cut anywhere. */
static void
run_cut (Row *row, unsigned sections, bool moving, unsigned at, unsigned n,
    unsigned cut)
{
  MixCascade c = cascade_of (row);
  double *io = row->io + 2 * at;
  cut = cut < n ? cut : n;
  if (moving) {
    level->cascade_moving (&c, FIRST, sections, io, 0, cut);
    level->cascade_moving (&c, FIRST, sections, io + 2 * cut, cut, n - cut);
  } else {
    level->cascade (&c, FIRST, sections, io, cut);
    level->cascade (&c, FIRST, sections, io + 2 * cut, n - cut);
  }
}

/* Runs three rows over spans of `n` frames: plain, whole and cut. */
static double
cascade_error (
    unsigned sections, bool moving, unsigned n, unsigned *torn, unsigned *spilt)
{
  static Row start, want, whole, cut;
  double worst = 0, most = 0;
  make_row (&start, sections);
  want = whole = cut = start;
  for (unsigned at = 0, i = 0; at + n <= FRAMES - 1; at += n, i++) {
    plain_cascade (&want, sections, moving, at, n);
    run_cut (&whole, sections, moving, at, n, n);
    run_cut (&cut, sections, moving, at, n, (7 * i + sections) % (n + 1));
  }
  for (unsigned i = 0; i < 2 * FRAMES; i++) {
    worst = fmax (worst, fabs (whole.io[i] - want.io[i]));
    most = fmax (most, fabs (want.io[i]));
  }
  *torn += memcmp (&whole, &cut, sizeof whole) != 0;
  /* the frames behind the last span and the sections not asked for */
  unsigned used = (FRAMES - 1) / n * n, beyond = 2 * (FIRST + sections);
  *spilt += memcmp (whole.io + 2 * used, start.io + 2 * used,
                sizeof start.io - 2 * used * sizeof *start.io)
            != 0;
  for (unsigned l = 0; l < LANES; l++)
    *spilt += (l < 2 * FIRST || l >= beyond)
              && (whole.a[l] != start.a[l] || whole.b[l] != start.b[l]);
  return worst / most;
}

static void
test_cascade (const char *what, bool moving)
{
  static const unsigned still_spans[] = { 1, 2, 3, 7, 20, 127, 128, 299, 599 };
  static const unsigned moving_spans[] = { 1, 2, 3, 7, 20, 31, MIX_TICK };
  double worst = 0;
  unsigned torn = 0, spilt = 0;
  for (unsigned sections = 1; sections <= 17; sections++)
    for (unsigned i = 0; i < (moving ? 7 : 9); i++)
      worst = fmax (
          worst, cascade_error (sections, moving,
                     moving ? moving_spans[i] : still_spans[i], &torn, &spilt));
  char name[80];
  snprintf (name, sizeof name, "%s off the truth, of the largest", what);
  figure (name, worst, 1e-9, "");
  snprintf (name, sizeof name, "%s depends on the cut", what);
  figure (name, torn, 0, "");
  snprintf (name, sizeof name, "%s writes beyond", what);
  figure (name, spilt, 0, "");
}

/* ---- Pairs -------------------------------------------------------------- */

static void
test_widen (void)
{
  static double out[2 * LENGTHS + 1];
  Buffer left = noise (1, 3), right = noise (1, 4);
  unsigned wrong = 0;
  left.at[9] = -0.f;
  right.at[12] = 1e-42f;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      const float *l = left.at + shift, *r = right.at + 3 * shift;
      out[2 * n] = GUARD;
      level->widen_pair (out, l, r, n);
      wrong += out[2 * n] != (double)GUARD;
      for (unsigned i = 0; i < n; i++)
        wrong += out[2 * i] != (double)l[i] || out[2 * i + 1] != (double)r[i];
    }
  figure ("widen_pair, wrong", wrong, 0, "");
}

/* To the nearest float within +-MIX_SANE; a NaN stays one. */
static bool
is_narrowed (double wide, float x)
{
  const double most = (double)MIX_SANE;
  return isnan (wide) ? isnan (x) : x == (float)mix_clamp (wide, -most, most);
}

static void
test_narrow (void)
{
  static const double odd[]
      = { 1e300, -INFINITY, NAN, 1.0000001e9, -0.0, 1e-50, -1e300, INFINITY };
  static double in[2 * (LENGTHS + SHIFTS)];
  Buffer left, right;
  uint64_t seed = 5;
  unsigned wrong = 0;
  for (unsigned i = 0; i < 2 * (LENGTHS + SHIFTS); i++)
    in[i] = i % 5 ? ((double)check_random (&seed) / 1.8e19 - 0.5) * 4e9
                  : odd[i / 5 % 8];
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      fill (&left, GUARD);
      fill (&right, GUARD);
      float *l = left.at + shift, *r = right.at + 3 * shift;
      const double *at = in + 2 * shift;
      level->narrow_pair (l, r, at, n);
      wrong += !is_guarded (&left, shift, n);
      wrong += !is_guarded (&right, 3 * shift, n);
      for (unsigned i = 0; i < n; i++)
        wrong += !is_narrowed (at[2 * i], l[i])
                 || !is_narrowed (at[2 * i + 1], r[i]);
    }
  figure ("narrow_pair, wrong", wrong, 0, "");
}

static void
test (void)
{
  test_quadrature_truth ();
  test_quadrature_cuts ();
  test_quadrature_ripple ();
  test_cascade ("cascade", false);
  test_cascade ("cascade_moving", true);
  test_widen ();
  test_narrow ();
}

int
main (void)
{
  return at_every_level (test);
}
