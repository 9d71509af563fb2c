/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the key's power to the reduction of the ducker:
 *
 *   power -> speaks or not (hysteresis) -> hold -> wanted reduction or none
 *         -> two equal one-poles in a row -> reduction in dB
 *
 * Two poles start without a corner; a step is covered to 63.2 % after 2.146 of
 * their time constant, which is what attack and release set. For 30 ms after a
 * change of a setting that may start it, it goes down in no less than 5 ms.
 *
 * Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"
#include "duck_params.h"

typedef struct {
  unsigned rate;
  MixDuckParams params;
  float open, close;                   /* powers */
  double attack, slow_attack, release; /* decay per frame of each pole */
  unsigned hold;                       /* frames */
  MixSmoother depth;                   /* dB */
  unsigned slow;                       /* ticks in which it goes down slowly */
  bool may_start;                      /* by the latest set */

  bool speaks;       /* in the latest frame */
  unsigned left;     /* frames of the hold */
  double first, now; /* outputs of the poles, dB */
  float most;        /* reduction since the last read */
} MixDuckGain;

void mix_duck_gain_prepare (MixDuckGain *g, unsigned rate);
/* Takes new parameters, at the start of a tick. */
void mix_duck_gain_set (MixDuckGain *g, const MixDuckParams *params);
/* Once a tick. `key_changes`: its filter moves. */
void mix_duck_gain_tick (MixDuckGain *g, bool key_changes);
/* No reduction, at the targets. */
void mix_duck_gain_reset (MixDuckGain *g);
bool mix_duck_gain_is_still (const MixDuckGain *g);

/* n frames that begin `offset` frames into the tick: power becomes reduction in
 * dB, in place. `wanted` is the reduction while the key speaks, at most the
 * depth; NULL: the depth. Returns whether there is any. */
bool mix_duck_gain_run (MixDuckGain *g, float *io, const double *wanted,
    unsigned offset, unsigned n);

/* In the latest frame the key speaks, or has just spoken (hold). */
static inline bool
mix_duck_gain_is_active (const MixDuckGain *g)
{
  return g->speaks || g->left > 0;
}

/* The reduction of the latest frame. */
static inline double
mix_duck_gain_now (const MixDuckGain *g)
{
  return g->now;
}

/* The largest reduction since the last time. */
double mix_duck_gain_read (MixDuckGain *g);
