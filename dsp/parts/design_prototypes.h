/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The analogue prototypes of design.h as sections, and what the digital design
 * needs of them. Private to the filter design. Pure: realtime-safe, any thread,
 * no errors.
 */
#pragma once

#include "design.h"

/* Coefficients of 1, s, s^2 (or p, p^2): numerator, denominator. */
typedef struct {
  double b[3], a[3];
} MixRational;

/* A prototype section squared: |H|^2 = num (u) / den (u), and the minors
 * m_ij = (n_j d_i - n_i d_j) / kappa, analytic, so that differences of |H|^2
 * between two frequencies never cancel and stay finite at 0 dB (kappa = 0). */
typedef struct {
  MixRational h;
  double m01, m02, m12, kappa;
} MixAnalogue;

/* Frequencies are normalised to the band's; A = 10^(gain_db / 40) >= 1: boost
 * and cut are inverses of each other, so only boosts are set up. */
MixAnalogue mix_analogue_bell (double A, double q);
MixAnalogue mix_analogue_low_shelf (double A, double q);
MixAnalogue mix_analogue_tilt (double A);
MixAnalogue mix_analogue_band_pass (double q);
MixAnalogue mix_analogue_notch (double q);
MixAnalogue mix_analogue_high_cut (double q);
MixAnalogue mix_analogue_low_cut (double q);
MixAnalogue mix_analogue_high_cut1 (void); /* …1: of first order */
MixAnalogue mix_analogue_low_cut1 (void);

static inline double
mix_square (double x)
{
  return x * x;
}

/* |c0 + c1 s + c2 s^2|^2 at s = j sqrt (u). As a sum of squares it stays
 * accurate next to a resonance. */
static inline double
mix_rational_power (const double c[3], double u)
{
  return mix_square (c[0] - c[2] * u) + mix_square (c[1]) * u;
}

static inline MixRational
mix_rational_inverse (const MixRational *h)
{
  return (MixRational){ { h->a[0], h->a[1], h->a[2] },
    { h->b[0], h->b[1], h->b[2] } };
}

/* Written so that NaN gives `low`. */
static inline double
mix_design_clamp (double x, double low, double high)
{
  return x > low ? (x < high ? x : high) : low;
}

/* Within the ranges that design.h gives. */
double mix_spec_gain_db (const MixFilterSpec *spec);
double mix_spec_q (const MixFilterSpec *spec);
unsigned mix_spec_order (const MixFilterSpec *spec);
