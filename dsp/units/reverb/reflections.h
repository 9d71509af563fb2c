/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Early reflections: sixteen taps of the input delay for each wet channel, in
 * four groups by time, each group with the absorption that its delay stands
 * for.
 *
 * The taps are spread over a time that grows with the size, at positions that
 * look random but are fixed (multiples of the golden section, which never
 * cluster). Each channel gets its own sound first and loudest, that of its
 * partner on the other side softer and later. Realtime-safe but for `prepare`.
 */
#pragma once

#include "input_delay.h"

/* By slot; delays in frames from the input on, taps in the order of time. */
typedef struct {
  unsigned tap[MIX_MAX_CHANNELS][MIX_REVERB_TAPS];
  unsigned start[MIX_MAX_CHANNELS][MIX_REVERB_TAPS]; /* of their slot */
  float gain[MIX_MAX_CHANNELS][MIX_REVERB_TAPS];
  double group_s[MIX_REVERB_GROUPS];     /* mean time since the direct sound */
  double group_power[MIX_REVERB_GROUPS]; /* sum of squared gains; 1 in all */
} MixReflectionsLayout;

typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  MixWetRouting routing;
  MixReflectionsLayout now, next;
  MixReverbEarlyAbsorption filters;                       /* in this block */
  float end[MIX_REVERB_EARLY_WEIGHTS][MIX_REVERB_GROUPS]; /* at its end */
  /* Of two slots each, for both layouts. */
  float state[MIX_MAX_CHANNELS / 2][2][MIX_REVERB_LANES];
} MixReflections;

void mix_reflections_prepare (
    MixReflections *reflections, const MixWetRouting *routing, unsigned rate);
void mix_reflections_reset (MixReflections *reflections,
    const MixGeometry *geometry, const MixInputDelay *input);
void mix_reflections_begin (MixReflections *reflections,
    const MixGeometry *geometry, const MixInputDelay *input);
void mix_reflections_arrive (MixReflections *reflections);
void mix_reflections_update (MixReflections *reflections,
    const MixTransition *transition, const MixReverbValues *values);

/* A block of slots 2 `duo` and 2 `duo` + 1, of which the second may not
 * exist. */
void mix_reflections_run (MixReflections *reflections,
    const MixTransition *transition, const MixInputDelay *input, unsigned duo,
    float *const out[2]);
