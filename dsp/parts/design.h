/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Filter design: from an analogue prototype to second-order sections whose
 * magnitude follows the prototype up to the top of the band ("no cramping").
 *
 * Every function here is pure: no allocation, no locks, no global state, so all
 * may be called from any thread, the streaming thread included.
 *
 * Prototypes, with s normalised to `frequency_hz` and A = 10^(gain_db / 40):
 *
 *   bell        (s^2 + s A/Q + 1) / (s^2 + s/(A Q) + 1)
 *   low shelf   A (s^2 + s sqrt(A)/Q + A) / (A s^2 + s sqrt(A)/Q + 1)
 *   high shelf  A (A s^2 + s sqrt(A)/Q + 1) / (s^2 + s sqrt(A)/Q + A)
 *   low cut     Butterworth high-pass of `order` (-3 dB at the frequency)
 *   high cut    Butterworth low-pass of `order`
 *   band pass   (s/Q) / (s^2 + s/Q + 1), 0 dB at the frequency
 *   notch       (s^2 + 1) / (s^2 + s/Q + 1)
 *   all pass    (s^2 - s/Q + 1) / (s^2 + s/Q + 1), bilinear: exactly all-pass,
 *               exactly -180 degrees at the frequency
 *   tilt        (A s + 1) / (s + A): -gain/2 dB below, 0 dB at the frequency,
 *               +gain/2 dB above
 *
 * (R. Bristow-Johnson, "Audio EQ Cookbook"; S. Butterworth, "On the Theory of
 * Filter Amplifiers", 1930.)
 */
#pragma once

#include <stdbool.h>

typedef enum MixFilterType {
  MIX_FILTER_BELL,
  MIX_FILTER_LOW_SHELF,
  MIX_FILTER_HIGH_SHELF,
  MIX_FILTER_LOW_CUT,
  MIX_FILTER_HIGH_CUT,
  MIX_FILTER_BAND_PASS,
  MIX_FILTER_NOTCH,
  MIX_FILTER_ALL_PASS,
  MIX_FILTER_TILT
} MixFilterType;

/* What `gain_db` belongs to. */
static inline bool
mix_filter_has_gain (MixFilterType type)
{
  return type == MIX_FILTER_BELL || type == MIX_FILTER_LOW_SHELF
         || type == MIX_FILTER_HIGH_SHELF || type == MIX_FILTER_TILT;
}

/* What `order` belongs to. */
static inline bool
mix_filter_is_cut (MixFilterType type)
{
  return type == MIX_FILTER_LOW_CUT || type == MIX_FILTER_HIGH_CUT;
}

/* The most sections one spec needs (order 16). */
#define MIX_FILTER_MAX_SECTIONS 8

/* What to design. Values out of range are clamped, NaN to the lower end; no
 * input makes a design fail or become unstable.
 *   frequency_hz  up to 32 * rate. Of bands above Nyquist the part of the
 *                 prototype below Nyquist is designed: a flank, a flat gain.
 *                 An all-pass has none and stays at 0.499 * rate
 *   gain_db       -48 … 48; bell, shelves and tilt
 *   q             0.1 … 40; all but the cuts and the tilt
 *   order         1 … 16, cuts only: slope in dB/octave over 6 */
typedef struct MixFilterSpec {
  MixFilterType type;
  double frequency_hz;
  double gain_db;
  double q;
  unsigned order;
} MixFilterSpec;

/* The magnitude is 1 at all frequencies. */
static inline bool
mix_filter_is_flat (const MixFilterSpec *spec)
{
  return spec->type == MIX_FILTER_ALL_PASS
         || (mix_filter_has_gain (spec->type) && spec->gain_db == 0);
}

/* A second-order section as a trapezoidal state-variable filter (A. Simper,
 * "Solving the continuous SVF equations using trapezoidal integration and
 * equivalent currents", 2013). With s = (1 - z^-1) / (1 + z^-1) / g,
 *   H = m0 + (m1 s + m2) / (s^2 + k s + 1),
 * run per frame as
 *   c1 = 1 / (1 + g (g + k)); c2 = g c1; c3 = g c2;
 *   v3 = x - ic2; v1 = c1 ic1 + c2 v3; v2 = ic2 + c2 ic1 + c3 v3;
 *   ic1 = 2 v1 - ic1; ic2 = 2 v2 - ic2;
 *   y = m0 x + m1 v1 + m2 v2.
 * It is stable if g > 0 and k > 0, which always holds, so interpolated
 * coefficients are stable too. k > 2 means real poles: the first-order
 * prototypes (tilt, odd cuts) are of that kind. */
typedef struct MixSvf {
  double g, k, m0, m1, m2;
} MixSvf;

/* Designs `spec` for `rate` (Hz, > 0); returns the number of sections written:
 * (order + 1) / 2 for a cut, 2 for a shelf of q > 1.2, else 1. As the q of a
 * shelf falls to 1.2 its second section becomes y = x and the first the single
 * one: at that q a section without history may be appended, or the last one
 * removed, without a click.
 *
 * The SVF keeps full relative precision at any frequency. In a biquad a low
 * pole is placed by 1 + a1 + a2, a difference of numbers near 1 and 2 (10 Hz at
 * 384 kHz: 8 digits lost). The result is continuous in frequency, gain and q.
 * At 0 dB every section of a bell, shelf or tilt has m0 = 1 and m1 = m2 = 0
 * exactly.
 *
 * Largest error against the prototype, in dB, below rate / 8 and up to 0.907 of
 * Nyquist (20 kHz at 44.1 kHz), for gains up to 36 dB: 0.05 and 0.5, but for
 * these extremes:
 *   bells of over 12 dB, of over 24 dB     0.05  0.60, 0.15  1.2
 *   shelves of over 12 dB, q under 0.5     0.28  1.0, in few spots
 *   shelves of q 1.4 … 3                   0.07  0.40
 *   shelves of q over 3                    0.075 0.73; of q over 10 near 0.9 of
 *                                          Nyquist 1.3
 *   band pass, notch, down to -40 dB       0.07  0.87
 *   cuts of order 8, of 12 and 16,
 *     down to -24 dB                       0.034 0.58, 0.055 0.96
 * and for bands above Nyquist:
 *   bells of 24 dB, of 36 dB               0.08  0.8, 0.3  2.2
 *   shelves of over 12 dB, of q over 1.4   0.04  0.85, 0.09  0.42
 *   band pass, down to -40 dB              0.12  0.87
 *   high cuts of order 16, to -24 dB       0.11  0.30 */
unsigned mix_filter_design_svf (const MixFilterSpec *spec, double rate,
    MixSvf sections[MIX_FILTER_MAX_SECTIONS]);

/* The analogue prototype's squared magnitude, set up once for many frequencies:
 * |b0 + b1 s + b2 s^2|^2 / |a0 + a1 s + a2 s^2|^2 at s^2 = -u^order. Only the
 * cuts, of first order in u^order, have an order other than 1. */
typedef struct MixPrototype {
  double b[3], a[3];
  unsigned order;
} MixPrototype;

MixPrototype mix_filter_prototype (const MixFilterSpec *spec);

/* x^n, n > 0. */
double mix_filter_whole_power (double x, unsigned n);

/* At u = (f / frequency)^2 (>= 0). */
static inline double
mix_prototype_power (const MixPrototype *prototype, double u)
{
  const double *b = prototype->b, *a = prototype->a;
  double v = prototype->order == 1
                 ? u
                 : mix_filter_whole_power (u, prototype->order);
  v = v < 1e100 ? v : 1e100; /* its square must not overflow */
  /* sums of squares: accurate next to a resonance */
  double b_even = b[0] - b[2] * v, a_even = a[0] - a[2] * v;
  return (b_even * b_even + b[1] * b[1] * v)
         / (a_even * a_even + a[1] * a[1] * v);
}

/* In dB at `f` Hz (>= 0). A zero of the prototype gives -infinity. */
double mix_filter_prototype_db (const MixFilterSpec *spec, double f);

/* Magnitude in dB of `n` sections in cascade at `f` Hz, 0 <= f < rate / 2. */
double mix_svf_db (const MixSvf *sections, unsigned n, double f, double rate);
