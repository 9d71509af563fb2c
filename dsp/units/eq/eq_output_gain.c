/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "eq_output_gain.h"

#define SMOOTH_MS 5

void
mix_eq_output_gain_prepare (MixEqOutputGain *output, unsigned rate)
{
  mix_smoother_prepare (&output->db, rate, SMOOTH_MS);
}

void
mix_eq_output_gain_set (MixEqOutputGain *output, double db)
{
  mix_smoother_set (&output->db, db);
}

void
mix_eq_output_gain_reset (MixEqOutputGain *output)
{
  mix_smoother_snap (&output->db);
  for (unsigned i = 0; i < 3; i++)
    output->gain[i] = mix_gain_from_db (output->db.to);
}

bool
mix_eq_output_gain_tick (MixEqOutputGain *output)
{
  double *gain = output->gain;
  bool moves = mix_smoother_tick (&output->db);
  gain[0] = gain[1];
  gain[1] = gain[2];
  gain[2] = mix_gain_from_db (output->db.to);
  return moves || gain[0] != gain[1] || gain[1] != gain[2];
}

/* From halfway between the first two control points to halfway between the last
 * two. */
void
mix_eq_output_gain_apply (
    const MixEqOutputGain *output, double *io, unsigned offset, unsigned n)
{
  const double *gain = output->gain, step = 1.0 / MIX_TICK;
  double start = 0.5 * (gain[0] + gain[1]), slope = gain[1] - gain[0];
  double curvature = 0.5 * (gain[2] - gain[1] - slope);
  for (unsigned i = 0; i < n; i++) {
    double x = step * (int)(offset + i);
    double now = start + x * (slope + x * curvature);
    io[2 * i] *= now;
    io[2 * i + 1] *= now;
  }
}
