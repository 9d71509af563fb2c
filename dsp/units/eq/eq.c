/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parametric equaliser: up to 32 bands in series.
 *
 *         in
 *          │
 *          ├──────────────┐ phase = linear: static bands
 *          │     ┌────────┴────────┐ linear_phase.c   convolver, changes
 *          │     │  symmetric FIR  │ linear_design.c  from curves to filters
 *          │     └────────┬────────┘ linear_length.c  its latency
 *          ├◄─────────────┘
 *          │ two channels at a time (channel_lanes.c)
 *   ┌──────┴───────────────────────────────────────┐
 *   │ band 0 ─ band 1 ─ … ─ band 31 ─ solo         │ chain.c
 *   │                                              │ section_rows.c
 *   │ each band (eq_band.c):                       │
 *   │   in ─┬─► sections, faded ─► out             │ band_filter.c
 *   │       │      ▲ gain                          │
 *   │       │      └── attack/release ◄─ curve ◄─┐ │ dynamic_gain.c
 *   │       └─► key filter ─► envelope ─► link ──┘ │ band_detector.c
 *   └──────┬───────────────────────────────────────┘
 *          × eq_output_gain.c
 *          │
 *         out
 *
 * eq_params.c is about parameters alone, band_channels.h about the channels
 * that a band works on.
 *
 * In minimum phase all bands are in the chain, each a few state-variable
 * sections. In linear phase the static bands are in the FIR filter; dynamic
 * bands and solo follow it in the chain, in minimum phase.
 */
#include <string.h>

#include "../../parts/span.h"
#include "../units.h"
#include "chain.h"
#include "linear_length.h"
#include "linear_phase.h"
#include "eq_output_gain.h"

/* ---- Tables ------------------------------------------------------------- */

static const MixRow rows[] = {
  MIX_ROW_UINT (MixEqParams, num_bands, "num-bands", "Number of bands", "", 1,
      MIX_EQ_BANDS, 8, 0, "Number of bands in use; later ones have no effect"),
  MIX_ROW_DOUBLE (MixEqParams, output_gain_db, "output-gain", "Output gain",
      "dB", -36, 36, 0, 0, "Gain after all bands"),
  MIX_ROW_CHOICE (MixEqParams, linear_phase, "phase", "Phase",
      mix_eq_phase_choices, 2, 0, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY,
      "Minimum phase, or linear phase with a latency of about 350 ms, more if "
      "bands set at the start are narrow and low; in linear phase dynamic "
      "bands and solo remain minimum-phase, and all-pass bands have no "
      "effect"),
};

static const MixRow band_rows[] = {
  MIX_ROW_CHOICE (MixEqBandParams, type, "type", "Type", mix_eq_type_choices, 9,
      0, MIX_STEPS, "Filter type"),
  MIX_ROW_DOUBLE (MixEqBandParams, frequency_hz, "frequency", "Frequency", "Hz",
      10, 40000, 1000, 0,
      "Centre, corner or pivot frequency; a band at half the sample rate or "
      "above acts with the part of its curve that lies below"),
  MIX_ROW_DOUBLE (MixEqBandParams, gain_db, "gain", "Gain", "dB", -36, 36, 0, 0,
      "Gain of bells and shelves; of a tilt the rise from its low to its high "
      "end"),
  MIX_ROW_DOUBLE (MixEqBandParams, q, "q", "Q", "", 0.1, 40, 0.7071, 0,
      "Narrowness of the band or steepness of the shelf; not for cuts and "
      "tilt"),
  MIX_ROW_NUMBERED_CHOICE (MixEqBandParams, slope, "slope", "Slope",
      mix_eq_slope_choices, mix_eq_slopes, 8, 1, MIX_STEPS,
      "Steepness of cuts in dB per octave"),
  MIX_ROW_CHOICE (MixEqBandParams, channels, "channels", "Channels",
      mix_eq_channel_choices, 5, 0, MIX_STEPS,
      "Channels that the band works on; all but the first apply to stereo "
      "pairs and leave other channels unchanged"),
  MIX_ROW_BOOL (MixEqBandParams, enabled, "enabled", "Enabled", 1, 0,
      "Whether the band is in use"),
  MIX_ROW_BOOL (MixEqBandParams, solo, "solo", "Solo", 0, 0,
      "Plays only the region that the band works on, unprocessed: the pass "
      "band of bell, notch and band-pass, a shelf's side, what a cut removes, "
      "everything for tilt and all-pass; if several bands are soloed, the "
      "region of the first"),
  MIX_ROW_DOUBLE (MixEqBandParams, threshold_db, "threshold", "Threshold", "dB",
      -80, 0, 0, 0,
      "Level above which the band's gain begins to act, measured where the "
      "band acts: in a bell's band, on a shelf's side, at both ends of a tilt; "
      "0 makes the band static"),
  MIX_ROW_DOUBLE (MixEqBandParams, ratio, "ratio", "Ratio", "", 1, 100, 2, 0,
      "The dynamic gain is 1 - 1/ratio times the level above the threshold, "
      "at most the band's gain"),
  MIX_ROW_DOUBLE (MixEqBandParams, attack_ms, "attack", "Attack", "ms", 0.1,
      500, 10, 0, "Time in which the dynamic gain rises by 63 % of a step"),
  MIX_ROW_DOUBLE (MixEqBandParams, release_ms, "release", "Release", "ms", 1,
      5000, 100, 0, "Time in which the dynamic gain falls by 63 % of a step"),
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
  MixDoubles band_gains_db;
  unsigned over_nyquist, unresolved;
} Readings;

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLE (Readings, dynamic_gain_db, "dynamic-gain", "Dynamic gain",
      "dB", -36, 36, 0, 0,
      "Dynamic gain farthest from 0 since the last reading, of all bands"),
  MIX_ROW_DOUBLES (Readings, band_gains_db, "band-gains", "Band gains", "dB",
      -36, 36, 0, MIX_PER_BAND,
      "Gain of each band now, dynamics included; 0 for bands not in use and "
      "types without a gain"),
  MIX_ROW_UINT (Readings, over_nyquist, "over-nyquist", "Bands over Nyquist",
      "", 0, MIX_EQ_BANDS, 0, 0,
      "Number of bands without effect because of their frequency"),
  MIX_ROW_UINT (Readings, unresolved, "unresolved", "Unresolved bands", "", 0,
      MIX_EQ_BANDS, 0, 0,
      "Number of bands narrower than linear phase resolves with the latency "
      "chosen at the start"),
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

/* ---- Instance ----------------------------------------------------------- */

typedef struct {
  unsigned rate, channels;
  MixTick tick;
  bool has_new_targets; /* since the last tick */
  bool still;           /* ticks change nothing until there are new targets */
  unsigned num_bands, over_nyquist, unresolved;
  double static_gain_db[MIX_EQ_BANDS]; /* in the linear-phase filter */

  MixEqLinear *linear; /* NULL in minimum phase */
  MixEqChain chain;
  MixEqOutputGain output;
  double io[2 * MIX_EQ_SPAN];   /* two lanes */
  float discarded[MIX_EQ_SPAN]; /* output of the second of two equal lanes */
} Eq;

/* ---- Targets ------------------------------------------------------------ */

static void
set_solo (Eq *self, const MixEqParams *p, int solo)
{
  if (solo < 0) {
    mix_eq_chain_set_solo (&self->chain, NULL);
    return;
  }
  MixEqBandParams region = mix_eq_params_region (&p->bands[solo]);
  mix_eq_chain_set_solo (&self->chain, &region);
}

/* A band goes into the chain or, if it is static, into the linear-phase filter:
 * then it is put into `static_band`. Returns whether it is. */
static bool
set_band (Eq *self, const MixEqParams *p, unsigned i, bool any_solo,
    MixEqStaticBand *static_band)
{
  const MixEqBandParams *band = &p->bands[i];
  bool is_on = mix_eq_params_is_on (p, i);
  if (is_on && mix_eq_params_is_out_of_range (band, self->rate)) {
    self->over_nyquist++;
    is_on = false;
  }
  is_on &= !any_solo;
  bool in_filter = self->linear && is_on && !mix_eq_params_is_dynamic (band);
  mix_eq_chain_set_band (&self->chain, i, band, is_on && !in_filter);
  MixFilterSpec spec = mix_eq_params_spec (band);
  self->static_gain_db[i] = 0;
  if (!in_filter || mix_filter_is_flat (&spec))
    return false;
  if (mix_filter_has_gain (spec.type))
    self->static_gain_db[i] = spec.gain_db;
  if (mix_eq_linear_seconds (&spec) * self->rate
      > mix_eq_linear_latency (self->linear))
    self->unresolved++;
  *static_band = (MixEqStaticBand){ spec, band->channels };
  return true;
}

static void
set (void *instance, const void *params)
{
  Eq *self = instance;
  const MixEqParams *p = params;
  MixEqStaticBand static_bands[MIX_EQ_BANDS];
  unsigned n_static = 0;
  int solo = mix_eq_params_solo (p);
  self->num_bands = p->num_bands;
  self->over_nyquist = self->unresolved = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++)
    n_static += set_band (self, p, i, solo >= 0, &static_bands[n_static]);
  set_solo (self, p, solo);
  if (self->linear)
    mix_eq_linear_set (self->linear, static_bands, n_static);
  mix_eq_output_gain_set (&self->output, p->output_gain_db);
  self->has_new_targets = true;
}

/* ---- Life --------------------------------------------------------------- */

static void
reset (void *instance)
{
  Eq *self = instance;
  mix_tick_reset (&self->tick);
  mix_eq_output_gain_reset (&self->output);
  mix_eq_chain_reset (&self->chain);
  if (self->linear)
    mix_eq_linear_reset (self->linear);
  self->still = false;
}

static void
release (void *instance)
{
  Eq *self = instance;
  mix_eq_chain_release (&self->chain);
  mix_eq_linear_free (self->linear);
  self->linear = NULL;
}

/* What the narrowest of the static bands asks for. */
static double
longest_seconds (const MixEqParams *p, unsigned rate)
{
  double longest = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++) {
    MixFilterSpec spec = mix_eq_params_spec (&p->bands[i]);
    if (mix_eq_params_is_static (p, i, rate))
      longest = fmax (longest, mix_eq_linear_seconds (&spec));
  }
  return longest;
}

static bool
prepare (void *instance, const MixFormat *format, const void *params)
{
  Eq *self = instance;
  const MixEqParams *p = params;
  MixEqLinear *linear = NULL;
  if (p->linear_phase) {
    linear = mix_eq_linear_new (format, longest_seconds (p, format->rate));
    if (!linear)
      return false;
  }
  if (!mix_eq_chain_prepare (&self->chain, format)) {
    mix_eq_linear_free (linear);
    return false;
  }
  mix_eq_linear_free (self->linear);
  self->linear = linear;
  self->rate = format->rate;
  self->channels = format->channels;
  mix_eq_output_gain_prepare (&self->output, format->rate);
  set (self, params);
  reset (self);
  return true;
}

/* ---- Stream ------------------------------------------------------------- */

static void
update (Eq *self)
{
  if (self->still && !self->has_new_targets)
    return;
  self->has_new_targets = false;
  mix_eq_chain_tick (&self->chain);
  bool moves = mix_eq_output_gain_tick (&self->output);
  self->still = mix_eq_chain_is_still (&self->chain) && !moves;
}

/* A span of two channels. */
static void
process_lanes (Eq *self, unsigned index, const MixSpan *span)
{
  const MixEqLanes *lanes = mix_eq_chain_lanes (&self->chain, index);
  const MixKernels *kernels = mix_eq_chain_kernels (&self->chain);
  unsigned first = mix_eq_lanes_channel (lanes, 0);
  unsigned second = mix_eq_lanes_channel (lanes, 1), n = span->frames;
  bool is_unity = mix_eq_output_gain_is_unity (&self->output);
  if (mix_eq_chain_is_neutral (&self->chain) && is_unity) {
    memmove (span->out[first], span->in[first], n * sizeof (float));
    if (second != first)
      memmove (span->out[second], span->in[second], n * sizeof (float));
    return;
  }
  kernels->widen_pair (self->io, span->in[first], span->in[second], n);
  mix_eq_chain_process (&self->chain, index, self->io, span->offset, n);
  if (!is_unity)
    mix_eq_output_gain_apply (&self->output, self->io, span->offset, n);
  kernels->narrow_pair (span->out[first],
      second != first ? span->out[second] : self->discarded, self->io, n);
}

/* Up to the next tick, or over many of them while they would change nothing. */
static unsigned
take_span (Eq *self, unsigned left)
{
  bool moves = !self->still || self->has_new_targets;
  return mix_tick_span_while (
      &self->tick, moves, moves ? left : mix_min (left, MIX_EQ_SPAN));
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
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (mix_tick_is_due (&self->tick))
      update (self);
    span.offset = self->tick.offset;
    span.frames = take_span (self, frames - at);
    mix_span_point (&span, self->channels, out, in, NULL, at);
    for (unsigned i = 0; i < mix_eq_chain_lane_pairs (&self->chain); i++)
      process_lanes (self, i, &span);
    mix_eq_chain_run_dynamics (&self->chain, span.frames);
  }
}

/* ---- What hosts read ---------------------------------------------------- */

static void
read_out (void *instance, void *readings)
{
  Eq *self = instance;
  Readings *r = readings;
  r->dynamic_gain_db = mix_eq_chain_take_extreme_db (&self->chain);
  r->band_gains_db.count = self->num_bands;
  for (unsigned i = 0; i < self->num_bands; i++)
    r->band_gains_db.values[i]
        = self->static_gain_db[i] + mix_eq_chain_gain_db (&self->chain, i);
  r->over_nyquist = self->over_nyquist;
  r->unresolved = self->unresolved;
}

static unsigned
latency (const void *instance)
{
  const Eq *self = instance;
  return self->linear ? mix_eq_linear_latency (self->linear) : 0;
}

/* A whole period of the lowest band: after so much silence its ringing is
 * over. */
static unsigned
tail (const void *instance)
{
  const Eq *self = instance;
  return self->rate / 10 + 1;
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
  .remark = mix_eq_params_remark,
  .release = release,
};
