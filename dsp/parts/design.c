/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Method.
 *
 * A section is designed in the plane p = (1 - z^-1) / (1 + z^-1), where the
 * unit circle is p = j tan (w / 2). There the squared magnitude of a section is
 * a ratio of two quadratics in T = tan^2 (w / 2), as the analogue one is in
 * u = (w / w0)^2. Five free coefficients are found from five points where both
 * are to agree: DC, four frequencies above it. In the coefficients the
 * agreement is linear, so three of the unknowns are a cross product; then
 * taking the minimum-phase square root of a quadratic in T costs two square
 * roots. That goes back to M. Vicanek, "Matched Second Order Digital Filters"
 * (2016), who matches the numerator at three points and takes the poles from
 * impulse invariance, and to S. J. Orfanidis, "Digital Parametric Equalizer
 * Design with Prescribed Nyquist-Frequency Gain" (JAES 45, 1997). Matching the
 * denominator too keeps the error small where poles near or above Nyquist
 * alias, and treats a cut as the exact inverse of a boost.
 *
 * What is ours is where the points lie: a smooth function of frequency, q and
 * gain, fitted off line so that the largest error over the parameter space is
 * least, with an error below rate / 8 weighing about ten times one above: see
 * design_points.c.
 *
 * First-order prototypes use a second-order section as well: its extra pole and
 * zero straighten the response near Nyquist at no cost in running. */

#include "design.h"

#include <math.h>
#include <stdbool.h>

#include "design_points.h"

static const double pi = 3.14159265358979323846;

/* Coefficients of 1, s, s^2 (or p, p^2): numerator, denominator. */
typedef struct Rational {
  double b[3], a[3];
} Rational;

/* A prototype section squared: |H|^2 = num (u) / den (u), and the minors
 * m_ij = (n_j d_i - n_i d_j) / kappa, analytic, so that differences of |H|^2
 * between two frequencies never cancel and stay finite at 0 dB (kappa = 0). */
typedef struct Prototype {
  Rational h;
  double m01, m02, m12, kappa;
} Prototype;

static double
clamp (double x, double low, double high)
{
  /* written so that NaN gives `low` */
  return x > low ? (x < high ? x : high) : low;
}

static double
square (double x)
{
  return x * x;
}

/* |c0 + c1 s + c2 s^2|^2 at s = j sqrt (u). As a sum of squares it stays
 * accurate next to a resonance. */
static double
power_at (const double c[3], double u)
{
  return square (c[0] - c[2] * u) + square (c[1]) * u;
}

/* ---- prototypes --------------------------------------------------------- */

/* Boost and cut are inverses of each other, so only boosts are set up. */
static Prototype
prototype_bell (double A, double q)
{
  double A2 = A * A;
  return (Prototype){ .h = { { 1., A / q, 1. }, { 1., 1. / (A * q), 1. } },
    .m01 = 1.,
    .m12 = -1.,
    .kappa = (A2 - 1. / A2) / (q * q) };
}

static Prototype
prototype_low_shelf (double A, double q)
{
  double A2 = A * A, r = sqrt (A) / q, c = A / (q * q) - 2. * A;
  return (Prototype){ .h = { { A2, A * r, A }, { 1., r, A } },
    .m01 = c,
    .m02 = A2 + 1.,
    .m12 = c,
    .kappa = -A2 * (A2 - 1.) };
}

static Prototype
prototype_tilt (double A)
{
  return (Prototype){ .h = { { 1., A, 0. }, { A, 1., 0. } },
    .m01 = 1.,
    .kappa = square (A * A) - 1. };
}

static Prototype
prototype_band_pass (double q)
{
  return (Prototype){ .h = { { 0., 1. / q, 0. }, { 1., 1. / q, 1. } },
    .m01 = 1.,
    .m12 = -1.,
    .kappa = 1. / (q * q) };
}

static Prototype
prototype_notch (double q)
{
  return (Prototype){ .h = { { 1., 0., 1. }, { 1., 1. / q, 1. } },
    .m01 = -1.,
    .m12 = 1.,
    .kappa = 1. / (q * q) };
}

static Prototype
prototype_high_cut (double q)
{
  return (Prototype){ .h = { { 1., 0., 0. }, { 1., 1. / q, 1. } },
    .m01 = 2. - 1. / (q * q),
    .m02 = -1.,
    .kappa = 1. };
}

static Prototype
prototype_low_cut (double q)
{
  return (Prototype){ .h = { { 0., 0., 1. }, { 1., 1. / q, 1. } },
    .m02 = 1.,
    .m12 = 1. / (q * q) - 2.,
    .kappa = 1. };
}

static Prototype
prototype_high_cut1 (void)
{
  return (Prototype){
    .h = { { 1., 0., 0. }, { 1., 1., 0. } }, .m01 = -1., .kappa = 1.
  };
}

static Prototype
prototype_low_cut1 (void)
{
  return (Prototype){
    .h = { { 0., 1., 0. }, { 1., 1., 0. } }, .m01 = 1., .kappa = 1.
  };
}

/* ---- matching ----------------------------------------------------------- */

/* |H|^2 (u) - |H|^2 (v), over kappa, given the denominators there. */
static double
difference (const Prototype *proto, double u, double v, double du, double dv)
{
  return (u - v) * (proto->m01 + proto->m02 * (u + v) + proto->m12 * u * v)
         / (du * dv);
}

/* The minimum-phase root of c0 + c1 T + c2 T^2 = |r0 + r1 p + r2 p^2|^2, up to
 * sign. It exists unless the quadratic has a zero at some T > 0. Matching gives
 * such a zero where four points already determine the response: then numerator
 * and denominator share a factor (T - c), almost, whose c is arbitrary. Turning
 * it to (T + c) in both costs next to nothing in magnitude and, as c comes and
 * goes through zero or infinity, keeps the design continuous. */
static void
spectral_root (const double c[3], double r[3])
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

/* The bilinear transform of `h`, exact at w0 alone: the refuge should a match
 * come out degenerate. It knows nothing past Nyquist: w0 stays below it. A
 * first-order `h` gets a common factor p + 1, so that callers may divide by
 * a[2]. */
static Rational
bilinear (const Rational *h, double f)
{
  double t = tan (.5 * pi * fmin (f, .998));

  if (h->a[2] == 0. && h->b[2] == 0.)
    return (Rational){ { h->b[0] * t, h->b[0] * t + h->b[1], h->b[1] },
      { h->a[0] * t, h->a[0] * t + h->a[1], h->a[1] } };
  return (Rational){ { h->b[0] * t * t, h->b[1] * t, h->b[2] },
    { h->a[0] * t * t, h->a[1] * t, h->a[2] } };
}

static bool
stable (const Rational *h)
{
  return h->a[0] > 0. && h->a[1] > 0. && h->a[2] > 0. && isfinite (h->a[0])
         && isfinite (h->a[1]) && isfinite (h->a[2]) && isfinite (h->b[0])
         && isfinite (h->b[1]) && isfinite (h->b[2]);
}

/* With DC matched, n0 = P0 d0, and the end point, n2 = Pn d2, a point i asks
 *   (P0 - Pi) / Ti d0 + n1 - Pi d1 + (Pn - Pi) Ti d2 = 0.
 * Taking point 0 from points 1 and 2 removes n1 and leaves two equations in
 * the three d, homogeneous: d is the cross product of their rows. */
static Rational
match (const Prototype *proto, double f, const double x[4])
{
  const double *a0 = proto->h.a;
  double t[3], u[4], den[4], lo[3], hi[3], r1[3], r2[3], n[3], d[3];
  double dc = square (proto->h.b[0] / a0[0]);
  Rational out;

  for (int i = 0; i < 4; i++) {
    u[i] = square (x[i] / f);
    den[i] = power_at (a0, u[i]);
  }
  for (int i = 0; i < 3; i++) {
    t[i] = square (tan (.5 * pi * x[i]));
    lo[i] = -u[i] * (proto->m01 + proto->m02 * u[i])
            / (den[i] * square (a0[0]) * t[i]);
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
  n[1] = power_at (proto->h.b, u[0]) / den[0] * d[1]
         - proto->kappa * (lo[0] * d[0] + hi[0] * d[2]);
  n[2] = power_at (proto->h.b, u[3]) / den[3] * d[2];

  spectral_root (n, out.b);
  spectral_root (d, out.a);
  return stable (&out) ? out : bilinear (&proto->h, f);
}

static Rational
match_type (const Prototype *proto, const MixPoints *points, double f, double A,
    double q)
{
  double x[4];

  mix_points_place (points, f, A, q, x);
  return match (proto, f, x);
}

/* A low cut of low q keeps both its zeros at DC, n = T^2, which leaves three
 * unknowns: two points and the end. */
static Rational
match_low_cut (const Prototype *proto, double f, double q)
{
  double x[3], u[3], t[2], c[2], gain[3], d[3];
  Rational out = { { 0., 0., 1. }, { 0. } };

  mix_points_place_low_cut (f, q, x);
  for (int i = 0; i < 3; i++) {
    u[i] = square (x[i] / f);
    gain[i] = square (u[i]) / power_at (proto->h.a, u[i]);
  }
  for (int i = 0; i < 2; i++) {
    t[i] = square (tan (.5 * pi * x[i]));
    c[i] = t[i] * (gain[2] / gain[i] - 1.) / gain[2];
  }
  d[2] = 1. / gain[2];
  d[0] = (c[0] - c[1]) / (1. / t[0] - 1. / t[1]);
  d[1] = c[0] - d[0] / t[0];
  spectral_root (d, out.a);
  return stable (&out) ? out : bilinear (&proto->h, f);
}

/* A notch must reach zero at its frequency, n = n2 (T - T0)^2. With DC given
 * and d2 = 1 two unknowns are left, n2 and d1: one point on either flank. */
static Rational
match_notch (double f, double q)
{
  double T0 = square (tan (.5 * pi * f)), x[2], t[2], r[2], d[3];
  double root;
  Rational out = { { 0. }, { 0. } };

  mix_points_place_notch (f, q, x);
  for (int i = 0; i < 2; i++) {
    double u = square (x[i] / f);
    double inverse_gain = 1. + u / square (q * (1. - u));
    t[i] = square (tan (.5 * pi * x[i]));
    r[i] = (square (t[i] - T0) * inverse_gain - T0 * T0) / t[i];
  }
  out.b[2] = (t[0] - t[1]) / (r[0] - r[1]);
  d[0] = out.b[2] * T0 * T0;
  d[1] = out.b[2] * r[0] - t[0];
  d[2] = 1.;
  root = sqrt (out.b[2]);
  out.b[0] = root * T0;
  out.b[2] = root;
  spectral_root (d, out.a);
  if (stable (&out))
    return out;
  return bilinear (&(Rational){ { 1., 0., 1. }, { 1., 1. / q, 1. } }, f);
}

/* ---- steep shelves ------------------------------------------------------ */

/* A shelf of high q has two resonances, sqrt (A) either side of its frequency,
 * too much for one section. From `shelf_one_q` on a second section joins it.
 * The first then takes both resonances where they are, z = exp (s) for the
 * zeros and poles alike. What it still differs from the prototype is smooth,
 * whatever the q, and the second section is matched to that, at fixed
 * frequencies. Between the two q the first section is on its way from the lone
 * section, the second from doing nothing, and together they go from the lone
 * section's magnitude to the prototype's. */
static const double shelf_one_q = 1.2, shelf_two_q = 1.5;

typedef struct Pair {
  Rational first, second;
} Pair;

static double
quadratic (const double c[3], double T)
{
  return c[0] + T * (c[1] + T * c[2]);
}

/* The quadratic in T, 1 at DC, which is zero where s^2 + s / q + 1 is, s
 * normalised to `f`. Above Nyquist there is no such place: the frequency stays
 * at Nyquist, the zero's distance from the prototype's becomes damping. */
static void
place_resonance (double f, double q, double c[3])
{
  double damping = .5 * f / q, at = f * sqrt (1. - .25 / (q * q));
  double near = mix_soft_min (at, 1.0083, 480.);
  double beyond = (at - near) * (.826 + .752 * (at - near));
  double x = .5 * pi * near;
  /* from 20 on the quadratic is flat in double precision */
  double y = fmin (.5 * pi * hypot (damping, beyond), 20.);
  double sine = sin (x), cosine = cos (x), sinh_y = sinh (y);
  double cosh_y = sqrt (1. + sinh_y * sinh_y);
  double low = square (sine) + square (sinh_y);
  double high = square (cosine) + square (sinh_y);

  c[0] = 1.;
  c[1] = 2. * (sinh_y * cosh_y - sine * cosine)
         * (sinh_y * cosh_y + sine * cosine) / square (low);
  c[2] = square (high / low);
}

/* Blends the quadratic of a section on its own, |r|^2, into `c`. */
static void
blend (double c[3], const double r[3], double share)
{
  double unit = 1. / square (r[0]);
  double own[3]
      = { 1., (square (r[1]) - 2. * r[0] * r[2]) * unit, square (r[2]) * unit };

  for (int i = 1; i < 3; i++)
    c[i] = own[i] + share * (c[i] - own[i]);
}

/* As match (), but given the squared magnitudes themselves, 1 at DC. */
static Rational
match_values (const double t[3], const double gain[4])
{
  const Rational none = { { 1., 2., 1. }, { 1., 2., 1. } };
  double row[3][3], n[3], d[3], most = 0.;
  Rational out;

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
  spectral_root (n, out.b);
  spectral_root (d, out.a);
  return stable (&out) ? out : none;
}

/* The errors of the fit, as in design_points.c, up to 36 dB: q up to 3 0.058
 * 0.40, up to 10 0.066 0.68, 40 0.066 0.7 (1.3 at 0 … 3 dB next to 0.907 of
 * Nyquist). */
static Pair
match_steep_shelf (const Prototype *proto, double f, double A, double q)
{
  static const double x[4] = { .28, .66, .89, .9695 };
  double root = sqrt (A), dc = square (square (A));
  double n[3], d[3], t[3], gain[4], share = 1.;
  Rational alone = { { 0. }, { 0. } };
  Pair out;

  place_resonance (f * root, q, n);
  place_resonance (f / root, q, d);
  if (q < shelf_two_q) {
    double v = (q - shelf_one_q) / (shelf_two_q - shelf_one_q);
    alone = match_type (proto, &mix_points_shelf, f, A, q);
    share = v * v * (3. - 2. * v);
    blend (n, alone.b, share);
    blend (d, alone.a, share);
  }
  for (int i = 0; i < 4; i++) {
    double u = square (x[i] / f);
    double digital = n[2] / d[2];
    if (i < 3) {
      t[i] = square (tan (.5 * pi * x[i]));
      digital = quadratic (n, t[i]) / quadratic (d, t[i]);
    }
    gain[i]
        = power_at (proto->h.b, u) / power_at (proto->h.a, u) / dc / digital;
    if (share < 1.) {
      double own = square (alone.b[2] / alone.a[2]);
      if (i < 3)
        own = power_at (alone.b, t[i]) / power_at (alone.a, t[i]);
      own *= square (alone.a[0] / alone.b[0]) / digital;
      gain[i] = own * pow (gain[i] / own, share);
    }
  }
  spectral_root (n, out.first.b);
  spectral_root (d, out.first.a);
  for (int i = 0; i < 3; i++)
    out.first.b[i] *= A * A;
  out.second = match_values (t, gain);
  return out;
}

/* ---- from a spec to sections -------------------------------------------- */

static Rational
inverse (const Rational *h)
{
  return (
      Rational){ { h->a[0], h->a[1], h->a[2] }, { h->b[0], h->b[1], h->b[2] } };
}

/* Past Nyquist there is no zero to keep, only the flank that leads up to it;
 * points that stand still serve it. */
static Rational
match_notch_flank (double f, double q)
{
  Prototype proto = prototype_notch (q);
  double x[4];

  mix_points_place (&mix_points_band_pass, .998, 1., 1.5, x);
  return match (&proto, f, x);
}

static Rational
design_single (MixFilterType type, double f, double gain_db, double q)
{
  double A = pow (10., fabs (gain_db) / 40.);
  Prototype proto;
  Rational h;

  switch (type) {
    case MIX_FILTER_BAND_PASS:
      proto = prototype_band_pass (q);
      return match_type (&proto, &mix_points_band_pass, f, 1., q);
    case MIX_FILTER_NOTCH:
      return f > .998 ? match_notch_flank (f, q) : match_notch (f, q);
    case MIX_FILTER_ALL_PASS:
      return bilinear (
          &(Rational){ { 1., -1. / q, 1. }, { 1., 1. / q, 1. } }, f);
    case MIX_FILTER_TILT:
      proto = prototype_tilt (A);
      h = match_type (&proto, &mix_points_tilt, f, A, .5);
      break;
    default:
      proto = prototype_bell (A, q);
      h = match_type (&proto, &mix_points_bell, f, A, q);
      break;
  }
  return gain_db < 0. ? inverse (&h) : h;
}

/* Returns how many sections it is, 1 or 2. */
static unsigned
design_shelf (
    MixFilterType type, double f, double gain_db, double q, Rational out[])
{
  double A = pow (10., fabs (gain_db) / 40.);
  Prototype proto = prototype_low_shelf (A, q);
  unsigned count = 1;

  if (q > shelf_one_q) {
    Pair pair = match_steep_shelf (&proto, f, A, q);
    out[0] = pair.first;
    out[1] = pair.second;
    count = 2;
  } else
    out[0] = match_type (&proto, &mix_points_shelf, f, A, q);
  /* high shelf (G) = A^2 / low shelf (G), as one sees from the prototypes */
  if ((type == MIX_FILTER_HIGH_SHELF) != (gain_db < 0.))
    for (unsigned i = 0; i < count; i++)
      out[i] = inverse (&out[i]);
  if (type == MIX_FILTER_HIGH_SHELF) {
    double gain = gain_db < 0. ? 1. / (A * A) : A * A;
    for (int i = 0; i < 3; i++)
      out[0].b[i] *= gain;
  }
  return count;
}

static bool
is_shelf (MixFilterType type)
{
  return type == MIX_FILTER_LOW_SHELF || type == MIX_FILTER_HIGH_SHELF;
}

static bool
is_cut (MixFilterType type)
{
  return type == MIX_FILTER_LOW_CUT || type == MIX_FILTER_HIGH_CUT;
}

static unsigned
cut_order (const MixFilterSpec *spec)
{
  unsigned most = 2 * MIX_FILTER_MAX_SECTIONS;
  return spec->order < 1 ? 1 : spec->order > most ? most : spec->order;
}

/* Section `i` of a Butterworth cut. The pairs have q = 1 / (2 cos (angle)),
 * angles evenly spaced; an odd order ends in a first-order section. */
static Rational
design_cut (MixFilterType type, double f, unsigned order, unsigned i)
{
  bool low = type == MIX_FILTER_LOW_CUT;
  double angle = pi * (i + (order % 2 ? 1. : .5)) / order;
  Prototype proto;
  double q;

  if (2 * i + 1 == order) {
    proto = low ? prototype_low_cut1 () : prototype_high_cut1 ();
    return match_type (
        &proto, low ? &mix_points_low_cut1 : &mix_points_high_cut1, f, 1., .5);
  }
  q = .5 / cos (angle);
  proto = low ? prototype_low_cut (q) : prototype_high_cut (q);
  if (low && q < .8)
    return match_low_cut (&proto, f, q);
  return match_type (
      &proto, low ? &mix_points_low_cut : &mix_points_high_cut, f, 1., q);
}

static MixSvf
to_svf (const Rational *h)
{
  MixSvf s;

  s.g = sqrt (h->a[0] / h->a[2]);
  s.k = h->a[1] / (h->a[2] * s.g);
  s.m0 = h->b[2] / h->a[2];
  /* differences first: at 0 dB they are exactly zero */
  s.m1 = (h->b[1] - s.m0 * h->a[1]) / (h->a[2] * s.g);
  s.m2 = (h->b[0] - s.m0 * h->a[0]) / h->a[0];
  return s;
}

unsigned
mix_filter_design_svf (const MixFilterSpec *spec, double rate,
    MixSvf sections[MIX_FILTER_MAX_SECTIONS])
{
  Rational h[MIX_FILTER_MAX_SECTIONS];
  double f = clamp (2. * spec->frequency_hz / rate, 1e-7, 64.);
  double gain_db = clamp (spec->gain_db, -48., 48.);
  double q = clamp (spec->q, .1, 40.);
  unsigned order = cut_order (spec), count = 1;

  if (is_shelf (spec->type))
    count = design_shelf (spec->type, f, gain_db, q, h);
  else if (is_cut (spec->type)) {
    count = (order + 1) / 2;
    for (unsigned i = 0; i < count; i++)
      h[i] = design_cut (spec->type, f, order, i);
  } else
    h[0] = design_single (spec->type, f, gain_db, q);
  for (unsigned i = 0; i < count; i++)
    sections[i] = to_svf (&h[i]);
  return count;
}

static Rational
svf_rational (const MixSvf *s)
{
  double g2 = s->g * s->g;
  return (
      Rational){ { (s->m0 + s->m2) * g2, (s->m0 * s->k + s->m1) * s->g, s->m0 },
    { g2, s->k * s->g, 1. } };
}

/* ---- magnitudes --------------------------------------------------------- */

/* The cuts are the first-order ones in u^order. */
static MixPrototype
public_prototype (Rational h, unsigned order)
{
  return (MixPrototype){ { h.b[0], h.b[1], h.b[2] }, { h.a[0], h.a[1], h.a[2] },
    order };
}

MixPrototype
mix_filter_prototype (const MixFilterSpec *spec)
{
  double gain_db = clamp (spec->gain_db, -48., 48.);
  double A = pow (10., fabs (gain_db) / 40.);
  double q = clamp (spec->q, .1, 40.);
  Rational h;

  switch (spec->type) {
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_HIGH_SHELF:
      h = prototype_low_shelf (A, q).h;
      break;
    case MIX_FILTER_LOW_CUT:
      return public_prototype (prototype_low_cut1 ().h, cut_order (spec));
    case MIX_FILTER_HIGH_CUT:
      return public_prototype (prototype_high_cut1 ().h, cut_order (spec));
    case MIX_FILTER_BAND_PASS:
      return public_prototype (prototype_band_pass (q).h, 1);
    case MIX_FILTER_NOTCH:
      return public_prototype (prototype_notch (q).h, 1);
    case MIX_FILTER_ALL_PASS:
      return (MixPrototype){ { 1., 0., 0. }, { 1., 0., 0. }, 1 };
    case MIX_FILTER_TILT:
      h = prototype_tilt (A).h;
      break;
    default:
      h = prototype_bell (A, q).h;
      break;
  }
  if (spec->type == MIX_FILTER_HIGH_SHELF) {
    h = inverse (&h);
    for (int i = 0; i < 3; i++)
      h.b[i] *= A * A;
  }
  if (gain_db < 0.)
    h = inverse (&h);
  return public_prototype (h, 1);
}

double
mix_filter_whole_power (double x, unsigned n)
{
  double product = 1.;

  for (; n > 0; n /= 2, x *= x)
    if (n % 2)
      product *= x;
  return product;
}

double
mix_filter_prototype_db (const MixFilterSpec *spec, double f)
{
  MixPrototype prototype = mix_filter_prototype (spec);

  return 10.
         * log10 (
             mix_prototype_power (&prototype, square (f / spec->frequency_hz)));
}

double
mix_svf_db (const MixSvf *sections, unsigned n, double f, double rate)
{
  double T = square (tan (pi * f / rate)), db = 0.;

  for (unsigned i = 0; i < n; i++) {
    Rational h = svf_rational (&sections[i]);
    db += 10. * log10 (power_at (h.b, T) / power_at (h.a, T));
  }
  return db;
}
