/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The late sound: a feedback delay network (J.-M. Jot, 1991) of sixteen lines.
 *
 *   input -> feed -> (+) -> rotations, -> lines -+-> absorption -+-> outputs
 *                     ^     Hadamard             |               |
 *                     |                          +-> taps -------+-> outputs
 *                     |                                          |
 *                     +------------------------------------------+
 *
 * The matrix is unitary at every moment: without absorption the loop holds its
 * content for ever (freeze). The lines of long decays are long (geometry.c says
 * why): these are fed at several times, and their outputs add taps within the
 * lines. Realtime-safe but for `prepare`.
 */
#pragma once

#include "line_filters.h"
#include "network_feed.h"
#include "rotations.h"

/* Delays in frames. */
typedef struct {
  double mean_s, stretch; /* of the lines; octaves */
  unsigned line[MIX_REVERB_LINES], tap[MIX_REVERB_LINES];
  float end_gain, tap_gain; /* of the lines' ends and of the taps */
} MixNetworkLayout;

typedef struct {
  const MixKernels *kernels;
  unsigned rate, outputs;
  MixNetworkLayout now, next;
  MixNetworkFeed feed;
  MixRotations rotations;
  MixBlockRing line[MIX_REVERB_LINES];
  MixLineFilters filters;
  double level; /* of the feed: gives the power that is asked for */
  MixEnds gain; /* of the outputs */
  /* Signs of the lines' ends and of the taps in each output. */
  float end_sign[MIX_MAX_CHANNELS][MIX_REVERB_LINES];
  float tap_sign[MIX_MAX_CHANNELS][MIX_REVERB_LINES];
} MixNetwork;

void mix_network_prepare (MixNetwork *network, const MixWetRouting *routing,
    unsigned rate, MixArena *arena);
void mix_network_reset (MixNetwork *network, const MixGeometry *geometry);
void mix_network_begin (MixNetwork *network, const MixGeometry *geometry);
void mix_network_arrive (MixNetwork *network);

/* Filters and levels of a block in which values move or moved. */
void mix_network_update (MixNetwork *network, const MixTransition *transition,
    const MixReverbValues *values);

/* In every block: rotations and the outputs' gain. */
void mix_network_begin_block (
    MixNetwork *network, const MixReverbValues *values);

/* A block, in this order: read the lines and filter them; add output j (a slot)
 * to `out`; write the lines, with the feed. */
void mix_network_read (MixNetwork *network, const MixTransition *transition,
    float (*lines)[MIX_REVERB_BLOCK]);
void mix_network_add_output (const MixNetwork *network,
    const MixTransition *transition, unsigned j,
    const float (*lines)[MIX_REVERB_BLOCK], float *out);
void mix_network_write (MixNetwork *network, const MixTransition *transition,
    const MixInputDelay *input, float (*lines)[MIX_REVERB_BLOCK]);
