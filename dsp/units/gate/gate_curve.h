/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static curve of the gate, a downward expander: with u = threshold -
 * level, a knee of W dB and s = ratio - 1 the reduction is s k (u), where k is
 * 0 up to -W/2, u from W/2 on and (u + W/2)² / 2W between, and at most the
 * range (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range
 * Compressor Design", JAES 60, 2012, eq. 4, turned downwards). While the gate
 * is open the threshold of the curve is lower by the hysteresis.
 *
 * Its parameters are smoothed; within a tick thresholds and reduction go in a
 * straight line from the tick's start to its end. Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"
#include "gate_params.h"

typedef struct {
  float open, close; /* thresholds, dB */
  float slope, half_knee, knee_scale, range;
} MixGateShape;

typedef struct {
  MixSmoother threshold, hysteresis, slope, knee, range;
  MixGateShape start, end; /* of the tick */
  bool moves;              /* they differ */
} MixGateCurve;

void mix_gate_curve_prepare (MixGateCurve *curve, unsigned rate);
void mix_gate_curve_set (MixGateCurve *curve, const MixGateParams *params);
/* Once a tick. */
void mix_gate_curve_tick (MixGateCurve *curve);
/* Stands at its targets. */
void mix_gate_curve_reset (MixGateCurve *curve);
bool mix_gate_curve_is_still (const MixGateCurve *curve);

/* The reduction in dB at a level in dB. */
static inline float
mix_gate_shape_reduction (const MixGateShape *s, bool is_open, float level)
{
  float under = (is_open ? s->close : s->open) - level;
  float into = under + s->half_knee;
  float reduction = under >= s->half_knee ? s->slope * under
                    : into > 0 ? s->slope * s->knee_scale * into * into
                               : 0;
  return reduction < s->range ? reduction : s->range;
}

/* Below this level a closed gate takes all of the range. */
static inline float
mix_gate_shape_bottom (const MixGateShape *s)
{
  float under = s->slope > 0 ? s->range / s->slope : INFINITY;
  return s->open - (under > s->half_knee ? under : s->half_knee) - 0.01f;
}

/* The same at frame `at` of the tick. */
static inline float
mix_gate_curve_reduction (
    const MixGateCurve *curve, bool is_open, float level, unsigned at)
{
  float from = mix_gate_shape_reduction (&curve->start, is_open, level);
  if (!curve->moves)
    return from;
  float to = mix_gate_shape_reduction (&curve->end, is_open, level);
  return from + (to - from) * (float)(int)at * (1.0f / MIX_TICK);
}

/* Whether the gate is open after a level in dB. */
static inline bool
mix_gate_curve_opens (
    const MixGateCurve *curve, bool was_open, float level, unsigned at)
{
  float share = (float)(int)at * (1.0f / MIX_TICK);
  float from = was_open ? curve->start.close : curve->start.open;
  float to = was_open ? curve->end.close : curve->end.open;
  return level >= from + (to - from) * share;
}
