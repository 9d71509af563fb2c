/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the compressor does about a level: dB, the curve, what keeps the wanted
 * reduction from acting on quiet sound and from jumping, ballistics, gain.
 */
#include "compressor.h"

#include <string.h>

/* ---- What is under the threshold ---------------------------------------- */

/* Some of the ears from `first` on. */
typedef struct {
  unsigned first, count;
} Ears;

/* Turning phases, the all-pass pair can make a wave higher than it is: noise
 * by some dB, a tone at its onset. So that what never reaches the knee passes
 * untouched, the peak detector may ask for a reduction only while a sample has
 * reached it within `quiet_most` frames. */

static bool
is_over (const MixCompressor *self, Ears ears, unsigned i)
{
  const MixCompEar *all = self->memory.ears;
  for (unsigned e = ears.first; e < ears.first + ears.count; e++)
    if (self->heard[e] && fabsf (all[e].x[i]) > self->knee_start)
      return true;
  return false;
}

static bool
is_over_somewhere (const MixCompressor *self, Ears ears, unsigned n)
{
  const MixCompEar *all = self->memory.ears;
  for (unsigned e = ears.first; e < ears.first + ears.count; e++)
    if (self->heard[e] && self->kernels->peak (all[e].x, n) > self->knee_start)
      return true;
  return false;
}

/* `ears` are those that `reduction` comes from; `quiet` is their clock. */
static void
spare_quiet (const MixCompressor *self, Ears ears, unsigned *quiet,
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
    clock = over ? 0 : mix_min (clock + 1, MIX_COMP_QUIET_FOREVER);
    if (clock > self->quiet_most && reduction[i] > 0)
      reduction[i] = 0;
  }
  *quiet = clock;
}

/* ---- The wanted reduction ----------------------------------------------- */

/* A boost that is let go at the speed of the attack would meet an onset at its
 * full height. So no boost is ever more than this over what the curve gives to
 * the level (dB). */
#define MOST_OVER_BOOST 1.0f

/* From the curve at the start of the tick to that at its end. */
static void
blend_curves (
    const MixCompressor *self, float *io, const float *end, unsigned n)
{
  MixCompLine share = { 0, 1.0f / MIX_TICK, self->tick.offset };
  for (unsigned i = 0; i < n; i++)
    io[i] += (end[i] - io[i]) * mix_comp_at (share, i);
}

/* What a boost goes by; of no use to those who only reduce. */
typedef struct {
  float *least; /* the least reduction: the highest boost, for now */
  float *open;  /* its share that the floor leaves */
} Boost;

/* Power that comes from the detector becomes an average. */
static void
average_power (const MixCompressor *self, double *state, float *restrict mean,
    const float *restrict power, unsigned n)
{
  double keep = self->floor_decay, take = 1 - keep, now = *state;
  for (unsigned i = 0; i < n; i++) {
    now = keep * now + take * power[i];
    mean[i] = (float)now;
  }
  *state = now;
}

/* What the floor lets through opens and closes with the level, while the boost
 * goes its own way behind it: it stands ready when a word begins, held down
 * only by what the word itself is worth. Were it to start from nothing each
 * time, all words would begin too soft. */
static void
run_floor (const MixCompressor *self, MixCompReduction *reduction,
    const float *power, float *open, unsigned n)
{
  const MixGainCurve *curve = self->curve;
  float *db = mix_comp_spare_row (self, 0), *end = mix_comp_spare_row (self, 1);
  average_power (self, &reduction->mean, db, power, n);
  self->kernels->db_from_gain (db, db, n);
  mix_gain_curve_run_open (&curve[0], open, db, 0.5f, n);
  if (!self->moving)
    return;
  mix_gain_curve_run_open (&curve[1], end, db, 0.5f, n);
  blend_curves (self, open, end, n);
}

/* From power, in place. */
static void
run_curve (const MixCompressor *self, float *io, float *least, unsigned n)
{
  const MixGainCurve *curve = self->curve;
  float *db = mix_comp_spare_row (self, 0), *end = mix_comp_spare_row (self, 1);
  self->kernels->db_from_gain (db, io, n);
  mix_gain_curve_run (&curve[0], io, db, 0.5f, n);
  if (self->moving) {
    mix_gain_curve_run (&curve[1], end, db, 0.5f, n);
    blend_curves (self, io, end, n);
  }
  if (!mix_comp_has_boosts (self))
    return;
  mix_gain_curve_run_least (&curve[0], least, db, 0.5f, MOST_OVER_BOOST, n);
  if (self->moving) {
    mix_gain_curve_run_least (&curve[1], end, db, 0.5f, MOST_OVER_BOOST, n);
    blend_curves (self, least, end, n);
  }
}

static void
cross_bridge (
    const MixCompressor *self, MixCompBridge *bridge, float *io, unsigned n)
{
  if (self->switched)
    bridge->jump = bridge->last - io[0];
  MixCompLine share = mix_comp_line (self, MIX_COMP_BRIDGE);
  if (share.from > 0)
    for (unsigned i = 0; i < n; i++)
      io[i] += bridge->jump * mix_comp_at (share, i);
  bridge->last = io[n - 1];
}

/* The same for a share, which must stay one. */
static void
cross_fade (
    const MixCompressor *self, MixCompBridge *bridge, float *io, unsigned n)
{
  if (self->switched)
    bridge->jump = bridge->last;
  MixCompLine share = mix_comp_line (self, MIX_COMP_BRIDGE);
  if (share.from > 0)
    for (unsigned i = 0; i < n; i++)
      io[i] += (bridge->jump - io[i]) * mix_comp_at (share, i);
  bridge->last = io[n - 1];
}

/* A boost obeys all sound that is still inside the delay. */
static void
obey_recent (
    const MixCompressor *self, MixCompRecent *recent, float *io, unsigned n)
{
  if (self->latency == 0)
    return;
  for (unsigned i = 0; i < n; i++) {
    if (recent->at++ >= self->latency) {
      recent->last = recent->now;
      recent->now = io[i];
      recent->at = 1;
    }
    recent->now = mix_larger (recent->now, io[i]);
    io[i] = mix_larger (recent->now, recent->last);
  }
}

/* Where the share of the recent frames steps down, it glides instead. */
static void
glide_down (const MixCompressor *self, MixCompReduction *reduction, float *io,
    unsigned n)
{
  double keep = self->floor_decay, now = reduction->share;
  if (self->latency == 0)
    return;
  for (unsigned i = 0; i < n; i++) {
    double to = io[i];
    now = to > now ? to : to + (now - to) * keep;
    io[i] = (float)now;
  }
  reduction->share = now;
}

/* In a pause what was wanted before is wanted on. */
static void
wait_in_pauses (const MixCompressor *self, MixCompReduction *reduction,
    float *io, unsigned n)
{
  const float *waits = mix_comp_spare_row (self, MIX_COMP_PAUSE_ROW);
  for (unsigned i = 0; self->pauses && i < n; i++)
    reduction->wanted = io[i] = waits[i] > 0 ? reduction->wanted : io[i];
  reduction->wanted = io[n - 1];
}

/* Power that comes from `ears` becomes wanted reduction, in place. */
static void
want_reduction (const MixCompressor *self, MixCompReduction *reduction,
    Ears ears, float *io, Boost boost, unsigned n)
{
  if (mix_comp_has_boosts (self))
    run_floor (self, reduction, io, boost.open, n);
  run_curve (self, io, boost.least, n);
  if (self->now.detector == MIX_COMP_PEAK)
    spare_quiet (self, ears, &reduction->quiet, io, n);
  cross_bridge (self, &reduction->bridge, io, n);
  wait_in_pauses (self, reduction, io, n);
  if (!mix_comp_has_boosts (self))
    return;
  cross_bridge (self, &reduction->least_bridge, boost.least, n);
  cross_fade (self, &reduction->open_bridge, boost.open, n);
  obey_recent (self, &reduction->least, boost.least, n);
  obey_recent (self, &reduction->open, boost.open, n);
  glide_down (self, reduction, boost.open, n);
}

static void
link_up (const MixCompressor *self, const float *restrict common,
    float *restrict own, unsigned n)
{
  MixCompLine unlink = mix_comp_line (self, MIX_COMP_UNLINK);
  for (unsigned i = 0; i < n; i++)
    own[i] = common[i] + (own[i] - common[i]) * mix_comp_at (unlink, i);
}

/* The LFE has none of its own: all is common. */
static void
want_own_reduction (MixCompressor *self, unsigned channel, const float *common,
    float *own, Boost common_boost, Boost boost, unsigned n)
{
  bool heard = self->heard[channel];
  MixCompReduction *reduction = &self->memory.own[channel];
  if (heard)
    want_reduction (self, reduction, (Ears){ channel, 1 }, own, boost, n);
  else
    memcpy (own, common, n * sizeof *own);
  if (heard)
    link_up (self, common, own, n);
  if (!mix_comp_has_boosts (self))
    return;
  if (!heard) {
    memcpy (boost.least, common_boost.least, n * sizeof *own);
    memcpy (boost.open, common_boost.open, n * sizeof *own);
    return;
  }
  link_up (self, common_boost.least, boost.least, n);
  link_up (self, common_boost.open, boost.open, n);
}

void
mix_comp_wake_reduction (MixCompReduction *reduction)
{
  /* Out of the way until the bridge is crossed. */
  const float deep = -1000;
  reduction->bridge = (MixCompBridge){ 0 };
  reduction->least_bridge = (MixCompBridge){ deep, 0 };
  reduction->open_bridge = (MixCompBridge){ 0 };
  reduction->least = (MixCompRecent){ deep, deep, 0 };
}

void
mix_comp_end_boost (MixCompReduction *reduction)
{
  reduction->envelope.now = (double)reduction->actual;
  reduction->envelope.odd = false;
}

/* From wanted to actual reduction, in place. */
static void
follow (const MixCompressor *self, MixCompReduction *reduction, float *io,
    Boost boost, unsigned n)
{
  MixEnvelope *envelope = &reduction->envelope;
  if (mix_comp_has_boosts (self)) {
    mix_envelope_run (envelope, &self->ballistics, io, boost.least, n);
    for (unsigned i = 0; i < n; i++)
      io[i] = io[i] < 0 ? io[i] * boost.open[i] : io[i];
  } else {
    mix_envelope_run (envelope, &self->ballistics, io, NULL, n);
  }
  reduction->actual = io[n - 1];
}

/* ---- The gain ----------------------------------------------------------- */

static void
note_reduction (MixCompressor *self, const float *reduction, unsigned n)
{
  float most = self->most, least = self->least;
  bool boosts = mix_comp_has_boosts (self) || reduction[0] < 0;
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
make_gain (MixCompressor *self, float *io, unsigned n)
{
  note_reduction (self, io, n);
  MixCompLine makeup = mix_comp_line (self, MIX_COMP_MAKEUP);
  MixCompLine mix = mix_comp_line (self, MIX_COMP_MIX);
  for (unsigned i = 0; i < n; i++)
    io[i] = mix_comp_at (makeup, i) - io[i];
  self->kernels->gain_from_db (io, io, n);
  if (mix.from == 1 && mix.slope == 0)
    return; /* as nearly always */
  for (unsigned i = 0; i < n; i++)
    io[i] = 1 + mix_comp_at (mix, i) * (io[i] - 1);
}

static void
make_own_gains (
    MixCompressor *self, const float *common, Boost common_boost, unsigned n)
{
  Boost boost = { mix_comp_spare_row (self, MIX_COMP_OWN_LEAST_ROW),
    mix_comp_spare_row (self, MIX_COMP_OWN_OPEN_ROW) };
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *own = mix_comp_own_row (self, c);
    want_own_reduction (self, c, common, own, common_boost, boost, n);
    follow (self, &self->memory.own[c], own, boost, n);
    make_gain (self, own, n);
  }
}

void
mix_comp_make_gains (MixCompressor *self, unsigned n)
{
  unsigned channels = self->format.channels;
  float *common = mix_comp_common_row (self);
  Boost boost = { mix_comp_spare_row (self, MIX_COMP_LEAST_ROW),
    mix_comp_spare_row (self, MIX_COMP_OPEN_ROW) };
  Ears ears = { 0, channels };
  if (self->hears_middle)
    ears = (Ears){ channels, 1 };
  want_reduction (self, &self->common, ears, common, boost, n);
  if (self->is_unlinked)
    make_own_gains (self, common, boost, n);
  self->switched = false;
  follow (self, &self->common, common, boost, n);
  if (!self->is_unlinked)
    make_gain (self, common, n);
}

void
mix_comp_restart_reading (MixCompressor *self)
{
  self->most = self->least = 0;
  if (!self->is_unlinked)
    note_reduction (self, &self->common.actual, 1);
  for (unsigned c = 0; self->is_unlinked && c < self->format.channels; c++)
    note_reduction (self, &self->memory.own[c].actual, 1);
}
