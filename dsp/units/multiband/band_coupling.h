/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ties the reductions of the bands together, each in dB:
 *
 *   couple   r'[b] = r[b] + couple (r'[b - 1] - r[b]), from the lowest band up
 *   gate     r''[b] = r'[b] + share (mean - r'[b])
 *
 * Bands that are not enabled follow nothing, and have no part in the mean.
 * Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"
#include "multiband_params.h"

typedef struct {
  MixSmoother couple;                      /* 0 … 1 */
  MixSmoother follows[MIX_MULTIBAND_MOST]; /* 1: enabled, 0: not */
} MixBandCoupling;

void mix_band_coupling_prepare (MixBandCoupling *k, unsigned rate);
void mix_band_coupling_set (
    MixBandCoupling *k, const MixMultibandParams *params);
void mix_band_coupling_tick (MixBandCoupling *k);
void mix_band_coupling_reset (MixBandCoupling *k);
bool mix_band_coupling_is_still (const MixBandCoupling *k);

/* Reductions of n frames, at most MIX_DETECTOR_SPAN, a row for each band, in
 * place. `gate` is the share of the gate in this tick. */
void mix_band_coupling_run (const MixBandCoupling *k, float *const *reduction,
    unsigned bands, MixRamp gate, unsigned offset, unsigned n);
