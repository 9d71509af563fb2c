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

/* From power, in place. */
static void
run_curve (const MixCompressor *self, float *io, unsigned n)
{
  float *db = mix_comp_spare_row (self, 0), *end = mix_comp_spare_row (self, 1);
  self->kernels->db_from_gain (db, io, n);
  mix_gain_curve_run (&self->curve[0], io, db, 0.5f, n);
  if (!self->moving)
    return;
  mix_gain_curve_run (&self->curve[1], end, db, 0.5f, n);
  MixCompLine share = { 0, 1.0f / MIX_TICK, self->tick.offset };
  for (unsigned i = 0; i < n; i++)
    io[i] += (end[i] - io[i]) * mix_comp_at (share, i);
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

/* Power that comes from `ears` becomes wanted reduction, in place. */
static void
want_reduction (const MixCompressor *self, MixCompReduction *reduction,
    Ears ears, float *io, unsigned n)
{
  run_curve (self, io, n);
  if (self->now.detector == MIX_COMP_PEAK)
    spare_quiet (self, ears, &reduction->quiet, io, n);
  cross_bridge (self, &reduction->bridge, io, n);
}

/* The LFE has none of its own. */
static void
want_own_reduction (MixCompressor *self, unsigned channel,
    const float *restrict common, float *restrict own, unsigned n)
{
  if (!self->heard[channel]) {
    memcpy (own, common, n * sizeof *own);
    return;
  }
  want_reduction (
      self, &self->memory.own[channel], (Ears){ channel, 1 }, own, n);
  MixCompLine unlink = mix_comp_line (self, MIX_COMP_UNLINK);
  for (unsigned i = 0; i < n; i++)
    own[i] = common[i] + (own[i] - common[i]) * mix_comp_at (unlink, i);
}

/* ---- The gain ----------------------------------------------------------- */

static void
note_reduction (MixCompressor *self, const float *reduction, unsigned n)
{
  float most = self->most, least = self->least;
  bool boosts = self->now.mode != MIX_COMP_DOWNWARD || reduction[0] < 0;
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
make_own_gains (MixCompressor *self, const float *common, unsigned n)
{
  for (unsigned c = 0; c < self->format.channels; c++) {
    float *own = mix_comp_own_row (self, c);
    want_own_reduction (self, c, common, own, n);
    mix_envelope_run (&self->memory.own[c].envelope, &self->ballistics, own, n);
    make_gain (self, own, n);
  }
}

void
mix_comp_make_gains (MixCompressor *self, unsigned n)
{
  unsigned channels = self->format.channels;
  float *common = mix_comp_common_row (self);
  Ears ears = { 0, channels };
  if (self->hears_middle)
    ears = (Ears){ channels, 1 };
  want_reduction (self, &self->common, ears, common, n);
  if (self->is_unlinked)
    make_own_gains (self, common, n);
  self->switched = false;
  mix_envelope_run (&self->common.envelope, &self->ballistics, common, n);
  if (!self->is_unlinked)
    make_gain (self, common, n);
}

void
mix_comp_restart_reading (MixCompressor *self)
{
  float now = (float)self->common.envelope.now;
  self->most = self->least = 0;
  if (!self->is_unlinked)
    note_reduction (self, &now, 1);
  for (unsigned c = 0; self->is_unlinked && c < self->format.channels; c++) {
    now = (float)self->memory.own[c].envelope.now;
    note_reduction (self, &now, 1);
  }
}
