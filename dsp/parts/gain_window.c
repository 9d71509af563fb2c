/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gain_window.h"

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
mix_gain_window_prepare (
    MixGainWindow *window, const MixGainWindowPlan *plan, float *shape)
{
  unsigned bottom = plan->round + 2 * plan->flat + 2, k = 0;
  window->step = plan->step;
  window->spread = mix_gain_window_spread (plan);
  window->box[0] = (plan->round + 1) / 2;
  window->box[1] = plan->round + 1 - window->box[0];
  window->delay = (plan->lead + plan->round + plan->flat + 1) * plan->step;
  window->scale = 1 / (UNIT * window->box[0] * window->box[1]);
  window->shape = shape;
  /* Reductions are kept oldest first, so the window's end comes first. */
  for (unsigned i = 0; i < plan->trail; i++)
    shape[k++] = (float)slope (i, plan->trail);
  for (unsigned i = 0; i < bottom; i++)
    shape[k++] = 1;
  for (unsigned i = plan->lead; i > 0; i--)
    shape[k++] = (float)slope (i - 1, plan->lead);
  for (unsigned i = 0; i < plan->step; i++) {
    double t = (i + 0.5) / plan->step;
    window->blend[0][i] = (float)(0.5 * (1 - t) * (1 - t));
    window->blend[1][i] = (float)(0.5 + t * (1 - t));
    window->blend[2][i] = (float)(0.5 * t * t);
  }
}

void
mix_gain_window_reset (const MixGainWindow *window, MixGainWindowLane *lane)
{
  memset (lane->recent, 0,
      mix_gain_window_recent (window->spread) * sizeof (float));
  for (unsigned b = 0; b < 2; b++) {
    memset (lane->ring[b], 0, window->box[b] * sizeof (int64_t));
    lane->sum[b] = 0;
    lane->box_at[b] = 0;
  }
  lane->end = window->spread - 1;
  lane->drop[0] = lane->drop[1] = 0;
  lane->zero_steps = mix_gain_window_memory (window);
}

void
mix_gain_window_hold (
    const MixGainWindow *window, MixGainWindowLane *lane, double required_db)
{
  int64_t value = (int64_t)(required_db * UNIT + 0.999);
  mix_gain_window_reset (window, lane);
  for (unsigned i = 0; i < mix_gain_window_recent (window->spread); i++)
    lane->recent[i] = (float)required_db;
  for (unsigned b = 0; b < 2; b++) {
    for (unsigned i = 0; i < window->box[b]; i++)
      lane->ring[b][i] = value;
    value *= window->box[b];
    lane->sum[b] = value;
  }
  lane->drop[0] = lane->drop[1] = (float)(1 - mix_gain_from_db (-required_db));
  if (required_db > 0)
    lane->zero_steps = 0;
}

void
mix_gain_window_copy (const MixGainWindow *window, MixGainWindowLane *to,
    const MixGainWindowLane *from)
{
  MixGainWindowLane memory = *to;
  *to = *from;
  to->recent = memory.recent;
  memcpy (to->recent, from->recent,
      mix_gain_window_recent (window->spread) * sizeof (float));
  for (unsigned b = 0; b < 2; b++) {
    to->ring[b] = memory.ring[b];
    memcpy (to->ring[b], from->ring[b], window->box[b] * sizeof (int64_t));
  }
}

unsigned
mix_gain_window_memory (const MixGainWindow *window)
{
  return window->spread + window->box[0] + window->box[1] + 3;
}

/* Appends the required reductions of a tick and drops what is too old. */
static void
remember (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *required_db, unsigned steps)
{
  unsigned keep = window->spread - 1;
  if (lane->end + steps > mix_gain_window_recent (window->spread)) {
    memmove (
        lane->recent, lane->recent + lane->end - keep, keep * sizeof (float));
    lane->end = keep;
  }
  memcpy (lane->recent + lane->end, required_db, steps * sizeof (float));
  lane->end += steps;
}

/* The largest reduction around each of the newest steps, each scaled by its
 * place in the window. */
static void
spread (const MixGainWindow *window, const MixGainWindowLane *lane,
    float *spread_db, unsigned steps, const MixKernels *kernels)
{
  const float *first = lane->recent + lane->end - steps + 1 - window->spread;
  for (unsigned j = 0; j < steps; j++)
    spread_db[j]
        = kernels->largest_product (first + j, window->shape, window->spread);
}

static int64_t
average (const MixGainWindow *window, MixGainWindowLane *lane, unsigned box,
    int64_t value)
{
  int64_t *oldest = lane->ring[box] + lane->box_at[box];
  lane->sum[box] += value - *oldest;
  *oldest = value;
  if (++lane->box_at[box] == window->box[box])
    lane->box_at[box] = 0;
  return lane->sum[box];
}

/* The rounded-off reduction. Whole numbers are rounded up, so it is never less
 * than required. */
static float
smooth (const MixGainWindow *window, MixGainWindowLane *lane, float spread_db)
{
  int64_t value = (int64_t)((double)spread_db * UNIT + 0.999);
  value = average (window, lane, 1, average (window, lane, 0, value));
  return (float)((double)value * window->scale);
}

/* Frames of one tick from the gains of its steps; `step` is a constant. */
static inline __attribute__ ((always_inline)) void
draw (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *control, float *restrict gain, unsigned step)
{
  float a = lane->drop[0], b = lane->drop[1];
  for (unsigned j = 0; j < MIX_TICK / step; j++) {
    float c = 1 - control[j];
    for (unsigned i = 0; i < step; i++)
      gain[j * step + i] = 1
                           - (window->blend[0][i] * a + window->blend[1][i] * b
                               + window->blend[2][i] * c);
    a = b;
    b = c;
  }
  lane->drop[0] = a;
  lane->drop[1] = b;
}

static void
draw_tick (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *control, float gain[MIX_TICK])
{
  switch (window->step) {
    case 1:
      draw (window, lane, control, gain, 1);
      break;
    case 2:
      draw (window, lane, control, gain, 2);
      break;
    case 4:
      draw (window, lane, control, gain, 4);
      break;
    case 8:
      draw (window, lane, control, gain, 8);
      break;
    case 16:
      draw (window, lane, control, gain, 16);
      break;
    default:
      draw (window, lane, control, gain, MIX_TICK);
  }
}

/* Counts the steps since the last reduction, up to where the gain is 1. */
static bool
is_all_ones (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *required_db)
{
  unsigned steps = MIX_TICK / window->step;
  unsigned limit = mix_gain_window_memory (window) + steps;
  for (unsigned j = 0; j < steps; j++)
    lane->zero_steps = required_db[j] > 0 ? 0 : lane->zero_steps + 1;
  if (lane->zero_steps < limit)
    return false;
  lane->zero_steps = limit;
  return true;
}

float
mix_gain_window_run (const MixGainWindow *window, MixGainWindowLane *lane,
    const float *required_db, float gain[MIX_TICK], const MixKernels *kernels)
{
  float control[MIX_TICK], lowest = 1;
  unsigned steps = MIX_TICK / window->step;
  if (is_all_ones (window, lane, required_db))
    return 0;
  remember (window, lane, required_db, steps);
  spread (window, lane, control, steps, kernels);
  for (unsigned j = 0; j < steps; j++)
    control[j] = -smooth (window, lane, control[j]);
  kernels->gain_from_db (control, control, steps);
  for (unsigned j = 0; j < steps; j++)
    lowest = control[j] < lowest ? control[j] : lowest;
  draw_tick (window, lane, control, gain);
  return lowest;
}
