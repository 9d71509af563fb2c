/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parametric equaliser: up to 32 bands in a row. In minimum phase every
 * band is a few state-variable sections (eq_chain.c); in linear phase the
 * static bands are one symmetric FIR filter (eq_linear.c) and what moves with
 * the signal, the dynamic bands, follows it in minimum phase.
 */
#include "eq.h"

#include <math.h>
#include <string.h>

#include "../../base/tick.h"
#include "../units.h"

#define OUTPUT_MS 5

/* A band that changes less is not there. */
#define LEAST_DB 0.01

typedef struct {
  MixEqChain chain;
  MixEqLinear *linear; /* NULL in minimum phase */
  MixTick tick;
  bool fresh; /* goals were set since the last tick */
  bool still; /* nothing moves until they are set again */
  MixSmoother output_db;
  double gain[3]; /* at the ends of the last three ticks, the newest last */
  unsigned over_nyquist, unresolved;
  unsigned rate;
  double io[2 * MIX_EQ_SPAN];
  float nobody[MIX_EQ_SPAN];
} Eq;

/* ---- Tables ------------------------------------------------------------- */

const unsigned mix_eq_orders[8] = { 1, 2, 3, 4, 6, 8, 12, 16 };

static const MixChoice types[] = {
  [MIX_FILTER_BELL] = { "bell", "Bell" },
  [MIX_FILTER_LOW_SHELF] = { "low-shelf", "Low shelf" },
  [MIX_FILTER_HIGH_SHELF] = { "high-shelf", "High shelf" },
  [MIX_FILTER_LOW_CUT] = { "low-cut", "Low cut" },
  [MIX_FILTER_HIGH_CUT] = { "high-cut", "High cut" },
  [MIX_FILTER_BAND_PASS] = { "band-pass", "Band pass" },
  [MIX_FILTER_NOTCH] = { "notch", "Notch" },
  [MIX_FILTER_ALL_PASS] = { "all-pass", "All pass" },
  [MIX_FILTER_TILT] = { "tilt", "Tilt" },
  { NULL, NULL },
};

static const MixChoice slopes[] = {
  { "6", "6 dB/octave" },
  { "12", "12 dB/octave" },
  { "18", "18 dB/octave" },
  { "24", "24 dB/octave" },
  { "36", "36 dB/octave" },
  { "48", "48 dB/octave" },
  { "72", "72 dB/octave" },
  { "96", "96 dB/octave" },
  { NULL, NULL },
};

static const int slope_numbers[] = { 6, 12, 18, 24, 36, 48, 72, 96 };

static const MixChoice channel_choices[] = {
  [MIX_EQ_ALL] = { "all", "All channels" },
  [MIX_EQ_LEFT] = { "left", "Left" },
  [MIX_EQ_RIGHT] = { "right", "Right" },
  [MIX_EQ_MID] = { "mid", "Mid" },
  [MIX_EQ_SIDE] = { "side", "Side" },
  { NULL, NULL },
};

static const MixChoice phases[] = {
  { "minimum", "Minimum phase, no latency" },
  { "linear", "Linear phase" },
  { NULL, NULL },
};

static const MixRow rows[] = {
  MIX_ROW_UINT (MixEqParams, num_bands, "num-bands", "Number of bands", "", 1,
      MIX_EQ_BANDS, 8, 0, "How many bands there are; later ones do nothing"),
  MIX_ROW_DOUBLE (MixEqParams, output_gain_db, "output-gain", "Output gain",
      "dB", -36, 36, 0, 0, "Gain after all bands"),
  MIX_ROW_CHOICE (MixEqParams, linear_phase, "phase", "Phase", phases, 2, 0,
      MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "Minimum phase, or linear phase at the price of latency, about 350 ms "
      "and "
      "more if the bands set at the start are narrow and low; dynamic bands "
      "and "
      "solo stay minimum-phase and all-pass bands do nothing in linear phase"),
};

static const MixRow band_rows[] = {
  MIX_ROW_CHOICE (MixEqBandParams, type, "type", "Type", types, 9, 0, MIX_STEPS,
      "The filter's shape"),
  MIX_ROW_DOUBLE (MixEqBandParams, frequency_hz, "frequency", "Frequency", "Hz",
      10, 40000, 1000, 0,
      "Centre, corner or pivot; of a band at half the sample rate or over it "
      "what reaches below is heard"),
  MIX_ROW_DOUBLE (MixEqBandParams, gain_db, "gain", "Gain", "dB", -36, 36, 0, 0,
      "Gain of bells and shelves, and of a tilt from its low to its high end"),
  MIX_ROW_DOUBLE (MixEqBandParams, q, "q", "Q", "", 0.1, 40, 0.7071, 0,
      "How narrow the band is or how steep the shelf; cuts and tilt have none"),
  MIX_ROW_NUMBERED_CHOICE (MixEqBandParams, slope, "slope", "Slope", slopes,
      slope_numbers, 8, 1, MIX_STEPS, "Steepness of cuts in dB per octave"),
  MIX_ROW_CHOICE (MixEqBandParams, channels, "channels", "Channels",
      channel_choices, 5, 0, MIX_STEPS,
      "What the band works on; all but the first mean stereo pairs and leave "
      "other channels alone"),
  MIX_ROW_BOOL (MixEqBandParams, enabled, "enabled", "Enabled", 1, 0,
      "Whether the band does anything"),
  MIX_ROW_BOOL (MixEqBandParams, solo, "solo", "Solo", 0, 0,
      "Plays the region the band works on, untouched: the band of bell, notch "
      "and band-pass, a shelf's side, what a cut takes away, all of it for "
      "tilt "
      "and all-pass; of several the first one's region is played"),
  MIX_ROW_DOUBLE (MixEqBandParams, threshold_db, "threshold", "Threshold", "dB",
      -80, 0, 0, 0,
      "Level above which the band's gain begins to act, heard where it acts: "
      "in a bell's band, on a shelf's side, at both ends of a tilt; 0 makes "
      "the band static"),
  MIX_ROW_DOUBLE (MixEqBandParams, ratio, "ratio", "Ratio", "", 1, 100, 2, 0,
      "The gain goes 1 - 1/ratio as far as the level is over the threshold, up "
      "to its full value"),
  MIX_ROW_DOUBLE (MixEqBandParams, attack_ms, "attack", "Attack", "ms", 0.1,
      500, 10, 0, "Time in which the dynamic gain comes 63 % of its way"),
  MIX_ROW_DOUBLE (MixEqBandParams, release_ms, "release", "Release", "ms", 1,
      5000, 100, 0, "Time in which the dynamic gain goes 63 % of its way back"),
};

static const MixGroup group = {
  .name = "band",
  .table = MIX_TABLE (band_rows, MixEqBandParams),
  .offset = offsetof (MixEqParams, bands),
  .most = MIX_EQ_BANDS,
  .count_name = "num-bands",
  .count_offset = offsetof (MixEqParams, num_bands),
};

typedef struct {
  double dynamic_gain_db;
  unsigned over_nyquist, unresolved;
} Readings;

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLE (Readings, dynamic_gain_db, "dynamic-gain", "Dynamic gain",
      "dB", -36, 36, 0, 0, "The gain that moved farthest of all dynamic bands"),
  MIX_ROW_UINT (Readings, over_nyquist, "over-nyquist", "Bands over Nyquist",
      "", 0, MIX_EQ_BANDS, 0, 0,
      "How many bands do nothing because of their frequency"),
  MIX_ROW_UINT (Readings, unresolved, "unresolved", "Unresolved bands", "", 0,
      MIX_EQ_BANDS, 0, 0,
      "How many bands are narrower than linear phase resolves in the time it "
      "was given at the start"),
};

static void
defaults (void *params)
{
  /* 63 (16000 / 63)^(i / 7), rounded */
  static const double frequencies[8]
      = { 63, 140, 310, 680, 1500, 3300, 7300, 16000 };
  MixEqParams *p = params;
  for (unsigned i = 0; i < 8; i++)
    p->bands[i].frequency_hz = frequencies[i];
}

/* ---- Goals -------------------------------------------------------------- */

static bool
is_on (const MixEqParams *p, unsigned i)
{
  return i < p->num_bands && p->bands[i].enabled;
}

/* A band at half the rate or over it still reaches down into what there is, but
 * for an all-pass, of which no more than a little phase is left. */
static bool
is_out_of_reach (const MixEqBandParams *p, unsigned rate)
{
  enum { POINTS = 16 };
  if (2 * p->frequency_hz < rate)
    return false;
  if (p->type == MIX_FILTER_ALL_PASS)
    return true;
  if (mix_eq_type_has_gain (p->type) && p->gain_db == 0)
    return false; /* does nothing anywhere */
  MixFilterSpec spec = mix_eq_spec (p);
  for (unsigned i = 0; i <= POINTS; i++)
    if (!(fabs (mix_filter_prototype_db (&spec, 0.5 * rate * i / POINTS))
            < LEAST_DB))
      return false;
  return true;
}

static bool
is_dynamic (const MixEqBandParams *p)
{
  return p->threshold_db < 0 && mix_eq_type_has_gain (p->type);
}

/* Whether linear phase applies to a band; it sounds, if nothing is soloed. */
static bool
in_linear_filter (const MixEqParams *p, unsigned i, unsigned rate)
{
  const MixEqBandParams *band = &p->bands[i];
  return is_on (p, i) && !is_dynamic (band) && !is_out_of_reach (band, rate);
}

static void
aim (const Eq *self, MixEqBand *b, const MixEqBandParams *p)
{
  b->goal = (MixEqShape){ p->type,
    mix_eq_type_is_cut (p->type) ? mix_eq_orders[p->slope] : 2, p->channels,
    false };
  mix_smoother_set (&b->octave, log2 (p->frequency_hz));
  mix_smoother_set (&b->octave_q, log2 (p->q));
  mix_smoother_set (
      &b->gain_db, mix_eq_type_has_gain (p->type) ? p->gain_db : 0);
  mix_smoother_set (&b->share, is_dynamic (p));
  mix_eq_dynamic_set (&b->dynamic, p, self->rate);
}

/* The region that a band works on, as the band which plays it alone: a shelf's
 * side, what a cut takes away, the band of the others. */
static MixEqBandParams
region_of (const MixEqBandParams *p)
{
  MixEqBandParams region = *p;
  region.gain_db = region.threshold_db = 0;
  if (!mix_eq_type_is_cut (p->type))
    region.slope = 1;
  switch ((MixFilterType)p->type) {
    case MIX_FILTER_LOW_SHELF:
    case MIX_FILTER_LOW_CUT:
      region.type = MIX_FILTER_HIGH_CUT;
      break;
    case MIX_FILTER_HIGH_SHELF:
    case MIX_FILTER_HIGH_CUT:
      region.type = MIX_FILTER_LOW_CUT;
      break;
    case MIX_FILTER_ALL_PASS: /* everywhere: a bell of 0 dB */
    case MIX_FILTER_TILT:
      region.type = MIX_FILTER_BELL;
      break;
    default:
      region.type = MIX_FILTER_BAND_PASS;
      break;
  }
  return region;
}

static void
set (void *instance, const void *params)
{
  Eq *self = instance;
  const MixEqParams *p = params;
  bool in_filter[MIX_EQ_BANDS];
  int solo = -1;
  for (unsigned i = MIX_EQ_BANDS; i-- > 0;)
    if (is_on (p, i) && p->bands[i].solo)
      solo = (int)i;
  self->over_nyquist = self->unresolved = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++) {
    const MixEqBandParams *band = &p->bands[i];
    bool out_of_reach = is_on (p, i) && is_out_of_reach (band, self->rate);
    bool active = is_on (p, i) && !out_of_reach && solo < 0;
    self->over_nyquist += out_of_reach;
    in_filter[i] = self->linear && active && !is_dynamic (band);
    self->unresolved += in_filter[i]
                        && mix_eq_linear_seconds (band) * self->rate
                               > mix_eq_linear_latency (self->linear);
    aim (self, &self->chain.bands[i], band);
    self->chain.bands[i].active = active && !in_filter[i];
  }
  MixEqBand *audition = &self->chain.bands[MIX_EQ_AUDITION];
  audition->active = solo >= 0;
  if (solo >= 0) {
    MixEqBandParams region = region_of (&p->bands[solo]);
    aim (self, audition, &region);
    audition->goal.alone = true;
  }
  if (self->linear)
    mix_eq_linear_set (self->linear, p->bands, in_filter);
  mix_smoother_set (&self->output_db, p->output_gain_db);
  self->fresh = true;
}

/* ---- Life --------------------------------------------------------------- */

static void
reset (void *instance)
{
  Eq *self = instance;
  mix_tick_reset (&self->tick);
  mix_smoother_snap (&self->output_db);
  for (unsigned i = 0; i < 3; i++)
    self->gain[i] = mix_gain_from_db (self->output_db.to);
  mix_eq_chain_reset (&self->chain);
  if (self->linear)
    mix_eq_linear_reset (self->linear);
  self->still = false;
}

static void
release (void *instance)
{
  Eq *self = instance;
  mix_eq_chain_free (&self->chain);
  mix_eq_linear_free (self->linear);
  self->linear = NULL;
}

/* What the narrowest of the static bands asks for. */
static double
seconds_of (const MixEqParams *p, unsigned rate)
{
  double most = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++)
    if (in_linear_filter (p, i, rate))
      most = fmax (most, mix_eq_linear_seconds (&p->bands[i]));
  return most;
}

static bool
prepare (void *instance, const MixFormat *format, const void *params)
{
  Eq *self = instance;
  const MixEqParams *p = params;
  MixEqLinear *linear = NULL;
  if (p->linear_phase) {
    linear = mix_eq_linear_alloc (format, seconds_of (p, format->rate));
    if (!linear)
      return false;
  }
  if (!mix_eq_chain_alloc (&self->chain, format)) {
    mix_eq_linear_free (linear);
    return false;
  }
  mix_eq_linear_free (self->linear);
  self->linear = linear;
  self->rate = format->rate;
  mix_smoother_prepare (&self->output_db, format->rate, OUTPUT_MS);
  set (self, params);
  reset (self);
  return true;
}

/* ---- Stream ------------------------------------------------------------- */

static void
renew (Eq *self)
{
  if (self->still && !self->fresh)
    return;
  self->fresh = false;
  mix_eq_chain_tick (&self->chain);
  bool gliding = mix_smoother_tick (&self->output_db);
  self->gain[0] = self->gain[1];
  self->gain[1] = self->gain[2];
  self->gain[2] = mix_gain_from_db (self->output_db.to);
  self->still = self->chain.still && !gliding && self->gain[0] == self->gain[1]
                && self->gain[1] == self->gain[2];
}

/* A quadratic spline from halfway between the first two gains to halfway
 * between the last two: its slope does not jump from tick to tick. */
static void
apply_gain (Eq *self, unsigned offset, unsigned n)
{
  const double *gain = self->gain, step = 1.0 / MIX_TICK;
  double start = 0.5 * (gain[0] + gain[1]), slope = gain[1] - gain[0];
  double bend = 0.5 * (gain[2] - gain[1] - slope);
  for (unsigned i = 0; i < n; i++) {
    double x = step * (offset + i), now = start + x * (slope + x * bend);
    self->io[2 * i] *= now;
    self->io[2 * i + 1] *= now;
  }
}

static bool
has_gain (const Eq *self)
{
  return self->gain[0] != 1 || self->gain[1] != 1 || self->gain[2] != 1;
}

/* A span of two channels. */
static void
process_lanes (Eq *self, unsigned index, float *const *out,
    const float *const *in, unsigned at, unsigned offset, unsigned n)
{
  const unsigned *channel = self->chain.lanes[index].channel;
  const MixKernels *kernels = self->chain.kernels;
  const float *left = in[channel[0]] + at, *right = in[channel[1]] + at;
  float *to_left = out[channel[0]] + at, *to_right = out[channel[1]] + at;
  bool gained = has_gain (self);
  if (self->chain.n_runs == 0 && !gained) {
    memmove (to_left, left, n * sizeof *left);
    if (to_right != to_left)
      memmove (to_right, right, n * sizeof *right);
    return;
  }
  kernels->widen_pair (self->io, left, right, n);
  mix_eq_chain_process (&self->chain, index, self->io, offset, n);
  if (gained)
    apply_gain (self, offset, n);
  kernels->narrow_pair (
      to_left, to_right != to_left ? to_right : self->nobody, self->io, n);
}

/* Up to the next tick, or over many of them while they would change nothing. */
static unsigned
take_span (Eq *self, unsigned left)
{
  if (!self->still || self->fresh)
    return mix_tick_span (&self->tick, left);
  unsigned n = mix_min (left, MIX_EQ_SPAN);
  self->tick.offset = (self->tick.offset + n) % MIX_TICK;
  return n;
}

static void
process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Eq *self = instance;
  if (self->linear) {
    mix_eq_linear_process (self->linear, out, in, frames);
    in = (const float *const *)out;
  }
  for (unsigned at = 0, n; at < frames; at += n) {
    if (mix_tick_is_due (&self->tick))
      renew (self);
    unsigned offset = self->tick.offset;
    n = take_span (self, frames - at);
    for (unsigned i = 0; i < self->chain.n_lanes; i++)
      process_lanes (self, i, out, in, at, offset, n);
    mix_eq_chain_follow (&self->chain, n);
  }
}

/* ---- What hosts ask ----------------------------------------------------- */

static void
read_out (void *instance, void *readings)
{
  Eq *self = instance;
  Readings *r = readings;
  *r = (Readings){ 0, self->over_nyquist, self->unresolved };
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++) {
    MixEqDynamic *d = &self->chain.bands[i].dynamic;
    if (fabs (d->extreme_db) > fabs (r->dynamic_gain_db))
      r->dynamic_gain_db = d->extreme_db;
    d->extreme_db = 0;
  }
}

static unsigned
latency (const void *instance)
{
  const Eq *self = instance;
  return self->linear ? mix_eq_linear_latency (self->linear) : 0;
}

/* A whole period of the lowest band: its ringing is over when nothing is heard
 * for so long. */
static unsigned
tail (const void *instance)
{
  const Eq *self = instance;
  return self->rate / 10 + 1;
}

/* Mono is left and mid; other channels are sides of something in pairs only. */
static bool
has_side (const MixFormat *format, int channels)
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (channels == MIX_EQ_ALL || mix_format_pairs (format, pairs) > 0)
    return true;
  return format->channels == 1
         && (channels == MIX_EQ_LEFT || channels == MIX_EQ_MID);
}

/* What a band that is on cannot do in this format. */
static void
remark_band (const MixEqParams *p, unsigned i, const MixFormat *format,
    MixRemarks *remarks)
{
  const MixEqBandParams *band = &p->bands[i];
  if (mix_eq_type_has_gain (band->type) && band->gain_db == 0)
    return;
  if (is_out_of_reach (band, format->rate))
    remarks->add (remarks,
        "band%u has no effect: %g Hz is over half of the %u Hz it runs at", i,
        band->frequency_hz, format->rate);
  else if (!has_side (format, band->channels))
    remarks->add (remarks,
        "band%u has no effect: there is no %s in this layout, only in stereo "
        "pairs; set its channels to all, or make the sound stereo before "
        "(audioconvert ! audio/x-raw,channels=2)",
        i, channel_choices[band->channels].nick);
  else if (p->linear_phase && band->type == MIX_FILTER_ALL_PASS)
    remarks->add (remarks,
        "band%u has no effect: an all-pass moves nothing but the phase, which "
        "is linear; set phase to minimum before the start",
        i);
  else if (p->linear_phase && in_linear_filter (p, i, format->rate)
           && mix_eq_linear_seconds (band) > mix_eq_linear_longest (format))
    remarks->add (remarks,
        "band%u is narrower than linear phase resolves at %g Hz and comes out "
        "flatter; phase=minimum does not have that limit",
        i, band->frequency_hz);
}

static void
remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const MixEqParams *p = params;
  for (unsigned i = 0; i < p->num_bands; i++)
    if (is_on (p, i))
      remark_band (p, i, format, remarks);
}

const MixUnit mix_eq = {
  .name = "eq",
  .summary = "Parametric equaliser with dynamic bands and linear phase",
  .size = sizeof (Eq),
  .params = MIX_TABLE (rows, MixEqParams),
  .readings = MIX_TABLE (reading_rows, Readings),
  .group = &group,
  .defaults = defaults,
  .prepare = prepare,
  .set = set,
  .reset = reset,
  .process = process,
  .read = read_out,
  .latency = latency,
  .tail = tail,
  .remark = remark,
  .release = release,
};
