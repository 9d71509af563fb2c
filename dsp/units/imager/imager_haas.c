/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay of one side (H. Haas, "Über den Einfluss eines Einfachechos auf die
 * Hörsamkeit von Sprache", Acustica 1, 1951: of two equal sounds the earlier
 * tells the direction). Left and right glide each on their own, which a sweep
 * through 0 needs to be smooth. A delay that begins grows slower than time goes
 * by, so it never reads what came before it began. At rest a delay is a whole
 * number of frames and a copy; while it glides, the wave between the samples is
 * a cubic (Lagrange).
 */
#include "imager.h"

/* A glide is a change of pitch: 40 ms of way bend it by a fifth at most. */
#define GLIDE_MS 80.0

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
  for (unsigned c = 0; c < 2; c++)
    mix_smoother_prepare (&haas->delay[c], rate, GLIDE_MS);
}

/* Delays are of what comes in: swapped sides swap them. */
void
mix_imager_haas_set (
    MixImagerHaas *haas, const MixImagerParams *params, unsigned rate)
{
  unsigned frames = mix_frames_from_ms (fabs (params->haas_ms), rate);
  unsigned late = (params->haas_ms > 0) != params->swap;
  mix_smoother_set (&haas->delay[late], frames);
  mix_smoother_set (&haas->delay[1 - late], 0);
  haas->moves = true;
}

void
mix_imager_haas_snap (MixImagerHaas *haas)
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
  haas->moves = haas->runs = false;
  for (unsigned c = 0; c < 2; c++) {
    MixSmoother *delay = &haas->delay[c];
    haas->moves |= mix_smoother_tick (delay);
    haas->runs |= delay->from != 0 || delay->to != 0;
  }
}

/* Between x[0] and x[-1], `t` of the way; all on the past side but x[1]. */
static inline float
cubic (const float *x, float t)
{
  float a = x[1], b = x[0], c = x[-1], d = x[-2];
  float u = t - 1, v = t - 2, w = t + 1;
  return w * u * v * 0.5f * b - t * u * v * (1.f / 6) * a - w * t * v * 0.5f * c
         + w * t * u * (1.f / 6) * d;
}

/* Within the first frame of delay the cubic would need the frame to come. */
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
      fmax (left->goal, left->to), fmax (right->goal, right->to));
}
