/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_split.h"

void
mix_band_split_prepare (MixBandSplit *s, const MixFormat *format,
    const MixMultibandParams *params, MixArena *arena)
{
  *s = (MixBandSplit){ .rate = format->rate,
    .is_linear = params->linear_phase };
  if (s->is_linear)
    mix_linear_split_prepare (&s->linear, format, arena);
  else
    mix_minimum_split_prepare (&s->minimum, format, arena);
}

void
mix_band_split_set (MixBandSplit *s, const MixMultibandParams *params)
{
  double corners[MIX_MULTIBAND_CORNERS];
  MixSplitShape shape = {
    .bands = mix_multiband_corners (params, s->rate, corners),
    .order = (unsigned)mix_multiband_slopes[params->slope] / 24,
  };
  if (s->is_linear)
    mix_linear_split_set (&s->linear, shape, corners);
  else
    mix_minimum_split_set (&s->minimum, shape, corners);
}

void
mix_band_split_tick (MixBandSplit *s)
{
  if (s->is_linear)
    mix_linear_split_tick (&s->linear);
  else
    mix_minimum_split_tick (&s->minimum);
}

void
mix_band_split_reset (MixBandSplit *s)
{
  if (s->is_linear)
    mix_linear_split_reset (&s->linear);
  else
    mix_minimum_split_reset (&s->minimum);
}

bool
mix_band_split_is_still (const MixBandSplit *s)
{
  return s->is_linear ? mix_linear_split_is_still (&s->linear)
                      : mix_minimum_split_is_still (&s->minimum);
}

unsigned
mix_band_split_latency (const MixBandSplit *s)
{
  return s->is_linear ? mix_linear_split_latency (&s->linear) : 0;
}

unsigned
mix_band_split_bands (const MixBandSplit *s)
{
  return s->is_linear ? mix_linear_split_bands (&s->linear)
                      : mix_minimum_split_bands (&s->minimum);
}

void
mix_band_split_run (MixBandSplit *s, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n)
{
  if (s->is_linear)
    mix_linear_split_run (&s->linear, to, in, n);
  else
    mix_minimum_split_run (&s->minimum, to, in, offset, n);
}
