/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness over time, from the weighted power of a programme (ITU-R BS.1770-5;
 * EBU Tech 3341, 3342): momentary (400 ms), short-term (3 s), integrated with
 * both gates, loudness range, and the maxima of the first two.
 *
 * Power comes in steps of 10 ms. The windows move by a step; a gating block is
 * taken every 100 ms, a window for the range every second (the least that Tech
 * 3342 asks for, and what libebur128 does: readings are to agree). Both go into
 * histograms of 0.005 LU that keep the power of each bin: memory is constant,
 * and results stay within 0.01 LU of those computed from all blocks.
 *
 * A measurement can be paused. The windows of momentary and short-term loudness
 * are updated meanwhile, as on a meter in stand-by (Tech 3341); nothing else
 * changes, and after the pause only windows count that lie wholly behind it.
 *
 * The owner lends the memory. Realtime-safe.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The readings without signal. */
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
  unsigned length;   /* frames of the current step, at least 1 */
  unsigned left;     /* of them, to its end; for mix_loudness_advance */
  uint64_t steps;    /* complete ones since the windows were empty */
  uint64_t measured; /* of them, since the measurement began or continued */
  bool is_paused;
  double step[MIX_LOUDNESS_STEPS]; /* a ring: the power summed over a step */
  double group[MIX_LOUDNESS_STEPS / MIX_LOUDNESS_GROUP]; /* and over ten */
  double momentary, short_term;         /* mean power of the windows, and the */
  double max_momentary, max_short_term; /* highest so far */
  MixLoudnessHistogram blocks, windows;
  bool is_new; /* blocks were added since the results below were computed */
  double integrated, range;
} MixLoudness;

typedef struct {
  double momentary_lufs, short_term_lufs;
  double max_momentary_lufs, max_short_term_lufs;
  double integrated_lufs; /* MIX_LOUDNESS_GATE: no block above the gate */
  double range_lu;        /* 0 as long as there is none */
} MixLoudnessReadings;

/* Bins of zeroed memory to lend. Without (NULL) there is momentary loudness
 * only. */
unsigned mix_loudness_bins (void);

void mix_loudness_prepare (
    MixLoudness *l, unsigned rate, MixLoudnessBin *memory);

/* Clears windows and measurement; a pause continues. */
void mix_loudness_reset (MixLoudness *l);

/* Clears the windows, keeps the measurement. A step begins. */
void mix_loudness_flush (MixLoudness *l);

/* The same, and steps come from audio of this rate now. */
void mix_loudness_change_rate (MixLoudness *l, unsigned rate);

/* Pauses or continues the measurement. If that is a change, a step begins and
 * true is returned. */
bool mix_loudness_pause (MixLoudness *l, bool is_paused);

/* The current step is complete: `power` is the sum of its squares, all channels
 * weighted. The next one begins. */
void mix_loudness_step (MixLoudness *l, double power);

/* Frames to the end of the current step. */
static inline unsigned
mix_loudness_left (const MixLoudness *l)
{
  return l->left;
}

/* `n` frames of the current step, at most those left. Returns true at its end:
 * mix_loudness_step is due. */
static inline bool
mix_loudness_advance (MixLoudness *l, unsigned n)
{
  l->left -= n;
  return l->left == 0;
}

/* Frames of the current step. */
static inline unsigned
mix_loudness_length (const MixLoudness *l)
{
  return l->length;
}

/* Mean power of the last 400 ms. */
static inline double
mix_loudness_momentary (const MixLoudness *l)
{
  return l->momentary;
}

/* Mean power to LUFS, not below the floor. */
double mix_lufs_from_power (double power);

MixLoudnessReadings mix_loudness_read (MixLoudness *l);
