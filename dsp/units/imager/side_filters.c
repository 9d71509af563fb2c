/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "side_filters.h"

#include <string.h>

/* Of the two sections of a Butterworth filter of order 4: 2 cos (pi / 8) and
 * 2 cos (3 pi / 8). */
static const double damping[2] = { 1.8477590650225735, 0.7653668647301796 };

/* With these, left and right are within 0.1 dB of each other for pink noise. */
#define SPREAD_FROM_HZ 200.0
#define SPREAD_RATIO 2.0
#define SPREAD_Q 0.8
#define SPREAD_CUT_HZ 150.0
#define SPREAD_TOP 0.45 /* highest all-pass, of the rate */

/* The level of the decorrelated mid at `spread` 100: the response of each
 * channel stays within 1 ± 0.7. */
#define MOST_SPREAD 0.7

/* The range of crossovers and of `mono-below`. */
#define LOWEST_HZ 10.0
#define TOP 0.49 /* of the rate */

/* A band's width of 0: 60 dB down. */
#define LEAST_BAND_WIDTH 1e-3

#define SMOOTHING_MS 10

/* ---- Targets ------------------------------------------------------------ */

static void
set_target (MixImagerSide *side, unsigned i, double target)
{
  mix_smoother_set (&side->smooth[i], target);
}

static double
octave (double hz, unsigned rate)
{
  return log2 (mix_clamp (hz, fmin (LOWEST_HZ, TOP * rate), TOP * rate));
}

/* In log2, as the shelves are ratios of widths; so none may be 0. */
static double
band_target (const MixImagerParams *p, double percent)
{
  return p->multiband ? log2 (fmax (percent / 100, LEAST_BAND_WIDTH)) : 0;
}

static void
set_bands (MixImagerSide *side, const MixImagerParams *p)
{
  unsigned rate = side->rate;
  double high = fmax (p->low_crossover_hz, p->high_crossover_hz);
  set_target (
      side, MIX_IMAGER_LOW_WIDTH, band_target (p, p->low_width_percent));
  set_target (
      side, MIX_IMAGER_MID_WIDTH, band_target (p, p->mid_width_percent));
  set_target (
      side, MIX_IMAGER_HIGH_WIDTH, band_target (p, p->high_width_percent));
  set_target (
      side, MIX_IMAGER_LOW_CROSSOVER, octave (p->low_crossover_hz, rate));
  set_target (side, MIX_IMAGER_HIGH_CROSSOVER, octave (high, rate));
}

/* As parts/cut_fade.h: a filter that goes off stays at its frequency, one that
 * comes on has its new frequency from the start. */
static void
set_mono_below (MixImagerSide *side, const MixImagerParams *p)
{
  MixSmoother *low = &side->smooth[MIX_IMAGER_LOW_SIDE];
  MixSmoother *where = &side->smooth[MIX_IMAGER_MONO_BELOW];
  bool was_off = mix_smoother_is_still (low) && low->to == 1;
  mix_smoother_set (low, p->mono_below_hz > 0 ? 0 : 1);
  if (p->mono_below_hz > 0)
    mix_smoother_set (where, octave (p->mono_below_hz, side->rate));
  if (was_off)
    mix_smoother_snap (where);
}

void
mix_imager_side_set (MixImagerSide *side, const MixImagerParams *p)
{
  set_bands (side, p);
  set_mono_below (side, p);
  set_target (side, MIX_IMAGER_SPREAD, p->spread_percent / 100 * MOST_SPREAD);
}

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

/* Sets the sections of a shelf for the end of this tick. */
static void
update_shelf (MixImagerSide *side, unsigned i, bool runs,
    const MixSvf sections[2], bool moves)
{
  side->starts[i] = runs && !side->runs[i];
  side->runs[i] = runs;
  if (!runs)
    return;
  mix_fourth_order_move (&side->shelf[i], sections, side->starts[i]);
  if (!moves)
    mix_fourth_order_hold (&side->shelf[i]);
}

static bool
differ (const MixSmoother *a, const MixSmoother *b)
{
  return a->from != b->from || a->to != b->to;
}

static void
update_band (MixImagerSide *side, unsigned i, bool moves)
{
  bool is_low = i == MIX_IMAGER_LOW_BAND;
  const MixSmoother *mid = &side->smooth[MIX_IMAGER_MID_WIDTH];
  const MixSmoother *band
      = &side->smooth[is_low ? MIX_IMAGER_LOW_WIDTH : MIX_IMAGER_HIGH_WIDTH];
  const MixSmoother *where = &side->smooth[is_low ? MIX_IMAGER_LOW_CROSSOVER
                                                  : MIX_IMAGER_HIGH_CROSSOVER];
  MixSvf sections[2];
  double g = warp (exp2 (where->to), side->rate);
  double ratio = exp2 ((band->to - mid->to) / 4);
  for (unsigned s = 0; s < 2; s++)
    sections[s] = is_low ? low_shelf (g, damping[s], ratio)
                         : high_shelf (g, damping[s], ratio);
  update_shelf (side, i, differ (band, mid), sections, moves);
}

static void
update_mono_lows (MixImagerSide *side, bool moves)
{
  const MixSmoother *low = &side->smooth[MIX_IMAGER_LOW_SIDE];
  double hz = exp2 (side->smooth[MIX_IMAGER_MONO_BELOW].to);
  MixSvf sections[2];
  for (unsigned s = 0; s < 2; s++)
    sections[s] = low_shelf (warp (hz, side->rate), damping[s], low->to);
  update_shelf (side, MIX_IMAGER_MONO_LOWS, low->from != 1 || low->to != 1,
      sections, moves);
}

static void
update_spread (MixImagerSide *side)
{
  const MixSmoother *spread = &side->smooth[MIX_IMAGER_SPREAD];
  bool spreads = spread->from != 0 || spread->to != 0;
  side->spread_starts = spreads && !side->spreads;
  side->spreads = spreads;
  side->spread = mix_smoother_ramp (spread);
}

void
mix_imager_side_update (MixImagerSide *side, bool moves)
{
  update_band (side, MIX_IMAGER_LOW_BAND, moves);
  update_band (side, MIX_IMAGER_HIGH_BAND, moves);
  update_mono_lows (side, moves);
  update_spread (side);
}

bool
mix_imager_side_tick (MixImagerSide *side)
{
  bool moves = false;
  for (unsigned i = 0; i < MIX_IMAGER_SIDE_SMOOTHERS; i++)
    moves |= mix_smoother_tick (&side->smooth[i]);
  return moves;
}

void
mix_imager_side_start (const MixImagerSide *side, MixImagerSideState *state)
{
  for (unsigned i = 0; i < MIX_IMAGER_SHELVES; i++)
    if (side->starts[i])
      memset (state->shelf[i], 0, sizeof state->shelf[i]);
  if (side->spread_starts)
    memset (state->allpass, 0, sizeof state->allpass);
}

/* ---- Start -------------------------------------------------------------- */

void
mix_imager_side_reset (MixImagerSide *side)
{
  for (unsigned i = 0; i < MIX_IMAGER_SIDE_SMOOTHERS; i++)
    mix_smoother_snap (&side->smooth[i]);
  memset (side->runs, 0, sizeof side->runs);
  side->spreads = false;
  mix_imager_side_update (side, false);
}

/* The decorrelator, two sections to a filter: a high-pass, then the all-passes
 * below the top of the band. */
void
mix_imager_side_prepare (MixImagerSide *side, unsigned rate)
{
  MixSvf sections[2 * MIX_IMAGER_ALLPASSES];
  double top = SPREAD_TOP * rate, hz = SPREAD_FROM_HZ;
  *side = (MixImagerSide){ .kernels = mix_kernels (), .rate = rate };
  for (unsigned i = 0; i < MIX_IMAGER_SIDE_SMOOTHERS; i++)
    mix_smoother_prepare (&side->smooth[i], rate, SMOOTHING_MS);
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
  const MixRamp gain = side->spread;
  memcpy (x, mid, sizeof x);
  for (unsigned i = 0; i < MIX_IMAGER_ALLPASSES; i++)
    mix_fourth_order_run (
        &side->allpass[i], side->kernels, state->allpass[i], x);
  for (unsigned i = 0; i < MIX_TICK; i++)
    io[i] += mix_ramp_at (gain, i) * x[i];
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
