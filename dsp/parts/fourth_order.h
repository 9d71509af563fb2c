/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A filter of two sections (parts/design.h) whose coefficients can move without
 * a click. Whole ticks are processed: while the filter moves, frame by frame
 * with interpolated coefficients, else by the kernel `block_filter`. The caller
 * keeps the states, zeroed at the start, so that one filter serves many
 * channels. Realtime-safe, no errors.
 *
 *   once a tick   mix_fourth_order_move (&filter, sections, starts)
 *                 or, if the sections have not changed, _hold (&filter)
 *   each channel  mix_fourth_order_run (&filter, kernels, state, io)
 */
#pragma once

#include <stdbool.h>

#include "../kernels/kernels.h"
#include "../base/tick.h"
#include "section.h"

typedef struct {
  bool moves; /* in this tick */
  double from[2][MIX_CASCADE_WEIGHTS], to[2][MIX_CASCADE_WEIGHTS];
  MixBlockFilter block; /* block form of `to`, while nothing moves */
} MixFourthOrder;

/* a and b of the first section, then of the second */
typedef double MixFourthOrderState[MIX_BLOCK_ORDER];

/* Interpolates to `sections` within this tick; a filter that starts passes its
 * input at the start of the tick. */
void mix_fourth_order_move (
    MixFourthOrder *filter, const MixSvf sections[2], bool starts);

/* The coefficients stay those at the end of the last tick. */
void mix_fourth_order_hold (MixFourthOrder *filter);

/* MIX_TICK frames in place. */
void mix_fourth_order_run (const MixFourthOrder *filter,
    const MixKernels *kernels, MixFourthOrderState state, float *io);
