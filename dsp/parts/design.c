/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The method:
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
 * New here is where the points lie: a smooth function of frequency, q and gain,
 * fitted off line to minimise the largest error over the parameter space, where
 * an error below rate / 8 counts about ten times one above (design_points.c).
 *
 * First-order prototypes use a second-order section as well: its extra pole and
 * zero straighten the response near Nyquist at no cost at run time.
 */
#include "design.h"

#include <math.h>

#include "../base/maths.h"
#include "design_match.h"
#include "design_shelf.h"

static MixRational
design_single (MixFilterType type, double f, double gain_db, double q)
{
  double A = pow (10., fabs (gain_db) / 40.);
  MixAnalogue proto;
  MixRational h;

  switch (type) {
    case MIX_FILTER_BAND_PASS:
      proto = mix_analogue_band_pass (q);
      return mix_match_type (&proto, &mix_points_band_pass, f, 1., q);
    case MIX_FILTER_NOTCH:
      return f > .998 ? mix_match_notch_flank (f, q) : mix_match_notch (f, q);
    case MIX_FILTER_ALL_PASS:
      return mix_bilinear (
          &(MixRational){ { 1., -1. / q, 1. }, { 1., 1. / q, 1. } }, f);
    case MIX_FILTER_TILT:
      proto = mix_analogue_tilt (A);
      h = mix_match_type (&proto, &mix_points_tilt, f, A, .5);
      break;
    default:
      proto = mix_analogue_bell (A, q);
      h = mix_match_type (&proto, &mix_points_bell, f, A, q);
      break;
  }
  return gain_db < 0. ? mix_rational_inverse (&h) : h;
}

/* Section `i` of a Butterworth cut. The pairs have q = 1 / (2 cos (angle)),
 * angles evenly spaced; an odd order ends in a first-order section. */
static MixRational
design_cut (MixFilterType type, double f, unsigned order, unsigned i)
{
  bool low = type == MIX_FILTER_LOW_CUT;
  double angle = MIX_PI * (i + (order % 2 ? 1. : .5)) / order;
  MixAnalogue proto;
  double q;

  if (2 * i + 1 == order) {
    proto = low ? mix_analogue_low_cut1 () : mix_analogue_high_cut1 ();
    return mix_match_type (
        &proto, low ? &mix_points_low_cut1 : &mix_points_high_cut1, f, 1., .5);
  }
  q = .5 / cos (angle);
  proto = low ? mix_analogue_low_cut (q) : mix_analogue_high_cut (q);
  if (low && q < .8)
    return mix_match_low_cut (&proto, f, q);
  return mix_match_type (
      &proto, low ? &mix_points_low_cut : &mix_points_high_cut, f, 1., q);
}

static MixSvf
to_svf (const MixRational *h)
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
  MixRational h[MIX_FILTER_MAX_SECTIONS];
  double f = mix_design_clamp (2. * spec->frequency_hz / rate, 1e-7, 64.);
  double gain_db = mix_spec_gain_db (spec), q = mix_spec_q (spec);
  unsigned order = mix_spec_order (spec), count = 1;

  if (spec->type == MIX_FILTER_LOW_SHELF || spec->type == MIX_FILTER_HIGH_SHELF)
    count = mix_design_shelf (spec->type, f, gain_db, q, h);
  else if (mix_filter_is_cut (spec->type)) {
    count = (order + 1) / 2;
    for (unsigned i = 0; i < count; i++)
      h[i] = design_cut (spec->type, f, order, i);
  } else
    h[0] = design_single (spec->type, f, gain_db, q);
  for (unsigned i = 0; i < count; i++)
    sections[i] = to_svf (&h[i]);
  return count;
}

static MixRational
svf_rational (const MixSvf *s)
{
  double g2 = s->g * s->g;
  return (MixRational){ { (s->m0 + s->m2) * g2, (s->m0 * s->k + s->m1) * s->g,
                            s->m0 },
    { g2, s->k * s->g, 1. } };
}

double
mix_svf_db (const MixSvf *sections, unsigned n, double f, double rate)
{
  double T = mix_square (tan (MIX_PI * f / rate)), db = 0.;

  for (unsigned i = 0; i < n; i++) {
    MixRational h = svf_rational (&sections[i]);
    db += 10.
          * log10 (mix_rational_power (h.b, T) / mix_rational_power (h.a, T));
  }
  return db;
}
