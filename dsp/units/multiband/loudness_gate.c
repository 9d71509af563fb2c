/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loudness_gate.h"

#include "../../base/maths.h"

#define CLOSING_MS 1000.0
#define OPENING_MS 50.0
/* So near to its end it is there. */
#define NEAR 1e-4

void
mix_loudness_gate_prepare (MixLoudnessGate *g, const MixFormat *format)
{
  *g = (MixLoudnessGate){
    .closing = mix_decay_per_frames (CLOSING_MS, MIX_TICK, format->rate),
    .opening = mix_decay_per_frames (OPENING_MS, MIX_TICK, format->rate),
  };
  mix_weighted_power_prepare (&g->power, format);
  mix_loudness_prepare (&g->loudness, format->rate, NULL);
}

static void
forget (MixLoudnessGate *g)
{
  mix_weighted_power_reset (&g->power);
  mix_loudness_reset (&g->loudness);
}

void
mix_loudness_gate_set (MixLoudnessGate *g, bool is_on, double lufs)
{
  if (is_on && !g->is_on)
    forget (g);
  g->is_on = is_on;
  /* LUFS = -0.691 + 10 log10 (power), BS.1770-5 eq. 2 */
  g->threshold = pow (10, (lufs + 0.691) / 10);
}

void
mix_loudness_gate_tick (MixLoudnessGate *g)
{
  bool closes
      = g->is_on && mix_loudness_momentary (&g->loudness) < g->threshold;
  double to = closes ? 1 : 0, decay = closes ? g->closing : g->opening;
  double share = to + (g->share.to - to) * decay;
  mix_smoother_tick_to (&g->share, fabs (share - to) < NEAR ? to : share);
}

void
mix_loudness_gate_reset (MixLoudnessGate *g)
{
  forget (g);
  mix_smoother_set (&g->share, 0);
  mix_smoother_snap (&g->share);
}

bool
mix_loudness_gate_is_still (const MixLoudnessGate *g)
{
  return !g->is_on && g->share.from == 0 && g->share.to == 0;
}

void
mix_loudness_gate_run (MixLoudnessGate *g, const float *const *in, unsigned n)
{
  MixPlainPower plain = { 0 };
  for (unsigned at = 0, count; g->is_on && at < n; at += count) {
    count = mix_min (n - at, mix_loudness_left (&g->loudness));
    mix_weighted_power_run (&g->power, in, at, count, &plain);
    if (mix_loudness_advance (&g->loudness, count))
      mix_loudness_step (&g->loudness, mix_weighted_power_take (&g->power));
  }
}
