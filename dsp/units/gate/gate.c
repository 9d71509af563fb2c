/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gate: a downward expander, feed-forward, log domain, ballistics on the gain
 * (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor
 * Design - A Tutorial and Analysis", JAES 60, 2012).
 *
 *   input -+--------------------> look-ahead -----------> x -+-> output
 *          |                      (delay)                 ^  |
 *   key ---+-> detector -> linker, hysteresis, curve, ----+  |
 *      |       (power)     attack, hold, release             |
 *      +-> look-ahead -> key monitor ------------------------+
 *
 *   parts/detector.h     key filter, envelope, power of channels and linked
 *   gate_linker.h        one gain for all channels, or one for each
 *   gate_gain.h          from level to gain
 *   gate_curve.h         the static curve, smoothed
 *   parts/look_ahead.h   delay, join of gains when it changes
 *   parts/key_monitor.h  side-chain listen
 *
 * Without a key the input is the key. An LFE channel has no part in the linked
 * level and takes its gain, whatever `link` is.
 */
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../parts/key_monitor.h"
#include "../../parts/look_ahead.h"
#include "../units.h"
#include "gate_linker.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixGateParams Params;

typedef struct {
  double reduction_db, input_db, open_percent, key_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 20.0

static const MixChoice sources[]
    = { { "max", "Loudest channel" }, { "average", "Average of channels" },
        { "mid", "Mid" }, { "side", "Side" }, { NULL, NULL } };

static const MixRow params_rows[] = {
  MIX_ROW_DOUBLE (Params, threshold_db, "threshold", "Threshold", "dB", -80, 0,
      -45, 0,
      "Level below which the sound is turned down, in dBFS of a sine's peak"),
  MIX_ROW_DOUBLE (Params, hysteresis_db, "hysteresis", "Hysteresis", "dB", 0,
      24, 4, 0,
      "How far below the threshold the level has to fall before an open gate "
      "closes"),
  MIX_ROW_DOUBLE (Params, ratio, "ratio", "Ratio", "", 1, 100, 100, 0,
      "Change of the output level in dB for 1 dB of the input below the "
      "threshold: 2 expands gently, 100 is a gate"),
  MIX_ROW_DOUBLE (Params, range_db, "range", "Range", "dB", 0, 100, 60, 0,
      "The most that the gain is reduced"),
  MIX_ROW_DOUBLE (Params, knee_db, "knee", "Knee", "dB", 0, 24, 3, 0,
      "Width of the soft transition around the threshold"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 0.01, 500, 1, 0,
      "Time in which the opening gate covers 63 % of its way in dB; with a "
      "look-ahead of at least this time it is wide open when the sound "
      "arrives, and from twice this time on the 63 % hold too"),
  MIX_ROW_DOUBLE (Params, hold_ms, "hold", "Hold", "ms", 0, 5000, 80, 0,
      "Time for which the gate stays open after the level has fallen"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 1, 5000, 150,
      0, "Time in which the closing gate covers 63 % of its way in dB"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 2, MIX_MOVES_LATENCY,
      "Time by which the gate opens before the sound; it delays the output"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 0, 0,
      "Corner of the key signal's low cut of 12 dB per octave; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "sidechain-high-cut",
      "Side-chain high cut", "Hz", 0, 20000, 0, 0,
      "Corner of the key signal's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_BOOL (Params, listen, "sidechain-listen", "Listen to side chain", 0,
      0, "Output the key signal that the detector measures"),
  MIX_ROW_CHOICE (Params, source, "source", "Source", sources, 4,
      MIX_DETECTOR_MAX, 0,
      "Signal that the linked level is measured from; mid and side are those "
      "of the front pair, and the LFE is left out"),
  MIX_ROW_DOUBLE (Params, link_percent, "link", "Link", "%", 0, 100, 100, 0,
      "How far channels share one gain: 100 is one gain for all, 0 a gain for "
      "each"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLE (Readings, reduction_db, "gain-reduction", "Gain reduction",
      "dB", 0, 100, 0, 0,
      "The largest reduction of any channel since the last reading"),
  MIX_ROW_DOUBLE (Readings, input_db, "input-level", "Input level", "dBFS",
      -400, 200, -400, 0, "Highest sample since the last reading"),
  MIX_ROW_DOUBLE (Readings, open_percent, "open", "Open", "%", 0, 100, 0, 0,
      "Share of time since the last reading in which the sound was turned "
      "down by less than 1 dB"),
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
  MixGateLinker linker;
  MixLookAhead look_ahead;
  MixKeyMonitor monitor;

  float in_peak, key_peak; /* since the last read */
} Gate;

/* ---- Control ------------------------------------------------------------ */

/* Returns whether the detector gets another source. */
static bool
set_parts (Gate *self)
{
  const Params *p = &self->params;
  const MixDetectorParams detector = {
    .level = MIX_DETECTOR_PEAK,
    .source = p->source,
    .low_cut_hz = p->low_cut_hz,
    .high_cut_hz = p->high_cut_hz,
    .rms_window_ms = 10, /* not used */
  };
  mix_gate_linker_set (&self->linker, p);
  mix_key_monitor_set (&self->monitor, p->listen, p->source);
  self->has_new_params = false;
  return mix_detector_set (&self->detector, &detector);
}

/* Once a tick, while `moving`. */
static void
update (Gate *self)
{
  bool source_changes = self->has_new_params && set_parts (self);
  mix_gate_linker_tick (&self->linker, &self->detector, source_changes);
  mix_key_monitor_tick (&self->monitor);
  self->moving = !(mix_detector_is_still (&self->detector)
                   && mix_gate_linker_is_still (&self->linker)
                   && mix_key_monitor_is_still (&self->monitor));
}

/* ---- The stream --------------------------------------------------------- */

static void
raise_peak (
    const Gate *self, float *peak, const float *const *audio, unsigned n)
{
  for (unsigned c = 0; c < self->channels; c++)
    *peak = fmaxf (*peak, self->kernels->peak (audio[c], n));
}

static void
run_monitor (Gate *self, const MixSpan *span)
{
  for (unsigned c = 0; c < self->channels; c++)
    mix_look_ahead_read_key (
        &self->look_ahead, span, c, mix_key_monitor_row (&self->monitor, c));
  mix_key_monitor_run (&self->monitor, mix_detector_filter (&self->detector),
      span->offset, span->frames);
}

static void
process_span (Gate *self, const MixSpan *span)
{
  const unsigned n = span->frames;
  const bool monitors = mix_key_monitor_is_active (&self->monitor);
  float row[MIX_DETECTOR_SPAN];
  raise_peak (self, &self->in_peak, span->in, n);
  if (span->has_key)
    raise_peak (self, &self->key_peak, span->key, n);
  mix_detector_run (&self->detector, span->key, span->offset, n);
  mix_gate_linker_run (&self->linker, &self->detector, span->offset, n);
  const float *const *dry = mix_look_ahead_delay (&self->look_ahead, span);
  /* Its filters wait for the first sound that is audible. */
  if (monitors && !mix_look_ahead_skips (&self->look_ahead))
    run_monitor (self, span);
  for (unsigned c = 0; c < self->channels; c++) {
    const float *gain = mix_gate_linker_row (&self->linker, &self->detector, c);
    gain = mix_look_ahead_join (&self->look_ahead, c, gain, row, n);
    self->kernels->multiply (span->out[c], dry[c], gain, n);
  }
  if (monitors)
    mix_key_monitor_mix (&self->monitor, span->out, span->offset, n);
  mix_look_ahead_end_span (&self->look_ahead, n);
}

static void
gate_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Gate *self = instance;
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
gate_read (void *instance, void *readings)
{
  Gate *self = instance;
  Readings *r = readings;
  r->reduction_db = mix_gate_gain_read (&self->linker.gain);
  r->input_db = mix_db_from_gain (self->in_peak);
  r->open_percent = mix_gate_linker_read_open (&self->linker);
  r->key_db = mix_db_from_gain (self->key_peak);
  self->in_peak = self->key_peak = 0;
}

/* ---- Lifetime ----------------------------------------------------------- */

/* The look-ahead changes at once, all else at the next tick. */
static void
gate_set (void *instance, const void *params)
{
  Gate *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = self->moving = true;
  mix_look_ahead_set (&self->look_ahead,
      mix_frames_from_ms (self->params.look_ahead_ms, self->rate));
}

static unsigned
gate_latency (const void *instance)
{
  const Gate *self = instance;
  return mix_look_ahead_frames (&self->look_ahead);
}

static void
gate_reset (void *instance)
{
  Gate *self = instance;
  set_parts (self);
  mix_gate_linker_reset (&self->linker, &self->detector);
  mix_look_ahead_reset (&self->look_ahead);
  mix_key_monitor_reset (&self->monitor);
  mix_tick_reset (&self->tick);
  self->moving = false;
  self->in_peak = self->key_peak = 0;
}

static void
prepare_parts (Gate *self, const MixFormat *format, MixArena *arena)
{
  *self = (Gate){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .memory = arena->memory };
  mix_detector_prepare (&self->detector, format, arena);
  mix_gate_linker_prepare (&self->linker, format, arena);
  mix_look_ahead_prepare (
      &self->look_ahead, format, MOST_LOOK_AHEAD_MS, MIX_DETECTOR_SPAN, arena);
  mix_key_monitor_prepare (&self->monitor, format, arena);
}

static bool
gate_prepare (void *instance, const MixFormat *format, const void *params)
{
  Gate *self = instance, counted;
  MixArena arena = { 0 };
  prepare_parts (&counted, format, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  mix_free (self->memory);
  prepare_parts (self, format, &arena);
  gate_set (self, params);
  gate_reset (self);
  return true;
}

static void
gate_release (void *instance)
{
  Gate *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

/* Mono is its own mid. */
static void
gate_remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (p->source < MIX_DETECTOR_MID || mix_format_pairs (format, pairs) > 0)
    return;
  if (p->source == MIX_DETECTOR_SIDE)
    remarks->add (remarks,
        "there is no stereo pair and so no side to measure, the gate stays "
        "closed; set source to max, or make the sound stereo before "
        "(audioconvert ! audio/x-raw,channels=2)");
  else if (format->channels > 1)
    remarks->add (remarks,
        "there is no stereo pair and so no mid to measure, the loudest "
        "channel counts; set source to max or average, or give the channels "
        "places (audioconvert ! audio/x-raw,channels=2)");
}

const MixUnit mix_gate = {
  .name = "gate",
  .summary = "Turns down what is softer than a threshold: bleed, hum, noise",
  .size = sizeof (Gate),
  .flags = MIX_UNIT_KEY | MIX_UNIT_LOUD_WITHOUT_KEY,
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = gate_prepare,
  .set = gate_set,
  .reset = gate_reset,
  .process = gate_process,
  .read = gate_read,
  .latency = gate_latency,
  .remark = gate_remark,
  .release = gate_release,
};
