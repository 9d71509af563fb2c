/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate_gain.h"

#include "../../base/maths.h"

#define SLOW_ATTACK_MS 5.0
#define SLOW_MS 30.0
/* What is nearer to the required gain, in dB, is there. */
#define NONE 1e-4
/* Less is open, for the reading, in dB. */
#define OPEN 1.0f
#define SILENCE_DB (-400.0f)

/* ---- Settings ----------------------------------------------------------- */

void
mix_gate_gain_prepare (MixGateGain *g, unsigned rate)
{
  *g = (MixGateGain){ .kernels = mix_kernels (), .rate = rate };
  mix_gate_curve_prepare (&g->curve, rate);
}

static void
set_tangent (MixGateGain *g)
{
  double attack = fmax (1, g->attack_ms * 0.001 * g->rate);
  bool fits = g->look_ahead + 0.5 >= attack;
  g->tangent = fits ? (unsigned)lrint (attack) : 0;
  g->tangent_start = (float)exp (-(g->look_ahead - attack) / attack);
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
  set_tangent (g);
  mix_gate_curve_set (&g->curve, p);
}

void
mix_gate_gain_tick (MixGateGain *g, bool key_changes)
{
  mix_gate_curve_tick (&g->curve);
  if (key_changes || g->curve.moves || g->attack_changes)
    g->slow = 1 + mix_frames_from_ms (SLOW_MS, g->rate) / MIX_TICK;
  else if (g->slow > 0)
    g->slow--;
  g->attack_changes = false;
}

void
mix_gate_gain_reset (MixGateGain *g)
{
  mix_gate_curve_reset (&g->curve);
  g->slow = 0;
  g->attack_changes = false;
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
  *s = (MixGateState){ 0 };
  s->now = s->target
      = -(double)mix_gate_curve_reduction (&g->curve, false, SILENCE_DB, 0);
}

bool
mix_gate_state_is_near (const MixGateState *a, const MixGateState *b)
{
  return a->is_open == b->is_open && fabs (a->now - b->now) <= NONE;
}

/* The gate has opened: the tangent is that of what is to go from now. */
static void
start_tangent (MixGateState *s, const MixGateGain *g)
{
  if (g->tangent == 0 || g->slow > 0)
    return;
  s->ahead = g->look_ahead + 1;
  s->height = -(float)s->now * g->tangent_start;
}

/* The gain is at least that of the tangent. */
static void
step_tangent (MixGateState *s, const MixGateGain *g)
{
  unsigned left = --s->ahead;
  if (left > g->tangent || g->tangent == 0)
    return;
  double least
      = s->target
        - (double)s->height * (double)(int)left / (double)(int)g->tangent;
  s->now = s->now > least ? s->now : least;
}

/* One frame of a one-pole, which arrives. */
static double
approach (double now, double required, double decay)
{
  double next = required + (now - required) * decay;
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
    step_tangent (s, g);
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

/* Whether the gain stays where it is: wide open, or closed by all the range. */
static bool
rests (const MixGateState *s, const MixGateGain *g, const float *io, unsigned n)
{
  const MixGateShape *shape = &g->curve.start;
  if (g->curve.moves || s->ahead > 0)
    return false;
  if (s->is_open)
    return s->now == 0 && s->target == 0
           && count_below (io, 2 * (shape->close + shape->half_knee), n) == 0;
  return s->now == -(double)shape->range && s->target == s->now
         && count_below (io, 2 * mix_gate_shape_bottom (shape), n) == n;
}

static void
run_frames (MixGateState *s, const MixGateGain *g, float *io, unsigned offset,
    unsigned n)
{
  const double attack = g->slow > 0 ? g->slow_attack : g->attack;
  for (unsigned i = 0; i < n; i++) {
    float level = 0.5f * io[i];
    bool opens
        = mix_gate_curve_opens (&g->curve, s->is_open, level, offset + i);
    if (opens && !s->is_open)
      start_tangent (s, g);
    s->is_open = opens;
    float reduction
        = mix_gate_curve_reduction (&g->curve, opens, level, offset + i);
    step (s, g, attack, -(double)reduction);
    io[i] = (float)s->now;
  }
}

unsigned
mix_gate_state_run (
    MixGateState *s, MixGateGain *g, float *io, unsigned offset, unsigned n)
{
  if (rests (s, g, io, n)) {
    s->hold = g->hold;
    for (unsigned i = 0; i < n; i++)
      io[i] = (float)s->now;
  } else {
    run_frames (s, g, io, offset, n);
  }
  unsigned closed = count_below (io, -OPEN, n);
  for (unsigned i = 0; i < n; i++)
    g->most = mix_larger (g->most, -io[i]);
  if (closed == 0 && s->now == 0 && count_below (io, 0, n) == 0)
    for (unsigned i = 0; i < n; i++)
      io[i] = 1;
  else
    g->kernels->gain_from_db (io, io, n);
  return n - closed;
}
