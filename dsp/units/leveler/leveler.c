/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One-pass loudness leveler: one slow gain for all channels.
 *
 * Loudness is measured as by the meter, on what comes in; what goes out is as
 * much louder as the gain of each 10 ms says. Every 100 ms leveler_control.c
 * decides which gain it wants, every 10 ms leveler_surge.c which is too much;
 * leveler_plan.c keeps both until the sound leaves. Every tick the gain goes a
 * part of the way there (leveler_ride.h).
 *
 * Seeks and new formats end no programme: gain, account and all that is known
 * of the loudness stay; filters, windows and what was on its way go.
 */
#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../kernels/kernels.h"
#include "../../parts/delay_line.h"
#include "../../parts/loudness.h"
#include "../../parts/smoother.h"
#include "../../base/tick.h"
#include "../../parts/weighted_power.h"
#include "leveler_control.h"
#include "leveler_plan.h"
#include "leveler_ride.h"
#include "leveler_surge.h"
#include "../units.h"

/* ---- Declaration -------------------------------------------------------- */

#define LOOK_AHEAD_MS 3000
enum { SHORT_TERM, MOMENTARY };
enum { DYNAMIC, STATIC };

typedef struct {
  double target_lufs, max_boost_db, max_cut_db;
  double rise_db_per_s, fall_db_per_s, gate_lufs, range_lu, static_gain_db;
  double look_ahead_ms;
  int measure, mode;
  bool converge, dual_mono, reset;
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
      "How fast the gain may come down within 2 dB of where it goes; farther "
      "off it falls faster"),
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
  MIX_ROW_DOUBLE (LevelerParams, look_ahead_ms, "look-ahead", "Look-ahead",
      "ms", 0, LOOK_AHEAD_MS, 0, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "How far the gain sees what comes; all sound is late by it"),
  MIX_ROW_BOOL (LevelerParams, dual_mono, "dual-mono", "Dual mono", 0, 0,
      "Take one channel as played by two speakers: 3 LU more"),
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
#define STEPS_PER_SECOND 100
/* From the end of a window to its middle. */
#define MOMENTARY_CENTRE 20
#define SHORT_TERM_CENTRE 150
#define STATIC_MS 5.0

typedef struct {
  MixFormat format;
  MixLoudnessBin *bins;
  float *rings;
  const MixKernels *kernels;
  LevelerParams params;
  MixLevelerAims aims;
  MixLevelerSpeeds speeds;

  MixDelayLine delay;
  unsigned delay_frames;
  MixWeightedPower power;
  MixLoudness ahead;         /* of what comes in */
  MixLoudness before, after; /* of what leaves, without and with the gain */
  unsigned step_left;        /* frames to the end of this step */
  unsigned step_frames;
  double step_from_db; /* the gain where it began */
  unsigned steps;      /* of this block */
  double block_power;  /* the mean of each step, added up */
  bool begins;         /* an account, with this step */
  MixLevelerControl control;
  MixLevelerSurge surge;
  MixLevelerPlan plan;
  MixLevelerWish wish; /* of the latest block */
  double goal_db;

  MixTick tick;
  MixSmoother gain_db;
  float peak, whole_peak;
} Leveler;

/* ---- Start and restart -------------------------------------------------- */

static void
begin_step (Leveler *self)
{
  self->step_left = self->step_frames = self->ahead.length;
  self->step_from_db = self->gain_db.to;
}

static void
begin_account (Leveler *self)
{
  mix_loudness_reset (&self->before);
  mix_loudness_reset (&self->after);
  self->peak = self->whole_peak = 0;
}

/* A new programme begins; what is still on its way belongs to the old. */
static void
restart (Leveler *self)
{
  mix_leveler_control_forget (&self->control);
  self->wish = (MixLevelerWish){ .move = MIX_LEVELER_STAY };
  self->steps = 0;
  self->block_power = 0;
  if (self->plan.delay > 0) {
    self->begins = true;
    return;
  }
  mix_loudness_reset (&self->ahead);
  mix_weighted_power_reset (&self->power);
  begin_account (self);
  begin_step (self);
}

static void
forget_audio (Leveler *self)
{
  size_t length = (size_t)self->delay.mask + 1;
  if (self->rings)
    memset (
        self->rings, 0, length * self->format.channels * sizeof *self->rings);
  mix_tick_reset (&self->tick);
  mix_weighted_power_reset (&self->power);
  mix_loudness_flush (&self->ahead);
  mix_leveler_surge_reset (&self->surge);
  mix_leveler_plan_reset (&self->plan);
  self->wish = (MixLevelerWish){ .move = MIX_LEVELER_STAY };
  self->steps = 0;
  self->block_power = 0;
  self->begins = false;
}

static void
stand_still (Leveler *self, double gain_db)
{
  mix_smoother_set (&self->gain_db, gain_db);
  mix_smoother_snap (&self->gain_db);
  self->goal_db = gain_db;
  begin_step (self);
}

static bool
is_static (const Leveler *self)
{
  return self->params.mode == STATIC;
}

static void
leveler_reset (void *instance)
{
  Leveler *self = instance;
  forget_audio (self);
  mix_leveler_control_forget (&self->control);
  begin_account (self);
  stand_still (self, is_static (self) ? self->params.static_gain_db : 0);
}

static void
leveler_flush (void *instance)
{
  Leveler *self = instance;
  bool begins = self->begins || mix_leveler_plan_begins (&self->plan);
  forget_audio (self);
  mix_leveler_control_flush (&self->control);
  mix_loudness_flush (&self->before);
  mix_loudness_flush (&self->after);
  if (begins)
    begin_account (self);
  stand_still (
      self, is_static (self) ? self->params.static_gain_db : self->gain_db.to);
}

static void
set_weights (Leveler *self)
{
  const MixFormat *format = &self->format;
  double weight = mix_weighted_power_of_channel (format, 0);
  if (format->channels == 1)
    self->power.weight[0] = self->params.dual_mono ? 2 * weight : weight;
}

static bool
has_other_aims (const LevelerParams *a, const LevelerParams *b)
{
  return a->target_lufs != b->target_lufs || a->mode != b->mode
         || a->converge != b->converge || a->dual_mono != b->dual_mono;
}

static void
leveler_set (void *instance, const void *params)
{
  Leveler *self = instance;
  const LevelerParams *p = params;
  if (has_other_aims (p, &self->params))
    mix_leveler_control_change_aims (&self->control);
  self->params = *p;
  self->aims = (MixLevelerAims){ .target_lufs = p->target_lufs,
    .max_boost_db = p->max_boost_db,
    .max_cut_db = p->max_cut_db,
    .gate_lufs = p->gate_lufs,
    .range_lu = p->range_lu,
    .converge = p->converge,
    .is_momentary = p->measure == MOMENTARY };
  self->speeds = mix_leveler_ride_speeds (
      p->rise_db_per_s, p->fall_db_per_s, self->format.rate);
  set_weights (self);
  if (p->reset)
    restart (self);
}

/* ---- Memory ------------------------------------------------------------- */

static void
leveler_release (void *instance)
{
  Leveler *self = instance;
  mix_free (self->bins);
  mix_free (self->rings);
  self->bins = NULL;
  self->rings = NULL;
}

/* What is known of the programme outlives the format: its memory is the same
 * for all. Without a look-ahead there are no rings. */
static bool
allocate (Leveler *self, const MixFormat *format, unsigned length)
{
  MixLoudnessBin *bins = self->bins;
  float *rings
      = length ? mix_alloc (format->channels, length * sizeof *rings) : NULL;
  if (!bins)
    bins = mix_alloc (2 * mix_loudness_bins (), sizeof *bins);
  if (!bins || (length && !rings)) {
    mix_free (rings);
    if (!self->bins)
      mix_free (bins);
    return false;
  }
  mix_free (self->rings);
  self->rings = rings;
  self->bins = bins;
  return true;
}

static void
prepare_delay (Leveler *self, unsigned frames, unsigned length)
{
  unsigned rate = self->format.rate;
  double steps = rate > STEPS_PER_SECOND
                     ? (double)frames * STEPS_PER_SECOND / rate
                     : frames;
  self->delay_frames = frames;
  mix_delay_line_prepare (&self->delay, length ? length : 1);
  self->plan.delay = (unsigned)lrint (steps);
}

static void
prepare_loudness (Leveler *self, bool goes_on)
{
  unsigned rate = self->format.rate, bins = mix_loudness_bins ();
  mix_loudness_prepare (&self->ahead, rate, NULL);
  if (goes_on) {
    mix_loudness_change_rate (&self->before, rate);
    mix_loudness_change_rate (&self->after, rate);
  } else {
    mix_loudness_prepare (&self->before, rate, self->bins);
    mix_loudness_prepare (&self->after, rate, self->bins + bins);
  }
}

static bool
leveler_prepare (void *instance, const MixFormat *format, const void *params)
{
  Leveler *self = instance;
  const LevelerParams *p = params;
  unsigned frames = mix_frames_from_ms (p->look_ahead_ms, format->rate);
  unsigned length = frames ? mix_delay_line_length (frames, MIX_TICK) : 0;
  bool goes_on = self->bins != NULL;
  if (!allocate (self, format, length))
    return false;
  self->format = *format;
  self->kernels = mix_kernels ();
  mix_weighted_power_prepare (&self->power, format);
  prepare_loudness (self, goes_on);
  mix_smoother_prepare (&self->gain_db, format->rate, STATIC_MS);
  prepare_delay (self, frames, length);
  leveler_set (self, params);
  if (goes_on)
    leveler_flush (self);
  else
    leveler_reset (self);
  return true;
}

static unsigned
leveler_latency (const void *instance)
{
  return ((const Leveler *)instance)->delay_frames;
}

/* ---- Gain --------------------------------------------------------------- */

static void
follow_goal (Leveler *self)
{
  MixSmoother *gain = &self->gain_db;
  double tick_s = (double)MIX_TICK / self->format.rate;
  gain->from = gain->to;
  gain->to = mix_leveler_ride (&self->speeds, gain->to, self->goal_db, tick_s);
  gain->first = gain->goal = gain->to;
}

/* The mode, as everything, acts on the sound that it was set with. */
static void
move_gain (Leveler *self)
{
  const MixLevelerStep *next = mix_leveler_plan_next (&self->plan);
  if (!(next ? next->is_static : is_static (self))) {
    follow_goal (self);
    return;
  }
  mix_smoother_set (
      &self->gain_db, next ? next->static_db : self->params.static_gain_db);
  mix_smoother_tick (&self->gain_db);
}

/* A line from tick to tick; 0 dB gives back every bit. */
static void
apply_gain (Leveler *self, float *const *out, unsigned at, unsigned offset,
    unsigned n, const float *const *in)
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

/* Returns where what leaves now is found, at `at`. */
static const float *const *
look_ahead (Leveler *self, float *const *out, const float *const *in,
    unsigned at, unsigned n)
{
  size_t length = (size_t)self->delay.mask + 1;
  if (self->delay_frames == 0)
    return in;
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *ring = self->rings + c * length;
    mix_delay_line_write (&self->delay, ring, in[c] + at, n);
    mix_delay_line_read (
        &self->delay, ring, out[c] + at, self->delay_frames, n);
  }
  mix_delay_line_advance (&self->delay, n);
  return (const float *const *)out;
}

/* ---- Loudness ----------------------------------------------------------- */

/* The step came in: its mean power may end a block. */
static bool
hear_step (Leveler *self, double mean)
{
  self->block_power += mean;
  if (++self->steps < STEPS_A_BLOCK)
    return false;
  self->wish = mix_leveler_control_block (&self->control, &self->aims,
      self->block_power / STEPS_A_BLOCK, self->ahead.momentary);
  self->block_power = 0;
  self->steps = 0;
  return true;
}

static void
leave_step (Leveler *self, const MixLevelerStep *step)
{
  double gain = mix_gain_from_db (self->step_from_db + self->gain_db.to);
  if (step->begins)
    begin_account (self);
  mix_loudness_step (&self->before, step->power);
  mix_loudness_step (&self->after, step->power * gain);
  if (step->is_block)
    mix_leveler_control_account (
        &self->control, &step->wish, self->after.momentary);
}

static void
renew_goal (Leveler *self)
{
  unsigned centre
      = self->aims.is_momentary ? MOMENTARY_CENTRE : SHORT_TERM_CENTRE;
  double goal = mix_leveler_plan_goal (&self->plan, centre, self->gain_db.to);
  self->goal_db
      = mix_clamp (goal, -self->aims.max_cut_db, self->aims.max_boost_db);
}

static void
finish_step (Leveler *self)
{
  double power = mix_weighted_power_take (&self->power);
  double mean = power / self->step_frames;
  MixLevelerStep step = { .power = power,
    .static_db = self->params.static_gain_db,
    .is_static = is_static (self),
    .begins = self->begins };
  mix_loudness_step (&self->ahead, power);
  step.is_block = hear_step (self, mean);
  step.wish = self->wish;
  step.ceiling = mix_leveler_surge_step (
      &self->surge, &self->control, &self->aims, mean);
  const MixLevelerStep *left = mix_leveler_plan_step (&self->plan, &step);
  if (left)
    leave_step (self, left);
  renew_goal (self);
  self->begins = false;
  begin_step (self);
}

static void
leveler_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Leveler *self = instance;
  double square[MIX_MAX_CHANNELS] = { 0 }, product = 0;
  for (unsigned at = 0, n; at < frames; at += n) {
    if (mix_tick_is_due (&self->tick))
      move_gain (self);
    unsigned offset = self->tick.offset;
    n = mix_tick_span (&self->tick, mix_min (frames - at, self->step_left));
    mix_weighted_power_run (&self->power, in, at, n, square, &product);
    apply_gain (self, out, at, offset, n, look_ahead (self, out, in, at, n));
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
  .summary = "Brings a programme to one loudness in one pass",
  .size = sizeof (Leveler),
  .params = MIX_TABLE (rows, LevelerParams),
  .readings = MIX_TABLE (reading_rows, LevelerReadings),
  .prepare = leveler_prepare,
  .set = leveler_set,
  .reset = leveler_reset,
  .flush = leveler_flush,
  .process = leveler_process,
  .read = leveler_read,
  .sum_up = leveler_sum_up,
  .latency = leveler_latency,
  .release = leveler_release,
};
