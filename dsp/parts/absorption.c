/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "absorption.h"

#include "../base/maths.h"

enum {
  BELOW,
  MIDDLE,
  ABOVE,
};

/* Higher frequencies are warped as this one, of the rate. */
#define TOP 0.45
/* The largest gain of a shelf in one pass, in dB. */
#define MOST_SHELF_DB 36.0
/* Bounds the pole of a shelf against its corner. */
#define LEAST_SHIFT 0.6
#define ROUNDS 5
#define HIGH_MATCH 1.35 /* where the high band is matched, of high_hz */
/* The least loss of any delay, in dB per second: T60 = 10 minutes. */
#define LEAST_LOSS 0.1

static double
warp (double hz, unsigned rate)
{
  return tan (MIX_PI * fmin (hz / rate, TOP));
}

static double
fourth (double x)
{
  return x * x * x * x;
}

/* ---- The three frequencies ---------------------------------------------- */

/* A band's measured decay is that of its slowest frequencies. So the frequency
 * at which the loss has to match, and the corner of the shelf, depend on the
 * ratio. The figures were found by computing the decay of the octave bands
 * around the frequencies for ratios over their whole ranges. */
typedef struct {
  double corner, match; /* Hz */
} Band;

/* Less than 1 for ratios that are too low for shelves of this order. */
static double
high_reach (const MixDecay *decay)
{
  return fmin (1, decay->high_ratio / 0.1);
}

static Band
low_band (const MixDecay *decay)
{
  double ratio = decay->low_ratio;
  return (Band){ 0.75 * decay->low_hz * pow (ratio, 0.08),
    0.62 * decay->low_hz * pow (ratio, ratio < 1 ? -0.28 : -0.16) };
}

static Band
high_band (const MixDecay *decay)
{
  double more = fmax (1, decay->high_ratio);
  return (Band){ 1.05 * decay->high_hz * pow (more, -0.3)
                     * pow (high_reach (decay), -0.14),
    HIGH_MATCH * decay->high_hz * pow (more, 0.28) };
}

static double
middle_hz (const MixDecay *decay)
{
  return pow (0.62 * decay->low_hz, 0.6) * pow (1.4 * decay->high_hz, 0.4);
}

/* The share of the high shelf's effect that is reached at `hz`. */
static double
shelf_share (double hz, double corner)
{
  double x = fourth (hz / corner);
  return x / (1 + x);
}

/* In dB per second. Where the low band decays quickly and the middle rings, the
 * leakage from the middle and the build-up time of the network lengthen the
 * measured decay of the low band; a larger loss compensates for both. */
static double
low_loss (const MixDecay *decay)
{
  double more = pow (fmin (1, decay->low_ratio), -0.13);
  return 60 / decay->decay_s / decay->low_ratio * more;
}

void
mix_absorption_prepare (
    MixAbsorption *absorption, const MixDecay *decay, unsigned rate)
{
  Band low = low_band (decay), top = high_band (decay);
  double matched = fmin (top.match, TOP * rate);
  double loss = 60 / decay->decay_s;
  /* Of a corner beyond the top, only the shelf's effect below it. */
  double high = (loss / decay->high_ratio - loss)
                * (shelf_share (matched, top.corner)
                    / shelf_share (top.match, top.corner));
  *absorption = (MixAbsorption){
    .loss = { low_loss (decay), loss, loss + high },
    .power = { fourth (warp (low.match, rate)),
        fourth (warp (middle_hz (decay), rate)),
        fourth (warp (matched, rate)) },
    .low = warp (low.corner, rate),
    .high = warp (top.corner, rate),
  };
}

/* ---- Shelves ------------------------------------------------------------ */

/* `gain` of a shelf at its end, `pole` to the fourth. */
typedef struct {
  double gain, pole;
} Shelf;

/* The pole moves with the square root of the gain: then the corner has half of
 * the decibels. */
static double
shift_of (double gain)
{
  return mix_clamp (sqrt (sqrt (gain)), LEAST_SHIFT, 1 / LEAST_SHIFT);
}

static Shelf
low_shelf (const MixAbsorption *absorption, double db)
{
  double gain = mix_gain_from_db (db);
  return (Shelf){ gain, fourth (absorption->low / shift_of (gain)) };
}

static Shelf
high_shelf (const MixAbsorption *absorption, double db)
{
  double gain = mix_gain_from_db (db);
  return (Shelf){ gain, fourth (absorption->high * shift_of (gain)) };
}

static double
both_db (Shelf low, Shelf high, double power)
{
  double below = low.pole * low.gain * low.gain;
  double above = power * high.gain * high.gain;
  return 10
         * log10 ((power + below) / (power + low.pole)
                  * ((high.pole + above) / (high.pole + power)));
}

/* ---- Designs ------------------------------------------------------------ */

/* Gains in dB: of the low shelf, overall, of the high shelf. */
typedef struct {
  double of[3];
} Gains;

static Gains
solve (const MixAbsorption *absorption, const double wanted[3])
{
  Gains gains = { { wanted[BELOW] - wanted[MIDDLE], wanted[MIDDLE],
      wanted[ABOVE] - wanted[MIDDLE] } };
  for (unsigned round = 0; round < ROUNDS; round++) {
    double error[3];
    for (unsigned k = BELOW; k <= ABOVE; k += 2)
      gains.of[k] = mix_clamp (gains.of[k], -MOST_SHELF_DB, MOST_SHELF_DB);
    Shelf low = low_shelf (absorption, gains.of[BELOW]);
    Shelf high = high_shelf (absorption, gains.of[ABOVE]);
    for (unsigned k = 0; k < 3; k++)
      error[k] = wanted[k] - gains.of[MIDDLE]
                 - both_db (low, high, absorption->power[k]);
    gains.of[MIDDLE] += error[MIDDLE];
    if (round + 1 == ROUNDS)
      break;
    gains.of[BELOW] += error[BELOW] - error[MIDDLE];
    gains.of[ABOVE] += error[ABOVE] - error[MIDDLE];
  }
  return gains;
}

/* By how many dB the largest gain exceeds `most`. It is at one end of the
 * frequencies, or in between when the shelves overlap. */
static double
excess (const MixAbsorption *absorption, const Gains *gains, double most)
{
  Shelf low = low_shelf (absorption, gains->of[BELOW]);
  Shelf high = high_shelf (absorption, gains->of[ABOVE]);
  double loudest = fmax (0, fmax (gains->of[BELOW], gains->of[ABOVE]));
  if (gains->of[BELOW] > 0 && gains->of[ABOVE] > 0) {
    double between = absorption->low * absorption->high;
    loudest = fmax (loudest, both_db (low, high, between * between) + 0.1);
  }
  return gains->of[MIDDLE] + loudest - most;
}

void
mix_absorption_design (const MixAbsorption *absorption, double seconds,
    double share, MixSvf sections[2])
{
  const double k = sqrt (2);
  double wanted[3];
  for (unsigned i = 0; i < 3; i++)
    wanted[i] = -seconds * share * absorption->loss[i];
  Gains gains = solve (absorption, wanted);
  gains.of[MIDDLE]
      -= fmax (0, excess (absorption, &gains, -seconds * share * LEAST_LOSS));
  Shelf low = low_shelf (absorption, gains.of[BELOW]);
  Shelf high = high_shelf (absorption, gains.of[ABOVE]);
  double all = mix_gain_from_db (gains.of[MIDDLE]);
  sections[0] = (MixSvf){ sqrt (sqrt (low.pole)), k, 1,
    k * (sqrt (low.gain) - 1), low.gain - 1 };
  sections[1] = (MixSvf){ sqrt (sqrt (high.pole)), k, all * high.gain,
    all * k * (sqrt (high.gain) - high.gain), all * (1 - high.gain) };
}

MixAbsorptionFirstOrder
mix_absorption_design_first_order (
    const MixAbsorption *absorption, double seconds)
{
  double all = mix_gain_from_db (-seconds * absorption->loss[MIDDLE]);
  double db = -seconds * (absorption->loss[ABOVE] - absorption->loss[MIDDLE]);
  double power = mix_gain_from_db (2 * mix_clamp (db, -60, MOST_SHELF_DB));
  /* (1 + r^2 x^2) / (1 + x^2) = power at the top; the corner is lowered where
   * even r = 0 gives too small a loss. */
  double x = fmax (HIGH_MATCH, power < 1 ? sqrt (1 / power - 1) : 0);
  double r = sqrt (fmax (0, (power * (1 + x * x) - 1) / (x * x)));
  double pole = sqrt (sqrt (absorption->power[ABOVE])) / x;
  double keep = fmax (0, (1 - pole) / (1 + pole));
  return (MixAbsorptionFirstOrder){ keep, all * r, all * (1 - r) };
}

double
mix_absorption_left (const MixAbsorption *absorption, double seconds)
{
  return mix_gain_from_db (-2 * seconds * absorption->loss[MIDDLE]);
}
