/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A delay of all channels by the look-ahead. Realtime-safe, no errors.
 */
#pragma once

#include <stddef.h>

#include "../../parts/delay_line.h"

typedef struct {
  MixDelayLine line;
  unsigned frames, channels;
  size_t length; /* of a ring */
  float *rings;
} MixAudioDelay;

/* Floats of zeroed memory to lend; 0 without a delay. */
size_t mix_audio_delay_memory (unsigned frames, unsigned channels);

/* A reset has to follow. */
void mix_audio_delay_prepare (
    MixAudioDelay *d, unsigned frames, unsigned channels, float *memory);

void mix_audio_delay_reset (MixAudioDelay *d);

/* Delays frames `at` … `at + n`, at most MIX_TICK, from `in` to `out`. Returns
 * where they are now: `out`, or `in` without a delay. */
const float *const *mix_audio_delay_run (MixAudioDelay *d, float *const *out,
    const float *const *in, unsigned at, unsigned n);

static inline unsigned
mix_audio_delay_frames (const MixAudioDelay *d)
{
  return d->frames;
}
