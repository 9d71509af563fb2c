/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "design_prototypes.h"

#include <math.h>

/* ---- Sections ----------------------------------------------------------- */

MixAnalogue
mix_analogue_bell (double A, double q)
{
  double A2 = A * A;
  return (MixAnalogue){ .h = { { 1., A / q, 1. }, { 1., 1. / (A * q), 1. } },
    .m01 = 1.,
    .m12 = -1.,
    .kappa = (A2 - 1. / A2) / (q * q) };
}

MixAnalogue
mix_analogue_low_shelf (double A, double q)
{
  double A2 = A * A, r = sqrt (A) / q, c = A / (q * q) - 2. * A;
  return (MixAnalogue){ .h = { { A2, A * r, A }, { 1., r, A } },
    .m01 = c,
    .m02 = A2 + 1.,
    .m12 = c,
    .kappa = -A2 * (A2 - 1.) };
}

MixAnalogue
mix_analogue_tilt (double A)
{
  return (MixAnalogue){ .h = { { 1., A, 0. }, { A, 1., 0. } },
    .m01 = 1.,
    .kappa = mix_square (A * A) - 1. };
}

MixAnalogue
mix_analogue_band_pass (double q)
{
  return (MixAnalogue){ .h = { { 0., 1. / q, 0. }, { 1., 1. / q, 1. } },
    .m01 = 1.,
    .m12 = -1.,
    .kappa = 1. / (q * q) };
}

MixAnalogue
mix_analogue_notch (double q)
{
  return (MixAnalogue){ .h = { { 1., 0., 1. }, { 1., 1. / q, 1. } },
    .m01 = -1.,
    .m12 = 1.,
    .kappa = 1. / (q * q) };
}

MixAnalogue
mix_analogue_high_cut (double q)
{
  return (MixAnalogue){ .h = { { 1., 0., 0. }, { 1., 1. / q, 1. } },
    .m01 = 2. - 1. / (q * q),
    .m02 = -1.,
    .kappa = 1. };
}

MixAnalogue
mix_analogue_low_cut (double q)
{
  return (MixAnalogue){ .h = { { 0., 0., 1. }, { 1., 1. / q, 1. } },
    .m02 = 1.,
    .m12 = 1. / (q * q) - 2.,
    .kappa = 1. };
}

MixAnalogue
mix_analogue_high_cut1 (void)
{
  return (MixAnalogue){
    .h = { { 1., 0., 0. }, { 1., 1., 0. } }, .m01 = -1., .kappa = 1.
  };
}

MixAnalogue
mix_analogue_low_cut1 (void)
{
  return (MixAnalogue){
    .h = { { 0., 1., 0. }, { 1., 1., 0. } }, .m01 = 1., .kappa = 1.
  };
}

/* ---- Ranges ------------------------------------------------------------- */

double
mix_spec_gain_db (const MixFilterSpec *spec)
{
  return mix_design_clamp (spec->gain_db, -48., 48.);
}

double
mix_spec_q (const MixFilterSpec *spec)
{
  return mix_design_clamp (spec->q, .1, 40.);
}

unsigned
mix_spec_order (const MixFilterSpec *spec)
{
  unsigned most = 2 * MIX_FILTER_MAX_SECTIONS;
  return spec->order < 1 ? 1 : spec->order > most ? most : spec->order;
}

/* ---- Magnitudes --------------------------------------------------------- */

/* The cuts are the first-order ones in u^order. */
static MixPrototype
public_prototype (MixRational h, unsigned order)
{
  return (MixPrototype){ { h.b[0], h.b[1], h.b[2] }, { h.a[0], h.a[1], h.a[2] },
    order };
}

MixPrototype
mix_filter_prototype (const MixFilterSpec *spec)
{
  double gain_db = mix_spec_gain_db (spec);
  double A = pow (10., fabs (gain_db) / 40.);
  double q = mix_spec_q (spec);
  MixRational h;

  switch (spec->type) {
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_HIGH_SHELF:
      h = mix_analogue_low_shelf (A, q).h;
      break;
    case MIX_FILTER_LOW_CUT:
      return public_prototype (
          mix_analogue_low_cut1 ().h, mix_spec_order (spec));
    case MIX_FILTER_HIGH_CUT:
      return public_prototype (
          mix_analogue_high_cut1 ().h, mix_spec_order (spec));
    case MIX_FILTER_BAND_PASS:
      return public_prototype (mix_analogue_band_pass (q).h, 1);
    case MIX_FILTER_NOTCH:
      return public_prototype (mix_analogue_notch (q).h, 1);
    case MIX_FILTER_ALL_PASS:
      return (MixPrototype){ { 1., 0., 0. }, { 1., 0., 0. }, 1 };
    case MIX_FILTER_TILT:
      h = mix_analogue_tilt (A).h;
      break;
    default:
      h = mix_analogue_bell (A, q).h;
      break;
  }
  if (spec->type == MIX_FILTER_HIGH_SHELF) {
    h = mix_rational_inverse (&h);
    for (int i = 0; i < 3; i++)
      h.b[i] *= A * A;
  }
  if (gain_db < 0.)
    h = mix_rational_inverse (&h);
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
         * log10 (mix_prototype_power (
             &prototype, mix_square (f / spec->frequency_hz)));
}
