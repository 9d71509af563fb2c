/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness and peak meter: ITU-R BS.1770-5, EBU R 128, Tech 3341, Tech 3342.
 * The audio passes as it is.
 *
 * A step of parts/loudness.h ends every 10 ms; true peaks are looked for in
 * ticks of MIX_TICK frames, some ticks late, and only where bounds say that a
 * tick may be higher than what is known.
 *
 * Peaks, RMS and correlation are summed up in two stretches: since the last
 * reading, and since the start. A restart forgets both and all loudness, as if
 * the stream began there. Only true peaks are read across it, for the
 * signal goes on and has no edge there.
 */
#include <string.h>

#include "../base/maths.h"
#include "../base/memory.h"
#include "../parts/history.h"
#include "../parts/loudness.h"
#include "../parts/true_peak.h"
#include "../parts/weighted_power.h"
#include "units.h"

/* ---- Declaration -------------------------------------------------------- */

enum { LIVE, WHOLE_FILE };
enum { FROM_MASK, EQUAL };

typedef struct {
  int mode, channel_weights;
  bool reset, dual_mono;
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
static const MixChoice weights[] = { { "from-mask", "From the channel mask" },
  { "equal", "Equal" }, { NULL, NULL } };

static const MixRow rows[] = {
  MIX_ROW_CHOICE (MeterParams, mode, "mode", "Mode", modes, 2, LIVE, 0,
      "Peaks, RMS and correlation since the last reading (live) or since the "
      "start (file); loudness is the same in both"),
  MIX_ROW_BOOL (MeterParams, reset, "reset", "Reset", 0, MIX_TRIGGER,
      "Set it to true to start the measurement anew; it goes back to false"),
  MIX_ROW_CHOICE (MeterParams, channel_weights, "channel-weights",
      "Channel weights", weights, 2, FROM_MASK, 0,
      "How channels add up: surrounds 1.5 dB more and LFE not at all, by "
      "BS.1770 and the channel mask, or all the same"),
  MIX_ROW_BOOL (MeterParams, dual_mono, "dual-mono", "Dual mono", 0, 0,
      "Take one channel as played by two speakers: 3 LU more"),
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
      "Gated loudness since the start, -70 as long as there is none"),
  MIX_ROW_DOUBLE (MeterReadings, range_lu, "range", "Loudness range", "LU", 0,
      200, 0, 0, "Loudness range (LRA) since the start"),
  DB_ROW (true_peak_db, "true-peak", "True peak", "dBTP",
      "Highest peak between the samples of all channels"),
  DB_ROW (sample_peak_db, "sample-peak", "Sample peak", "dBFS",
      "Highest sample of all channels"),
  LUFS_ROW (max_momentary_lufs, "max-momentary", "Highest momentary loudness",
      MIX_LOUDNESS_FLOOR, "Highest momentary loudness since the start"),
  LUFS_ROW (max_short_term_lufs, "max-short-term",
      "Highest short-term loudness", MIX_LOUDNESS_FLOOR,
      "Highest short-term loudness since the start"),
  MIX_ROW_DOUBLE (MeterReadings, correlation, "correlation", "Correlation", "",
      -1, 1, 0, 0,
      "How alike front left and right are: 1 for mono, 0 for strangers and "
      "silence, -1 for opposites"),
  MIX_ROW_DOUBLES (MeterReadings, rms_db, "rms", "RMS", "dBFS", -400, 200, -400,
      0, "RMS level of each channel, a full-scale sine is -3.01"),
  MIX_ROW_DOUBLES (MeterReadings, peak_db, "peak", "Peak", "dBFS", -400, 200,
      -400, 0, "Highest sample of each channel"),
};

/* ---- Instance ----------------------------------------------------------- */

/* Ticks between the one that is examined and the newest. */
#define LAG 2
/* Ticks whose bends lie within reach of the detector. */
#define TICKS_BACK 5
/* Frames before the newest tick that are still read. */
#define KEEP 192

typedef struct {
  uint64_t frames;
  double square[MIX_MAX_CHANNELS];
  float peak[MIX_MAX_CHANNELS];
  double product; /* of the front pair */
  float true_peak;
} Stretch;

/* Of the newest ticks of one channel, the newest first. */
typedef struct {
  float peak[TICKS_BACK], bend[TICKS_BACK];
} Outline;

typedef struct {
  MixFormat format;
  void *memory;
  const MixKernels *kernels;
  MeterParams params;

  MixWeightedPower power;
  unsigned step_left; /* frames to the end of this step */
  MixLoudness loudness;

  Stretch now, whole;
  MeterReadings last; /* of a stretch with frames */

  MixTruePeak detector;
  MixHistory history;
  float *audio[MIX_MAX_CHANNELS];
  Outline outline[MIX_MAX_CHANNELS];
  unsigned fill; /* frames of the tick that is gathered */
  unsigned skip; /* ticks that began before a restart */
} Meter;

/* ---- Weights ------------------------------------------------------------ */

static void
set_weights (Meter *self)
{
  const MixFormat *format = &self->format;
  double *weight = self->power.weight;
  for (unsigned c = 0; c < format->channels; c++)
    weight[c] = self->params.channel_weights == EQUAL
                    ? 1
                    : mix_weighted_power_of_channel (format, c);
  if (format->channels == 1 && self->params.dual_mono)
    weight[0] *= 2;
}

/* ---- Start and restart -------------------------------------------------- */

static void
clear_stretch (Stretch *s, unsigned channels)
{
  s->frames = 0;
  s->product = 0;
  s->true_peak = 0;
  memset (s->square, 0, channels * sizeof *s->square);
  memset (s->peak, 0, channels * sizeof *s->peak);
}

static void
no_readings (MeterReadings *r, unsigned channels)
{
  r->true_peak_db = r->sample_peak_db = -400;
  r->correlation = 0;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++)
    r->rms_db.values[c] = r->peak_db.values[c] = -400;
}

static void
restart (Meter *self)
{
  unsigned channels = self->format.channels;
  mix_loudness_reset (&self->loudness);
  self->step_left = self->loudness.length;
  mix_weighted_power_reset (&self->power);
  clear_stretch (&self->now, channels);
  clear_stretch (&self->whole, channels);
  no_readings (&self->last, channels);
  self->skip = LAG + (self->fill > 0);
}

static void
meter_reset (void *instance)
{
  Meter *self = instance;
  unsigned channels = self->format.channels;
  self->fill = 0;
  restart (self);
  self->history.end = self->history.keep;
  for (unsigned c = 0; c < channels; c++) {
    memset (self->audio[c], 0, self->history.length * sizeof (float));
    self->outline[c] = (Outline){ 0 };
  }
}

static void
meter_set (void *instance, const void *params)
{
  Meter *self = instance;
  self->params = *(const MeterParams *)params;
  set_weights (self);
  if (self->params.reset)
    restart (self);
}

/* ---- Memory ------------------------------------------------------------- */

static void
meter_release (void *instance)
{
  Meter *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static bool
meter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Meter *self = instance;
  size_t bins = mix_loudness_bins () * sizeof (MixLoudnessBin);
  unsigned length = mix_history_length (KEEP, MIX_TICK);
  char *memory
      = mix_alloc (1, bins + format->channels * length * sizeof (float));
  if (!memory)
    return false;
  meter_release (self);
  self->memory = memory;
  self->format = *format;
  self->kernels = mix_kernels ();
  for (unsigned c = 0; c < format->channels; c++)
    self->audio[c] = (float *)(void *)(memory + bins) + c * length;
  mix_history_prepare (&self->history, length, KEEP);
  mix_true_peak_prepare (&self->detector);
  mix_weighted_power_prepare (&self->power, format);
  mix_loudness_prepare (
      &self->loudness, format->rate, (MixLoudnessBin *)(void *)memory);
  meter_set (self, params);
  meter_reset (self);
  return true;
}

/* ---- True peak ---------------------------------------------------------- */

static void
draw_outline (Meter *self, unsigned c)
{
  Outline *o = &self->outline[c];
  const float *x = self->audio[c] + self->history.end;
  memmove (o->peak + 1, o->peak, (TICKS_BACK - 1) * sizeof *o->peak);
  memmove (o->bend + 1, o->bend, (TICKS_BACK - 1) * sizeof *o->bend);
  self->kernels->peak_and_bend (x - MIX_TICK - 1, o->peak, o->bend);
}

/* Is nothing in the tick to be examined higher than what is known? */
static bool
is_below (const Meter *self, unsigned c, const float *x)
{
  const Outline *o = &self->outline[c];
  const MixTruePeak *tp = &self->detector;
  float level[MIX_TICK], bend = 0, known = self->now.true_peak;
  float peak = mix_larger (o->peak[LAG - 1], o->peak[LAG]);
  for (unsigned t = 0; t < TICKS_BACK; t++)
    bend = mix_larger (o->bend[t], bend);
  if (peak + tp->plain_bound * bend <= known)
    return true;
  self->kernels->coarse_peaks (&tp->taps, x, level);
  float coarse = MIX_TRUE_PEAK_SLACK * self->kernels->peak (level, MIX_TICK);
  return coarse + tp->plain_from_coarse * bend <= known;
}

static void
examine_tick (Meter *self, unsigned c)
{
  float level[MIX_TICK], plain[MIX_TICK];
  const float *x = self->audio[c] + self->history.end - (LAG + 1) * MIX_TICK;
  draw_outline (self, c);
  if (self->skip > 0 || is_below (self, c, x))
    return;
  self->kernels->fine_peaks (&self->detector.taps, x, level, plain);
  self->now.true_peak
      = mix_larger (self->kernels->peak (plain, MIX_TICK), self->now.true_peak);
}

static void
finish_tick (Meter *self)
{
  self->history.end += MIX_TICK;
  self->fill = 0;
  for (unsigned c = 0; c < self->format.channels; c++)
    examine_tick (self, c);
  self->skip -= self->skip > 0;
}

/* `in` of NULL is silence. */
static void
gather (Meter *self, const float *const *in, unsigned at, unsigned n)
{
  unsigned channels = self->format.channels;
  if (self->fill == 0)
    mix_history_make_room (&self->history, self->audio, channels, MIX_TICK);
  for (unsigned c = 0; c < channels; c++) {
    float *to = self->audio[c] + self->history.end + self->fill;
    if (in)
      memcpy (to, in[c] + at, n * sizeof *to);
    else
      memset (to, 0, n * sizeof *to);
  }
  self->fill += n;
}

/* ---- Loudness ----------------------------------------------------------- */

static void
finish_step (Meter *self)
{
  mix_loudness_step (&self->loudness, mix_weighted_power_take (&self->power));
  self->step_left = self->loudness.length;
}

static void
measure (Meter *self, const float *const *in, unsigned at, unsigned n)
{
  Stretch *now = &self->now;
  gather (self, in, at, n);
  mix_weighted_power_run (&self->power, in, at, n, now->square, &now->product);
  for (unsigned c = 0; c < self->format.channels; c++)
    now->peak[c]
        = mix_larger (self->kernels->peak (in[c] + at, n), now->peak[c]);
  now->frames += n;
  self->step_left -= n;
}

static void
meter_process (
    void *instance, float *const *out, const float *const *in, unsigned frames)
{
  Meter *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (frames - at, mix_min (MIX_TICK - self->fill, self->step_left));
    measure (self, in, at, n);
    if (self->step_left == 0)
      finish_step (self);
    if (self->fill == MIX_TICK)
      finish_tick (self);
  }
  for (unsigned c = 0; c < self->format.channels; c++)
    if (out[c] != in[c])
      memcpy (out[c], in[c], frames * sizeof *out[c]);
}

/* ---- Readings ----------------------------------------------------------- */

static void
add_stretch (Stretch *sum, const Stretch *s, unsigned channels)
{
  sum->frames += s->frames;
  sum->product += s->product;
  sum->true_peak = mix_larger (s->true_peak, sum->true_peak);
  for (unsigned c = 0; c < channels; c++) {
    sum->square[c] += s->square[c];
    sum->peak[c] = mix_larger (s->peak[c], sum->peak[c]);
  }
}

static double
correlation_of (const Meter *self, const Stretch *s)
{
  double left = s->square[self->power.pair[0].left];
  double right = s->square[self->power.pair[0].right];
  double scale = sqrt (left) * sqrt (right);
  return self->power.has_front && scale > 1e-20
             ? mix_clamp (s->product / scale, -1, 1)
             : 0;
}

static void
read_stretch (const Meter *self, const Stretch *s, MeterReadings *r)
{
  unsigned channels = self->format.channels;
  float peak = 0;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++) {
    double rms = sqrt (s->square[c] / (double)s->frames);
    r->rms_db.values[c] = mix_db_from_gain (rms);
    r->peak_db.values[c] = mix_db_from_gain ((double)s->peak[c]);
    peak = mix_larger (s->peak[c], peak);
  }
  r->sample_peak_db = mix_db_from_gain ((double)peak);
  r->true_peak_db = mix_db_from_gain ((double)mix_larger (s->true_peak, peak));
  r->correlation = correlation_of (self, s);
}

static void
read_loudness (MixLoudness *l, MeterReadings *r)
{
  r->momentary_lufs = mix_lufs_from_power (l->momentary);
  r->short_term_lufs = mix_lufs_from_power (l->short_term);
  r->max_momentary_lufs = mix_lufs_from_power (l->max_momentary);
  r->max_short_term_lufs = mix_lufs_from_power (l->max_short_term);
  r->integrated_lufs = mix_loudness_integrated (l);
  r->range_lu = mix_loudness_range (l);
}

static void
read_all (Meter *self, bool whole, MeterReadings *r)
{
  unsigned channels = self->format.channels;
  add_stretch (&self->whole, &self->now, channels);
  const Stretch *s = whole ? &self->whole : &self->now;
  if (s->frames > 0)
    read_stretch (self, s, &self->last);
  clear_stretch (&self->now, channels);
  read_loudness (&self->loudness, &self->last);
  *r = self->last;
}

static void
meter_read (void *instance, void *readings)
{
  Meter *self = instance;
  read_all (self, self->params.mode == WHOLE_FILE, readings);
}

/* What is still on its way to the detector has its peaks too. */
static void
meter_sum_up (void *instance, void *readings)
{
  Meter *self = instance;
  for (unsigned i = 0; i < LAG + 1; i++) {
    gather (self, NULL, 0, MIX_TICK - self->fill);
    finish_tick (self);
  }
  read_all (self, true, readings);
}

const MixUnit mix_meter = {
  .name = "meter",
  .summary = "Loudness, true peak and correlation by EBU R 128",
  .size = sizeof (Meter),
  .params = MIX_TABLE (rows, MeterParams),
  .readings = MIX_TABLE (reading_rows, MeterReadings),
  .prepare = meter_prepare,
  .set = meter_set,
  .reset = meter_reset,
  .process = meter_process,
  .read = meter_read,
  .sum_up = meter_sum_up,
  .release = meter_release,
};
