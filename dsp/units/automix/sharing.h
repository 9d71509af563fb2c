/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gain sharing (D. Dugan, "Automatic Microphone Mixing", JAES 23, 1975): the
 * gain of a microphone in dB is its level less the level of the sum of all.
 * With powers P and weights w the square of its gain is w P / sum (w P), a
 * share: the shares add up to 1, so the gains of one talker, of many, and of
 * room noise alone always let as much room through as one open microphone.
 *
 * Powers are means over a tick, smoothed: up with the attack, down with the
 * release, or within some ms where somebody else is 15 dB louder now: who has
 * stopped does not hold down who begins. In silence all microphones count as
 * equally loud.
 *
 * Called once a tick; realtime-safe.
 */
#pragma once

#include <stdbool.h>

#include "../../format.h"
#include "../../parts/smoother.h"
#include "automix_params.h"

typedef struct {
  MixSmoother weight; /* of power; 0 when muted */
  MixSmoother open;   /* 1; 0 when muted */
  double power;       /* smoothed */
  double now;         /* power of the last 10 ms */
  double share;       /* of the latest tick */
  MixSmoother gain;
} MixAutomixChannel;

typedef struct {
  unsigned rate, channels;
  double attack, release, now; /* decay per tick */
  double least;                /* gain, of the depth */
  MixAutomixChannel channel[MIX_MAX_CHANNELS];
} MixSharing;

void mix_sharing_prepare (MixSharing *s, unsigned rate, unsigned channels);
void mix_sharing_set (MixSharing *s, const MixAutomixParams *params);
/* As in silence, at the targets. */
void mix_sharing_reset (MixSharing *s);

/* `power` is the mean power of each channel in the tick before. */
void mix_sharing_tick (MixSharing *s, const double *power);

/* The gain of a channel in this tick. */
static inline MixRamp
mix_sharing_gain (const MixSharing *s, unsigned channel)
{
  return mix_smoother_ramp (&s->channel[channel].gain);
}

/* How many equally loud talkers would share as the channels do now. */
double mix_sharing_open (const MixSharing *s);
