/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate_curve.h"

#define SMOOTHING_MS 5.0

static void
for_each (MixGateCurve *curve, void (*act) (MixSmoother *))
{
  act (&curve->threshold);
  act (&curve->hysteresis);
  act (&curve->slope);
  act (&curve->knee);
  act (&curve->range);
}

void
mix_gate_curve_prepare (MixGateCurve *curve, unsigned rate)
{
  mix_smoother_prepare (&curve->threshold, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->hysteresis, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->slope, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->knee, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->range, rate, SMOOTHING_MS);
}

void
mix_gate_curve_set (MixGateCurve *curve, const MixGateParams *p)
{
  mix_smoother_set (&curve->threshold, p->threshold_db);
  mix_smoother_set (&curve->hysteresis, p->hysteresis_db);
  mix_smoother_set (&curve->slope, p->ratio - 1);
  mix_smoother_set (&curve->knee, p->knee_db);
  mix_smoother_set (&curve->range, p->range_db);
}

static MixGateShape
shape_now (const MixGateCurve *curve)
{
  double knee = curve->knee.to;
  return (MixGateShape){
    .open = (float)curve->threshold.to,
    .close = (float)(curve->threshold.to - curve->hysteresis.to),
    .slope = (float)curve->slope.to,
    .half_knee = (float)(knee / 2),
    .knee_scale = knee > 1e-3 ? (float)(0.5 / knee) : 0,
    .range = (float)curve->range.to,
  };
}

static void
tick (MixSmoother *smoother)
{
  mix_smoother_tick (smoother);
}

void
mix_gate_curve_tick (MixGateCurve *curve)
{
  curve->moves = !mix_gate_curve_is_still (curve);
  curve->start = curve->end;
  if (!curve->moves)
    return;
  for_each (curve, tick);
  curve->end = shape_now (curve);
}

void
mix_gate_curve_reset (MixGateCurve *curve)
{
  for_each (curve, mix_smoother_snap);
  curve->start = curve->end = shape_now (curve);
  curve->moves = false;
}

bool
mix_gate_curve_is_still (const MixGateCurve *curve)
{
  return mix_smoother_is_still (&curve->threshold)
         && mix_smoother_is_still (&curve->hysteresis)
         && mix_smoother_is_still (&curve->slope)
         && mix_smoother_is_still (&curve->knee)
         && mix_smoother_is_still (&curve->range);
}
