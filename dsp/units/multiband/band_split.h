/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the input to bands: the crossover in minimum or linear phase, set by the
 * parameters. Realtime-safe but for mix_band_split_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "multiband_params.h"

/* stand-in */
typedef struct {
  double z[4];
} MixStandInLr;
typedef struct {
  double low[MIX_MULTIBAND_CORNERS][8], high[MIX_MULTIBAND_CORNERS][8];
} MixBandSplitState_;

typedef struct {
  unsigned rate, channels;
  unsigned bands;
  double corners[MIX_MULTIBAND_CORNERS];
  double c[MIX_MULTIBAND_CORNERS][8];
  double *state;
} MixBandSplit;

void mix_band_split_prepare (MixBandSplit *s, const MixFormat *format,
    const MixMultibandParams *params, MixArena *arena);
/* Takes new parameters, at the start of a tick. */
void mix_band_split_set (MixBandSplit *s, const MixMultibandParams *params);
void mix_band_split_tick (MixBandSplit *s);
/* Without history, at the targets. */
void mix_band_split_reset (MixBandSplit *s);
bool mix_band_split_is_still (const MixBandSplit *s);

/* Frames by which the bands lag. */
unsigned mix_band_split_latency (const MixBandSplit *s);

/* How many there are. */
static inline unsigned
mix_band_split_bands (const MixBandSplit *s)
{
  return s->bands;
}

/* n frames of a channel, that begin `offset` frames into the tick, become the
 * rows bands[0] …. */
void mix_band_split_run (MixBandSplit *s, unsigned channel, const float *in,
    float *const *bands, unsigned offset, unsigned n);
