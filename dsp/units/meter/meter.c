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
 *
 * Seeks and new formats end no programme. What is summed up by channel (RMS,
 * peaks, correlation) is lost when the channels are others. A seek cuts the
 * signal, and that edge is nobody's true peak: what the detector reads across
 * it does not count, the samples there do.
 */
#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../parts/history.h"
#include "../../parts/loudness.h"
#include "../../parts/true_peak.h"
#include "../../parts/weighted_power.h"
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
      "What is one measurement: each track by itself, or the whole of all that "
      "comes; new caps and seeks end neither"),
  MIX_ROW_BOOL (MeterParams, pause, "pause", "Pause", 0, 0,
      "Measure nothing until it is false again: momentary and short-term go on "
      "showing what plays, all else stands still"),
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
/* Ticks that the detector examines with frames of LAG ticks before them. */
#define TICKS_ACROSS LAG

typedef struct {
  /* By channel, and how long they have been what they are. */
  double frames; /* at the rate of now */
  double square[MIX_MAX_CHANNELS];
  float peak[MIX_MAX_CHANNELS];
  double product; /* of the front pair */
  /* Of all channels, also of those that were there before. */
  float lost_peak, true_peak;
} Stretch;

/* Of the newest ticks of one channel, the newest first. */
typedef struct {
  float peak[TICKS_BACK], bend[TICKS_BACK];
} Outline;

typedef struct {
  MixFormat format;
  MixLoudnessBin *bins;
  float *memory;
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
  unsigned fill;    /* frames of the tick that is gathered */
  unsigned skip;    /* ticks that do not count, this one the first of them */
  unsigned skipped; /* bit n: nor does the one n ticks before this */
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
clear_channels (Stretch *s, unsigned channels)
{
  s->frames = 0;
  s->product = 0;
  memset (s->square, 0, channels * sizeof *s->square);
  memset (s->peak, 0, channels * sizeof *s->peak);
}

static void
clear_stretch (Stretch *s, unsigned channels)
{
  clear_channels (s, channels);
  s->lost_peak = s->true_peak = 0;
}

static void
no_channel_readings (MeterReadings *r, unsigned channels)
{
  r->correlation = 0;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++)
    r->rms_db.values[c] = r->peak_db.values[c] = -400;
}

static void
no_readings (MeterReadings *r, unsigned channels)
{
  r->true_peak_db = r->sample_peak_db = -400;
  no_channel_readings (r, channels);
}

/* Nothing of the ticks that are gathered or wait to be examined counts. */
static void
skip_pending (Meter *self)
{
  self->skip = self->fill > 0;
  self->skipped = ~0u;
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
  skip_pending (self);
}

static void
forget_audio (Meter *self)
{
  self->fill = 0;
  skip_pending (self);
  self->history.end = self->history.keep;
  for (unsigned c = 0; c < self->format.channels; c++) {
    memset (self->audio[c], 0, self->history.length * sizeof (float));
    self->outline[c] = (Outline){ 0 };
  }
}

static void
meter_reset (void *instance)
{
  Meter *self = instance;
  forget_audio (self);
  restart (self);
}

static void
meter_flush (void *instance)
{
  Meter *self = instance;
  forget_audio (self);
  self->skip = TICKS_ACROSS;
  mix_weighted_power_reset (&self->power);
  mix_loudness_flush (&self->loudness);
  self->step_left = self->loudness.length;
}

/* What of this step came before the change is not measured, nor is it shown. */
static void
pause (Meter *self, bool is_paused)
{
  if (is_paused == self->loudness.is_paused)
    return;
  mix_loudness_pause (&self->loudness, is_paused);
  mix_weighted_power_take (&self->power);
  self->step_left = self->loudness.length;
  if (!is_paused && self->skip == 0)
    self->skip = self->fill > 0;
}

static void
meter_set (void *instance, const void *params)
{
  Meter *self = instance;
  self->params = *(const MeterParams *)params;
  set_weights (self);
  pause (self, self->params.pause);
  if (self->params.reset)
    restart (self);
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

/* The account outlives the format: its memory is the same for all. */
static bool
allocate (Meter *self, const MixFormat *format, unsigned length)
{
  MixLoudnessBin *bins = self->bins;
  float *memory = mix_alloc (format->channels, length * sizeof *memory);
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

static bool
has_same_channels (const MixFormat *a, const MixFormat *b)
{
  return a->channels == b->channels
         && memcmp (a->speakers, b->speakers, a->channels * sizeof *a->speakers)
                == 0;
}

static float
highest_sample (const Stretch *s, unsigned channels)
{
  float peak = s->lost_peak;
  for (unsigned c = 0; c < channels; c++)
    peak = mix_larger (s->peak[c], peak);
  return peak;
}

static void
carry_stretch (Stretch *s, const MixFormat *old, const MixFormat *new)
{
  double ratio = (double)new->rate / old->rate;
  if (!has_same_channels (old, new)) {
    s->lost_peak = highest_sample (s, old->channels);
    clear_channels (s, new->channels);
  }
  s->frames *= ratio;
  s->product *= ratio;
  for (unsigned c = 0; c < new->channels; c++)
    s->square[c] *= ratio;
}

/* The account goes on in another format. */
static void
carry_on (Meter *self, const MixFormat *old, const MixFormat *new)
{
  mix_loudness_change_rate (&self->loudness, new->rate);
  carry_stretch (&self->now, old, new);
  carry_stretch (&self->whole, old, new);
  if (!has_same_channels (old, new))
    no_channel_readings (&self->last, new->channels);
}

static bool
meter_prepare (void *instance, const MixFormat *format, const void *params)
{
  Meter *self = instance;
  MixFormat old = self->format;
  unsigned length = mix_history_length (KEEP, MIX_TICK);
  bool goes_on = self->memory != NULL;
  if (!allocate (self, format, length))
    return false;
  self->format = *format;
  self->kernels = mix_kernels ();
  for (unsigned c = 0; c < format->channels; c++)
    self->audio[c] = self->memory + c * length;
  mix_history_prepare (&self->history, length, KEEP);
  mix_true_peak_prepare (&self->detector);
  mix_weighted_power_prepare (&self->power, format);
  if (goes_on)
    carry_on (self, &old, format);
  else
    mix_loudness_prepare (&self->loudness, format->rate, self->bins);
  meter_set (self, params);
  if (goes_on)
    meter_flush (self);
  else
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
  if ((self->skipped >> LAG & 1) || is_below (self, c, x))
    return;
  self->kernels->fine_peaks (&self->detector.taps, x, level, plain);
  self->now.true_peak
      = mix_larger (self->kernels->peak (plain, MIX_TICK), self->now.true_peak);
}

static void
finish_tick (Meter *self)
{
  bool counts = self->skip == 0 && !self->params.pause;
  self->history.end += MIX_TICK;
  self->fill = 0;
  self->skipped = self->skipped << 1 | !counts;
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
  mix_weighted_power_run (&self->power, in, at, n, now->square, &now->product);
  for (unsigned c = 0; c < self->format.channels; c++)
    now->peak[c]
        = mix_larger (self->kernels->peak (in[c] + at, n), now->peak[c]);
  now->frames += n;
}

/* Only what the windows of momentary and short-term loudness need. */
static void
watch (Meter *self, const float *const *in, unsigned at, unsigned n)
{
  double square[MIX_MAX_CHANNELS] = { 0 }, product = 0;
  mix_weighted_power_run (&self->power, in, at, n, square, &product);
}

static void
meter_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Meter *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    n = mix_min (frames - at, mix_min (MIX_TICK - self->fill, self->step_left));
    gather (self, in, at, n);
    if (self->params.pause)
      watch (self, in, at, n);
    else
      measure (self, in, at, n);
    self->step_left -= n;
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
  sum->lost_peak = mix_larger (s->lost_peak, sum->lost_peak);
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
  float peak = highest_sample (s, channels);
  r->sample_peak_db = mix_db_from_gain ((double)peak);
  r->true_peak_db = mix_db_from_gain ((double)mix_larger (s->true_peak, peak));
  if (!(s->frames > 0))
    return;
  r->rms_db.count = r->peak_db.count = channels;
  for (unsigned c = 0; c < channels; c++) {
    double rms = sqrt (s->square[c] / s->frames);
    r->rms_db.values[c] = mix_db_from_gain (rms);
    r->peak_db.values[c] = mix_db_from_gain ((double)s->peak[c]);
  }
  r->correlation = correlation_of (self, s);
}

/* Something was heard, in whatever format. */
static bool
is_of_something (const Stretch *s)
{
  return s->frames > 0 || s->lost_peak > 0;
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
  if (is_of_something (s))
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
