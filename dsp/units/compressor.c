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
#include "units.h"

#include <string.h>

#include "../base/maths.h"
#include "../base/memory.h"
#include "../kernels/kernels.h"
#include "../parts/cut.h"
#include "../parts/delay.h"
#include "../parts/envelope.h"
#include "../parts/gain_curve.h"
#include "../parts/quadrature.h"
#include "../parts/smoother.h"
#include "../parts/tick.h"

/* ---- The declaration ---------------------------------------------------- */

enum
{
  MODE_DOWNWARD,
  MODE_UPWARD,
  MODE_BOTH,
};

enum
{
  DETECTOR_PEAK,
  DETECTOR_RMS,
};

enum
{
  SOURCE_MAX,
  SOURCE_AVERAGE,
  SOURCE_MID,
  SOURCE_SIDE,
};

typedef struct
{
  double threshold_db, ratio, knee_db;
  double attack_ms, release_ms, hold_ms;
  bool auto_release;
  int mode, detector;
  double rms_window_ms, look_ahead_ms, link_percent;
  int source;
  double low_cut_hz, high_cut_hz;
  bool listen;
  double range_db, makeup_db;
  bool auto_makeup;
  double mix_percent;
} Params;

typedef struct
{
  double reduction_db, input_db, output_db;
} Readings;

#define MOST_LOOK_AHEAD_MS 20.0
#define INFINITE_RATIO 100.0

static const MixChoice modes[] = { { "downward", "Downward" },
  { "upward", "Upward" }, { "both", "Both" }, { NULL, NULL } };
static const MixChoice detectors[] = { { "peak", "Peak" }, { "rms", "RMS" },
  { NULL, NULL } };
static const MixChoice sources[] = { { "max", "Loudest channel" },
  { "average", "Average of channels" }, { "mid", "Mid" }, { "side", "Side" },
  { NULL, NULL } };

static const MixRow params_rows[] = {
  MIX_ROW_DOUBLE (Params, threshold_db, "threshold", "Threshold", "dB", -80, 0,
      -18, 0, "Level above which the gain is reduced (upward: under which it "
      "is raised), in dBFS of a sine's peak"),
  MIX_ROW_DOUBLE (Params, ratio, "ratio", "Ratio", "", 1, INFINITE_RATIO, 4, 0,
      "Change of the input level that changes the output by one dB beyond the "
      "threshold; the largest value means infinite"),
  MIX_ROW_DOUBLE (Params, knee_db, "knee", "Knee", "dB", 0, 48, 6, 0,
      "Width of the soft transition around the threshold"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 0.01, 500, 10, 0,
      "Time in which 63 % of a higher reduction are reached; sound itself "
      "takes a quarter of a cycle to show its level"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 1, 5000, 100,
      0, "Time in which 63 % of a reduction are taken back"),
  MIX_ROW_DOUBLE (Params, hold_ms, "hold", "Hold", "ms", 0, 1000, 0, 0,
      "Time for which a reduction stays before it is released"),
  MIX_ROW_BOOL (Params, auto_release, "auto-release", "Auto release", 0, 0,
      "Release at the time set after short peaks and up to ten times slower "
      "after long loud passages"),
  MIX_ROW_CHOICE (Params, mode, "mode", "Mode", modes, 3, MODE_DOWNWARD, 0,
      "Reduce what is above the threshold, raise what is under it (at most 24 "
      "dB, fading out from -60 to -84 dBFS), or both"),
  MIX_ROW_CHOICE (Params, detector, "detector", "Detector", detectors, 2,
      DETECTOR_PEAK, 0, "Whether the envelope or its power over a window "
      "counts; both read a sine as its peak level (AES17)"),
  MIX_ROW_DOUBLE (Params, rms_window_ms, "rms-window", "RMS window", "ms", 1,
      250, 10, 0, "Length over which the RMS detector averages power"),
  MIX_ROW_DOUBLE (Params, look_ahead_ms, "look-ahead", "Look-ahead", "ms", 0,
      MOST_LOOK_AHEAD_MS, 0, MIX_MOVES_LATENCY,
      "Time by which the gain moves ahead of the sound"),
  MIX_ROW_DOUBLE (Params, link_percent, "link", "Link", "%", 0, 100, 100, 0,
      "How far channels share one gain: all at 100, none at 0"),
  MIX_ROW_CHOICE (Params, source, "source", "Source", sources, 4, SOURCE_MAX, 0,
      "What the common gain listens to; mid and side are those of the front "
      "pair, and the LFE is never listened to"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 0, 0, "Corner of the detector's low cut of 12 dB per "
      "octave; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "sidechain-high-cut",
      "Side-chain high cut", "Hz", 0, 20000, 0, 0,
      "Corner of the detector's high cut of 12 dB per octave; 0 is off"),
  MIX_ROW_BOOL (Params, listen, "sidechain-listen", "Listen to side chain", 0,
      0, "Output what the detector hears"),
  MIX_ROW_DOUBLE (Params, range_db, "range", "Range", "dB", 0, 80, 80, 0,
      "The most that the gain is reduced or raised"),
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

/* ---- The instance ------------------------------------------------------- */

/* Frames worked on at once while no parameter moves. */
#define BLOCK 256
#define SMOOTHING_MS 5.0
#define CUT_SMOOTHING_MS 30.0 /* octaves on the way, each of them 12 dB */
#define QUIET_MS 30.0 /* more than half a cycle of 20 Hz */
#define QUIET_FOREVER 0x40000000u

typedef enum
{
  THRESHOLD, /* dB */
  SLOPE,     /* 1 - 1 / ratio */
  KNEE,      /* dB */
  RANGE,     /* dB */
  MAKEUP,    /* dB, the automatic part included */
  MIX,       /* 0 … 1 */
  UNLINK,    /* 0 … 1: 1 - link */
  LISTEN,    /* 0 … 1 */
  LOW_CUT,   /* log2 Hz */
  HIGH_CUT,
  LOW_SHARE, /* 0 … 1: how far the cut is on */
  HIGH_SHARE,
  BRIDGE,    /* 1 … 0: share of the jumps */
  TO_MID,    /* 0 … 1: what is listened to */
  TO_SIDE,
  SMOOTHERS,
} SmootherId;

/* Leads the wanted reduction over to that of another choice: what it jumps by
 * at the switch is taken back and fades. */
typedef struct
{
  float last; /* of the span before */
  float jump;
} Bridge;

/* What hears one signal of the side chain. */
typedef struct
{
  MixCut low, high;
  double power; /* RMS average; negative: starts with the next frame */
  const float *x; /* of the current span, after the cuts */
  unsigned quiet; /* frames since a sample passed the start of the knee */
  Bridge bridge;
} Ear;

/* Some of the ears from `first` on. */
typedef struct
{
  unsigned first, count;
} Ears;

typedef struct
{
  float *scratch; /* heard, level: a BLOCK an ear; common, other, db */
  float *rings;   /* a ring a channel */
  MixQuadrature *pairs; /* two channels each; then the pair of mid and side */
  Ear *ears;            /* a channel each; then mid or side */
  Ear *monitors;        /* a channel each, for listening */
  MixEnvelope *envelopes; /* a channel each */
} Memory;

typedef struct
{
  const MixKernels *kernels;
  MixFormat format;
  MixQuadratureDesign design;
  MixPair front;
  bool has_front;
  bool heard[MIX_MAX_CHANNELS + 1]; /* ears: all but the LFE */
  unsigned heard_count;
  unsigned ring_length;
  Memory memory;

  Params goal; /* as set */
  Params now;  /* as of the current tick: choices and times */
  bool moving; /* something is to be done at the next tick */
  bool switched; /* at the current frame: bridges are to be built */
  MixTick tick;
  MixSmoother smooth[SMOOTHERS];
  MixGainCurve curve[2]; /* at the start and the end of the tick */
  MixBallistics ballistics;
  MixCutDesign low_cut, high_cut;
  double rms_decay;
  bool cuts_low, cuts_high, hears_channels, hears_middle, is_unlinked, listens;

  MixDelay delay;
  unsigned latency;
  MixEnvelope common;
  Bridge bridge;
  unsigned quiet, quiet_most; /* as in Ear, for the common gain */
  float knee_start;           /* as a gain */

  float most, least;     /* reduction since the last read */
  float in_peak, out_peak; /* since the last read */
} Compressor;

static float *
scratch (const Compressor *self, unsigned row)
{
  return self->memory.scratch + (size_t) row * BLOCK;
}

/* What ear `e` hears, and its level in several stages. */
static float *
heard_row (const Compressor *self, unsigned e)
{
  return scratch (self, e);
}

static float *
level_row (const Compressor *self, unsigned e)
{
  return scratch (self, self->format.channels + 1 + e);
}

static float *
common_row (const Compressor *self)
{
  return scratch (self, 2 * self->format.channels + 2);
}

static float *
other_row (const Compressor *self)
{
  return scratch (self, 2 * self->format.channels + 3);
}

static float *
db_row (const Compressor *self)
{
  return scratch (self, 2 * self->format.channels + 4);
}

static unsigned
scratch_rows (unsigned channels)
{
  return 2 * channels + 5;
}

/* ---- Goals and ticks ---------------------------------------------------- */

static double
slope_from_ratio (double ratio)
{
  return ratio >= INFINITE_RATIO ? 1 : 1 - 1 / ratio;
}

/* Half of what a full-scale sine loses. Programme has its peaks between the
 * threshold and full scale: the whole of it (Giannoulis et al. 2012, section
 * 1.1, name make-up by the reduction at 0 dB) would send all that the attack
 * lets through over full scale. */
static double
auto_makeup_db (const Params *p)
{
  MixGainCurve curve =
      mix_gain_curve (p->threshold_db, p->knee_db, slope_from_ratio (p->ratio),
          p->range_db, p->mode != MODE_UPWARD, false);
  return 0.5 * mix_gain_curve_down (&curve, 0);
}

/* A cut that is off wakes at its corner. */
static void
set_cut (Compressor *self, SmootherId corner, SmootherId share, double hz)
{
  double top = MIX_CUT_TOP * self->format.rate;
  bool off = self->smooth[share].goal == 0 &&
      mix_smoother_is_still (&self->smooth[share]);
  if (hz > 0)
    mix_smoother_set (&self->smooth[corner], log2 (fmin (hz, top)));
  if (off)
    mix_smoother_snap (&self->smooth[corner]);
  mix_smoother_set (&self->smooth[share], hz > 0);
}

static void
compressor_set (void *instance, const void *params)
{
  Compressor *self = instance;
  const Params *p = params;
  double goals[SMOOTHERS] = {
    [THRESHOLD] = p->threshold_db,
    [SLOPE] = slope_from_ratio (p->ratio),
    [KNEE] = p->knee_db,
    [RANGE] = p->range_db,
    [MAKEUP] = p->makeup_db + (p->auto_makeup ? auto_makeup_db (p) : 0),
    [MIX] = p->mix_percent / 100,
    [UNLINK] = 1 - p->link_percent / 100,
    [LISTEN] = p->listen,
    [TO_MID] = p->source == SOURCE_MID,
    [TO_SIDE] = p->source == SOURCE_SIDE,
  };
  for (unsigned s = 0; s < SMOOTHERS; s++)
    if (s < LOW_CUT || s > HIGH_SHARE)
      mix_smoother_set (&self->smooth[s], goals[s]);
  set_cut (self, LOW_CUT, LOW_SHARE, p->low_cut_hz);
  set_cut (self, HIGH_CUT, HIGH_SHARE, p->high_cut_hz);
  self->goal = *p;
  self->moving = true;
  unsigned latency = mix_frames_from_ms (p->look_ahead_ms, self->format.rate);
  if (latency != self->latency)
    memset (self->memory.rings, 0,
        sizeof (float) * self->ring_length * self->format.channels);
  self->latency = latency;
}

static void
clear_ears (Ear *ears, unsigned count)
{
  for (unsigned e = 0; e < count; e++)
    ears[e] = (Ear) { .power = -1, .quiet = QUIET_FOREVER };
}

/* Apart are channels that are told to be, and still those whose reductions
 * have not met after they were told to link. */
static bool
stays_unlinked (const Compressor *self)
{
  if (self->smooth[UNLINK].goal > 0 ||
      !mix_smoother_is_still (&self->smooth[UNLINK]))
    return true;
  for (unsigned c = 0; self->is_unlinked && c < self->format.channels; c++)
    if (fabs (self->memory.envelopes[c].now - self->common.now) > 1e-4)
      return true;
  return false;
}

/* Parts that were asleep start with no history. */
static void
wake_parts (Compressor *self)
{
  const Memory *m = &self->memory;
  unsigned channels = self->format.channels, pairs = (channels + 1) / 2;
  bool unlinked = stays_unlinked (self);
  bool middle = self->now.source >= SOURCE_MID && self->has_front;
  bool all = unlinked || !middle;
  bool listens = !mix_smoother_is_still (&self->smooth[LISTEN]) ||
      self->smooth[LISTEN].goal > 0;
  if (all && !self->hears_channels) {
    memset (m->pairs, 0, pairs * sizeof *m->pairs);
    clear_ears (m->ears, channels);
  }
  if (middle && !self->hears_middle) {
    memset (m->pairs + pairs, 0, sizeof *m->pairs);
    clear_ears (m->ears + channels, 1);
  }
  if (unlinked && !self->is_unlinked)
    for (unsigned c = 0; c < channels; c++) {
      m->envelopes[c] = self->common;
      m->ears[c].quiet = self->quiet;
    }
  if (listens && !self->listens)
    clear_ears (m->monitors, channels);
  self->hears_channels = all;
  self->hears_middle = middle;
  self->is_unlinked = unlinked;
  self->listens = listens;
}

/* `ears` has one more. */
static void
clear_cuts (Ear *ears, Ear *monitors, unsigned channels, bool low)
{
  for (unsigned e = 0; e < 2 * channels + 1; e++) {
    Ear *ear = e <= channels ? &ears[e] : &monitors[e - channels - 1];
    *(low ? &ear->low : &ear->high) = (MixCut) { 0 };
  }
}

static bool
is_in_use (const MixSmoother *share)
{
  return share->goal > 0 || !mix_smoother_is_still (share);
}

static void
renew_cuts (Compressor *self)
{
  const MixSmoother *s = self->smooth;
  Memory *m = &self->memory;
  unsigned rate = self->format.rate, channels = self->format.channels;
  bool low = is_in_use (&s[LOW_SHARE]), high = is_in_use (&s[HIGH_SHARE]);
  if (low && !self->cuts_low)
    clear_cuts (m->ears, m->monitors, channels, true);
  if (high && !self->cuts_high)
    clear_cuts (m->ears, m->monitors, channels, false);
  if (low)
    self->low_cut = mix_cut_design (MIX_FILTER_LOW_CUT, exp2 (s[LOW_CUT].to), rate);
  if (high)
    self->high_cut =
        mix_cut_design (MIX_FILTER_HIGH_CUT, exp2 (s[HIGH_CUT].to), rate);
  self->cuts_low = low;
  self->cuts_high = high;
}

/* Takes over the choices and times; they need no smoothing, as the reduction
 * goes on from where it is. */
static void
renew_choices (Compressor *self)
{
  const Params *p = &self->goal;
  unsigned rate = self->format.rate;
  if (p->auto_release && !self->now.auto_release) {
    self->common.slow = self->common.now;
    for (unsigned c = 0; c < self->format.channels; c++)
      self->memory.envelopes[c].slow = self->memory.envelopes[c].now;
  }
  if (p->source != self->now.source || p->mode != self->now.mode ||
      p->detector != self->now.detector) {
    self->smooth[BRIDGE].goal = 1;
    mix_smoother_snap (&self->smooth[BRIDGE]);
    self->smooth[BRIDGE].goal = 0;
    self->switched = true;
  }
  if (p->detector != self->now.detector)
    for (unsigned e = 0; e <= self->format.channels; e++)
      self->memory.ears[e].power = -1;
  self->now = *p;
  self->ballistics = mix_ballistics (
      p->attack_ms, p->release_ms, p->hold_ms, p->auto_release, rate);
  /* A one-pole with half a window's time has the window's noise bandwidth. */
  self->rms_decay = mix_decay_per_frames (p->rms_window_ms / 2, 1, rate);
}

static MixGainCurve
curve_at_end (const Compressor *self)
{
  const MixSmoother *s = self->smooth;
  return mix_gain_curve (s[THRESHOLD].to, s[KNEE].to, s[SLOPE].to, s[RANGE].to,
      self->now.mode != MODE_UPWARD, self->now.mode != MODE_DOWNWARD);
}

/* The curve of the tick that begins, and where it starts to do anything. */
static void
renew_curve (Compressor *self)
{
  self->curve[0] = self->curve[1];
  self->curve[1] = curve_at_end (self);
  if (self->switched)
    self->curve[0] = self->curve[1];
  double start = fmin (mix_gain_curve_start (&self->curve[0]),
      mix_gain_curve_start (&self->curve[1]));
  self->knee_start = (float) mix_gain_from_db (start);
}

static void
renew (Compressor *self)
{
  renew_choices (self);
  for (unsigned s = 0; s < SMOOTHERS; s++)
    mix_smoother_tick (&self->smooth[s]);
  renew_curve (self);
  renew_cuts (self);
  wake_parts (self);
  self->moving =
      memcmp (&self->curve[0], &self->curve[1], sizeof self->curve[0]) != 0;
  self->moving |= self->is_unlinked && self->smooth[UNLINK].goal == 0;
  for (unsigned s = 0; s < SMOOTHERS; s++)
    self->moving |= !mix_smoother_is_still (&self->smooth[s]);
}

static void
compressor_reset (void *instance)
{
  Compressor *self = instance;
  unsigned channels = self->format.channels, pairs = (channels + 1) / 2 + 1;
  Memory *m = &self->memory;
  memset (m->rings, 0, sizeof (float) * self->ring_length * channels);
  memset (m->pairs, 0, pairs * sizeof *m->pairs);
  memset (m->envelopes, 0, channels * sizeof *m->envelopes);
  clear_ears (m->ears, channels + 1);
  clear_ears (m->monitors, channels);
  self->common = (MixEnvelope) { 0 };
  self->quiet = QUIET_FOREVER;
  mix_delay_prepare (&self->delay, self->ring_length);
  mix_tick_reset (&self->tick);
  self->is_unlinked = false;
  renew_choices (self);
  for (unsigned s = 0; s < SMOOTHERS; s++)
    mix_smoother_snap (&self->smooth[s]);
  self->curve[1] = curve_at_end (self);
  renew_curve (self);
  renew_cuts (self);
  wake_parts (self);
  self->moving = self->switched = false;
  self->bridge = (Bridge) { 0 };
  self->most = self->least = self->in_peak = self->out_peak = 0;
}

/* ---- The side chain ----------------------------------------------------- */

/* Frame i of this span is frame `self->tick.offset + i` of its tick, while
 * anything moves; a smoother at rest has no slope, and then it does not
 * matter. */
typedef struct
{
  float from, slope;
} Line;

static Line
line (const Compressor *self, SmootherId id)
{
  double slope = mix_smoother_slope (&self->smooth[id]);
  return (Line) { (float) self->smooth[id].from, (float) slope };
}

/* The ear's signal after the cuts: `in` itself when they are off. */
static const float *
cut (const Compressor *self, Ear *ear, float *to, const float *in,
    unsigned offset, unsigned n)
{
  if (self->cuts_low) {
    Line share = line (self, LOW_SHARE);
    mix_cut_run (&ear->low, &self->low_cut, share.from, share.slope, offset, to,
        in, n);
    in = to;
  }
  if (self->cuts_high) {
    Line share = line (self, HIGH_SHARE);
    mix_cut_run (&ear->high, &self->high_cut, share.from, share.slope, offset,
        to, in, n);
    in = to;
  }
  return in;
}

/* Half the sum or half the difference of the front pair. */
static void
make_middle (const Compressor *self, float *to, const float *const *in,
    unsigned n)
{
  const float *left = in[self->front.left], *right = in[self->front.right];
  float sign = self->now.source == SOURCE_SIDE ? -0.5f : 0.5f;
  for (unsigned i = 0; i < n; i++)
    to[i] = 0.5f * left[i] + sign * right[i];
}

static void
smooth_power (const Compressor *self, Ear *ear, float *power, unsigned n)
{
  double keep = self->rms_decay, take = 1 - keep, mean = ear->power;
  if (n > 0 && mean < 0)
    mean = power[0];
  for (unsigned i = 0; i < n; i++) {
    mean = keep * mean + take * power[i];
    power[i] = (float) mean;
  }
  ear->power = mean;
}

/* No sample is above the envelope. */
static void
raise_to_samples (float *restrict power, const float *restrict x, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float square = x[i] * x[i];
    power[i] = square > power[i] ? square : power[i];
  }
}

static void
finish_power (const Compressor *self, unsigned e, unsigned n)
{
  Ear *ear = &self->memory.ears[e];
  if (self->now.detector == DETECTOR_RMS)
    smooth_power (self, ear, level_row (self, e), n);
  else
    raise_to_samples (level_row (self, e), ear->x, n);
}

/* Power of the ears a and b, which share a pair of filters; b may be a. */
static void
measure_pair (const Compressor *self, MixQuadrature *pair, unsigned a,
    unsigned b, const float *a_in, const float *b_in, unsigned offset, unsigned n)
{
  Ear *ears = self->memory.ears;
  ears[a].x = cut (self, &ears[a], heard_row (self, a), a_in, offset, n);
  if (a != b)
    ears[b].x = cut (self, &ears[b], heard_row (self, b), b_in, offset, n);
  self->kernels->quadrature (&self->design, pair, level_row (self, a),
      level_row (self, b), ears[a].x, ears[b].x, n);
  finish_power (self, a, n);
  if (a != b)
    finish_power (self, b, n);
}

static void
measure (const Compressor *self, const float *const *in, unsigned offset,
    unsigned n)
{
  unsigned channels = self->format.channels;
  for (unsigned a = 0; self->hears_channels && a < channels; a += 2) {
    unsigned b = a + 1 < channels ? a + 1 : a;
    measure_pair (
        self, &self->memory.pairs[a / 2], a, b, in[a], in[b], offset, n);
  }
  if (self->hears_middle) {
    float *middle = heard_row (self, channels);
    make_middle (self, middle, in, n);
    measure_pair (self, &self->memory.pairs[(channels + 1) / 2], channels,
        channels, middle, middle, offset, n);
  }
}

static void
add_scaled (
    float *restrict to, const float *restrict by, float scale, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    to[i] += by[i] * scale;
}

/* Who hears for the common gain: mid or side, or all channels. */
static Ears
common_ears (const Compressor *self)
{
  unsigned channels = self->format.channels;
  return self->hears_middle ? (Ears) { channels, 1 } : (Ears) { 0, channels };
}

/* The power that the common gain goes by. */
static void
combine (const Compressor *self, float *common, unsigned n)
{
  unsigned channels = self->format.channels;
  memset (common, 0, n * sizeof *common);
  if (self->hears_middle) {
    memcpy (common, level_row (self, channels), n * sizeof *common);
    return;
  }
  if (self->now.source == SOURCE_SIDE)
    return; /* without a front pair there is none */
  for (unsigned c = 0; c < channels; c++)
    if (!self->heard[c])
      continue;
    else if (self->now.source == SOURCE_AVERAGE)
      add_scaled (
          common, level_row (self, c), 1.0f / (float) self->heard_count, n);
    else
      self->kernels->max_abs (common, level_row (self, c), n);
}

/* ---- What is under the threshold ---------------------------------------- */

/* Turning phases, the all-pass pair can make a wave higher than it is: noise
 * by some dB, a tone at its onset. So that what never reaches the knee passes
 * untouched, the peak detector may ask for a reduction only while a sample has
 * reached it within QUIET_MS. */

static bool
is_over (const Compressor *self, Ears ears, unsigned i)
{
  const Ear *all = self->memory.ears;
  for (unsigned e = ears.first; e < ears.first + ears.count; e++)
    if (self->heard[e] && fabsf (all[e].x[i]) > self->knee_start)
      return true;
  return false;
}

static bool
is_over_somewhere (const Compressor *self, Ears ears, unsigned n)
{
  const Ear *all = self->memory.ears;
  for (unsigned e = ears.first; e < ears.first + ears.count; e++)
    if (self->heard[e] &&
        self->kernels->peak (all[e].x, n) > self->knee_start)
      return true;
  return false;
}

/* `ears` are those that `reduction` comes from; `quiet` is their clock. */
static void
spare_quiet (const Compressor *self, Ears ears, unsigned *quiet,
    float *reduction, unsigned n)
{
  unsigned clock = *quiet, from = n;
  if (clock + n <= self->quiet_most) {
    /* Open all the time: only where the last high sample is matters. */
    while (from > 0 && !is_over (self, ears, from - 1))
      from--;
    *quiet = from > 0 ? n - from : clock + n;
    return;
  }
  bool still = clock > self->quiet_most && !is_over_somewhere (self, ears, n);
  for (unsigned i = 0; i < n; i++) {
    bool over = !still && is_over (self, ears, i);
    clock = over ? 0 : mix_min (clock + 1, QUIET_FOREVER);
    if (clock > self->quiet_most && reduction[i] > 0)
      reduction[i] = 0;
  }
  *quiet = clock;
}

/* ---- The gain ----------------------------------------------------------- */

/* Power becomes wanted reduction, in place. */
static void
want_reduction (const Compressor *self, float *io, unsigned offset, unsigned n)
{
  float *db = db_row (self), *end = other_row (self);
  self->kernels->db_from_gain (db, io, n);
  mix_gain_curve_run (&self->curve[0], io, db, 0.5f, n);
  if (!self->moving)
    return;
  mix_gain_curve_run (&self->curve[1], end, db, 0.5f, n);
  for (unsigned i = 0; i < n; i++)
    io[i] += (end[i] - io[i]) * ((float) (offset + i) * (1.0f / MIX_TICK));
}

static void
cross_bridge (const Compressor *self, Bridge *bridge, float *io,
    unsigned offset, unsigned n)
{
  if (self->switched)
    bridge->jump = bridge->last - io[0];
  Line share = line (self, BRIDGE);
  if (share.from > 0)
    for (unsigned i = 0; i < n; i++)
      io[i] += bridge->jump * (share.from + share.slope * (float) (offset + i));
  bridge->last = io[n - 1];
}

static void
blend_towards (float *restrict common_to_own, const float *restrict common,
    Line own_share, unsigned offset, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float share = own_share.from + own_share.slope * (float) (offset + i);
    common_to_own[i] = common[i] + (common_to_own[i] - common[i]) * share;
  }
}

static void
note_reduction (Compressor *self, const float *reduction, unsigned n)
{
  float most = self->most, least = self->least;
  bool boosts = self->now.mode != MODE_DOWNWARD || reduction[0] < 0;
  if (boosts || self->kernels->peak (reduction, n) > most)
    for (unsigned i = 0; i < n; i++) {
      most = reduction[i] > most ? reduction[i] : most;
      least = reduction[i] < least ? reduction[i] : least;
    }
  self->most = most;
  self->least = least;
}

/* Reduction becomes gain, in place. The dry path is the same sound at the same
 * time, so that mixing is a matter of gain too; 0 dB stays exactly 1. */
static void
make_gain (const Compressor *self, float *io, unsigned offset, unsigned n)
{
  Line makeup = line (self, MAKEUP), mix = line (self, MIX);
  for (unsigned i = 0; i < n; i++)
    io[i] = makeup.from + makeup.slope * (float) (offset + i) - io[i];
  self->kernels->gain_from_db (io, io, n);
  if (mix.from == 1 && mix.slope == 0)
    return; /* as nearly always */
  for (unsigned i = 0; i < n; i++) {
    float wet = mix.from + mix.slope * (float) (offset + i);
    io[i] = 1 + wet * (io[i] - 1);
  }
}

static void
make_common_gain (Compressor *self, float *common, unsigned offset, unsigned n)
{
  mix_envelope_run (&self->common, &self->ballistics, common, n);
  if (!self->is_unlinked)
    note_reduction (self, common, n);
  make_gain (self, common, offset, n);
}

/* Gains in the level rows. */
static void
make_own_gains (Compressor *self, const float *common, unsigned offset,
    unsigned n)
{
  Line unlink = line (self, UNLINK);
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *own = level_row (self, c);
    if (!self->heard[c]) {
      memcpy (own, common, n * sizeof *own);
    } else {
      want_reduction (self, own, offset, n);
      Ear *ear = &self->memory.ears[c];
      if (self->now.detector == DETECTOR_PEAK)
        spare_quiet (self, (Ears) { c, 1 }, &ear->quiet, own, n);
      cross_bridge (self, &ear->bridge, own, offset, n);
      blend_towards (own, common, unlink, offset, n);
    }
    mix_envelope_run (
        &self->memory.envelopes[c], &self->ballistics, own, n);
    note_reduction (self, own, n);
    make_gain (self, own, offset, n);
  }
}

/* ---- The sound ---------------------------------------------------------- */

/* The input at the time of the output, in `out`; or the input itself. */
static const float *const *
delay_input (Compressor *self, float *const *out, const float *const *in,
    unsigned n)
{
  if (self->latency == 0)
    return in;
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *ring = self->memory.rings + (size_t) c * self->ring_length;
    mix_delay_write (&self->delay, ring, in[c], n);
    mix_delay_read (&self->delay, ring, out[c], self->latency, n);
  }
  mix_delay_advance (&self->delay, n);
  return (const float *const *) out;
}

/* Half the sum and half the difference of the front pair; without one, mid is
 * the channel itself and side is silent. */
static void
mix_middle (const Compressor *self, float *io, const float *left,
    const float *right, unsigned offset, unsigned n)
{
  Line mid = line (self, TO_MID), side = line (self, TO_SIDE);
  for (unsigned i = 0; i < n; i++) {
    float at = (float) (offset + i), m = io[i], s = 0;
    if (self->has_front) {
      m = 0.5f * left[i] + 0.5f * right[i];
      s = 0.5f * left[i] - 0.5f * right[i];
    }
    float to_mid = (m - io[i]) * (mid.from + mid.slope * at);
    float to_side = (s - io[i]) * (side.from + side.slope * at);
    io[i] += to_mid + to_side;
  }
}

/* What the detector hears, delayed like the sound, in the heard rows. */
static void
monitor (const Compressor *self, const float *const *in, unsigned offset,
    unsigned n)
{
  const float *left = in[self->front.left], *right = in[self->front.right];
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *row = heard_row (self, c);
    memcpy (row, in[c], n * sizeof *row);
    mix_middle (self, row, left, right, offset, n);
    cut (self, &self->memory.monitors[c], row, row, offset, n);
  }
}

static void
fade_to_monitor (
    const Compressor *self, float *const *out, unsigned offset, unsigned n)
{
  Line share = line (self, LISTEN);
  for (unsigned c = 0; c < self->format.channels; c++) {
    const float *row = heard_row (self, c);
    for (unsigned i = 0; i < n; i++) {
      float s = share.from + share.slope * (float) (offset + i);
      out[c][i] += (row[i] - out[c][i]) * s;
    }
  }
}

static float
raise_peak (const Compressor *self, float peak, const float *const *audio,
    unsigned n)
{
  for (unsigned c = 0; c < self->format.channels; c++) {
    float here = self->kernels->peak (audio[c], n);
    peak = here > peak ? here : peak;
  }
  return peak;
}

static void
process_span (Compressor *self, float *const *out, const float *const *in,
    unsigned offset, unsigned n)
{
  float *common = common_row (self);
  self->in_peak = raise_peak (self, self->in_peak, in, n);
  measure (self, in, offset, n);
  combine (self, common, n);
  want_reduction (self, common, offset, n);
  if (self->now.detector == DETECTOR_PEAK)
    spare_quiet (self, common_ears (self), &self->quiet, common, n);
  cross_bridge (self, &self->bridge, common, offset, n);
  if (self->is_unlinked)
    make_own_gains (self, common, offset, n);
  self->switched = false;
  make_common_gain (self, common, offset, n);
  const float *const *dry = delay_input (self, out, in, n);
  if (self->listens)
    monitor (self, dry, offset, n);
  for (unsigned c = 0; c < self->format.channels; c++)
    self->kernels->multiply (
        out[c], dry[c], self->is_unlinked ? level_row (self, c) : common, n);
  if (self->listens)
    fade_to_monitor (self, out, offset, n);
  self->out_peak =
      raise_peak (self, self->out_peak, (const float *const *) out, n);
}

static void
compressor_process (void *instance, float *const *out, const float *const *in,
    unsigned frames)
{
  Compressor *self = instance;
  float *to[MIX_MAX_CHANNELS];
  const float *from[MIX_MAX_CHANNELS];
  for (unsigned at = 0, n; at < frames; at += n) {
    if (self->moving && mix_tick_is_due (&self->tick))
      renew (self);
    unsigned offset = self->tick.offset;
    n = mix_min (frames - at, self->moving ? MIX_TICK - offset : BLOCK);
    for (unsigned c = 0; c < self->format.channels; c++) {
      to[c] = out[c] + at;
      from[c] = in[c] + at;
    }
    process_span (self, to, from, offset, n);
    self->tick.offset = (offset + n) % MIX_TICK;
  }
}

/* ---- The rest ----------------------------------------------------------- */

/* Since now: a reading with no sound since the last one tells the state. */
static void
restart_reduction (Compressor *self)
{
  float now = (float) self->common.now;
  self->most = self->least = 0;
  if (!self->is_unlinked)
    note_reduction (self, &now, 1);
  for (unsigned c = 0; self->is_unlinked && c < self->format.channels; c++) {
    now = (float) self->memory.envelopes[c].now;
    note_reduction (self, &now, 1);
  }
}

static void
compressor_read (void *instance, void *readings)
{
  Compressor *self = instance;
  Readings *r = readings;
  r->reduction_db = self->most >= -self->least ? self->most : self->least;
  r->input_db = mix_db_from_gain (self->in_peak);
  r->output_db = mix_db_from_gain (self->out_peak);
  self->in_peak = self->out_peak = 0;
  restart_reduction (self);
}

static unsigned
compressor_latency (const void *instance)
{
  const Compressor *self = instance;
  return self->latency;
}

static void
free_memory (Memory *m)
{
  mix_free (m->scratch);
  mix_free (m->rings);
  mix_free (m->pairs);
  mix_free (m->ears);
  mix_free (m->monitors);
  mix_free (m->envelopes);
  *m = (Memory) { 0 };
}

static bool
alloc_memory (Memory *m, unsigned channels, unsigned ring_length)
{
  *m = (Memory) {
    .scratch =
        mix_alloc ((size_t) scratch_rows (channels) * BLOCK, sizeof (float)),
    .rings = mix_alloc ((size_t) channels * ring_length, sizeof (float)),
    .pairs = mix_alloc ((channels + 1) / 2 + 1, sizeof *m->pairs),
    .ears = mix_alloc (channels + 1, sizeof *m->ears),
    .monitors = mix_alloc (channels, sizeof *m->monitors),
    .envelopes = mix_alloc (channels, sizeof *m->envelopes),
  };
  if (m->scratch && m->rings && m->pairs && m->ears && m->monitors &&
      m->envelopes)
    return true;
  free_memory (m);
  return false;
}

static void
choose_heard (Compressor *self)
{
  unsigned channels = self->format.channels;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  self->has_front = mix_format_pairs (&self->format, pairs) > 0;
  if (self->has_front)
    self->front = pairs[0];
  self->heard_count = 0;
  self->heard[channels] = true; /* mid or side */
  for (unsigned c = 0; c < channels; c++) {
    self->heard[c] = self->format.speakers[c] != MIX_SPEAKER_LFE;
    self->heard_count += self->heard[c];
  }
  if (self->heard_count > 0)
    return;
  for (unsigned c = 0; c < channels; c++)
    self->heard[c] = true; /* an LFE on its own */
  self->heard_count = channels;
}

static bool
compressor_prepare (
    void *instance, const MixFormat *format, const void *params)
{
  Compressor *self = instance;
  unsigned ring_length = mix_delay_length (
      mix_frames_from_ms (MOST_LOOK_AHEAD_MS, format->rate), BLOCK);
  Memory memory;
  if (!alloc_memory (&memory, format->channels, ring_length))
    return false;
  free_memory (&self->memory);
  *self = (Compressor) { .kernels = mix_kernels (),
    .format = *format,
    .ring_length = ring_length,
    .memory = memory };
  choose_heard (self);
  mix_quadrature_design (&self->design, format->rate);
  self->quiet_most = mix_frames_from_ms (QUIET_MS, format->rate);
  for (unsigned s = 0; s < SMOOTHERS; s++)
    mix_smoother_prepare (&self->smooth[s], format->rate,
        s == LOW_CUT || s == HIGH_CUT ? CUT_SMOOTHING_MS : SMOOTHING_MS);
  compressor_set (self, params);
  compressor_reset (self);
  return true;
}

static void
compressor_release (void *instance)
{
  Compressor *self = instance;
  free_memory (&self->memory);
}

const MixUnit mix_compressor = {
  .name = "compressor",
  .summary = "Evens out levels: reduces loud passages, or raises soft ones",
  .size = sizeof (Compressor),
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = compressor_prepare,
  .set = compressor_set,
  .reset = compressor_reset,
  .process = compressor_process,
  .read = compressor_read,
  .latency = compressor_latency,
  .release = compressor_release,
};
