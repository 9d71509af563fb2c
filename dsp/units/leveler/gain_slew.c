/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gain_slew.h"

#include "../../base/maths.h"

/* Within this distance, or within that covered in a second, the gain approaches
 * its target gain exponentially. */
#define NEAR_DB 2.0
/* The limit of the fall, in dB per frame and per second. */
#define MAX_DB_PER_FRAME 0.015
#define MAX_DB_PER_S 200.0
/* The target gain is reached. */
#define REACHED_DB 1e-4
/* Of the static gain. */
#define STATIC_MS 5.0

void
mix_gain_slew_prepare (MixGainSlew *s, unsigned rate)
{
  s->rate = rate;
  mix_smoother_prepare (&s->gain_db, rate, STATIC_MS);
}

void
mix_gain_slew_set (MixGainSlew *s, double rise_db_per_s, double fall_db_per_s)
{
  double max = fmin (MAX_DB_PER_S, MAX_DB_PER_FRAME * s->rate);
  s->rise_db_per_s = rise_db_per_s;
  s->fall_db_per_s = fall_db_per_s;
  s->max_fall_db_per_s = fmax (max, fall_db_per_s);
}

void
mix_gain_slew_reset (MixGainSlew *s, double gain_db)
{
  mix_smoother_set (&s->gain_db, gain_db);
  mix_smoother_snap (&s->gain_db);
  s->target_gain_db = gain_db;
}

static double
slew_rate (const MixGainSlew *s, double away_db)
{
  double rate = away_db > 0 ? s->rise_db_per_s : s->fall_db_per_s;
  double far = -away_db / NEAR_DB;
  if (far > 1)
    rate = fmin (rate * far * far, s->max_fall_db_per_s);
  double approach = fabs (away_db) * fmax (1, rate / NEAR_DB);
  return fmin (approach, rate);
}

void
mix_gain_slew_tick (MixGainSlew *s)
{
  double tick_s = (double)MIX_TICK / s->rate;
  double gain = mix_gain_slew_gain_db (s);
  double away = s->target_gain_db - gain;
  double step = tick_s * slew_rate (s, away);
  if (fabs (away) < REACHED_DB || step >= fabs (away))
    gain = s->target_gain_db;
  else
    gain += away > 0 ? step : -step;
  mix_smoother_tick_to (&s->gain_db, gain);
}

void
mix_gain_slew_tick_static (MixGainSlew *s, double gain_db)
{
  mix_smoother_set (&s->gain_db, gain_db);
  mix_smoother_tick (&s->gain_db);
}

MixRamp
mix_gain_slew_ramp (const MixGainSlew *s)
{
  float from = (float)mix_gain_from_db (s->gain_db.from);
  float to = (float)mix_gain_from_db (s->gain_db.to);
  return mix_ramp ((double)from, (double)to);
}
