/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is done to the wet sound of each slot at last: width, low cut and high
 * cut, the meter. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/cut.h"
#include "../../parts/cut_fade.h"
#include "reverb_block.h"
#include "reverb_params.h"
#include "wet_routing.h"

typedef struct {
  MixCutFade control;
  MixCutDesign design;
  MixCut state[MIX_MAX_CHANNELS];
} MixWetCut;

typedef struct {
  const MixKernels *kernels;
  unsigned rate, slots;
  MixSmoother mid, side; /* gains */
  MixWetCut low, high;
  float peak; /* since the last read */
} MixWetOutput;

void mix_wet_output_prepare (MixWetOutput *output, const MixWetRouting *routing,
    unsigned rate, double smooth_ms);
void mix_wet_output_set (MixWetOutput *output, const MixReverbParams *params);
void mix_wet_output_reset (MixWetOutput *output);

/* Once a block; true when anything moves in it. */
bool mix_wet_output_tick (MixWetOutput *output);

/* A block of a stereo pair, before the rest. */
void mix_wet_output_widen (
    const MixWetOutput *output, float *left, float *right);
void mix_wet_output_finish (MixWetOutput *output, unsigned slot, float *io);

/* The largest sample since the last read. */
float mix_wet_output_read (MixWetOutput *output);
