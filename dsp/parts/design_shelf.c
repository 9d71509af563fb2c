/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "design_shelf.h"

#include <math.h>

#include "../base/maths.h"
#include "design_match.h"

/* Up to the first q a shelf is one section, from the second on two sections
 * independent of the single one. In between the design is interpolated from one
 * to the other. */
#define SINGLE_Q 1.2
#define DOUBLE_Q 1.5

static double
quadratic (const double c[3], double T)
{
  return c[0] + T * (c[1] + T * c[2]);
}

/* The quadratic in T, 1 at DC, whose zeros are those of s^2 + s / q + 1 under
 * z = exp (s), s normalised to `f`. A zero above Nyquist is placed at Nyquist,
 * and its distance to the prototype's zero becomes damping. */
static void
place_resonance (double f, double q, double c[3])
{
  double damping = .5 * f / q, at = f * sqrt (1. - .25 / (q * q));
  double near = mix_soft_min (at, 1.0083, 480.);
  double beyond = (at - near) * (.826 + .752 * (at - near));
  double x = .5 * MIX_PI * near;
  /* from 20 on the quadratic is flat in double precision */
  double y = fmin (.5 * MIX_PI * hypot (damping, beyond), 20.);
  double sine = sin (x), cosine = cos (x), sinh_y = sinh (y);
  double cosh_y = sqrt (1. + sinh_y * sinh_y);
  double low = mix_square (sine) + mix_square (sinh_y);
  double high = mix_square (cosine) + mix_square (sinh_y);

  c[0] = 1.;
  c[1] = 2. * (sinh_y * cosh_y - sine * cosine)
         * (sinh_y * cosh_y + sine * cosine) / mix_square (low);
  c[2] = mix_square (high / low);
}

/* Interpolates from the quadratic of the single section, |r|^2, to `c`. */
static void
blend (double c[3], const double r[3], double share)
{
  double unit = 1. / mix_square (r[0]);
  double of_single[3] = { 1., (mix_square (r[1]) - 2. * r[0] * r[2]) * unit,
    mix_square (r[2]) * unit };

  for (int i = 1; i < 3; i++)
    c[i] = of_single[i] + share * (c[i] - of_single[i]);
}

/* As match () in design_match.c, but from the squared magnitudes themselves,
 * 1 at DC. */
static MixRational
match_values (const double t[3], const double gain[4])
{
  const MixRational none = { { 1., 2., 1. }, { 1., 2., 1. } };
  double row[3][3], n[3], d[3], most = 0.;
  MixRational out;

  for (int i = 0; i < 4; i++)
    most = fmax (most, fabs (gain[i] - 1.));
  if (!(most > 1e-10))
    return none;
  for (int i = 0; i < 3; i++) {
    row[i][0] = (1. - gain[i]) / t[i];
    row[i][1] = -gain[i];
    row[i][2] = (gain[3] - gain[i]) * t[i];
  }
  for (int i = 0; i < 3; i++) {
    int j = (i + 1) % 3, k = (i + 2) % 3;
    d[i] = (row[1][j] - row[0][j]) * (row[2][k] - row[0][k])
           - (row[1][k] - row[0][k]) * (row[2][j] - row[0][j]);
  }
  if (d[0] < 0.)
    for (int i = 0; i < 3; i++)
      d[i] = -d[i];
  n[0] = d[0];
  n[1] = -(row[0][0] * d[0] + row[0][1] * d[1] + row[0][2] * d[2]);
  n[2] = gain[3] * d[2];
  mix_spectral_root (n, out.b);
  mix_spectral_root (d, out.a);
  return mix_rational_is_stable (&out) ? out : none;
}

/* The errors of the fit, as in design_points.c, up to 36 dB: q up to 3 0.058
 * 0.40, up to 10 0.066 0.68, 40 0.066 0.7 (1.3 at 0 … 3 dB next to 0.907 of
 * Nyquist). */
static void
match_steep (
    const MixAnalogue *proto, double f, double A, double q, MixRational out[2])
{
  static const double x[4] = { .28, .66, .89, .9695 };
  double root = sqrt (A), dc = mix_square (mix_square (A));
  double n[3], d[3], t[3], gain[4], share = 1.;
  MixRational single = { { 0. }, { 0. } };

  place_resonance (f * root, q, n);
  place_resonance (f / root, q, d);
  if (q < DOUBLE_Q) {
    double v = (q - SINGLE_Q) / (DOUBLE_Q - SINGLE_Q);
    single = mix_match_type (proto, &mix_points_shelf, f, A, q);
    share = v * v * (3. - 2. * v);
    blend (n, single.b, share);
    blend (d, single.a, share);
  }
  for (int i = 0; i < 4; i++) {
    double u = mix_square (x[i] / f);
    double digital = n[2] / d[2];
    if (i < 3) {
      t[i] = mix_square (tan (.5 * MIX_PI * x[i]));
      digital = quadratic (n, t[i]) / quadratic (d, t[i]);
    }
    gain[i] = mix_rational_power (proto->h.b, u)
              / mix_rational_power (proto->h.a, u) / dc / digital;
    if (share < 1.) {
      double of_single = mix_square (single.b[2] / single.a[2]);
      if (i < 3)
        of_single = mix_rational_power (single.b, t[i])
                    / mix_rational_power (single.a, t[i]);
      of_single *= mix_square (single.a[0] / single.b[0]) / digital;
      gain[i] = of_single * pow (gain[i] / of_single, share);
    }
  }
  mix_spectral_root (n, out[0].b);
  mix_spectral_root (d, out[0].a);
  for (int i = 0; i < 3; i++)
    out[0].b[i] *= A * A;
  out[1] = match_values (t, gain);
}

unsigned
mix_design_shelf (
    MixFilterType type, double f, double gain_db, double q, MixRational out[2])
{
  double A = pow (10., fabs (gain_db) / 40.);
  MixAnalogue proto = mix_analogue_low_shelf (A, q);
  unsigned count = 1;

  if (q > SINGLE_Q) {
    match_steep (&proto, f, A, q, out);
    count = 2;
  } else
    out[0] = mix_match_type (&proto, &mix_points_shelf, f, A, q);
  /* high shelf (G) = A^2 / low shelf (G), as the prototypes show */
  if ((type == MIX_FILTER_HIGH_SHELF) != (gain_db < 0.))
    for (unsigned i = 0; i < count; i++)
      out[i] = mix_rational_inverse (&out[i]);
  if (type == MIX_FILTER_HIGH_SHELF) {
    double gain = gain_db < 0. ? 1. / (A * A) : A * A;
    for (int i = 0; i < 3; i++)
      out[0].b[i] *= gain;
  }
  return count;
}
