/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ballistics of a dynamics processor: from required to actual gain
 * reduction (in dB) by a one-pole that is quick upwards (attack) and slow
 * downwards (release). It is the smooth, branching detector in the log domain
 * of Giannoulis, Massberg and Reiss (JAES 60, 2012, eq. 16), but after the gain
 * computer, so that the times hold for the reduction whatever the level does. A
 * step is covered to 63.2 % after the time constant.
 *
 * Hold: after the last frame that required more, the reduction is kept for a
 * time before its release. A requirement less than MIX_ENVELOPE_CALM below the
 * reduction restarts the hold, else the ripple of a steady signal would use it
 * up.
 *
 * Automatic release: two stages. First the reduction is released towards an
 * average of the required reduction, with MIX_ENVELOPE_SLOW times the release
 * time for both directions. A short peak hardly raises the average, so its
 * reduction ends after the release time set; after a long loud passage the
 * release is slow.
 *
 * State in double: a one-pole of seconds stalls in single precision.
 * Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../base/maths.h"

#define MIX_ENVELOPE_CALM 0.25 /* dB */
#define MIX_ENVELOPE_SLOW 10.0

typedef struct {
  double attack, release, slow; /* decay per frame */
  unsigned hold;                /* frames */
  bool automatic;
} MixBallistics;

typedef struct {
  double now;          /* the reduction, dB */
  double slow;         /* the average for the automatic release */
  unsigned hold;       /* frames left */
  bool odd;            /* the latest frame is the first of a pair, see below */
  double start;        /* then: `now` before the pair, */
  double first, least; /* the frame's required reduction and its bound */
} MixEnvelope;

/* The reduction of the latest frame. */
static inline double
mix_envelope_now (const MixEnvelope *e)
{
  return e->now;
}

/* Goes on from another reduction. */
static inline void
mix_envelope_jump (MixEnvelope *e, double reduction)
{
  e->now = reduction;
  e->odd = false;
}

/* Before automatic release is used: its average starts at the reduction. */
static inline void
mix_envelope_start_automatic (MixEnvelope *e)
{
  e->slow = e->now;
}

static inline MixBallistics
mix_ballistics (double attack_ms, double release_ms, double hold_ms,
    bool automatic, unsigned rate)
{
  return (MixBallistics){
    .attack = mix_decay_per_frames (attack_ms, 1, rate),
    .release = mix_decay_per_frames (release_ms, 1, rate),
    .slow = mix_decay_per_frames (MIX_ENVELOPE_SLOW * release_ms, 1, rate),
    .hold = mix_frames_from_ms (hold_ms, rate),
    .automatic = automatic,
  };
}

/* Look-ahead of the recurrence. Without hold and automatic release a frame is
 * the larger of two linear functions of the state y and the required reduction
 * c, a y + (1 - a) c for the attack and r y + (1 - r) c for the release (the
 * smaller one if the attack is the slower). Two frames are then the largest of
 * three linear functions of y, whose constants do not depend on y: that halves
 * the serial path. Frames pair up by their count since the start, not within a
 * call, and a pair that is cut in two is computed from the state before it. */

static inline double
mix_envelope_pick_ (double a, double b, bool larger)
{
  if (larger)
    return a > b ? a : b;
  return a < b ? a : b;
}

typedef struct {
  double a, a1, r, r1, aa, ar, rr;
} MixEnvelopeLines_;

static inline double
mix_envelope_one_ (const MixEnvelopeLines_ *k, double y, double c, bool larger)
{
  return mix_envelope_pick_ (
      k->a * y + k->a1 * c, k->r * y + k->r1 * c, larger);
}

static inline double
mix_envelope_two_ (
    const MixEnvelopeLines_ *k, double y, double c, double d, bool larger)
{
  double up = k->a1 * c, down = k->r1 * c, up2 = k->a1 * d, down2 = k->r1 * d;
  double mixed
      = mix_envelope_pick_ (k->a * down + up2, k->r * up + down2, larger);
  double ends = mix_envelope_pick_ (
      k->aa * y + (k->a * up + up2), k->rr * y + (k->r * down + down2), larger);
  return mix_envelope_pick_ (k->ar * y + mixed, ends, larger);
}

/* A lower bound is one more linear function, a constant. As all of them are
 * monotonic, the bound of the first frame counts after the second frame as if
 * it had been the state after the first. */

typedef struct {
  double required, least;
} MixEnvelopeFrame_;

typedef struct {
  bool larger, bounded;
} MixEnvelopeKind_;

static inline __attribute__ ((always_inline)) double
mix_envelope_after_one_ (const MixEnvelopeLines_ *k, double y,
    MixEnvelopeFrame_ a, MixEnvelopeKind_ kind)
{
  double value = mix_envelope_one_ (k, y, a.required, kind.larger);
  return kind.bounded && value < a.least ? a.least : value;
}

static inline __attribute__ ((always_inline)) double
mix_envelope_after_two_ (const MixEnvelopeLines_ *k, double y,
    MixEnvelopeFrame_ a, MixEnvelopeFrame_ b, MixEnvelopeKind_ kind)
{
  double value = mix_envelope_two_ (k, y, a.required, b.required, kind.larger);
  if (!kind.bounded)
    return value;
  double bound = mix_envelope_after_one_ (k, a.least, b, kind);
  return value > bound ? value : bound;
}

#define MIX_ENVELOPE_FREE -1e30f /* no bound */

static inline MixEnvelopeFrame_
mix_envelope_frame_ (const float *io, const float *least, unsigned i)
{
  return (MixEnvelopeFrame_){ (double)io[i],
    least ? (double)least[i] : (double)MIX_ENVELOPE_FREE };
}

static inline __attribute__ ((always_inline)) void
mix_envelope_run_lines_ (MixEnvelope *e, const MixEnvelopeLines_ *k, float *io,
    const float *least, unsigned n, MixEnvelopeKind_ kind)
{
  double start = e->start;
  unsigned i = 0;
  if (e->odd && n > 0) {
    MixEnvelopeFrame_ first = { e->first, e->least };
    MixEnvelopeFrame_ second = mix_envelope_frame_ (io, least, 0);
    e->now = start = mix_envelope_after_two_ (k, start, first, second, kind);
    io[i++] = (float)start;
    e->odd = false;
  } else if (!e->odd) {
    start = e->now;
  }
  if (i == n)
    return;
  for (; i + 2 <= n; i += 2) {
    MixEnvelopeFrame_ first = mix_envelope_frame_ (io, least, i);
    MixEnvelopeFrame_ second = mix_envelope_frame_ (io, least, i + 1);
    io[i] = (float)mix_envelope_after_one_ (k, start, first, kind);
    start = mix_envelope_after_two_ (k, start, first, second, kind);
    io[i + 1] = (float)start;
  }
  e->now = e->start = start;
  if (i < n) {
    MixEnvelopeFrame_ first = mix_envelope_frame_ (io, least, i);
    e->odd = true;
    e->first = first.required;
    e->least = first.least;
    e->now = mix_envelope_after_one_ (k, start, first, kind);
    io[i] = (float)e->now;
  }
}

static inline void
mix_envelope_run_plain_ (MixEnvelope *e, const MixBallistics *b, float *io,
    const float *least, unsigned n)
{
  const double a = b->attack, r = b->release;
  const MixEnvelopeLines_ k = { a, 1 - a, r, 1 - r, a * a, a * r, r * r };
  if (a <= r && !least)
    mix_envelope_run_lines_ (
        e, &k, io, NULL, n, (MixEnvelopeKind_){ true, false });
  else if (a <= r)
    mix_envelope_run_lines_ (
        e, &k, io, least, n, (MixEnvelopeKind_){ true, true });
  else
    mix_envelope_run_lines_ (
        e, &k, io, least, n, (MixEnvelopeKind_){ false, true });
}

static inline void
mix_envelope_step_ (MixEnvelope *e, const MixBallistics *b, double required)
{
  e->slow = required + (e->slow - required) * b->slow;
  if (required >= e->now) {
    e->now = required + (e->now - required) * b->attack;
    e->hold = b->hold;
    return;
  }
  if (required >= e->now - MIX_ENVELOPE_CALM) {
    e->hold = b->hold;
  } else if (e->hold > 0) {
    e->hold--;
    return;
  }
  double target
      = b->automatic ? fmax (required, fmin (e->slow, e->now)) : required;
  e->now = target + (e->now - target) * b->release;
}

/* Required reductions become actual ones, in place; never below `least`,
 * whatever the attack, unless that is NULL. */
static inline void
mix_envelope_run (MixEnvelope *e, const MixBallistics *b, float *io,
    const float *least, unsigned n)
{
  if (b->hold == 0 && !b->automatic) {
    mix_envelope_run_plain_ (e, b, io, least, n);
    return;
  }
  e->odd = false;
  for (unsigned i = 0; i < n; i++) {
    mix_envelope_step_ (e, b, io[i]);
    if (least && e->now < (double)least[i])
      e->now = (double)least[i];
    io[i] = (float)e->now;
  }
}
