/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One-pass loudness leveler: one slow gain for all channels, without a delay.
 *
 * Loudness is measured as by the meter, on what comes in; as the gain hardly
 * moves within the 400 ms of a block, what goes out is as much louder as the
 * gain says. Every 100 ms leveler_control.c decides which gain it wants; every
 * tick the gain goes a part of the way there, never faster than told.
 */
#include <string.h>

#include "../base/maths.h"
#include "../base/memory.h"
#include "../kernels/kernels.h"
#include "../parts/loudness.h"
#include "../parts/smoother.h"
#include "../parts/tick.h"
#include "../parts/weighted_power.h"
#include "leveler_control.h"
#include "units.h"

/* ---- Declaration -------------------------------------------------------- */

enum { SHORT_TERM, MOMENTARY };
enum { DYNAMIC, STATIC };

typedef struct {
  double target_lufs, max_boost_db, max_cut_db;
  double rise_db_per_s, fall_db_per_s, gate_lufs, range_lu, static_gain_db;
  int measure, mode;
  bool converge, reset;
} LevelerParams;

typedef struct {
  double momentary_lufs, short_term_lufs, integrated_lufs, range_lu;
} Loudness;

typedef struct {
  Loudness before, after;
  double gain_db, peak_db;
} LevelerReadings;

static const MixChoice measures[] = { { "short-term", "Short-term" },
  { "momentary", "Momentary" }, { NULL, NULL } };
static const MixChoice modes[]
    = { { "dynamic", "Dynamic" }, { "static", "Static" }, { NULL, NULL } };

#define ROW(MEMBER, NAME, LABEL, UNIT, LOW, HIGH, INITIAL, BLURB)              \
  MIX_ROW_DOUBLE (                                                             \
      LevelerParams, MEMBER, NAME, LABEL, UNIT, LOW, HIGH, INITIAL, 0, BLURB)

static const MixRow rows[] = {
  ROW (target_lufs, "target", "Target", "LUFS", -60, 0, -23,
      "Loudness to arrive at"),
  ROW (max_boost_db, "max-boost", "Most boost", "dB", 0, 40, 12,
      "The gain is never more"),
  ROW (max_cut_db, "max-cut", "Most cut", "dB", 0, 60, 24,
      "The gain is never less than minus this"),
  ROW (rise_db_per_s, "rise", "Rise", "dB/s", 0.1, 60, 2,
      "How fast the gain may go up"),
  ROW (fall_db_per_s, "fall", "Fall", "dB/s", 0.1, 60, 6,
      "How fast the gain may come down"),
  ROW (gate_lufs, "gate", "Gate", "LUFS", -90, -20, -50,
      "What comes in under this moves nothing: the gain stays where it is"),
  ROW (range_lu, "range", "Range", "LU", 0, 40, 10,
      "Dynamics to leave alone around the target, from the quietest to the "
      "loudest"),
  MIX_ROW_CHOICE (LevelerParams, measure, "measure", "Measure", measures, 2,
      SHORT_TERM, 0,
      "Which loudness the range holds: that of the last 3 s, or of 400 ms"),
  MIX_ROW_BOOL (LevelerParams, converge, "converge", "Converge", 1, 0,
      "Steer the loudness of the whole programme onto the target; otherwise "
      "only bring what is outside the range to its edge"),
  MIX_ROW_CHOICE (LevelerParams, mode, "mode", "Mode", modes, 2, DYNAMIC, 0,
      "Follow the programme (dynamic), or hold one gain (static), for instance "
      "one that a mixmeter found before"),
  ROW (static_gain_db, "static-gain", "Static gain", "dB", -60, 40, 0,
      "The gain in static mode"),
  MIX_ROW_BOOL (LevelerParams, reset, "reset", "Reset", 0, MIX_TRIGGER,
      "Set it to true when a new programme begins: what was heard is "
      "forgotten, the gain goes on from where it is; it goes back to false"),
};

#define LOUDNESS_ROWS(MEMBER, SUFFIX, WORDS)                                   \
  MIX_ROW_DOUBLE (LevelerReadings, MEMBER.momentary_lufs, "momentary" SUFFIX,  \
      "Momentary loudness" WORDS, "LUFS", MIX_LOUDNESS_FLOOR, 400,             \
      MIX_LOUDNESS_FLOOR, 0, "Loudness of the last 400 ms" WORDS),             \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.short_term_lufs,                 \
          "short-term" SUFFIX, "Short-term loudness" WORDS, "LUFS",            \
          MIX_LOUDNESS_FLOOR, 400, MIX_LOUDNESS_FLOOR, 0,                      \
          "Loudness of the last 3 s" WORDS),                                   \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.integrated_lufs,                 \
          "integrated" SUFFIX, "Integrated loudness" WORDS, "LUFS",            \
          MIX_LOUDNESS_GATE, 400, MIX_LOUDNESS_GATE, 0,                        \
          "Gated loudness since the start" WORDS                               \
          ", -70 as long as there is none"),                                   \
      MIX_ROW_DOUBLE (LevelerReadings, MEMBER.range_lu, "range" SUFFIX,        \
          "Loudness range" WORDS, "LU", 0, 200, 0, 0,                          \
          "Loudness range (LRA) since the start" WORDS)

static const MixRow reading_rows[] = {
  LOUDNESS_ROWS (before, "-before", ", before"),
  LOUDNESS_ROWS (after, "-after", ", after"),
  MIX_ROW_DOUBLE (LevelerReadings, gain_db, "gain", "Gain", "dB", -60, 40, 0, 0,
      "The gain now"),
  MIX_ROW_DOUBLE (LevelerReadings, peak_db, "peak-after", "Peak, after", "dBFS",
      -400, 200, -400, 0,
      "Highest sample that left since the last reading; over 0 a mixlimiter "
      "has to follow"),
};

/* ---- Instance ----------------------------------------------------------- */

/* Of the loudness steps of 10 ms. */
#define STEPS_A_BLOCK 10
/* The last of the way is gone slower: within this of the goal, or what would
 * take a second, at the distance's own pace. */
#define NEARING_DB 3.0
#define STATIC_MS 5.0
/* The gain has arrived. */
#define NEAR_DB 1e-4

typedef struct {
  MixFormat format;
  void *memory;
  const MixKernels *kernels;
  LevelerParams params;
  MixLevelerAims aims;

  MixWeightedPower power;
  MixLoudness before, after;
  unsigned step_left; /* frames to the end of this step */
  unsigned step_frames;
  double step_from_db; /* the gain where it began */
  unsigned steps;      /* of this block */
  double block_power;  /* the mean of each step, added up */
  MixLevelerControl control;

  MixTick tick;
  MixSmoother gain_db;
  float peak, whole_peak;
} Leveler;

/* ---- Start and restart -------------------------------------------------- */

static void
begin_step (Leveler *self)
{
  self->step_left = self->step_frames = self->before.length;
  self->step_from_db = self->gain_db.to;
}

static void
restart (Leveler *self)
{
  mix_loudness_reset (&self->before);
  mix_loudness_reset (&self->after);
  mix_weighted_power_reset (&self->power);
  mix_leveler_control_forget (&self->control);
  self->steps = 0;
  self->block_power = 0;
  self->peak = self->whole_peak = 0;
  begin_step (self);
}

static void
leveler_reset (void *instance)
{
  Leveler *self = instance;
  bool is_static = self->params.mode == STATIC;
  mix_tick_reset (&self->tick);
  mix_smoother_set (
      &self->gain_db, is_static ? self->params.static_gain_db : 0);
  mix_smoother_snap (&self->gain_db);
  self->control.goal_db = 0;
  restart (self);
}

static void
leveler_set (void *instance, const void *params)
{
  Leveler *self = instance;
  const LevelerParams *p = params;
  if (p->target_lufs != self->params.target_lufs || p->mode != self->params.mode
      || p->converge != self->params.converge)
    mix_leveler_control_change_aims (&self->control);
  self->params = *p;
  self->aims = (MixLevelerAims){ .target_lufs = p->target_lufs,
    .max_boost_db = p->max_boost_db,
    .max_cut_db = p->max_cut_db,
    .gate_lufs = p->gate_lufs,
    .range_lu = p->range_lu,
    .converge = p->converge,
    .is_momentary = p->measure == MOMENTARY };
  if (p->reset)
    restart (self);
}

static void
leveler_release (void *instance)
{
  Leveler *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static bool
leveler_prepare (void *instance, const MixFormat *format, const void *params)
{
  Leveler *self = instance;
  unsigned bins = mix_loudness_bins ();
  MixLoudnessBin *memory = mix_alloc (2 * bins, sizeof *memory);
  if (!memory)
    return false;
  leveler_release (self);
  self->memory = memory;
  self->format = *format;
  self->kernels = mix_kernels ();
  mix_weighted_power_prepare (&self->power, format);
  mix_loudness_prepare (&self->before, format->rate, memory);
  mix_loudness_prepare (&self->after, format->rate, memory + bins);
  mix_smoother_prepare (&self->gain_db, format->rate, STATIC_MS);
  leveler_set (self, params);
  leveler_reset (self);
  return true;
}

/* ---- Gain --------------------------------------------------------------- */

static void
follow_goal (Leveler *self)
{
  MixSmoother *gain = &self->gain_db;
  double tick_s = (double)MIX_TICK / self->format.rate;
  double away = self->control.goal_db - gain->to;
  double speed
      = away > 0 ? self->params.rise_db_per_s : self->params.fall_db_per_s;
  double nearing = away * fmax (1, speed / NEARING_DB);
  double step = mix_clamp (nearing, -speed, speed) * tick_s;
  step = fabs (step) < fabs (away) ? step : away;
  mix_smoother_set (
      gain, fabs (away) < NEAR_DB ? self->control.goal_db : gain->to + step);
  gain->from = gain->to;
  gain->to = gain->first = gain->goal;
}

static void
move_gain (Leveler *self)
{
  if (self->params.mode == DYNAMIC) {
    follow_goal (self);
    return;
  }
  mix_smoother_set (&self->gain_db, self->params.static_gain_db);
  mix_smoother_tick (&self->gain_db);
}

/* A line from tick to tick; 0 dB gives back every bit. */
static void
apply_gain (Leveler *self, float *const *out, const float *const *in,
    unsigned at, unsigned offset, unsigned n)
{
  float from = (float)mix_gain_from_db (self->gain_db.from);
  float to = (float)mix_gain_from_db (self->gain_db.to);
  float slope = (to - from) / MIX_TICK;
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *to_c = out[c] + at;
    const float *from_c = in[c] + at;
    for (unsigned i = 0; i < n; i++)
      to_c[i] = from_c[i] * (from + slope * (float)(offset + i));
    self->peak = mix_larger (self->kernels->peak (to_c, n), self->peak);
  }
}

/* ---- Loudness ----------------------------------------------------------- */

static void
finish_block (Leveler *self)
{
  mix_leveler_control_block (&self->control, &self->aims,
      self->block_power / STEPS_A_BLOCK, self->before.momentary,
      self->after.momentary, self->gain_db.to);
  self->block_power = 0;
  self->steps = 0;
}

static void
finish_step (Leveler *self)
{
  double power = mix_weighted_power_take (&self->power);
  double gain = mix_gain_from_db (self->step_from_db + self->gain_db.to);
  self->block_power += power / self->step_frames;
  mix_loudness_step (&self->before, power);
  mix_loudness_step (&self->after, power * gain);
  if (++self->steps == STEPS_A_BLOCK)
    finish_block (self);
  begin_step (self);
}

static void
leveler_process (
    void *instance, float *const *out, const float *const *in, unsigned frames)
{
  Leveler *self = instance;
  double square[MIX_MAX_CHANNELS] = { 0 }, product = 0;
  for (unsigned at = 0, n; at < frames; at += n) {
    if (mix_tick_is_due (&self->tick))
      move_gain (self);
    unsigned offset = self->tick.offset;
    n = mix_tick_span (&self->tick, mix_min (frames - at, self->step_left));
    mix_weighted_power_run (&self->power, in, at, n, square, &product);
    apply_gain (self, out, in, at, offset, n);
    self->step_left -= n;
    if (self->step_left == 0)
      finish_step (self);
  }
}

/* ---- Readings ----------------------------------------------------------- */

static void
read_loudness (MixLoudness *l, Loudness *to)
{
  to->momentary_lufs = mix_lufs_from_power (l->momentary);
  to->short_term_lufs = mix_lufs_from_power (l->short_term);
  to->integrated_lufs = mix_loudness_integrated (l);
  to->range_lu = mix_loudness_range (l);
}

static void
leveler_read (void *instance, void *readings)
{
  Leveler *self = instance;
  LevelerReadings *r = readings;
  read_loudness (&self->before, &r->before);
  read_loudness (&self->after, &r->after);
  r->gain_db = self->gain_db.to;
  r->peak_db = mix_db_from_gain ((double)self->peak);
  self->whole_peak = mix_larger (self->peak, self->whole_peak);
  self->peak = 0;
}

static void
leveler_sum_up (void *instance, void *readings)
{
  Leveler *self = instance;
  leveler_read (self, readings);
  ((LevelerReadings *)readings)->peak_db
      = mix_db_from_gain ((double)self->whole_peak);
}

const MixUnit mix_leveler = {
  .name = "leveler",
  .summary = "Brings a programme to one loudness, in one pass without a delay",
  .size = sizeof (Leveler),
  .params = MIX_TABLE (rows, LevelerParams),
  .readings = MIX_TABLE (reading_rows, LevelerReadings),
  .prepare = leveler_prepare,
  .set = leveler_set,
  .reset = leveler_reset,
  .process = leveler_process,
  .read = leveler_read,
  .sum_up = leveler_sum_up,
  .release = leveler_release,
};
