/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One stage of the limiter: the needs of each channel, linked to those of the
 * others, go through a release and a dip and become the gain of the audio that
 * has waited for it.
 */
#include "limiter.h"

#include <string.h>

#include "../../base/maths.h"

/* The second stage: length of its slopes, and how it lets go. */
#define SECOND_MS 1.0
#define SECOND_RELEASE_MS 20.0
/* From the gain before a new look-ahead to the one after. */
#define BRIDGE_MS 2.0

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

/* A quarter of the look-ahead rounds the dip off, the rest is its slope; it
 * rises again in half that time, for the release goes on from there. */
static MixDipPlan
plan_first (double look_ahead_ms, unsigned rate)
{
  unsigned frames = mix_frames_from_ms (look_ahead_ms, rate);
  MixDipPlan plan = { .step = step_frames (frames / 24) };
  unsigned steps = frames / plan.step;
  plan.flat = plan.step == 1 ? 2 : 1;
  plan.round = at_least (steps / 4, 2);
  unsigned used = plan.round + plan.flat + 1;
  plan.lead = steps > used ? steps - used : 1;
  plan.trail = (plan.lead + 1) / 2;
  return plan;
}

static MixDipPlan
plan_second (unsigned rate)
{
  unsigned frames = mix_frames_from_ms (SECOND_MS, rate);
  MixDipPlan plan = { .step = step_frames (frames / 10), .flat = 2 };
  plan.round = at_least (frames / plan.step, 4) - plan.flat;
  return plan;
}

/* A dip of any look-ahead at this rate spreads over no more steps. */
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
  return stage->place == MIX_LIMITER_FIRST ? MIX_TRUE_PEAK_COARSE_REACH
                                           : MIX_TRUE_PEAK_FINE_REACH;
}

unsigned
mix_limiter_stage_delay (const MixLimiterStage *stage)
{
  return stage->dip.delay + mix_limiter_stage_reach (stage);
}

/* ---- Set-up ------------------------------------------------------------- */

static void
carve_dip (MixDipLane *lane, MixLimiterCarver *carver, unsigned steps)
{
  lane->recent
      = mix_limiter_carve (carver, mix_dip_recent (steps), sizeof (float));
  for (unsigned b = 0; b < 2; b++)
    lane->ring[b] = mix_limiter_carve (carver, steps, sizeof (int64_t));
}

/* The gain of a frame is asked for until it has left the second stage. */
static unsigned
past_length (unsigned rate)
{
  unsigned most = mix_frames_from_ms (2 * SECOND_MS, rate) + 8 * MIX_TICK;
  unsigned length = MIX_TICK;
  while (length < most)
    length *= 2;
  return length;
}

void
mix_limiter_stage_carve (MixLimiterStage *stage, MixLimiterPlace place,
    MixLimiterCarver *carver, unsigned rate, unsigned channels)
{
  /* Twice, as audio may be taken back. */
  unsigned keep = 2 * mix_limiter_longest_delay (rate);
  unsigned length = mix_history_length (keep, MIX_TICK);
  unsigned steps = most_steps (rate);
  stage->place = place;
  stage->past_length = past_length (rate);
  stage->bridge_length = mix_frames_from_ms (BRIDGE_MS, rate);
  stage->shape = mix_limiter_carve (carver, steps, sizeof (float));
  mix_history_prepare (&stage->history, length, keep);
  for (unsigned c = 0; c < channels; c++) {
    stage->audio[c] = mix_limiter_carve (carver, length, sizeof (float));
    carve_dip (&stage->lane[c].dip, carver, steps);
    stage->lane[c].past
        = mix_limiter_carve (carver, stage->past_length, sizeof (float));
  }
}

void
mix_limiter_stage_lay_out (
    MixLimiterStage *stage, double look_ahead_ms, unsigned rate)
{
  MixDipPlan plan = stage->place == MIX_LIMITER_FIRST
                        ? plan_first (look_ahead_ms, rate)
                        : plan_second (rate);
  mix_dip_prepare (&stage->dip, &plan, stage->shape);
}

void
mix_limiter_stage_set_release (
    MixLimiterStage *stage, double ms, bool adaptive, unsigned rate)
{
  bool is_first = stage->place == MIX_LIMITER_FIRST;
  mix_release_prepare (&stage->times, is_first ? ms : SECOND_RELEASE_MS,
      is_first && adaptive, stage->dip.step, rate);
}

void
mix_limiter_stage_clear (MixLimiterStage *stage, unsigned channels)
{
  memset (stage->outline, 0, sizeof stage->outline);
  stage->again = stage->hold = stage->bridge = 0;
  for (unsigned c = 0; c < channels; c++) {
    memset (stage->audio[c], 0, stage->history.length * sizeof (float));
    mix_dip_reset (&stage->dip, &stage->lane[c].dip);
    stage->lane[c].release = (MixRelease){ 0 };
    for (unsigned i = 0; i < stage->past_length; i++)
      stage->lane[c].past[i] = 1;
  }
}

/* ---- Linking ------------------------------------------------------------ */

typedef float Needs[MIX_MAX_CHANNELS][MIX_TICK];

/* Raises each need by its share of the largest. */
static void
link_needs (const MixLimiterCommon *common, Needs need_db, unsigned steps)
{
  float most[MIX_TICK] = { 0 }, link = common->link;
  for (unsigned c = 0; c < common->channels; c++)
    for (unsigned j = 0; common->linked[c] && j < steps; j++)
      most[j] = mix_larger (need_db[c][j], most[j]);
  for (unsigned c = 0; c < common->channels; c++)
    for (unsigned j = 0; common->linked[c] && j < steps; j++)
      need_db[c][j] = link < 1
                          ? need_db[c][j] + link * (most[j] - need_db[c][j])
                          : most[j];
}

static bool
follows (const MixLimiterCommon *common, unsigned c)
{
  return common->join == 0 && common->linked[c] && c != common->leader;
}

unsigned
mix_limiter_stage_join (MixLimiterStage *stage, const MixLimiterCommon *common)
{
  MixLimiterLane *lane = stage->lane;
  MixRelease *first = &lane[common->leader].release;
  for (unsigned c = 0; c < common->channels; c++)
    if (common->linked[c])
      mix_release_join (first, &lane[c].release);
  for (unsigned c = 0; c < common->channels; c++)
    if (common->linked[c])
      lane[c].release = *first;
  return mix_dip_memory (&stage->dip) * stage->dip.step / MIX_TICK + 2;
}

void
mix_limiter_stage_part (MixLimiterStage *stage, const MixLimiterCommon *common)
{
  MixLimiterLane *lane = stage->lane, *from = &lane[common->leader];
  for (unsigned c = 0; c < common->channels; c++)
    if (common->linked[c] && c != common->leader) {
      lane[c].release = from->release;
      mix_dip_copy (&stage->dip, &lane[c].dip, &from->dip);
    }
}

/* ---- Another lay-out ---------------------------------------------------- */

void
mix_limiter_stage_past (const MixLimiterStage *stage,
    const MixLimiterCommon *common, unsigned back, double *reduction_db)
{
  unsigned at = stage->past_at - 1 - back;
  for (unsigned c = 0; c < common->channels; c++) {
    unsigned from = follows (common, c) ? common->leader : c;
    float gain = stage->lane[from].past[at & (stage->past_length - 1)];
    reduction_db[c] = fmax (-mix_db_from_gain ((double)gain), 0);
  }
}

void
mix_limiter_stage_forget_silence (MixLimiterStage *stage, unsigned channels,
    unsigned frames, const double *reduction_db)
{
  for (unsigned c = 0; c < channels; c++)
    mix_release_rewind (&stage->times, &stage->lane[c].release,
        frames / stage->dip.step, reduction_db[c]);
}

void
mix_limiter_stage_resume (MixLimiterStage *stage,
    const MixLimiterCommon *common, unsigned frames, unsigned again,
    const double *reduction_db)
{
  stage->history.end -= frames;
  stage->again = again + mix_limiter_stage_delay (stage);
  stage->hold = again + mix_limiter_stage_reach (stage);
  stage->bridge = stage->again + stage->bridge_length;
  mix_limiter_detect_again (stage, common);
  for (unsigned c = 0; c < common->channels; c++) {
    mix_dip_hold (&stage->dip, &stage->lane[c].dip, reduction_db[c]);
    stage->lane[c].held = (float)reduction_db[c];
    stage->lane[c].last = (float)mix_gain_from_db (-reduction_db[c]);
  }
}

/* ---- Gains -------------------------------------------------------------- */

static void
detect (MixLimiterStage *stage, MixLimiterCommon *common, float ceiling,
    Needs need_db)
{
  unsigned steps = MIX_TICK / stage->dip.step;
  bool is_any = false;
  for (unsigned c = 0; c < common->channels; c++) {
    bool is_needed = mix_limiter_detect (stage, common, c, ceiling, need_db[c]);
    if (!is_needed)
      memset (need_db[c], 0, steps * sizeof (float));
    is_any |= is_needed;
  }
  if (is_any && common->channels > 1)
    link_needs (common, need_db, steps);
}

static float
fill_with_ones (float *gain)
{
  for (unsigned i = 0; i < MIX_TICK; i++)
    gain[i] = 1;
  return 1;
}

/* Leads from the gain of the last frame heard to that of the next one, on a
 * raised cosine. The first stage may be late by so much as the second corrects
 * without a trace; that one never is. */
static void
cross_bridge (const MixLimiterStage *stage, MixLimiterLane *lane, float *gain)
{
  unsigned length = stage->bridge_length;
  float highest = stage->place == MIX_LIMITER_FIRST ? 1 : 0;
  for (unsigned i = 0; i < MIX_TICK && i < stage->bridge; i++) {
    unsigned left = stage->bridge - i;
    if (left > length)
      continue; /* not there yet */
    if (left == length)
      lane->bridge = mix_smaller (lane->last / (gain[i] + 1e-6f) - 1, highest);
    double share = 0.5 - 0.5 * cos (MIX_PI * left / length);
    gain[i] *= 1 + lane->bridge * (float)share;
  }
}

/* Needs to the gains of the frames that leave the stage now; the lowest, or 0
 * when all are 1. */
static float
run_lane (MixLimiterStage *stage, const MixKernels *kernels, unsigned c,
    float *need_db, float *gain)
{
  MixLimiterLane *lane = &stage->lane[c];
  for (unsigned j = 0; j < MIX_TICK / stage->dip.step; j++) {
    if (j * stage->dip.step < stage->hold)
      need_db[j] = mix_larger (need_db[j], lane->held);
    need_db[j] = mix_release_step (&stage->times, &lane->release, need_db[j]);
  }
  float lowest = mix_dip_run (&stage->dip, &lane->dip, need_db, gain, kernels);
  if (lowest > 0 || stage->bridge > 0) {
    lowest = lowest > 0 ? lowest : fill_with_ones (gain);
    cross_bridge (stage, lane, gain);
    memcpy (lane->past + stage->past_at, gain, MIX_TICK * sizeof *gain);
  } else {
    fill_with_ones (lane->past + stage->past_at);
  }
  return lowest;
}

/* No `gain` is 1. What leaves for the second time is there already. */
static void
apply_gain (const MixLimiterStage *stage, const MixKernels *kernels, unsigned c,
    float *out, const float *gain)
{
  const float *x = stage->audio[c] + stage->history.end - MIX_TICK
                   - mix_limiter_stage_delay (stage);
  unsigned skip = mix_min (stage->again, MIX_TICK), n = MIX_TICK - skip;
  if (gain)
    kernels->multiply (out + skip, x + skip, gain + skip, n);
  else
    memcpy (out + skip, x + skip, n * sizeof *out);
}

void
mix_limiter_stage_make_room (
    MixLimiterStage *stage, unsigned channels, float **at)
{
  mix_history_make_room (&stage->history, stage->audio, channels, MIX_TICK);
  for (unsigned c = 0; c < channels; c++)
    at[c] = stage->audio[c] + stage->history.end;
}

float
mix_limiter_stage_run (MixLimiterStage *stage, MixLimiterCommon *common,
    float ceiling, float *const *out)
{
  const MixKernels *kernels = common->kernels;
  Needs need_db;
  float own[MIX_TICK], shared[MIX_TICK], lowest = 1, low = 0, shared_low = 0;
  stage->history.end += MIX_TICK;
  detect (stage, common, ceiling, need_db);
  for (unsigned c = 0; c < common->channels; c++) {
    bool is_leader = c == common->leader, is_following = follows (common, c);
    float *gain = is_leader || is_following ? shared : own;
    low = is_following ? shared_low
                       : run_lane (stage, kernels, c, need_db[c], gain);
    if (is_leader)
      shared_low = low;
    if (low > 0)
      lowest = mix_smaller (low, lowest);
    apply_gain (stage, kernels, c, out[c], low > 0 ? gain : NULL);
  }
  stage->again -= mix_min (stage->again, MIX_TICK);
  stage->hold -= mix_min (stage->hold, MIX_TICK);
  stage->bridge -= mix_min (stage->bridge, MIX_TICK);
  stage->past_at = (stage->past_at + MIX_TICK) & (stage->past_length - 1);
  return lowest;
}
