/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The release of a limiter: a reduction rises at once to what is required and
 * falls slowly, in dB.
 *
 * The adaptive kind tells peaks from sustained sound. The sustained part of a
 * reduction is what was required again and again, with pauses no longer than
 * half a period of the lowest tone: the maximum over two short intervals, then
 * the minimum of that over many (in morphology a closing followed by an
 * opening). That part has no ripple, so a low tone stays clean, and falls with
 * the release time. What a peak requires beyond it falls twenty times faster,
 * so the music stays loud.
 *
 * One call a step of some frames. Realtime-safe.
 */
#pragma once

#include <stdbool.h>

#include "../base/maths.h"

#define MIX_RELEASE_INTERVALS 32
/* Two intervals contain a peak of any tone down to 40 Hz; all of them together
 * are the time after which sound counts as sustained. */
#define MIX_RELEASE_INTERVAL_MS 6.25
/* Time constant with which the sustained part rises. */
#define MIX_RELEASE_RISE_MS 20.0
/* Times the release is faster for peaks. */
#define MIX_RELEASE_PEAK 20.0
/* dB; less than that becomes 0. */
#define MIX_RELEASE_LEAST 1e-4

typedef struct {
  bool adaptive;
  double fall, fall_peak, rise; /* what is left after a step */
  unsigned interval;            /* steps */
} MixReleaseTimes;

typedef struct {
  double level;     /* dB */
  double sustained; /* of it, dB */
  double target;    /* of the sustained part */
  float now, last;  /* largest requirement of this interval and the last one */
  float held[MIX_RELEASE_INTERVALS];
  unsigned at, steps; /* in `held`; in this interval */
} MixRelease;

static inline void
mix_release_prepare (MixReleaseTimes *times, double ms, bool adaptive,
    unsigned step_frames, unsigned rate)
{
  times->adaptive = adaptive;
  times->fall = mix_decay_per_frames (ms, step_frames, rate);
  times->fall_peak
      = mix_decay_per_frames (ms / MIX_RELEASE_PEAK, step_frames, rate);
  times->rise = mix_decay_per_frames (MIX_RELEASE_RISE_MS, step_frames, rate);
  times->interval
      = 1 + mix_frames_from_ms (MIX_RELEASE_INTERVAL_MS, rate) / step_frames;
}

static inline void
mix_release_find_goal (MixRelease *r)
{
  float least = r->held[0];
  for (unsigned i = 1; i < MIX_RELEASE_INTERVALS; i++)
    least = r->held[i] < least ? r->held[i] : least;
  r->target = (double)least;
}

static inline void
mix_release_end_interval (MixRelease *r)
{
  r->held[r->at] = r->now > r->last ? r->now : r->last;
  r->at = (r->at + 1) % MIX_RELEASE_INTERVALS;
  r->last = r->now;
  r->now = 0;
  r->steps = 0;
  mix_release_find_goal (r);
}

/* Back to a reduction of `level` dB, before the latest `steps`, which required
 * nothing: intervals that ended within them count as the one before. `times`
 * are those in force until now. */
static inline void
mix_release_rewind (
    const MixReleaseTimes *times, MixRelease *r, unsigned steps, double level)
{
  const unsigned all = MIX_RELEASE_INTERVALS;
  unsigned ended
      = steps < r->steps ? 0 : 1 + (steps - r->steps) / times->interval;
  ended = ended < all ? ended : all - 1;
  float before = r->held[(r->at + 2 * all - ended - 1) % all];
  for (unsigned i = 1; i <= ended; i++)
    r->held[(r->at + all - i) % all] = before;
  r->last = before;
  r->now = 0;
  r->steps = 0;
  mix_release_find_goal (r);
  r->level = fmax (r->level, level);
  r->sustained = times->adaptive ? fmax (r->sustained, fmin (r->target, level))
                                 : r->level;
}

static inline double
mix_release_sustained (
    const MixReleaseTimes *times, MixRelease *r, float required)
{
  r->now = required > r->now ? required : r->now;
  if (++r->steps >= times->interval)
    mix_release_end_interval (r);
  double decay = r->target > r->sustained ? times->rise : times->fall;
  r->sustained = r->target + (r->sustained - r->target) * decay;
  if (r->sustained < MIX_RELEASE_LEAST)
    r->sustained = 0;
  return r->sustained;
}

/* The reduction for this step, never less than `required`; both in dB. */
static inline float
mix_release_step (const MixReleaseTimes *times, MixRelease *r, float required)
{
  if (times->adaptive) {
    double base = mix_release_sustained (times, r, required);
    r->level
        = r->level > base ? base + (r->level - base) * times->fall_peak : base;
  } else {
    r->level *= times->fall;
    r->sustained = r->level;
  }
  if (r->level < MIX_RELEASE_LEAST)
    r->level = 0;
  if (r->level < (double)required)
    r->level = (double)required;
  float level = (float)r->level;
  return level < required ? required : level;
}

/* `a` becomes a release that is enough for both. */
static inline void
mix_release_merge (MixRelease *a, const MixRelease *b)
{
  a->level = fmax (a->level, b->level);
  a->sustained = fmax (a->sustained, b->sustained);
  a->target = fmax (a->target, b->target);
  a->now = a->now > b->now ? a->now : b->now;
  a->last = a->last > b->last ? a->last : b->last;
  for (unsigned i = 0; i < MIX_RELEASE_INTERVALS; i++)
    a->held[i] = a->held[i] > b->held[i] ? a->held[i] : b->held[i];
}
