/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ceiling_detector.h"

#include <math.h>

#include "../../base/maths.h"
#include "../../parts/loudness_meter.h"

/* Steps of each window, and its allowance over that of 400 ms. */
static const struct {
  unsigned steps;
  double lu;
} windows[MIX_CEILING_WINDOWS] = { { 2, 4 }, { 3, 3 }, { 5, 2.5 }, { 10, 2 },
  { 20, 1 }, { MIX_CEILING_STEPS, 0 } };
/* From this length on the loudest step is left out. */
#define ROBUST 3
/* Steps of a syllable. */
#define ALONE 5

/* The allowance of 400 ms over the range of 3 s. */
#define SHORT_TERM_LU 4.0
/* What is farther over the reference counts as if it were this much. */
#define JUMP_LU 20.0

void
mix_ceiling_detector_reset (MixCeilingDetector *d)
{
  *d = (MixCeilingDetector){ .next = 0 };
  for (unsigned i = 0; i < MIX_CEILING_WINDOWS; i++)
    d->allowance[i] = pow (10, -windows[i].lu / 10);
}

static void
add_step (MixCeilingDetector *d, double power)
{
  d->next = (d->next + MIX_CEILING_STEPS - 1) % MIX_CEILING_STEPS;
  d->step[d->next] = d->step[d->next + MIX_CEILING_STEPS] = power;
}

/* The highest mean power of all windows, each less its allowance. That of a
 * syllable goes to `alone`. */
static double
highest_mean (const MixCeilingDetector *d, double *alone)
{
  const double *step = d->step + d->next;
  double sum = 0, loudest = 0, highest = 0;
  for (unsigned i = 0, at = 0; i < MIX_CEILING_WINDOWS; i++) {
    unsigned steps = windows[i].steps;
    for (; at < steps; at++) {
      sum += step[at];
      loudest = step[at] > loudest ? step[at] : loudest;
    }
    double mean = steps < ROBUST ? sum / steps : (sum - loudest) / (steps - 1);
    double counted = mean * d->allowance[i];
    highest = counted > highest ? counted : highest;
    if (steps == ALONE)
      *alone = sum / steps;
  }
  return highest;
}

MixGainCeiling
mix_ceiling_detector_step (MixCeilingDetector *d,
    const MixLevelTargets *targets, double reference_lufs, double power)
{
  double edge = targets->target_lufs + targets->range_lu / 2, alone = 0;
  double allowed = edge + (targets->is_momentary ? 0 : SHORT_TERM_LU);
  add_step (d, power);
  double lufs = mix_lufs_from_power (highest_mean (d, &alone));
  return (MixGainCeiling){
    .max_db = allowed - fmin (lufs, reference_lufs + JUMP_LU),
    .max_alone_db = edge - mix_lufs_from_power (alone),
  };
}
