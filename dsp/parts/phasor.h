/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A phasor: a slow oscillator that is a point on the unit circle, turned by a
 * constant angle at each step (a complex multiplication). Rounding moves its
 * radius by a millionth in a month of ticks; `normalise` takes that back.
 * Realtime-safe but for mix_phasor, which calls libm.
 */
#pragma once

#include "../base/maths.h"

typedef struct {
  double cosine, sine;
} MixPhasor;

/* At a phase, or by a step, of so many cycles. */
static inline MixPhasor
mix_phasor (double cycles)
{
  double angle = 2 * MIX_PI * fmod (cycles, 1);
  return (MixPhasor){ cos (angle), sin (angle) };
}

static inline MixPhasor
mix_phasor_turn (MixPhasor p, MixPhasor by)
{
  return (MixPhasor){ p.cosine * by.cosine - p.sine * by.sine,
    p.sine * by.cosine + p.cosine * by.sine };
}

/* Back to the unit circle, from near it: one step of Newton's method. */
static inline MixPhasor
mix_phasor_normalise (MixPhasor p)
{
  double correct = 1.5 - 0.5 * (p.cosine * p.cosine + p.sine * p.sine);
  return (MixPhasor){ p.cosine * correct, p.sine * correct };
}
