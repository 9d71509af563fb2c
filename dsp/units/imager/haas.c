/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "haas.h"

#include <string.h>

/* A moving delay shifts the pitch: a step of 40 ms by a fifth at most. */
#define SMOOTHING_MS 80.0

/* Frames beyond the delay that the cubic reads. */
#define TAPS_BACK 3

unsigned
mix_imager_haas_keep (unsigned rate)
{
  unsigned most = mix_frames_from_ms (MIX_IMAGER_HAAS_MS, rate) + TAPS_BACK;
  return most > MIX_TICK ? most : MIX_TICK;
}

void
mix_imager_haas_prepare (MixImagerHaas *haas, unsigned rate)
{
  *haas = (MixImagerHaas){ .rate = rate };
  for (unsigned c = 0; c < 2; c++)
    mix_smoother_prepare (&haas->delay[c], rate, SMOOTHING_MS);
}

/* The delays act on the input, before the swap. */
void
mix_imager_haas_set (MixImagerHaas *haas, const MixImagerParams *params)
{
  unsigned frames = mix_frames_from_ms (fabs (params->haas_ms), haas->rate);
  unsigned late = (params->haas_ms > 0) != params->swap;
  mix_smoother_set (&haas->delay[late], frames);
  mix_smoother_set (&haas->delay[1 - late], 0);
  haas->moves = true;
}

void
mix_imager_haas_reset (MixImagerHaas *haas)
{
  for (unsigned c = 0; c < 2; c++)
    mix_smoother_snap (&haas->delay[c]);
  haas->moves = true;
}

void
mix_imager_haas_tick (MixImagerHaas *haas)
{
  if (!haas->moves)
    return;
  haas->moves = haas->on = false;
  for (unsigned c = 0; c < 2; c++) {
    MixSmoother *delay = &haas->delay[c];
    haas->moves |= mix_smoother_tick (delay);
    haas->on |= delay->from != 0 || delay->to != 0;
  }
}

/* At `t` between x[0] and the frame before it, x[-1]; x[1] is the frame after.
 */
static inline float
cubic (const float *x, float t)
{
  float a = x[1], b = x[0], c = x[-1], d = x[-2];
  float u = t - 1, v = t - 2, w = t + 1;
  return w * u * v * 0.5f * b - t * u * v * (1.f / 6) * a - w * t * v * 0.5f * c
         + w * t * u * (1.f / 6) * d;
}

/* Below a delay of one frame, the cubic would need a frame of the future. */
static inline float
between (const float *x, float t, bool has_next)
{
  return has_next ? cubic (x, t) : x[0] + (x[-1] - x[0]) * t;
}

void
mix_imager_haas_run (
    const MixImagerHaas *haas, unsigned channel, float *out, const float *x)
{
  const MixSmoother *delay = &haas->delay[channel];
  if (mix_smoother_is_still (delay)) {
    memcpy (out, x - (unsigned)delay->to, MIX_TICK * sizeof *out);
    return;
  }
  double slope = mix_smoother_slope (delay);
  for (unsigned i = 0; i < MIX_TICK; i++) {
    double frames = delay->from + slope * i;
    unsigned whole = (unsigned)frames;
    out[i] = between (x + i - whole, (float)(frames - whole), whole > 0);
  }
}

unsigned
mix_imager_haas_longest (const MixImagerHaas *haas)
{
  const MixSmoother *left = &haas->delay[0], *right = &haas->delay[1];
  return (unsigned)fmax (
      fmax (left->target, left->to), fmax (right->target, right->to));
}
