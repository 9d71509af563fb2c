/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "leveler_surge.h"

#include <math.h>

#include "../../base/maths.h"
#include "../../parts/loudness.h"

/* Steps, and what these are allowed over the range of 400 ms. */
static const struct {
  unsigned steps;
  double lu;
} lengths[MIX_LEVELER_LENGTHS] = { { 2, 4 }, { 3, 3 }, { 5, 2.5 }, { 10, 2 },
  { 20, 1 }, { MIX_LEVELER_SURGE, 0 } };
/* From here on the loudest step is left out. */
#define ROBUST 3
/* Steps of a syllable. */
#define ALONE 5

/* What 400 ms are allowed over the range of 3 s. */
#define SHORT_TERM_LU 4.0
/* What is farther over the usual counts for no more: a shot. */
#define JUMP_LU 20.0

void
mix_leveler_surge_reset (MixLevelerSurge *s)
{
  *s = (MixLevelerSurge){ .next = 0 };
  for (unsigned i = 0; i < MIX_LEVELER_LENGTHS; i++)
    s->allowance[i] = pow (10, -lengths[i].lu / 10);
}

static void
remember (MixLevelerSurge *s, double power)
{
  s->next = (s->next + MIX_LEVELER_SURGE - 1) % MIX_LEVELER_SURGE;
  s->step[s->next] = s->step[s->next + MIX_LEVELER_SURGE] = power;
}

/* The highest mean power of all lengths, less their allowances. That of a
 * syllable goes to `alone`. */
static double
highest_mean (const MixLevelerSurge *s, double *alone)
{
  const double *step = s->step + s->next;
  double sum = 0, most = 0, highest = 0;
  for (unsigned i = 0, at = 0; i < MIX_LEVELER_LENGTHS; i++) {
    unsigned steps = lengths[i].steps;
    for (; at < steps; at++) {
      sum += step[at];
      most = step[at] > most ? step[at] : most;
    }
    double mean = steps < ROBUST ? sum / steps : (sum - most) / (steps - 1);
    double counted = mean * s->allowance[i];
    highest = counted > highest ? counted : highest;
    if (steps == ALONE)
      *alone = sum / steps;
  }
  return highest;
}

MixLevelerCeiling
mix_leveler_surge_step (MixLevelerSurge *s, const MixLevelerControl *c,
    const MixLevelerAims *aims, double power)
{
  double edge = aims->target_lufs + aims->range_lu / 2, alone = 0;
  double allowed = edge + (aims->is_momentary ? 0 : SHORT_TERM_LU);
  remember (s, power);
  double lufs = mix_lufs_from_power (highest_mean (s, &alone));
  return (MixLevelerCeiling){ .most_db
                              = allowed - fmin (lufs, c->usual_lufs + JUMP_LU),
    .alone_db = edge - mix_lufs_from_power (alone) };
}
