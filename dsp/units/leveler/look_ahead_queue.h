/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The look-ahead of the gain: what was computed from a step of input (10 ms)
 * waits here until the audio of that step leaves.
 *
 * The gain follows the decision of the middle of its window. Before louder
 * sound the gain falls early, so that it is down when that sound begins; what
 * precedes it and needs no lower gain by itself is changed only for the time of
 * the fall. Realtime-safe, no errors.
 */
#pragma once

#include "ceiling_detector.h"
#include "gain_controller.h"

/* Steps that can wait: 3 s, and some for rounding. */
#define MIX_LOOK_AHEAD_STEPS 304

/* A plain record that the caller fills and reads, but for
 * `window_target_gain_db`. */
typedef struct {
  MixGainDecision decision;
  MixGainCeiling ceiling;
  double static_db;             /* the gain in static mode */
  double power;                 /* summed over the step */
  bool is_block;                /* ends a block of 100 ms */
  bool is_static;               /* is in that mode */
  bool begins;                  /* a new measurement of what leaves */
  double window_target_gain_db; /* the lowest target gain of the windows known
                                 * so far that contain the step */
} MixLookAheadStep;

typedef struct {
  MixLookAheadStep step[MIX_LOOK_AHEAD_STEPS]; /* a ring */
  unsigned next, waiting;
  unsigned delay;        /* steps from input to output */
  MixLookAheadStep left; /* the latest that left */
} MixLookAheadQueue;

/* A look-ahead of that many frames. */
void mix_look_ahead_queue_prepare (
    MixLookAheadQueue *q, unsigned frames, unsigned rate);

/* Empties the queue. */
void mix_look_ahead_queue_reset (MixLookAheadQueue *q);

/* Adds a step of input. Returns the one that leaves, NULL while the queue
 * fills. */
const MixLookAheadStep *mix_look_ahead_queue_step (
    MixLookAheadQueue *q, const MixLookAheadStep *step);

/* The step that leaves next; NULL where none waits. */
const MixLookAheadStep *mix_look_ahead_queue_next (const MixLookAheadQueue *q);

/* Whether a step that waits begins a new measurement. */
bool mix_look_ahead_queue_begins (const MixLookAheadQueue *q);

/* The gain for what leaves next, where it is `gain_db` now. A decision is for
 * the middle of its window: of 400 ms, else of 3 s. */
double mix_look_ahead_queue_target_gain (
    const MixLookAheadQueue *q, bool is_momentary, double gain_db);

/* There is a look-ahead of a step at least. */
static inline bool
mix_look_ahead_queue_is_delayed (const MixLookAheadQueue *q)
{
  return q->delay > 0;
}
