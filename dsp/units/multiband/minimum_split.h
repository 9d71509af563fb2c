/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The crossover in minimum phase. Its corners glide; when its shape changes
 * (the number of bands, the slope), another set of filters runs in for some
 * milliseconds and the bands then cross-fade to it. Changes in the meantime
 * wait. Realtime-safe but for mix_minimum_split_prepare.
 */
#pragma once

#include "split_filters.h"

typedef struct {
  MixSplitFilters filters[2];
  unsigned current;    /* of them */
  MixSplitShape shape; /* wanted */
  double corners[MIX_MULTIBAND_CORNERS];
  unsigned run_in, fade; /* ticks that these take */
  unsigned ticks;        /* of the change done; 0: there is none */
  MixRamp share;         /* of the other filters, in this tick */
  MixBandRows other;     /* its bands */
} MixMinimumSplit;

void mix_minimum_split_prepare (
    MixMinimumSplit *s, const MixFormat *format, MixArena *arena);
/* At the start of a tick. */
void mix_minimum_split_set (
    MixMinimumSplit *s, MixSplitShape shape, const double *corners_hz);
void mix_minimum_split_tick (MixMinimumSplit *s);
void mix_minimum_split_reset (MixMinimumSplit *s);
bool mix_minimum_split_is_still (const MixMinimumSplit *s);

/* How many bands there are; those of both sets of filters during a change. */
unsigned mix_minimum_split_bands (const MixMinimumSplit *s);

void mix_minimum_split_run (MixMinimumSplit *s, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n);
