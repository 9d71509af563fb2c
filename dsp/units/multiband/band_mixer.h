/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From reductions to the output: the gain of each band, its width, whether it
 * is heard, and the sum of the bands.
 *
 * The dry path of `mix` is the plain sum of the bands, in phase with the
 * processed one, so that mix is a matter of gains too. With the wet gain g, the
 * width w, the mix m and the share h that is heard, the mid of a stereo pair
 * has the gain h (1 + m (g - 1)) and its side h (1 + m (g w - 1)). Other
 * channels have that of the mid. Realtime-safe.
 */
#pragma once

#include "../../parts/reduction_gain.h"
#include "../../parts/span.h"
#include "multiband_params.h"

typedef struct {
  MixReductionGain gain;
  MixSmoother width; /* 1: as it is */
  MixSmoother heard; /* 0 … 1 */
  float latest;      /* reduction */
} MixMixedBand;

typedef struct {
  MixRoles roles;
  unsigned channels;
  MixSmoother mix;    /* 0 … 1 */
  MixSmoother output; /* dB */
  MixMixedBand bands[MIX_MULTIBAND_MOST];
} MixBandMixer;

void mix_band_mixer_prepare (MixBandMixer *m, const MixFormat *format);
void mix_band_mixer_set (MixBandMixer *m, const MixMultibandParams *params);
void mix_band_mixer_tick (MixBandMixer *m);
void mix_band_mixer_reset (MixBandMixer *m);
bool mix_band_mixer_is_still (const MixBandMixer *m);

/* A span begins: the output is silent. */
void mix_band_mixer_begin (const MixBandMixer *m, const MixSpan *span);
/* Adds a band, whose channels are `rows`. Its reduction (dB) is overwritten. */
void mix_band_mixer_add (MixBandMixer *m, unsigned band, float *const *rows,
    float *reduction, const MixSpan *span);
/* All bands are added: applies the output gain. */
void mix_band_mixer_end (const MixBandMixer *m, const MixSpan *span);

/* The largest reduction or boost of a band since the last time. */
double mix_band_mixer_read (MixBandMixer *m, unsigned band);
