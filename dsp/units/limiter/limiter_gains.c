/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limiter_gains.h"

#include <string.h>

/* ---- Set-up ------------------------------------------------------------- */

static void
take_window (MixGainWindowLane *lane, MixArena *arena, unsigned steps)
{
  lane->recent
      = mix_arena_take (arena, mix_gain_window_recent (steps), sizeof (float));
  for (unsigned b = 0; b < 2; b++)
    lane->ring[b] = mix_arena_take (arena, steps, sizeof (int64_t));
}

void
mix_limiter_gains_take (MixLimiterGains *g, MixArena *arena,
    const MixLimiterGainsLimits *limits, unsigned channels)
{
  g->past_length = MIX_TICK;
  while (g->past_length < limits->past)
    g->past_length *= 2;
  g->fade_length = limits->fade_frames;
  g->highest_jump = limits->highest_jump;
  g->shape = mix_arena_take (arena, limits->steps, sizeof (float));
  for (unsigned c = 0; c < channels; c++) {
    take_window (&g->gain[c].window, arena, limits->steps);
    g->gain[c].past = mix_arena_take (arena, g->past_length, sizeof (float));
  }
}

void
mix_limiter_gains_lay_out (MixLimiterGains *g, const MixGainWindowPlan *plan)
{
  mix_gain_window_prepare (&g->window, plan, g->shape);
}

void
mix_limiter_gains_set_release (
    MixLimiterGains *g, double ms, bool adaptive, unsigned rate)
{
  mix_release_prepare (&g->times, ms, adaptive, g->window.step, rate);
}

void
mix_limiter_gains_clear (MixLimiterGains *g, unsigned channels)
{
  g->hold = g->fade = 0;
  for (unsigned c = 0; c < channels; c++) {
    mix_gain_window_reset (&g->window, &g->gain[c].window);
    g->gain[c].release = (MixRelease){ 0 };
    for (unsigned i = 0; i < g->past_length; i++)
      g->gain[c].past[i] = 1;
  }
}

/* ---- Linking ------------------------------------------------------------ */

unsigned
mix_limiter_gains_merge (MixLimiterGains *g, const MixLimiterLink *link)
{
  MixRelease *first = &g->gain[link->leader].release;
  for (unsigned c = 0; c < link->channels; c++)
    if (link->linked[c])
      mix_release_merge (first, &g->gain[c].release);
  for (unsigned c = 0; c < link->channels; c++)
    if (link->linked[c])
      g->gain[c].release = *first;
  return mix_gain_window_memory (&g->window) * g->window.step / MIX_TICK + 2;
}

void
mix_limiter_gains_split (MixLimiterGains *g, const MixLimiterLink *link)
{
  const MixLimiterGain *leader = &g->gain[link->leader];
  for (unsigned c = 0; c < link->channels; c++)
    if (link->linked[c] && c != link->leader) {
      g->gain[c].release = leader->release;
      mix_gain_window_copy (&g->window, &g->gain[c].window, &leader->window);
    }
}

/* ---- A new look-ahead --------------------------------------------------- */

void
mix_limiter_gains_past (const MixLimiterGains *g, const MixLimiterLink *link,
    unsigned back, double *reduction_db)
{
  unsigned at = (g->past_at - 1 - back) & (g->past_length - 1);
  for (unsigned c = 0; c < link->channels; c++) {
    unsigned from = mix_limiter_link_follows (link, c) ? link->leader : c;
    double gain = g->gain[from].past[at];
    reduction_db[c] = fmax (-mix_db_from_gain (gain), 0);
  }
}

void
mix_limiter_gains_forget_silence (MixLimiterGains *g, unsigned channels,
    unsigned frames, const double *reduction_db)
{
  for (unsigned c = 0; c < channels; c++)
    mix_release_rewind (&g->times, &g->gain[c].release, frames / g->window.step,
        reduction_db[c]);
}

void
mix_limiter_gains_resume (MixLimiterGains *g, unsigned channels, unsigned hold,
    unsigned after, const double *reduction_db)
{
  g->hold = hold;
  g->fade = after + g->fade_length;
  for (unsigned c = 0; c < channels; c++) {
    MixLimiterGain *gain = &g->gain[c];
    mix_gain_window_hold (&g->window, &gain->window, reduction_db[c]);
    gain->held = (float)reduction_db[c];
    gain->last = (float)mix_gain_from_db (-reduction_db[c]);
  }
}

/* ---- Gains -------------------------------------------------------------- */

static float
fill_with_ones (float *gain)
{
  for (unsigned i = 0; i < MIX_TICK; i++)
    gain[i] = 1;
  return 1;
}

/* From the last gain before a new look-ahead to the new gains, on a raised
 * cosine. */
static void
fade (const MixLimiterGains *g, MixLimiterGain *of, float *gain)
{
  unsigned length = g->fade_length;
  for (unsigned i = 0; i < MIX_TICK && i < g->fade; i++) {
    unsigned left = g->fade - i;
    if (left > length)
      continue; /* begins later */
    if (left == length)
      of->jump
          = mix_smaller (of->last / (gain[i] + 1e-6f) - 1, g->highest_jump);
    double share = 0.5 - 0.5 * cos (MIX_PI * left / length);
    gain[i] *= 1 + of->jump * (float)share;
  }
}

float
mix_limiter_gains_run (MixLimiterGains *g, const MixKernels *kernels,
    unsigned c, float *required_db, float gain[MIX_TICK])
{
  MixLimiterGain *of = &g->gain[c];
  unsigned step = g->window.step;
  for (unsigned j = 0; j < MIX_TICK / step; j++) {
    if (j * step < g->hold)
      required_db[j] = mix_larger (required_db[j], of->held);
    required_db[j] = mix_release_step (&g->times, &of->release, required_db[j]);
  }
  float lowest = mix_gain_window_run (
      &g->window, &of->window, required_db, gain, kernels);
  if (lowest > 0 || g->fade > 0) {
    lowest = lowest > 0 ? lowest : fill_with_ones (gain);
    fade (g, of, gain);
    memcpy (of->past + g->past_at, gain, MIX_TICK * sizeof *gain);
  } else {
    fill_with_ones (of->past + g->past_at);
  }
  return lowest;
}

void
mix_limiter_gains_advance (MixLimiterGains *g)
{
  g->hold -= mix_min (g->hold, MIX_TICK);
  g->fade -= mix_min (g->fade, MIX_TICK);
  g->past_at = (g->past_at + MIX_TICK) & (g->past_length - 1);
}
