/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A section of parts/design.h in the form that the kernels `cascade` and
 * `cascade_moving` run (kernels/cascade.h). Realtime-safe, no errors.
 */
#pragma once

#include "../kernels/cascade.h"
#include "design.h"

/* Above a quarter of the rate (g > 1) the state `a` is Simper's divided by g.
 * So the coefficients of the poles never fall as g grows, and interpolating
 * between two stable filters gives stable filters. */
static inline void
mix_section_weights (double weight[MIX_CASCADE_WEIGHTS], const MixSvf *svf)
{
  double g = svf->g, scale = g > 1 ? g : 1;
  double damp = 1 / (1 + g * (g + svf->k));
  double band = (svf->m1 + svf->m2 * g) * damp * scale;
  double pole = g / scale;
  weight[MIX_CASCADE_POLE] = pole;
  weight[MIX_CASCADE_UPDATE_A] = 2 * damp;
  weight[MIX_CASCADE_UPDATE_B] = 2 * g * damp * scale;
  weight[MIX_CASCADE_DIRECT] = svf->m0 + band * pole;
  weight[MIX_CASCADE_BAND] = band;
  weight[MIX_CASCADE_LOW] = svf->m2 - band * pole;
}
