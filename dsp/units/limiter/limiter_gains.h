/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gains of a limiter stage, one a channel: required reduction -> release ->
 * gain window -> gain. Channels that are fully linked share the leader's.
 * Realtime-safe but for lay_out and set_release, which compute (libm calls).
 */
#pragma once

#include "../../base/arena.h"
#include "../../parts/gain_window.h"
#include "../../parts/release.h"
#include "limiter_link.h"

/* One gain and its history. */
typedef struct {
  MixRelease release;
  MixGainWindowLane window;
  float *past; /* a ring of the gains of the latest frames */
  float held;  /* the least reduction while `hold` lasts, dB */
  float last;  /* the last gain before a new look-ahead */
  float jump;  /* from the new gain to that one: their ratio - 1 */
} MixLimiterGain;

typedef struct {
  MixGainWindow window;
  MixReleaseTimes times;
  float *shape; /* the window's */
  MixLimiterGain gain[MIX_MAX_CHANNELS];
  unsigned past_length, past_at; /* of the rings: frames, a power of 2 */
  unsigned hold;                 /* frames left for which gains stay */
  unsigned fade; /* frames left until the gains of a new look-ahead apply */
  unsigned fade_length;
  float highest_jump;
} MixLimiterGains;

typedef struct {
  unsigned steps; /* the most that a window spreads over */
  unsigned past;  /* frames for which gains are remembered */
  unsigned
      fade_frames; /* from the gain before a new look-ahead to that after */
  /* 0: the gain may never be higher than computed, 1: for these frames. */
  float highest_jump;
} MixLimiterGainsLimits;

void mix_limiter_gains_take (MixLimiterGains *gains, MixArena *arena,
    const MixLimiterGainsLimits *limits, unsigned channels);
/* To be followed by clear or resume. */
void mix_limiter_gains_lay_out (
    MixLimiterGains *gains, const MixGainWindowPlan *plan);
/* After lay_out. */
void mix_limiter_gains_set_release (
    MixLimiterGains *gains, double ms, bool adaptive, unsigned rate);
/* All gains are 1 and were. */
void mix_limiter_gains_clear (MixLimiterGains *gains, unsigned channels);

/* Frames from a reduction to the gain for it, and frames of a step. */
static inline unsigned
mix_limiter_gains_delay (const MixLimiterGains *gains)
{
  return gains->window.delay;
}

static inline unsigned
mix_limiter_gains_step (const MixLimiterGains *gains)
{
  return gains->window.step;
}

/* The next tick of channel c: from the required reductions of its steps, which
 * are overwritten, to the gains of its frames. Returns the lowest of them, or 0
 * when all are 1 and were not written. */
float mix_limiter_gains_run (MixLimiterGains *gains, const MixKernels *kernels,
    unsigned c, float *required_db, float gain[MIX_TICK]);
/* After all channels of a tick. */
void mix_limiter_gains_advance (MixLimiterGains *gains);

/* The reductions (dB) of the frame that left `back` frames before the newest.
 */
void mix_limiter_gains_past (const MixLimiterGains *gains,
    const MixLimiterLink *link, unsigned back, double *reduction_db);
/* Before a new layout: the releases forget the latest `frames`, which were
 * silent, and continue from those reductions. */
void mix_limiter_gains_forget_silence (MixLimiterGains *gains,
    unsigned channels, unsigned frames, const double *reduction_db);
/* After it: as if those reductions had always been required. They stay for
 * `hold` frames; `after` frames from now the gains fade to the new ones. */
void mix_limiter_gains_resume (MixLimiterGains *gains, unsigned channels,
    unsigned hold, unsigned after, const double *reduction_db);

/* Makes the releases of the linked channels one that is enough for all. Returns
 * the ticks after which the gains are the same, given the same required
 * reductions. */
unsigned mix_limiter_gains_merge (
    MixLimiterGains *gains, const MixLimiterLink *link);
/* Gives all linked channels copies of the leader's gain. */
void mix_limiter_gains_split (
    MixLimiterGains *gains, const MixLimiterLink *link);
