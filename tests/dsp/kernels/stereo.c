/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernels of stereo.c and block_filter.c: against what their headers
 * define, at every length and any alignment, and that a frame's bits depend on
 * no frame that it must not hang on.
 */
#include "each_level.h"

#include <string.h>

#include "parts/fourth_order.h"

/* ---- Matrices ----------------------------------------------------------- */

static const MixBlend blend
    = { { 0.7f, -0.3f, 1.5f, 0.25f }, { 1e-3f, 2e-3f, -3e-3f, 5e-4f } };

static double
blended (unsigned row, unsigned i, double l, double r)
{
  double from_l = (double)blend.from[row] + (double)blend.slope[row] * i;
  double from_r
      = (double)blend.from[row + 1] + (double)blend.slope[row + 1] * i;
  return from_l * l + from_r * r;
}

static void
test_blend (void)
{
  static Buffer left, right;
  Buffer l = noise (1, 1), r = noise (1, 2);
  double worst = 0;
  unsigned spilt = 0;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      fill (&left, GUARD);
      fill (&right, GUARD);
      level->blend_pair (
          &blend, left.at + shift, right.at + 1, l.at + 2, r.at + shift, n);
      spilt += !is_guarded (&left, shift, n) || !is_guarded (&right, 1, n);
      for (unsigned i = 0; i < n; i++) {
        double x = l.at[2 + i], y = r.at[shift + i];
        worst = fmax (
            worst, fabs ((double)left.at[shift + i] - blended (0, i, x, y)));
        worst = fmax (
            worst, fabs ((double)right.at[1 + i] - blended (2, i, x, y)));
      }
    }
  figure ("blend_pair off the truth", worst, 1e-6, "");
  figure ("blend_pair beyond its end", spilt, 0, "");
}

/* The rest of the call is something else each time. */
static void
test_blend_alone (void)
{
  static Buffer left, right, left_2, right_2;
  unsigned wrong = 0;
  for (unsigned keep = 0; keep <= MIX_TICK; keep++) {
    Buffer l = noise (1, 3), r = noise (1, 4);
    level->blend_pair (&blend, left.at, right.at, l.at, r.at, MIX_TICK);
    for (unsigned i = keep; i < MIX_TICK; i++)
      l.at[i] = r.at[i] = 1e9f;
    level->blend_pair (&blend, left_2.at, right_2.at, l.at, r.at, MIX_TICK);
    wrong += memcmp (left.at, left_2.at, keep * sizeof (float)) != 0
             || memcmp (right.at, right_2.at, keep * sizeof (float)) != 0;
  }
  figure ("blend_pair hangs on later frames", wrong, 0, "");
  static const MixBlend identity = { { 1, 0, 0, 1 }, { 0, 0, 0, 0 } };
  Buffer l = noise (1, 5), r = noise (1, 6);
  level->blend_pair (&identity, left.at, right.at, l.at, r.at, LENGTHS);
  for (unsigned i = 0; i < LENGTHS; i++)
    wrong += left.at[i] != l.at[i] || right.at[i] != r.at[i];
  figure ("blend_pair by the identity, wrong", wrong, 0, "");
}

/* ---- Powers ------------------------------------------------------------- */

static double
power_error (const float lanes[MIX_POWER_LANES], double truth)
{
  return fabs (mix_sum_of_lanes (lanes) - truth);
}

static void
test_powers (void)
{
  Buffer l = noise (1, 7), r = noise (0.5, 8);
  double worst = 0;
  for (unsigned n = 0; n < LENGTHS; n++)
    for (unsigned shift = 0; shift < SHIFTS; shift++) {
      double mid = 0, side = 0, product = 0, all = 1;
      MixPairPowers powers;
      for (unsigned i = 0; i < MIX_POWER_LANES; i++)
        powers.mid[i] = powers.side[i] = powers.product[i] = 0.1f;
      double before = 0.5 * mix_sum_of_lanes (powers.mid);
      level->pair_powers (l.at + shift, r.at + 3, 0.5f, &powers, n);
      for (unsigned i = 0; i < n; i++) {
        double x = l.at[shift + i], y = r.at[3 + i];
        mid += (x + y) * (x + y) / 4;
        side += (x - y) * (x - y) / 4;
        product += (x + y) * (x - y) / 4;
        all += x * x + y * y;
      }
      worst = fmax (worst, power_error (powers.mid, before + mid) / all);
      worst = fmax (worst, power_error (powers.side, before + side) / all);
      worst
          = fmax (worst, power_error (powers.product, before + product) / all);
    }
  figure ("pair_powers off the truth", worst, 1e-6, "");
}

/* ---- Blocks ------------------------------------------------------------- */

/* Two sections as parts/design.h says how to run them. */
static double
plain_frame (const MixSvf svf[2], double state[4], double x)
{
  for (unsigned s = 0; s < 2; s++) {
    double *ic = state + 2 * s, g = svf[s].g, k = svf[s].k;
    double c1 = 1 / (1 + g * (g + k)), c2 = g * c1, c3 = g * c2;
    double v3 = x - ic[1], v1 = c1 * ic[0] + c2 * v3;
    double v2 = ic[1] + c2 * ic[0] + c3 * v3;
    ic[0] = 2 * v1 - ic[0];
    ic[1] = 2 * v2 - ic[1];
    x = svf[s].m0 * x + svf[s].m1 * v1 + svf[s].m2 * v2;
  }
  return x;
}

static void
make_filter (MixFourthOrder *filter, MixSvf svf[2], double hz)
{
  MixFilterSpec spec
      = { .type = MIX_FILTER_LOW_CUT, .frequency_hz = hz, .order = 4 };
  MixSvf sections[MIX_FILTER_MAX_SECTIONS];
  mix_filter_design_svf (&spec, 48000, sections);
  memcpy (svf, sections, 2 * sizeof *svf);
  *filter = (MixFourthOrder){ .moves = false };
  mix_fourth_order_move (filter, svf, false);
  mix_fourth_order_hold (filter);
}

static void
test_block_filter (void)
{
  enum { N = 48000 };
  static const double hz[] = { 10, 200, 5000, 20000 };
  static float io[N], in[N];
  check_noise (in, N, 0.5, 9);
  for (unsigned k = 0; k < 4; k++) {
    char name[60];
    double worst = 0, plain[4] = { 0 };
    MixFourthOrder filter;
    MixFourthOrderState state = { 0 };
    MixSvf svf[2];
    make_filter (&filter, svf, hz[k]);
    memcpy (io, in, sizeof io);
    level->block_filter (&filter.block, state, io, N / MIX_BLOCK_FRAMES);
    for (unsigned i = 0; i < N; i++)
      worst = fmax (worst,
          fabs ((double)io[i] - plain_frame (svf, plain, (double)in[i])));
    snprintf (name, sizeof name, "block_filter at %g Hz off the truth", hz[k]);
    figure (name, worst, 2e-6, "");
  }
}

static void
test_block_alone (void)
{
  unsigned wrong = 0;
  MixFourthOrder filter;
  MixSvf svf[2];
  make_filter (&filter, svf, 300);
  for (unsigned keep = 0; keep <= MIX_BLOCK_FRAMES; keep++) {
    Buffer a = noise (1, 10), b = noise (1, 10);
    double state[4] = { 0.3, -0.2, 0.7, 0.1 };
    double state_2[4] = { 0.3, -0.2, 0.7, 0.1 };
    for (unsigned i = keep; i < MIX_BLOCK_FRAMES; i++)
      b.at[i] = 1e9f;
    level->block_filter (&filter.block, state, a.at, 1);
    level->block_filter (&filter.block, state_2, b.at, 1);
    wrong += memcmp (a.at, b.at, keep * sizeof (float)) != 0;
  }
  figure ("block_filter hangs on later frames", wrong, 0, "");
}

/* At rest and with coefficients on a line of no length it is the same filter
 * with the same state. */
static void
test_moving_is_resting (void)
{
  MixFourthOrder moving, resting;
  MixSvf svf[2];
  MixFourthOrderState a = { 0 }, b = { 0 };
  double worst = 0;
  make_filter (&resting, svf, 700);
  moving = resting;
  mix_fourth_order_move (&moving, svf, false);
  Buffer x = noise (1, 11), y = noise (1, 11);
  for (unsigned i = 0; i < ROOM; i += MIX_TICK) {
    bool swap = i / MIX_TICK % 2;
    mix_fourth_order_run (swap ? &moving : &resting, level, a, x.at + i);
    mix_fourth_order_run (&resting, level, b, y.at + i);
  }
  for (unsigned i = 0; i < ROOM; i++)
    worst = fmax (worst, fabs ((double)x.at[i] - (double)y.at[i]));
  figure ("moving against resting", worst, 2e-6, "");
}

static void
test (void)
{
  test_blend ();
  test_blend_alone ();
  test_powers ();
  test_block_filter ();
  test_block_alone ();
  test_moving_is_resting ();
}

int
main (void)
{
  return at_every_level (test);
}
