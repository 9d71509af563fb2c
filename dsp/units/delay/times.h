/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay times of the channels, in whole frames, and the cross-fade to new
 * ones.
 *
 * A new time is reached by a cross-fade of 50 ms, not by a glide as on tape. A
 * glide shifts the pitch, in proportion to the change and for as long as it
 * takes. The fade keeps the pitch of every echo and always takes the same short
 * time, and as both gains add up to 1 the loop cannot grow. While a time keeps
 * moving, one fade follows another. Realtime-safe.
 */
#pragma once

#include "../../format.h"
#include "../../parts/ramp.h"
#include "delay_params.h"

/* The time between two echoes that these parameters ask for. */
double mix_delay_wanted_ms (const MixDelayParams *params);

/* The longest time of all channels, offset included. */
double mix_delay_longest_wanted_ms (const MixDelayParams *params);

/* Of one channel, in frames; all 0 where there are no echoes. */
typedef struct {
  unsigned target;
  unsigned now, next; /* next: what the fade leads to */
} MixDelayTime;

typedef struct {
  unsigned rate, channels;
  unsigned longest; /* there is memory for, in frames */
  unsigned common;  /* the time without the offset */
  MixDelayTime time[MIX_MAX_CHANNELS];
  bool fading;
  unsigned fade_at, fade_length; /* ticks */
  MixRamp fade;                  /* share of the next times */
  unsigned shortest;             /* of the times in use */
} MixDelayTimes;

void mix_delay_times_prepare (
    MixDelayTimes *times, const MixFormat *format, unsigned longest);

void mix_delay_times_set (
    MixDelayTimes *times, const MixDelayParams *params, const MixRoles *roles);

/* All times are at their targets. */
void mix_delay_times_reset (MixDelayTimes *times);

/* Once a tick; returns whether a fade runs in it. */
bool mix_delay_times_tick (MixDelayTimes *times);

/* `io` is what was read at the time now, `next` at the next one. */
void mix_delay_times_fade (const MixDelayTimes *times, float *restrict io,
    const float *restrict next, unsigned offset, unsigned n);

/* The longest time that is in use or a target, in frames. */
unsigned mix_delay_times_longest (const MixDelayTimes *times);

/* The time from one echo to the next, as far as memory allows. */
static inline double
mix_delay_times_ms (const MixDelayTimes *times)
{
  return times->common * 1000.0 / times->rate;
}

static inline MixDelayTime
mix_delay_times_of (const MixDelayTimes *times, unsigned channel)
{
  return times->time[channel];
}

static inline bool
mix_delay_times_are_fading (const MixDelayTimes *times)
{
  return times->fading;
}

static inline unsigned
mix_delay_times_shortest (const MixDelayTimes *times)
{
  return times->shortest;
}
