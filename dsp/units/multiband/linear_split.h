/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The crossover in linear phase: a FIR filter for each band but the highest,
 * run by the partitioned convolver, which transforms the input once for all
 * bands. The highest band is the delayed input less the others, so that the sum
 * of all bands is a delay, whatever the filters are.
 *
 * Latency: a power of two of frames. One block of it is gathered as input; the
 * filters' centre lies the other blocks behind. New corners, slopes and numbers
 * of bands take effect by a cross-fade to filters designed anew; the next
 * change waits for its end. Realtime-safe but for mix_linear_split_prepare.
 */
#pragma once

#include "split_design.h"
#include "split_filters.h"

typedef struct {
  MixSplitShape shape;
  double corners[MIX_MULTIBAND_CORNERS];
} MixSplitSettings;

/* A set of filters, and what it makes of the current block. */
typedef struct {
  unsigned bands;
  float *filter[MIX_MULTIBAND_CORNERS];
  float *block[MIX_MULTIBAND_MOST]; /* channel after channel */
} MixLinearSet;

typedef struct {
  unsigned channels, latency, block;
  MixSplitDesign design;
  MixConvolver conv;
  float *conv_table, *conv_work, *sum, *two_blocks;

  MixSplitSettings wanted;
  bool is_outdated; /* the current set has other settings */
  MixLinearSet sets[2];
  unsigned current;

  unsigned fill;     /* frames of the block that is gathered */
  unsigned position; /* its place in the rings */
  float *ring[MIX_MAX_CHANNELS], *history[MIX_MAX_CHANNELS];
  float *dry; /* the block of the delayed input, channel after channel */

  unsigned fade,
      faded;         /* frames of a cross-fade, and done; all: there is none */
  float *fade_curve; /* shares of the other set */
} MixLinearSplit;

void mix_linear_split_prepare (
    MixLinearSplit *s, const MixFormat *format, MixArena *arena);
/* At the start of a tick. */
void mix_linear_split_set (
    MixLinearSplit *s, MixSplitShape shape, const double *corners_hz);
void mix_linear_split_tick (MixLinearSplit *s);
void mix_linear_split_reset (MixLinearSplit *s);
bool mix_linear_split_is_still (const MixLinearSplit *s);

static inline unsigned
mix_linear_split_latency (const MixLinearSplit *s)
{
  return s->latency;
}

/* How many bands there are; those of both sets during a cross-fade. */
unsigned mix_linear_split_bands (const MixLinearSplit *s);

void mix_linear_split_run (MixLinearSplit *s, const MixBandRows *to,
    const float *const *in, unsigned n);
