/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turns down what lies between 300 and 4000 Hz, where speech is understood: a
 * gain of -D dB, a low shelf of +D at the lower corner and a high shelf of +D
 * at the upper one, so that all else stays. Coefficients go in a straight line
 * from the start to the end of a tick; at D = 0 every sample passes as it is.
 * Realtime-safe but for mix_speech_band_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../base/tick.h"
#include "../../format.h"
#include "../../kernels/cascade.h"
#include "../../kernels/kernels.h"

/* The most frames of a span. */
#define MIX_SPEECH_BAND_SPAN 256
/* The most that it can turn down, dB. */
#define MIX_SPEECH_BAND_MOST 48.0

#define MIX_SPEECH_BAND_ROW (2 * MIX_CASCADE_GROUP)

typedef struct {
  const MixKernels *kernels;
  unsigned rate, channels;
  double now; /* dB at the end of the tick */
  double from[MIX_CASCADE_WEIGHTS][MIX_SPEECH_BAND_ROW];
  double to[MIX_CASCADE_WEIGHTS][MIX_SPEECH_BAND_ROW];
  double slope[MIX_CASCADE_WEIGHTS][MIX_SPEECH_BAND_ROW];
  bool moves, is_active;                   /* in this tick */
  double (*state)[2][MIX_SPEECH_BAND_ROW]; /* in the arena; two channels each */
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
  return b->is_active;
}

/* n frames that begin `offset` frames into the tick, in place. */
void mix_speech_band_run (
    MixSpeechBand *b, float *const *io, unsigned offset, unsigned n);
