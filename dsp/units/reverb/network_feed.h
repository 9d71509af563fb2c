/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The feed of the network: the input after the pre-delay, diffused once more.
 * It enters stretched lines at several times, so that echoes are as dense as
 * those of short lines. Realtime-safe but for `prepare`.
 */
#pragma once

#include "input_delay.h"

/* Delays in frames: before the diffusers, and after them for each row of the
 * matrix. Rows from `rows` on have no gain. */
typedef struct {
  unsigned rows, before, after[MIX_REVERB_LINES];
  float gain[MIX_REVERB_LINES];
} MixNetworkFeedLayout;

typedef struct {
  const MixKernels *kernels;
  unsigned rate, slots, inputs;
  MixNetworkFeedLayout now, next;
  MixDiffusers diffusers; /* a row for each input */
  MixBlockRing diffused[MIX_REVERB_INPUTS];
  MixEnds level;
} MixNetworkFeed;

void mix_network_feed_prepare (MixNetworkFeed *feed,
    const MixWetRouting *routing, unsigned rate, MixArena *arena);
void mix_network_feed_reset (MixNetworkFeed *feed, const MixGeometry *geometry);
void mix_network_feed_begin (MixNetworkFeed *feed, const MixGeometry *geometry);
void mix_network_feed_arrive (MixNetworkFeed *feed);

/* `level` is reached at the end of the block. */
void mix_network_feed_update (
    MixNetworkFeed *feed, const MixReverbValues *values, double level);

/* Adds a block to the lines before the matrix, which spreads it over all. */
void mix_network_feed_run (MixNetworkFeed *feed,
    const MixTransition *transition, const MixInputDelay *input,
    float (*lines)[MIX_REVERB_BLOCK]);
