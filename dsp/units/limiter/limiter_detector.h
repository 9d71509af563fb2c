/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The detector of a limiter stage: where, and by how much, the level of a
 * channel is over the ceiling. Realtime-safe but for prepare.
 */
#pragma once

#include "../../format.h"
#include "../../parts/peak_bounds.h"
#include "../../parts/true_peak.h"

/* The coarse detector (first stage) finds peaks within tenths of a decibel, the
 * fine one (second stage) as exactly as a meter. */
typedef struct {
  const MixKernels *kernels;
  MixTruePeak tables;
  bool is_fine;
  bool true_peak; /* or the samples only */
  float level;    /* the highest true peak after correction; of a fine one */
  MixPeakBounds bounds[MIX_MAX_CHANNELS];
} MixLimiterDetector;

void mix_limiter_detector_prepare (MixLimiterDetector *detector, bool is_fine);
/* Silence; `level` stays. */
void mix_limiter_detector_clear (MixLimiterDetector *detector);

static inline void
mix_limiter_detector_set (MixLimiterDetector *detector, bool true_peak)
{
  detector->true_peak = true_peak;
}

/* Frames from the newest one to the one whose level is found. */
static inline unsigned
mix_limiter_detector_reach (const MixLimiterDetector *detector)
{
  return detector->is_fine ? MIX_TRUE_PEAK_FINE_REACH
                           : MIX_TRUE_PEAK_COARSE_REACH;
}

/* The reductions (dB) that channel `c` requires in the tick that lies the reach
 * before `end`, where its audio ends now; one for each `step` frames. False
 * when there are none; then nothing is written. To be called once a tick. */
bool mix_limiter_detector_run (MixLimiterDetector *detector, unsigned c,
    const float *end, unsigned step, float ceiling, float *required_db);

/* After the newest audio of a channel was taken back: it ends at `end` now. */
void mix_limiter_detector_rewind (
    MixLimiterDetector *detector, unsigned c, const float *end);

/* The highest true peak since the last restart. */
static inline float
mix_limiter_detector_level (const MixLimiterDetector *detector)
{
  return detector->level;
}

static inline void
mix_limiter_detector_raise_level (MixLimiterDetector *detector, float level)
{
  detector->level = mix_larger (detector->level, level);
}

static inline void
mix_limiter_detector_restart_level (MixLimiterDetector *detector)
{
  detector->level = 0;
}
