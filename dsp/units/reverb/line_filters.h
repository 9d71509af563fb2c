/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The absorption filters of the network's lines: what each line loses in one
 * pass, two shelving sections (parts/absorption.h). Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "reverb_values.h"

typedef struct {
  MixReverbAbsorption design; /* in this block */
  MixReverbWeights end;       /* the weights at its end */
  MixReverbAbsorptionState state;
} MixLineFilters;

void mix_line_filters_reset (MixLineFilters *filters);

/* The weights of a block in which values move or moved, for lines of so many
 * seconds. */
void mix_line_filters_update (MixLineFilters *filters,
    const MixReverbValues *values, const double seconds[MIX_REVERB_LINES]);

static inline void
mix_line_filters_run (MixLineFilters *filters, const MixKernels *kernels,
    float (*to)[MIX_REVERB_BLOCK], const float *const *from)
{
  kernels->reverb_absorb (&filters->design, &filters->state, to, from);
}
