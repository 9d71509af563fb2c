/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the gain gets to its goal: at the speeds that are allowed near it, slower
 * on the last of the way, and down faster from far off. Private to the leveler.
 * Realtime-safe, no errors.
 */
#pragma once

#include "../../base/maths.h"

/* Nearer than this to the goal, or what would take a second, the gain moves at
 * the distance's own pace. From farther off it falls faster, with the square of
 * the distance, up to the fastest that is smooth. */
#define MIX_LEVELER_NEAR_DB 2.0
#define MIX_LEVELER_SMOOTH_DB 0.015 /* per frame */
#define MIX_LEVELER_FASTEST_DB_PER_S 200.0
/* The gain has arrived. */
#define MIX_LEVELER_THERE_DB 1e-4

typedef struct {
  double rise_db_per_s, fall_db_per_s, fastest_db_per_s;
} MixLevelerSpeeds;

static inline MixLevelerSpeeds
mix_leveler_ride_speeds (
    double rise_db_per_s, double fall_db_per_s, double rate)
{
  double fastest
      = fmin (MIX_LEVELER_FASTEST_DB_PER_S, MIX_LEVELER_SMOOTH_DB * rate);
  return (MixLevelerSpeeds){ rise_db_per_s, fall_db_per_s,
    fmax (fastest, fall_db_per_s) };
}

static inline double
mix_leveler_ride_speed (const MixLevelerSpeeds *s, double away_db)
{
  double speed = away_db > 0 ? s->rise_db_per_s : s->fall_db_per_s;
  double far = -away_db / MIX_LEVELER_NEAR_DB;
  if (far > 1)
    speed = fmin (speed * far * far, s->fastest_db_per_s);
  double nearing = fabs (away_db) * fmax (1, speed / MIX_LEVELER_NEAR_DB);
  return fmin (nearing, speed);
}

/* The gain some time later. */
static inline double
mix_leveler_ride (
    const MixLevelerSpeeds *s, double gain_db, double goal_db, double seconds)
{
  double away = goal_db - gain_db;
  double step = seconds * mix_leveler_ride_speed (s, away);
  if (fabs (away) < MIX_LEVELER_THERE_DB || step >= fabs (away))
    return goal_db;
  return gain_db + (away > 0 ? step : -step);
}
