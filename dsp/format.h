/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The format of a stream: rate, channels and where they stand, and the one rule
 * for their roles: stereo pairs, lone channels, LFE.
 */
#pragma once

#include <stdbool.h>

/* The most channels of a stream. */
#define MIX_MAX_CHANNELS 64

/* Where a channel stands. Left speakers have the even numbers of a pair. */
typedef enum {
  MIX_SPEAKER_NONE, /* unpositioned */
  MIX_SPEAKER_MONO,
  MIX_SPEAKER_FRONT_CENTER,
  MIX_SPEAKER_LFE,
  MIX_SPEAKER_REAR_CENTER,
  MIX_SPEAKER_OTHER,
  MIX_SPEAKER_FRONT_LEFT = 8,
  MIX_SPEAKER_FRONT_RIGHT,
  MIX_SPEAKER_REAR_LEFT,
  MIX_SPEAKER_REAR_RIGHT,
  MIX_SPEAKER_SIDE_LEFT,
  MIX_SPEAKER_SIDE_RIGHT,
  MIX_SPEAKER_FRONT_LEFT_OF_CENTER,
  MIX_SPEAKER_FRONT_RIGHT_OF_CENTER,
  MIX_SPEAKER_TOP_FRONT_LEFT,
  MIX_SPEAKER_TOP_FRONT_RIGHT,
  MIX_SPEAKER_TOP_REAR_LEFT,
  MIX_SPEAKER_TOP_REAR_RIGHT,
  MIX_SPEAKER_TOP_SIDE_LEFT,
  MIX_SPEAKER_TOP_SIDE_RIGHT,
  MIX_SPEAKER_WIDE_LEFT,
  MIX_SPEAKER_WIDE_RIGHT,
} MixSpeaker;

typedef struct {
  unsigned rate;     /* Hz, at least 1 */
  unsigned channels; /* 1 … MIX_MAX_CHANNELS */
  MixSpeaker speakers[MIX_MAX_CHANNELS];
} MixFormat;

typedef struct {
  unsigned left, right; /* channel numbers */
} MixPair;

/* A format with the usual speakers of that channel count: mono, stereo, 3.0,
 * quad, 5.0, 5.1, 6.1, 7.1 in GStreamer's order; others unpositioned. */
MixFormat mix_format (unsigned rate, unsigned channels);

/* The same channels at the same positions; the rate may differ. Realtime-safe.
 */
bool mix_format_has_same_channels (const MixFormat *a, const MixFormat *b);

/* The stereo pairs of a format, front pair first; two unpositioned channels
 * are a pair. Returns how many (at most channels / 2). Realtime-safe. */
unsigned mix_format_pairs (
    const MixFormat *format, MixPair pairs[MIX_MAX_CHANNELS / 2]);

/* Whether a channel has the role of an LFE: it is no part of a pair, moves
 * nothing but itself, and is treated as far as the unit says. The channels of a
 * stream that has nothing else are like any others: then none has the role.
 * Realtime-safe. */
bool mix_format_is_lfe (const MixFormat *format, unsigned channel);

/* All channels of a format by their role. */
typedef struct {
  unsigned pairs, lone, lfes;              /* how many there are of each */
  MixPair pair[MIX_MAX_CHANNELS / 2];      /* front pair first */
  unsigned lone_channel[MIX_MAX_CHANNELS]; /* in no pair and no LFE */
  unsigned lfe_channel[MIX_MAX_CHANNELS];
} MixRoles;

/* Realtime-safe. */
MixRoles mix_format_roles (const MixFormat *format);
