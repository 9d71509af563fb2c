/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "duck_gain.h"

#define HYSTERESIS_DB 3.0
#define SMOOTHING_MS 5.0
#define SLOW_ATTACK_MS 5.0
#define SLOW_MS 30.0
/* 1 - (1 + t) e^-t is 63.2 % there. */
#define STEP_TIME 2.1462
/* A distance of less, in dB, is none. */
#define NONE 1e-4

void
mix_duck_gain_prepare (MixDuckGain *g, unsigned rate)
{
  *g = (MixDuckGain){ .rate = rate };
  mix_smoother_prepare (&g->depth, rate, SMOOTHING_MS);
}

static float
power_of (double db)
{
  double gain = mix_gain_from_db (db);
  return (float)(gain * gain);
}

static bool
differs_in_start (const MixDuckParams *a, const MixDuckParams *b)
{
  return a->mode != b->mode || a->threshold_db != b->threshold_db
         || a->attack_ms != b->attack_ms || a->behind_lu != b->behind_lu
         || a->depth_db != b->depth_db || a->hold_ms != b->hold_ms;
}

static double
decay_of (const MixDuckGain *g, double ms)
{
  return mix_decay_per_frames (ms / STEP_TIME, 1, g->rate);
}

void
mix_duck_gain_set (MixDuckGain *g, const MixDuckParams *p)
{
  g->may_start = differs_in_start (&g->params, p);
  g->params = *p;
  g->open = power_of (p->threshold_db);
  g->close = power_of (p->threshold_db - HYSTERESIS_DB);
  g->attack = decay_of (g, p->attack_ms);
  g->slow_attack = decay_of (g, fmax (p->attack_ms, SLOW_ATTACK_MS));
  g->release = decay_of (g, p->release_ms);
  g->hold = mix_frames_from_ms (p->hold_ms, g->rate);
  mix_smoother_set (&g->depth, p->depth_db);
}

void
mix_duck_gain_tick (MixDuckGain *g, bool key_changes)
{
  mix_smoother_tick (&g->depth);
  if (key_changes || g->may_start)
    g->slow = 1 + mix_frames_from_ms (SLOW_MS, g->rate) / MIX_TICK;
  else if (g->slow > 0)
    g->slow--;
  g->may_start = false;
}

void
mix_duck_gain_reset (MixDuckGain *g)
{
  mix_smoother_snap (&g->depth);
  g->speaks = g->may_start = false;
  g->left = g->slow = 0;
  g->first = g->now = 0;
  g->most = 0;
}

bool
mix_duck_gain_is_still (const MixDuckGain *g)
{
  return g->slow == 0 && mix_smoother_is_still (&g->depth);
}

/* The key does not speak at all, and the sound is where it was. */
static bool
rests (const MixDuckGain *g, const float *power, unsigned n)
{
  unsigned loud = 0;
  if (g->now != 0 || g->first != 0 || g->left > 0 || g->speaks)
    return false;
  for (unsigned i = 0; i < n; i++)
    loud += power[i] >= g->open;
  return loud == 0;
}

/* Whether the reduction is wanted: the key speaks, or has just spoken. */
static bool
listen (MixDuckGain *g, float power)
{
  g->speaks = power >= (g->speaks ? g->close : g->open);
  if (g->speaks)
    g->left = g->hold;
  else if (g->left > 0)
    g->left--;
  return mix_duck_gain_is_active (g);
}

static void
step (MixDuckGain *g, double attack, double target)
{
  double decay = target > g->now ? attack : g->release;
  g->first = target + (g->first - target) * decay;
  g->now = g->first + (g->now - g->first) * decay;
  if (fabs (g->now - target) < NONE && fabs (g->first - target) < NONE)
    g->first = g->now = target;
}

bool
mix_duck_gain_run (MixDuckGain *g, float *io, const double *wanted,
    unsigned offset, unsigned n)
{
  const double attack = g->slow > 0 ? g->slow_attack : g->attack;
  const MixRamp depth = mix_smoother_ramp (&g->depth);
  float most = 0;
  if (rests (g, io, n))
    return false;
  for (unsigned i = 0; i < n; i++) {
    double deepest = (double)mix_ramp_at (depth, offset + i);
    double target = wanted ? fmin (*wanted, deepest) : deepest;
    step (g, attack, listen (g, io[i]) ? target : 0);
    io[i] = (float)g->now;
    most = mix_larger (most, io[i]);
  }
  g->most = mix_larger (g->most, most);
  return most > 0;
}

double
mix_duck_gain_read (MixDuckGain *g)
{
  double most = (double)g->most;
  g->most = (float)g->now;
  return most;
}
