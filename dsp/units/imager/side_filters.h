/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The filters of the side: widths in bands, mono lows, and the decorrelated mid
 * (spread). None of them touches the mid, so L + R stays.
 *
 * Bands. A crossover that splits the side into bands and adds these up again is
 * a shelf: with Butterworth poles on the unit circle, and zeros at the poles'
 * angles whose radius is the fourth root of the ratio of the widths,
 *
 *   |H|^2 = (low^2 + high^2 u^8) / (1 + u^8),  u = f / crossover
 *
 * (S. Butterworth, "On the Theory of Filter Amplifiers", 1930, for numerator
 * and denominator): the powers of bands split at 24 dB per octave, without
 * ripple. Equal widths put the zeros onto the poles: H is that width exactly,
 * without a phase shift. A Linkwitz-Riley crossover would shift the phase of
 * the side against the mid, unless the mid were filtered too.
 *
 * Mono below a frequency is the same with a low width of 0: a Butterworth
 * high-pass of fourth order, minimum-phase.
 *
 * Spread adds a decorrelated mid to the side (M. R. Schroeder, "An artificial
 * stereophonic effect obtained from using a single signal", 1958; R. Orban, "A
 * rational technique for synthesizing pseudo-stereo from monophonic sources",
 * 1970): all-passes an octave apart shift the phase, so that left has a gain
 * where right has a loss, and their sum neither. The group delay falls with
 * frequency, 1.4 ms at 1 kHz, so transients are not smeared; a high-pass keeps
 * the bass in the centre.
 */
#pragma once

#include "../../parts/fourth_order.h"
#include "../../parts/smoother.h"
#include "imager_params.h"

enum {
  MIX_IMAGER_LOW_BAND, /* these three move */
  MIX_IMAGER_HIGH_BAND,
  MIX_IMAGER_MONO_LOWS,
  MIX_IMAGER_SHELVES,
  MIX_IMAGER_ALLPASSES = 4, /* of the decorrelator */
};

enum {
  MIX_IMAGER_LOW_WIDTH, /* of the bands, log2: 0 is unchanged */
  MIX_IMAGER_MID_WIDTH,
  MIX_IMAGER_HIGH_WIDTH,
  MIX_IMAGER_SPREAD,     /* gain of the decorrelated mid within the side */
  MIX_IMAGER_LOW_SIDE,   /* gain below `mono-below`: 1 or 0 */
  MIX_IMAGER_MONO_BELOW, /* log2 Hz, as are the next two */
  MIX_IMAGER_LOW_CROSSOVER,
  MIX_IMAGER_HIGH_CROSSOVER,
  MIX_IMAGER_SIDE_SMOOTHERS,
};

/* Of one pair of channels; zeroed: no history. */
typedef struct {
  MixFourthOrderState shelf[MIX_IMAGER_SHELVES];
  MixFourthOrderState allpass[MIX_IMAGER_ALLPASSES];
} MixImagerSideState;

typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  MixSmoother smooth[MIX_IMAGER_SIDE_SMOOTHERS];
  bool runs[MIX_IMAGER_SHELVES]; /* in this tick */
  MixFourthOrder shelf[MIX_IMAGER_SHELVES];
  bool spreads;
  MixRamp spread;
  MixFourthOrder allpass[MIX_IMAGER_ALLPASSES];
  bool starts[MIX_IMAGER_SHELVES], spread_starts; /* in this tick */
} MixImagerSide;

/* Not realtime-safe (libm calls); all others are. */
void mix_imager_side_prepare (MixImagerSide *side, unsigned rate);

void mix_imager_side_set (MixImagerSide *side, const MixImagerParams *params);

/* All parameters are at their targets. */
void mix_imager_side_reset (MixImagerSide *side);

/* Once a tick while anything moves, first; returns whether this does. */
bool mix_imager_side_tick (MixImagerSide *side);

/* Then: the filters of the new tick. While anything `moves` their coefficients
 * are interpolated. */
void mix_imager_side_update (MixImagerSide *side, bool moves);

/* For the state of each pair after that: a filter that starts has no history.
 */
void mix_imager_side_start (
    const MixImagerSide *side, MixImagerSideState *state);

/* Filters the side of one pair for a tick, in place. */
void mix_imager_side_run (const MixImagerSide *side, MixImagerSideState *state,
    float *io, const float *mid);

/* The gain of the middle band, which the shelves count from: it belongs to the
 * matrix. At the end of the tick. */
static inline double
mix_imager_side_band_gain (const MixImagerSide *side)
{
  return exp2 (side->smooth[MIX_IMAGER_MID_WIDTH].to);
}

/* Whether any filter runs in this tick. */
static inline bool
mix_imager_side_is_on (const MixImagerSide *side)
{
  return side->runs[MIX_IMAGER_LOW_BAND] || side->runs[MIX_IMAGER_HIGH_BAND]
         || side->runs[MIX_IMAGER_MONO_LOWS] || side->spreads;
}
