/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line_filters.h"

#include <string.h>

void
mix_line_filters_reset (MixLineFilters *filters)
{
  memset (&filters->state, 0, sizeof filters->state);
}

static void
put_section (MixReverbWeights weights, unsigned s, unsigned line, MixSvf svf)
{
  double c1 = 1 / (1 + svf.g * (svf.g + svf.k));
  weights[s][MIX_REVERB_POLE][line] = (float)svf.g;
  weights[s][MIX_REVERB_HOLD][line] = (float)(2 * c1 - 1);
  weights[s][MIX_REVERB_PUSH][line] = (float)(2 * c1 * svf.g);
  weights[s][MIX_REVERB_LIFT][line] = (float)(2 * c1 * svf.g);
  weights[s][MIX_REVERB_PULL][line] = (float)(2 * c1 * svf.g * svf.g);
  weights[s][MIX_REVERB_TOP][line] = (float)svf.m0;
  weights[s][MIX_REVERB_BAND][line] = (float)(c1 * (svf.m1 + svf.m2 * svf.g));
  weights[s][MIX_REVERB_LOW][line] = (float)svf.m2;
}

static void
design_line (MixLineFilters *filters, const MixReverbValues *values,
    unsigned line, double seconds)
{
  MixSvf sections[MIX_REVERB_SECTIONS];
  mix_absorption_design (
      &values->absorption, seconds, values->unfrozen, sections);
  for (unsigned s = 0; s < MIX_REVERB_SECTIONS; s++)
    put_section (filters->end, s, line, sections[s]);
}

void
mix_line_filters_update (MixLineFilters *filters, const MixReverbValues *values,
    const double seconds[MIX_REVERB_LINES])
{
  MixReverbAbsorption *design = &filters->design;
  memcpy (design->weight, filters->end, sizeof design->weight);
  for (unsigned i = 0; i < MIX_REVERB_LINES && values->moving; i++)
    design_line (filters, values, i, seconds[i]);
  mix_reverb_slopes (design->slope[0][0], design->weight[0][0],
      filters->end[0][0], sizeof filters->end / sizeof (float));
  design->moving = values->moving;
}
