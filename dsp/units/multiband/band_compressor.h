/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The compressor of one band, up to its reduction: one for all channels.
 *
 *   band -> detector (parts/detector.h) -> gain computer -> reduction
 *
 * While its curve is flat (ratio 1) it idles as soon as its reduction has died
 * away: it measures nothing. It starts again without history. Realtime-safe but
 * for mix_band_compressor_prepare.
 */
#pragma once

#include "../../parts/gain_computer.h"

typedef struct {
  unsigned rate;
  MixDetector detector;
  MixGainComputer computer;
  MixReduction reduction;
  bool idles;
} MixBandCompressor;

void mix_band_compressor_prepare (
    MixBandCompressor *b, const MixFormat *format, MixArena *arena);
/* Takes new parameters, at the start of a tick. */
void mix_band_compressor_set (
    MixBandCompressor *b, const MixGainComputerParams *params);
void mix_band_compressor_tick (MixBandCompressor *b);
/* No reduction, without history, at the targets. */
void mix_band_compressor_reset (MixBandCompressor *b);
bool mix_band_compressor_is_still (const MixBandCompressor *b);

/* The reduction in dB for the next n frames of the band, `band[c]` for each
 * channel, that begin `offset` frames into the tick; `look_ahead` is how far
 * ahead of the sound they are. Valid, and free to be overwritten, until the
 * next run. */
float *mix_band_compressor_run (MixBandCompressor *b, const float *const *band,
    unsigned look_ahead, unsigned offset, unsigned n);
