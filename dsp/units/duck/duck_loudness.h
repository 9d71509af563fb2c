/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How far the main sound has to step back to stay a distance in loudness behind
 * the key (ITU-R BS.1770-5):
 *
 *   key -> K-weighted power -> blocks of 400 ms while it speaks, gated -> mean
 *   main sound -> K-weighted power -> mean over some seconds
 *
 * The key's level is that of speech: pauses between words are left out by the
 * gates of BS.1770 (-70 LUFS, and 10 LU under the mean). The mean is over all
 * blocks at first, so that it is there after the first word, and over the last
 * ten seconds of speech later. When nothing passes the gate for three seconds
 * of speech, somebody softer speaks: the mean begins anew.
 *
 * The main sound's is a mean over about three seconds, without pauses; what
 * begins suddenly counts within 400 ms. A gain that follows this mean leaves
 * what is short at its height, and the gate of BS.1770 leaves out what is soft:
 * by how much the gated blocks are louder than the mean, is measured and taken
 * off.
 *
 * Realtime-safe but for `prepare`, which only computes.
 */
#pragma once

#include "../../parts/loudness_meter.h"
#include "../../parts/weighted_power.h"

typedef struct {
  MixWeightedPower weighted;
  MixLoudness windows; /* momentary only */
} MixDuckMeter;

typedef struct {
  MixDuckMeter key, main;
  unsigned steps, main_steps; /* of speech, of main sound, for the blocks */

  double speech;   /* mean power of the key while it speaks … */
  unsigned blocks; /* … over so many; 0: of the steps so far, … */
  double begin;    /* … whose sum this is … */
  unsigned begun;  /* … and their number */
  unsigned missed; /* blocks in a row that the gate kept out */

  double level;         /* mean power of the main sound … */
  unsigned heard;       /* … over so many steps */
  double over;          /* mean of its gated blocks over that level … */
  unsigned over_blocks; /* … from so many */
} MixDuckLoudness;

void mix_duck_loudness_prepare (MixDuckLoudness *l, const MixFormat *format);
/* Forgets all, or all but what is known of speech and main sound. */
void mix_duck_loudness_reset (MixDuckLoudness *l);
void mix_duck_loudness_flush (MixDuckLoudness *l);
/* Knows what `from` knew, which may have had another format. */
void mix_duck_loudness_recall (MixDuckLoudness *l, const MixDuckLoudness *from);

/* Frames to the end of the current step of 10 ms. */
static inline unsigned
mix_duck_loudness_left (const MixDuckLoudness *l)
{
  return mix_loudness_left (&l->key.windows);
}

/* n frames of the current step; `speaks`: the key does at their end. */
void mix_duck_loudness_run (MixDuckLoudness *l, const float *const *key,
    const float *const *in, unsigned n, bool speaks);

/* The reduction in dB that puts the main sound `behind_lu` behind the key; not
 * below 0, and 0 while one of them is not known. */
double mix_duck_loudness_wanted (const MixDuckLoudness *l, double behind_lu);
