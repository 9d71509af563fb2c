/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The power that loudness is computed from (ITU-R BS.1770-5): the K-weighted
 * square of each channel, times the weight of its position, summed.
 *
 * Channels are filtered two by two, the front pair together; a channel that is
 * left over is its own partner. Realtime-safe but for `prepare`, which only
 * computes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../format.h"
#include "k_weighting.h"

typedef struct {
  MixKWeighting filter;
  unsigned pairs;
  MixPair pair[MIX_MAX_CHANNELS / 2];
  bool has_front; /* pair 0 is front left and right */
  MixKState state[MIX_MAX_CHANNELS / 2];
  unsigned channels;
  double weight[MIX_MAX_CHANNELS];
  double power[MIX_MAX_CHANNELS]; /* since it was last taken */
} MixWeightedPower;

/* By-products without weighting: sums of squares of each channel, and of the
 * products of the front pair. A plain result that its owner clears and reads.
 */
typedef struct {
  double square[MIX_MAX_CHANNELS];
  double product;
} MixPlainPower;

/* Weights are those of BS.1770 for the speakers of the format. */
void mix_weighted_power_prepare (MixWeightedPower *w, const MixFormat *format);

/* BS.1770: surround channels 1.41, LFE 0 (see mix_format_is_lfe), all others 1.
 * `equal`: 1 for all. `dual_mono`: a single channel is played by two speakers
 * and counts twice. */
void mix_weighted_power_set_weights (
    MixWeightedPower *w, const MixFormat *format, bool equal, bool dual_mono);

/* Clears filters and sums. */
void mix_weighted_power_reset (MixWeightedPower *w);

/* Adds frames `at` … `at + n`, one after the other: no bit depends on how the
 * stream is cut. Adds to `plain` too. */
void mix_weighted_power_run (MixWeightedPower *w, const float *const *in,
    unsigned at, unsigned n, MixPlainPower *plain);

/* The weighted sum of all channels since the last time. */
double mix_weighted_power_take (MixWeightedPower *w);

/* The front pair, NULL when there is none. */
static inline const MixPair *
mix_weighted_power_front (const MixWeightedPower *w)
{
  return w->has_front ? &w->pair[0] : NULL;
}
