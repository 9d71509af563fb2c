/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The leveler's gain controller, in blocks of 100 ms:
 *
 *   gain = feed-forward + integral + range-limit terms
 *
 *   in ── foreground ─┬─ 10 s mean ── error ── dead zone ── feed-forward ─┐
 *                     │                                          │        │
 *                     └─ 3 s or 400 ms mean ───────────────────(+)        │
 *                                                                │        │
 *                                          range limiter ── range limit ─(+)
 *                                                                         │
 *   out ── 300 s mean ── error ── dead zone ─────────────── integral ────(+)
 *                                                                         │
 *                                                                       gain
 *
 *   feed-forward: the loudness of the programme against the target. Its dead
 *     zone is 4 LU to either side at first and shrinks to 1 LU as the estimate
 *     improves: a programme that is on target is not changed.
 *   integral: the loudness of the output in the last minutes against the
 *     target. It corrects the average, so that errors of the feed-forward term
 *     do not accumulate.
 *   range limit: brings the last seconds, with the feed-forward gain, to the
 *     edge of the range that is to be kept. It ignores the integral, otherwise
 *     it would cancel it.
 *
 * Background (see foreground.h) holds the gain. Quiet foreground is raised a
 * little, but changes no mean. look_ahead_queue.h delays the decisions along
 * with the audio, gain_slew.h limits the slew rate. Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

#include "foreground.h"
#include "level_targets.h"

typedef enum {
  MIX_GAIN_HOLD,  /* no change */
  MIX_GAIN_RAISE, /* to the target gain if that is higher */
  MIX_GAIN_SET,   /* to the target gain */
} MixGainAction;

typedef struct {
  MixGainAction action;
  double target_gain_db;
  bool in_integral; /* the output belongs to the integral, */
  double share;     /* with this part of its power */
} MixGainDecision;

/* An exponentially weighted mean of powers. */
typedef struct {
  double sum, count;
} MixPowerMean;

typedef struct {
  unsigned steps; /* of the current block */
  double power;   /* the mean of each step, summed */
  MixForeground foreground;
  double since_change_s; /* foreground since the targets changed */
  MixPowerMean input, output;
  MixGainDecision decision; /* of the latest block */
} MixGainController;

void mix_gain_controller_reset (MixGainController *c);

/* Clears the last seconds, keeps the means: a seek. */
void mix_gain_controller_flush (MixGainController *c);

/* The gain will move for another reason than the programme (a new target): the
 * integral starts anew. */
void mix_gain_controller_change_targets (MixGainController *c);

/* A step of 10 ms of input: its mean power, and that of the 400 ms that end
 * with it. Returns true where it ends a block: there is a new decision. */
bool mix_gain_controller_step (MixGainController *c,
    const MixLevelTargets *targets, double power, double momentary);

static inline MixGainDecision
mix_gain_controller_decision (const MixGainController *c)
{
  return c->decision;
}

static inline double
mix_gain_controller_reference_lufs (const MixGainController *c)
{
  return mix_foreground_reference_lufs (&c->foreground);
}

/* The audio of a block has left: the mean power of its 400 ms in the output. */
void mix_gain_controller_add_output (
    MixGainController *c, const MixGainDecision *decision, double momentary);
