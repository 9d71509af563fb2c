/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Correlation and width. With mid and side, sum L R = M^2 - S^2 and
 * sum L^2, R^2 = M^2 + S^2 +- 2 M S: three sums tell all. The correlation is
 * under 0 exactly where the side has more power than the mid, so the guard
 * knows the gain that brings it to 0: sqrt (M^2 / S^2).
 */
#include "imager.h"

/* Powers in a tick's sum: under -100 dBFS nothing is guarded or told. */
#define SILENT (MIX_TICK * 1e-10)

/* The guard lowers the side by so much at most: what is nothing but side is
 * not silenced. */
#define LOWEST 0.1

#define GUARD_SMOOTH_MS 10

void
mix_imager_meter_add (
    MixImagerMeter *meter, const MixPairPowers *powers, double decay)
{
  meter->mid = powers->mid + (meter->mid - powers->mid) * decay;
  meter->side = powers->side + (meter->side - powers->side) * decay;
  meter->product = powers->product + (meter->product - powers->product) * decay;
}

double
mix_imager_meter_correlation (const MixImagerMeter *meter)
{
  double sum = meter->mid + meter->side;
  double left = sum + 2 * meter->product, right = sum - 2 * meter->product;
  if (left < SILENT * 1e-10 || right < SILENT * 1e-10 || left < 1e-6 * right
      || right < 1e-6 * left)
    return 0;
  return mix_clamp (
      (meter->mid - meter->side) / (sqrt (left) * sqrt (right)), -1, 1);
}

double
mix_imager_meter_width (const MixImagerMeter *meter)
{
  const double most = MIX_IMAGER_WIDEST / 100;
  if (meter->mid + meter->side < SILENT * 1e-10)
    return 0;
  if (meter->side >= most * most * meter->mid)
    return MIX_IMAGER_WIDEST;
  return 100 * sqrt (meter->side / meter->mid);
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
