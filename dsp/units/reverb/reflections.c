/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reflections.h"

#define GOLDEN 0.61803398874989485

enum {
  N = MIX_REVERB_BLOCK,
  TAPS = MIX_REVERB_TAPS,
  GROUPS = MIX_REVERB_GROUPS,
};

void
mix_reflections_prepare (
    MixReflections *reflections, const MixWetRouting *routing, unsigned rate)
{
  reflections->kernels = mix_kernels ();
  reflections->rate = rate;
  reflections->routing = *routing;
}

/* ---- Layouts ------------------------------------------------------------ */

typedef enum {
  SELF,
  PARTNER,
  NEIGHBOUR,
} Source;

/* Of each tap, the earliest first. */
static const unsigned char sources[TAPS]
    = { SELF, SELF, NEIGHBOUR, SELF, SELF, PARTNER, SELF, NEIGHBOUR, PARTNER,
        SELF, SELF, PARTNER, NEIGHBOUR, SELF, PARTNER, SELF };

static unsigned
source_of (const MixWetRouting *routing, unsigned slot, unsigned k)
{
  switch (sources[k]) {
    case PARTNER:
      return routing->partner[slot];
    case NEIGHBOUR:
      return routing->neighbour[slot];
    default:
      return slot;
  }
}

static double
fraction (double x)
{
  return x - floor (x);
}

static void
lay_out_tap (const MixReflections *reflections, MixReflectionsLayout *layout,
    const MixGeometry *geometry, const MixInputDelay *input, unsigned slot,
    unsigned k)
{
  unsigned rate = reflections->rate;
  unsigned number = reflections->routing.channel[slot] * TAPS + k;
  double where = (k + 0.1 + 0.8 * fraction ((number + 1) * GOLDEN)) / TAPS;
  double time = mix_geometry_early_time (geometry, where);
  /* A wave's level falls with its path, and later there are more waves. */
  double gain = pow (mix_geometry_early_time (geometry, 0) / time, 0.7);
  bool negative = fraction ((number + 3) * GOLDEN * GOLDEN * 5) < 0.5;
  unsigned source = source_of (&reflections->routing, slot, k);
  if (source != slot)
    gain *= mix_geometry_across (geometry);
  layout->start[slot][k] = mix_input_delay_start (input, source);
  layout->tap[slot][k] = mix_geometry_pre_delay_frames (geometry, rate)
                         + mix_geometry_frames (time, rate);
  layout->gain[slot][k] = (float)(negative ? -gain : gain);
}

/* The power of all taps becomes 1: noise of the same power in all channels
 * keeps its power. */
static void
normalise (MixReflectionsLayout *layout, unsigned slot, unsigned slots)
{
  double power = 0;
  for (unsigned k = 0; k < TAPS; k++)
    power += (double)(layout->gain[slot][k] * layout->gain[slot][k]);
  for (unsigned k = 0; k < TAPS; k++) {
    double gain = (double)layout->gain[slot][k] / sqrt (power);
    layout->gain[slot][k] = (float)gain;
    layout->group_power[k * GROUPS / TAPS] += gain * gain / slots;
  }
}

static void
lay_out (const MixReflections *reflections, MixReflectionsLayout *layout,
    const MixGeometry *geometry, const MixInputDelay *input)
{
  unsigned slots = reflections->routing.slots;
  for (unsigned g = 0; g < GROUPS; g++) {
    layout->group_s[g] = mix_geometry_early_time (geometry, (g + 0.5) / GROUPS);
    layout->group_power[g] = 0;
  }
  for (unsigned i = 0; i < slots; i++) {
    for (unsigned k = 0; k < TAPS; k++)
      lay_out_tap (reflections, layout, geometry, input, i, k);
    normalise (layout, i, slots);
  }
}

void
mix_reflections_begin (MixReflections *reflections, const MixGeometry *geometry,
    const MixInputDelay *input)
{
  lay_out (reflections, &reflections->next, geometry, input);
  for (unsigned duo = 0; 2 * duo < reflections->routing.slots; duo++)
    memset (reflections->state[duo][1], 0, sizeof reflections->state[duo][1]);
}

void
mix_reflections_arrive (MixReflections *reflections)
{
  reflections->now = reflections->next;
  for (unsigned duo = 0; 2 * duo < reflections->routing.slots; duo++)
    memcpy (reflections->state[duo][0], reflections->state[duo][1],
        sizeof reflections->state[duo][0]);
}

void
mix_reflections_reset (MixReflections *reflections, const MixGeometry *geometry,
    const MixInputDelay *input)
{
  lay_out (reflections, &reflections->now, geometry, input);
  memset (reflections->state, 0, sizeof reflections->state);
}

/* ---- Absorption and level ----------------------------------------------- */

/* Noise at the input gives the early share of the power, whatever the
 * absorption. */
static double
level (const MixReflections *reflections, const MixTransition *transition,
    const MixReverbValues *values)
{
  const MixReflectionsLayout *now = &reflections->now;
  const MixReflectionsLayout *next = &reflections->next;
  double left = 0;
  for (unsigned g = 0; g < GROUPS; g++)
    left += mix_transition_value (
                transition, now->group_power[g], next->group_power[g])
            * mix_absorption_left (
                &values->absorption, mix_transition_value (transition,
                                         now->group_s[g], next->group_s[g]));
  return sqrt (values->early_share / (left + MIX_REVERB_LEAST_LEFT));
}

/* The weights include the gain of all. */
static void
design (MixReflections *reflections, const MixTransition *transition,
    const MixReverbValues *values)
{
  double gain = level (reflections, transition, values) * values->early
                * values->wet * values->unfrozen;
  for (unsigned g = 0; g < GROUPS; g++) {
    double seconds = mix_transition_value (
        transition, reflections->now.group_s[g], reflections->next.group_s[g]);
    MixAbsorptionFirstOrder once
        = mix_absorption_design_first_order (&values->absorption, seconds);
    reflections->end[MIX_REVERB_KEEP][g] = (float)once.keep;
    reflections->end[MIX_REVERB_TAKE][g] = (float)(1 - once.keep);
    reflections->end[MIX_REVERB_EARLY_DIRECT][g] = (float)(gain * once.direct);
    reflections->end[MIX_REVERB_EARLY_LOW][g] = (float)(gain * once.low);
  }
}

void
mix_reflections_update (MixReflections *reflections,
    const MixTransition *transition, const MixReverbValues *values)
{
  MixReverbEarlyAbsorption *filters = &reflections->filters;
  memcpy (filters->weight, reflections->end, sizeof filters->weight);
  if (values->moving)
    design (reflections, transition, values);
  mix_reverb_slopes (filters->slope[0], filters->weight[0], reflections->end[0],
      MIX_REVERB_EARLY_WEIGHTS * GROUPS);
  filters->moving = values->moving;
}

/* ---- Blocks ------------------------------------------------------------- */

static void
run_layout (const MixReflections *reflections,
    const MixReflectionsLayout *layout, const MixInputDelay *input,
    unsigned duo, float state[MIX_REVERB_LANES], float *const out[2])
{
  MixReverbTaps taps[2] = { { .at = { 0 } }, { .at = { 0 } } };
  for (unsigned k = 0; k < 2 && 2 * duo + k < reflections->routing.slots; k++) {
    unsigned slot = 2 * duo + k;
    mix_input_delay_find (
        input, layout->start[slot], layout->tap[slot], taps[k].at);
    memcpy (taps[k].gain, layout->gain[slot], sizeof taps[k].gain);
  }
  reflections->kernels->reverb_early (&reflections->filters, state, out[0],
      out[1], mix_input_delay_memory (input), &taps[0], &taps[1]);
}

/* During a transition the filters of both layouts have the same weights but
 * their own states. */
void
mix_reflections_run (MixReflections *reflections,
    const MixTransition *transition, const MixInputDelay *input, unsigned duo,
    float *const out[2])
{
  float next[2][N], *to_next[2] = { next[0], next[1] };
  float (*state)[MIX_REVERB_LANES] = reflections->state[duo];
  run_layout (reflections, &reflections->now, input, duo, state[0], out);
  if (!mix_transition_is_on (transition))
    return;
  run_layout (reflections, &reflections->next, input, duo, state[1], to_next);
  for (unsigned k = 0; k < 2; k++)
    mix_transition_blend (transition, out[k], out[k], next[k]);
}
