/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A gain that follows its target smoothly: the smoother's values, one a tick,
 * are the control points of a quadratic spline. Its slope does not jump from
 * tick to tick. Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"

typedef struct {
  MixSmoother db;
  double gain[3]; /* at the ends of the last three ticks, the newest last */
} MixEqOutputGain;

void mix_eq_output_gain_prepare (MixEqOutputGain *output, unsigned rate);
void mix_eq_output_gain_set (MixEqOutputGain *output, double db);
/* Jumps to the target. */
void mix_eq_output_gain_reset (MixEqOutputGain *output);

/* Once a tick; true while the gain moves within this tick or the next. */
bool mix_eq_output_gain_tick (MixEqOutputGain *output);

static inline bool
mix_eq_output_gain_is_unity (const MixEqOutputGain *output)
{
  const double *gain = output->gain;
  return gain[0] == 1 && gain[1] == 1 && gain[2] == 1;
}

/* n frames of two interleaved lanes, `offset` frames into the tick. */
void mix_eq_output_gain_apply (
    const MixEqOutputGain *output, double *io, unsigned offset, unsigned n);
