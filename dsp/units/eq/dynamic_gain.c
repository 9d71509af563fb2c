/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dynamic_gain.h"

#include "../../base/tick.h"

/* The filter takes the gain up to a tick late: longer times are shortened by
 * that much. */
static double
compensated_ms (double ms, unsigned rate)
{
  return fmax (ms - 1000.0 * MIX_TICK / rate, ms / 4);
}

void
mix_eq_dynamic_gain_set (MixEqDynamicGain *dynamic, double threshold_db,
    double ratio, double attack_ms, double release_ms, unsigned rate)
{
  dynamic->threshold_db = threshold_db;
  dynamic->slope = 1 - 1 / ratio;
  dynamic->ballistics = mix_ballistics (compensated_ms (attack_ms, rate),
      compensated_ms (release_ms, rate), 0, false, rate);
}

void
mix_eq_dynamic_gain_run (
    MixEqDynamicGain *dynamic, double gain_db, float *twice_db, unsigned n)
{
  double most = fabs (gain_db);
  for (unsigned i = 0; i < n; i++) {
    double over_db = 0.5 * twice_db[i] - dynamic->threshold_db;
    twice_db[i] = (float)mix_clamp (over_db * dynamic->slope, 0, most);
  }
  mix_envelope_run (&dynamic->amount, &dynamic->ballistics, twice_db, NULL, n);
}
