/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From reduction to the gain of the compressor: make-up, mix, and the reading
 * of the reduction. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/smoother.h"
#include "compressor_params.h"

typedef struct {
  const MixKernels *kernels;
  MixSmoother makeup; /* dB, the automatic part included */
  MixSmoother mix;    /* 0 … 1 */
  float most, least;  /* reduction since the last read */
} MixCompOutputGain;

void mix_comp_output_gain_prepare (MixCompOutputGain *g, unsigned rate);
void mix_comp_output_gain_set (
    MixCompOutputGain *g, const MixCompParams *params);
void mix_comp_output_gain_tick (MixCompOutputGain *g);
void mix_comp_output_gain_reset (MixCompOutputGain *g);
bool mix_comp_output_gain_is_still (const MixCompOutputGain *g);

/* Reductions (dB) of n frames that begin `offset` frames into the tick become
 * gains, in place. `boosts`: they may be negative. */
void mix_comp_output_gain_run (
    MixCompOutputGain *g, float *io, bool boosts, unsigned offset, unsigned n);

/* The largest reduction or boost since the last time, as a reduction. */
double mix_comp_output_gain_read (MixCompOutputGain *g);
/* Adds reductions to the reading. */
void mix_comp_output_gain_note (
    MixCompOutputGain *g, const float *reduction, bool boosts, unsigned n);
