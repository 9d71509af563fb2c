/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The look-ahead: delays every channel of every band by the same frames.
 * Realtime-safe but for mix_band_delay_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../parts/delay_line.h"
#include "multiband_params.h"

typedef struct {
  unsigned channels, frames;
  MixDelayLine line;
  float *rings; /* in the arena: bands of channels; none without a delay */
} MixBandDelay;

/* For spans of up to `span` frames. */
void mix_band_delay_prepare (MixBandDelay *d, unsigned channels,
    unsigned frames, unsigned span, MixArena *arena);
void mix_band_delay_reset (MixBandDelay *d);
/* Silence in one band. */
void mix_band_delay_clear (MixBandDelay *d, unsigned band);

static inline unsigned
mix_band_delay_frames (const MixBandDelay *d)
{
  return d->frames;
}

/* The rows of a band's channels, in place. */
void mix_band_delay_run (
    MixBandDelay *d, unsigned band, float *const *io, unsigned n);
/* After all bands of a span. */
void mix_band_delay_end_span (MixBandDelay *d, unsigned n);
