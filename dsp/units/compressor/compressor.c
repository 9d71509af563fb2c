/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compressor: feed-forward, log domain, ballistics on the gain reduction (D.
 * Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor
 * Design - A Tutorial and Analysis", JAES 60, 2012).
 *
 *   input -+---------------------> look-ahead ------------------> x -+-> output
 *          |                       (delay)                        ^  |
 *   key ---+-> detector -> linker, gain computer -> output gain --+  |
 *      |       (power)     (reduction)               (make-up, mix)  |
 *      +-> look-ahead -> monitor (key filter) -----------------------+
 *
 *   parts/detector.h        key filter, envelope, power of channels and linked
 *   linker.h                one reduction for all channels, or one for each
 *   parts/gain_computer.h   power to reduction: gate, floor, hold, ballistics
 *   parts/static_curve.h    its curve, smoothed
 *   parts/reduction_gain.h  from reduction to gain
 *   parts/look_ahead.h      delay, pauses, join of gains when it changes
 *   parts/key_monitor.h     side-chain listen
 *
 * The envelope of the detector reads a sine's amplitude without ripple, so the
 * static curve holds at any frequency, and attack and release mean what they
 * say but for the quarter of a cycle that the envelope takes to show a step.
 *
 * Without a key the input is the key. An LFE channel has no part in the linked
 * power and takes the linked gain, whatever `link` is, so that the balance
 * holds.
 */
#include <string.h>

#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../parts/key_monitor.h"
#include "../../parts/look_ahead.h"
#include "../../parts/reduction_gain.h"
#include "../units.h"
#include "compressor_params.h"
#include "linker.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixCompParams Params;

typedef struct {
  double reduction_db, input_db, output_db, key_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 20.0

static const MixChoice modes[] = { { "downward", "Downward" },
  { "upward", "Upward" }, { "both", "Both" }, { NULL, NULL } };
static const MixChoice detectors[]
    = { { "peak", "Peak" }, { "rms", "RMS" }, { NULL, NULL } };
static const MixChoice sources[]
    = { { "max", "Loudest channel" }, { "average", "Average of channels" },
        { "mid", "Mid" }, { "side", "Side" }, { NULL, NULL } };

static const MixRow params_rows[] = {
  MIX_ROW_DOUBLE (Params, threshold_db, "threshold", "Threshold", "dB", -80, 0,
      -18, 0,
      "Level above which the gain is reduced (upward: below which it is "
      "raised), in dBFS of a sine's peak"),
  MIX_ROW_DOUBLE (Params, ratio, "ratio", "Ratio", "", 1,
      MIX_CURVE_INFINITE_RATIO, 4, 0,
      "Change of the input level in dB that changes the output by 1 dB, beyond "
      "the threshold; the largest value means infinite"),
  MIX_ROW_DOUBLE (Params, knee_db, "knee", "Knee", "dB", 0, 48, 6, 0,
      "Width of the soft transition around the threshold"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 0.01, 500, 10, 0,
      "Time in which a rising reduction covers 63 % of its way; the detector "
      "adds about a quarter of a cycle. A boost ends at once when an onset "
      "comes"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 1, 5000, 100,
      0, "Time in which a falling reduction covers 63 % of its way"),
  MIX_ROW_DOUBLE (Params, hold_ms, "hold", "Hold", "ms", 0, 1000, 0, 0,
      "Time for which a reduction is kept before its release"),
  MIX_ROW_BOOL (Params, auto_release, "auto-release", "Auto release", 0, 0,
      "Release at the time set after short peaks and up to ten times slower "
      "after long loud passages"),
  MIX_ROW_CHOICE (Params, mode, "mode", "Mode", modes, 3, MIX_CURVE_DOWNWARD, 0,
      "Reduce what is above the threshold, raise what is below it (by at most "
      "24 dB), or both"),
  MIX_ROW_CHOICE (Params, detector, "detector", "Detector", detectors, 2,
      MIX_DETECTOR_PEAK, 0,
      "Level that is measured: the peak envelope or its mean power over a "
      "window; both read a sine as its peak level (AES17)"),
  MIX_ROW_DOUBLE (Params, rms_window_ms, "rms-window", "RMS window", "ms", 1,
      250, 10, 0, "Length over which the RMS detector averages power"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 0, MIX_MOVES_LATENCY,
      "Time by which the gain is ahead of the sound; it delays the output"),
  MIX_ROW_DOUBLE (Params, link_percent, "link", "Link", "%", 0, 100, 100, 0,
      "How far channels share one gain: 100 is one gain for all, 0 a gain for "
      "each"),
  MIX_ROW_CHOICE (Params, source, "source", "Source", sources, 4,
      MIX_DETECTOR_MAX, 0,
      "Signal that the linked gain is measured from; mid and side are those "
      "of the front pair, and the LFE is left out"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 0, 0,
      "Corner of the key signal's low cut of 12 dB per octave; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "sidechain-high-cut",
      "Side-chain high cut", "Hz", 0, 20000, 0, 0,
      "Corner of the key signal's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_BOOL (Params, listen, "sidechain-listen", "Listen to side chain", 0,
      0, "Output the key signal that the detector measures"),
  MIX_ROW_DOUBLE (Params, range_db, "range", "Range", "dB", 0, 80, 80, 0,
      "The most that the gain is reduced or raised"),
  MIX_ROW_DOUBLE (Params, floor_db, "floor", "Floor", "dBFS", -120, -20, -60, 0,
      "Level below which nothing is raised, so that room noise stays as it "
      "is; from 12 dB above it on the boost is complete"),
  MIX_ROW_DOUBLE (Params, makeup_db, "makeup", "Make-up", "dB", -24, 48, 0, 0,
      "Gain after compression"),
  MIX_ROW_BOOL (Params, auto_makeup, "auto-makeup", "Auto make-up", 0, 0,
      "Add half the reduction of a full-scale sine to the make-up gain"),
  MIX_ROW_DOUBLE (Params, mix_percent, "mix", "Mix", "%", 0, 100, 100, 0,
      "Share of the compressed sound; the rest is the input at the same time"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLE (Readings, reduction_db, "gain-reduction", "Gain reduction",
      "dB", -MIX_CURVE_MOST_BOOST, 80, 0, 0,
      "The largest reduction of any channel since the last reading, without "
      "make-up: 6 means 6 dB softer, a boost is negative"),
  MIX_ROW_DOUBLE (Readings, input_db, "input-level", "Input level", "dBFS",
      -400, 200, -400, 0, "Highest sample since the last reading"),
  MIX_ROW_DOUBLE (Readings, output_db, "output-level", "Output level", "dBFS",
      -400, 280, -400, 0, "Highest sample since the last reading"),
  MIX_ROW_DOUBLE (Readings, key_db, "key-level", "Key level", "dBFS", -400, 200,
      -400, MIX_OF_KEY, "Highest sample of the key since the last reading"),
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

  MixDetector detector;
  MixCompLinker linker;
  MixReductionGain gain;
  MixLookAhead look_ahead;
  MixKeyMonitor monitor;

  float in_peak, key_peak, out_peak; /* since the last read */
} Compressor;

/* ---- Control ------------------------------------------------------------ */

static void
set_parts (Compressor *self)
{
  const Params *p = &self->params;
  const MixDetectorParams detector = {
    .level = p->detector,
    .source = p->source,
    .rms_window_ms = p->rms_window_ms,
    .low_cut_hz = p->low_cut_hz,
    .high_cut_hz = p->high_cut_hz,
    .follow_onsets = p->mode != MIX_CURVE_DOWNWARD,
  };
  const MixGainComputerParams computer = mix_comp_params_computer (p);
  bool jumps = mix_detector_set (&self->detector, &detector);
  mix_comp_linker_set (&self->linker, &computer, p->link_percent, jumps);
  mix_reduction_gain_set (
      &self->gain, mix_comp_params_makeup_db (p), p->mix_percent / 100);
  mix_key_monitor_set (&self->monitor, p->listen, p->source);
  self->has_new_params = false;
}

/* Once a tick, while `moving`. */
static void
update (Compressor *self)
{
  if (self->has_new_params)
    set_parts (self);
  mix_comp_linker_tick (&self->linker, &self->detector);
  mix_reduction_gain_tick (&self->gain);
  mix_key_monitor_tick (&self->monitor);
  self->moving = !(mix_detector_is_still (&self->detector)
                   && mix_comp_linker_is_still (&self->linker)
                   && mix_reduction_gain_is_still (&self->gain)
                   && mix_key_monitor_is_still (&self->monitor));
}

/* ---- The stream --------------------------------------------------------- */

static void
raise_peak (
    const Compressor *self, float *peak, const float *const *audio, unsigned n)
{
  for (unsigned c = 0; c < self->channels; c++)
    *peak = fmaxf (*peak, self->kernels->peak (audio[c], n));
}

/* Reductions, and gains in their place. */
static void
make_gains (Compressor *self, const MixSpan *span)
{
  float row[MIX_DETECTOR_SPAN];
  const MixGainSpan gain_span = {
    .detector = &self->detector,
    .hold = mix_look_ahead_find_pauses (&self->look_ahead, span, row),
    .look_ahead = mix_look_ahead_frames (&self->look_ahead),
    .offset = span->offset,
    .frames = span->frames,
  };
  mix_comp_linker_run (&self->linker, &gain_span);
  for (unsigned i = 0; i < mix_comp_linker_rows (&self->linker); i++)
    mix_reduction_gain_run (&self->gain,
        mix_comp_linker_row (&self->linker, &self->detector, i),
        mix_comp_linker_boosts (&self->linker), span->offset, span->frames);
}

static void
run_monitor (Compressor *self, const MixSpan *span)
{
  for (unsigned c = 0; c < self->channels; c++)
    mix_look_ahead_read_key (
        &self->look_ahead, span, c, mix_key_monitor_row (&self->monitor, c));
  mix_key_monitor_run (&self->monitor, mix_detector_filter (&self->detector),
      span->offset, span->frames);
}

static void
process_span (Compressor *self, const MixSpan *span)
{
  const unsigned n = span->frames;
  const bool monitors = mix_key_monitor_is_active (&self->monitor);
  float row[MIX_DETECTOR_SPAN];
  raise_peak (self, &self->in_peak, span->in, n);
  if (span->has_key)
    raise_peak (self, &self->key_peak, span->key, n);
  mix_detector_run (&self->detector, span->key, span->offset, n);
  make_gains (self, span);
  const float *const *dry = mix_look_ahead_delay (&self->look_ahead, span);
  /* Its filters wait for the first sound that is audible. */
  if (monitors && !mix_look_ahead_skips (&self->look_ahead))
    run_monitor (self, span);
  for (unsigned c = 0; c < self->channels; c++) {
    const float *gain = mix_comp_linker_row (&self->linker, &self->detector, c);
    gain = mix_look_ahead_join (&self->look_ahead, c, gain, row, n);
    self->kernels->multiply (span->out[c], dry[c], gain, n);
  }
  if (monitors)
    mix_key_monitor_mix (&self->monitor, span->out, span->offset, n);
  raise_peak (self, &self->out_peak, (const float *const *)span->out, n);
  mix_look_ahead_end_span (&self->look_ahead, n);
}

static void
compressor_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Compressor *self = instance;
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (self->moving && mix_tick_is_due (&self->tick))
      update (self);
    unsigned left = mix_look_ahead_span (
        &self->look_ahead, mix_min (frames - at, MIX_DETECTOR_SPAN));
    span.offset = self->tick.offset;
    span.frames = mix_tick_span_while (&self->tick, self->moving, left);
    mix_span_point (&span, self->channels, out, in, key, at);
    process_span (self, &span);
  }
}

static void
compressor_read (void *instance, void *readings)
{
  Compressor *self = instance;
  Readings *r = readings;
  r->reduction_db = mix_reduction_gain_read (&self->gain);
  r->input_db = mix_db_from_gain (self->in_peak);
  r->output_db = mix_db_from_gain (self->out_peak);
  r->key_db = mix_db_from_gain (self->key_peak);
  self->in_peak = self->key_peak = self->out_peak = 0;
  for (unsigned i = 0; i < mix_comp_linker_rows (&self->linker); i++) {
    float now = mix_comp_linker_now (&self->linker, i);
    mix_reduction_gain_note (
        &self->gain, &now, mix_comp_linker_boosts (&self->linker), 1);
  }
}

/* ---- Lifetime ----------------------------------------------------------- */

/* The look-ahead changes at once, all else at the next tick. */
static void
compressor_set (void *instance, const void *params)
{
  Compressor *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = self->moving = true;
  mix_look_ahead_set (&self->look_ahead,
      mix_frames_from_ms (self->params.look_ahead_ms, self->rate));
}

static unsigned
compressor_latency (const void *instance)
{
  const Compressor *self = instance;
  return mix_look_ahead_frames (&self->look_ahead);
}

static void
compressor_reset (void *instance)
{
  Compressor *self = instance;
  set_parts (self);
  mix_comp_linker_reset (&self->linker, &self->detector);
  mix_reduction_gain_reset (&self->gain);
  mix_look_ahead_reset (&self->look_ahead);
  mix_key_monitor_reset (&self->monitor);
  mix_tick_reset (&self->tick);
  self->moving = false;
  self->in_peak = self->key_peak = self->out_peak = 0;
}

static void
prepare_parts (Compressor *self, const MixFormat *format, MixArena *arena)
{
  *self = (Compressor){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .memory = arena->memory };
  mix_detector_prepare (&self->detector, format, arena);
  mix_comp_linker_prepare (&self->linker, format, arena);
  mix_reduction_gain_prepare (&self->gain, format->rate);
  mix_look_ahead_prepare (
      &self->look_ahead, format, MOST_LOOK_AHEAD_MS, MIX_DETECTOR_SPAN, arena);
  mix_key_monitor_prepare (&self->monitor, format, arena);
}

static bool
compressor_prepare (void *instance, const MixFormat *format, const void *params)
{
  Compressor *self = instance, counted;
  MixArena arena = { 0 };
  prepare_parts (&counted, format, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  mix_free (self->memory);
  prepare_parts (self, format, &arena);
  compressor_set (self, params);
  compressor_reset (self);
  return true;
}

static void
compressor_release (void *instance)
{
  Compressor *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

const MixUnit mix_compressor = {
  .name = "compressor",
  .summary = "Evens out levels: reduces loud passages, or raises soft ones",
  .size = sizeof (Compressor),
  .flags = MIX_UNIT_KEY,
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = compressor_prepare,
  .set = compressor_set,
  .reset = compressor_reset,
  .process = compressor_process,
  .read = compressor_read,
  .latency = compressor_latency,
  .remark = mix_comp_params_remark,
  .release = compressor_release,
};
