/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A low cut and a high cut of 12 dB per octave for feedback loops, two channels
 * at once: Butterworth, by the bilinear transform. The transform only warps the
 * frequency axis, so the magnitude is at most 1 at every frequency, as the
 * prototype's is. (A design that follows the prototype more closely, as those
 * of parts/design.h, exceeds 1 at some frequencies by thousandths of a decibel,
 * which add up in a loop.) The corner is at −3 dB exactly.
 *
 * The sections are trapezoidal state-variable filters (A. Simper, "Solving the
 * continuous SVF equations using trapezoidal integration and equivalent
 * currents", 2013) written as state equations, which have the shortest chain of
 * operations from one frame to the next. State in double.
 *
 * Realtime-safe but for `design`, which is (libm calls) for control rate.
 */
#pragma once

#include <stdbool.h>

#include "../base/maths.h"
#include "ramp.h"

#define MIX_LOOP_CUT_TOP 0.49 /* highest corner, of the rate */

typedef struct {
  double turn, cross;           /* first state: from itself, from the second */
  double hold;                  /* second state: from itself */
  double enter[2];              /* both states: from the input */
  double direct, first, second; /* output: from the input, the states */
} MixLoopCutDesign;

typedef double MixLoopCutTwo __attribute__ ((vector_size (16)));

/* The state of two channels; zeroed: no history. */
typedef struct {
  MixLoopCutTwo first, second;
} MixLoopCut;

/* `high` for a high cut; a corner beyond MIX_LOOP_CUT_TOP is taken as that. */
static inline MixLoopCutDesign
mix_loop_cut_design (bool high, double hz, unsigned rate)
{
  const double k = 1.4142135623730951;
  double g = tan (MIX_PI * fmin (hz / rate, MIX_LOOP_CUT_TOP));
  double c1 = 1 / (1 + g * (g + k)), c2 = g * c1, c3 = g * c2;
  MixLoopCutDesign d = { .turn = 2 * c1 - 1,
    .cross = 2 * c2,
    .hold = 1 - 2 * c3,
    .enter = { 2 * c2, 2 * c3 },
    .direct = c3,
    .first = c2,
    .second = 1 - c3 };
  if (!high) {
    d.direct = c1; /* 1 - k c2 - c3 */
    d.first = -k * c1 - c2;
    d.second = -c1;
  }
  return d;
}

static inline MixLoopCutTwo
mix_loop_cut_step_ (
    MixLoopCut *cut, const MixLoopCutDesign *d, MixLoopCutTwo x, double share)
{
  MixLoopCutTwo first = cut->first, second = cut->second;
  MixLoopCutTwo y = d->direct * x + d->first * first + d->second * second;
  cut->first = d->turn * first + (d->enter[0] * x - d->cross * second);
  cut->second = d->cross * first + (d->enter[1] * x + d->hold * second);
  return x + (y - x) * share;
}

/* First the low cut, then the high cut, in place. `shares` are the filters'
 * parts of their output, 0 for the input in every bit; `offset` is the first
 * frame's place in the tick. `left` and `right` may be the same: one channel,
 * whose state is in both halves. */
static inline void
mix_loop_cut_run (MixLoopCut cuts[2], const MixLoopCutDesign designs[2],
    const MixRamp shares[2], unsigned offset, float *left, float *right,
    unsigned n)
{
  MixLoopCut low = cuts[0], high = cuts[1];
  const MixLoopCutDesign low_design = designs[0], high_design = designs[1];
  const MixRamp a = shares[0], b = shares[1];
  for (unsigned i = 0; i < n; i++) {
    MixLoopCutTwo x = { left[i], right[i] };
    x = mix_loop_cut_step_ (
        &low, &low_design, x, (double)mix_ramp_at (a, offset + i));
    x = mix_loop_cut_step_ (
        &high, &high_design, x, (double)mix_ramp_at (b, offset + i));
    left[i] = (float)x[0];
    right[i] = (float)x[1];
  }
  cuts[0] = low;
  cuts[1] = high;
}
