/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A filter of two sections (parts/design.h) that moves without a click and is
 * cheap at rest. A tick is run whole: frame by frame with coefficients on a
 * line while it moves, else by the kernel `block_filter`. The state is the
 * caller's, so that one filter serves many channels; it is the same in both,
 * and all zeros at the start. Realtime-safe, no errors.
 *
 *   once a tick   mix_fourth_order_lead (&filter, sections, comes_in)
 *                 or, when the sections are as they were, _rest (&filter)
 *   each channel  mix_fourth_order_run (&filter, kernels, state, io)
 */
#pragma once

#include <stdbool.h>

#include "../kernels/kernels.h"
#include "../base/tick.h"
#include "section.h"

typedef struct {
  bool moves; /* within this tick */
  double from[2][MIX_CASCADE_WEIGHTS], to[2][MIX_CASCADE_WEIGHTS];
  MixBlockFilter block; /* of `to`, while it does not move */
} MixFourthOrder;

/* a and b of the first section, then of the second */
typedef double MixFourthOrderState[MIX_BLOCK_ORDER];

void mix_fourth_order_lead (
    MixFourthOrder *filter, const MixSvf sections[2], bool comes_in);

void mix_fourth_order_rest (MixFourthOrder *filter);

/* MIX_TICK frames in place. */
void mix_fourth_order_run (const MixFourthOrder *filter,
    const MixKernels *kernels, MixFourthOrderState state, float *io);
