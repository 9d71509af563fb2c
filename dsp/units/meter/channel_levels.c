/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "channel_levels.h"

#include <string.h>

#include "../../base/maths.h"

static void
clear_channels (MixChannelLevels *l, unsigned channels)
{
  l->frames = 0;
  l->power.product = 0;
  memset (l->power.square, 0, channels * sizeof *l->power.square);
  memset (l->peak, 0, channels * sizeof *l->peak);
}

void
mix_channel_levels_clear (MixChannelLevels *l, unsigned channels)
{
  clear_channels (l, channels);
  l->old_peak = 0;
}

MixPlainPower *
mix_channel_levels_add (MixChannelLevels *l, const MixKernels *kernels,
    const float *const *in, unsigned channels, unsigned at, unsigned n)
{
  for (unsigned c = 0; c < channels; c++)
    l->peak[c] = mix_larger (kernels->peak (in[c] + at, n), l->peak[c]);
  l->frames += n;
  return &l->power;
}

void
mix_channel_levels_join (
    MixChannelLevels *l, const MixChannelLevels *other, unsigned channels)
{
  l->frames += other->frames;
  l->power.product += other->power.product;
  l->old_peak = mix_larger (other->old_peak, l->old_peak);
  for (unsigned c = 0; c < channels; c++) {
    l->power.square[c] += other->power.square[c];
    l->peak[c] = mix_larger (other->peak[c], l->peak[c]);
  }
}

void
mix_channel_levels_change_format (
    MixChannelLevels *l, const MixFormat *old, const MixFormat *new)
{
  double ratio = (double)new->rate / old->rate;
  if (!mix_format_has_same_channels (old, new)) {
    l->old_peak = mix_channel_levels_highest (l, old->channels);
    clear_channels (l, new->channels);
  }
  l->frames *= ratio;
  l->power.product *= ratio;
  for (unsigned c = 0; c < new->channels; c++)
    l->power.square[c] *= ratio;
}

float
mix_channel_levels_highest (const MixChannelLevels *l, unsigned channels)
{
  float peak = l->old_peak;
  for (unsigned c = 0; c < channels; c++)
    peak = mix_larger (l->peak[c], peak);
  return peak;
}

double
mix_channel_levels_rms_db (const MixChannelLevels *l, unsigned channel)
{
  return mix_db_from_gain (sqrt (l->power.square[channel] / l->frames));
}

double
mix_channel_levels_peak_db (const MixChannelLevels *l, unsigned channel)
{
  return mix_db_from_gain ((double)l->peak[channel]);
}

double
mix_channel_levels_correlation (const MixChannelLevels *l, const MixPair *pair)
{
  double left = l->power.square[pair->left];
  double right = l->power.square[pair->right];
  double scale = sqrt (left) * sqrt (right);
  return scale > 1e-20 ? mix_clamp (l->power.product / scale, -1, 1) : 0;
}
