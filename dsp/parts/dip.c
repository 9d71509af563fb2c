/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dip.h"

#include <string.h>

#include "../base/maths.h"

/* Resolution of the averages: 1 / 2^20 dB. */
#define UNIT 1048576.0

/* The k-th of `count` values of a slope that rises from 0 to 1; the square of
 * a raised cosine does most of its way late. */
static double
slope (unsigned k, unsigned count)
{
  double cosine = 0.5 - 0.5 * cos (MIX_PI * (k + 1) / (count + 1));
  return cosine * cosine;
}

void
mix_dip_prepare (MixDip *dip, const MixDipPlan *plan, float *shape)
{
  unsigned bottom = plan->round + 2 * plan->flat + 2, k = 0;
  dip->step = plan->step;
  dip->spread = mix_dip_spread (plan);
  dip->box[0] = (plan->round + 1) / 2;
  dip->box[1] = plan->round + 1 - dip->box[0];
  dip->delay = (plan->lead + plan->round + plan->flat + 1) * plan->step;
  dip->scale = 1 / (UNIT * dip->box[0] * dip->box[1]);
  dip->shape = shape;
  /* The needs are kept oldest first, so the dip's end comes first. */
  for (unsigned i = 0; i < plan->trail; i++)
    shape[k++] = (float)slope (i, plan->trail);
  for (unsigned i = 0; i < bottom; i++)
    shape[k++] = 1;
  for (unsigned i = plan->lead; i > 0; i--)
    shape[k++] = (float)slope (i - 1, plan->lead);
  for (unsigned i = 0; i < plan->step; i++) {
    double t = (i + 0.5) / plan->step;
    dip->blend[0][i] = (float)(0.5 * (1 - t) * (1 - t));
    dip->blend[1][i] = (float)(0.5 + t * (1 - t));
    dip->blend[2][i] = (float)(0.5 * t * t);
  }
}

void
mix_dip_reset (const MixDip *dip, MixDipLane *lane)
{
  memset (lane->recent, 0, mix_dip_recent (dip->spread) * sizeof (float));
  for (unsigned b = 0; b < 2; b++) {
    memset (lane->ring[b], 0, dip->box[b] * sizeof (int64_t));
    lane->sum[b] = 0;
    lane->box_at[b] = 0;
  }
  lane->end = dip->spread - 1;
  lane->drop[0] = lane->drop[1] = 0;
  lane->idle = mix_dip_memory (dip);
}

void
mix_dip_hold (const MixDip *dip, MixDipLane *lane, double need_db)
{
  int64_t value = (int64_t)(need_db * UNIT + 0.999);
  mix_dip_reset (dip, lane);
  for (unsigned i = 0; i < mix_dip_recent (dip->spread); i++)
    lane->recent[i] = (float)need_db;
  for (unsigned b = 0; b < 2; b++) {
    for (unsigned i = 0; i < dip->box[b]; i++)
      lane->ring[b][i] = value;
    value *= dip->box[b];
    lane->sum[b] = value;
  }
  lane->drop[0] = lane->drop[1] = (float)(1 - mix_gain_from_db (-need_db));
  if (need_db > 0)
    lane->idle = 0;
}

void
mix_dip_copy (const MixDip *dip, MixDipLane *to, const MixDipLane *from)
{
  MixDipLane memory = *to;
  *to = *from;
  to->recent = memory.recent;
  memcpy (
      to->recent, from->recent, mix_dip_recent (dip->spread) * sizeof (float));
  for (unsigned b = 0; b < 2; b++) {
    to->ring[b] = memory.ring[b];
    memcpy (to->ring[b], from->ring[b], dip->box[b] * sizeof (int64_t));
  }
}

unsigned
mix_dip_memory (const MixDip *dip)
{
  return dip->spread + dip->box[0] + dip->box[1] + 3;
}

/* Appends the needs of a tick; what is too old makes room. */
static void
remember (
    const MixDip *dip, MixDipLane *lane, const float *need_db, unsigned steps)
{
  unsigned keep = dip->spread - 1;
  if (lane->end + steps > mix_dip_recent (dip->spread)) {
    memmove (
        lane->recent, lane->recent + lane->end - keep, keep * sizeof (float));
    lane->end = keep;
  }
  memcpy (lane->recent + lane->end, need_db, steps * sizeof (float));
  lane->end += steps;
}

/* The largest need around each of the newest steps, each by its place in the
 * dip. */
static void
spread (const MixDip *dip, const MixDipLane *lane, float *spread_db,
    unsigned steps, const MixKernels *kernels)
{
  const float *first = lane->recent + lane->end - steps + 1 - dip->spread;
  for (unsigned j = 0; j < steps; j++)
    spread_db[j]
        = kernels->largest_product (first + j, dip->shape, dip->spread);
}

static int64_t
average (const MixDip *dip, MixDipLane *lane, unsigned box, int64_t value)
{
  int64_t *oldest = lane->ring[box] + lane->box_at[box];
  lane->sum[box] += value - *oldest;
  *oldest = value;
  if (++lane->box_at[box] == dip->box[box])
    lane->box_at[box] = 0;
  return lane->sum[box];
}

/* The rounded-off reduction; whole numbers are rounded up, never under the
 * need. */
static float
smooth (const MixDip *dip, MixDipLane *lane, float spread_db)
{
  int64_t value = (int64_t)((double)spread_db * UNIT + 0.999);
  value = average (dip, lane, 1, average (dip, lane, 0, value));
  return (float)((double)value * dip->scale);
}

/* Frames of one tick from the gains of its steps; `step` is a constant. */
static inline __attribute__ ((always_inline)) void
draw (const MixDip *dip, MixDipLane *lane, const float *control,
    float *restrict gain, unsigned step)
{
  float a = lane->drop[0], b = lane->drop[1];
  for (unsigned j = 0; j < MIX_TICK / step; j++) {
    float c = 1 - control[j];
    for (unsigned i = 0; i < step; i++)
      gain[j * step + i] = 1
                           - (dip->blend[0][i] * a + dip->blend[1][i] * b
                               + dip->blend[2][i] * c);
    a = b;
    b = c;
  }
  lane->drop[0] = a;
  lane->drop[1] = b;
}

static void
draw_tick (const MixDip *dip, MixDipLane *lane, const float *control,
    float gain[MIX_TICK])
{
  switch (dip->step) {
    case 1:
      draw (dip, lane, control, gain, 1);
      break;
    case 2:
      draw (dip, lane, control, gain, 2);
      break;
    case 4:
      draw (dip, lane, control, gain, 4);
      break;
    case 8:
      draw (dip, lane, control, gain, 8);
      break;
    case 16:
      draw (dip, lane, control, gain, 16);
      break;
    default:
      draw (dip, lane, control, gain, MIX_TICK);
  }
}

/* Counts the steps since the last need, up to where the gain stands at 1. */
static bool
is_idle (const MixDip *dip, MixDipLane *lane, const float *need_db)
{
  unsigned steps = MIX_TICK / dip->step;
  unsigned limit = mix_dip_memory (dip) + steps;
  for (unsigned j = 0; j < steps; j++)
    lane->idle = need_db[j] > 0 ? 0 : lane->idle + 1;
  if (lane->idle < limit)
    return false;
  lane->idle = limit;
  return true;
}

float
mix_dip_run (const MixDip *dip, MixDipLane *lane, const float *need_db,
    float gain[MIX_TICK], const MixKernels *kernels)
{
  float control[MIX_TICK], lowest = 1;
  unsigned steps = MIX_TICK / dip->step;
  if (is_idle (dip, lane, need_db))
    return 0;
  remember (dip, lane, need_db, steps);
  spread (dip, lane, control, steps, kernels);
  for (unsigned j = 0; j < steps; j++)
    control[j] = -smooth (dip, lane, control[j]);
  kernels->gain_from_db (control, control, steps);
  for (unsigned j = 0; j < steps; j++)
    lowest = control[j] < lowest ? control[j] : lowest;
  draw_tick (dip, lane, control, gain);
  return lowest;
}
