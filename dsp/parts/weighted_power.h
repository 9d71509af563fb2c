/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The power that loudness is made of (ITU-R BS.1770-5): each channel through
 * the K-weighting, squared, times the weight of its place, all added up.
 *
 * Channels are filtered two by two, the front pair together; a channel that is
 * left over is its own partner. Realtime-safe but for `prepare`, which only
 * computes.
 */
#pragma once

#include <stdbool.h>

#include "../format.h"
#include "k_weighting.h"

typedef struct {
  MixKWeighting filter;
  unsigned pairs;
  MixPair pair[MIX_MAX_CHANNELS / 2];
  bool has_front; /* pair 0 is front left and right */
  MixKState state[MIX_MAX_CHANNELS / 2];
  unsigned channels;
  double weight[MIX_MAX_CHANNELS]; /* BS.1770's; the owner may change them */
  double power[MIX_MAX_CHANNELS];  /* since it was last taken */
} MixWeightedPower;

/* Weights are those of BS.1770 for the speakers of the format. */
void mix_weighted_power_prepare (MixWeightedPower *w, const MixFormat *format);

/* As if nothing had been heard. */
void mix_weighted_power_reset (MixWeightedPower *w);

/* Surround channels 1.41, LFE 0 (see mix_format_is_lfe), all others 1. */
double mix_weighted_power_of_channel (
    const MixFormat *format, unsigned channel);

/* Adds frames `at` … `at + n`, one after the other: cutting them does not move
 * a bit. By the way adds up the plain squares of each channel to `square` and
 * the product of the front pair to `product`. */
void mix_weighted_power_run (MixWeightedPower *w, const float *const *in,
    unsigned at, unsigned n, double *square, double *product);

/* The sum of all channels since the last time. */
double mix_weighted_power_take (MixWeightedPower *w);
