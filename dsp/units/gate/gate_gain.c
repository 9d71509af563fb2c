/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate_gain.h"

#include "../../base/maths.h"

#define SLOW_ATTACK_MS 5.0
#define SLOW_MS 30.0
/* What is nearer to the required gain, in dB, is there. */
#define NONE 1e-4
/* Less is open, for the reading, in dB. */
#define OPEN 1.0f
/* Frames that are looked at together. */
#define PART 64u
#define SILENCE_DB (-400.0f)

/* ---- Settings ----------------------------------------------------------- */

void
mix_gate_gain_prepare (MixGateGain *g, unsigned rate)
{
  *g = (MixGateGain){ .kernels = mix_kernels (), .rate = rate };
  g->onset_decay = mix_decay_per_frames (SLOW_MS, MIX_TICK, rate);
  mix_gate_curve_prepare (&g->curve, rate);
}

/* 0 when the look-ahead is too short for it. */
static unsigned
tangent_frames (const MixGateGain *g)
{
  double attack = fmax (1, g->attack_ms * 0.001 * g->rate);
  if (g->look_ahead + 0.5 < attack)
    return 0;
  return mix_min ((unsigned)lrint (attack), g->look_ahead);
}

void
mix_gate_gain_set (MixGateGain *g, const MixGateParams *p)
{
  g->attack_changes = g->attack_ms != p->attack_ms;
  g->attack_ms = p->attack_ms;
  g->attack = mix_decay_per_frames (p->attack_ms, 1, g->rate);
  g->slow_attack
      = mix_decay_per_frames (fmax (p->attack_ms, SLOW_ATTACK_MS), 1, g->rate);
  g->release = mix_decay_per_frames (p->release_ms, 1, g->rate);
  g->look_ahead = mix_frames_from_ms (p->look_ahead_ms, g->rate);
  /* what is loud stays open until it has left the look-ahead */
  g->hold = mix_frames_from_ms (p->hold_ms, g->rate) + g->look_ahead;
  g->tangent = tangent_frames (g);
  mix_gate_curve_set (&g->curve, p);
}

/* Follows the level from which nothing is turned down, upwards at once. */
static void
tick_onset (MixGateGain *g)
{
  float start = mix_gate_shape_top (&g->curve.start);
  float end = mix_gate_shape_top (&g->curve.end);
  float now = mix_larger (start, end);
  double next = (double)now + (double)(g->onset - now) * g->onset_decay;
  g->onset = g->slow == 0 ? now : mix_larger (now, (float)next);
}

void
mix_gate_gain_tick (MixGateGain *g, bool key_changes)
{
  const unsigned ticks = 1 + mix_frames_from_ms (SLOW_MS, g->rate) / MIX_TICK;
  mix_gate_curve_tick (&g->curve);
  if (key_changes || g->attack_changes)
    g->unsettled = ticks;
  else if (g->unsettled > 0)
    g->unsettled--;
  if (g->unsettled == ticks || g->curve.moves)
    g->slow = ticks;
  else if (g->slow > 0)
    g->slow--;
  g->attack_changes = false;
  tick_onset (g);
}

void
mix_gate_gain_reset (MixGateGain *g)
{
  mix_gate_curve_reset (&g->curve);
  g->slow = g->unsettled = 0;
  g->attack_changes = false;
  tick_onset (g);
  g->most = 0;
}

bool
mix_gate_gain_is_still (const MixGateGain *g)
{
  return g->slow == 0 && !g->curve.moves && mix_gate_curve_is_still (&g->curve);
}

double
mix_gate_gain_read (MixGateGain *g)
{
  double most = (double)g->most;
  g->most = 0;
  return most;
}

/* ---- States ------------------------------------------------------------- */

void
mix_gate_state_reset (MixGateState *s, const MixGateGain *g)
{
  *s = (MixGateState){ .level = SILENCE_DB };
  s->now = s->target
      = -(double)mix_gate_curve_reduction (&g->curve, false, SILENCE_DB, 0);
}

bool
mix_gate_state_is_near (const MixGateState *a, const MixGateState *b)
{
  return a->is_open == b->is_open && fabs (a->now - b->now) <= NONE;
}

/* A sound has come that is to pass whole. */
static void
start_onset (MixGateState *s, const MixGateGain *g)
{
  if (g->unsettled > 0 || s->has_onset)
    return;
  s->has_onset = true;
  s->tangent = g->tangent;
  s->ahead = g->tangent > 0 ? g->look_ahead + 1 : 0;
}

/* The gain is at least that of the tangent, which begins where it is. */
static void
step_tangent (MixGateState *s)
{
  unsigned left = --s->ahead;
  if (left > s->tangent)
    return;
  if (left == s->tangent)
    s->slope = (s->target - s->now) / (double)(int)left;
  double least = s->target - s->slope * (double)(int)left;
  s->now = s->now > least ? s->now : least;
}

/* One frame of a one-pole, which arrives. As a sum of products: only one
 * product and the sum wait for the frame before. */
static double
approach (double now, double required, double decay)
{
  double next = required * (1 - decay) + now * decay;
  return fabs (next - required) < NONE ? required : next;
}

/* What is required is kept for the hold: a click opens the gate too. */
static void
step (MixGateState *s, const MixGateGain *g, double attack, double required)
{
  if (required >= s->target) {
    s->target = required;
    s->hold = g->hold;
  } else if (s->hold > 0) {
    s->hold--;
  } else {
    s->target = required;
  }
  s->now
      = approach (s->now, s->target, s->target >= s->now ? attack : g->release);
  if (s->ahead > 0)
    step_tangent (s);
  if (s->now >= s->target)
    s->has_onset = false;
}

/* How many of n are below; the compiler makes a vector loop of it. */
static unsigned
count_below (const float *in, float limit, unsigned n)
{
  unsigned count = 0;
  for (unsigned i = 0; i < n; i++)
    count += in[i] < limit;
  return count;
}

/* Whether the gain stays where it is: open, or closed by all the range. */
static bool
rests (const MixGateState *s, const MixGateGain *g, const float *io, unsigned n)
{
  const MixGateShape *shape = &g->curve.start;
  if (s->is_open)
    return s->target == 0
           && count_below (io, 2 * (shape->close + shape->half_knee), n) == 0;
  return s->target == -(double)shape->range
         && count_below (io, 2 * mix_gate_shape_bottom (shape), n) == n;
}

/* Whether the gate is closed for the n frames, but held open. */
static bool
holds (const MixGateState *s, const MixGateGain *g, const float *io, unsigned n)
{
  const MixGateShape *shape = &g->curve.start;
  return !s->is_open && s->target == 0 && s->hold >= n && shape->slope > 0
         && shape->range > 0 && count_below (io, 2 * shape->open, n) == n;
}

/* Does what run_frames would, where that is known beforehand. */
static bool
skip_frames (MixGateState *s, const MixGateGain *g, float *io, unsigned n)
{
  if (g->curve.moves || s->ahead > 0 || s->now != s->target)
    return false;
  if (rests (s, g, io, n))
    s->hold = g->hold;
  else if (holds (s, g, io, n))
    s->hold -= n;
  else
    return false;
  s->level = 0.5f * io[n - 1];
  s->has_onset = false;
  for (unsigned i = 0; i < n; i++)
    io[i] = (float)s->now;
  return true;
}

/* The required gain of a closed and of an open gate: vector loops. */
static void
find_required (const MixGateCurve *curve, const float *restrict io,
    float *restrict closed, float *restrict open, unsigned offset, unsigned n)
{
  const MixGateShape shape = curve->start;
  if (curve->moves)
    for (unsigned i = 0; i < n; i++) {
      float level = 0.5f * io[i];
      closed[i] = -mix_gate_curve_reduction (curve, false, level, offset + i);
      open[i] = -mix_gate_curve_reduction (curve, true, level, offset + i);
    }
  else
    for (unsigned i = 0; i < n; i++) {
      float level = 0.5f * io[i];
      closed[i] = -mix_gate_shape_reduction (&shape, false, level);
      open[i] = -mix_gate_shape_reduction (&shape, true, level);
    }
}

/* The state is a copy: its members stay in registers. */
static void
run_frames (MixGateState *state, const MixGateGain *g, float *io,
    unsigned offset, unsigned n)
{
  const double slow = g->slow > 0 ? g->slow_attack : g->attack;
  const double quick = g->unsettled > 0 ? g->slow_attack : g->attack;
  const float onset = g->onset;
  float closed[PART], open[PART];
  MixGateState s = *state;
  find_required (&g->curve, io, closed, open, offset, n);
  for (unsigned i = 0; i < n; i++) {
    float level = 0.5f * io[i];
    if (level >= onset && s.level < onset && s.now < 0)
      start_onset (&s, g);
    s.level = level;
    s.is_open = mix_gate_curve_opens (&g->curve, s.is_open, level, offset + i);
    step (&s, g, s.has_onset ? quick : slow,
        (double)(s.is_open ? open[i] : closed[i]));
    io[i] = (float)s.now;
  }
  *state = s;
}

unsigned
mix_gate_state_run (
    MixGateState *s, MixGateGain *g, float *io, unsigned offset, unsigned n)
{
  for (unsigned at = 0, part; at < n; at += part) {
    part = mix_min (PART, n - at);
    if (!skip_frames (s, g, io + at, part))
      run_frames (s, g, io + at, offset + at, part);
  }
  unsigned closed = count_below (io, -OPEN, n);
  g->most = mix_larger (g->most, g->kernels->peak (io, n));
  if (closed == 0 && s->now == 0 && count_below (io, 0, n) == 0)
    for (unsigned i = 0; i < n; i++)
      io[i] = 1;
  else
    g->kernels->gain_from_db (io, io, n);
  return n - closed;
}
