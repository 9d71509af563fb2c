/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the imager share:
 *
 *   imager.c        the descriptor, memory, the stream of ticks
 *   imager_image.c  from settings to what is to be heard in this tick: matrices
 *                   for level, width, pan and rotation; goals for the filters
 *   imager_side.c   the filters of the side: bands, mono lows, decorrelation
 *   imager_haas.c   the delay of one side
 *   imager_meter.c  correlation and width, and the guard that goes by them
 *
 * Calls go down that list. Everything here but mix_imager_side_prepare is
 * realtime-safe.
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

#include "../kernels/kernels.h"
#include "../parts/history.h"
#include "../parts/smoother.h"
#include "../unit.h"

typedef struct
{
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
enum
{
  MIX_IMAGER_LEFT_FROM_LEFT, /* swap and inversion, as a matrix */
  MIX_IMAGER_LEFT_FROM_RIGHT,
  MIX_IMAGER_RIGHT_FROM_LEFT,
  MIX_IMAGER_RIGHT_FROM_RIGHT,
  MIX_IMAGER_MID,  /* gains */
  MIX_IMAGER_SIDE, /* width included */
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

typedef struct
{
  MixSmoother glide[MIX_IMAGER_GLIDES];
  bool moves; /* within this tick */

  /* Of this tick: the whole way from in to out, as long as the side has no
   * filters; else the way from in to mid and side, and from those to out. */
  MixBlend whole, split, join;
  bool is_neutral; /* `whole` passes every bit */

  /* At the tick's end */
  double whole_now[4], split_now[4], join_now[4];
} MixImagerImage;

void mix_imager_image_prepare (MixImagerImage *image, unsigned rate);
void mix_imager_image_set (
    MixImagerImage *image, const MixImagerParams *params, unsigned rate);
void mix_imager_image_snap (MixImagerImage *image);

/* Once a tick; false when all is as it was at the end of the last. */
bool mix_imager_image_tick (MixImagerImage *image);

/* At the tick's end: gain of the side above `mono-below`, in the middle band. */
static inline double
mix_imager_image_side_gain (const MixImagerImage *image)
{
  return image->glide[MIX_IMAGER_SIDE].to
         * exp2 (image->glide[MIX_IMAGER_MID_WIDTH].to);
}

/* ---- The side's filters ------------------------------------------------- */

/* Slots of sections: two groups, so that bands and mono-below can run alone. */
enum
{
  MIX_IMAGER_LOW_SLOT = 0,
  MIX_IMAGER_HIGH_SLOT = 2,
  MIX_IMAGER_MONO_SLOT = MIX_CASCADE_GROUP,
  MIX_IMAGER_SLOTS = 2 * MIX_CASCADE_GROUP,
};

typedef double MixImagerRow[2 * MIX_IMAGER_SLOTS];

/* Of two pairs, one a lane. */
typedef struct
{
  MixImagerRow a, b;                 /* bands and mono-below */
  MixImagerRow spread_a, spread_b;   /* decorrelation */
} MixImagerSideState;

typedef struct
{
  const MixKernels *kernels;
  unsigned rate;
  bool mono, bands, spread; /* which of them run in this tick */
  bool moves;
  double now[MIX_IMAGER_SLOTS][MIX_CASCADE_WEIGHTS]; /* at the tick's end */
  MixImagerRow weight[MIX_CASCADE_WEIGHTS], slope[MIX_CASCADE_WEIGHTS];
  MixImagerRow allpass[MIX_CASCADE_WEIGHTS];
  double spread_from, spread_slope;
  unsigned states;
  MixImagerSideState *state; /* lent; (pairs + 1) / 2 of them */
} MixImagerSide;

void mix_imager_side_prepare (MixImagerSide *side, unsigned rate,
    MixImagerSideState *state, unsigned states);

/* Forgets what was heard; stands where the image stands. */
void mix_imager_side_reset (MixImagerSide *side, const MixImagerImage *image);

/* After each tick of the image that returned true. */
void mix_imager_side_tick (MixImagerSide *side, const MixImagerImage *image);

static inline bool
mix_imager_side_runs (const MixImagerSide *side)
{
  return side->mono || side->bands || side->spread;
}

/* The sides of two pairs in place, from `offset` frames into the tick on; both
 * pairs may be the same where one is left over. */
void mix_imager_side_run (MixImagerSide *side, unsigned state,
    float *const sides[2], const float *const mids[2], unsigned offset,
    unsigned n);

/* ---- The delay of one side ---------------------------------------------- */

#define MIX_IMAGER_HAAS_MS 40.0

typedef struct
{
  MixSmoother delay[2]; /* frames, of left and right */
  bool runs;            /* in this tick */
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

/* Powers over a sliding, exponential window. */
typedef struct
{
  double mid, side, product;
} MixImagerMeter;

void mix_imager_meter_add (
    MixImagerMeter *meter, const MixPairPowers *powers, double decay);

/* 0 when left or right is silent. */
double mix_imager_meter_correlation (const MixImagerMeter *meter);

/* Side against mid in percent, up to MIX_IMAGER_WIDEST. */
double mix_imager_meter_width (const MixImagerMeter *meter);

#define MIX_IMAGER_WIDEST 1000.0
#define MIX_IMAGER_METER_MS 300.0

typedef struct
{
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
