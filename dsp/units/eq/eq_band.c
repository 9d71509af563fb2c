/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One band over time. Frequency (log2), gain (dB) and q (log2) glide; what
 * cannot glide goes through silence of the band: `wet` scales what the band
 * adds to its input. A band that adds nothing is taken out of the chain, which
 * makes a flat curve exact, and begins without history when it comes back.
 */
#include "eq.h"

#include <math.h>
#include <string.h>

#include "../../parts/section.h"

/* 63 % of the way are done after twice that. */
#define GLIDE_MS 6
#define GLIDE_Q_MS 8
#define FADE_MS 7

/* Of the weights that place a section's poles, within 0 … 2 or so. */
#define MOST_MOVE_PER_MS 0.026

/* A fade is over when so little is left: 3e-6 after `faded`. */
#define FADE_REST 1e-3

void
mix_eq_band_prepare (MixEqBand *b, unsigned rate)
{
  mix_smoother_prepare (&b->octave, rate, GLIDE_MS);
  mix_smoother_prepare (&b->gain_db, rate, GLIDE_MS);
  mix_smoother_prepare (&b->octave_q, rate, GLIDE_Q_MS);
  mix_smoother_prepare (&b->share, rate, GLIDE_MS);
  mix_smoother_prepare (&b->wet, rate, FADE_MS);
}

/* The smoother's way from 0 to 1 without its bend at the beginning and its long
 * tail at the end: 3 x^2 - 2 x^3. */
static double
faded (double x)
{
  return x * x * (3 - 2 * x);
}

static void
end_fade (MixSmoother *wet)
{
  if (fabs (wet->to - wet->goal) < FADE_REST
      && fabs (wet->first - wet->goal) < FADE_REST)
    mix_smoother_snap (wet);
}

static bool
is_same_shape (const MixEqShape *a, const MixEqShape *b)
{
  return a->type == b->type && a->order == b->order
         && a->channels == b->channels && a->alone == b->alone;
}

static void
fade_weights (double weight[MIX_CASCADE_WEIGHTS], double wet)
{
  weight[MIX_CASCADE_DIRECT] = 1 + wet * (weight[MIX_CASCADE_DIRECT] - 1);
  weight[MIX_CASCADE_BAND] *= wet;
  weight[MIX_CASCADE_LOW] *= wet;
}

/* Where a section that is added while sound runs comes from: it passes. */
static void
come_in (double before[MIX_CASCADE_WEIGHTS],
    const double weight[MIX_CASCADE_WEIGHTS])
{
  memcpy (before, weight, MIX_CASCADE_WEIGHTS * sizeof *before);
  before[MIX_CASCADE_DIRECT] = 1;
  before[MIX_CASCADE_BAND] = before[MIX_CASCADE_LOW] = 0;
}

/* Where a design's zero and pole nearly cancel, both may be anywhere, and now
 * and then they run through the whole spectrum while the band's frequency moves
 * by a thousandth. The magnitude hardly changes, but a pole that runs is heard.
 * Returns whether the tick is long enough for the way to `weight`, and goes as
 * far as it is. */
static bool
approach (double weight[MIX_CASCADE_WEIGHTS],
    const double before[MIX_CASCADE_WEIGHTS], unsigned rate)
{
  double most = MOST_MOVE_PER_MS * MIX_TICK * 1000 / rate, far = 0;
  for (unsigned w = MIX_CASCADE_POLE; w <= MIX_CASCADE_LIFT; w++)
    far = fmax (far, fabs (weight[w] - before[w]));
  if (far <= most)
    return true;
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    weight[w] = before[w] + (weight[w] - before[w]) * (most / far);
  return false;
}

/* The weights for what is heard at the tick's end. The number of sections grows
 * with the q of a shelf; it shrinks only when the band is placed anew. */
static void
design (MixEqBand *b, unsigned rate)
{
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  MixFilterSpec spec = { (MixFilterType)b->shape.type, b->frequency_hz,
    b->heard_gain_db, b->q, b->shape.order };
  unsigned count = mix_filter_design_svf (&spec, rate, svf);
  unsigned old_count = b->placed ? b->sections : count;
  for (; count < old_count; count++)
    svf[count] = (MixSvf){ 1, 2, 1, 0, 0 }; /* no longer needed: passes */
  for (unsigned i = 0; i < count; i++) {
    mix_section_weights (b->weight[i], &svf[i]);
    fade_weights (b->weight[i], b->heard_wet);
  }
  b->lagging = false;
  for (unsigned i = 0; b->placed && i < old_count; i++)
    b->lagging |= !approach (b->weight[i], b->before[i], rate);
  b->sections = count;
  for (unsigned i = old_count; i < count; i++)
    come_in (b->before[i], b->weight[i]);
  b->outside = b->shape.alone ? 1 - b->heard_wet : 1;
}

/* Whether the band is dynamic or still on its way to being static. */
static bool
is_dynamic (const MixEqBand *b)
{
  return mix_eq_type_has_gain (b->shape.type)
         && (b->share.goal > 0 || b->share.to > 0);
}

/* Reads the smoothers; true when anything differs from the last time. */
static bool
take_values (MixEqBand *b)
{
  double hz = exp2 (b->octave.to), q = exp2 (b->octave_q.to);
  double gain = b->gain_db.to, wet = faded (b->wet.to);
  if (is_dynamic (b)) {
    double move = copysign (fmin (b->dynamic.move.now, fabs (gain)), gain);
    gain += b->share.to * (move - gain);
  }
  bool same = hz == b->frequency_hz && gain == b->heard_gain_db && q == b->q
              && wet == b->heard_wet;
  b->frequency_hz = hz;
  b->heard_gain_db = gain;
  b->q = q;
  b->heard_wet = wet;
  return !same;
}

/* Does nothing without gain: an audition also silences other channels. */
static bool
acts_by_gain (const MixEqShape *shape)
{
  return mix_eq_type_has_gain (shape->type) && !shape->alone;
}

/* Adds nothing now and is not about to. */
static bool
is_neutral (const MixEqBand *b)
{
  bool flat = acts_by_gain (&b->shape) && b->gain_db.goal == 0
              && mix_smoother_is_still (&b->gain_db);
  bool out = b->wet.goal == 0 && mix_smoother_is_still (&b->wet);
  return flat || out;
}

/* What is not heard needs no glide. */
static void
snap_unheard (MixEqBand *b)
{
  b->shape = b->goal;
  mix_smoother_snap (&b->octave);
  mix_smoother_snap (&b->octave_q);
  mix_smoother_snap (&b->share);
  mix_eq_dynamic_reset (&b->dynamic);
  b->wet.goal = b->active;
  if (b->wet.to == 0)
    mix_smoother_snap (&b->gain_db);
  if (acts_by_gain (&b->shape) && b->gain_db.to == 0)
    mix_smoother_snap (&b->wet);
  else if (!acts_by_gain (&b->shape) && b->wet.to != 0) {
    /* was there with no gain, comes back as what needs none */
    b->wet.goal = 0;
    mix_smoother_snap (&b->wet);
    b->wet.goal = b->active;
  }
}

/* What is heard as the tick begins. */
static void
note_extreme (MixEqBand *b)
{
  if (fabs (b->heard_gain_db) > fabs (b->dynamic.extreme_db))
    b->dynamic.extreme_db = b->heard_gain_db;
}

static void
tune (MixEqBand *b, unsigned rate)
{
  if (b->detecting)
    mix_eq_dynamic_tune (
        &b->dynamic, b->shape.type, b->frequency_hz, b->q, rate);
}

/* Begins or ends sounding. */
static void
cue (MixEqBand *b, unsigned rate)
{
  bool change = !is_same_shape (&b->shape, &b->goal);
  if (b->sounding) {
    b->wet.goal = b->active && !change;
    if (is_neutral (b) && !b->lagging)
      b->sounding = false;
  }
  if (b->sounding)
    return;
  b->placed = false;
  snap_unheard (b);
  b->sounding = !is_neutral (b);
  if (b->sounding) {
    take_values (b);
    design (b, rate);
  }
}

bool
mix_eq_band_tick (MixEqBand *b, unsigned rate)
{
  b->moving = false;
  cue (b, rate);
  if (!b->sounding) {
    b->detecting = false;
    return false;
  }
  bool busy = mix_smoother_tick (&b->octave);
  busy |= mix_smoother_tick (&b->gain_db);
  busy |= mix_smoother_tick (&b->octave_q);
  busy |= mix_smoother_tick (&b->share);
  busy |= mix_smoother_tick (&b->wet);
  end_fade (&b->wet);
  b->detecting = is_dynamic (b);
  memcpy (b->before, b->weight, sizeof b->before);
  b->outside_before = b->outside;
  if (b->detecting && b->placed)
    note_extreme (b);
  mix_eq_dynamic_settle (&b->dynamic);
  b->moving = take_values (b) || b->lagging;
  if (b->moving)
    design (b, rate);
  tune (b, rate);
  return busy || b->moving || b->detecting
         || !is_same_shape (&b->shape, &b->goal);
}

void
mix_eq_band_reset (MixEqBand *b, unsigned rate)
{
  b->placed = b->moving = b->detecting = false;
  b->dynamic.extreme_db = 0;
  b->wet.goal = b->active;
  mix_smoother_snap (&b->gain_db);
  mix_smoother_snap (&b->wet);
  snap_unheard (b);
  mix_smoother_snap (&b->wet);
  b->sounding = !is_neutral (b);
  take_values (b);
  design (b, rate);
  if (b->sounding)
    b->detecting = is_dynamic (b);
  tune (b, rate);
  memcpy (b->before, b->weight, sizeof b->before);
  b->outside_before = b->outside;
}
