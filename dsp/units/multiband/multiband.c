/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Multiband compressor: 2 to 6 bands, each with a compressor of its own.
 *
 *   input -+-> band split -+-> look-ahead --------> x -> sum -> output
 *          |               |                        ^
 *          |               +-> band compressor -+   | gain, width
 *          |                                    v   |
 *          +-> loudness gate ---------------> coupling
 *
 *   band_split.h        crossovers
 *     minimum_split.h     in minimum phase: changes between split_filters.h
 *     linear_split.h      in linear phase: FIR filters of split_design.h
 *   band_compressor.h   from a band to its reduction, with the parts that
 *                       the compressor is made of
 *   loudness_gate.h     whether the input is quiet
 *   band_coupling.h     couple, and what the gate does to the reductions
 *   band_delay.h        look-ahead
 *   band_mixer.h        from reductions to gains; width, solo, mute, mix, sum
 *   band_rows.h         the samples of a span in bands
 *   multiband_params.h  the tables, and what follows from parameters alone
 *
 * The bands add up to an all-pass, or in linear phase to a delay. So does the
 * output as long as all bands have the same gain, and the dry path of `mix` is
 * that sum too.
 *
 * An LFE is left out of the detectors, and its bands have the gains of the
 * others, so that the balance holds.
 */
#include <string.h>

#include "../../base/memory.h"
#include "../units.h"
#include "band_compressor.h"
#include "band_coupling.h"
#include "band_delay.h"
#include "band_mixer.h"
#include "band_split.h"
#include "loudness_gate.h"

typedef MixMultibandParams Params;

/* ---- Readings ----------------------------------------------------------- */

typedef struct {
  MixDoubles reduction_db;
  double input_db, output_db;
} Readings;

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLES (Readings, reduction_db, "gain-reduction", "Gain reduction",
      "dB", -MIX_CURVE_MOST_BOOST, 80, 0, MIX_PER_BAND,
      "The largest reduction of each band since the last reading, without its "
      "gain: 6 means 6 dB softer, a boost is negative"),
  MIX_ROW_DOUBLE (Readings, input_db, "input-level", "Input level", "dBFS",
      -400, 200, -400, 0, "Highest sample since the last reading"),
  MIX_ROW_DOUBLE (Readings, output_db, "output-level", "Output level", "dBFS",
      -400, 310, -400, 0, "Highest sample since the last reading"),
};

/* ---- Instance ----------------------------------------------------------- */

typedef struct {
  const MixKernels *kernels;
  unsigned rate, channels;
  void *memory;

  Params params;
  bool has_new_params; /* for the parts, at the next tick */
  MixTick tick;
  bool moving;     /* something is to be done at the next tick */
  unsigned bands;  /* that are split */
  unsigned mixed;  /* at least those; more while they are in the look-ahead */
  unsigned linger; /* frames until they have left it */

  MixBandSplit split;
  MixBandCompressor compressors[MIX_MULTIBAND_MOST];
  MixLoudnessGate gate;
  MixBandCoupling coupling;
  MixBandDelay delay;
  MixBandMixer mixer;
  MixBandRows rows;

  float in_peak, out_peak; /* since the last read */
} Multiband;

/* ---- Control ------------------------------------------------------------ */

/* A band that comes into use starts without history; one that goes out of use
 * is mixed until it has left the look-ahead. */
static void
set_bands (Multiband *self)
{
  unsigned bands = mix_band_split_bands (&self->split);
  for (unsigned b = self->mixed; b < bands; b++) {
    mix_band_compressor_reset (&self->compressors[b]);
    mix_band_delay_clear (&self->delay, b);
  }
  if (bands < self->bands)
    self->linger = mix_band_delay_frames (&self->delay);
  self->bands = bands;
  if (bands > self->mixed || self->linger == 0)
    self->mixed = bands;
}

static void
set_parts (Multiband *self)
{
  const Params *p = &self->params;
  bool gates = p->gate_lufs > MIX_MULTIBAND_NO_GATE;
  mix_band_split_set (&self->split, p);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++) {
    const MixGainComputerParams computer
        = mix_multiband_computer (&p->bands[b]);
    mix_band_compressor_set (&self->compressors[b], &computer);
  }
  mix_loudness_gate_set (&self->gate, gates, p->gate_lufs);
  mix_band_coupling_set (&self->coupling, p);
  mix_band_mixer_set (&self->mixer, p);
  self->has_new_params = false;
}

static bool
parts_are_still (const Multiband *self)
{
  for (unsigned b = 0; b < self->mixed; b++)
    if (!mix_band_compressor_is_still (&self->compressors[b]))
      return false;
  return self->mixed == self->bands && mix_band_split_is_still (&self->split)
         && mix_loudness_gate_is_still (&self->gate)
         && mix_band_coupling_is_still (&self->coupling)
         && mix_band_mixer_is_still (&self->mixer);
}

/* Once a tick, while `moving`. */
static void
update (Multiband *self)
{
  if (self->has_new_params)
    set_parts (self);
  mix_band_split_tick (&self->split);
  set_bands (self);
  for (unsigned b = 0; b < self->mixed; b++)
    mix_band_compressor_tick (&self->compressors[b]);
  mix_loudness_gate_tick (&self->gate);
  mix_band_coupling_tick (&self->coupling);
  mix_band_mixer_tick (&self->mixer);
  self->moving = !parts_are_still (self);
}

/* ---- Stream ------------------------------------------------------------- */

static void
raise_peak (
    const Multiband *self, float *peak, const float *const *audio, unsigned n)
{
  for (unsigned c = 0; c < self->channels; c++)
    *peak = fmaxf (*peak, self->kernels->peak (audio[c], n));
}

static void
split_span (Multiband *self, const MixSpan *span)
{
  mix_band_split_run (
      &self->split, &self->rows, span->in, span->offset, span->frames);
  for (unsigned b = self->bands; b < self->mixed; b++)
    for (unsigned c = 0; c < self->channels; c++)
      memset (
          mix_band_row (&self->rows, b, c), 0, span->frames * sizeof (float));
}

static void
process_span (Multiband *self, const MixSpan *span)
{
  const unsigned n = span->frames, ahead = mix_band_delay_frames (&self->delay);
  float *rows[MIX_MULTIBAND_MOST][MIX_MAX_CHANNELS];
  float *reductions[MIX_MULTIBAND_MOST];
  raise_peak (self, &self->in_peak, span->in, n);
  mix_loudness_gate_run (&self->gate, span->in, n);
  split_span (self, span);
  for (unsigned b = 0; b < self->mixed; b++) {
    for (unsigned c = 0; c < self->channels; c++)
      rows[b][c] = mix_band_row (&self->rows, b, c);
    reductions[b] = mix_band_compressor_run (&self->compressors[b],
        (const float *const *)rows[b], ahead, span->offset, n);
  }
  mix_band_coupling_run (&self->coupling, reductions, self->mixed,
      mix_loudness_gate_share (&self->gate), span->offset, n);
  mix_band_mixer_begin (&self->mixer, span);
  for (unsigned b = 0; b < self->mixed; b++) {
    mix_band_delay_run (&self->delay, b, rows[b], n);
    mix_band_mixer_add (&self->mixer, b, rows[b], reductions[b], span);
  }
  mix_band_delay_end_span (&self->delay, n);
  mix_band_mixer_end (&self->mixer, span);
  self->linger -= mix_min (self->linger, n);
  raise_peak (self, &self->out_peak, (const float *const *)span->out, n);
}

static void
multiband_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Multiband *self = instance;
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (self->moving && mix_tick_is_due (&self->tick))
      update (self);
    span.offset = self->tick.offset;
    span.frames = mix_tick_span_while (
        &self->tick, self->moving, mix_min (frames - at, MIX_DETECTOR_SPAN));
    mix_span_point (&span, self->channels, out, in, key, at);
    process_span (self, &span);
  }
}

static void
multiband_read (void *instance, void *readings)
{
  Multiband *self = instance;
  Readings *r = readings;
  r->reduction_db.count = self->params.num_bands;
  for (unsigned b = 0; b < self->params.num_bands; b++)
    r->reduction_db.values[b]
        = b < self->mixed ? mix_band_mixer_read (&self->mixer, b) : 0;
  r->input_db = mix_db_from_gain ((double)self->in_peak);
  r->output_db = mix_db_from_gain ((double)self->out_peak);
  self->in_peak = self->out_peak = 0;
}

/* ---- Lifetime ----------------------------------------------------------- */

static void
multiband_set (void *instance, const void *params)
{
  Multiband *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = self->moving = true;
}

static unsigned
multiband_latency (const void *instance)
{
  const Multiband *self = instance;
  return mix_band_split_latency (&self->split)
         + mix_band_delay_frames (&self->delay);
}

/* Two periods of the lowest crossover: after so much silence its ringing is
 * over. */
static unsigned
multiband_tail (const void *instance)
{
  const Multiband *self = instance;
  return self->rate / 10 + 1;
}

static void
multiband_reset (void *instance)
{
  Multiband *self = instance;
  set_parts (self);
  mix_band_split_reset (&self->split);
  self->bands = self->mixed = mix_band_split_bands (&self->split);
  self->linger = 0;
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_band_compressor_reset (&self->compressors[b]);
  mix_loudness_gate_reset (&self->gate);
  mix_band_coupling_reset (&self->coupling);
  mix_band_delay_reset (&self->delay);
  mix_band_mixer_reset (&self->mixer);
  mix_tick_reset (&self->tick);
  self->moving = !parts_are_still (self);
  self->in_peak = self->out_peak = 0;
}

static void
prepare_parts (
    Multiband *self, const MixFormat *format, const Params *p, MixArena *arena)
{
  unsigned ahead = mix_frames_from_ms (p->look_ahead_ms, format->rate);
  *self = (Multiband){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .memory = arena->memory };
  mix_band_split_prepare (&self->split, format, p, arena);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    mix_band_compressor_prepare (&self->compressors[b], format, arena);
  mix_loudness_gate_prepare (&self->gate, format);
  mix_band_coupling_prepare (&self->coupling, format->rate);
  mix_band_delay_prepare (
      &self->delay, format->channels, ahead, MIX_DETECTOR_SPAN, arena);
  mix_band_mixer_prepare (&self->mixer, format);
  self->rows = mix_band_rows_take (format->channels, arena);
}

static bool
multiband_prepare (void *instance, const MixFormat *format, const void *params)
{
  Multiband *self = instance, counted;
  MixArena arena = { 0 };
  prepare_parts (&counted, format, params, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  mix_free (self->memory);
  prepare_parts (self, format, params, &arena);
  multiband_set (self, params);
  multiband_reset (self);
  return true;
}

static void
multiband_release (void *instance)
{
  Multiband *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

const MixUnit mix_multiband = {
  .name = "multiband",
  .summary = "Compresses low, middle and high sounds each on their own",
  .size = sizeof (Multiband),
  .params = { mix_multiband_rows, MIX_MULTIBAND_ROWS, sizeof (Params) },
  .readings = MIX_TABLE (reading_rows, Readings),
  .group = &mix_multiband_group,
  .defaults = mix_multiband_defaults,
  .prepare = multiband_prepare,
  .set = multiband_set,
  .reset = multiband_reset,
  .process = multiband_process,
  .read = multiband_read,
  .latency = multiband_latency,
  .tail = multiband_tail,
  .remark = mix_multiband_remark,
  .release = multiband_release,
};
