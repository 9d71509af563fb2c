/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gain and its slew limit, updated every tick. Near the target gain the
 * gain moves at the rates set; over the last part exponentially; from far above
 * the target gain it falls faster, with the square of the distance, up to a
 * limit that keeps the steps between samples inaudible. Realtime-safe, no
 * errors.
 */
#pragma once

#include "../../parts/smoother.h"

typedef struct {
  unsigned rate;
  double rise_db_per_s, fall_db_per_s, max_fall_db_per_s;
  double target_gain_db;
  MixSmoother gain_db;
} MixGainSlew;

void mix_gain_slew_prepare (MixGainSlew *s, unsigned rate);

void mix_gain_slew_set (
    MixGainSlew *s, double rise_db_per_s, double fall_db_per_s);

/* Jumps to a gain, which is the target gain then. */
void mix_gain_slew_reset (MixGainSlew *s, double gain_db);

static inline void
mix_gain_slew_set_goal (MixGainSlew *s, double target_gain_db)
{
  s->target_gain_db = target_gain_db;
}

/* A tick towards the target gain. */
void mix_gain_slew_tick (MixGainSlew *s);

/* A tick towards a static gain: smoothed, but not slew-limited. */
void mix_gain_slew_tick_static (MixGainSlew *s, double gain_db);

/* The gain at the end of the tick. */
static inline double
mix_gain_slew_gain_db (const MixGainSlew *s)
{
  return s->gain_db.to;
}

/* The linear gain within the tick; 0 dB is exactly 1. */
MixRamp mix_gain_slew_ramp (const MixGainSlew *s);
