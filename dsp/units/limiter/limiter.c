/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * True-peak look-ahead limiter.
 *
 * Two stages of one kind, a detector, a release and a dip (parts/true_peak.h,
 * release.h, dip.h), one after the other:
 *
 *   drive -> coarse detector, adaptive release, dip as long as the look-ahead
 *         -> fine detector, fixed release, short dip -> ceiling
 *
 * The first does the work, tenths of a decibel off: its detector is cheap, and
 * a gain that moves adds peaks of its own between the samples. The second
 * measures what really came out and corrects those tenths; a correction so
 * small adds nothing that a meter could see. Either stage skips the detector
 * wherever a bound on the signal's level says that nothing can need reduction.
 *
 * Where nothing needs reduction all gains are exactly 1 and the audio passes
 * in every bit.
 *
 * A tick of MIX_TICK frames is gathered, worked on whole and given out during
 * the next; that is part of the latency. Parameters take effect at ticks. A
 * lower ceiling holds for all samples that enter after the tick at which it is
 * taken up; the gain begins to fall before the first of them leaves, so neither
 * step nor overshoot is heard. The clamp at the very end is for rounding only
 * (below 0.001 dB).
 */
#include "limiter.h"

#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../parts/smoother.h"
#include "../units.h"

typedef struct {
  double ceiling_db, drive_db, look_ahead_ms, release_ms, link_percent;
  bool auto_release, true_peak;
} LimiterParams;

typedef struct {
  double gain_reduction_db, true_peak_db;
} LimiterReadings;

#define SMOOTH_MS 5.0
#define MUCH 0x40000000u
/* Of the ring of ceilings, beyond the ticks that a sample spends inside. */
#define SPARE_CEILINGS 16

enum {
  FIRST = MIX_LIMITER_FIRST,
  SECOND = MIX_LIMITER_SECOND,
  STAGES = MIX_LIMITER_STAGES
};

typedef struct {
  MixFormat format;
  void *memory;

  /* Goals */
  MixSmoother drive_db;
  float ceiling;
  LimiterParams params;

  MixLimiterCommon common;
  MixLimiterStage stage[STAGES];

  unsigned fill;           /* frames gathered for this tick */
  unsigned fed;            /* frames of this history, up to MUCH */
  float (*tick)[MIX_TICK]; /* of each channel: what came, what goes */
  float *ceilings;         /* a ring: of each tick inside */
  unsigned ceilings_count, ceiling_at;
  float lowest_gain; /* since the last read */
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

/* The largest float that is not over the ceiling. */
static float
ceiling_gain (double db)
{
  double exact = mix_gain_from_db (db);
  float gain = (float)exact;
  return (double)gain > exact ? nextafterf (gain, 0) : gain;
}

/* Nothing gathered; the ceiling of now for all that is inside. */
static void
clear_tick (Limiter *self)
{
  memset (self->tick, 0, self->format.channels * sizeof *self->tick);
  for (unsigned i = 0; i < self->ceilings_count; i++)
    self->ceilings[i] = self->ceiling;
  self->fill = 0;
}

static void
clear (Limiter *self)
{
  unsigned channels = self->format.channels;
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_clear (&self->stage[s], channels);
  self->common.join = self->common.link < 1;
  clear_tick (self);
  self->fed = 0;
}

static void
lay_out (Limiter *self)
{
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_lay_out (
        &self->stage[s], self->params.look_ahead_ms, self->format.rate);
}

static void
set_goals (Limiter *self, const LimiterParams *params)
{
  self->params = *params;
  self->ceiling = ceiling_gain (params->ceiling_db);
  self->common.link = (float)(params->link_percent / 100);
  self->common.true_peak = params->true_peak;
  mix_smoother_set (&self->drive_db, params->drive_db);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_set_release (&self->stage[s], params->release_ms,
        params->auto_release, self->format.rate);
}

/* Another look-ahead, after what was inside has been driven out by silence. The
 * silence is taken back: the detectors see the sound go on, and the gains begin
 * where the last frame left them. */
static void
move_look_ahead (Limiter *self, const LimiterParams *params)
{
  MixLimiterStage *first = &self->stage[FIRST], *second = &self->stage[SECOND];
  unsigned silence = limiter_latency (self), channels = self->format.channels;
  unsigned lead = mix_limiter_stage_delay (first);
  unsigned back = MIX_TICK - self->fill; /* from the newest to the last heard */
  double needs[STAGES][MIX_MAX_CHANNELS];
  mix_limiter_stage_past (second, &self->common, back, needs[SECOND]);
  back += mix_limiter_stage_delay (second);
  mix_limiter_stage_past (first, &self->common, back, needs[FIRST]);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_forget_silence (
        &self->stage[s], channels, silence, needs[s]);
  self->params = *params;
  lay_out (self);
  set_goals (self, params);
  silence -= self->fill;
  mix_limiter_stage_resume (first, &self->common, silence, 0, needs[FIRST]);
  unsigned again = mix_limiter_stage_delay (first);
  silence += again - lead;
  mix_limiter_stage_resume (
      second, &self->common, silence, again, needs[SECOND]);
  clear_tick (self);
}

static void
limiter_set (void *instance, const void *parameters)
{
  Limiter *self = instance;
  const LimiterParams *params = parameters;
  unsigned latency = limiter_latency (self);
  if (params->look_ahead_ms == self->params.look_ahead_ms) {
    set_goals (self, params);
  } else if (self->fed >= latency) {
    move_look_ahead (self, params);
    self->fed -= latency;
    self->common.join = self->common.join > 0;
  } else {
    self->params = *params;
    lay_out (self);
    set_goals (self, params);
    clear (self);
  }
}

static void
limiter_reset (void *instance)
{
  Limiter *self = instance;
  clear (self);
  for (unsigned s = 0; s < STAGES; s++)
    self->stage[s].history.end = self->stage[s].history.keep;
  mix_smoother_snap (&self->drive_db);
  self->ceiling_at = 0;
  self->lowest_gain = 1;
  self->common.true_peak_level = 0;
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
carve_all (Limiter *self, MixLimiterCarver *carver)
{
  unsigned rate = self->format.rate, channels = self->format.channels;
  self->ceilings_count
      = mix_limiter_longest_delay (rate) / MIX_TICK * 2 + SPARE_CEILINGS;
  self->ceilings
      = mix_limiter_carve (carver, self->ceilings_count, sizeof (float));
  self->tick = mix_limiter_carve (carver, channels, sizeof *self->tick);
  for (unsigned s = 0; s < STAGES; s++)
    mix_limiter_stage_carve (
        &self->stage[s], (MixLimiterPlace)s, carver, rate, channels);
}

static void
prepare_common (MixLimiterCommon *common, const MixFormat *format)
{
  common->kernels = mix_kernels ();
  mix_true_peak_prepare (&common->detector);
  common->channels = format->channels;
  for (unsigned c = format->channels; c-- > 0;) {
    common->linked[c] = !mix_format_is_lfe (format, c);
    if (common->linked[c])
      common->leader = c;
  }
}

static bool
limiter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Limiter *self = instance, next = { .format = *format };
  MixLimiterCarver carver = { NULL, 0 };
  carve_all (&next, &carver);
  next.memory = mix_alloc (1, carver.used);
  if (!next.memory)
    return false;
  carver = (MixLimiterCarver){ next.memory, 0 };
  carve_all (&next, &carver);
  limiter_release (self);
  *self = next;
  prepare_common (&self->common, format);
  mix_smoother_prepare (&self->drive_db, format->rate, SMOOTH_MS);
  self->params = *(const LimiterParams *)params;
  lay_out (self);
  set_goals (self, params);
  limiter_reset (self);
  return true;
}

/* ---- Ceilings ----------------------------------------------------------- */

/* The lowest ceiling of `ticks` ticks, the latest of them `back` ticks ago. */
static float
lowest_ceiling (const Limiter *self, unsigned back, unsigned ticks)
{
  float lowest = 2;
  for (unsigned i = 0; i < ticks; i++) {
    unsigned at = self->ceiling_at + 2 * self->ceilings_count - back - i;
    lowest = mix_smaller (lowest, self->ceilings[at % self->ceilings_count]);
  }
  return lowest;
}

/* The lowest ceiling of what the detector of a stage looks at. */
static float
stage_ceiling (const Limiter *self, unsigned stage)
{
  unsigned age = mix_limiter_stage_reach (&self->stage[stage]);
  if (stage == SECOND)
    age += mix_limiter_stage_delay (&self->stage[FIRST]);
  return lowest_ceiling (self, age / MIX_TICK, 2);
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
guard_tick (Limiter *self)
{
  unsigned lag = limiter_latency (self), back = lag / MIX_TICK;
  unsigned old = lag % MIX_TICK;
  float before = lowest_ceiling (self, back, 1);
  float after = lowest_ceiling (self, back - 1, 1);
  for (unsigned c = 0; c < self->format.channels; c++) {
    float peak = self->common.kernels->peak (self->tick[c], MIX_TICK);
    if (peak > mix_smaller (before, after)) {
      clamp (self->tick[c], before, 0, old);
      clamp (self->tick[c], after, old, MIX_TICK);
      peak = mix_smaller (peak, mix_larger (before, after));
    }
    self->common.true_peak_level
        = mix_larger (self->common.true_peak_level, peak);
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

/* The gathered tick into the first stage. */
static void
take_tick (Limiter *self)
{
  float *to_stage[MIX_MAX_CHANNELS];
  mix_smoother_tick (&self->drive_db);
  float from = (float)mix_gain_from_db (self->drive_db.from);
  float to = (float)mix_gain_from_db (self->drive_db.to);
  mix_limiter_stage_make_room (
      &self->stage[FIRST], self->format.channels, to_stage);
  for (unsigned c = 0; c < self->format.channels; c++)
    apply_drive (to_stage[c], self->tick[c], from, to);
  self->ceiling_at = (self->ceiling_at + 1) % self->ceilings_count;
  self->ceilings[self->ceiling_at] = self->ceiling;
}

/* When the link is full, the lanes of the linked channels get the same needs.
 * Their releases are made one at once; the dips are the same, and one lane can
 * do for all, once what they remember has gone by. */
static void
join_lanes (Limiter *self)
{
  MixLimiterCommon *common = &self->common;
  unsigned memory = MIX_LIMITER_TICKS_BACK;
  if (common->join == 0 || common->link < 1)
    return;
  for (unsigned s = 0; s < STAGES; s++)
    memory += mix_limiter_stage_join (&self->stage[s], common);
  if (++common->join > memory)
    common->join = 0;
}

static void
part_lanes (Limiter *self)
{
  MixLimiterCommon *common = &self->common;
  if (common->link >= 1)
    return;
  for (unsigned s = 0; common->join == 0 && s < STAGES; s++)
    mix_limiter_stage_part (&self->stage[s], common);
  common->join = 1;
}

static float
run_stage (Limiter *self, unsigned stage, float *const *out)
{
  return mix_limiter_stage_run (
      &self->stage[stage], &self->common, stage_ceiling (self, stage), out);
}

static void
run_tick (Limiter *self)
{
  float *between[MIX_MAX_CHANNELS], *out[MIX_MAX_CHANNELS];
  unsigned channels = self->format.channels;
  part_lanes (self);
  take_tick (self);
  mix_limiter_stage_make_room (&self->stage[SECOND], channels, between);
  for (unsigned c = 0; c < channels; c++)
    out[c] = self->tick[c];
  float first = run_stage (self, FIRST, between);
  float second = run_stage (self, SECOND, out);
  self->lowest_gain = mix_smaller (self->lowest_gain, first * second);
  guard_tick (self);
  join_lanes (self);
}

/* Gives out what the last tick left and gathers the next in its place. */
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
    for (unsigned c = 0; c < self->format.channels; c++)
      exchange (self->tick[c] + self->fill, out[c] + at, in[c] + at, n);
    self->fill += n;
    self->fed = mix_min (self->fed + n, MUCH);
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
  r->gain_reduction_db = -mix_db_from_gain ((double)self->lowest_gain);
  r->true_peak_db = mix_db_from_gain ((double)self->common.true_peak_level);
  self->lowest_gain = 1;
  self->common.true_peak_level = 0;
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
