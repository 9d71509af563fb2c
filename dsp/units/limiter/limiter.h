/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the limiter share:
 *
 *   limiter.c        the descriptor, drive and ceilings, the stream
 *   limiter_stage.c  one stage: its length, its gains, how channels are linked
 *   limiter_detect.c what a stage needs: where, and how far, the level of a
 *                    channel is over the ceiling
 *
 * Calls go down that list. Everything here is realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/dip.h"
#include "../../parts/history.h"
#include "../../parts/release.h"
#include "../../parts/true_peak.h"
#include "../../unit.h"

#define MIX_LIMITER_LONGEST_MS 20.0 /* look-ahead */

/* What both stages go by. */
typedef struct {
  const MixKernels *kernels;
  MixTruePeak detector;
  bool true_peak;        /* or the samples only */
  float true_peak_level; /* the highest that left since the last read */
  unsigned channels;

  float link; /* 0: each channel for itself … 1: all get the same gain */
  bool linked[MIX_MAX_CHANNELS];
  unsigned leader; /* the first linked channel */
  unsigned join;   /* ticks until the linked lanes are one; 0: they are */
} MixLimiterCommon;

/* ---- Stages ------------------------------------------------------------- */

/* They differ in their detectors and in the shape of their dips; limiter.c
 * says why there are two. */
typedef enum {
  MIX_LIMITER_FIRST,
  MIX_LIMITER_SECOND,
  MIX_LIMITER_STAGES,
} MixLimiterPlace;

/* Ticks whose peaks and bends lie within reach of the fine detector. */
#define MIX_LIMITER_TICKS_BACK 5

/* Of a channel's latest ticks, the newest first, one frame behind the audio:
 * the last sample's bend is not known before the next one comes. */
typedef struct {
  float peak[MIX_LIMITER_TICKS_BACK], bend[MIX_LIMITER_TICKS_BACK];
} MixLimiterOutline;

/* One gain and its history; channels that are fully linked share one. */
typedef struct {
  MixRelease release;
  MixDipLane dip;
  float *past;  /* a ring of the gains of the latest frames */
  float held;   /* needed at least while the stage holds, dB */
  float last;   /* gain of the last frame that was heard, see resume */
  float bridge; /* from there to the new gain: their ratio - 1 */
} MixLimiterLane;

typedef struct {
  MixLimiterPlace place;
  MixDip dip;
  MixReleaseTimes times;
  float *shape; /* the dip's */
  MixHistory history;
  float *audio[MIX_MAX_CHANNELS]; /* in front of the stage */
  MixLimiterOutline outline[MIX_MAX_CHANNELS];
  MixLimiterLane lane[MIX_MAX_CHANNELS];
  unsigned past_length, past_at; /* of each lane's ring: frames, a power of 2 */
  unsigned again;  /* frames left that leave for the second time, see resume */
  unsigned hold;   /* frames left for which gains stay */
  unsigned bridge; /* frames left until all bridges are crossed */
  unsigned bridge_length;
} MixLimiterStage;

/* Hands out parts of one zeroed block, or only counts when there is none. */
typedef struct {
  char *at;
  size_t used;
} MixLimiterCarver;

static inline void *
mix_limiter_carve (MixLimiterCarver *carver, size_t count, size_t size)
{
  size_t bytes = (count * size + 63) / 64 * 64;
  void *part = carver->at ? carver->at + carver->used : NULL;
  carver->used += bytes;
  return part;
}

/* No sample stays inside for more frames. */
unsigned mix_limiter_longest_delay (unsigned rate);

/* Gives the stage its memory, enough for any look-ahead at this rate. */
void mix_limiter_stage_carve (MixLimiterStage *stage, MixLimiterPlace place,
    MixLimiterCarver *carver, unsigned rate, unsigned channels);

/* The dip for this look-ahead, which is the first stage's; to be cleared
 * then. */
void mix_limiter_stage_lay_out (
    MixLimiterStage *stage, double look_ahead_ms, unsigned rate);
/* How the first stage lets go; the second has its own way. After lay_out. */
void mix_limiter_stage_set_release (
    MixLimiterStage *stage, double ms, bool adaptive, unsigned rate);
/* Silence, gain 1. */
void mix_limiter_stage_clear (MixLimiterStage *stage, unsigned channels);

/* The reductions (dB) of the frame that left the stage `back` frames before the
 * newest one. */
void mix_limiter_stage_past (const MixLimiterStage *stage,
    const MixLimiterCommon *common, unsigned back, double *reduction_db);
/* Before a new lay-out: the releases forget the latest `frames`, which were
 * silent, and stand at those reductions. */
void mix_limiter_stage_forget_silence (MixLimiterStage *stage,
    unsigned channels, unsigned frames, const double *reduction_db);
/* After it: takes back the latest `frames` of audio, and goes on with those
 * reductions. `again` frames that were heard before come in first; the audio in
 * front of the second stage stays as it was for them. */
void mix_limiter_stage_resume (MixLimiterStage *stage,
    const MixLimiterCommon *common, unsigned frames, unsigned again,
    const double *reduction_db);

/* Frames by which what comes out lags. */
unsigned mix_limiter_stage_delay (const MixLimiterStage *stage);
/* Frames from the newest one to the one whose level is found: the detector
 * looks ahead that far. */
unsigned mix_limiter_stage_reach (const MixLimiterStage *stage);

/* Where the next tick of each channel is to be written. */
void mix_limiter_stage_make_room (
    MixLimiterStage *stage, unsigned channels, float **at);
/* From the tick written there to the tick that leaves. Returns the lowest
 * gain. */
float mix_limiter_stage_run (MixLimiterStage *stage, MixLimiterCommon *common,
    float ceiling, float *const *out);

/* Makes the releases of the linked lanes one that obeys the needs of all.
 * Returns the ticks after which the lanes are the same, if they get the same
 * needs. */
unsigned mix_limiter_stage_join (
    MixLimiterStage *stage, const MixLimiterCommon *common);
/* Gives all linked channels the leader's lane to go on with. */
void mix_limiter_stage_part (
    MixLimiterStage *stage, const MixLimiterCommon *common);

/* ---- Detection ---------------------------------------------------------- */

/* What channel c needs in the steps of the tick that lies `reach` frames
 * before the newest one, in dB. False when that is nothing; then it is not
 * written. To be called once a tick. */
bool mix_limiter_detect (MixLimiterStage *stage, MixLimiterCommon *common,
    unsigned c, float ceiling, float *need_db);

/* After the newest audio was taken back. */
void mix_limiter_detect_again (
    MixLimiterStage *stage, const MixLimiterCommon *common);
