/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turns down what lies between 300 and 4000 Hz, where speech is understood: a
 * gain of -D dB, a low shelf of +D at the lower corner and a high shelf of +D
 * at the upper one, so that all else stays. At D = 0 every sample passes as it
 * is. Realtime-safe but for mix_speech_band_prepare.
 */
#pragma once

#include "../../parts/gliding_filter.h"

/* The most that it can turn down, dB. */
#define MIX_SPEECH_BAND_MOST 48.0

typedef struct {
  unsigned rate;
  double now; /* dB at the end of the tick */
  MixGlidingFilter filter;
} MixSpeechBand;

void mix_speech_band_prepare (
    MixSpeechBand *b, const MixFormat *format, MixArena *arena);
/* Nothing is turned down, without history. */
void mix_speech_band_reset (MixSpeechBand *b);
/* Once a tick: by how much at its end. */
void mix_speech_band_tick (MixSpeechBand *b, double reduction_db);

/* It changes something in this tick. */
static inline bool
mix_speech_band_is_active (const MixSpeechBand *b)
{
  return mix_gliding_filter_is_active (&b->filter);
}

/* n frames that begin `offset` frames into the tick, in place. */
static inline void
mix_speech_band_run (
    MixSpeechBand *b, float *const *io, unsigned offset, unsigned n)
{
  mix_gliding_filter_run (&b->filter, io, offset, n);
}
