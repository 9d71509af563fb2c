/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dry_path.h"

#include <string.h>

/* At a distance of 100 %. */
#define FAR_GAIN_DB -15.0
#define FAR_DAMPING_DB -18.0 /* of the highs, far above DAMPING_HZ */
#define DAMPING_HZ 2000.0

void
mix_dry_path_prepare (MixDryPath *dry, unsigned rate, double smooth_ms)
{
  mix_reverb_smoother_prepare (&dry->gain, rate, smooth_ms);
  mix_reverb_smoother_prepare (&dry->damping, rate, smooth_ms);
  dry->keep = (float)exp (-2 * MIX_PI * DAMPING_HZ / rate);
}

void
mix_dry_path_set (MixDryPath *dry, const MixReverbParams *params)
{
  double far = params->distance_percent / 100;
  mix_smoother_set (&dry->gain,
      mix_reverb_gain (params->dry_db) * mix_gain_from_db (far * FAR_GAIN_DB));
  mix_smoother_set (&dry->damping, 1 - mix_gain_from_db (far * FAR_DAMPING_DB));
}

void
mix_dry_path_reset (MixDryPath *dry)
{
  mix_smoother_snap (&dry->gain);
  mix_smoother_snap (&dry->damping);
  memset (dry->low, 0, sizeof dry->low);
}

bool
mix_dry_path_tick (MixDryPath *dry)
{
  bool moves = mix_smoother_tick (&dry->gain);
  return mix_smoother_tick (&dry->damping) || moves;
}

/* A one-pole high shelf. */
static void
damp (MixDryPath *dry, unsigned channel, MixRamp damping, float *restrict out,
    const float *in, unsigned offset, unsigned n)
{
  float low = dry->low[channel], keep = dry->keep;
  for (unsigned i = 0; i < n; i++) {
    float x = in[i];
    low = x + keep * (low - x);
    out[i] = x - mix_ramp_at (damping, offset + i) * (x - low);
  }
  dry->low[channel] = low;
}

void
mix_dry_path_mix (MixDryPath *dry, unsigned channel, float *restrict out,
    const float *in, const float *wet, bool is_only, unsigned offset,
    unsigned n)
{
  MixRamp damping = mix_smoother_ramp_over (&dry->damping, MIX_REVERB_BLOCK);
  MixRamp gain = mix_smoother_ramp_over (&dry->gain, MIX_REVERB_BLOCK);
  if (!mix_ramp_is_constant (damping, 0)) {
    damp (dry, channel, damping, out, in, offset, n);
    for (unsigned i = 0; i < n; i++)
      out[i] = out[i] * mix_ramp_at (gain, offset + i) + wet[i];
  } else if (is_only && mix_ramp_is_constant (gain, 1)) {
    memcpy (out, in, n * sizeof *out);
  } else if (gain.slope != 0) {
    for (unsigned i = 0; i < n; i++)
      out[i] = in[i] * mix_ramp_at (gain, offset + i) + wet[i];
  } else {
    for (unsigned i = 0; i < n; i++)
      out[i] = in[i] * gain.from + wet[i];
  }
}
