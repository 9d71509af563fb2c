/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control side of the compressor: parameters become goals, and once a
 * tick goals become the curve, the cuts, the ballistics and the parts that
 * are awake.
 */
#include "compressor.h"

#include <string.h>

#define SMOOTHING_MS 5.0
#define FLOOR_MS 10.0 /* averages what is compared with the floor */
/* Octaves on the way, each of them 12 dB; and decibels, of which 12 open all.
 */
#define SLOW_SMOOTHING_MS 30.0

/* The smoother has something to do: it is not at 0 for good. */
static bool
is_in_use (const MixSmoother *s)
{
  return s->goal > 0 || !mix_smoother_is_still (s);
}

/* ---- Goals -------------------------------------------------------------- */

void
mix_comp_prepare_smoothers (MixCompressor *self)
{
  for (unsigned s = 0; s < MIX_COMP_SMOOTHERS; s++) {
    bool is_slow = s == MIX_COMP_LOW_CUT || s == MIX_COMP_HIGH_CUT
                   || s == MIX_COMP_FLOOR;
    mix_smoother_prepare (&self->smooth[s], self->format.rate,
        is_slow ? SLOW_SMOOTHING_MS : SMOOTHING_MS);
  }
}

static double
slope_from_ratio (double ratio)
{
  return ratio >= MIX_COMP_INFINITE_RATIO ? 1 : 1 - 1 / ratio;
}

/* Half of what a full-scale sine loses. Programme has its peaks between the
 * threshold and full scale: the whole of it would send all that the attack
 * lets through over full scale. */
static double
auto_makeup_db (const MixCompParams *p)
{
  MixGainCurve curve = mix_gain_curve (p->threshold_db, p->knee_db,
      slope_from_ratio (p->ratio), p->range_db, p->floor_db,
      p->mode != MIX_COMP_UPWARD, false);
  return 0.5 * mix_gain_curve_down (&curve, 0);
}

/* A cut that is off wakes at its corner. */
static void
set_cut (MixSmoother *corner, MixSmoother *share, double hz, unsigned rate)
{
  if (hz > 0)
    mix_smoother_set (corner, log2 (fmin (hz, MIX_CUT_TOP * rate)));
  if (!is_in_use (share))
    mix_smoother_snap (corner);
  mix_smoother_set (share, hz > 0);
}

void
mix_comp_set_goals (MixCompressor *self, const MixCompParams *p)
{
  MixSmoother *s = self->smooth;
  mix_smoother_set (&s[MIX_COMP_THRESHOLD], p->threshold_db);
  mix_smoother_set (&s[MIX_COMP_SLOPE], slope_from_ratio (p->ratio));
  mix_smoother_set (&s[MIX_COMP_KNEE], p->knee_db);
  mix_smoother_set (&s[MIX_COMP_RANGE], p->range_db);
  mix_smoother_set (&s[MIX_COMP_FLOOR], p->floor_db);
  mix_smoother_set (&s[MIX_COMP_MAKEUP],
      p->makeup_db + (p->auto_makeup ? auto_makeup_db (p) : 0));
  mix_smoother_set (&s[MIX_COMP_MIX], p->mix_percent / 100);
  mix_smoother_set (&s[MIX_COMP_UNLINK], 1 - p->link_percent / 100);
  mix_smoother_set (&s[MIX_COMP_LISTEN], p->listen);
  mix_smoother_set (&s[MIX_COMP_TO_MID], p->source == MIX_COMP_MID);
  mix_smoother_set (&s[MIX_COMP_TO_SIDE], p->source == MIX_COMP_SIDE);
  set_cut (&s[MIX_COMP_LOW_CUT], &s[MIX_COMP_LOW_SHARE], p->low_cut_hz,
      self->format.rate);
  set_cut (&s[MIX_COMP_HIGH_CUT], &s[MIX_COMP_HIGH_SHARE], p->high_cut_hz,
      self->format.rate);
  self->goal = *p;
  self->moving = true;
}

/* ---- Parts that are awake ----------------------------------------------- */

/* Apart are channels that are told to be, and still those whose reductions
 * have not met after they were told to link. */
static bool
stays_unlinked (const MixCompressor *self)
{
  if (is_in_use (&self->smooth[MIX_COMP_UNLINK]))
    return true;
  double common = self->common.envelope.now;
  for (unsigned c = 0; self->is_unlinked && c < self->format.channels; c++)
    if (fabs (self->memory.own[c].envelope.now - common) > 1e-4
        || fabsf (self->memory.own[c].actual - self->common.actual) > 1e-4f)
      return true;
  return false;
}

static void
wake_channels (MixCompressor *self)
{
  const MixCompMemory *m = &self->memory;
  unsigned channels = self->format.channels;
  memset (m->pairs, 0, (channels + 1) / 2 * sizeof *m->pairs);
  mix_comp_clear_ears (self, 0, channels);
  for (unsigned c = 0; c < channels; c++)
    mix_comp_wake_reduction (&m->own[c]);
}

static void
wake_middle (MixCompressor *self)
{
  unsigned channels = self->format.channels;
  self->memory.pairs[(channels + 1) / 2] = (MixQuadrature){ 0 };
  mix_comp_clear_ears (self, channels, 1);
}

/* Each goes on from what it had in common. */
static void
wake_own (MixCompressor *self)
{
  for (unsigned c = 0; c < self->format.channels; c++) {
    MixCompReduction *own = &self->memory.own[c];
    own->envelope = self->common.envelope;
    own->quiet = self->common.quiet;
    own->mean = self->common.mean;
    own->open = self->common.open;
    own->share = self->common.share;
    own->open_bridge = self->common.open_bridge;
    own->actual = self->common.actual;
    own->wanted = self->common.wanted;
  }
}

static void
wake_monitor (MixCompressor *self)
{
  const MixCompMemory *m = &self->memory;
  unsigned channels = self->format.channels;
  memset (m->cuts + channels + 1, 0, channels * sizeof *m->cuts);
}

/* Parts that were asleep start with no history. */
static void
wake_parts (MixCompressor *self)
{
  bool unlinked = stays_unlinked (self);
  bool middle = self->now.source >= MIX_COMP_MID && self->has_front;
  bool channels = unlinked || !middle;
  bool listens = is_in_use (&self->smooth[MIX_COMP_LISTEN]);
  if (channels && !self->hears_channels)
    wake_channels (self);
  if (middle && !self->hears_middle)
    wake_middle (self);
  if (unlinked && !self->is_unlinked)
    wake_own (self);
  if (listens && !self->listens)
    wake_monitor (self);
  self->hears_channels = channels;
  self->hears_middle = middle;
  self->is_unlinked = unlinked;
  self->listens = listens;
}

/* ---- Ticks -------------------------------------------------------------- */

static void
renew_cuts (MixCompressor *self)
{
  const MixSmoother *s = self->smooth;
  MixCompCuts *cuts = self->memory.cuts;
  unsigned rate = self->format.rate, count = 2 * self->format.channels + 1;
  bool low = is_in_use (&s[MIX_COMP_LOW_SHARE]);
  bool high = is_in_use (&s[MIX_COMP_HIGH_SHARE]);
  for (unsigned i = 0; low && !self->cuts_low && i < count; i++)
    cuts[i].low = (MixCut){ 0 };
  for (unsigned i = 0; high && !self->cuts_high && i < count; i++)
    cuts[i].high = (MixCut){ 0 };
  if (low)
    self->low_cut = mix_cut_design (
        MIX_FILTER_LOW_CUT, exp2 (s[MIX_COMP_LOW_CUT].to), rate);
  if (high)
    self->high_cut = mix_cut_design (
        MIX_FILTER_HIGH_CUT, exp2 (s[MIX_COMP_HIGH_CUT].to), rate);
  self->cuts_low = low;
  self->cuts_high = high;
}

/* Takes over the choices and times; they need no smoothing, as the reduction
 * goes on from where it is. */
static void
renew_choices (MixCompressor *self)
{
  const MixCompParams *p = &self->goal;
  const MixCompMemory *m = &self->memory;
  unsigned rate = self->format.rate, channels = self->format.channels;
  if (p->auto_release && !self->now.auto_release) {
    self->common.envelope.slow = self->common.envelope.now;
    for (unsigned c = 0; c < channels; c++)
      m->own[c].envelope.slow = m->own[c].envelope.now;
  }
  if (p->source != self->now.source || p->mode != self->now.mode
      || p->detector != self->now.detector) {
    self->smooth[MIX_COMP_BRIDGE].goal = 1;
    mix_smoother_snap (&self->smooth[MIX_COMP_BRIDGE]);
    self->smooth[MIX_COMP_BRIDGE].goal = 0;
    self->switched = true;
  }
  if (p->mode == MIX_COMP_DOWNWARD && p->mode != self->now.mode) {
    mix_comp_end_boost (&self->common);
    for (unsigned c = 0; c < channels; c++)
      mix_comp_end_boost (&m->own[c]);
  }
  if (p->detector != self->now.detector)
    for (unsigned e = 0; e <= channels; e++)
      m->ears[e].power = -1;
  self->now = *p;
  self->ballistics = mix_ballistics (
      p->attack_ms, p->release_ms, p->hold_ms, p->auto_release, rate);
  /* A one-pole with half a window's time has the window's noise bandwidth. */
  self->rms_decay = mix_decay_per_frames (p->rms_window_ms / 2, 1, rate);
  self->floor_decay = mix_decay_per_frames (FLOOR_MS, 1, rate);
}

/* The curve of the tick that begins, and where it starts to do anything. */
static void
renew_curve (MixCompressor *self, bool at_once)
{
  const MixSmoother *s = self->smooth;
  MixGainCurve *curve = self->curve;
  MixGainCurve end = mix_gain_curve (s[MIX_COMP_THRESHOLD].to,
      s[MIX_COMP_KNEE].to, s[MIX_COMP_SLOPE].to, s[MIX_COMP_RANGE].to,
      s[MIX_COMP_FLOOR].to, self->now.mode != MIX_COMP_UPWARD,
      self->now.mode != MIX_COMP_DOWNWARD);
  curve[0] = at_once ? end : curve[1];
  curve[1] = end;
  double start = fmin (
      mix_gain_curve_start (&curve[0]), mix_gain_curve_start (&curve[1]));
  self->knee_start = (float)mix_gain_from_db (start);
}

void
mix_comp_renew (MixCompressor *self)
{
  renew_choices (self);
  for (unsigned s = 0; s < MIX_COMP_SMOOTHERS; s++)
    mix_smoother_tick (&self->smooth[s]);
  renew_curve (self, self->switched);
  renew_cuts (self);
  wake_parts (self);
  self->moving
      = memcmp (&self->curve[0], &self->curve[1], sizeof self->curve[0]) != 0;
  self->moving |= self->is_unlinked && self->smooth[MIX_COMP_UNLINK].goal == 0;
  for (unsigned s = 0; s < MIX_COMP_SMOOTHERS; s++)
    self->moving |= !mix_smoother_is_still (&self->smooth[s]);
}

void
mix_comp_reset_control (MixCompressor *self)
{
  mix_tick_reset (&self->tick);
  self->is_unlinked = false;
  renew_choices (self);
  for (unsigned s = 0; s < MIX_COMP_SMOOTHERS; s++)
    mix_smoother_snap (&self->smooth[s]);
  renew_curve (self, true);
  renew_cuts (self);
  wake_parts (self);
  self->moving = self->switched = false;
}
