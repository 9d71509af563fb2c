/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The chain processes two channels at once, as two lanes: the left and right of
 * a stereo pair, or any two channels that are in no pair. Realtime-safe.
 */
#pragma once

#include "../../format.h"

typedef struct {
  unsigned channel[2]; /* equal when there is only one */
  bool is_pair;
  bool is_lfe[2];
} MixEqLanes;

/* Pairs first, then the other channels by their role. Returns how many. */
unsigned mix_eq_lanes_find (
    const MixFormat *format, MixEqLanes lanes[MIX_MAX_CHANNELS]);

static inline unsigned
mix_eq_lanes_channel (const MixEqLanes *lanes, unsigned lane)
{
  return lanes->channel[lane];
}

static inline bool
mix_eq_lanes_is_pair (const MixEqLanes *lanes)
{
  return lanes->is_pair;
}

/* Whether detectors measure the lane: not an LFE, nor the same channel twice.
 */
static inline bool
mix_eq_lanes_is_measured (const MixEqLanes *lanes, unsigned lane)
{
  bool is_copy = lane == 1 && lanes->channel[1] == lanes->channel[0];
  return !lanes->is_lfe[lane] && !is_copy;
}
