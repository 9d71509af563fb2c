/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which channels a band works on. Realtime-safe.
 */
#pragma once

#include <stdbool.h>

typedef enum {
  MIX_EQ_ALL,
  MIX_EQ_LEFT,
  MIX_EQ_RIGHT,
  MIX_EQ_MID,
  MIX_EQ_SIDE,
} MixEqChannels;

/* Works on M = (L + R) / 2 or S = (L - R) / 2. */
static inline bool
mix_eq_is_mid_side (int channels)
{
  return channels == MIX_EQ_MID || channels == MIX_EQ_SIDE;
}

/* Whether a band with these channels works on lane 0 or 1 of a stereo pair
 * (left and right, or mid and side if the band is in mid/side), or on a channel
 * in no pair. A mono stream counts as left and as mid; other channels in no
 * pair are neither. */
static inline bool
mix_eq_includes (int channels, bool is_pair, bool is_mono, unsigned lane)
{
  if (channels == MIX_EQ_ALL)
    return true;
  bool first = channels == MIX_EQ_LEFT || channels == MIX_EQ_MID;
  if (is_pair)
    return first == (lane == 0);
  return first && is_mono;
}
