/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gain computer of a dynamic band: a static curve in dB, smoothed by attack
 * and release (parts/envelope.h). Its result is how much of the band's gain
 * acts, 0 … |gain| dB. The filter takes it up once a tick. Realtime-safe, no
 * errors.
 */
#pragma once

#include "../../parts/envelope.h"

typedef struct {
  double threshold_db, slope; /* slope: 1 - 1 / ratio */
  MixBallistics ballistics;
  MixEnvelope amount; /* dB */
} MixEqDynamicGain;

void mix_eq_dynamic_gain_set (MixEqDynamicGain *dynamic, double threshold_db,
    double ratio, double attack_ms, double release_ms, unsigned rate);

static inline void
mix_eq_dynamic_gain_reset (MixEqDynamicGain *dynamic)
{
  dynamic->amount = (MixEnvelope){ 0 };
}

/* Once a tick: a release ends where it is too small to matter. */
static inline void
mix_eq_dynamic_gain_tick (MixEqDynamicGain *dynamic)
{
  if (mix_envelope_now (&dynamic->amount) < 1e-5)
    mix_eq_dynamic_gain_reset (dynamic);
}

/* n frames, within a tick, of a band of this gain. `twice_db` is twice the
 * level in dB; overwritten. */
void mix_eq_dynamic_gain_run (
    MixEqDynamicGain *dynamic, double gain_db, float *twice_db, unsigned n);

/* The part of `gain_db` that acts now. */
static inline double
mix_eq_dynamic_gain_of (const MixEqDynamicGain *dynamic, double gain_db)
{
  return copysign (
      fmin (mix_envelope_now (&dynamic->amount), fabs (gain_db)), gain_db);
}
