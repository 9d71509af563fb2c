/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "k_weighting.h"

#include <string.h>

#include "../base/maths.h"

/* ---- Design ------------------------------------------------------------- */

/* The prototypes of the table of BS.1770, as B. De Man derived them
 * ("Evaluation of implementations of the EBU R128 loudness measurement", AES
 * 145, 2018) and libebur128 uses them. */
#define SHELF_HZ 1681.974450955533
#define SHELF_DB 3.999843853973347
#define SHELF_Q 0.7071752369554196
#define SHELF_SLOPE 0.4996667741545416 /* of the gain at SHELF_HZ */
#define HIGH_PASS_HZ 38.13547087602444
#define HIGH_PASS_Q 0.5003270373238773

/* The analogue frequency of a digital one; at rates too low for it the filter
 * stays stable below half the rate. */
static double
warped (double hz, double rate)
{
  return tan (MIX_PI * fmin (hz / rate, 0.45));
}

static double
denominator (double w, double q)
{
  return 1 + w / q + w * w;
}

static void
design_poles (MixKSection *s, double w, double q)
{
  double a0 = denominator (w, q);
  s->a1 = 2 * (w * w - 1) / a0;
  s->a2 = (1 - w / q + w * w) / a0;
}

static void
design_shelf (MixKSection *s, double rate)
{
  double w = warped (SHELF_HZ, rate), a0 = denominator (w, SHELF_Q);
  double high = mix_gain_from_db (SHELF_DB), mid = pow (high, SHELF_SLOPE);
  s->b0 = (high + mid * w / SHELF_Q + w * w) / a0;
  s->b1 = 2 * (w * w - high) / a0;
  s->b2 = (high - mid * w / SHELF_Q + w * w) / a0;
  design_poles (s, w, SHELF_Q);
}

/* The standard's numerator is 1, -2, 1, which leaves the pass band 0.04 dB over
 * 1 at 48 kHz, and 0.01 dB at 192 kHz. Other meters (libebur128, ffmpeg) keep
 * these three numbers at every rate; so does this one, so that readings agree.
 */
static void
design_high_pass (MixKSection *s, double rate)
{
  double w = warped (HIGH_PASS_HZ, rate);
  s->b0 = 1;
  s->b1 = -2;
  s->b2 = 1;
  design_poles (s, w, HIGH_PASS_Q);
}

void
mix_k_weighting_design (MixKWeighting *k, unsigned rate)
{
  design_shelf (&k->shelf, rate);
  design_high_pass (&k->high_pass, rate);
}

/* ---- Filtering ---------------------------------------------------------- */

typedef double Pair __attribute__ ((vector_size (16)));

/* Transposed direct form II. */
static inline Pair
run_section (const MixKSection *s, Pair *one, Pair *two, Pair x)
{
  Pair y = s->b0 * x + *one;
  *one = (s->b1 * x + *two) - s->a1 * y;
  *two = s->b2 * x - s->a2 * y;
  return y;
}

void
mix_k_weighting_run (const MixKWeighting *k, MixKState *state,
    const float *left, const float *right, unsigned n, MixKSums *sums)
{
  const MixKSection shelf = k->shelf, high_pass = k->high_pass;
  Pair s[4], weighted, plain;
  double product = sums->product;
  memcpy (s, state->of, sizeof s);
  memcpy (&weighted, sums->weighted, sizeof weighted);
  memcpy (&plain, sums->plain, sizeof plain);
  for (unsigned i = 0; i < n; i++) {
    Pair x = { (double)left[i], (double)right[i] };
    plain += x * x;
    product += x[0] * x[1];
    Pair y = run_section (&shelf, &s[0], &s[1], x);
    y = run_section (&high_pass, &s[2], &s[3], y);
    weighted += y * y;
  }
  memcpy (state->of, s, sizeof s);
  memcpy (sums->weighted, &weighted, sizeof weighted);
  memcpy (sums->plain, &plain, sizeof plain);
  sums->product = product;
}
