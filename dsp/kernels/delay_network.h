/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The data of the reverberation kernels. All of them work on whole blocks of
 * MIX_REVERB_FRAMES frames: every delay in a reverberation is at least that
 * long, so within a block nothing that is written is read, and only the filters
 * have to go frame by frame. Those run with one delay line in each vector lane.
 */
#pragma once

#include <stdbool.h>

#define MIX_REVERB_FRAMES 64
#define MIX_REVERB_LINES 16 /* of the network */
#define MIX_REVERB_SECTIONS 2
#define MIX_REVERB_PAIRS (MIX_REVERB_LINES / 2)
#define MIX_REVERB_TAPS 16  /* early reflections of a channel, */
#define MIX_REVERB_GROUPS 4 /* in groups */
#define MIX_REVERB_GROUP_TAPS (MIX_REVERB_TAPS / MIX_REVERB_GROUPS)
#define MIX_REVERB_LANES (2 * MIX_REVERB_GROUPS) /* two channels */

/* The weights of trapezoidal state-variable filters with the states a and b, a
 * low shelf that passes the top as it is and one that has a gain there. With
 * d = x - b:
 *
 *   y = x + band * (a + pole * d) + low * b         the first section
 *   y = top * x + band * (a + pole * d) + low * b   the second
 *   a = hold * a + push * d
 *   b = b + lift * a + pull * d
 *
 * where hold = turn - 1, push = turn * pole and pull = lift * pole in the names
 * of cascade.h: so written, the next state is sooner there.
 */
enum {
  MIX_REVERB_POLE,
  MIX_REVERB_HOLD,
  MIX_REVERB_PUSH,
  MIX_REVERB_LIFT,
  MIX_REVERB_PULL,
  MIX_REVERB_TOP,
  MIX_REVERB_BAND,
  MIX_REVERB_LOW,
  MIX_REVERB_WEIGHTS,
};

typedef float MixReverbWeights[MIX_REVERB_SECTIONS][MIX_REVERB_WEIGHTS]
                              [MIX_REVERB_LINES];

/* What each line takes away in one pass. `moving` says that there are slopes:
 * frame i of the block has weight + slope * i. */
typedef struct {
  MixReverbWeights weight, slope;
  bool moving;
} MixReverbAbsorber;

typedef struct {
  float a[MIX_REVERB_SECTIONS][MIX_REVERB_LINES];
  float b[MIX_REVERB_SECTIONS][MIX_REVERB_LINES];
} MixReverbAbsorberState;

/* The same of early reflections, a first-order section a lane; the second
 * channel has the weights of the first:
 *   s = keep * s + take * x,  y = direct * x + low * s */
enum {
  MIX_REVERB_KEEP,
  MIX_REVERB_TAKE,
  MIX_REVERB_EARLY_DIRECT,
  MIX_REVERB_EARLY_LOW,
  MIX_REVERB_EARLY_WEIGHTS,
};

typedef struct {
  float weight[MIX_REVERB_EARLY_WEIGHTS][MIX_REVERB_GROUPS];
  float slope[MIX_REVERB_EARLY_WEIGHTS][MIX_REVERB_GROUPS];
  bool moving;
} MixReverbEarly;

/* Where in a memory the blocks of a channel's taps begin. */
typedef struct {
  unsigned at[MIX_REVERB_TAPS];
  float gain[MIX_REVERB_TAPS];
} MixReverbTaps;

/* Angles by which pairs of lines are turned into each other, as cosine and
 * sine, each already a quarter of it: together with the sums of a Hadamard
 * matrix of order 16 that makes a rotation of 16 dimensions. */
typedef struct {
  float cosine[MIX_REVERB_PAIRS], cosine_slope[MIX_REVERB_PAIRS];
  float sine[MIX_REVERB_PAIRS], sine_slope[MIX_REVERB_PAIRS];
} MixReverbTurns;
