/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guard.h"

/* In sums of squares over a tick, −100 dBFS: the guard does nothing below. */
#define SILENT (MIX_TICK * 1e-10)

/* The lowest gain, so that a signal which is side only is not muted. */
#define LOWEST 0.1

#define POWER_MS 40.0
#define GAIN_MS 10

void
mix_imager_guard_prepare (MixImagerGuard *guard, unsigned rate)
{
  guard->decay = mix_decay_per_frames (POWER_MS, MIX_TICK, rate);
  mix_smoother_prepare (&guard->gain, rate, GAIN_MS);
}

void
mix_imager_guard_reset (MixImagerGuard *guard)
{
  for (unsigned i = 0; i < 2; i++)
    guard->mid[i] = guard->side[i] = 0;
  mix_smoother_set (&guard->gain, 1);
  mix_smoother_snap (&guard->gain);
}

bool
mix_imager_guard_tick (MixImagerGuard *guard)
{
  mix_smoother_tick (&guard->gain);
  return mix_imager_guard_acts (guard);
}

static double
smooth (double power[2], double now, double decay)
{
  power[0] = now + (power[0] - now) * decay;
  power[1] = power[0] + (power[1] - power[0]) * decay;
  return power[1];
}

void
mix_imager_guard_measure (
    MixImagerGuard *guard, double mid, double side, bool on)
{
  double most = SILENT + smooth (guard->mid, mid, guard->decay);
  double now = SILENT + smooth (guard->side, side, guard->decay);
  double gain = on && now > most ? sqrt (most / now) : 1;
  mix_smoother_set (&guard->gain, fmax (gain, LOWEST));
}

/* The gain belongs to the column of the side. */
MixBlend
mix_imager_guard_apply (const MixImagerGuard *guard, MixBlend join)
{
  const MixSmoother *gain = &guard->gain;
  for (unsigned i = 1; i < 4; i += 2) {
    float end = join.from[i] + join.slope[i] * MIX_TICK;
    join.from[i] *= (float)gain->from;
    join.slope[i] = (end * (float)gain->to - join.from[i]) * (1.f / MIX_TICK);
  }
  return join;
}
