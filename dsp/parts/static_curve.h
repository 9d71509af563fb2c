/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static curve of a compressor (gain_curve.h) over time: its
 * parameters are smoothed, and within a tick the reduction goes in a straight
 * line from the curve at the tick's start to that at its end. Realtime-safe.
 */
#pragma once

#include "../kernels/kernels.h"
#include "gain_curve.h"
#include "smoother.h"

/* Of MixStaticCurveParams.mode. */
enum {
  MIX_CURVE_DOWNWARD,
  MIX_CURVE_UPWARD,
  MIX_CURVE_BOTH,
};

/* A ratio of so much or more is infinite. */
#define MIX_CURVE_INFINITE_RATIO 100.0

typedef struct {
  double threshold_db, ratio, knee_db;
  int mode;
  double range_db; /* the most that the gain is reduced or raised */
  double floor_db; /* nothing below it is raised */
} MixStaticCurveParams;

typedef struct {
  const MixKernels *kernels;
  MixSmoother threshold, slope, knee, range, floor; /* slope: 1 - 1 / ratio */
  bool down, up;
  MixGainCurve start, end; /* of the tick */
  bool moves;              /* they differ */
  float onset;             /* see mix_static_curve_onset() */
} MixStaticCurve;

void mix_static_curve_prepare (MixStaticCurve *curve, unsigned rate);
void mix_static_curve_set (
    MixStaticCurve *curve, const MixStaticCurveParams *params);
/* Once a tick. `jump`: the new curve holds from the tick's start on. */
void mix_static_curve_tick (MixStaticCurve *curve, bool jump);
/* Stands at its targets. */
void mix_static_curve_reset (MixStaticCurve *curve);
bool mix_static_curve_is_still (const MixStaticCurve *curve);

/* A gain: the start of the knee in this tick; no sample below it is reduced. */
static inline float
mix_static_curve_onset (const MixStaticCurve *curve)
{
  return curve->onset;
}

/* Nothing is reduced or raised in this tick, whatever the level (ratio 1). */
static inline bool
mix_static_curve_is_flat (const MixStaticCurve *curve)
{
  return curve->start.down == 0 && curve->start.up == 0 && curve->end.down == 0
         && curve->end.up == 0;
}

/* For the power of n frames that begin `offset` frames into the tick, at most
 * MIX_DETECTOR_SPAN: the reduction in dB, in place; and unless `least` is NULL
 * there the lower bound of the reduction, see gain_computer.h. */
void mix_static_curve_run (const MixStaticCurve *curve, float *io, float *least,
    unsigned offset, unsigned n);
/* Power becomes the share of a boost that the floor leaves, in place. */
void mix_static_curve_run_share (
    const MixStaticCurve *curve, float *io, unsigned offset, unsigned n);

/* The reduction in dB of a full-scale sine with these settings. */
double mix_full_scale_reduction (const MixStaticCurveParams *params);
