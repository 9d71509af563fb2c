/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fast ceiling for the gain: detects input far over the target within some
 * hundredths of a second, long before the windows of loudness are full.
 *
 * Mean powers over windows of 20 to 400 ms; the shorter a window, the louder it
 * may be (a syllable, a drum): each has its allowance over the range that is to
 * be kept, and the highest excess sets the ceiling. In the longer windows the
 * loudest step is left out, so that a click has little effect. Realtime-safe,
 * no errors.
 */
#pragma once

#include "level_targets.h"

/* Steps of 10 ms in the longest window. */
#define MIX_CEILING_STEPS 40

#define MIX_CEILING_WINDOWS 6

typedef struct {
  /* A ring of mean powers, the newest at `next`, written twice so that all are
   * contiguous. */
  double step[2 * MIX_CEILING_STEPS];
  unsigned next;
  double allowance[MIX_CEILING_WINDOWS]; /* as a power */
} MixCeilingDetector;

typedef struct {
  double max_db;       /* the ceiling, by all windows */
  double max_alone_db; /* with this gain the last syllable by itself is at the
                        * upper edge of the range */
} MixGainCeiling;

void mix_ceiling_detector_reset (MixCeilingDetector *d);

/* The mean power of a step. What is far over the reference loudness counts as
 * if it were less. */
MixGainCeiling mix_ceiling_detector_step (MixCeilingDetector *d,
    const MixLevelTargets *targets, double reference_lufs, double power);
