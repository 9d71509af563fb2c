/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How much of a voice is sibilance: the power over a frequency against the
 * power of all of it, so that a level does not matter.
 *
 *   voice -+-> low cut -> power (3 ms) --+
 *          |                             +-> ratio in dB
 *          +-> power (15 ms) ------------+
 *
 * In a vowel the ratio is under -20 dB, in an 's' near 0; at its onset it is
 * above 0 for a moment, as its own power comes first. What is 30 dB softer than
 * the voice has lately been (breath, room) counts less and less, and silence
 * not at all.
 *
 * Powers are of all channels but the LFE. Realtime-safe but for
 * mix_sibilance_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../format.h"
#include "../../kernels/kernels.h"
#include "../../parts/key_filter.h"
#include "../../parts/span.h"

/* The most frames of a span. */
#define MIX_SIBILANCE_SPAN 256

typedef struct {
  const MixKernels *kernels;
  unsigned rate, channels;
  bool is_linked[MIX_MAX_CHANNELS];
  MixKeyFilter filter;
  MixKeyFilterState *states; /* in the arena; a channel each */
  double high_decay, voice_decay, lately_decay;
  double high, voice; /* powers */
  double lately;      /* the highest of the voice, falling slowly */
} MixSibilance;

void mix_sibilance_prepare (
    MixSibilance *s, const MixFormat *format, MixArena *arena);
void mix_sibilance_set (MixSibilance *s, double frequency_hz);
void mix_sibilance_tick (MixSibilance *s);
void mix_sibilance_reset (MixSibilance *s);
bool mix_sibilance_is_still (const MixSibilance *s);

/* The ratio in dB of the frames of a span. */
void mix_sibilance_run (MixSibilance *s, const MixSpan *span, float *ratio_db);
