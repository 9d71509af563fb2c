/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compressor: feed-forward, log domain, ballistics on the gain reduction (D.
 * Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor
 * Design - A Tutorial and Analysis", JAES 60, 2012).
 *
 *   side chain -> cuts -> envelope -> link -> dB -> curve -> ballistics -> gain
 *
 * The envelope is that of parts/quadrature.h, and never less than the samples
 * themselves. It reads a sine's amplitude without ripple, so the static curve
 * holds at any frequency, and attack and release mean what they say: the
 * envelope itself takes about a quarter of a cycle to see a step, which is all
 * that is added. Both detectors read a sine as its peak in dBFS: for RMS that
 * is the convention of AES17 (0 dBFS is the RMS of a full-scale sine).
 *
 * The LFE channel is not listened to and moves with the common gain, whatever
 * `link` is, so that the balance holds.
 */
#include "compressor.h"

#include <string.h>

#include "../../base/memory.h"
#include "../units.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixCompParams Params;

typedef struct {
  double reduction_db, input_db, output_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 20.0
/* See compressor_gain.c: more than half a cycle of 20 Hz. */
#define QUIET_MS 30.0
#define JOIN_MS 5.0

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
      "Level above which the gain is reduced (upward: under which it "
      "is raised), in dBFS of a sine's peak"),
  MIX_ROW_DOUBLE (Params, ratio, "ratio", "Ratio", "", 1,
      MIX_COMP_INFINITE_RATIO, 4, 0,
      "Change of the input level that changes the output by one dB beyond the "
      "threshold; the largest value means infinite"),
  MIX_ROW_DOUBLE (Params, knee_db, "knee", "Knee", "dB", 0, 48, 6, 0,
      "Width of the soft transition around the threshold"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 0.01, 500, 10, 0,
      "Time in which 63 % of a higher reduction are reached; sound itself "
      "takes a quarter of a cycle to show its level. A boost is let go at "
      "once"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 1, 5000, 100,
      0, "Time in which 63 % of a reduction are taken back"),
  MIX_ROW_DOUBLE (Params, hold_ms, "hold", "Hold", "ms", 0, 1000, 0, 0,
      "Time for which a reduction stays before it is released"),
  MIX_ROW_BOOL (Params, auto_release, "auto-release", "Auto release", 0, 0,
      "Release at the time set after short peaks and up to ten times slower "
      "after long loud passages"),
  MIX_ROW_CHOICE (Params, mode, "mode", "Mode", modes, 3, MIX_COMP_DOWNWARD, 0,
      "Reduce what is above the threshold, raise what is under it (by at most "
      "24 dB), or both"),
  MIX_ROW_CHOICE (Params, detector, "detector", "Detector", detectors, 2,
      MIX_COMP_PEAK, 0,
      "Whether the envelope or its power over a window "
      "counts; both read a sine as its peak level (AES17)"),
  MIX_ROW_DOUBLE (Params, rms_window_ms, "rms-window", "RMS window", "ms", 1,
      250, 10, 0, "Length over which the RMS detector averages power"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 0, MIX_MOVES_LATENCY,
      "Time by which the gain moves ahead of the sound"),
  MIX_ROW_DOUBLE (Params, link_percent, "link", "Link", "%", 0, 100, 100, 0,
      "How far channels share one gain: all at 100, none at 0"),
  MIX_ROW_CHOICE (Params, source, "source", "Source", sources, 4, MIX_COMP_MAX,
      0,
      "What the common gain listens to; mid and side are those of the front "
      "pair, and the LFE is never listened to"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 0, 0,
      "Corner of the detector's low cut of 12 dB per "
      "octave; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "sidechain-high-cut",
      "Side-chain high cut", "Hz", 0, 20000, 0, 0,
      "Corner of the detector's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_BOOL (Params, listen, "sidechain-listen", "Listen to side chain", 0,
      0, "Output what the detector hears"),
  MIX_ROW_DOUBLE (Params, range_db, "range", "Range", "dB", 0, 80, 80, 0,
      "The most that the gain is reduced or raised"),
  MIX_ROW_DOUBLE (Params, floor_db, "floor", "Floor", "dBFS", -120, -20, -60, 0,
      "Level under which nothing is raised, so that a room stays as quiet as "
      "it "
      "is; the whole boost is there from 12 dB above it on"),
  MIX_ROW_DOUBLE (Params, makeup_db, "makeup", "Make-up", "dB", -24, 48, 0, 0,
      "Gain after compression"),
  MIX_ROW_BOOL (Params, auto_makeup, "auto-makeup", "Auto make-up", 0, 0,
      "Add half the reduction that a full-scale sine would meet to the "
      "make-up gain"),
  MIX_ROW_DOUBLE (Params, mix_percent, "mix", "Mix", "%", 0, 100, 100, 0,
      "Share of the compressed sound; the rest is the input at the same time"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLE (Readings, reduction_db, "gain-reduction", "Gain reduction",
      "dB", -MIX_CURVE_MOST_BOOST, 80, 0, 0,
      "The largest reduction of any channel since the last reading, make-up "
      "left out: 6 means 6 dB softer, a boost is negative"),
  MIX_ROW_DOUBLE (Readings, input_db, "input-level", "Input level", "dBFS",
      -400, 200, -400, 0, "Highest sample since the last reading"),
  MIX_ROW_DOUBLE (Readings, output_db, "output-level", "Output level", "dBFS",
      -400, 280, -400, 0, "Highest sample since the last reading"),
};

/* ---- The stream --------------------------------------------------------- */

/* The input at the time of the output, in `out`; or the input itself. */
static const float *const *
delay_input (
    MixCompressor *self, float *const *out, const float *const *in, unsigned n)
{
  if (self->latency == 0)
    return in;
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *ring = self->memory.rings + (size_t)c * self->ring_length;
    mix_delay_line_write (&self->delay, ring, in[c], n);
    mix_delay_line_read (&self->delay, ring, out[c], self->latency, n);
  }
  mix_delay_line_advance (&self->delay, n);
  return (const float *const *)out;
}

static void
raise_peak (const MixCompressor *self, float *peak, const float *const *audio,
    unsigned n)
{
  for (unsigned c = 0; c < self->format.channels; c++)
    *peak = fmaxf (*peak, self->kernels->peak (audio[c], n));
}

/* The gains of a channel; within the first frames after a new look-ahead on a
 * raised cosine from where they were. */
static const float *
join_gains (MixCompressor *self, unsigned channel, unsigned n)
{
  const MixCompJoin *join = &self->join;
  const float *gain = mix_comp_gain_row (self, channel);
  float *row = mix_comp_spare_row (self, 0), last = join->last[channel];
  self->now_gain[channel] = gain[n - 1];
  if (join->left == 0 || join->skip > 0)
    return gain;
  for (unsigned i = 0; i < n; i++) {
    double at = (double)(join->left - i) / self->join_length;
    float share = (float)(0.5 - 0.5 * cos (MIX_PI * at));
    row[i] = gain[i] + (last - gain[i]) * share;
  }
  self->now_gain[channel] = row[n - 1];
  return row;
}

/* `n` is not more than lies before either. */
static void
pass_join (MixCompJoin *join, unsigned n)
{
  if (join->skip > 0)
    join->skip -= n;
  else if (join->left > 0)
    join->left -= n;
}

static unsigned
join_span (const MixCompJoin *join, unsigned n)
{
  if (join->skip > 0)
    return mix_min (n, join->skip);
  return join->left > 0 ? mix_min (n, join->left) : n;
}

static void
process_span (
    MixCompressor *self, float *const *out, const float *const *in, unsigned n)
{
  raise_peak (self, &self->in_peak, in, n);
  mix_comp_find_pauses (self, in, n);
  mix_comp_measure (self, in, n);
  mix_comp_make_gains (self, n);
  const float *const *dry = delay_input (self, out, in, n);
  /* Nothing comes before the sound goes on: the filters wait for it. */
  if (self->listens && self->join.skip == 0)
    mix_comp_monitor (self, dry, n);
  for (unsigned c = 0; c < self->format.channels; c++)
    self->kernels->multiply (out[c], dry[c], join_gains (self, c, n), n);
  if (self->listens)
    mix_comp_fade_to_monitor (self, out, n);
  raise_peak (self, &self->out_peak, (const float *const *)out, n);
  pass_join (&self->join, n);
}

static void
compressor_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  MixCompressor *self = instance;
  float *to[MIX_MAX_CHANNELS];
  const float *from[MIX_MAX_CHANNELS];
  for (unsigned at = 0, n; at < frames; at += n) {
    if (self->moving && mix_tick_is_due (&self->tick))
      mix_comp_renew (self);
    unsigned offset = self->tick.offset;
    n = mix_min (
        frames - at, self->moving ? MIX_TICK - offset : MIX_COMP_BLOCK);
    n = join_span (&self->join, n);
    for (unsigned c = 0; c < self->format.channels; c++) {
      to[c] = out[c] + at;
      from[c] = in[c] + at;
    }
    process_span (self, to, from, n);
    self->tick.offset = (offset + n) % MIX_TICK;
  }
}

static void
compressor_read (void *instance, void *readings)
{
  MixCompressor *self = instance;
  Readings *r = readings;
  r->reduction_db = self->most >= -self->least ? self->most : self->least;
  r->input_db = mix_db_from_gain (self->in_peak);
  r->output_db = mix_db_from_gain (self->out_peak);
  self->in_peak = self->out_peak = 0;
  mix_comp_restart_reading (self);
}

/* ---- Goals -------------------------------------------------------------- */

static void
clear_rings (MixCompressor *self)
{
  memset (self->memory.rings, 0,
      sizeof (float) * self->ring_length * self->format.channels);
}

static void
compressor_set (void *instance, const void *params)
{
  MixCompressor *self = instance;
  const Params *p = params;
  unsigned latency = mix_frames_from_ms (p->look_ahead_ms, self->format.rate);
  if (latency != self->latency) {
    clear_rings (self);
    self->join = (MixCompJoin){ latency, self->join_length, { 0 } };
    memcpy (self->join.last, self->now_gain, sizeof self->now_gain);
  }
  self->latency = latency;
  mix_comp_set_goals (self, p);
}

static unsigned
compressor_latency (const void *instance)
{
  const MixCompressor *self = instance;
  return self->latency;
}

static void
compressor_reset (void *instance)
{
  MixCompressor *self = instance;
  const MixCompMemory *m = &self->memory;
  unsigned channels = self->format.channels;
  MixCompReduction none = { .quiet = MIX_COMP_QUIET_FOREVER };
  clear_rings (self);
  mix_delay_line_prepare (&self->delay, self->ring_length);
  memset (m->pairs, 0, ((channels + 1) / 2 + 1) * sizeof *m->pairs);
  memset (m->cuts, 0, (2 * channels + 1) * sizeof *m->cuts);
  mix_comp_clear_ears (self, 0, channels + 1);
  mix_comp_wake_reduction (&none);
  self->common = none;
  for (unsigned c = 0; c < channels; c++)
    m->own[c] = none;
  mix_comp_reset_control (self);
  self->join = (MixCompJoin){ 0 };
  self->pause = 0;
  self->most = self->least = self->in_peak = self->out_peak = 0;
}

/* ---- Memory ------------------------------------------------------------- */

static void
free_memory (MixCompMemory *m)
{
  mix_free (m->scratch);
  mix_free (m->rings);
  mix_free (m->pairs);
  mix_free (m->ears);
  mix_free (m->cuts);
  mix_free (m->own);
  *m = (MixCompMemory){ 0 };
}

static bool
alloc_memory (MixCompMemory *m, unsigned channels, unsigned ring_length)
{
  *m = (MixCompMemory){
    .scratch = mix_alloc ((size_t)mix_comp_scratch_rows (channels),
        MIX_COMP_BLOCK * sizeof (float)),
    .rings = mix_alloc ((size_t)channels * ring_length, sizeof (float)),
    .pairs = mix_alloc ((channels + 1) / 2 + 1, sizeof *m->pairs),
    .ears = mix_alloc (channels + 1, sizeof *m->ears),
    .cuts = mix_alloc (2 * channels + 1, sizeof *m->cuts),
    .own = mix_alloc (channels, sizeof *m->own),
  };
  if (m->scratch && m->rings && m->pairs && m->ears && m->cuts && m->own)
    return true;
  free_memory (m);
  return false;
}

static void
choose_heard (MixCompressor *self)
{
  unsigned channels = self->format.channels;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  self->has_front = mix_format_pairs (&self->format, pairs) > 0;
  if (self->has_front)
    self->front = pairs[0];
  self->heard_count = 0;
  self->heard[channels] = true; /* mid or side */
  for (unsigned c = 0; c < channels; c++) {
    self->heard[c] = !mix_format_is_lfe (&self->format, c);
    self->heard_count += self->heard[c];
  }
}

static bool
compressor_prepare (void *instance, const MixFormat *format, const void *params)
{
  MixCompressor *self = instance;
  unsigned ring_length = mix_delay_line_length (
      mix_frames_from_ms (MOST_LOOK_AHEAD_MS, format->rate), MIX_COMP_BLOCK);
  MixCompMemory memory;
  if (!alloc_memory (&memory, format->channels, ring_length))
    return false;
  free_memory (&self->memory);
  *self = (MixCompressor){ .kernels = mix_kernels (),
    .format = *format,
    .ring_length = ring_length,
    .quiet_most = mix_frames_from_ms (QUIET_MS, format->rate),
    .join_length = mix_frames_from_ms (JOIN_MS, format->rate),
    .memory = memory };
  choose_heard (self);
  mix_quadrature_design (&self->design, format->rate);
  mix_comp_prepare_smoothers (self);
  compressor_set (self, params);
  compressor_reset (self);
  return true;
}

static void
compressor_release (void *instance)
{
  MixCompressor *self = instance;
  free_memory (&self->memory);
}

/* Mono is its own middle. */
static void
compressor_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (p->source < MIX_COMP_MID || mix_format_pairs (format, pairs) > 0)
    return;
  if (p->source == MIX_COMP_SIDE)
    remarks->add (remarks,
        "there is no stereo pair and so no side to listen to, nothing is "
        "compressed; set source to max, or make the sound stereo before "
        "(audioconvert ! audio/x-raw,channels=2)");
  else if (format->channels > 1)
    remarks->add (remarks,
        "there is no stereo pair and so no mid to listen to, the loudest "
        "channel counts; set source to max or average, or give the channels "
        "places (audioconvert ! audio/x-raw,channels=2)");
}

const MixUnit mix_compressor = {
  .name = "compressor",
  .summary = "Evens out levels: reduces loud passages, or raises soft ones",
  .size = sizeof (MixCompressor),
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = compressor_prepare,
  .set = compressor_set,
  .reset = compressor_reset,
  .process = compressor_process,
  .read = compressor_read,
  .latency = compressor_latency,
  .remark = compressor_remark,
  .release = compressor_release,
};
