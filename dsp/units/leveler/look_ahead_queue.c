/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "look_ahead_queue.h"

#include <math.h>
#include <stddef.h>

#include "../../base/maths.h"

#define N MIX_LOOK_AHEAD_STEPS
#define STEPS_PER_SECOND 100
/* Steps of the momentary window. */
#define WINDOW 40
/* From the end of a window to its middle. */
#define MOMENTARY_CENTRE 20
#define SHORT_TERM_CENTRE 150
/* How far ahead of louder sound the gain begins to fall. */
#define FALL_STEPS 12

void
mix_look_ahead_queue_prepare (
    MixLookAheadQueue *q, unsigned frames, unsigned rate)
{
  double steps = rate > STEPS_PER_SECOND
                     ? (double)frames * STEPS_PER_SECOND / rate
                     : frames;
  q->delay = (unsigned)lrint (steps);
}

void
mix_look_ahead_queue_reset (MixLookAheadQueue *q)
{
  q->next = q->waiting = 0;
  q->left = (MixLookAheadStep){ .ceiling = { HUGE_VAL, HUGE_VAL } };
}

/* The step that leaves `ahead` steps from now, one of those that wait. */
static const MixLookAheadStep *
waiting_at (const MixLookAheadQueue *q, unsigned ahead)
{
  return &q->step[(q->next + N - q->waiting + ahead) % N];
}

/* The target gain of a decision limits all steps of its window. */
static void
limit_window (MixLookAheadQueue *q, const MixGainDecision *decision)
{
  unsigned count = mix_min (q->waiting, WINDOW);
  if (decision->action != MIX_GAIN_SET)
    return;
  for (unsigned i = 0; i < count; i++) {
    MixLookAheadStep *step = &q->step[(q->next + N - 1 - i) % N];
    step->window_target_gain_db
        = fmin (step->window_target_gain_db, decision->target_gain_db);
  }
}

const MixLookAheadStep *
mix_look_ahead_queue_step (MixLookAheadQueue *q, const MixLookAheadStep *step)
{
  q->step[q->next] = *step;
  q->step[q->next].window_target_gain_db = HUGE_VAL;
  q->next = (q->next + 1) % N;
  q->waiting++;
  if (step->is_block)
    limit_window (q, &step->decision);
  if (q->waiting <= q->delay)
    return NULL;
  q->left = *waiting_at (q, 0);
  q->waiting--;
  return &q->left;
}

const MixLookAheadStep *
mix_look_ahead_queue_next (const MixLookAheadQueue *q)
{
  return q->waiting > 0 ? waiting_at (q, 0) : NULL;
}

bool
mix_look_ahead_queue_begins (const MixLookAheadQueue *q)
{
  bool begins = false;
  for (unsigned i = 0; i < q->waiting; i++)
    begins |= waiting_at (q, i)->begins;
  return begins;
}

static const MixGainDecision *
decision_at (const MixLookAheadQueue *q, unsigned centre)
{
  unsigned ahead = mix_min (centre, q->delay);
  return ahead < q->waiting ? &waiting_at (q, ahead)->decision
                            : &q->left.decision;
}

/* The highest gain allowed by what leaves soon. Steps whose windows are not
 * complete yet are limited by their ceilings. */
static double
max_ahead (const MixLookAheadQueue *q)
{
  double max = q->delay == 0 ? q->left.ceiling.max_db : HUGE_VAL;
  unsigned count = mix_min (q->waiting, FALL_STEPS);
  for (unsigned i = 0; i < count; i++) {
    const MixLookAheadStep *step = waiting_at (q, i);
    max = fmin (
        max, fmax (step->window_target_gain_db, step->ceiling.max_alone_db));
    if (i + WINDOW > q->waiting)
      max = fmin (max, step->ceiling.max_db);
  }
  return max;
}

double
mix_look_ahead_queue_target_gain (
    const MixLookAheadQueue *q, bool is_momentary, double gain_db)
{
  const MixGainDecision *decision
      = decision_at (q, is_momentary ? MOMENTARY_CENTRE : SHORT_TERM_CENTRE);
  double target_gain_db = decision->action == MIX_GAIN_SET
                              ? decision->target_gain_db
                          : decision->action == MIX_GAIN_RAISE
                              ? fmax (decision->target_gain_db, gain_db)
                              : gain_db;
  return fmin (target_gain_db, max_ahead (q));
}
