/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "design_match.h"

#include <math.h>

#include "../base/maths.h"

/* (|H|^2 (u) - |H|^2 (v)) / kappa, from the denominators there. */
static double
difference (const MixAnalogue *proto, double u, double v, double du, double dv)
{
  return (u - v) * (proto->m01 + proto->m02 * (u + v) + proto->m12 * u * v)
         / (du * dv);
}

/* The root exists unless the quadratic has a zero at some T > 0. Matching gives
 * such a zero where four points already determine the response: then numerator
 * and denominator nearly share a factor (T - c), whose c is arbitrary.
 * Replacing it by (T + c) in both hardly changes the magnitude and keeps the
 * design continuous as c passes through zero or infinity. */
void
mix_spectral_root (const double c[3], double r[3])
{
  double c1 = c[0] + c[2] < 0. ? -c[1] : c[1];

  r[0] = sqrt (fabs (c[0]));
  r[2] = sqrt (fabs (c[2]));
  if (c[0] * c[2] < 0.)
    c1 = sqrt (c1 * c1 - 4. * c[0] * c[2]);
  else if (c1 + 2. * r[0] * r[2] < 0.)
    c1 = -c1;
  r[1] = sqrt (c1 + 2. * r[0] * r[2]);
}

/* A first-order `h` gets a common factor p + 1, so that callers may divide by
 * a[2]. */
MixRational
mix_bilinear (const MixRational *h, double f)
{
  double t = tan (.5 * MIX_PI * fmin (f, .998));

  if (h->a[2] == 0. && h->b[2] == 0.)
    return (MixRational){ { h->b[0] * t, h->b[0] * t + h->b[1], h->b[1] },
      { h->a[0] * t, h->a[0] * t + h->a[1], h->a[1] } };
  return (MixRational){ { h->b[0] * t * t, h->b[1] * t, h->b[2] },
    { h->a[0] * t * t, h->a[1] * t, h->a[2] } };
}

bool
mix_rational_is_stable (const MixRational *h)
{
  return h->a[0] > 0. && h->a[1] > 0. && h->a[2] > 0. && isfinite (h->a[0])
         && isfinite (h->a[1]) && isfinite (h->a[2]) && isfinite (h->b[0])
         && isfinite (h->b[1]) && isfinite (h->b[2]);
}

/* With DC matched, n0 = P0 d0, and the end point, n2 = Pn d2, a point i asks
 *   (P0 - Pi) / Ti d0 + n1 - Pi d1 + (Pn - Pi) Ti d2 = 0.
 * Taking point 0 from points 1 and 2 removes n1 and leaves two equations in
 * the three d, homogeneous: d is the cross product of their rows. */
static MixRational
match (const MixAnalogue *proto, double f, const double x[4])
{
  const double *a0 = proto->h.a;
  double t[3], u[4], den[4], lo[3], hi[3], r1[3], r2[3], n[3], d[3];
  double dc = mix_square (proto->h.b[0] / a0[0]);
  MixRational out;

  for (int i = 0; i < 4; i++) {
    u[i] = mix_square (x[i] / f);
    den[i] = mix_rational_power (a0, u[i]);
  }
  for (int i = 0; i < 3; i++) {
    t[i] = mix_square (tan (.5 * MIX_PI * x[i]));
    lo[i] = -u[i] * (proto->m01 + proto->m02 * u[i])
            / (den[i] * mix_square (a0[0]) * t[i]);
    hi[i] = difference (proto, u[3], u[i], den[3], den[i]) * t[i];
  }
  r1[0] = lo[1] - lo[0];
  r2[0] = lo[2] - lo[0];
  r1[1] = difference (proto, u[0], u[1], den[0], den[1]);
  r2[1] = difference (proto, u[0], u[2], den[0], den[2]);
  r1[2] = hi[1] - hi[0];
  r2[2] = hi[2] - hi[0];

  d[0] = r1[1] * r2[2] - r1[2] * r2[1];
  d[1] = r1[2] * r2[0] - r1[0] * r2[2];
  d[2] = r1[0] * r2[1] - r1[1] * r2[0];
  if (d[0] < 0.)
    for (int i = 0; i < 3; i++)
      d[i] = -d[i];
  n[0] = dc * d[0];
  n[1] = mix_rational_power (proto->h.b, u[0]) / den[0] * d[1]
         - proto->kappa * (lo[0] * d[0] + hi[0] * d[2]);
  n[2] = mix_rational_power (proto->h.b, u[3]) / den[3] * d[2];

  mix_spectral_root (n, out.b);
  mix_spectral_root (d, out.a);
  return mix_rational_is_stable (&out) ? out : mix_bilinear (&proto->h, f);
}

MixRational
mix_match_type (const MixAnalogue *proto, const MixPoints *points, double f,
    double A, double q)
{
  double x[4];

  mix_points_place (points, f, A, q, x);
  return match (proto, f, x);
}

/* n = T^2 leaves three unknowns: two points and the end. */
MixRational
mix_match_low_cut (const MixAnalogue *proto, double f, double q)
{
  double x[3], u[3], t[2], c[2], gain[3], d[3];
  MixRational out = { { 0., 0., 1. }, { 0. } };

  mix_points_place_low_cut (f, q, x);
  for (int i = 0; i < 3; i++) {
    u[i] = mix_square (x[i] / f);
    gain[i] = mix_square (u[i]) / mix_rational_power (proto->h.a, u[i]);
  }
  for (int i = 0; i < 2; i++) {
    t[i] = mix_square (tan (.5 * MIX_PI * x[i]));
    c[i] = t[i] * (gain[2] / gain[i] - 1.) / gain[2];
  }
  d[2] = 1. / gain[2];
  d[0] = (c[0] - c[1]) / (1. / t[0] - 1. / t[1]);
  d[1] = c[0] - d[0] / t[0];
  mix_spectral_root (d, out.a);
  return mix_rational_is_stable (&out) ? out : mix_bilinear (&proto->h, f);
}

/* n = n2 (T - T0)^2 is zero at the notch. With DC given and d2 = 1 two unknowns
 * are left, n2 and d1: one point on either flank. */
MixRational
mix_match_notch (double f, double q)
{
  double T0 = mix_square (tan (.5 * MIX_PI * f)), x[2], t[2], r[2], d[3];
  double root;
  MixRational out = { { 0. }, { 0. } };

  mix_points_place_notch (f, q, x);
  for (int i = 0; i < 2; i++) {
    double u = mix_square (x[i] / f);
    double inverse_gain = 1. + u / mix_square (q * (1. - u));
    t[i] = mix_square (tan (.5 * MIX_PI * x[i]));
    r[i] = (mix_square (t[i] - T0) * inverse_gain - T0 * T0) / t[i];
  }
  out.b[2] = (t[0] - t[1]) / (r[0] - r[1]);
  d[0] = out.b[2] * T0 * T0;
  d[1] = out.b[2] * r[0] - t[0];
  d[2] = 1.;
  root = sqrt (out.b[2]);
  out.b[0] = root * T0;
  out.b[2] = root;
  mix_spectral_root (d, out.a);
  if (mix_rational_is_stable (&out))
    return out;
  return mix_bilinear (&(MixRational){ { 1., 0., 1. }, { 1., 1. / q, 1. } }, f);
}

/* Above Nyquist there is no zero to keep, only the flank that leads up to it:
 * points at constant frequencies suffice. */
MixRational
mix_match_notch_flank (double f, double q)
{
  MixAnalogue proto = mix_analogue_notch (q);
  double x[4];

  mix_points_place (&mix_points_band_pass, .998, 1., 1.5, x);
  return match (&proto, f, x);
}
