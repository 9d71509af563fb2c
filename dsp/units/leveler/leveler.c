/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One-pass loudness leveler: one slow gain for all channels.
 *
 *   in ─┬── audio_delay (look-ahead) ────────────── gain ─────┬── out
 *       │                                             │       │
 *     weighted_power, steps of 10 ms              gain_slew   │
 *       │                                             │       │
 *       ├── ceiling_detector (fast) ──────── look_ahead_queue │
 *       │                                             │       │
 *       └── momentary ── gain_controller, ────────────┘       │
 *           loudness     every 100 ms                         │
 *                          │      │                           │
 *                   foreground    └── integral ─────── in_out_meter
 *
 * Loudness is measured on the input only, as by the meter. That of the output
 * is computed from it and the gain of each step.
 *
 * Seeks and new formats do not end a programme: the gain, the means of the
 * controller and the readings are kept; filters, windows and the audio in the
 * look-ahead are cleared.
 */
#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../kernels/kernels.h"
#include "../../parts/loudness_meter.h"
#include "../../parts/weighted_power.h"
#include "audio_delay.h"
#include "ceiling_detector.h"
#include "gain_controller.h"
#include "gain_slew.h"
#include "in_out_meter.h"
#include "leveler_params.h"
#include "look_ahead_queue.h"
#include "../units.h"

/* ---- Instance ----------------------------------------------------------- */

typedef struct {
  MixFormat format;
  MixLoudnessBin *bins;
  float *rings;
  const MixKernels *kernels;
  LevelerParams params;
  MixLevelTargets targets;

  MixWeightedPower power;
  MixLoudness input; /* of what comes in */
  MixGainController controller;
  MixCeilingDetector ceiling;
  MixLookAheadQueue queue;
  bool begins; /* a new measurement, with this step */

  MixTick tick;
  MixGainSlew gain;
  double step_from_db; /* the gain at the start of this step */
  MixAudioDelay delay;
  MixInOutMeter meter; /* of what leaves */
} Leveler;

/* ---- Start and restart -------------------------------------------------- */

static void
begin_step (Leveler *self)
{
  self->step_from_db = mix_gain_slew_gain_db (&self->gain);
}

/* A new programme begins; what is in the look-ahead belongs to the old one. */
static void
restart (Leveler *self)
{
  mix_gain_controller_reset (&self->controller);
  if (mix_look_ahead_queue_is_delayed (&self->queue)) {
    self->begins = true;
    return;
  }
  mix_loudness_reset (&self->input);
  mix_weighted_power_reset (&self->power);
  mix_in_out_meter_reset (&self->meter);
  begin_step (self);
}

static void
clear_audio (Leveler *self)
{
  mix_tick_reset (&self->tick);
  mix_audio_delay_reset (&self->delay);
  mix_weighted_power_reset (&self->power);
  mix_loudness_flush (&self->input);
  mix_ceiling_detector_reset (&self->ceiling);
  mix_look_ahead_queue_reset (&self->queue);
  self->begins = false;
}

static bool
is_static (const Leveler *self)
{
  return self->params.mode == STATIC;
}

/* The gain that the next frame begins with; in dynamic mode, `gain_db`. */
static void
jump_to_gain (Leveler *self, double gain_db)
{
  mix_gain_slew_reset (
      &self->gain, is_static (self) ? self->params.static_gain_db : gain_db);
  begin_step (self);
}

static void
leveler_reset (void *instance)
{
  Leveler *self = instance;
  clear_audio (self);
  mix_gain_controller_reset (&self->controller);
  mix_in_out_meter_reset (&self->meter);
  jump_to_gain (self, 0);
}

static void
leveler_flush (void *instance)
{
  Leveler *self = instance;
  bool begins = self->begins || mix_look_ahead_queue_begins (&self->queue);
  clear_audio (self);
  mix_gain_controller_flush (&self->controller);
  mix_in_out_meter_flush (&self->meter);
  if (begins)
    mix_in_out_meter_reset (&self->meter);
  jump_to_gain (self, mix_gain_slew_gain_db (&self->gain));
}

static bool
has_other_targets (const LevelerParams *a, const LevelerParams *b)
{
  return a->target_lufs != b->target_lufs || a->mode != b->mode
         || a->converge != b->converge || a->dual_mono != b->dual_mono;
}

static void
leveler_set (void *instance, const void *params)
{
  Leveler *self = instance;
  const LevelerParams *p = params;
  if (has_other_targets (p, &self->params))
    mix_gain_controller_change_targets (&self->controller);
  self->params = *p;
  self->targets = (MixLevelTargets){ .target_lufs = p->target_lufs,
    .max_boost_db = p->max_boost_db,
    .max_cut_db = p->max_cut_db,
    .gate_lufs = p->gate_lufs,
    .range_lu = p->range_lu,
    .converge = p->converge,
    .is_momentary = p->measure == MOMENTARY };
  mix_gain_slew_set (&self->gain, p->rise_db_per_s, p->fall_db_per_s);
  mix_weighted_power_set_weights (
      &self->power, &self->format, false, p->dual_mono);
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

/* The measurement outlives the format: its memory is the same for all. Without
 * a look-ahead there are no rings. */
static bool
allocate (Leveler *self, size_t length)
{
  MixLoudnessBin *bins = self->bins;
  float *rings = length ? mix_alloc (length, sizeof *rings) : NULL;
  if (!bins)
    bins = mix_alloc (mix_in_out_meter_bins (), sizeof *bins);
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

static bool
leveler_prepare (void *instance, const MixFormat *format, const void *params)
{
  Leveler *self = instance;
  const LevelerParams *p = params;
  unsigned rate = format->rate, channels = format->channels;
  unsigned frames = mix_frames_from_ms (p->look_ahead_ms, rate);
  bool continues = self->bins != NULL;
  if (!allocate (self, mix_audio_delay_memory (frames, channels)))
    return false;
  self->format = *format;
  self->kernels = mix_kernels ();
  mix_weighted_power_prepare (&self->power, format);
  mix_loudness_prepare (&self->input, rate, NULL);
  if (continues)
    mix_in_out_meter_change_rate (&self->meter, rate);
  else
    mix_in_out_meter_prepare (&self->meter, rate, self->bins);
  mix_gain_slew_prepare (&self->gain, rate);
  mix_audio_delay_prepare (&self->delay, frames, channels, self->rings);
  mix_look_ahead_queue_prepare (&self->queue, frames, rate);
  leveler_set (self, params);
  if (continues)
    leveler_flush (self);
  else
    leveler_reset (self);
  return true;
}

static unsigned
leveler_latency (const void *instance)
{
  const Leveler *self = instance;
  return mix_audio_delay_frames (&self->delay);
}

/* ---- Gain --------------------------------------------------------------- */

/* The mode, as everything, applies to the sound that it was set with. */
static void
update_gain (Leveler *self)
{
  const MixLookAheadStep *next = mix_look_ahead_queue_next (&self->queue);
  if (next ? next->is_static : is_static (self))
    mix_gain_slew_tick_static (
        &self->gain, next ? next->static_db : self->params.static_gain_db);
  else
    mix_gain_slew_tick (&self->gain);
}

static void
apply_gain (Leveler *self, float *const *out, unsigned at, unsigned offset,
    unsigned n, const float *const *in)
{
  MixRamp gain = mix_gain_slew_ramp (&self->gain);
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *to = out[c] + at;
    const float *from = in[c] + at;
    for (unsigned i = 0; i < n; i++)
      to[i] = from[i] * mix_ramp_at (gain, offset + i);
    mix_in_out_meter_add_peak (&self->meter, self->kernels->peak (to, n));
  }
}

/* ---- Steps of 10 ms ----------------------------------------------------- */

static void
measure_output (Leveler *self, const MixLookAheadStep *step)
{
  double gain_db = mix_gain_slew_gain_db (&self->gain);
  double power_gain = mix_gain_from_db (self->step_from_db + gain_db);
  if (step->begins)
    mix_in_out_meter_reset (&self->meter);
  double momentary
      = mix_in_out_meter_step (&self->meter, step->power, power_gain);
  if (step->is_block)
    mix_gain_controller_add_output (
        &self->controller, &step->decision, momentary);
}

static void
update_goal (Leveler *self)
{
  const MixLevelTargets *targets = &self->targets;
  double target_gain_db = mix_look_ahead_queue_target_gain (
      &self->queue, targets->is_momentary, mix_gain_slew_gain_db (&self->gain));
  mix_gain_slew_set_goal (&self->gain,
      mix_clamp (target_gain_db, -targets->max_cut_db, targets->max_boost_db));
}

/* What the controller and the ceiling detector compute from a step of input. */
static MixLookAheadStep
measure_input (Leveler *self)
{
  double power = mix_weighted_power_take (&self->power);
  double mean = power / mix_loudness_length (&self->input);
  mix_loudness_step (&self->input, power);
  MixLookAheadStep step = { .power = power,
    .static_db = self->params.static_gain_db,
    .is_static = is_static (self),
    .begins = self->begins };
  step.is_block = mix_gain_controller_step (&self->controller, &self->targets,
      mean, mix_loudness_momentary (&self->input));
  step.decision = mix_gain_controller_decision (&self->controller);
  step.ceiling = mix_ceiling_detector_step (&self->ceiling, &self->targets,
      mix_gain_controller_reference_lufs (&self->controller), mean);
  return step;
}

static void
finish_step (Leveler *self)
{
  MixLookAheadStep step = measure_input (self);
  const MixLookAheadStep *left
      = mix_look_ahead_queue_step (&self->queue, &step);
  if (left)
    measure_output (self, left);
  update_goal (self);
  self->begins = false;
  begin_step (self);
}

static void
leveler_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Leveler *self = instance;
  MixPlainPower unused = { 0 };
  for (unsigned at = 0, n; at < frames; at += n) {
    if (mix_tick_is_due (&self->tick))
      update_gain (self);
    unsigned offset = self->tick.offset;
    n = mix_min (frames - at, mix_loudness_left (&self->input));
    n = mix_tick_span (&self->tick, n);
    mix_weighted_power_run (&self->power, in, at, n, &unused);
    apply_gain (self, out, at, offset, n,
        mix_audio_delay_run (&self->delay, out, in, at, n));
    if (mix_loudness_advance (&self->input, n))
      finish_step (self);
  }
}

/* ---- Readings ----------------------------------------------------------- */

static Loudness
loudness_of (MixLoudnessReadings l)
{
  return (Loudness){ l.momentary_lufs, l.short_term_lufs, l.integrated_lufs,
    l.range_lu };
}

static void
read_all (Leveler *self, bool whole, LevelerReadings *r)
{
  r->before = loudness_of (mix_in_out_meter_before (&self->meter));
  r->after = loudness_of (mix_in_out_meter_after (&self->meter));
  r->gain_db = mix_gain_slew_gain_db (&self->gain);
  r->peak_db = mix_db_from_gain (
      (double)mix_in_out_meter_take_peak (&self->meter, whole));
}

static void
leveler_read (void *instance, void *readings)
{
  read_all (instance, false, readings);
}

static void
leveler_sum_up (void *instance, void *readings)
{
  read_all (instance, true, readings);
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
