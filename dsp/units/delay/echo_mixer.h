/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gains of the delay: what enters the delay lines (feedback, ping-pong) and
 * how echoes and input are mixed (dry, wet, width). Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"
#include "../../parts/span.h"
#include "delay_params.h"
#include "ducker.h"
#include "rings.h"

enum {
  MIX_DELAY_DRY,      /* dB */
  MIX_DELAY_WET,      /* dB */
  MIX_DELAY_FEEDBACK, /* 0 … 0.99 */
  MIX_DELAY_CROSS,    /* 0 … 1: share of ping-pong */
  MIX_DELAY_WIDTH,    /* 0 … 2 */
  MIX_DELAY_SMOOTHERS,
};

typedef struct {
  MixSmoother smooth[MIX_DELAY_SMOOTHERS];
  bool settled; /* nothing moves: the ramps are up to date and constant */
  MixRamp feedback, straight, cross; /* in the loop: own side, other side */
  MixRamp dry, wet;
  MixRamp same, other; /* wet and width: own side, other side */
} MixDelayMixer;

void mix_delay_mixer_prepare (MixDelayMixer *mixer, unsigned rate);

void mix_delay_mixer_set (MixDelayMixer *mixer, const MixDelayParams *params);

void mix_delay_mixer_reset (MixDelayMixer *mixer);

/* Once a tick, after that of the ducker; returns whether anything moves in it.
 * `still`: no other parameter of the unit moves. Only then do the loops for
 * constant gains run, which differ from those for ramps in the sign of a zero.
 */
bool mix_delay_mixer_tick (
    MixDelayMixer *mixer, const MixDelayDucker *ducker, bool still);

/* No echo can be audible. */
bool mix_delay_mixer_is_off (const MixDelayMixer *mixer);

/* What enters the delay lines: input and feedback. */
void mix_delay_mixer_feed_pair (const MixDelayMixer *mixer, const MixSpan *span,
    MixPair pair, MixDelayRows *to, const MixDelayRows *echo);
void mix_delay_mixer_feed_lone (const MixDelayMixer *mixer, const MixSpan *span,
    unsigned channel, float *to, const float *echo);

/* The output: input and echoes. */
void mix_delay_mixer_mix_pair (const MixDelayMixer *mixer, const MixSpan *span,
    MixPair pair, const MixDelayRows *echo);
void mix_delay_mixer_mix_lone (const MixDelayMixer *mixer, const MixSpan *span,
    unsigned channel, const float *echo);

/* The output of an LFE: the input at the dry gain, so that it keeps its balance
 * with the other channels. */
void mix_delay_mixer_pass (
    const MixDelayMixer *mixer, const MixSpan *span, unsigned channel);
