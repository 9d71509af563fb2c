/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * True-peak look-ahead limiter.
 *
 *          first stage                         second stage
 *          +--------- delay -------- x ---+--> delay --------- x ---> output
 *          |                         |    |                    |
 *   in -> drive -> coarse detector ->|    +-> fine detector -> |
 *                  link (all channels)        link
 *                  adaptive release           fixed release
 *                  gain window of the         short gain window
 *                    look-ahead
 *
 *   limiter_stage.h     one stage: the audio that waits, and the three below
 *   limiter_detector.h  how far a level is over the ceiling (parts/true_peak.h)
 *   limiter_link.h      reductions raised by those of other channels
 *   limiter_gains.h     release and gain window (parts/release.h,
 * gain_window.h) limiter_ceilings.h  the ceiling of each tick inside
 *
 * The first stage does the work within tenths of a decibel: its detector is
 * cheap, and a gain that moves adds peaks of its own between the samples. The
 * second measures what really came out and corrects those tenths; a correction
 * so small adds nothing that a meter can detect. Either stage skips the
 * detector wherever a bound on the signal's level excludes a level over the
 * ceiling.
 *
 * Where no reduction is required all gains are exactly 1 and the audio passes
 * bit-exact.
 *
 * A tick of MIX_TICK frames is collected, processed as a whole and output
 * during the next; that is part of the latency. Parameters take effect at
 * ticks. A lower ceiling holds for all samples that enter after the tick at
 * which it takes effect; the gain begins to fall before the first of them
 * leaves, so there is neither a step nor an overshoot. The clamp at the very
 * end removes rounding errors only (below 0.001 dB).
 */
#include <string.h>

#include "../../base/memory.h"
#include "../../parts/smoother.h"
#include "../units.h"
#include "limiter_ceilings.h"
#include "limiter_stage.h"

typedef struct {
  double ceiling_db, drive_db, look_ahead_ms, release_ms, link_percent;
  bool auto_release, true_peak;
} LimiterParams;

typedef struct {
  double gain_reduction_db, true_peak_db;
} LimiterReadings;

#define SMOOTHING_MS 5.0
#define MANY_FRAMES 0x40000000u
/* Of the ring of ceilings, beyond the ticks that a sample spends inside. */
#define SPARE_CEILINGS 16

enum {
  FIRST = MIX_LIMITER_FIRST,
  SECOND = MIX_LIMITER_SECOND,
  STAGES = MIX_LIMITER_STAGES
};

typedef struct {
  unsigned rate, channels;
  const MixKernels *kernels;
  void *memory;

  LimiterParams params;
  MixSmoother drive_db;
  MixLimiterCeilings ceilings;
  MixLimiterLink link;
  MixLimiterStage stage[STAGES];

  float (*tick)[MIX_TICK]; /* of each channel: what came, what leaves */
  unsigned fill;           /* frames collected for this tick */
  unsigned fed;            /* frames since the last clear, up to MANY_FRAMES */
  float lowest_gain;       /* since the last read */
} Limiter;

static const MixRow rows[] = {
  MIX_ROW_DOUBLE (LimiterParams, ceiling_db, "ceiling", "Ceiling", "dB", -24, 0,
      -1, 0, "Highest true peak that leaves"),
  MIX_ROW_DOUBLE (LimiterParams, drive_db, "drive", "Drive", "dB", -20, 40, 0,
      0, "Gain in front of the limiter"),
  MIX_ROW_DOUBLE (LimiterParams, look_ahead_ms, "look-ahead", "Look-ahead",
      "ms", 0.5, MIX_LIMITER_LONGEST_MS, 5, MIX_MOVES_LATENCY,
      "Time in which the gain comes down before a peak"),
  MIX_ROW_DOUBLE (LimiterParams, release_ms, "release", "Release", "ms", 1,
      2000, 60, 0, "Time constant with which the gain comes back"),
  MIX_ROW_BOOL (LimiterParams, auto_release, "auto-release", "Auto release", 1,
      0, "Let go of short peaks faster and hold what is sustained"),
  MIX_ROW_BOOL (LimiterParams, true_peak, "true-peak", "True peak", 1, 0,
      "Limit the peaks between the samples, not only the samples"),
  MIX_ROW_DOUBLE (LimiterParams, link_percent, "link", "Link", "%", 0, 100, 100,
      0, "How far all channels but LFE take the gain of the loudest"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (LimiterReadings, gain_reduction_db, "gain-reduction",
      "Gain reduction", "dB", 0, 400, 0, 0,
      "Largest reduction since the last reading"),
  MIX_ROW_DOUBLE (LimiterReadings, true_peak_db, "true-peak-level",
      "True peak level", "dB", -400, 200, -400, 0,
      "Highest true peak that left since the last reading"),
};

static unsigned
limiter_latency (const void *instance)
{
  const Limiter *self = instance;
  return MIX_TICK + mix_limiter_stage_delay (&self->stage[FIRST])
         + mix_limiter_stage_delay (&self->stage[SECOND]);
}

/* ---- Parameters --------------------------------------------------------- */

static void
clear_tick (Limiter *self)
{
  memset (self->tick, 0, self->channels * sizeof *self->tick);
  mix_limiter_ceilings_fill (&self->ceilings);
  self->fill = 0;
}

static void
clear (Limiter *self)
{
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_clear (&self->stage[s]);
  mix_limiter_link_reset (&self->link);
  clear_tick (self);
  self->fed = 0;
}

static void
set_targets (Limiter *self, const LimiterParams *params)
{
  self->params = *params;
  mix_smoother_set (&self->drive_db, params->drive_db);
  mix_limiter_ceilings_set (&self->ceilings, params->ceiling_db);
  mix_limiter_link_set (&self->link, params->link_percent / 100);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_set (&self->stage[s], params->release_ms,
        params->auto_release, params->true_peak);
}

static void
lay_out (Limiter *self, const LimiterParams *params)
{
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_lay_out (&self->stage[s], params->look_ahead_ms);
  set_targets (self, params);
}

/* Another look-ahead, after what was inside has been driven out by silence. The
 * silence is taken back: for the detectors the sound goes on, and the gains
 * continue from those of the last frame that left. */
static void
move_look_ahead (Limiter *self, const LimiterParams *params)
{
  MixLimiterStage *first = &self->stage[FIRST], *second = &self->stage[SECOND];
  unsigned silence = limiter_latency (self);
  unsigned first_delay = mix_limiter_stage_delay (first);
  /* From the newest frame to the last that left. */
  unsigned back = MIX_TICK - self->fill;
  double reduction[STAGES][MIX_MAX_CHANNELS];
  mix_limiter_stage_past (second, &self->link, back, reduction[SECOND]);
  back += mix_limiter_stage_delay (second);
  mix_limiter_stage_past (first, &self->link, back, reduction[FIRST]);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_forget_silence (&self->stage[s], silence, reduction[s]);
  lay_out (self, params);
  silence -= self->fill;
  mix_limiter_stage_resume (first, silence, 0, reduction[FIRST]);
  unsigned again = mix_limiter_stage_delay (first);
  silence += again - first_delay;
  mix_limiter_stage_resume (second, silence, again, reduction[SECOND]);
  clear_tick (self);
}

static void
limiter_set (void *instance, const void *parameters)
{
  Limiter *self = instance;
  const LimiterParams *params = parameters;
  unsigned latency = limiter_latency (self);
  if (params->look_ahead_ms == self->params.look_ahead_ms) {
    set_targets (self, params);
  } else if (self->fed >= latency) {
    move_look_ahead (self, params);
    self->fed -= latency;
    mix_limiter_link_restart (&self->link);
  } else {
    lay_out (self, params);
    clear (self);
  }
}

static void
limiter_reset (void *instance)
{
  Limiter *self = instance;
  clear (self);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_reset (&self->stage[s]);
  mix_smoother_snap (&self->drive_db);
  self->lowest_gain = 1;
}

/* ---- Memory ------------------------------------------------------------- */

static void
limiter_release (void *instance)
{
  Limiter *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static void
take_all (Limiter *self, MixArena *arena)
{
  unsigned longest = mix_limiter_longest_delay (self->rate);
  mix_limiter_ceilings_take (
      &self->ceilings, arena, longest / MIX_TICK * 2 + SPARE_CEILINGS);
  self->tick = mix_arena_take (arena, self->channels, sizeof *self->tick);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_take (
        &self->stage[s], (MixLimiterPlace)s, arena, self->rate, self->channels);
}

static bool
limiter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Limiter *self = instance;
  Limiter next = { .rate = format->rate,
    .channels = format->channels,
    .kernels = mix_kernels () };
  MixArena arena = { 0 };
  take_all (&next, &arena);
  next.memory = mix_alloc (1, arena.used);
  if (!next.memory)
    return false;
  arena = (MixArena){ next.memory, 0 };
  take_all (&next, &arena);
  limiter_release (self);
  *self = next;
  mix_limiter_link_prepare (&self->link, format);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_prepare (&self->stage[s]);
  mix_smoother_prepare (&self->drive_db, self->rate, SMOOTHING_MS);
  lay_out (self, params);
  limiter_reset (self);
  return true;
}

/* ---- Ceilings ----------------------------------------------------------- */

/* The lowest ceiling of what the detector of a stage measures. */
static float
stage_ceiling (const Limiter *self, unsigned stage)
{
  unsigned age = mix_limiter_stage_reach (&self->stage[stage]);
  if (stage == SECOND)
    age += mix_limiter_stage_delay (&self->stage[FIRST]);
  return mix_limiter_ceilings_lowest (&self->ceilings, age / MIX_TICK, 2);
}

static void
clamp (float *out, float ceiling, unsigned from, unsigned to)
{
  for (unsigned i = from; i < to; i++) {
    float x = out[i] < ceiling ? out[i] : ceiling;
    out[i] = x > -ceiling ? x : -ceiling;
  }
}

/* What leaves lies across the ticks of two ceilings. */
static void
clamp_tick (Limiter *self)
{
  unsigned lag = limiter_latency (self), back = lag / MIX_TICK;
  unsigned old = lag % MIX_TICK;
  float before = mix_limiter_ceilings_lowest (&self->ceilings, back, 1);
  float after = mix_limiter_ceilings_lowest (&self->ceilings, back - 1, 1);
  for (unsigned c = 0; c < self->channels; c++) {
    float peak = self->kernels->peak (self->tick[c], MIX_TICK);
    if (peak > mix_smaller (before, after)) {
      clamp (self->tick[c], before, 0, old);
      clamp (self->tick[c], after, old, MIX_TICK);
      peak = mix_smaller (peak, mix_larger (before, after));
    }
    mix_limiter_stage_raise_level (&self->stage[SECOND], peak);
  }
}

/* ---- Ticks -------------------------------------------------------------- */

static void
apply_drive (float *out, const float *in, float from, float to)
{
  if (from == 1 && to == 1)
    memcpy (out, in, MIX_TICK * sizeof *out);
  else
    for (unsigned i = 0; i < MIX_TICK; i++)
      out[i] = in[i] * (from + (to - from) * ((float)i * (1.f / MIX_TICK)));
}

/* The collected tick goes into the first stage. */
static void
feed_first_stage (Limiter *self)
{
  float *to_stage[MIX_MAX_CHANNELS];
  mix_smoother_tick (&self->drive_db);
  float from = (float)mix_gain_from_db (self->drive_db.from);
  float to = (float)mix_gain_from_db (self->drive_db.to);
  mix_limiter_stage_make_room (&self->stage[FIRST], to_stage);
  for (unsigned c = 0; c < self->channels; c++)
    apply_drive (to_stage[c], self->tick[c], from, to);
  mix_limiter_ceilings_advance (&self->ceilings);
}

/* After the link has become full. */
static void
merge_gains (Limiter *self)
{
  unsigned memory = MIX_PEAK_BOUNDS_TICKS;
  if (!mix_limiter_link_is_merging (&self->link))
    return;
  for (unsigned s = 0; s < STAGES; s++)
    memory += mix_limiter_stage_merge (&self->stage[s], &self->link);
  mix_limiter_link_advance (&self->link, memory);
}

static void
split_gains (Limiter *self)
{
  if (mix_limiter_link_splits (&self->link))
    for (unsigned s = 0; s < STAGES; s++)
      mix_limiter_stage_split (&self->stage[s], &self->link);
}

static float
run_stage (Limiter *self, unsigned stage, float *const *out)
{
  return mix_limiter_stage_run (
      &self->stage[stage], &self->link, stage_ceiling (self, stage), out);
}

static void
run_tick (Limiter *self)
{
  float *between[MIX_MAX_CHANNELS], *out[MIX_MAX_CHANNELS];
  split_gains (self);
  feed_first_stage (self);
  mix_limiter_stage_make_room (&self->stage[SECOND], between);
  for (unsigned c = 0; c < self->channels; c++)
    out[c] = self->tick[c];
  float first = run_stage (self, FIRST, between);
  float second = run_stage (self, SECOND, out);
  self->lowest_gain = mix_smaller (self->lowest_gain, first * second);
  clamp_tick (self);
  merge_gains (self);
}

/* Outputs what the last tick left and collects the next in its place. */
static void
exchange (float *restrict tick, float *out, const float *in, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float x = in[i];
    out[i] = tick[i];
    tick[i] = x;
  }
}

static void
limiter_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Limiter *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (MIX_TICK - self->fill, frames - at);
    for (unsigned c = 0; c < self->channels; c++)
      exchange (self->tick[c] + self->fill, out[c] + at, in[c] + at, n);
    self->fill += n;
    self->fed = mix_min (self->fed + n, MANY_FRAMES);
    if (self->fill == MIX_TICK) {
      run_tick (self);
      self->fill = 0;
    }
  }
}

static void
limiter_read (void *instance, void *to)
{
  Limiter *self = instance;
  LimiterReadings *r = to;
  double level = mix_limiter_stage_level (&self->stage[SECOND]);
  r->gain_reduction_db = -mix_db_from_gain ((double)self->lowest_gain);
  r->true_peak_db = mix_db_from_gain (level);
  self->lowest_gain = 1;
  mix_limiter_stage_restart_level (&self->stage[SECOND]);
}

const MixUnit mix_limiter = {
  .name = "limiter",
  .summary = "True-peak look-ahead limiter with program-dependent release",
  .size = sizeof (Limiter),
  .flags = MIX_UNIT_SETS_ENTERING,
  .params = MIX_TABLE (rows, LimiterParams),
  .readings = MIX_TABLE (readings, LimiterReadings),
  .prepare = limiter_prepare,
  .set = limiter_set,
  .reset = limiter_reset,
  .process = limiter_process,
  .read = limiter_read,
  .latency = limiter_latency,
  .release = limiter_release,
};
