/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From reduction to the gain of a compressor: make-up, mix, and the reading
 * of the reduction. Realtime-safe.
 */
#pragma once

#include "../kernels/kernels.h"
#include "smoother.h"

typedef struct {
  const MixKernels *kernels;
  MixSmoother makeup; /* dB */
  MixSmoother mix;    /* 0 … 1 */
  float most, least;  /* reduction since the last read */
} MixReductionGain;

void mix_reduction_gain_prepare (MixReductionGain *g, unsigned rate);
/* `mix`: 0 … 1, the share of the compressed sound. */
void mix_reduction_gain_set (MixReductionGain *g, double makeup_db, double mix);
void mix_reduction_gain_tick (MixReductionGain *g);
void mix_reduction_gain_reset (MixReductionGain *g);
bool mix_reduction_gain_is_still (const MixReductionGain *g);

/* Reductions (dB) of n frames that begin `offset` frames into the tick become
 * gains, in place. `boosts`: they may be negative. */
void mix_reduction_gain_run (
    MixReductionGain *g, float *io, bool boosts, unsigned offset, unsigned n);

/* The largest reduction or boost since the last time, as a reduction. */
double mix_reduction_gain_read (MixReductionGain *g);
/* Adds reductions to the reading. */
void mix_reduction_gain_note (
    MixReductionGain *g, const float *reduction, bool boosts, unsigned n);
