/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reduction_gain.h"

#define SMOOTHING_MS 5.0

void
mix_reduction_gain_prepare (MixReductionGain *g, unsigned rate)
{
  *g = (MixReductionGain){ .kernels = mix_kernels () };
  mix_smoother_prepare (&g->makeup, rate, SMOOTHING_MS);
  mix_smoother_prepare (&g->mix, rate, SMOOTHING_MS);
}

void
mix_reduction_gain_set (MixReductionGain *g, double makeup_db, double mix)
{
  mix_smoother_set (&g->makeup, makeup_db);
  mix_smoother_set (&g->mix, mix);
}

void
mix_reduction_gain_tick (MixReductionGain *g)
{
  mix_smoother_tick (&g->makeup);
  mix_smoother_tick (&g->mix);
}

void
mix_reduction_gain_reset (MixReductionGain *g)
{
  mix_smoother_snap (&g->makeup);
  mix_smoother_snap (&g->mix);
  g->most = g->least = 0;
}

bool
mix_reduction_gain_is_still (const MixReductionGain *g)
{
  return mix_smoother_is_still (&g->makeup) && mix_smoother_is_still (&g->mix);
}

void
mix_reduction_gain_note (
    MixReductionGain *g, const float *reduction, bool boosts, unsigned n)
{
  float most = g->most, least = g->least;
  if (boosts || reduction[0] < 0 || g->kernels->peak (reduction, n) > most)
    for (unsigned i = 0; i < n; i++) {
      most = reduction[i] > most ? reduction[i] : most;
      least = reduction[i] < least ? reduction[i] : least;
    }
  g->most = most;
  g->least = least;
}

double
mix_reduction_gain_read (MixReductionGain *g)
{
  double reading = (double)(g->most >= -g->least ? g->most : g->least);
  g->most = g->least = 0;
  return reading;
}

/* The dry path is the same sound at the same time, so that mix is a matter of
 * gain too. 0 dB stays exactly 1. */
void
mix_reduction_gain_run (
    MixReductionGain *g, float *io, bool boosts, unsigned offset, unsigned n)
{
  mix_reduction_gain_note (g, io, boosts, n);
  MixRamp makeup = mix_smoother_ramp (&g->makeup);
  MixRamp mix = mix_smoother_ramp (&g->mix);
  for (unsigned i = 0; i < n; i++)
    io[i] = mix_ramp_at (makeup, offset + i) - io[i];
  g->kernels->gain_from_db (io, io, n);
  if (mix_ramp_is_constant (mix, 1))
    return; /* as nearly always */
  for (unsigned i = 0; i < n; i++)
    io[i] = 1 + mix_ramp_at (mix, offset + i) * (io[i] - 1);
}
