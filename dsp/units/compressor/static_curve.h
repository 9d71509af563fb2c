/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The static curve of the compressor (parts/gain_curve.h) over time: its
 * parameters are smoothed, and within a tick the reduction goes in a straight
 * line from the curve at the tick's start to that at its end. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/gain_curve.h"
#include "../../parts/smoother.h"
#include "compressor_params.h"

typedef struct {
  const MixKernels *kernels;
  MixSmoother threshold, slope, knee, range, floor; /* slope: 1 - 1 / ratio */
  bool down, up;
  MixGainCurve start, end; /* of the tick */
  bool moves;              /* they differ */
  float onset;             /* see mix_comp_curve_onset() */
} MixCompCurve;

void mix_comp_curve_prepare (MixCompCurve *curve, unsigned rate);
void mix_comp_curve_set (MixCompCurve *curve, const MixCompParams *params);
/* Once a tick. `jump`: the new curve holds from the tick's start on. */
void mix_comp_curve_tick (MixCompCurve *curve, bool jump);
/* Stands at its targets. */
void mix_comp_curve_reset (MixCompCurve *curve);
bool mix_comp_curve_is_still (const MixCompCurve *curve);

/* A gain: the start of the knee in this tick; no sample below it is reduced. */
static inline float
mix_comp_curve_onset (const MixCompCurve *curve)
{
  return curve->onset;
}

/* For the power of n frames that begin `offset` frames into the tick, at most
 * MIX_DETECTOR_SPAN: the reduction in dB, in place; and unless `least` is NULL
 * there the lower bound of the reduction, see gain_computer.h. */
void mix_comp_curve_run (const MixCompCurve *curve, float *io, float *least,
    unsigned offset, unsigned n);
/* Power becomes the share of a boost that the floor leaves, in place. */
void mix_comp_curve_run_share (
    const MixCompCurve *curve, float *io, unsigned offset, unsigned n);

/* The reduction in dB of a full-scale sine with these settings. */
double mix_comp_full_scale_reduction (const MixCompParams *params);
