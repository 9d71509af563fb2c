/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "eq_band.h"

#include <math.h>

/* 63 % of a step are reached after twice that. */
#define SMOOTH_MS 6
#define SMOOTH_Q_MS 8
#define FADE_MS 7

/* A fade is over when so little is left: 3e-6 after smooth_step. */
#define FADE_REST 1e-3

void
mix_eq_band_prepare (MixEqBand *b, unsigned rate)
{
  mix_smoother_prepare (&b->octave, rate, SMOOTH_MS);
  mix_smoother_prepare (&b->gain_db, rate, SMOOTH_MS);
  mix_smoother_prepare (&b->octave_q, rate, SMOOTH_Q_MS);
  mix_smoother_prepare (&b->dynamic_share, rate, SMOOTH_MS);
  mix_smoother_prepare (&b->fade, rate, FADE_MS);
}

void
mix_eq_band_set (MixEqBand *b, const MixEqBandParams *p, bool is_on,
    bool is_solo, unsigned rate)
{
  MixFilterSpec spec = mix_eq_params_spec (p);
  bool has_gain = mix_filter_has_gain (p->type);
  unsigned order = mix_filter_is_cut (p->type) ? spec.order : 2;
  b->is_on = is_on;
  b->target_kind = (MixEqBandKind){ p->type, order, p->channels, is_solo };
  mix_smoother_set (&b->octave, log2 (p->frequency_hz));
  mix_smoother_set (&b->octave_q, log2 (p->q));
  mix_smoother_set (&b->gain_db, has_gain ? p->gain_db : 0);
  mix_smoother_set (&b->dynamic_share, mix_eq_params_is_dynamic (p));
  mix_eq_dynamic_gain_set (&b->dynamic, p->threshold_db, p->ratio, p->attack_ms,
      p->release_ms, rate);
}

void
mix_eq_band_turn_off (MixEqBand *b)
{
  b->is_on = false;
}

/* ---- The band in this tick ---------------------------------------------- */

/* 3 x^2 - 2 x^3: the smoother's step from 0 to 1 without its curvature at the
 * beginning and its long tail at the end. */
static double
smooth_step (double x)
{
  return x * x * (3 - 2 * x);
}

static void
end_fade (MixSmoother *fade)
{
  if (fabs (fade->to - fade->target) < FADE_REST
      && fabs (fade->first - fade->target) < FADE_REST)
    mix_smoother_snap (fade);
}

static bool
is_same_kind (const MixEqBandKind *a, const MixEqBandKind *b)
{
  return a->type == b->type && a->order == b->order
         && a->channels == b->channels && a->mutes_others == b->mutes_others;
}

/* Dynamic, or not yet faded to static. */
static bool
is_dynamic (const MixEqBand *b)
{
  return mix_filter_has_gain (b->kind.type)
         && (b->dynamic_share.target > 0 || b->dynamic_share.to > 0);
}

/* Reads the smoothers; true when anything differs from the last time. */
static bool
update_values (MixEqBand *b)
{
  double hz = exp2 (b->octave.to), q = exp2 (b->octave_q.to);
  double gain = b->gain_db.to, wet = smooth_step (b->fade.to);
  if (is_dynamic (b))
    gain += b->dynamic_share.to
            * (mix_eq_dynamic_gain_of (&b->dynamic, gain) - gain);
  bool same = hz == b->frequency_hz && gain == b->now_gain_db && q == b->q
              && wet == b->wet;
  b->frequency_hz = hz;
  b->now_gain_db = gain;
  b->q = q;
  b->wet = wet;
  return !same;
}

static void
design (MixEqBand *b, unsigned rate, bool is_running)
{
  MixFilterSpec spec = { (MixFilterType)b->kind.type, b->frequency_hz,
    b->now_gain_db, b->q, b->kind.order };
  mix_eq_band_filter_design (&b->filter, &spec, b->wet, rate, is_running);
  b->others_to = b->kind.mutes_others ? 1 - b->wet : 1;
}

static void
update_detector (MixEqBand *b, unsigned rate)
{
  if (b->is_dynamic)
    mix_eq_detector_update (
        &b->detector, b->kind.type, b->frequency_hz, b->q, rate);
}

/* ---- Starting and stopping ---------------------------------------------- */

/* Adds nothing at 0 dB: solo also mutes other channels. */
static bool
acts_by_gain (const MixEqBandKind *kind)
{
  return mix_filter_has_gain (kind->type) && !kind->mutes_others;
}

/* Adds nothing now and is not about to. */
static bool
is_neutral (const MixEqBand *b)
{
  bool flat = acts_by_gain (&b->kind) && b->gain_db.target == 0
              && mix_smoother_is_still (&b->gain_db);
  bool out = b->fade.target == 0 && mix_smoother_is_still (&b->fade);
  return flat || out;
}

/* A band that adds nothing changes at once. Whether it starts by its gain, from
 * 0 dB, or by the fade depends on its kind. */
static void
jump_while_neutral (MixEqBand *b)
{
  b->kind = b->target_kind;
  mix_smoother_snap (&b->octave);
  mix_smoother_snap (&b->octave_q);
  mix_smoother_snap (&b->dynamic_share);
  mix_eq_dynamic_gain_reset (&b->dynamic);
  b->fade.target = b->is_on;
  if (b->fade.to == 0)
    mix_smoother_snap (&b->gain_db);
  if (acts_by_gain (&b->kind) && b->gain_db.to == 0)
    mix_smoother_snap (&b->fade);
  else if (!acts_by_gain (&b->kind) && b->fade.to != 0) {
    /* faded in at 0 dB, and now of a kind that does not act by its gain */
    b->fade.target = 0;
    mix_smoother_snap (&b->fade);
    b->fade.target = b->is_on;
  }
}

static void
start_or_stop (MixEqBand *b, unsigned rate)
{
  bool changes = !is_same_kind (&b->kind, &b->target_kind);
  b->starts = false;
  if (b->runs) {
    b->fade.target = b->is_on && !changes;
    if (is_neutral (b) && !mix_eq_band_filter_is_limited (&b->filter))
      b->runs = false;
  }
  if (b->runs)
    return;
  jump_while_neutral (b);
  b->runs = b->starts = !is_neutral (b);
  if (b->runs) {
    update_values (b);
    design (b, rate, false);
  }
}

/* ---- Ticks -------------------------------------------------------------- */

static bool
tick_smoothers (MixEqBand *b)
{
  bool moves = mix_smoother_tick (&b->octave);
  moves |= mix_smoother_tick (&b->gain_db);
  moves |= mix_smoother_tick (&b->octave_q);
  moves |= mix_smoother_tick (&b->dynamic_share);
  moves |= mix_smoother_tick (&b->fade);
  end_fade (&b->fade);
  return moves;
}

/* The gain as the tick begins. */
static void
note_extreme (MixEqBand *b)
{
  if (fabs (b->now_gain_db) > fabs (b->extreme_db))
    b->extreme_db = b->now_gain_db;
}

bool
mix_eq_band_tick (MixEqBand *b, unsigned rate)
{
  b->moves = false;
  start_or_stop (b, rate);
  if (!b->runs) {
    b->is_dynamic = false;
    return false;
  }
  bool moves = tick_smoothers (b);
  b->is_dynamic = is_dynamic (b);
  mix_eq_band_filter_begin_tick (&b->filter);
  b->others_from = b->others_to;
  if (b->is_dynamic && !b->starts)
    note_extreme (b);
  mix_eq_dynamic_gain_tick (&b->dynamic);
  b->moves = update_values (b) || mix_eq_band_filter_is_limited (&b->filter);
  if (b->moves)
    design (b, rate, !b->starts);
  update_detector (b, rate);
  return moves || b->moves || b->is_dynamic
         || !is_same_kind (&b->kind, &b->target_kind);
}

void
mix_eq_band_reset (MixEqBand *b, unsigned rate)
{
  b->moves = b->is_dynamic = false;
  b->extreme_db = 0;
  b->fade.target = b->is_on;
  mix_smoother_snap (&b->gain_db);
  mix_smoother_snap (&b->fade);
  jump_while_neutral (b);
  mix_smoother_snap (&b->fade);
  b->runs = b->starts = !is_neutral (b);
  update_values (b);
  design (b, rate, false);
  if (b->runs)
    b->is_dynamic = is_dynamic (b);
  update_detector (b, rate);
  mix_eq_band_filter_begin_tick (&b->filter);
  b->others_from = b->others_to;
}

void
mix_eq_band_run_dynamics (MixEqBand *b, const MixKernels *kernels, unsigned n)
{
  float twice_db[MIX_TICK];
  mix_eq_detector_take (&b->detector, kernels, twice_db, n);
  mix_eq_dynamic_gain_run (&b->dynamic, b->gain_db.to, twice_db, n);
}

/* ---- Readings ----------------------------------------------------------- */

double
mix_eq_band_gain_db (const MixEqBand *b)
{
  if (!b->runs || !mix_filter_has_gain (b->kind.type))
    return 0;
  if (b->wet == 1)
    return b->now_gain_db;
  double gain = mix_gain_from_db (b->now_gain_db);
  return mix_db_from_gain (1 + b->wet * (gain - 1));
}

double
mix_eq_band_take_extreme_db (MixEqBand *b)
{
  double extreme = b->extreme_db;
  b->extreme_db = 0;
  return extreme;
}
