/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the imager share:
 *
 *   imager.c        the descriptor, memory, the stream of ticks
 *   imager_pair.c   a tick of one pair of channels
 *   imager_image.c  from settings to what is to be heard in this tick: matrices
 *                   for level, width, pan and rotation; goals for the filters
 *   imager_side.c   the filters of the side: bands, mono lows, decorrelation
 *   imager_haas.c   the delay of one side
 *   imager_meter.c  correlation and width, and the guard that goes by them
 *
 * Calls go down that list. Everything here but the `prepare`s is realtime-safe.
 *
 * A tick is gathered and worked on whole each time more of it has come; only
 * the new part goes out, and what is remembered is renewed when the tick is
 * full. So nothing depends on how the stream is cut, and all loops have a fixed
 * length.
 *
 * M = (L + R) / 2 is mid, S = (L - R) / 2 is side; L = M + S, R = M - S
 * (A. Blumlein, GB patent 394325, 1931).
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/fourth_order.h"
#include "../../parts/history.h"
#include "../../parts/smoother.h"
#include "../../unit.h"

typedef struct {
  double width_percent;
  bool multiband;
  double low_width_percent, mid_width_percent, high_width_percent;
  double low_crossover_hz, high_crossover_hz;
  double mono_below_hz;
  double balance_percent, pan_percent, rotation_degrees;
  double haas_ms;
  double spread_percent;
  double mid_gain_db, side_gain_db;
  bool swap, invert_left, invert_right;
  bool guard;
} MixImagerParams;

/* ---- The image ---------------------------------------------------------- */

/* What glides, each on its own. */
enum {
  MIX_IMAGER_LEFT_FROM_LEFT, /* swap and inversion, as a matrix */
  MIX_IMAGER_LEFT_FROM_RIGHT,
  MIX_IMAGER_RIGHT_FROM_LEFT,
  MIX_IMAGER_RIGHT_FROM_RIGHT,
  MIX_IMAGER_MID,       /* gains */
  MIX_IMAGER_SIDE,      /* width included */
  MIX_IMAGER_LOW_WIDTH, /* of the bands, log2: 0 as it came */
  MIX_IMAGER_MID_WIDTH,
  MIX_IMAGER_HIGH_WIDTH,
  MIX_IMAGER_SPREAD,     /* gain of the decorrelated mid within the side */
  MIX_IMAGER_LOW_SIDE,   /* 1 as it came … 0: none below `mono-below` */
  MIX_IMAGER_MONO_BELOW, /* log2 Hz, as are the next two */
  MIX_IMAGER_LOW_CROSSOVER,
  MIX_IMAGER_HIGH_CROSSOVER,
  MIX_IMAGER_ROTATION,     /* radians */
  MIX_IMAGER_PAN,          /* -1 … 1 */
  MIX_IMAGER_LEFT_BALANCE, /* gains */
  MIX_IMAGER_RIGHT_BALANCE,
  MIX_IMAGER_GLIDES,
};

typedef struct {
  MixSmoother glide[MIX_IMAGER_GLIDES];
  bool moves; /* within this tick */

  /* Of this tick: the whole way from in to out, as long as the side has no
   * filters; else the way from in to mid and side, and from those to out. */
  MixBlend whole, split, join;
  bool is_neutral; /* `whole` passes every bit */

  /* At the tick's end; the side's gain is that of the middle band. */
  double mid_gain, side_gain;
  double whole_now[4], split_now[4], join_now[4];
} MixImagerImage;

void mix_imager_image_prepare (MixImagerImage *image, unsigned rate);
void mix_imager_image_set (
    MixImagerImage *image, const MixImagerParams *params, unsigned rate);
void mix_imager_image_snap (MixImagerImage *image);

/* Once a tick; false when all is as it was at the end of the last. */
bool mix_imager_image_tick (MixImagerImage *image);

/* ---- The side's filters ------------------------------------------------- */

enum {
  MIX_IMAGER_LOW_BAND, /* these three move */
  MIX_IMAGER_HIGH_BAND,
  MIX_IMAGER_MONO_LOWS,
  MIX_IMAGER_SHELVES,
  MIX_IMAGER_ALLPASSES = 4, /* these are of the decorrelator */
};

typedef struct {
  MixFourthOrderState shelf[MIX_IMAGER_SHELVES];
  MixFourthOrderState allpass[MIX_IMAGER_ALLPASSES];
} MixImagerSideState;

typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  bool runs[MIX_IMAGER_SHELVES]; /* in this tick */
  MixFourthOrder shelf[MIX_IMAGER_SHELVES];
  bool spreads;
  double spread_from, spread_slope;
  MixFourthOrder allpass[MIX_IMAGER_ALLPASSES];
  unsigned comes_in; /* a bit for each shelf that begins in this tick */
  bool spread_comes_in;
} MixImagerSide;

void mix_imager_side_prepare (MixImagerSide *side, unsigned rate);

/* Stands where the image stands. */
void mix_imager_side_reset (MixImagerSide *side, const MixImagerImage *image);

/* After each tick of the image that returned true. */
void mix_imager_side_tick (MixImagerSide *side, const MixImagerImage *image);

/* For each pair's state after that: what begins has no history. */
void mix_imager_side_begin (
    const MixImagerSide *side, MixImagerSideState *state);

static inline bool
mix_imager_side_is_needed (const MixImagerSide *side)
{
  return side->runs[MIX_IMAGER_LOW_BAND] || side->runs[MIX_IMAGER_HIGH_BAND]
         || side->runs[MIX_IMAGER_MONO_LOWS] || side->spreads;
}

/* A tick of one pair's side, in place. */
void mix_imager_side_run (const MixImagerSide *side, MixImagerSideState *state,
    float *io, const float *mid);

/* ---- The delay of one side ---------------------------------------------- */

#define MIX_IMAGER_HAAS_MS 40.0

typedef struct {
  MixSmoother delay[2]; /* frames, of left and right */
  bool moves, runs;     /* in this tick */
} MixImagerHaas;

/* Frames that must stay readable before a tick. */
unsigned mix_imager_haas_keep (unsigned rate);

void mix_imager_haas_prepare (MixImagerHaas *haas, unsigned rate);
void mix_imager_haas_set (
    MixImagerHaas *haas, const MixImagerParams *params, unsigned rate);
void mix_imager_haas_snap (MixImagerHaas *haas);
void mix_imager_haas_tick (MixImagerHaas *haas);

/* A tick of the channel (0 left, 1 right) whose newest tick begins at `x`. */
void mix_imager_haas_run (
    const MixImagerHaas *haas, unsigned channel, float *out, const float *x);

/* The longest delay that is set, in frames. */
unsigned mix_imager_haas_longest (const MixImagerHaas *haas);

/* ---- Meters and the guard ----------------------------------------------- */

/* Of powers over a sliding, exponential window; 0 when left or right is
 * silent. */
double mix_imager_correlation (const MixPairPowers *powers);

/* Side against mid in percent, up to MIX_IMAGER_WIDEST. */
double mix_imager_width (const MixPairPowers *powers);

#define MIX_IMAGER_WIDEST 1000.0
#define MIX_IMAGER_METER_MS 300.0

typedef struct {
  double mid[2], side[2]; /* powers, each by two one-poles in a row */
  MixSmoother gain;       /* of the side */
} MixImagerGuard;

#define MIX_IMAGER_GUARD_MS 40.0

void mix_imager_guard_prepare (MixImagerGuard *guard, unsigned rate);
void mix_imager_guard_reset (MixImagerGuard *guard);

/* Takes in the powers of mid and side as they are without the guard, and moves
 * its goal. */
void mix_imager_guard_add (
    MixImagerGuard *guard, double mid, double side, double decay, bool is_on);

/* ---- Pairs -------------------------------------------------------------- */

enum { MIX_IMAGER_LEFT, MIX_IMAGER_RIGHT };

/* What all pairs go by. */
typedef struct {
  const MixKernels *kernels;
  MixImagerImage image;
  MixImagerSide side;
  MixImagerHaas haas;
  bool guard; /* is on */

  /* In this tick: the guard is on or not at rest yet; the side has filters. */
  bool guarding, filtering;
} MixImagerCommon;

/* A tick: haas, mid and side lie between input and output. */
typedef struct {
  unsigned channel[2];
  float late[2][MIX_TICK];
  float mid[MIX_TICK], side[MIX_TICK];
  float part[2][MIX_TICK];
  float *out[2]; /* the caller's memory for a whole tick, else `part` */
  MixImagerSideState state, next; /* at its start, at its end */
  MixImagerGuard guard;
} MixImagerPair;

/* Works on all of the tick at `in`, whose frames may be stale after the newest;
 * what is before them is history. Writes the tick to `out`; what is remembered
 * changes only in _finish. */
void mix_imager_pair_run (MixImagerPair *pair, const MixImagerCommon *common,
    const float *const in[2]);

/* The tick is full: it becomes history. */
void mix_imager_pair_finish (
    MixImagerPair *pair, const MixImagerCommon *common, double guard_decay);
