/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image_meter.h"

#include "../../base/maths.h"
#include "../../base/tick.h"

#define WINDOW_MS 300.0

/* In sums of squares over a tick, −200 dBFS: silence below. */
#define MUTE (MIX_TICK * 1e-20)

void
mix_imager_meter_prepare (MixImagerMeter *meter, unsigned rate)
{
  *meter = (MixImagerMeter){ .kernels = mix_kernels (),
    .decay = (float)mix_decay_per_frames (WINDOW_MS, MIX_TICK, rate) };
}

void
mix_imager_meter_reset (MixImagerMeter *meter)
{
  meter->in = meter->out = (MixPairPowers){ { 0 }, { 0 }, { 0 } };
}

double
mix_imager_meter_correlation (const MixImagerMeter *meter)
{
  double mid = mix_sum_of_lanes (meter->out.mid);
  double side = mix_sum_of_lanes (meter->out.side);
  double product = mix_sum_of_lanes (meter->out.product);
  double left = mid + side + 2 * product, right = mid + side - 2 * product;
  double less = fmin (left, right), more = fmax (left, right);
  if (less < MUTE || less < 1e-6 * more)
    return 0;
  return mix_clamp ((mid - side) / (sqrt (left) * sqrt (right)), -1, 1);
}

static double
width (const MixPairPowers *powers)
{
  const double most = MIX_IMAGER_WIDEST / 100;
  double mid = mix_sum_of_lanes (powers->mid);
  double side = mix_sum_of_lanes (powers->side);
  if (mid + side < MUTE)
    return 0;
  return 100 * (side < most * most * mid ? sqrt (side / mid) : most);
}

double
mix_imager_meter_width_in (const MixImagerMeter *meter)
{
  return width (&meter->in);
}

double
mix_imager_meter_width_out (const MixImagerMeter *meter)
{
  return width (&meter->out);
}
