/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A span of all channels in bands: a row of samples for each band and channel,
 * in memory of the arena.
 */
#pragma once

#include "../../base/arena.h"
#include "multiband_params.h"

typedef struct {
  unsigned channels;
  float *samples;
} MixBandRows;

static inline MixBandRows
mix_band_rows_take (unsigned channels, MixArena *arena)
{
  size_t rows = (size_t)MIX_MULTIBAND_MOST * channels;
  return (MixBandRows){ channels,
    mix_arena_take (arena, rows * MIX_DETECTOR_SPAN, sizeof (float)) };
}

static inline float *
mix_band_row (const MixBandRows *rows, unsigned band, unsigned channel)
{
  size_t row = (size_t)band * rows->channels + channel;
  return rows->samples + row * MIX_DETECTOR_SPAN;
}
