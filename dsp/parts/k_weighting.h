/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * K-weighting (ITU-R BS.1770-5, Annex 1): a high shelf of 4 dB for the head,
 * then a high-pass at 38 Hz. The standard gives coefficients for 48 kHz only;
 * here both analogue prototypes are mapped by the bilinear transform at any
 * rate, which gives the standard's numbers at 48 kHz and, from
 * 44.1 kHz on, its response within 0.05 dB.
 *
 * Two channels are filtered at once. State is double: the high-pass has its
 * poles close to 1. Realtime-safe but for `design`, which only computes.
 */
#pragma once

typedef struct {
  double b0, b1, b2, a1, a2; /* a0 is 1 */
} MixKSection;

typedef struct {
  MixKSection shelf, high_pass;
} MixKWeighting;

/* Of two channels; zeroed is silence. */
typedef struct {
  double of[4][2];
} MixKState;

/* Sums over frames. */
typedef struct {
  double weighted[2]; /* squares after the weighting */
  double plain[2];    /* squares before it */
  double product;     /* of the two channels, before it */
} MixKSums;

void mix_k_weighting_design (MixKWeighting *k, unsigned rate);

/* Adds n frames to the sums, one after the other: no bit depends on how the
 * stream is cut. `left` and `right` may be the same. */
void mix_k_weighting_run (const MixKWeighting *k, MixKState *state,
    const float *left, const float *right, unsigned n, MixKSums *sums);
