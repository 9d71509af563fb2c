/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static curve of a compressor: the gain reduction in dB for a level.
 *
 * With o = level - threshold, a knee of W dB and s = 1 - 1 / ratio, downward
 * compression takes s * k (o), where k is 0 up to -W/2, o from W/2 on and
 * (o + W/2)² / 2W between (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital
 * Dynamic Range Compressor Design", JAES 60, 2012, eq. 4). Upward compression
 * is its mirror image and gives s * k (-o).
 *
 * A boost is at most MIX_CURVE_MOST_BOOST. Below a floor there is none, so that
 * room noise between words is not raised; within MIX_CURVE_FADE above the floor
 * a share of the boost rises from 0 to 1, on a cubic without corners. The share
 * is given apart from the boost, as the two may move at different speeds. The
 * share rises with the level and the boost falls by less than 1 dB per dB, so
 * the output level never falls when the input level rises.
 *
 * Realtime-safe, no errors.
 */
#pragma once

#include <math.h>
#include <stdbool.h>

#include "../base/maths.h"

#define MIX_CURVE_MOST_BOOST 24.0 /* dB */
#define MIX_CURVE_FADE 12.0       /* dB */

typedef struct {
  float threshold;    /* dB */
  float half_knee;    /* W / 2 in dB */
  float knee_scale;   /* 1 / 2W, 0 for a hard knee */
  float down, up;     /* s, or 0 for a direction that is off */
  float range, boost; /* the largest reduction and boost, dB */
  float floor;        /* dB */
} MixGainCurve;

/* `slope` is 1 - 1 / ratio; `range` limits both directions. */
static inline MixGainCurve
mix_gain_curve (double threshold, double knee, double slope, double range,
    double floor, bool down, bool up)
{
  return (MixGainCurve){
    .threshold = (float)threshold,
    .half_knee = (float)(knee / 2),
    .knee_scale = knee > 1e-3 ? (float)(0.5 / knee) : 0,
    .down = down ? (float)slope : 0,
    .up = up ? (float)slope : 0,
    .range = (float)range,
    .boost = (float)fmin (range, MIX_CURVE_MOST_BOOST),
    .floor = (float)floor,
  };
}

/* The level at which downward compression begins. */
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

/* Reduction in dB. */
static inline float
mix_gain_curve_down (const MixGainCurve *curve, float level)
{
  float k = mix_gain_curve_knee_ (curve, level - curve->threshold);
  return mix_smaller (curve->down * k, curve->range);
}

/* Boost in dB without the floor. */
static inline float
mix_gain_curve_lift (const MixGainCurve *curve, float level)
{
  float k = mix_gain_curve_knee_ (curve, curve->threshold - level);
  return mix_smaller (curve->up * k, curve->boost);
}

/* The share of the boost that the floor leaves. */
static inline float
mix_gain_curve_open (const MixGainCurve *curve, float level)
{
  float into = (level - curve->floor) * (float)(1 / MIX_CURVE_FADE);
  into = mix_smaller (mix_larger (into, 0), 1);
  return into * into * (3 - 2 * into);
}

/* Reduction in dB, negative for a boost. */
static inline float
mix_gain_curve_both (const MixGainCurve *curve, float level)
{
  return mix_gain_curve_down (curve, level)
         - mix_gain_curve_lift (curve, level);
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

/* out = share of the boost for `scale` times each of `level`. */
static inline void
mix_gain_curve_run_open (const MixGainCurve *curve, float *restrict out,
    const float *restrict level, float scale, unsigned n)
{
  const MixGainCurve c = *curve;
  for (unsigned i = 0; i < n; i++)
    out[i] = mix_gain_curve_open (&c, level[i] * scale);
}

/* out = reduction of a boost that is `more` dB beyond that of the curve, for
 * `scale` times each of `level`. */
static inline void
mix_gain_curve_run_least (const MixGainCurve *curve, float *restrict out,
    const float *restrict level, float scale, float more, unsigned n)
{
  const MixGainCurve c = *curve;
  for (unsigned i = 0; i < n; i++)
    out[i] = -mix_gain_curve_lift (&c, level[i] * scale) - more;
}
