/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Correlation and width. With mid and side, sum L R = M^2 - S^2 and
 * sum L^2, R^2 = M^2 + S^2 +- 2 M S: three sums tell all. The correlation is
 * under 0 exactly where the side has more power than the mid, so the guard
 * knows the gain that brings it to 0: sqrt (M^2 / S^2).
 */
#include "imager.h"

/* In sums of squares over a tick: under -100 dBFS nothing is guarded, and under
 * -200 dBFS nothing told. */
#define SILENT (MIX_TICK * 1e-10)
#define MUTE (MIX_TICK * 1e-20)

/* The guard lowers the side by so much at most: what is nothing but side is
 * not silenced. */
#define LOWEST 0.1

#define GUARD_SMOOTH_MS 10

double
mix_imager_correlation (const MixPairPowers *powers)
{
  double mid = mix_sum_of_lanes (powers->mid);
  double side = mix_sum_of_lanes (powers->side);
  double product = mix_sum_of_lanes (powers->product);
  double left = mid + side + 2 * product, right = mid + side - 2 * product;
  double less = fmin (left, right), more = fmax (left, right);
  if (less < MUTE || less < 1e-6 * more)
    return 0;
  return mix_clamp ((mid - side) / (sqrt (left) * sqrt (right)), -1, 1);
}

double
mix_imager_width (const MixPairPowers *powers)
{
  const double most = MIX_IMAGER_WIDEST / 100;
  double mid = mix_sum_of_lanes (powers->mid);
  double side = mix_sum_of_lanes (powers->side);
  if (mid + side < MUTE)
    return 0;
  return 100 * (side < most * most * mid ? sqrt (side / mid) : most);
}

void
mix_imager_guard_prepare (MixImagerGuard *guard, unsigned rate)
{
  mix_smoother_prepare (&guard->gain, rate, GUARD_SMOOTH_MS);
}

void
mix_imager_guard_reset (MixImagerGuard *guard)
{
  for (unsigned i = 0; i < 2; i++)
    guard->mid[i] = guard->side[i] = 0;
  mix_smoother_set (&guard->gain, 1);
  mix_smoother_snap (&guard->gain);
}

static double
follow (double power[2], double now, double decay)
{
  power[0] = now + (power[0] - now) * decay;
  power[1] = power[0] + (power[1] - power[0]) * decay;
  return power[1];
}

void
mix_imager_guard_add (
    MixImagerGuard *guard, double mid, double side, double decay, bool is_on)
{
  double most = SILENT + follow (guard->mid, mid, decay);
  double now = SILENT + follow (guard->side, side, decay);
  double gain = is_on && now > most ? sqrt (most / now) : 1;
  mix_smoother_set (&guard->gain, fmax (gain, LOWEST));
}
