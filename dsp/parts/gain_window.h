/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gain window of a look-ahead limiter: turns the reduction that each moment
 * requires into a gain that has come down smoothly by then.
 *
 * Time is divided into steps of a few frames; a reduction in dB stands for all
 * frames of its step. Around each step the reduction is spread over a window
 * with slopes and a flat bottom, and where windows overlap the largest
 * reduction counts (a grey-scale dilation, J. Serra 1982). Two moving averages,
 * together no longer than the bottom is wide, then round the window off, and
 * frames between the steps take the gain of a quadratic B-spline through the
 * steps. All of these are weighted means of values that include the required
 * reduction: the gain is never above what was required, at that step or within
 * `flat` steps of it.
 *
 * The averages add whole numbers, so there is no rounding error to pile up:
 * after the last reduction has passed the gain is exactly 1. Realtime-safe but
 * for mix_gain_window_prepare(), which only computes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/kernels.h"
#include "../base/tick.h"

/* What all lanes of a stage share. */
typedef struct {
  unsigned step;   /* frames a step stands for; divides MIX_TICK */
  unsigned spread; /* steps that a window covers before it is rounded off */
  unsigned box[2]; /* lengths of the averages in steps */
  unsigned delay;  /* frames from a reduction to the gain for it */
  double scale;    /* of the sums of both averages, to dB */
  float *shape; /* lent; `spread` values of 0 … 1, the window's end first */
  float blend[3][MIX_TICK]; /* the spline's weights of three steps */
} MixGainWindow;

/* What `mix_gain_window_prepare` goes by, in steps. */
typedef struct {
  unsigned step;  /* frames */
  unsigned lead;  /* of the slope before the bottom */
  unsigned round; /* that the averages take together, at least 2 */
  unsigned flat;  /* to each side, where the gain stays */
  unsigned trail; /* of the slope behind the bottom */
} MixGainWindowPlan;

static inline unsigned
mix_gain_window_spread (const MixGainWindowPlan *plan)
{
  return plan->lead + plan->round + 2 * plan->flat + 2 + plan->trail;
}

/* Values of MixGainWindowLane.recent for a window of so many steps. */
static inline unsigned
mix_gain_window_recent (unsigned spread)
{
  return 2 * spread + MIX_TICK;
}

/* `shape` is memory for mix_gain_window_spread values. */
void mix_gain_window_prepare (
    MixGainWindow *window, const MixGainWindowPlan *plan, float *shape);

/* One gain. */
typedef struct {
  float *recent;    /* lent; mix_gain_window_recent values: the latest required
                       reductions, dB */
  int64_t *ring[2]; /* lent; as long as the averages */
  int64_t sum[2];
  unsigned end; /* of what is in `recent` */
  unsigned box_at[2];
  unsigned
      zero_steps; /* since the last reduction, up to where all gains are 1 */
  float drop[2];  /* 1 - gain of the last steps, the older one first */
} MixGainWindowLane;

/* Forgets: gain 1. */
void mix_gain_window_reset (
    const MixGainWindow *window, MixGainWindowLane *lane);

/* As if this reduction had always been required. */
void mix_gain_window_hold (
    const MixGainWindow *window, MixGainWindowLane *lane, double required_db);

/* Takes the required reductions (dB, >= 0) of a tick, one a step, and returns
 * the gains of the MIX_TICK frames that lie `delay` before. Returns the lowest
 * gain of the new steps; 0 when all gains are 1, and then does not write them.
 */
float mix_gain_window_run (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *required_db, float gain[MIX_TICK], const MixKernels *kernels);

/* Makes `to` what `from` is; they share the window. */
void mix_gain_window_copy (const MixGainWindow *window, MixGainWindowLane *to,
    const MixGainWindowLane *from);

/* Steps after which two lanes with the same required reductions are equal. */
unsigned mix_gain_window_memory (const MixGainWindow *window);
