/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readings of the imager: correlation and width over an exponential window.
 * With mid and side, sum L R = M^2 - S^2 and sum L^2, R^2 = M^2 + S^2 +- 2 M S,
 * so both follow from three sums. Realtime-safe.
 */
#pragma once

#include "../../base/tick.h"
#include "../../kernels/kernels.h"

/* The highest width, in percent. */
#define MIX_IMAGER_WIDEST 1000.0

typedef struct {
  const MixKernels *kernels;
  float decay; /* a tick */
  MixPairPowers in, out;
} MixImagerMeter;

void mix_imager_meter_prepare (MixImagerMeter *meter, unsigned rate);

void mix_imager_meter_reset (MixImagerMeter *meter);

/* Takes in a tick of a pair. */
static inline void
mix_imager_meter_measure (
    MixImagerMeter *meter, const float *const in[2], float *const out[2])
{
  meter->kernels->pair_powers (
      in[0], in[1], meter->decay, &meter->in, MIX_TICK);
  meter->kernels->pair_powers (
      out[0], out[1], meter->decay, &meter->out, MIX_TICK);
}

/* Of the output; 0 when left or right is silent. */
double mix_imager_meter_correlation (const MixImagerMeter *meter);

/* RMS of the side relative to the mid in percent, up to MIX_IMAGER_WIDEST. */
double mix_imager_meter_width_in (const MixImagerMeter *meter);
double mix_imager_meter_width_out (const MixImagerMeter *meter);
