/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ducker: the sound steps back while another one, the key, is there.
 *
 *   input -+----------------------> look-ahead -> x -> speech band -> output
 *          |                         (delay)      ^        ^
 *          v                                      |        |
 *       loudness -> wanted reduction (loudness)   |        |
 *          ^                          |           |        |
 *   key ---+-> detector -------> gain (attack, ---+--------+
 *              (key filter)       hold, release)
 *
 *   parts/detector.h    key filter, envelope, linked power
 *   duck_gain.h         when it steps back, and how quickly
 *   duck_loudness.h     how far, to keep a distance in loudness
 *   speech_band.h       only where speech is understood
 *   parts/look_ahead.h  delay, join of gains when it changes
 *
 * All channels get one gain. Without a key the input is the key. Distances:
 * M. Torcoli et al., "Preferred Levels for Background Ducking to Produce
 * Esthetically Pleasing Audio for TV with Clear Speech", JAES 67, 2019.
 */
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../parts/detector.h"
#include "../../parts/look_ahead.h"
#include "../units.h"
#include "duck_gain.h"
#include "duck_loudness.h"
#include "speech_band.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixDuckParams Params;

typedef struct {
  double ducking_db, key_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 500.0

static const MixChoice modes[]
    = { { "gain", "Gain" }, { "loudness", "Loudness" }, { NULL, NULL } };
static const MixChoice bands[]
    = { { "full", "Full band" }, { "speech", "Speech" }, { NULL, NULL } };

static const MixRow params_rows[] = {
  MIX_ROW_CHOICE (Params, mode, "mode", "Mode", modes, 2, MIX_DUCK_GAIN, 0,
      "Step back by the depth, or as far as it takes to stay behind the key's "
      "loudness by a distance"),
  MIX_ROW_DOUBLE (Params, depth_db, "depth", "Depth", "dB", 0, 60, 12, 0,
      "How far the sound steps back; in loudness mode the most"),
  MIX_ROW_DOUBLE (Params, behind_lu, "behind", "Behind", "LU", 0, 30, 10, 0,
      "Loudness mode: the distance to the key's loudness; 10 suits music, 15 "
      "ambience"),
  MIX_ROW_DOUBLE (Params, threshold_db, "threshold", "Threshold", "dB", -80, 0,
      -45, 0,
      "Level of the key, in dBFS of a sine's peak, above which the sound steps "
      "back"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 1, 1000, 50, 0,
      "Time in which the reduction covers 63 % of its way down"),
  MIX_ROW_DOUBLE (Params, hold_ms, "hold", "Hold", "ms", 0, 5000, 400, 0,
      "Time for which the sound stays back after the key, so that it does not "
      "come up between words"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 10, 10000,
      800, 0, "Time in which the reduction covers 63 % of its way back"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 100, MIX_MOVES_LATENCY,
      "Time by which the sound steps back before the key is there; it delays "
      "the output"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 120, 0,
      "Corner of the key signal's low cut of 12 dB per octave; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "sidechain-high-cut",
      "Side-chain high cut", "Hz", 0, 20000, 6000, 0,
      "Corner of the key signal's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_CHOICE (Params, band, "band", "Band", bands, 2, MIX_DUCK_FULL, 0,
      "All of the sound steps back, or only 300 to 4000 Hz, by at most 48 dB"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLE (Readings, ducking_db, "ducking", "Ducking", "dB", 0, 60, 0, 0,
      "How far the sound has stepped back, the most since the last reading"),
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
  bool moving;           /* something is to be done at the next tick */
  MixSmoother to_speech; /* 0 … 1: share of the reduction in the speech band */

  MixDetector detector;
  MixDuckGain gain;
  MixDuckLoudness loudness;
  MixSpeechBand band;
  MixLookAhead look_ahead;

  float key_peak; /* since the last read */
} Duck;

/* ---- Control ------------------------------------------------------------ */

static void
set_parts (Duck *self)
{
  const Params *p = &self->params;
  const MixDetectorParams detector = {
    .level = MIX_DETECTOR_PEAK,
    .source = MIX_DETECTOR_MAX,
    .low_cut_hz = p->low_cut_hz,
    .high_cut_hz = p->high_cut_hz,
    .rms_window_ms = 10, /* not used */
  };
  mix_detector_set (&self->detector, &detector);
  mix_duck_gain_set (&self->gain, p);
  mix_smoother_set (&self->to_speech, p->band == MIX_DUCK_SPEECH);
  self->has_new_params = false;
}

static bool
uses_speech_band (const Duck *self)
{
  return self->to_speech.target > 0 || !mix_smoother_is_still (&self->to_speech)
         || mix_speech_band_is_active (&self->band);
}

/* Once a tick, while `moving`. */
static void
update (Duck *self)
{
  if (self->has_new_params)
    set_parts (self);
  mix_duck_gain_tick (&self->gain, !mix_detector_is_still (&self->detector));
  mix_detector_tick (&self->detector, false);
  mix_smoother_tick (&self->to_speech);
  mix_speech_band_tick (
      &self->band, self->to_speech.to * mix_duck_gain_now (&self->gain));
  self->moving = uses_speech_band (self)
                 || !mix_detector_is_still (&self->detector)
                 || !mix_duck_gain_is_still (&self->gain);
}

/* ---- The stream --------------------------------------------------------- */

/* From reductions to gains of the full band. */
static void
make_gains (const Duck *self, float *io, unsigned offset, unsigned n)
{
  MixRamp to_speech = mix_smoother_ramp (&self->to_speech);
  for (unsigned i = 0; i < n; i++)
    io[i] *= mix_ramp_at (to_speech, offset + i) - 1;
  self->kernels->gain_from_db (io, io, n);
}

/* Returns a row of gains. */
static const float *
run_gain (Duck *self, const MixSpan *span)
{
  const unsigned n = span->frames;
  const bool by_loudness = self->params.mode == MIX_DUCK_LOUDNESS;
  double wanted = by_loudness ? mix_duck_loudness_wanted (
                      &self->loudness, self->params.behind_lu)
                              : 0;
  float *row = mix_detector_linked (&self->detector);
  if (mix_duck_gain_run (
          &self->gain, row, by_loudness ? &wanted : NULL, span->offset, n))
    make_gains (self, row, span->offset, n);
  else
    for (unsigned i = 0; i < n; i++)
      row[i] = 1;
  if (by_loudness)
    mix_duck_loudness_run (&self->loudness, span->key, span->in, n,
        mix_duck_gain_is_active (&self->gain));
  return row;
}

static void
process_span (Duck *self, const MixSpan *span)
{
  const unsigned n = span->frames;
  float joined[MIX_DETECTOR_SPAN];
  for (unsigned c = 0; span->has_key && c < self->channels; c++)
    self->key_peak
        = fmaxf (self->key_peak, self->kernels->peak (span->key[c], n));
  mix_detector_run (&self->detector, span->key, span->offset, n);
  const float *gains = run_gain (self, span);
  MixSpan sound = *span;
  sound.has_key = false; /* nobody listens to it: no delay for the key */
  const float *const *dry = mix_look_ahead_delay (&self->look_ahead, &sound);
  for (unsigned c = 0; c < self->channels; c++) {
    const float *gain
        = mix_look_ahead_join (&self->look_ahead, c, gains, joined, n);
    self->kernels->multiply (span->out[c], dry[c], gain, n);
  }
  if (mix_speech_band_is_active (&self->band))
    mix_speech_band_run (&self->band, span->out, span->offset, n);
  mix_look_ahead_end_span (&self->look_ahead, n);
}

static unsigned
span_length (Duck *self, unsigned left)
{
  left = mix_look_ahead_span (
      &self->look_ahead, mix_min (left, MIX_DETECTOR_SPAN));
  if (self->params.mode == MIX_DUCK_LOUDNESS)
    left = mix_min (left, mix_duck_loudness_left (&self->loudness));
  return mix_tick_span_while (&self->tick, self->moving, left);
}

static void
duck_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Duck *self = instance;
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (self->moving && mix_tick_is_due (&self->tick))
      update (self);
    span.offset = self->tick.offset;
    span.frames = span_length (self, frames - at);
    mix_span_point (&span, self->channels, out, in, key, at);
    process_span (self, &span);
  }
}

static void
duck_read (void *instance, void *readings)
{
  Duck *self = instance;
  Readings *r = readings;
  r->ducking_db = mix_duck_gain_read (&self->gain);
  r->key_db = mix_db_from_gain (self->key_peak);
  self->key_peak = 0;
}

/* ---- Lifetime ----------------------------------------------------------- */

/* The look-ahead changes at once, all else at the next tick. */
static void
duck_set (void *instance, const void *params)
{
  Duck *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = self->moving = true;
  mix_look_ahead_set (&self->look_ahead,
      mix_frames_from_ms (self->params.look_ahead_ms, self->rate));
}

static unsigned
duck_latency (const void *instance)
{
  const Duck *self = instance;
  return mix_look_ahead_frames (&self->look_ahead);
}

/* Keeps what is known of the loudness of speech and music. */
static void
duck_flush (void *instance)
{
  Duck *self = instance;
  set_parts (self);
  mix_smoother_snap (&self->to_speech);
  mix_detector_reset (&self->detector, false);
  mix_duck_gain_reset (&self->gain);
  mix_duck_loudness_flush (&self->loudness);
  mix_speech_band_reset (&self->band);
  mix_look_ahead_reset (&self->look_ahead);
  mix_tick_reset (&self->tick);
  self->moving = uses_speech_band (self);
  self->key_peak = 0;
}

static void
duck_reset (void *instance)
{
  Duck *self = instance;
  mix_duck_loudness_reset (&self->loudness);
  duck_flush (self);
}

static void
prepare_parts (Duck *self, const MixFormat *format, MixArena *arena)
{
  *self = (Duck){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .memory = arena->memory };
  mix_smoother_prepare (&self->to_speech, format->rate, 5);
  mix_detector_prepare (&self->detector, format, arena);
  mix_duck_gain_prepare (&self->gain, format->rate);
  mix_duck_loudness_prepare (&self->loudness, format);
  mix_speech_band_prepare (&self->band, format, arena);
  mix_look_ahead_prepare (
      &self->look_ahead, format, MOST_LOOK_AHEAD_MS, MIX_DETECTOR_SPAN, arena);
}

static bool
duck_prepare (void *instance, const MixFormat *format, const void *params)
{
  Duck *self = instance, counted;
  MixArena arena = { 0 };
  prepare_parts (&counted, format, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  const bool goes_on = self->memory != NULL;
  const MixDuckLoudness known = self->loudness;
  mix_free (self->memory);
  prepare_parts (self, format, &arena);
  duck_set (self, params);
  duck_reset (self);
  if (goes_on)
    mix_duck_loudness_recall (&self->loudness, &known);
  return true;
}

static void
duck_release (void *instance)
{
  Duck *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

const MixUnit mix_duck = {
  .name = "duck",
  .summary = "Lets music step back while a voice speaks",
  .size = sizeof (Duck),
  .flags = MIX_UNIT_KEY,
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = duck_prepare,
  .set = duck_set,
  .reset = duck_reset,
  .flush = duck_flush,
  .process = duck_process,
  .read = duck_read,
  .latency = duck_latency,
  .release = duck_release,
};
