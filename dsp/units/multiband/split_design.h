/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The filters of the crossover in linear phase: symmetric impulse responses
 * with the magnitudes of Linkwitz and Riley, 1 / (1 + r^n) below a corner and
 * r^n / (1 + r^n) above it, where r is the frequency over the corner and n 4
 * for 24 dB/octave or 8 for 48. They are sampled on a fine grid, transformed
 * (L. R. Rabiner, B. Gold, C. A. McGonegal, "An approach to the approximation
 * problem for nonrecursive digital filters", 1970) and tapered by a Tukey
 * window. The highest band has no filter: it is what the others leave of the
 * delayed input. Realtime-safe but for mix_split_design_prepare.
 */
#pragma once

#include "../../parts/convolver.h"
#include "band_rows.h"

typedef struct {
  unsigned rate;
  unsigned bins;  /* of the grid up to half the rate */
  unsigned reach; /* taps to either side of the centre */
  MixFft fft;
  float *table, *work;
  float *rest, *spectrum, *no_phase; /* on the grid */
  float *impulse, *window, *taps;
} MixSplitDesign;

/* `bins`: a power of two; `reach`: at most as many. Takes memory, and prepares
 * it if there is. */
void mix_split_design_prepare (MixSplitDesign *d, unsigned rate, unsigned bins,
    unsigned reach, MixArena *arena);

/* The filters of all bands but the highest, for the convolver, of 2 * reach
 * taps each. `work`: of the convolver. */
void mix_split_design_run (MixSplitDesign *d, unsigned bands, unsigned order,
    const double *corners_hz, const MixConvolver *conv, float *const *filters,
    float *work);
