/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limiter_stage.h"

#include <string.h>

/* The second stage: length of its slopes, and its release. */
#define SECOND_MS 1.0
#define SECOND_RELEASE_MS 20.0
/* From the gain before a new look-ahead to the one after. */
#define FADE_MS 2.0

/* ---- Planning ----------------------------------------------------------- */

/* The largest power of two up to `most`, within 1 … MIX_TICK. */
static unsigned
step_frames (unsigned most)
{
  unsigned step = 1;
  while (2 * step <= most && step < MIX_TICK)
    step *= 2;
  return step;
}

static unsigned
at_least (unsigned value, unsigned least)
{
  return value > least ? value : least;
}

/* A quarter of the look-ahead rounds the window off, the rest is its slope; the
 * other slope is half as long, as the release follows it. */
static MixGainWindowPlan
plan_first (double look_ahead_ms, unsigned rate)
{
  unsigned frames = mix_frames_from_ms (look_ahead_ms, rate);
  MixGainWindowPlan plan = { .step = step_frames (frames / 24) };
  unsigned steps = frames / plan.step;
  plan.flat = plan.step == 1 ? 2 : 1;
  plan.round = at_least (steps / 4, 2);
  unsigned used = plan.round + plan.flat + 1;
  plan.lead = steps > used ? steps - used : 1;
  plan.trail = (plan.lead + 1) / 2;
  return plan;
}

static MixGainWindowPlan
plan_second (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (SECOND_MS, rate);
  MixGainWindowPlan plan = { .step = step_frames (frames / 10), .flat = 2 };
  plan.round = at_least (frames / plan.step, 4) - plan.flat;
  return plan;
}

/* No window of any look-ahead at this rate spreads over more steps. */
static unsigned
most_steps (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (MIX_LIMITER_LONGEST_MS, rate);
  unsigned steps = at_least (frames / MIX_TICK, 48) + 16;
  return 2 * steps;
}

unsigned
mix_limiter_longest_delay (unsigned rate)
{
  unsigned frames
      = mix_frames_from_ms (MIX_LIMITER_LONGEST_MS + SECOND_MS, rate);
  return frames + 32 * MIX_TICK;
}

unsigned
mix_limiter_stage_reach (const MixLimiterStage *stage)
{
  return mix_limiter_detector_reach (&stage->detector);
}

unsigned
mix_limiter_stage_delay (const MixLimiterStage *stage)
{
  return mix_limiter_gains_delay (&stage->gains)
         + mix_limiter_stage_reach (stage);
}

/* ---- Set-up ------------------------------------------------------------- */

void
mix_limiter_stage_take (MixLimiterStage *stage, MixLimiterPlace place,
    MixArena *arena, unsigned rate, unsigned channels)
{
  /* Twice, as audio may be taken back. */
  unsigned keep = 2 * mix_limiter_longest_delay (rate);
  unsigned length = mix_history_length (keep, MIX_TICK);
  /* A gain is asked for until its frame has left the second stage. In the first
   * stage it may be too high while it fades, by so little that the second
   * corrects it unnoticed. */
  MixLimiterGainsLimits limits = { most_steps (rate),
    mix_frames_from_ms (2 * SECOND_MS, rate) + 8 * MIX_TICK,
    mix_frames_from_ms (FADE_MS, rate), place == MIX_LIMITER_FIRST ? 1 : 0 };
  stage->place = place;
  stage->rate = rate;
  stage->channels = channels;
  mix_history_prepare (&stage->history, length, keep);
  for (unsigned c = 0; c < channels; c++)
    stage->audio[c] = mix_arena_take (arena, length, sizeof (float));
  mix_limiter_gains_take (&stage->gains, arena, &limits, channels);
}

void
mix_limiter_stage_prepare (MixLimiterStage *stage)
{
  stage->kernels = mix_kernels ();
  mix_limiter_detector_prepare (
      &stage->detector, stage->place == MIX_LIMITER_SECOND);
}

void
mix_limiter_stage_lay_out (MixLimiterStage *stage, double look_ahead_ms)
{
  MixGainWindowPlan plan = stage->place == MIX_LIMITER_FIRST
                               ? plan_first (look_ahead_ms, stage->rate)
                               : plan_second (stage->rate);
  mix_limiter_gains_lay_out (&stage->gains, &plan);
}

void
mix_limiter_stage_set (
    MixLimiterStage *stage, double release_ms, bool adaptive, bool true_peak)
{
  bool is_first = stage->place == MIX_LIMITER_FIRST;
  mix_limiter_detector_set (&stage->detector, true_peak);
  mix_limiter_gains_set_release (&stage->gains,
      is_first ? release_ms : SECOND_RELEASE_MS, is_first && adaptive,
      stage->rate);
}

void
mix_limiter_stage_clear (MixLimiterStage *stage)
{
  mix_limiter_detector_clear (&stage->detector);
  mix_limiter_gains_clear (&stage->gains, stage->channels);
  stage->replay = 0;
  for (unsigned c = 0; c < stage->channels; c++)
    memset (stage->audio[c], 0, stage->history.length * sizeof (float));
}

void
mix_limiter_stage_reset (MixLimiterStage *stage)
{
  mix_limiter_stage_clear (stage);
  stage->history.end = stage->history.keep;
  mix_limiter_detector_restart_level (&stage->detector);
}

/* ---- Parts, for the limiter --------------------------------------------- */

unsigned
mix_limiter_stage_merge (MixLimiterStage *stage, const MixLimiterLink *link)
{
  return mix_limiter_gains_merge (&stage->gains, link);
}

void
mix_limiter_stage_split (MixLimiterStage *stage, const MixLimiterLink *link)
{
  mix_limiter_gains_split (&stage->gains, link);
}

float
mix_limiter_stage_level (const MixLimiterStage *stage)
{
  return mix_limiter_detector_level (&stage->detector);
}

void
mix_limiter_stage_raise_level (MixLimiterStage *stage, float level)
{
  mix_limiter_detector_raise_level (&stage->detector, level);
}

void
mix_limiter_stage_restart_level (MixLimiterStage *stage)
{
  mix_limiter_detector_restart_level (&stage->detector);
}

/* ---- A new look-ahead --------------------------------------------------- */

void
mix_limiter_stage_past (const MixLimiterStage *stage,
    const MixLimiterLink *link, unsigned back, double *reduction_db)
{
  mix_limiter_gains_past (&stage->gains, link, back, reduction_db);
}

void
mix_limiter_stage_forget_silence (
    MixLimiterStage *stage, unsigned frames, const double *reduction_db)
{
  mix_limiter_gains_forget_silence (
      &stage->gains, stage->channels, frames, reduction_db);
}

void
mix_limiter_stage_resume (MixLimiterStage *stage, unsigned frames,
    unsigned again, const double *reduction_db)
{
  stage->history.end -= frames;
  stage->replay = again + mix_limiter_stage_delay (stage);
  for (unsigned c = 0; c < stage->channels; c++)
    mix_limiter_detector_rewind (
        &stage->detector, c, stage->audio[c] + stage->history.end);
  mix_limiter_gains_resume (&stage->gains, stage->channels,
      again + mix_limiter_stage_reach (stage), stage->replay, reduction_db);
}

/* ---- Ticks -------------------------------------------------------------- */

typedef float Required[MIX_MAX_CHANNELS][MIX_TICK];

static void
find_required (MixLimiterStage *stage, const MixLimiterLink *link,
    float ceiling, Required required_db)
{
  unsigned step = mix_limiter_gains_step (&stage->gains);
  unsigned steps = MIX_TICK / step;
  bool is_any = false;
  for (unsigned c = 0; c < stage->channels; c++) {
    bool is_required = mix_limiter_detector_run (&stage->detector, c,
        stage->audio[c] + stage->history.end, step, ceiling, required_db[c]);
    if (!is_required)
      memset (required_db[c], 0, steps * sizeof (float));
    is_any |= is_required;
  }
  if (is_any && stage->channels > 1)
    mix_limiter_link_raise (link, required_db, steps);
}

/* No `gain` is 1. What leaves for the second time is there already. */
static void
apply_gain (const MixLimiterStage *stage, const MixKernels *kernels, unsigned c,
    float *out, const float *gain)
{
  const float *x = stage->audio[c] + stage->history.end - MIX_TICK
                   - mix_limiter_stage_delay (stage);
  unsigned skip = mix_min (stage->replay, MIX_TICK), n = MIX_TICK - skip;
  if (gain)
    kernels->multiply (out + skip, x + skip, gain + skip, n);
  else
    memcpy (out + skip, x + skip, n * sizeof *out);
}

void
mix_limiter_stage_make_room (MixLimiterStage *stage, float **at)
{
  mix_history_make_room (
      &stage->history, stage->audio, stage->channels, MIX_TICK);
  for (unsigned c = 0; c < stage->channels; c++)
    at[c] = stage->audio[c] + stage->history.end;
}

float
mix_limiter_stage_run (MixLimiterStage *stage, const MixLimiterLink *link,
    float ceiling, float *const *out)
{
  const MixKernels *kernels = stage->kernels;
  Required required_db;
  float own[MIX_TICK], shared[MIX_TICK], lowest = 1, low = 0, shared_low = 0;
  stage->history.end += MIX_TICK;
  find_required (stage, link, ceiling, required_db);
  for (unsigned c = 0; c < stage->channels; c++) {
    bool is_leader = c == link->leader;
    bool is_following = mix_limiter_link_follows (link, c);
    float *gain = is_leader || is_following ? shared : own;
    low = is_following ? shared_low
                       : mix_limiter_gains_run (
                           &stage->gains, kernels, c, required_db[c], gain);
    if (is_leader)
      shared_low = low;
    if (low > 0)
      lowest = mix_smaller (low, lowest);
    apply_gain (stage, kernels, c, out[c], low > 0 ? gain : NULL);
  }
  stage->replay -= mix_min (stage->replay, MIX_TICK);
  mix_limiter_gains_advance (&stage->gains);
  return lowest;
}
