/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds what a stage of the limiter needs. Detectors cost more than the rest of
 * it, so they run only where the bounds of parts/true_peak.h, fed with the
 * outline of the audio, do not tell that all is below the ceiling.
 */
#include "limiter.h"

#include <math.h>
#include <string.h>

#include "../../base/maths.h"

#define N MIX_TICK
/* Rounding between a need and its gain, in dB (see gain_from_db). */
#define ROUNDING_DB 0.0006f

static float
largest (const float *values, unsigned n)
{
  float most = values[0];
  for (unsigned i = 1; i < n; i++)
    most = mix_larger (values[i], most);
  return most;
}

/* Takes in the tick that ends at `end`. */
static void
draw_outline (
    MixLimiterStage *stage, const MixKernels *kernels, unsigned c, unsigned end)
{
  MixLimiterOutline *o = &stage->outline[c];
  const float *x = stage->audio[c] + end;
  memmove (
      o->peak + 1, o->peak, (MIX_LIMITER_TICKS_BACK - 1) * sizeof *o->peak);
  memmove (
      o->bend + 1, o->bend, (MIX_LIMITER_TICKS_BACK - 1) * sizeof *o->bend);
  kernels->peak_and_bend (x - N - 1, o->peak, o->bend);
}

/* Levels of frames, which are overwritten, to needs of steps. False when there
 * are none; then nothing is written. */
static bool
find_needs (const MixKernels *kernels, const MixDip *dip, float *level,
    float ceiling, float *need_db)
{
  unsigned steps = N;
  for (; steps > N / dip->step; steps /= 2)
    for (unsigned j = 0; j < steps / 2; j++)
      level[j] = mix_larger (level[2 * j], level[2 * j + 1]);
  if (largest (level, steps) <= ceiling)
    return false;
  for (unsigned j = 0; j < steps; j++)
    level[j] /= ceiling;
  kernels->db_from_gain (need_db, level, steps);
  for (unsigned j = 0; j < steps; j++)
    need_db[j] = level[j] > 1 ? mix_larger (need_db[j], 0) + ROUNDING_DB : 0;
  return true;
}

/* ---- First stage -------------------------------------------------------- */

static bool
detect_first (const MixLimiterCommon *common, const MixLimiterOutline *o,
    const float *x, float ceiling, float *level)
{
  float peak = largest (o->peak, 2);
  float bound = peak + common->detector.coarse_bound * largest (o->bend, 2);
  if (common->true_peak && bound > ceiling)
    common->kernels->coarse_peaks (&common->detector.taps, x, level);
  else if (peak > ceiling)
    for (unsigned i = 0; i < N; i++)
      level[i] = fabsf (x[i]);
  else
    return false;
  return true;
}

/* ---- Second stage ------------------------------------------------------- */

/* Frames over the ceiling will be corrected to it. */
static void
take_true_peak (MixLimiterCommon *common, const float *plain,
    const float *level, float ceiling)
{
  float peak[N];
  if (!common->true_peak)
    ceiling = 1e30f;
  for (unsigned i = 0; i < N; i++)
    peak[i] = plain[i] * ceiling / mix_larger (level[i], ceiling);
  common->true_peak_level
      = mix_larger (common->true_peak_level, common->kernels->peak (peak, N));
}

/* May the fine level of this tick be over the ceiling? `level` gets the coarse
 * one when that was needed to tell. */
static bool
may_exceed (const MixLimiterCommon *common, const MixLimiterOutline *o,
    const float *x, float ceiling, float *level)
{
  const MixTruePeak *detector = &common->detector;
  float peak = largest (o->peak + 1, 2);
  float bend = largest (o->bend, MIX_LIMITER_TICKS_BACK);
  float known = mix_smaller (ceiling, common->true_peak_level);
  level[0] = -1;
  if (peak + detector->fine_bound * bend <= known)
    return false;
  common->kernels->coarse_peaks (&detector->taps, x, level);
  float coarse = MIX_TRUE_PEAK_SLACK * common->kernels->peak (level, N);
  return coarse + detector->fine_from_coarse * bend > ceiling;
}

/* For a mere reading the coarse level will do. */
static bool
detect_second (MixLimiterCommon *common, const MixLimiterOutline *o,
    const float *x, float ceiling, float *level)
{
  float plain[N];
  bool may = may_exceed (common, o, x, ceiling, level);
  if (may && common->true_peak) {
    common->kernels->fine_peaks (&common->detector.taps, x, level, plain);
    take_true_peak (common, plain, level, ceiling);
    return true;
  }
  if (level[0] >= 0)
    take_true_peak (common, level, level, ceiling);
  return false;
}

bool
mix_limiter_detect (MixLimiterStage *stage, MixLimiterCommon *common,
    unsigned c, float ceiling, float *need_db)
{
  const MixLimiterOutline *o = &stage->outline[c];
  const float *x = stage->audio[c] + stage->history.end - N
                   - mix_limiter_stage_reach (stage);
  float level[N];
  draw_outline (stage, common->kernels, c, stage->history.end);
  bool may = stage->place == MIX_LIMITER_FIRST
                 ? detect_first (common, o, x, ceiling, level)
                 : detect_second (common, o, x, ceiling, level);
  return may
         && find_needs (common->kernels, &stage->dip, level, ceiling, need_db);
}

void
mix_limiter_detect_again (
    MixLimiterStage *stage, const MixLimiterCommon *common)
{
  for (unsigned c = 0; c < common->channels; c++)
    for (unsigned back = MIX_LIMITER_TICKS_BACK; back-- > 0;)
      draw_outline (stage, common->kernels, c, stage->history.end - back * N);
}
