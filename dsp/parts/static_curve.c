/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "static_curve.h"

#include <string.h>

#include "detector.h"

#define SMOOTHING_MS 5.0
/* The floor moves the whole boost within 12 dB. */
#define FLOOR_SMOOTHING_MS 30.0

/* A boost that falls at the speed of the attack would meet an onset at its full
 * height. So no boost is ever more than this beyond what the curve gives to the
 * level (dB). */
#define MOST_EXTRA_BOOST 1.0f

/* ---- Control ------------------------------------------------------------ */

void
mix_static_curve_prepare (MixStaticCurve *curve, unsigned rate)
{
  *curve = (MixStaticCurve){ .kernels = mix_kernels () };
  mix_smoother_prepare (&curve->threshold, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->slope, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->knee, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->range, rate, SMOOTHING_MS);
  mix_smoother_prepare (&curve->floor, rate, FLOOR_SMOOTHING_MS);
}

static double
slope_from_ratio (double ratio)
{
  return ratio >= MIX_CURVE_INFINITE_RATIO ? 1 : 1 - 1 / ratio;
}

void
mix_static_curve_set (MixStaticCurve *curve, const MixStaticCurveParams *p)
{
  mix_smoother_set (&curve->threshold, p->threshold_db);
  mix_smoother_set (&curve->slope, slope_from_ratio (p->ratio));
  mix_smoother_set (&curve->knee, p->knee_db);
  mix_smoother_set (&curve->range, p->range_db);
  mix_smoother_set (&curve->floor, p->floor_db);
  curve->down = p->mode != MIX_CURVE_UPWARD;
  curve->up = p->mode != MIX_CURVE_DOWNWARD;
}

static void
update (MixStaticCurve *curve, bool jump)
{
  MixGainCurve end
      = mix_gain_curve (curve->threshold.to, curve->knee.to, curve->slope.to,
          curve->range.to, curve->floor.to, curve->down, curve->up);
  curve->start = jump ? end : curve->end;
  curve->end = end;
  curve->moves = memcmp (&curve->start, &curve->end, sizeof end) != 0;
  double onset_db = fmin (
      mix_gain_curve_start (&curve->start), mix_gain_curve_start (&curve->end));
  curve->onset = (float)mix_gain_from_db (onset_db);
}

void
mix_static_curve_tick (MixStaticCurve *curve, bool jump)
{
  mix_smoother_tick (&curve->threshold);
  mix_smoother_tick (&curve->slope);
  mix_smoother_tick (&curve->knee);
  mix_smoother_tick (&curve->range);
  mix_smoother_tick (&curve->floor);
  update (curve, jump);
}

void
mix_static_curve_reset (MixStaticCurve *curve)
{
  mix_smoother_snap (&curve->threshold);
  mix_smoother_snap (&curve->slope);
  mix_smoother_snap (&curve->knee);
  mix_smoother_snap (&curve->range);
  mix_smoother_snap (&curve->floor);
  update (curve, true);
}

bool
mix_static_curve_is_still (const MixStaticCurve *curve)
{
  return !curve->moves && mix_smoother_is_still (&curve->threshold)
         && mix_smoother_is_still (&curve->slope)
         && mix_smoother_is_still (&curve->knee)
         && mix_smoother_is_still (&curve->range)
         && mix_smoother_is_still (&curve->floor);
}

double
mix_full_scale_reduction (const MixStaticCurveParams *p)
{
  MixGainCurve curve = mix_gain_curve (p->threshold_db, p->knee_db,
      slope_from_ratio (p->ratio), p->range_db, p->floor_db,
      p->mode != MIX_CURVE_UPWARD, false);
  return mix_gain_curve_down (&curve, 0);
}

/* ---- Levels ------------------------------------------------------------- */

/* A power in dB, as the kernel gives it, is twice the level. */
#define LEVEL 0.5f

/* From the values at the tick's start to those at its end. */
static void
blend (float *io, const float *end, unsigned offset, unsigned n)
{
  const MixRamp share = { 0, 1.0f / MIX_TICK };
  for (unsigned i = 0; i < n; i++)
    io[i] += (end[i] - io[i]) * mix_ramp_at (share, offset + i);
}

void
mix_static_curve_run (const MixStaticCurve *curve, float *io, float *least,
    unsigned offset, unsigned n)
{
  float db[MIX_DETECTOR_SPAN], end[MIX_DETECTOR_SPAN];
  curve->kernels->db_from_gain (db, io, n);
  mix_gain_curve_run (&curve->start, io, db, LEVEL, n);
  if (curve->moves) {
    mix_gain_curve_run (&curve->end, end, db, LEVEL, n);
    blend (io, end, offset, n);
  }
  if (!least)
    return;
  mix_gain_curve_run_least (
      &curve->start, least, db, LEVEL, MOST_EXTRA_BOOST, n);
  if (curve->moves) {
    mix_gain_curve_run_least (&curve->end, end, db, LEVEL, MOST_EXTRA_BOOST, n);
    blend (least, end, offset, n);
  }
}

void
mix_static_curve_run_share (
    const MixStaticCurve *curve, float *io, unsigned offset, unsigned n)
{
  float db[MIX_DETECTOR_SPAN], end[MIX_DETECTOR_SPAN];
  curve->kernels->db_from_gain (db, io, n);
  mix_gain_curve_run_open (&curve->start, io, db, LEVEL, n);
  if (!curve->moves)
    return;
  mix_gain_curve_run_open (&curve->end, end, db, LEVEL, n);
  blend (io, end, offset, n);
}
