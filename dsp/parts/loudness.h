/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness over time, from the weighted power of a programme (ITU-R BS.1770-5;
 * EBU Tech 3341, 3342): momentary (400 ms), short-term (3 s), integrated with
 * both gates, loudness range, and the highest of the first two.
 *
 * Power comes in steps of 10 ms. The windows move by a step; a gating block is
 * taken every 100 ms, a window for the range every second (the least that Tech
 * 3342 asks for, and what libebur128 does: figures are to agree). Both go into
 * histograms of
 * 0.005 LU that keep the power of each bin, so memory does not grow and results
 * stay within 0.01 LU of those from all blocks.
 *
 * A measurement can be paused. The windows of momentary and short-term loudness
 * go on then, as on a meter in stand-by (Tech 3341); nothing else moves, and
 * once it continues only windows count that lie wholly behind the pause.
 *
 * The owner lends the memory. Realtime-safe.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What loudness counts as none. */
#define MIX_LOUDNESS_FLOOR (-120.0) /* momentary, short-term */
#define MIX_LOUDNESS_GATE (-70.0)   /* the absolute gate: integrated */

#define MIX_LOUDNESS_STEPS 300
#define MIX_LOUDNESS_GROUP 10 /* steps */

typedef struct {
  double power;
  uint64_t count;
} MixLoudnessBin;

/* Of loudness above the absolute gate. */
typedef struct {
  MixLoudnessBin *bins;
  unsigned low, high; /* bins in use: low … high - 1 */
  double power;       /* of all bins */
  uint64_t count;
} MixLoudnessHistogram;

typedef struct {
  unsigned rate;
  unsigned share;    /* hundredths of a frame left over from the steps so far */
  unsigned length;   /* frames of the step that is under way, at least 1 */
  uint64_t steps;    /* complete ones since the windows were empty */
  uint64_t measured; /* of them, since the measurement began or went on */
  bool is_paused;
  double step[MIX_LOUDNESS_STEPS]; /* a ring: the power summed over a step */
  double group[MIX_LOUDNESS_STEPS / MIX_LOUDNESS_GROUP]; /* and over ten */
  double momentary, short_term;         /* mean power of the windows, and the */
  double max_momentary, max_short_term; /* highest so far */
  MixLoudnessHistogram blocks, windows;
  bool is_new; /* blocks came since the results below */
  double integrated, range;
} MixLoudness;

/* Bins of zeroed memory to lend. Without (NULL) there is momentary loudness
 * only. */
unsigned mix_loudness_bins (void);

void mix_loudness_prepare (
    MixLoudness *l, unsigned rate, MixLoudnessBin *memory);

/* As if nothing had been heard; a pause goes on. */
void mix_loudness_reset (MixLoudness *l);

/* The windows are emptied, what was measured stays. A step begins. */
void mix_loudness_flush (MixLoudness *l);

/* The same, and steps come from audio of this rate now. */
void mix_loudness_change_rate (MixLoudness *l, unsigned rate);

/* Pauses the measurement or goes on with it. When that is a change, a step
 * begins. */
void mix_loudness_pause (MixLoudness *l, bool is_paused);

/* The step under way is over: `power` is the sum of its squares, all channels
 * weighted. The next is `length` frames long. */
void mix_loudness_step (MixLoudness *l, double power);

/* Mean power to LUFS, not below the floor. */
double mix_lufs_from_power (double power);

/* In LUFS; MIX_LOUDNESS_GATE when no block was above the gate. */
double mix_loudness_integrated (MixLoudness *l);
/* In LU; 0 as long as there is none. */
double mix_loudness_range (MixLoudness *l);
