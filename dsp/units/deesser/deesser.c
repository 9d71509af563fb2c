/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * De-esser: turns down what lies over a frequency (split), or all of the sound
 * (wide), while a voice hisses.
 *
 *   input -+-> look-ahead -> gain (wide) -> high shelf (split) -+-> output
 *          |   (delay)        ^              ^                  |
 *          +-> sibilance -> curve, attack, release              |
 *          |                                                    |
 *          +-> look-ahead -> key monitor (sibilance) -----------+
 *
 *   sibilance.h             how much of the voice is sibilance, in dB
 *   parts/envelope.h        attack and release
 *   shelf_table.h           high shelves; none raises anything
 *   parts/gliding_filter.h  the shelf of now
 *   parts/look_ahead.h      delay, join of gains when it changes
 *   parts/key_monitor.h     side-chain listen
 *
 * Curve: 3 dB of reduction for each dB of sibilance over the threshold, with a
 * knee of 6 dB, up to the range. All channels get one gain.
 */
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../parts/envelope.h"
#include "../../parts/gliding_filter.h"
#include "../../parts/key_monitor.h"
#include "../../parts/look_ahead.h"
#include "../units.h"
#include "shelf_table.h"
#include "sibilance.h"

/* ---- The declaration ---------------------------------------------------- */

enum {
  SPLIT,
  WIDE,
};

typedef struct {
  double frequency_hz, threshold_db, range_db;
  int mode;
  double attack_ms, release_ms, look_ahead_ms;
  bool listen;
} Params;

typedef struct {
  double reduction_db, sibilance_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 5.0
#define SLOPE 3.0f
#define HALF_KNEE 3.0f
#define SMOOTHING_MS 5.0
/* Frequencies up to this share of the rate can be told from the rest. */
#define HIGHEST 0.45

static const MixChoice modes[]
    = { { "split", "Split" }, { "wide", "Wide" }, { NULL, NULL } };

static const MixRow params_rows[] = {
  MIX_ROW_DOUBLE (Params, frequency_hz, "frequency", "Frequency", "Hz", 2000,
      16000, 6500, 0, "Above this lies the sibilance"),
  MIX_ROW_DOUBLE (Params, threshold_db, "threshold", "Threshold", "dB", -24, 12,
      -4, 0,
      "Sibilance against the whole voice above which it is turned down, at any "
      "level of the voice"),
  MIX_ROW_DOUBLE (Params, range_db, "range", "Range", "dB", 0, 24, 8, 0,
      "The most that the gain is reduced"),
  MIX_ROW_CHOICE (Params, mode, "mode", "Mode", modes, 2, SPLIT, 0,
      "Turn down only what lies above the frequency, or all of the sound"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 0.1, 20, 1, 0,
      "Time in which a rising reduction covers 63 % of its way"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 5, 500, 60, 0,
      "Time in which a falling reduction covers 63 % of its way"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 2, MIX_MOVES_LATENCY,
      "Time by which the gain is ahead of the sound; it delays the output"),
  MIX_ROW_BOOL (Params, listen, "sidechain-listen", "Listen to side chain", 0,
      0, "Output what lies above the frequency"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLE (Readings, reduction_db, "gain-reduction", "Gain reduction",
      "dB", 0, 24, 0, 0, "The largest reduction since the last reading"),
  MIX_ROW_DOUBLE (Readings, sibilance_db, "sibilance", "Sibilance", "dB", -400,
      40, -400, 0,
      "The highest sibilance against the whole voice since the last reading"),
};

/* ---- The instance ------------------------------------------------------- */

typedef struct {
  const MixKernels *kernels;
  unsigned rate, channels;
  void *memory;

  Params params;
  bool has_new_params; /* for the parts, at the next tick */
  MixTick tick;
  bool moving; /* something is to be done at the next tick */

  MixSmoother threshold, range, to_wide; /* dB, dB, 0 … 1 */
  MixBallistics ballistics;
  MixEnvelope envelope; /* reduction, dB */
  MixShelfTable shelves;
  bool has_new_shelves;
  double shelf_db; /* at the end of the tick */

  MixSibilance sibilance;
  MixGlidingFilter shelf;
  MixLookAhead look_ahead;
  MixKeyMonitor monitor;

  float most, highest; /* since the last read: reduction, sibilance */
} Deesser;

/* ---- Control ------------------------------------------------------------ */

static bool
can_tell (const Params *p, unsigned rate)
{
  return p->frequency_hz <= HIGHEST * rate;
}

static void
set_parts (Deesser *self)
{
  const Params *p = &self->params;
  mix_smoother_set (&self->threshold, p->threshold_db);
  mix_smoother_set (&self->range, can_tell (p, self->rate) ? p->range_db : 0);
  mix_smoother_set (&self->to_wide, p->mode == WIDE);
  self->ballistics
      = mix_ballistics (p->attack_ms, p->release_ms, 0, false, self->rate);
  self->has_new_shelves = self->shelves.frequency_hz != p->frequency_hz;
  mix_shelf_table_set (&self->shelves, p->frequency_hz, self->rate);
  mix_sibilance_set (&self->sibilance, p->frequency_hz);
  mix_key_monitor_set (&self->monitor, p->listen, MIX_DETECTOR_MAX);
  self->has_new_params = false;
}

/* The shelf follows the reduction by a tick. */
static void
update_shelf (Deesser *self)
{
  double db = mix_envelope_now (&self->envelope) * (1 - self->to_wide.to);
  db = db < 1e-4 ? 0 : db;
  mix_gliding_filter_begin_tick (&self->shelf);
  if (db == self->shelf_db && !(db > 0 && self->has_new_shelves))
    return;
  MixSvf svf = mix_shelf_table_at (&self->shelves, db);
  mix_gliding_filter_put (&self->shelf, 0, &svf, 1);
  self->shelf_db = db;
  self->has_new_shelves = false;
}

static bool
uses_shelf (const Deesser *self)
{
  return self->to_wide.target < 1 || !mix_smoother_is_still (&self->to_wide)
         || mix_gliding_filter_is_active (&self->shelf);
}

/* Once a tick, while `moving`. */
static void
update (Deesser *self)
{
  if (self->has_new_params)
    set_parts (self);
  mix_smoother_tick (&self->threshold);
  mix_smoother_tick (&self->range);
  mix_smoother_tick (&self->to_wide);
  mix_sibilance_tick (&self->sibilance);
  mix_key_monitor_tick (&self->monitor);
  update_shelf (self);
  self->moving = uses_shelf (self) || !mix_smoother_is_still (&self->threshold)
                 || !mix_smoother_is_still (&self->range)
                 || !mix_sibilance_is_still (&self->sibilance)
                 || !mix_key_monitor_is_still (&self->monitor);
}

/* ---- The stream --------------------------------------------------------- */

/* Giannoulis, Massberg and Reiss, JAES 60, 2012, eq. 4, for levels of
 * sibilance. */
static float
required_reduction (float over, float range)
{
  float into = over + HALF_KNEE;
  float reduction = over >= HALF_KNEE ? SLOPE * over
                    : into > 0        ? SLOPE * into * into / (4 * HALF_KNEE)
                                      : 0;
  return mix_smaller (reduction, range);
}

/* Sibilance becomes reduction, in place. */
static void
make_reductions (Deesser *self, float *io, unsigned offset, unsigned n)
{
  const MixRamp threshold = mix_smoother_ramp (&self->threshold);
  const MixRamp range = mix_smoother_ramp (&self->range);
  for (unsigned i = 0; i < n; i++) {
    self->highest = mix_larger (self->highest, io[i]);
    io[i] = required_reduction (io[i] - mix_ramp_at (threshold, offset + i),
        mix_ramp_at (range, offset + i));
  }
  mix_envelope_run (&self->envelope, &self->ballistics, io, NULL, n);
  for (unsigned i = 0; i < n; i++)
    self->most = mix_larger (self->most, io[i]);
}

/* Reductions become gains of the whole sound, in place. */
static void
make_gains (Deesser *self, float *io, unsigned offset, unsigned n)
{
  const MixRamp to_wide = mix_smoother_ramp (&self->to_wide);
  for (unsigned i = 0; i < n; i++)
    io[i] = io[i] < 1e-4f ? 0 : -io[i] * mix_ramp_at (to_wide, offset + i);
  self->kernels->gain_from_db (io, io, n);
}

static void
run_monitor (Deesser *self, const MixSpan *span)
{
  for (unsigned c = 0; c < self->channels; c++)
    mix_look_ahead_read_key (
        &self->look_ahead, span, c, mix_key_monitor_row (&self->monitor, c));
  mix_key_monitor_run (
      &self->monitor, &self->sibilance.filter, span->offset, span->frames);
}

static void
process_span (Deesser *self, const MixSpan *span)
{
  const unsigned n = span->frames;
  const bool monitors = mix_key_monitor_is_active (&self->monitor);
  float gains[MIX_SIBILANCE_SPAN], joined[MIX_SIBILANCE_SPAN];
  mix_sibilance_run (&self->sibilance, span, gains);
  make_reductions (self, gains, span->offset, n);
  make_gains (self, gains, span->offset, n);
  const float *const *dry = mix_look_ahead_delay (&self->look_ahead, span);
  /* Its filters wait for the first sound that is audible. */
  if (monitors && !mix_look_ahead_skips (&self->look_ahead))
    run_monitor (self, span);
  for (unsigned c = 0; c < self->channels; c++) {
    const float *gain
        = mix_look_ahead_join (&self->look_ahead, c, gains, joined, n);
    self->kernels->multiply (span->out[c], dry[c], gain, n);
  }
  if (mix_gliding_filter_is_active (&self->shelf))
    mix_gliding_filter_run (&self->shelf, span->out, span->offset, n);
  if (monitors)
    mix_key_monitor_mix (&self->monitor, span->out, span->offset, n);
  mix_look_ahead_end_span (&self->look_ahead, n);
}

static void
deesser_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Deesser *self = instance;
  MixSpan span;
  (void)key;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (self->moving && mix_tick_is_due (&self->tick))
      update (self);
    unsigned left = mix_look_ahead_span (
        &self->look_ahead, mix_min (frames - at, MIX_SIBILANCE_SPAN));
    span.offset = self->tick.offset;
    span.frames = mix_tick_span_while (&self->tick, self->moving, left);
    mix_span_point (&span, self->channels, out, in, NULL, at);
    process_span (self, &span);
  }
}

static void
deesser_read (void *instance, void *readings)
{
  Deesser *self = instance;
  Readings *r = readings;
  r->reduction_db = (double)self->most;
  r->sibilance_db = (double)self->highest;
  self->most = (float)mix_envelope_now (&self->envelope);
  self->highest = -400;
}

/* ---- Lifetime ----------------------------------------------------------- */

/* The look-ahead changes at once, all else at the next tick. */
static void
deesser_set (void *instance, const void *params)
{
  Deesser *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = self->moving = true;
  mix_look_ahead_set (&self->look_ahead,
      mix_frames_from_ms (self->params.look_ahead_ms, self->rate));
}

static unsigned
deesser_latency (const void *instance)
{
  const Deesser *self = instance;
  return mix_look_ahead_frames (&self->look_ahead);
}

static void
deesser_reset (void *instance)
{
  Deesser *self = instance;
  set_parts (self);
  mix_smoother_snap (&self->threshold);
  mix_smoother_snap (&self->range);
  mix_smoother_snap (&self->to_wide);
  self->envelope = (MixEnvelope){ 0 };
  self->shelf_db = 0;
  mix_sibilance_reset (&self->sibilance);
  mix_gliding_filter_reset (&self->shelf);
  mix_look_ahead_reset (&self->look_ahead);
  mix_key_monitor_reset (&self->monitor);
  mix_tick_reset (&self->tick);
  self->moving = uses_shelf (self);
  self->most = 0;
  self->highest = -400;
}

static void
prepare_parts (Deesser *self, const MixFormat *format, MixArena *arena)
{
  *self = (Deesser){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .memory = arena->memory };
  mix_smoother_prepare (&self->threshold, format->rate, SMOOTHING_MS);
  mix_smoother_prepare (&self->range, format->rate, SMOOTHING_MS);
  mix_smoother_prepare (&self->to_wide, format->rate, SMOOTHING_MS);
  mix_sibilance_prepare (&self->sibilance, format, arena);
  mix_gliding_filter_prepare (&self->shelf, format, 1, arena);
  mix_look_ahead_prepare (
      &self->look_ahead, format, MOST_LOOK_AHEAD_MS, MIX_SIBILANCE_SPAN, arena);
  mix_key_monitor_prepare (&self->monitor, format, arena);
}

static bool
deesser_prepare (void *instance, const MixFormat *format, const void *params)
{
  Deesser *self = instance, counted;
  MixArena arena = { 0 };
  prepare_parts (&counted, format, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  mix_free (self->memory);
  prepare_parts (self, format, &arena);
  deesser_set (self, params);
  deesser_reset (self);
  return true;
}

static void
deesser_release (void *instance)
{
  Deesser *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static void
deesser_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  if (!can_tell (p, format->rate))
    remarks->add (remarks,
        "at %u Hz there is nothing above a frequency of %g Hz, nothing is "
        "turned down; set frequency to %g or less",
        format->rate, p->frequency_hz, HIGHEST * format->rate);
}

const MixUnit mix_deesser = {
  .name = "deesser",
  .summary = "Turns down the sibilance of a voice, whatever its level",
  .size = sizeof (Deesser),
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = deesser_prepare,
  .set = deesser_set,
  .reset = deesser_reset,
  .process = deesser_process,
  .read = deesser_read,
  .latency = deesser_latency,
  .remark = deesser_remark,
  .release = deesser_release,
};
