/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The side's filters. The mid is not touched by any of them, so L + R stays.
 *
 * Bands. A crossover that splits the side and adds it up again is a shelf:
 * with Butterworth poles on the unit circle, and zeros that are the same poles
 * drawn in or out by the fourth root of the widths' ratio,
 *
 *   |H|^2 = (low^2 + high^2 u^8) / (1 + u^8),  u = f / crossover
 *
 * (S. Butterworth, "On the Theory of Filter Amplifiers", 1930, once above and
 * once below the line): the powers of a band split at 24 dB per octave, without
 * a bump or a dip. Equal widths put zeros onto poles: H is that width exactly,
 * no phase shift, nothing to add up again. A Linkwitz-Riley split would turn
 * the phase of the side against the mid, or ask for the mid to be turned too.
 *
 * Mono below a frequency is the same with a low width of 0: a Butterworth
 * high-pass of fourth order, of least phase.
 *
 * Spread adds a decorrelated mid to the side (M. R. Schroeder, "An artificial
 * stereophonic effect obtained from using a single signal", 1958; R. Orban, "A
 * rational technique for synthesizing pseudo-stereo from monophonic sources",
 * 1970): all-passes an octave apart turn the phase, so left gains where right
 * loses, both together neither. Their delay falls with frequency, 1.4 ms at
 * 1 kHz, so strokes stay strokes; a high-pass keeps the bass in the middle.
 */
#include <string.h>

#include "imager.h"

/* Of the two sections of a Butterworth filter of order 4: 2 cos (pi / 8) and
 * 2 cos (3 pi / 8). */
static const double damping[2] = { 1.8477590650225735, 0.7653668647301796 };

/* With these, left and right are within 0.1 dB of each other for pink noise. */
#define SPREAD_FROM_HZ 200.0
#define SPREAD_RATIO 2.0
#define SPREAD_Q 0.8
#define SPREAD_CUT_HZ 150.0
#define TOP 0.45 /* highest all-pass, of the rate */

/* ---- Sections ----------------------------------------------------------- */

/* Zeros at `ratio` times the poles' frequency: ratio^2 at 0 Hz, 1 far above. */
static MixSvf
low_shelf (double g, double k, double ratio)
{
  return (MixSvf){ g, k, 1, k * (ratio - 1), ratio * ratio - 1 };
}

/* 1 at 0 Hz, ratio^2 far above. */
static MixSvf
high_shelf (double g, double k, double ratio)
{
  double square = ratio * ratio;
  return (MixSvf){ g, k, square, k * (ratio - square), 1 - square };
}

static MixSvf
allpass (double g, double k)
{
  return (MixSvf){ g, k, 1, -2 * k, 0 };
}

static double
warp (double hz, unsigned rate)
{
  return tan (MIX_PI * hz / rate);
}

/* ---- Ticks -------------------------------------------------------------- */

/* A shelf whose sections are these at the end of this tick. */
static void
lead (MixImagerSide *side, unsigned i, bool runs, const MixSvf sections[2],
    bool moves)
{
  bool comes_in = runs && !side->runs[i];
  side->runs[i] = runs;
  side->comes_in |= (unsigned)comes_in << i;
  if (!runs)
    return;
  mix_fourth_order_move (&side->shelf[i], sections, comes_in);
  if (!moves)
    mix_fourth_order_hold (&side->shelf[i]);
}

static bool
is_apart (const MixSmoother *a, const MixSmoother *b)
{
  return a->from != b->from || a->to != b->to;
}

static void
tick_band (MixImagerSide *side, const MixImagerImage *image, unsigned i)
{
  bool is_low = i == MIX_IMAGER_LOW_BAND;
  const MixSmoother *mid = &image->glide[MIX_IMAGER_MID_WIDTH];
  const MixSmoother *band
      = &image->glide[is_low ? MIX_IMAGER_LOW_WIDTH : MIX_IMAGER_HIGH_WIDTH];
  const MixSmoother *where = &image->glide[is_low ? MIX_IMAGER_LOW_CROSSOVER
                                                  : MIX_IMAGER_HIGH_CROSSOVER];
  MixSvf sections[2];
  double g = warp (exp2 (where->to), side->rate);
  double ratio = exp2 ((band->to - mid->to) / 4);
  for (unsigned s = 0; s < 2; s++)
    sections[s] = is_low ? low_shelf (g, damping[s], ratio)
                         : high_shelf (g, damping[s], ratio);
  lead (side, i, is_apart (band, mid), sections, image->moves);
}

static void
tick_mono_lows (MixImagerSide *side, const MixImagerImage *image)
{
  const MixSmoother *low = &image->glide[MIX_IMAGER_LOW_SIDE];
  double hz = exp2 (image->glide[MIX_IMAGER_MONO_BELOW].to);
  MixSvf sections[2];
  for (unsigned s = 0; s < 2; s++)
    sections[s] = low_shelf (warp (hz, side->rate), damping[s], low->to);
  lead (side, MIX_IMAGER_MONO_LOWS, low->from != 1 || low->to != 1, sections,
      image->moves);
}

static void
tick_spread (MixImagerSide *side, const MixImagerImage *image)
{
  const MixSmoother *spread = &image->glide[MIX_IMAGER_SPREAD];
  bool spreads = spread->from != 0 || spread->to != 0;
  side->spread_comes_in = spreads && !side->spreads;
  side->spreads = spreads;
  side->spread_from = spread->from;
  side->spread_slope = mix_smoother_slope (spread);
}

void
mix_imager_side_tick (MixImagerSide *side, const MixImagerImage *image)
{
  side->comes_in = 0;
  tick_band (side, image, MIX_IMAGER_LOW_BAND);
  tick_band (side, image, MIX_IMAGER_HIGH_BAND);
  tick_mono_lows (side, image);
  tick_spread (side, image);
}

void
mix_imager_side_begin (const MixImagerSide *side, MixImagerSideState *state)
{
  for (unsigned i = 0; i < MIX_IMAGER_SHELVES; i++)
    if (side->comes_in & 1u << i)
      memset (state->shelf[i], 0, sizeof state->shelf[i]);
  if (side->spread_comes_in)
    memset (state->allpass, 0, sizeof state->allpass);
}

/* ---- Start -------------------------------------------------------------- */

void
mix_imager_side_reset (MixImagerSide *side, const MixImagerImage *image)
{
  memset (side->runs, 0, sizeof side->runs);
  side->spreads = false;
  mix_imager_side_tick (side, image);
}

/* Two sections to a filter: a high-pass, then the all-passes that fit under the
 * top of the band. */
void
mix_imager_side_prepare (MixImagerSide *side, unsigned rate)
{
  MixSvf sections[2 * MIX_IMAGER_ALLPASSES];
  double top = TOP * rate, hz = SPREAD_FROM_HZ;
  *side = (MixImagerSide){ .kernels = mix_kernels (), .rate = rate };
  sections[0] = low_shelf (warp (fmin (SPREAD_CUT_HZ, top), rate), sqrt (2), 0);
  for (unsigned s = 1; s < 2 * MIX_IMAGER_ALLPASSES; s++, hz *= SPREAD_RATIO)
    sections[s] = hz < top ? allpass (warp (hz, rate), 1 / SPREAD_Q)
                           : low_shelf (1, 1, 1);
  for (unsigned i = 0; i < MIX_IMAGER_ALLPASSES; i++) {
    mix_fourth_order_move (&side->allpass[i], sections + 2 * i, false);
    mix_fourth_order_hold (&side->allpass[i]);
  }
}

/* ---- Running ------------------------------------------------------------ */

static void
add_spread (const MixImagerSide *side, MixImagerSideState *state, float *io,
    const float *mid)
{
  float x[MIX_TICK];
  float from = (float)side->spread_from, slope = (float)side->spread_slope;
  memcpy (x, mid, sizeof x);
  for (unsigned i = 0; i < MIX_IMAGER_ALLPASSES; i++)
    mix_fourth_order_run (
        &side->allpass[i], side->kernels, state->allpass[i], x);
  for (int i = 0; i < MIX_TICK; i++)
    io[i] += (from + slope * (float)i) * x[i];
}

void
mix_imager_side_run (const MixImagerSide *side, MixImagerSideState *state,
    float *io, const float *mid)
{
  if (side->spreads)
    add_spread (side, state, io, mid);
  for (unsigned i = 0; i < MIX_IMAGER_SHELVES; i++)
    if (side->runs[i])
      mix_fourth_order_run (
          &side->shelf[i], side->kernels, state->shelf[i], io);
}
