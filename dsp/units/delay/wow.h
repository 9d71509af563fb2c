/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Wow: a slow modulation of the delay that is read, sinusoidal, with a speed
 * and a phase for each channel. It acts on the output of the delay lines, not
 * within the loop, so the detuning does not add up from echo to echo.
 * Realtime-safe but for `prepare`.
 */
#pragma once

#include "../../parts/phasor.h"
#include "../../parts/smoother.h"
#include "rings.h"

/* Of one channel. */
typedef struct {
  float reach;           /* amplitude at full depth, frames */
  MixPhasor phase, turn; /* turn: by a tick */
  MixRamp swing;         /* depth times sine, in this tick */
} MixDelayWowLine;

typedef struct {
  unsigned channels;
  MixSmoother depth; /* 0 … 1 */
  bool on;           /* in this tick */
  MixDelayWowLine line[MIX_MAX_CHANNELS];
} MixDelayWow;

void mix_delay_wow_prepare (MixDelayWow *wow, const MixFormat *format);

void mix_delay_wow_set (MixDelayWow *wow, double percent);

void mix_delay_wow_reset (MixDelayWow *wow);

/* Once a tick; returns whether there is wow in it. */
bool mix_delay_wow_tick (MixDelayWow *wow);

/* The most frames by which wow makes a delay longer. */
unsigned mix_delay_wow_most (unsigned rate);

/* Reads a channel around `delay`, within a tick, after the span was written. */
void mix_delay_wow_read (const MixDelayWow *wow, const MixDelayRings *rings,
    unsigned channel, float *to, unsigned delay, unsigned offset, unsigned n);

/* The depth does not move. */
static inline bool
mix_delay_wow_is_still (const MixDelayWow *wow)
{
  return mix_smoother_is_still (&wow->depth);
}

static inline bool
mix_delay_wow_is_on (const MixDelayWow *wow)
{
  return wow->on;
}
