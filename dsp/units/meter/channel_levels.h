/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RMS and sample peak of each channel and the correlation of the front pair,
 * integrated over an interval of any length. Realtime-safe.
 */
#pragma once

#include "../../format.h"
#include "../../kernels/kernels.h"
#include "../../parts/weighted_power.h"

typedef struct {
  double frames;       /* integrated, at the current rate */
  MixPlainPower power; /* sums over them */
  float peak[MIX_MAX_CHANNELS];
  float old_peak; /* of channels of earlier formats */
} MixChannelLevels;

void mix_channel_levels_clear (MixChannelLevels *l, unsigned channels);

/* Adds frames `at` … `at + n`, whose squares and products the caller adds to
 * the result: a by-product of the K-weighting. */
MixPlainPower *mix_channel_levels_add (MixChannelLevels *l,
    const MixKernels *kernels, const float *const *in, unsigned channels,
    unsigned at, unsigned n);

/* Adds a second interval to the first. */
void mix_channel_levels_join (
    MixChannelLevels *l, const MixChannelLevels *other, unsigned channels);

/* Continues in another format. Only the highest sample is kept where the
 * channels are not the same. */
void mix_channel_levels_change_format (
    MixChannelLevels *l, const MixFormat *old, const MixFormat *new);

/* Whether there are readings of each channel, as there were frames in this
 * format. */
static inline bool
mix_channel_levels_has_channels (const MixChannelLevels *l)
{
  return l->frames > 0;
}

/* Whether there were frames in any format. */
static inline bool
mix_channel_levels_has_frames (const MixChannelLevels *l)
{
  return l->frames > 0 || l->old_peak > 0;
}

/* The highest sample of all channels. */
float mix_channel_levels_highest (const MixChannelLevels *l, unsigned channels);

double mix_channel_levels_rms_db (const MixChannelLevels *l, unsigned channel);
double mix_channel_levels_peak_db (const MixChannelLevels *l, unsigned channel);

/* The correlation coefficient without removal of the mean; 0 in silence. */
double mix_channel_levels_correlation (
    const MixChannelLevels *l, const MixPair *pair);
