/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness and peak meter: ITU-R BS.1770-5, EBU R 128, Tech 3341, Tech 3342.
 *
 *   in ─┬──────────────────────────────────────────────────── out
 *       │
 *       ├─ weighted_power: K-weighting, square, channel weights
 *       │    │       │     and dual mono, sum
 *       │    │       │
 *       │    │     steps of 10 ms
 *       │    │       │
 *       │    │     loudness_meter: momentary, short-term,
 *       │    │                     integrated (gated), range
 *       │    │
 *       │  unweighted squares, product of the front pair
 *       │    │
 *       ├────┴─ channel_levels: sample peak, RMS, correlation
 *       │
 *       └─ true_peak_meter: ticks, bounds, interpolation
 *
 * Levels and peaks are kept for two intervals: since the last reading, and
 * since the start. A restart clears both and all loudness, as if the stream
 * began there. Only true peaks are measured across it, for the signal goes on
 * and has no edge there.
 *
 * Seeks and new formats do not end a programme. What is measured for each
 * channel (RMS, peaks, correlation) is lost when the channels are not the same.
 * A seek cuts the signal, and its edge is no true peak: levels interpolated
 * across it are discarded, the samples count.
 */
#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../parts/loudness_meter.h"
#include "../../parts/weighted_power.h"
#include "channel_levels.h"
#include "true_peak_meter.h"
#include "../units.h"

/* ---- Declaration -------------------------------------------------------- */

enum { LIVE, WHOLE_FILE };
enum { FROM_MASK, EQUAL };
enum { TRACK, WHOLE };

typedef struct {
  int mode, programme, channel_weights;
  bool pause, reset, dual_mono;
} MeterParams;

typedef struct {
  double momentary_lufs, short_term_lufs, integrated_lufs, range_lu;
  double true_peak_db, sample_peak_db;
  double max_momentary_lufs, max_short_term_lufs;
  double correlation;
  MixDoubles rms_db, peak_db;
} MeterReadings;

static const MixChoice modes[]
    = { { "live", "Live" }, { "file", "File" }, { NULL, NULL } };
static const MixChoice programmes[]
    = { { "track", "Track" }, { "whole", "Whole" }, { NULL, NULL } };
static const MixChoice weights[] = { { "from-mask", "From the channel mask" },
  { "equal", "Equal" }, { NULL, NULL } };

static const MixRow rows[] = {
  MIX_ROW_CHOICE (MeterParams, mode, "mode", "Mode", modes, 2, LIVE, 0,
      "Peaks, RMS and correlation since the last reading (live) or since the "
      "start (file); loudness is the same in both"),
  MIX_ROW_CHOICE (MeterParams, programme, "programme", "Programme", programmes,
      2, TRACK, 0,
      "What one measurement covers: each track by itself, or the whole stream; "
      "new caps and seeks end neither"),
  MIX_ROW_BOOL (MeterParams, pause, "pause", "Pause", 0, 0,
      "Stand-by until it is false again: momentary and short-term follow the "
      "signal, all other readings keep their values"),
  MIX_ROW_BOOL (MeterParams, reset, "reset", "Reset", 0, MIX_TRIGGER,
      "Set it to true to restart the measurement; it returns to false"),
  MIX_ROW_CHOICE (MeterParams, channel_weights, "channel-weights",
      "Channel weights", weights, 2, FROM_MASK, 0,
      "Weights in the sum of channels: by BS.1770 and the channel mask "
      "(surrounds +1.5 dB, no LFE), or all equal"),
  MIX_ROW_BOOL (MeterParams, dual_mono, "dual-mono", "Dual mono", 0, 0,
      "Count a single channel as played by two speakers: 3 LU more"),
};

#define LUFS_ROW(MEMBER, NAME, LABEL, LOW, BLURB)                              \
  MIX_ROW_DOUBLE (                                                             \
      MeterReadings, MEMBER, NAME, LABEL, "LUFS", LOW, 400, LOW, 0, BLURB)
#define DB_ROW(MEMBER, NAME, LABEL, UNIT, BLURB)                               \
  MIX_ROW_DOUBLE (                                                             \
      MeterReadings, MEMBER, NAME, LABEL, UNIT, -400, 200, -400, 0, BLURB)

static const MixRow reading_rows[] = {
  LUFS_ROW (momentary_lufs, "momentary", "Momentary loudness",
      MIX_LOUDNESS_FLOOR, "Loudness of the last 400 ms"),
  LUFS_ROW (short_term_lufs, "short-term", "Short-term loudness",
      MIX_LOUDNESS_FLOOR, "Loudness of the last 3 s"),
  LUFS_ROW (integrated_lufs, "integrated", "Integrated loudness",
      MIX_LOUDNESS_GATE,
      "Gated loudness since the start, -70 if nothing passed the gate"),
  MIX_ROW_DOUBLE (MeterReadings, range_lu, "range", "Loudness range", "LU", 0,
      200, 0, 0, "Loudness range (LRA) since the start"),
  DB_ROW (true_peak_db, "true-peak", "True peak", "dBTP",
      "Highest interpolated peak of all channels"),
  DB_ROW (sample_peak_db, "sample-peak", "Sample peak", "dBFS",
      "Highest sample of all channels"),
  LUFS_ROW (max_momentary_lufs, "max-momentary", "Highest momentary loudness",
      MIX_LOUDNESS_FLOOR, "Highest momentary loudness since the start"),
  LUFS_ROW (max_short_term_lufs, "max-short-term",
      "Highest short-term loudness", MIX_LOUDNESS_FLOOR,
      "Highest short-term loudness since the start"),
  MIX_ROW_DOUBLE (MeterReadings, correlation, "correlation", "Correlation", "",
      -1, 1, 0, 0,
      "Of front left and right: 1 identical, 0 uncorrelated or silent, -1 "
      "opposite polarity"),
  MIX_ROW_DOUBLES (MeterReadings, rms_db, "rms", "RMS", "dBFS", -400, 200, -400,
      0, "RMS level of each channel, a full-scale sine is -3.01"),
  MIX_ROW_DOUBLES (MeterReadings, peak_db, "peak", "Peak", "dBFS", -400, 200,
      -400, 0, "Highest sample of each channel"),
};

/* ---- Instance ----------------------------------------------------------- */

typedef struct {
  MixFormat format;
  MixLoudnessBin *bins;
  float *memory;
  const MixKernels *kernels;
  MeterParams params;

  MixWeightedPower power;
  MixLoudness loudness;
  MixChannelLevels recent, whole; /* since the last reading, and before it */
  MixTruePeakMeter true_peak;
  MeterReadings last; /* of an interval with frames */
} Meter;

/* ---- Start and restart -------------------------------------------------- */

static void
clear_channel_readings (MeterReadings *r, unsigned channels)
{
  r->correlation = 0;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++)
    r->rms_db.values[c] = r->peak_db.values[c] = -400;
}

/* All but the true peak. */
static void
restart (Meter *self)
{
  unsigned channels = self->format.channels;
  mix_loudness_reset (&self->loudness);
  mix_weighted_power_reset (&self->power);
  mix_channel_levels_clear (&self->recent, channels);
  mix_channel_levels_clear (&self->whole, channels);
  self->last.true_peak_db = self->last.sample_peak_db = -400;
  clear_channel_readings (&self->last, channels);
}

static void
meter_reset (void *instance)
{
  Meter *self = instance;
  mix_true_peak_meter_reset (&self->true_peak);
  restart (self);
}

static void
meter_flush (void *instance)
{
  Meter *self = instance;
  mix_true_peak_meter_flush (&self->true_peak);
  mix_weighted_power_reset (&self->power);
  mix_loudness_flush (&self->loudness);
}

static void
meter_set (void *instance, const void *params)
{
  Meter *self = instance;
  const MeterParams *p = params;
  self->params = *p;
  mix_weighted_power_set_weights (
      &self->power, &self->format, p->channel_weights == EQUAL, p->dual_mono);
  /* The incomplete step before the change is discarded. */
  if (mix_loudness_pause (&self->loudness, p->pause))
    mix_weighted_power_take (&self->power);
  mix_true_peak_meter_pause (&self->true_peak, p->pause);
  if (p->reset) {
    mix_true_peak_meter_restart (&self->true_peak);
    restart (self);
  }
}

static bool
meter_track_ends (const void *instance)
{
  const Meter *self = instance;
  return self->params.programme == TRACK;
}

/* ---- Memory ------------------------------------------------------------- */

static void
meter_release (void *instance)
{
  Meter *self = instance;
  mix_free (self->bins);
  mix_free (self->memory);
  self->bins = NULL;
  self->memory = NULL;
}

/* The measurement outlives the format: its memory is the same for all. */
static bool
allocate (Meter *self, const MixFormat *format)
{
  size_t length = mix_true_peak_meter_memory (format->channels);
  MixLoudnessBin *bins = self->bins;
  float *memory = mix_alloc (length, sizeof *memory);
  if (!bins)
    bins = mix_alloc (mix_loudness_bins (), sizeof *bins);
  if (!memory || !bins) {
    mix_free (memory);
    if (!self->bins)
      mix_free (bins);
    return false;
  }
  mix_free (self->memory);
  self->memory = memory;
  self->bins = bins;
  return true;
}

/* The measurement continues in another format. */
static void
change_format (Meter *self, const MixFormat *old, const MixFormat *new)
{
  mix_loudness_change_rate (&self->loudness, new->rate);
  mix_channel_levels_change_format (&self->recent, old, new);
  mix_channel_levels_change_format (&self->whole, old, new);
  if (!mix_format_has_same_channels (old, new))
    clear_channel_readings (&self->last, new->channels);
}

static bool
meter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Meter *self = instance;
  MixFormat old = self->format;
  bool continues = self->memory != NULL;
  if (!allocate (self, format))
    return false;
  self->format = *format;
  self->kernels = mix_kernels ();
  mix_true_peak_meter_prepare (
      &self->true_peak, format->channels, self->memory);
  mix_weighted_power_prepare (&self->power, format);
  if (continues)
    change_format (self, &old, format);
  else
    mix_loudness_prepare (&self->loudness, format->rate, self->bins);
  meter_set (self, params);
  if (continues)
    meter_flush (self);
  else
    meter_reset (self);
  return true;
}

/* ---- Processing --------------------------------------------------------- */

/* In a pause only the windows of momentary and short-term loudness move. */
static void
measure (Meter *self, const float *const *in, unsigned at, unsigned n)
{
  if (self->params.pause) {
    MixPlainPower unused = { 0 };
    mix_weighted_power_run (&self->power, in, at, n, &unused);
  } else {
    mix_weighted_power_run (&self->power, in, at, n,
        mix_channel_levels_add (
            &self->recent, self->kernels, in, self->format.channels, at, n));
  }
}

static void
meter_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Meter *self = instance;
  MixTruePeakMeter *true_peak = &self->true_peak;
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (frames - at, mix_min (mix_true_peak_meter_left (true_peak),
                                  mix_loudness_left (&self->loudness)));
    mix_true_peak_meter_collect (true_peak, in, at, n);
    measure (self, in, at, n);
    if (mix_loudness_advance (&self->loudness, n))
      mix_loudness_step (
          &self->loudness, mix_weighted_power_take (&self->power));
    if (mix_true_peak_meter_left (true_peak) == 0)
      mix_true_peak_meter_finish_tick (true_peak);
  }
  for (unsigned c = 0; c < self->format.channels; c++)
    if (out[c] != in[c])
      memcpy (out[c], in[c], frames * sizeof *out[c]);
}

/* ---- Readings ----------------------------------------------------------- */

static void
read_channels (const Meter *self, const MixChannelLevels *l, MeterReadings *r)
{
  const MixPair *front = mix_weighted_power_front (&self->power);
  unsigned channels = self->format.channels;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++) {
    r->rms_db.values[c] = mix_channel_levels_rms_db (l, c);
    r->peak_db.values[c] = mix_channel_levels_peak_db (l, c);
  }
  r->correlation = front ? mix_channel_levels_correlation (l, front) : 0;
}

static void
read_levels (const Meter *self, const MixChannelLevels *l, float true_peak,
    MeterReadings *r)
{
  float peak = mix_channel_levels_highest (l, self->format.channels);
  r->sample_peak_db = mix_db_from_gain ((double)peak);
  r->true_peak_db = mix_db_from_gain ((double)mix_larger (true_peak, peak));
  if (mix_channel_levels_has_channels (l))
    read_channels (self, l, r);
}

static void
read_loudness (MixLoudness *loudness, MeterReadings *r)
{
  MixLoudnessReadings l = mix_loudness_read (loudness);
  r->momentary_lufs = l.momentary_lufs;
  r->short_term_lufs = l.short_term_lufs;
  r->max_momentary_lufs = l.max_momentary_lufs;
  r->max_short_term_lufs = l.max_short_term_lufs;
  r->integrated_lufs = l.integrated_lufs;
  r->range_lu = l.range_lu;
}

/* Of the whole, or since the last reading. An interval without frames leaves
 * the readings of the one before. */
static void
read_all (Meter *self, bool whole, MeterReadings *r)
{
  unsigned channels = self->format.channels;
  float true_peak = mix_true_peak_meter_take (&self->true_peak, whole);
  mix_channel_levels_join (&self->whole, &self->recent, channels);
  const MixChannelLevels *levels = whole ? &self->whole : &self->recent;
  if (mix_channel_levels_has_frames (levels))
    read_levels (self, levels, true_peak, &self->last);
  mix_channel_levels_clear (&self->recent, channels);
  read_loudness (&self->loudness, &self->last);
  *r = self->last;
}

static void
meter_read (void *instance, void *readings)
{
  Meter *self = instance;
  read_all (self, self->params.mode == WHOLE_FILE, readings);
}

static void
meter_sum_up (void *instance, void *readings)
{
  Meter *self = instance;
  mix_true_peak_meter_drain (&self->true_peak);
  read_all (self, true, readings);
}

const MixUnit mix_meter = {
  .name = "meter",
  .summary = "Loudness, true peak and correlation by EBU R 128",
  .size = sizeof (Meter),
  .flags = MIX_UNIT_TRANSPARENT,
  .params = MIX_TABLE (rows, MeterParams),
  .readings = MIX_TABLE (reading_rows, MeterReadings),
  .prepare = meter_prepare,
  .set = meter_set,
  .reset = meter_reset,
  .flush = meter_flush,
  .process = meter_process,
  .read = meter_read,
  .sum_up = meter_sum_up,
  .track_ends = meter_track_ends,
  .release = meter_release,
};
