/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wow.h"

/* At 100 % the pitch moves by 12 cents either way, which is not yet perceived
 * as out of tune. Speeds and phases are spaced by the golden section, so that
 * no two channels agree. */
#define DETUNE 0.0068 /* 2^(12/1200) - 1 is 0.00696, downwards 0.00691 */
#define SLOWEST_HZ 0.5
#define SPREAD_HZ 0.3
#define GOLDEN 0.6180339887498949

/* A quicker change of the depth would itself be a change of pitch. */
#define SMOOTHING_MS 200.0

/* The amplitude of a modulation at `hz` that detunes by DETUNE: the pitch is
 * one less the slope of the delay. */
static double
amplitude (double hz, unsigned rate)
{
  return DETUNE / (2 * MIX_PI * hz) * rate;
}

unsigned
mix_delay_wow_most (unsigned rate)
{
  return 1 + (unsigned)amplitude (SLOWEST_HZ, rate);
}

void
mix_delay_wow_prepare (MixDelayWow *wow, const MixFormat *format)
{
  *wow = (MixDelayWow){ .channels = format->channels };
  mix_smoother_prepare (&wow->depth, format->rate, SMOOTHING_MS);
  for (unsigned c = 0; c < wow->channels; c++) {
    double hz = SLOWEST_HZ + SPREAD_HZ * fmod (c * GOLDEN, 1);
    wow->line[c].turn = mix_phasor (hz * MIX_TICK / format->rate);
    wow->line[c].reach = (float)amplitude (hz, format->rate);
  }
}

void
mix_delay_wow_set (MixDelayWow *wow, double percent)
{
  mix_smoother_set (&wow->depth, percent / 100);
}

void
mix_delay_wow_reset (MixDelayWow *wow)
{
  mix_smoother_snap (&wow->depth);
  for (unsigned c = 0; c < wow->channels; c++)
    wow->line[c].phase = mix_phasor (c * GOLDEN);
}

bool
mix_delay_wow_tick (MixDelayWow *wow)
{
  const MixSmoother *depth = &wow->depth;
  mix_smoother_tick (&wow->depth);
  wow->on = depth->target > 0 || !mix_smoother_is_still (depth);
  for (unsigned c = 0; wow->on && c < wow->channels; c++) {
    MixDelayWowLine *line = &wow->line[c];
    double sine = line->phase.sine;
    line->phase = mix_phasor_turn (line->phase, line->turn);
    line->swing = mix_ramp (depth->from * sine, depth->to * line->phase.sine);
  }
  return wow->on;
}

/* A short delay moves by at most half of it. */
void
mix_delay_wow_read (const MixDelayWow *wow, const MixDelayRings *rings,
    unsigned channel, float *to, unsigned delay, unsigned offset, unsigned n)
{
  const MixDelayWowLine *line = &wow->line[channel];
  double room = fmax (0, delay / 2.0 - 1);
  double reach = fmin ((double)line->reach, room);
  MixFractionalPath path = { delay + reach * (double)line->swing.from,
    reach * (double)line->swing.slope, offset };
  mix_delay_rings_read_fractional (rings, channel, to, path, n);
}
