/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The data of the reverberation kernels, which work on blocks of
 * MIX_REVERB_FRAMES frames. Every delay in a reverberation is at least a block:
 * so nothing that a block writes is read within it, and only the filters are
 * recursive from frame to frame. They process one delay line in each vector
 * lane.
 */
#pragma once

#include <stdbool.h>

#define MIX_REVERB_FRAMES 64
#define MIX_REVERB_LINES 16 /* of the network */
#define MIX_REVERB_SECTIONS 2
#define MIX_REVERB_PAIRS (MIX_REVERB_LINES / 2)
#define MIX_REVERB_TAPS 16  /* early reflections of a channel */
#define MIX_REVERB_GROUPS 4 /* of these, by time */
#define MIX_REVERB_GROUP_TAPS (MIX_REVERB_TAPS / MIX_REVERB_GROUPS)
#define MIX_REVERB_LANES (2 * MIX_REVERB_GROUPS) /* two channels */

/* The weights of two trapezoidal state-variable filters with the states a and
 * b: first a low shelf, whose gain at high frequencies is 1, then a high shelf.
 * With d = x - b:
 *
 *   y = x + band * (a + pole * d) + low * b         the first section
 *   y = top * x + band * (a + pole * d) + low * b   the second
 *   a = hold * a + push * d
 *   b = b + lift * a + pull * d
 *
 * where hold = turn - 1, push = turn * pole and pull = lift * pole in the names
 * of cascade.h. This form has the shortest path from one state to the next.
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

/* The absorption of each line in one pass. Frame i of the block has
 * weight + slope * i; all slopes are 0 unless `moving`. */
typedef struct {
  MixReverbWeights weight, slope;
  bool moving;
} MixReverbAbsorption;

typedef struct {
  float a[MIX_REVERB_SECTIONS][MIX_REVERB_LINES];
  float b[MIX_REVERB_SECTIONS][MIX_REVERB_LINES];
} MixReverbAbsorptionState;

/* The same for early reflections: a first-order section for each group; both
 * channels have the same weights:
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
} MixReverbEarlyAbsorption;

/* Offsets into a memory at which the blocks of a channel's taps begin. */
typedef struct {
  unsigned at[MIX_REVERB_TAPS];
  float gain[MIX_REVERB_TAPS];
} MixReverbTaps;

/* Cosine and sine of the angle by which each pair of lines is rotated, both
 * divided by 4: this normalises the Hadamard matrix of order 16 that
 * follows. */
typedef struct {
  float cosine[MIX_REVERB_PAIRS], cosine_slope[MIX_REVERB_PAIRS];
  float sine[MIX_REVERB_PAIRS], sine_slope[MIX_REVERB_PAIRS];
} MixReverbRotations;
