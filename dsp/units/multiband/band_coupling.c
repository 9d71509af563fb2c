/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_coupling.h"

#define SMOOTHING_MS 5.0

void
mix_band_coupling_prepare (MixBandCoupling *k, unsigned rate)
{
  mix_smoother_prepare (&k->couple, rate, SMOOTHING_MS);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_smoother_prepare (&k->follows[b], rate, SMOOTHING_MS);
}

void
mix_band_coupling_set (MixBandCoupling *k, const MixMultibandParams *p)
{
  mix_smoother_set (&k->couple, p->couple_percent / 100);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_smoother_set (&k->follows[b], p->bands[b].enabled);
}

void
mix_band_coupling_tick (MixBandCoupling *k)
{
  mix_smoother_tick (&k->couple);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_smoother_tick (&k->follows[b]);
}

void
mix_band_coupling_reset (MixBandCoupling *k)
{
  mix_smoother_snap (&k->couple);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_smoother_snap (&k->follows[b]);
}

bool
mix_band_coupling_is_still (const MixBandCoupling *k)
{
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    if (!mix_smoother_is_still (&k->follows[b]))
      return false;
  return mix_smoother_is_still (&k->couple);
}

/* ---- Spans -------------------------------------------------------------- */

/* io += share follows (to - io) */
static void
approach (float *restrict io, const float *restrict to, MixRamp share,
    MixRamp follows, unsigned offset, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    io[i] += mix_ramp_at (share, offset + i) * mix_ramp_at (follows, offset + i)
             * (to[i] - io[i]);
}

/* Weighted by how far each band follows; without any it does not matter. */
static void
find_mean (const MixBandCoupling *k, float *restrict mean,
    float *const *reduction, unsigned bands, unsigned offset, unsigned n)
{
  float sum[MIX_DETECTOR_SPAN] = { 0 }, weight[MIX_DETECTOR_SPAN] = { 0 };
  for (unsigned b = 0; b < bands; b++) {
    MixRamp follows = mix_smoother_ramp (&k->follows[b]);
    for (unsigned i = 0; i < n; i++) {
      float share = mix_ramp_at (follows, offset + i);
      sum[i] += share * reduction[b][i];
      weight[i] += share;
    }
  }
  for (unsigned i = 0; i < n; i++)
    mean[i] = weight[i] > 0 ? sum[i] / weight[i] : 0;
}

void
mix_band_coupling_run (const MixBandCoupling *k, float *const *reduction,
    unsigned bands, MixRamp gate, unsigned offset, unsigned n)
{
  MixRamp couple = mix_smoother_ramp (&k->couple);
  float mean[MIX_DETECTOR_SPAN];
  if (!mix_ramp_is_constant (couple, 0))
    for (unsigned b = 1; b < bands; b++)
      approach (reduction[b], reduction[b - 1], couple,
          mix_smoother_ramp (&k->follows[b]), offset, n);
  if (mix_ramp_is_constant (gate, 0))
    return;
  find_mean (k, mean, reduction, bands, offset, n);
  for (unsigned b = 0; b < bands; b++)
    approach (reduction[b], mean, gate, mix_smoother_ramp (&k->follows[b]),
        offset, n);
}
