/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static curve of a compressor: how many dB a level is turned down.
 *
 * With o = level - threshold, a knee of W dB and s = 1 - 1 / ratio, downward
 * compression takes s * k (o), where k is 0 up to -W/2, o from W/2 on and
 * (o + W/2)² / 2W between (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital
 * Dynamic Range Compressor Design", JAES 60, 2012, eq. 4). Upward compression
 * is its mirror image and gives s * k (-o).
 *
 * A boost has two limits of its own, as silence must not become noise:
 * MIX_CURVE_MOST_BOOST, and one dB for each dB above MIX_CURVE_FLOOR. So the
 * whole boost is there down to -60 dBFS, and nothing at the floor.
 *
 * Realtime-safe, no errors.
 */
#pragma once

#include <math.h>
#include <stdbool.h>

#include "../base/maths.h"

#define MIX_CURVE_MOST_BOOST 24.0 /* dB */
#define MIX_CURVE_FLOOR -84.0     /* dBFS */

typedef struct {
  float threshold;    /* dB */
  float half_knee;    /* W / 2 in dB */
  float knee_scale;   /* 1 / 2W, 0 for a hard knee */
  float down, up;     /* s, or 0 for a direction that is off */
  float range, boost; /* the most of either, dB */
} MixGainCurve;

/* `slope` is 1 - 1 / ratio; `range` limits both directions. */
static inline MixGainCurve
mix_gain_curve (double threshold, double knee, double slope, double range,
    bool down, bool up)
{
  return (MixGainCurve){
    .threshold = (float)threshold,
    .half_knee = (float)(knee / 2),
    .knee_scale = knee > 1e-3 ? (float)(0.5 / knee) : 0,
    .down = down ? (float)slope : 0,
    .up = up ? (float)slope : 0,
    .range = (float)range,
    .boost = (float)fmin (range, MIX_CURVE_MOST_BOOST),
  };
}

/* The level from which on downward compression does anything. */
static inline double
mix_gain_curve_start (const MixGainCurve *curve)
{
  return (double)curve->threshold - (double)curve->half_knee;
}

/* k (o) */
static inline float
mix_gain_curve_knee_ (const MixGainCurve *curve, float over)
{
  float into = mix_larger (over + curve->half_knee, 0);
  into = mix_smaller (into, 2 * curve->half_knee);
  return into * into * curve->knee_scale
         + mix_larger (over - curve->half_knee, 0);
}

/* Reduction in dB, negative for a boost. */
static inline float
mix_gain_curve_down (const MixGainCurve *curve, float level)
{
  float k = mix_gain_curve_knee_ (curve, level - curve->threshold);
  return mix_smaller (curve->down * k, curve->range);
}

static inline float
mix_gain_curve_both (const MixGainCurve *curve, float level)
{
  float k = mix_gain_curve_knee_ (curve, curve->threshold - level);
  float lift = mix_smaller (curve->up * k, curve->boost);
  lift = mix_smaller (lift, mix_larger (level - (float)MIX_CURVE_FLOOR, 0));
  return mix_gain_curve_down (curve, level) - lift;
}

/* out = reduction for `scale` times each of `level`. */
static inline void
mix_gain_curve_run (const MixGainCurve *curve, float *restrict out,
    const float *restrict level, float scale, unsigned n)
{
  const MixGainCurve c = *curve;
  if (c.up == 0)
    for (unsigned i = 0; i < n; i++)
      out[i] = mix_gain_curve_down (&c, level[i] * scale);
  else
    for (unsigned i = 0; i < n; i++)
      out[i] = mix_gain_curve_both (&c, level[i] * scale);
}
