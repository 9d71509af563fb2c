/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A look-ahead that can change while it runs: the delay of the sound (and of
 * the key, for listening to it), pauses, and the join of the gains when the
 * look-ahead changes. Realtime-safe but for mix_look_ahead_prepare.
 *
 * Pauses: while sound is still in the delay, digital silence behind it says
 * nothing about it. It may be that the host drives the sound out to join it to
 * what comes next, or that it ends. There the required reduction is held until
 * the sound has left. A key that sounds on is no pause.
 *
 * Join: the host discards the first frames after a new look-ahead, see
 * MixUnit.set. From there the gains go in 5 ms on a raised cosine from the last
 * audible gains to the new ones.
 */
#pragma once

#include "../base/arena.h"
#include "../kernels/kernels.h"
#include "delay_line.h"
#include "span.h"

typedef struct {
  unsigned skip;                /* frames until one is audible again */
  unsigned left;                /* of the join from there */
  float last[MIX_MAX_CHANNELS]; /* gains of the last audible frame */
} MixGainJoin;

typedef struct {
  const MixKernels *kernels;
  unsigned channels, ring_length, join_length;
  MixDelayLine delay;
  unsigned frames; /* the look-ahead */
  bool had_key;    /* in the latest span */
  unsigned pause;  /* frames of digital silence, up to the look-ahead */
  MixGainJoin join;
  float gain[MIX_MAX_CHANNELS]; /* of the latest frame */
  float *rings;                 /* in the arena; channels, then the key's */
} MixLookAhead;

void mix_look_ahead_prepare (MixLookAhead *l, const MixFormat *format,
    double longest_ms, unsigned longest_span, MixArena *arena);
void mix_look_ahead_set (MixLookAhead *l, unsigned frames);
void mix_look_ahead_reset (MixLookAhead *l);

static inline unsigned
mix_look_ahead_frames (const MixLookAhead *l)
{
  return l->frames;
}

/* Nothing that comes out is audible yet. */
static inline bool
mix_look_ahead_skips (const MixLookAhead *l)
{
  return l->join.skip > 0;
}

/* How many of `n` frames there are before the join begins or ends. */
unsigned mix_look_ahead_span (const MixLookAhead *l, unsigned n);

/* Returns `row`, not 0 at the frames of the span that are in a pause, or NULL
 * when there are none. */
const float *mix_look_ahead_find_pauses (
    MixLookAhead *l, const MixSpan *span, float *row);

/* Takes the span in. Returns the input at the time of the output: in `out`, or
 * the input itself. */
const float *const *mix_look_ahead_delay (MixLookAhead *l, const MixSpan *span);

/* After that: the key of a channel at the time of the output, and without a key
 * the input. `out` must not have been written otherwise. */
void mix_look_ahead_read_key (
    const MixLookAhead *l, const MixSpan *span, unsigned channel, float *to);

/* The gains of a channel: `gain`, or in a join `row`. */
const float *mix_look_ahead_join (MixLookAhead *l, unsigned channel,
    const float *gain, float *row, unsigned n);
/* After all channels of a span. */
void mix_look_ahead_end_span (MixLookAhead *l, unsigned n);
