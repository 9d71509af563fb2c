/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guard: lowers the side while the correlation would be under 0. With mid
 * and side, sum L R = M^2 - S^2, so the correlation is under 0 exactly where
 * the side has more power than the mid, and the gain that brings it to 0 is
 * sqrt (M^2 / S^2). Realtime-safe.
 */
#pragma once

#include "../../kernels/stereo.h"
#include "../../parts/smoother.h"

/* Of one pair of channels. */
typedef struct {
  double decay;           /* of the powers, a tick */
  double mid[2], side[2]; /* powers, smoothed by two one-poles in a row */
  MixSmoother gain;       /* of the side */
} MixImagerGuard;

void mix_imager_guard_prepare (MixImagerGuard *guard, unsigned rate);

void mix_imager_guard_reset (MixImagerGuard *guard);

/* At the start of a tick; returns whether the gain differs from 1 in it. */
bool mix_imager_guard_tick (MixImagerGuard *guard);

/* At its end: takes in the powers of mid and side as they would be without the
 * guard, and sets the target of the gain, which is 1 when it is not `on`. */
void mix_imager_guard_measure (
    MixImagerGuard *guard, double mid, double side, bool on);

/* The matrix from mid and side to left and right, with the gain of this tick.
 */
MixBlend mix_imager_guard_apply (const MixImagerGuard *guard, MixBlend join);

/* The gain differs from 1 in this tick. */
static inline bool
mix_imager_guard_acts (const MixImagerGuard *guard)
{
  return guard->gain.from != 1 || guard->gain.to != 1;
}
