/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output_gain.h"

#include "static_curve.h"

#define SMOOTHING_MS 5.0

void
mix_comp_output_gain_prepare (MixCompOutputGain *g, unsigned rate)
{
  *g = (MixCompOutputGain){ .kernels = mix_kernels () };
  mix_smoother_prepare (&g->makeup, rate, SMOOTHING_MS);
  mix_smoother_prepare (&g->mix, rate, SMOOTHING_MS);
}

/* Half of what a full-scale sine loses. Programme has its peaks between the
 * threshold and full scale: the whole of it would send all that the attack
 * lets through over full scale. */
static double
auto_makeup_db (const MixCompParams *p)
{
  return 0.5 * mix_comp_full_scale_reduction (p);
}

void
mix_comp_output_gain_set (MixCompOutputGain *g, const MixCompParams *p)
{
  mix_smoother_set (
      &g->makeup, p->makeup_db + (p->auto_makeup ? auto_makeup_db (p) : 0));
  mix_smoother_set (&g->mix, p->mix_percent / 100);
}

void
mix_comp_output_gain_tick (MixCompOutputGain *g)
{
  mix_smoother_tick (&g->makeup);
  mix_smoother_tick (&g->mix);
}

void
mix_comp_output_gain_reset (MixCompOutputGain *g)
{
  mix_smoother_snap (&g->makeup);
  mix_smoother_snap (&g->mix);
  g->most = g->least = 0;
}

bool
mix_comp_output_gain_is_still (const MixCompOutputGain *g)
{
  return mix_smoother_is_still (&g->makeup) && mix_smoother_is_still (&g->mix);
}

void
mix_comp_output_gain_note (
    MixCompOutputGain *g, const float *reduction, bool boosts, unsigned n)
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
mix_comp_output_gain_read (MixCompOutputGain *g)
{
  double reading = (double)(g->most >= -g->least ? g->most : g->least);
  g->most = g->least = 0;
  return reading;
}

/* The dry path is the same sound at the same time, so that mix is a matter of
 * gain too. 0 dB stays exactly 1. */
void
mix_comp_output_gain_run (
    MixCompOutputGain *g, float *io, bool boosts, unsigned offset, unsigned n)
{
  mix_comp_output_gain_note (g, io, boosts, n);
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
