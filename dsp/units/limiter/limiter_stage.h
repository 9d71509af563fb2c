/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One stage of the limiter: audio waits while its detector finds the required
 * reductions, which are linked across channels and become gains. Realtime-safe
 * but for prepare.
 */
#pragma once

#include "../../parts/history.h"
#include "limiter_detector.h"
#include "limiter_gains.h"

#define MIX_LIMITER_LONGEST_MS 20.0 /* look-ahead */

/* limiter.c says why there are two. */
typedef enum {
  MIX_LIMITER_FIRST,  /* coarse detector, window as long as the look-ahead */
  MIX_LIMITER_SECOND, /* fine detector, short window */
  MIX_LIMITER_STAGES,
} MixLimiterPlace;

typedef struct {
  MixLimiterPlace place;
  const MixKernels *kernels;
  unsigned rate, channels;
  MixHistory history;
  float *audio[MIX_MAX_CHANNELS]; /* what waits */
  MixLimiterDetector detector;
  MixLimiterGains gains;
  unsigned replay; /* frames left that leave a second time, see resume */
} MixLimiterStage;

/* No sample stays inside both stages for more frames. */
unsigned mix_limiter_longest_delay (unsigned rate);

/* Takes memory for any look-ahead at this rate. */
void mix_limiter_stage_take (MixLimiterStage *stage, MixLimiterPlace place,
    MixArena *arena, unsigned rate, unsigned channels);
/* Once there is memory. Not realtime-safe. */
void mix_limiter_stage_prepare (MixLimiterStage *stage);

/* The window for this look-ahead, which is the first stage's; then clear, or
 * see resume. */
void mix_limiter_stage_lay_out (MixLimiterStage *stage, double look_ahead_ms);
/* After lay_out. The release is the first stage's; the second has a fixed one.
 */
void mix_limiter_stage_set (
    MixLimiterStage *stage, double release_ms, bool adaptive, bool true_peak);
/* Silence, gain 1. */
void mix_limiter_stage_clear (MixLimiterStage *stage);
void mix_limiter_stage_reset (MixLimiterStage *stage);

/* Frames by which what comes out lags. */
unsigned mix_limiter_stage_delay (const MixLimiterStage *stage);
/* Frames from the newest one to the one whose level is found. */
unsigned mix_limiter_stage_reach (const MixLimiterStage *stage);

/* Where the next tick of each channel is to be written. */
void mix_limiter_stage_make_room (MixLimiterStage *stage, float **at);
/* From the tick written there to the tick that leaves. Returns the lowest
 * gain. */
float mix_limiter_stage_run (MixLimiterStage *stage, const MixLimiterLink *link,
    float ceiling, float *const *out);

/* A new look-ahead while the sound goes on, in this order: past of all stages,
 * forget_silence, lay_out and set, resume.
 *
 * past: the reductions (dB) of the frame that left `back` frames before the
 * newest. forget_silence: the latest `frames` of audio were silence.
 * resume: takes them back and continues from those reductions. `again` frames
 * that left before come in first; what waits in front of the second stage stays
 * as it was for them. */
void mix_limiter_stage_past (const MixLimiterStage *stage,
    const MixLimiterLink *link, unsigned back, double *reduction_db);
void mix_limiter_stage_forget_silence (
    MixLimiterStage *stage, unsigned frames, const double *reduction_db);
void mix_limiter_stage_resume (MixLimiterStage *stage, unsigned frames,
    unsigned again, const double *reduction_db);

/* See limiter_gains.h. */
unsigned mix_limiter_stage_merge (
    MixLimiterStage *stage, const MixLimiterLink *link);
void mix_limiter_stage_split (
    MixLimiterStage *stage, const MixLimiterLink *link);

/* The highest true peak after this stage since the last restart; other levels
 * may raise it. */
float mix_limiter_stage_level (const MixLimiterStage *stage);
void mix_limiter_stage_raise_level (MixLimiterStage *stage, float level);
void mix_limiter_stage_restart_level (MixLimiterStage *stage);
