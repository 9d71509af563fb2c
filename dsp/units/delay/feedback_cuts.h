/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The low cut and high cut in the feedback loop. They are in front of the delay
 * lines, so that the first echo has passed them once. Realtime-safe.
 */
#pragma once

#include "../../format.h"
#include "../../parts/cut_fade.h"
#include "../../parts/loop_cut.h"
#include "delay_params.h"

enum { MIX_DELAY_LOW_CUT, MIX_DELAY_HIGH_CUT };

typedef struct {
  unsigned rate;
  bool settled;       /* nothing moves, and the designs are up to date */
  bool on;            /* in this tick */
  MixCutFade fade[2]; /* low, high */
  MixLoopCutDesign design[2];
  MixLoopCut state[MIX_MAX_CHANNELS][2];
} MixDelayCuts;

void mix_delay_cuts_prepare (MixDelayCuts *cuts, unsigned rate);

void mix_delay_cuts_set (MixDelayCuts *cuts, const MixDelayParams *params);

void mix_delay_cuts_reset (MixDelayCuts *cuts);

/* Once a tick; returns whether anything moves in it. */
bool mix_delay_cuts_tick (MixDelayCuts *cuts);

/* Filters two channels in place, whose state is that of channel `left`; once
 * when both are the same. Nothing when the cuts are off. */
void mix_delay_cuts_run (MixDelayCuts *cuts, unsigned channel, float *left,
    float *right, unsigned offset, unsigned n);
