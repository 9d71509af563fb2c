/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ducker: lowers the echoes while there is input. An envelope follower with
 * instant attack, hold and release over the peak level of all channels, mapped
 * to 0 … 1 between two thresholds, times the depth in dB. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/smoother.h"
#include "../../parts/span.h"

typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  double depth_db;
  bool on;
  float peak;              /* of this tick so far */
  double share;            /* envelope: 0 no input, 1 full ducking */
  unsigned hold;           /* ticks left before the release */
  MixSmoother attenuation; /* dB */
} MixDelayDucker;

void mix_delay_ducker_prepare (MixDelayDucker *ducker, unsigned rate);

void mix_delay_ducker_set (MixDelayDucker *ducker, double depth_db);

void mix_delay_ducker_reset (MixDelayDucker *ducker);

/* Takes in the level of a span; nothing when the ducker is off. */
void mix_delay_ducker_measure (
    MixDelayDucker *ducker, const MixSpan *span, unsigned channels);

/* Once a tick: what was measured in the tick before acts in this one. */
void mix_delay_ducker_tick (MixDelayDucker *ducker);

/* For how many frames the echoes may stay inaudible because of the ducker. */
unsigned mix_delay_ducker_pause (const MixDelayDucker *ducker);

static inline bool
mix_delay_ducker_is_on (const MixDelayDucker *ducker)
{
  return ducker->on;
}

/* The attenuation does not move in this tick. */
static inline bool
mix_delay_ducker_is_still (const MixDelayDucker *ducker)
{
  return mix_smoother_is_still (&ducker->attenuation);
}

/* Of the echoes, at the start and at the end of the tick. */
static inline void
mix_delay_ducker_gains (const MixDelayDucker *ducker, double gains[2])
{
  gains[0] = mix_gain_from_db (-ducker->attenuation.from);
  gains[1] = mix_gain_from_db (-ducker->attenuation.to);
}

static inline double
mix_delay_ducker_attenuation_db (const MixDelayDucker *ducker)
{
  return ducker->attenuation.to;
}
