/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A crossover of Linkwitz and Riley in a fixed number of bands, in minimum
 * phase (S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers",
 * JAES 24, 1976): at each corner a low-pass that is the square of a Butterworth
 * B, and a high-pass in phase with it. Their sum is the all-pass B(-s) / B(s).
 *
 *   in ─┬─ low 0 ── all-pass 1 ── all-pass 2 ── band 0
 *       └─ high 0 ─┬─ low 1 ───── all-pass 2 ── band 1
 *                  └─ high 1 ─┬─ low 2 ──────── band 2
 *                             └─ high 2 ─────── band 3
 *
 * The all-passes of the corners above bring each band into phase with the rest
 * (J. A. D'Appolito, "Active realization of multiway all-pass crossover
 * systems", JAES 35, 1987), so that the sum of all bands is an all-pass.
 *
 * Sections are trapezoidal state-variable filters (A. Simper, "Linear
 * trapezoidal integrated state variable filter", Cytomic, 2013), whose states
 * hold while their corner moves. One gives the low-pass and the all-pass of its
 * poles at once, and a high-pass is the all-pass less the low-pass: two
 * sections a corner with 24 dB/octave, five with 48. Two channels are filtered
 * at a time. Realtime-safe but for mix_split_filters_prepare.
 */
#pragma once

#include "../../format.h"
#include "../../parts/smoother.h"
#include "band_rows.h"

/* What the crossover is made of. */
typedef struct {
  unsigned bands;
  unsigned order; /* second-order sections in B: 1 for 24 dB/octave, 2 for 48 */
} MixSplitShape;

/* One section: weights of its states, and twice its damping. */
typedef struct {
  double a1, a2, a3, twice_k;
} MixSplitWeights;

typedef struct {
  unsigned rate, channels;
  MixSplitShape shape;
  MixSmoother corner[MIX_MULTIBAND_CORNERS]; /* log2 Hz */
  bool moves;                                /* in this tick */
  MixSplitWeights from[MIX_MULTIBAND_CORNERS][2];
  MixSplitWeights slope[MIX_MULTIBAND_CORNERS][2]; /* per frame */
  double *states; /* in the arena; two channels after two */
} MixSplitFilters;

void mix_split_filters_prepare (
    MixSplitFilters *f, const MixFormat *format, MixArena *arena);
/* Takes another shape, without history, at its corners. */
void mix_split_filters_start (
    MixSplitFilters *f, MixSplitShape shape, const double *corners_hz);
/* Moves the corners, at the start of a tick. */
void mix_split_filters_set (MixSplitFilters *f, const double *corners_hz);
void mix_split_filters_tick (MixSplitFilters *f);
/* Without history, at the targets. */
void mix_split_filters_reset (MixSplitFilters *f);
bool mix_split_filters_is_still (const MixSplitFilters *f);

/* n frames that begin `offset` frames into the tick. */
void mix_split_filters_run (MixSplitFilters *f, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n);
