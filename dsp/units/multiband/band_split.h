/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the input to bands: the crossover, in minimum or linear phase, as the
 * parameters say. Realtime-safe but for mix_band_split_prepare.
 */
#pragma once

#include "linear_split.h"
#include "minimum_split.h"

typedef struct {
  unsigned rate;
  bool is_linear; /* one of the two is prepared */
  MixMinimumSplit minimum;
  MixLinearSplit linear;
} MixBandSplit;

/* The phase is that of these parameters from now on. */
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

/* How many there are in this tick. */
unsigned mix_band_split_bands (const MixBandSplit *s);

/* n frames of all channels, that begin `offset` frames into the tick. */
void mix_band_split_run (MixBandSplit *s, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n);
