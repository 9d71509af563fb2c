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

#include "../parts/section.h"
#include "imager.h"

/* Of the two sections of a Butterworth filter of order 4: 2 cos (pi / 8) and
 * 2 cos (3 pi / 8). */
static const double damping[2] = { 1.8477590650225735, 0.7653668647301796 };

/* Level and balance between left and right are even within 0.1 dB over all
 * for pink noise with these. */
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

static double
warp (double hz, unsigned rate)
{
  return tan (MIX_PI * hz / rate);
}

static double
value (const MixImagerImage *image, unsigned i)
{
  return image->glide[i].to;
}

static double
warped (const MixImagerSide *side, const MixImagerImage *image, unsigned i)
{
  return warp (exp2 (value (image, i)), side->rate);
}

static void
put (MixImagerRow rows[MIX_CASCADE_WEIGHTS], unsigned slot,
    const double weight[MIX_CASCADE_WEIGHTS])
{
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    rows[w][2 * slot] = rows[w][2 * slot + 1] = weight[w];
}

static const double pass[MIX_CASCADE_WEIGHTS] = { [MIX_CASCADE_DIRECT] = 1 };

static void
make_allpasses (MixImagerSide *side)
{
  double weight[MIX_CASCADE_WEIGHTS], hz = SPREAD_FROM_HZ;
  double cut = fmin (SPREAD_CUT_HZ, TOP * side->rate);
  MixSvf svf = low_shelf (warp (cut, side->rate), sqrt (2), 0);
  mix_section_weights (weight, &svf);
  put (side->allpass, 0, weight);
  for (unsigned slot = 1; slot < MIX_IMAGER_SLOTS; slot++, hz *= SPREAD_RATIO) {
    put (side->allpass, slot, pass);
    if (hz > TOP * side->rate)
      continue;
    svf = (MixSvf){ warp (hz, side->rate), 1 / SPREAD_Q, 1, -2 / SPREAD_Q, 0 };
    mix_section_weights (weight, &svf);
    put (side->allpass, slot, weight);
  }
}

/* ---- Ticks -------------------------------------------------------------- */

/* A slot's line from where it stood; one that comes in passed until now. */
static void
lead (MixImagerSide *side, unsigned slot, MixSvf svf, bool comes_in)
{
  double next[MIX_CASCADE_WEIGHTS], *now = side->now[slot];
  double slope[MIX_CASCADE_WEIGHTS];
  mix_section_weights (next, &svf);
  if (comes_in) {
    memcpy (now, next, sizeof next);
    now[MIX_CASCADE_DIRECT] = 1;
    now[MIX_CASCADE_BAND] = now[MIX_CASCADE_LOW] = 0;
  }
  put (side->weight, slot, now);
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    slope[w] = (next[w] - now[w]) * (1.0 / MIX_TICK);
  put (side->slope, slot, slope);
  memcpy (now, next, sizeof next);
}

static void
clear_slots (MixImagerSide *side, unsigned from, unsigned slots)
{
  for (unsigned i = 0; i < side->states; i++) {
    MixImagerSideState *state = &side->state[i];
    memset (state->a + 2 * from, 0, 2 * slots * sizeof state->a[0]);
    memset (state->b + 2 * from, 0, 2 * slots * sizeof state->b[0]);
  }
}

static void
tick_mono (MixImagerSide *side, const MixImagerImage *image)
{
  const MixSmoother *low = &image->glide[MIX_IMAGER_LOW_SIDE];
  bool was_running = side->mono;
  side->mono = low->from != 1 || low->to != 1;
  if (!side->mono)
    return;
  if (!was_running)
    clear_slots (side, MIX_IMAGER_MONO_SLOT, 2);
  double g = warped (side, image, MIX_IMAGER_MONO_BELOW);
  for (unsigned i = 0; i < 2; i++)
    lead (side, MIX_IMAGER_MONO_SLOT + i, low_shelf (g, damping[i], low->to),
        !was_running);
}

/* Of a band against the middle one, in octaves of gain. */
static double
octaves_over_mid (const MixImagerImage *image, unsigned band)
{
  return value (image, band) - value (image, MIX_IMAGER_MID_WIDTH);
}

static bool
bands_differ (const MixImagerImage *image)
{
  const MixSmoother *mid = &image->glide[MIX_IMAGER_MID_WIDTH];
  const MixSmoother *low = &image->glide[MIX_IMAGER_LOW_WIDTH];
  const MixSmoother *high = &image->glide[MIX_IMAGER_HIGH_WIDTH];
  return low->from != mid->from || high->from != mid->from
         || low->to != mid->to || high->to != mid->to;
}

static void
tick_bands (MixImagerSide *side, const MixImagerImage *image)
{
  bool was_running = side->bands;
  side->bands = bands_differ (image);
  if (!side->bands)
    return;
  if (!was_running)
    clear_slots (side, MIX_IMAGER_LOW_SLOT, MIX_CASCADE_GROUP);
  double low = exp2 (octaves_over_mid (image, MIX_IMAGER_LOW_WIDTH) / 4);
  double high = exp2 (octaves_over_mid (image, MIX_IMAGER_HIGH_WIDTH) / 4);
  double low_g = warped (side, image, MIX_IMAGER_LOW_CROSSOVER);
  double high_g = warped (side, image, MIX_IMAGER_HIGH_CROSSOVER);
  for (unsigned i = 0; i < 2; i++) {
    lead (side, MIX_IMAGER_LOW_SLOT + i, low_shelf (low_g, damping[i], low),
        !was_running);
    lead (side, MIX_IMAGER_HIGH_SLOT + i, high_shelf (high_g, damping[i], high),
        !was_running);
  }
}

static void
tick_spread (MixImagerSide *side, const MixImagerImage *image)
{
  const MixSmoother *spread = &image->glide[MIX_IMAGER_SPREAD];
  bool was_running = side->spread;
  side->spread = spread->from != 0 || spread->to != 0;
  side->spread_from = spread->from;
  side->spread_slope = mix_smoother_slope (spread);
  for (unsigned i = 0; side->spread && !was_running && i < side->states; i++) {
    memset (side->state[i].spread_a, 0, sizeof side->state[i].spread_a);
    memset (side->state[i].spread_b, 0, sizeof side->state[i].spread_b);
  }
}

void
mix_imager_side_tick (MixImagerSide *side, const MixImagerImage *image)
{
  side->moves = image->moves;
  tick_mono (side, image);
  tick_bands (side, image);
  tick_spread (side, image);
}

/* The first tick leads to where all stands, the second stands there. */
void
mix_imager_side_reset (MixImagerSide *side, const MixImagerImage *image)
{
  side->mono = side->bands = side->spread = false;
  mix_imager_side_tick (side, image);
  mix_imager_side_tick (side, image);
}

void
mix_imager_side_prepare (MixImagerSide *side, unsigned rate,
    MixImagerSideState *state, unsigned states)
{
  *side = (MixImagerSide){ .kernels = mix_kernels (),
    .rate = rate,
    .state = state,
    .states = states };
  for (unsigned slot = 0; slot < MIX_IMAGER_SLOTS; slot++)
    put (side->weight, slot, pass);
  make_allpasses (side);
}

/* ---- Running ------------------------------------------------------------ */

static MixCascade
cascade_of (const MixImagerRow weight[MIX_CASCADE_WEIGHTS],
    const MixImagerRow slope[MIX_CASCADE_WEIGHTS], double *a, double *b)
{
  MixCascade cascade = { .a = a, .b = b };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    cascade.weight[w] = weight[w];
    cascade.slope[w] = slope[w];
  }
  return cascade;
}

static void
add_spread (MixImagerSide *side, MixImagerSideState *state, double *io,
    const float *const mids[2], unsigned offset, unsigned n)
{
  double mid[2 * MIX_TICK];
  MixCascade cascade = cascade_of (
      side->allpass, side->allpass, state->spread_a, state->spread_b);
  side->kernels->widen_pair (mid, mids[0] + offset, mids[1] + offset, n);
  side->kernels->cascade (&cascade, 0, MIX_IMAGER_SLOTS, mid, n);
  for (unsigned i = 0; i < n; i++) {
    double gain = side->spread_from + side->spread_slope * (offset + i);
    io[2 * i] += gain * mid[2 * i];
    io[2 * i + 1] += gain * mid[2 * i + 1];
  }
}

static void
run_filters (MixImagerSide *side, MixImagerSideState *state, double *io,
    unsigned offset, unsigned n)
{
  MixCascade cascade
      = cascade_of (side->weight, side->slope, state->a, state->b);
  unsigned first = side->bands ? MIX_IMAGER_LOW_SLOT : MIX_IMAGER_MONO_SLOT;
  unsigned sections
      = (side->bands ? MIX_CASCADE_GROUP : 0) + (side->mono ? 2 : 0);
  if (sections > 0 && side->moves)
    side->kernels->cascade_moving (&cascade, first, sections, io, offset, n);
  else if (sections > 0)
    side->kernels->cascade (&cascade, first, sections, io, n);
}

void
mix_imager_side_run (MixImagerSide *side, unsigned state,
    float *const sides[2], const float *const mids[2], unsigned offset,
    unsigned n)
{
  double io[2 * MIX_TICK];
  float *left = sides[0] + offset, *right = sides[1] + offset;
  side->kernels->widen_pair (io, left, right, n);
  if (side->spread)
    add_spread (side, &side->state[state], io, mids, offset, n);
  run_filters (side, &side->state[state], io, offset, n);
  side->kernels->narrow_pair (left, right, io, n);
}
