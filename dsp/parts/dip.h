/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Turns the reduction that each moment needs into a gain that has come down
 * smoothly by then: the look-ahead of a limiter.
 *
 * Time is cut into steps of a few frames; a reduction in dB stands for all
 * frames of its step. Around each step the reduction is spread to a dip with a
 * flat bottom (the largest of all dips wins: a grey-scale dilation, J. Serra
 * 1982); two moving averages, together no longer than the bottom is wide, then
 * round the dip off, and frames between the steps take the gain of a quadratic
 * B-spline through the steps. All of it are weighted means of values that
 * include the need: the gain is never above what was needed, at that step or
 * within `flat` steps of it.
 *
 * The averages add whole numbers, so they hold no rounding: after the last
 * need has passed the gain is exactly 1. Realtime-safe but for
 * `mix_dip_prepare`, which only computes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/kernels.h"
#include "../base/tick.h"

/* What all lanes of a stage share. */
typedef struct {
  unsigned step;   /* frames a step stands for; divides MIX_TICK */
  unsigned spread; /* steps that a dip covers before it is rounded off */
  unsigned box[2]; /* lengths of the averages in steps */
  unsigned delay;  /* frames by which the gain lags behind the need */
  double scale;    /* of the sums of both averages, to dB */
  float *shape;    /* lent; `spread` values of 0 … 1, the dip's end first */
  float blend[3][MIX_TICK]; /* the spline's weights of three steps */
} MixDip;

/* What `mix_dip_prepare` goes by, in steps. */
typedef struct {
  unsigned step;  /* frames */
  unsigned lead;  /* of the slope before the bottom */
  unsigned round; /* that the averages take together, at least 2 */
  unsigned flat;  /* to each side, where the gain stays */
  unsigned trail; /* of the slope behind the bottom */
} MixDipPlan;

static inline unsigned
mix_dip_spread (const MixDipPlan *plan)
{
  return plan->lead + plan->round + 2 * plan->flat + 2 + plan->trail;
}

/* Values of MixDipLane.recent for a dip that spreads over so many steps. */
static inline unsigned
mix_dip_recent (unsigned spread)
{
  return 2 * spread + MIX_TICK;
}

/* `shape` is memory for mix_dip_spread values. */
void mix_dip_prepare (MixDip *dip, const MixDipPlan *plan, float *shape);

/* One gain. */
typedef struct {
  float *recent;    /* lent; mix_dip_recent values: the latest needs */
  int64_t *ring[2]; /* lent; as long as the averages */
  int64_t sum[2];
  unsigned end; /* of what is in `recent` */
  unsigned box_at[2];
  unsigned idle; /* steps without need, up to where all is 1 */
  float drop[2]; /* 1 - gain of the last steps, the older one first */
} MixDipLane;

/* Forgets: gain 1. */
void mix_dip_reset (const MixDip *dip, MixDipLane *lane);

/* As if this had been needed for ever. */
void mix_dip_hold (const MixDip *dip, MixDipLane *lane, double need_db);

/* Takes the needs (dB, >= 0) of a tick, one a step, and gives the gains of the
 * MIX_TICK frames that lie `delay` before. Returns the lowest gain of the new
 * steps; 0 when all gains are 1, and then does not write them. */
float mix_dip_run (const MixDip *dip, MixDipLane *lane, const float *need_db,
    float gain[MIX_TICK], const MixKernels *kernels);

/* Makes `to` what `from` is; they share the dip. */
void mix_dip_copy (const MixDip *dip, MixDipLane *to, const MixDipLane *from);

/* Steps after which two lanes with the same needs are the same. */
unsigned mix_dip_memory (const MixDip *dip);
