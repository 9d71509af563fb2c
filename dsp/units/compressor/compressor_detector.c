/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the compressor hears: the side chain from the input to levels, as
 * power, and the way to listen to it.
 *
 *   source -> cuts -> envelope or its mean power -> the common level
 */
#include "compressor.h"

#include <string.h>

void
mix_comp_clear_ears (MixCompressor *self, unsigned first, unsigned count)
{
  for (unsigned e = first; e < first + count; e++) {
    self->memory.ears[e] = (MixCompEar){ .power = -1 };
    self->memory.cuts[e] = (MixCompCuts){ 0 };
  }
}

/* ---- The cuts ----------------------------------------------------------- */

/* The signal after the cuts: `in` itself when they are off. */
static const float *
cut (const MixCompressor *self, MixCompCuts *cuts, float *to, const float *in,
    unsigned n)
{
  if (self->cuts_low) {
    MixCompLine share = mix_comp_line (self, MIX_COMP_LOW_SHARE);
    mix_cut_run (&cuts->low, &self->low_cut, share.from, share.slope,
        share.offset, to, in, n);
    in = to;
  }
  if (self->cuts_high) {
    MixCompLine share = mix_comp_line (self, MIX_COMP_HIGH_SHARE);
    mix_cut_run (&cuts->high, &self->high_cut, share.from, share.slope,
        share.offset, to, in, n);
    in = to;
  }
  return in;
}

/* ---- Levels ------------------------------------------------------------- */

static void
smooth_power (
    const MixCompressor *self, MixCompEar *ear, float *power, unsigned n)
{
  double keep = self->rms_decay, take = 1 - keep;
  double mean = ear->power < 0 ? power[0] : ear->power;
  for (unsigned i = 0; i < n; i++) {
    mean = keep * mean + take * power[i];
    power[i] = (float)mean;
  }
  ear->power = mean;
}

/* A boost must not wait for the average when an onset comes: the level is never
 * more than 9 dB under the samples and their envelope, which noise hardly ever
 * is. */
#define LEAST_MEAN 0.125f

static void
raise_for_boosts (float *restrict mean, const float *restrict power,
    const float *restrict x, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float square = x[i] * x[i];
    float most = square > power[i] ? square : power[i];
    mean[i] = LEAST_MEAN * most > mean[i] ? LEAST_MEAN * most : mean[i];
  }
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
hear (const MixCompressor *self, unsigned e, const float *in, unsigned n)
{
  const MixCompMemory *m = &self->memory;
  m->ears[e].x = cut (self, &m->cuts[e], mix_comp_heard_row (self, e), in, n);
}

static void
finish_power (const MixCompressor *self, unsigned e, unsigned n)
{
  MixCompEar *ear = &self->memory.ears[e];
  float *power = mix_comp_own_row (self, e),
        *now = mix_comp_spare_row (self, 0);
  if (self->now.detector == MIX_COMP_PEAK) {
    raise_to_samples (power, ear->x, n);
    return;
  }
  if (mix_comp_has_boosts (self))
    memcpy (now, power, n * sizeof *now);
  smooth_power (self, ear, power, n);
  if (mix_comp_has_boosts (self))
    raise_for_boosts (power, now, ear->x, n);
}

/* Power of the ears a and b, which share a pair of filters; b may be a. */
static void
measure_pair (const MixCompressor *self, MixQuadrature *pair, unsigned a,
    unsigned b, const float *a_in, const float *b_in, unsigned n)
{
  const MixCompEar *ears = self->memory.ears;
  hear (self, a, a_in, n);
  if (a != b)
    hear (self, b, b_in, n);
  self->kernels->quadrature (&self->design, pair, mix_comp_own_row (self, a),
      mix_comp_own_row (self, b), ears[a].x, ears[b].x, n);
  finish_power (self, a, n);
  if (a != b)
    finish_power (self, b, n);
}

static void
measure_channels (const MixCompressor *self, const float *const *in, unsigned n)
{
  unsigned channels = self->format.channels;
  for (unsigned a = 0; a < channels; a += 2) {
    unsigned b = a + 1 < channels ? a + 1 : a;
    measure_pair (self, &self->memory.pairs[a / 2], a, b, in[a], in[b], n);
  }
}

/* Half the sum or half the difference of the front pair. */
static void
measure_middle (const MixCompressor *self, const float *const *in, unsigned n)
{
  unsigned ear = self->format.channels;
  const float *left = in[self->front.left], *right = in[self->front.right];
  float sign = self->now.source == MIX_COMP_SIDE ? -0.5f : 0.5f;
  float *middle = mix_comp_heard_row (self, ear);
  for (unsigned i = 0; i < n; i++)
    middle[i] = 0.5f * left[i] + sign * right[i];
  measure_pair (
      self, &self->memory.pairs[(ear + 1) / 2], ear, ear, middle, middle, n);
}

static void
add_scaled (
    float *restrict to, const float *restrict by, float scale, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    to[i] += by[i] * scale;
}

/* The power that the common gain goes by. */
static void
combine (const MixCompressor *self, float *common, unsigned n)
{
  unsigned channels = self->format.channels;
  float share = 1.0f / (float)self->heard_count;
  if (self->hears_middle) {
    memcpy (common, mix_comp_own_row (self, channels), n * sizeof *common);
    return;
  }
  memset (common, 0, n * sizeof *common);
  if (self->now.source == MIX_COMP_SIDE)
    return; /* without a front pair there is none */
  for (unsigned c = 0; c < channels; c++)
    if (!self->heard[c])
      continue;
    else if (self->now.source == MIX_COMP_AVERAGE)
      add_scaled (common, mix_comp_own_row (self, c), share, n);
    else
      self->kernels->max_abs (common, mix_comp_own_row (self, c), n);
}

void
mix_comp_measure (MixCompressor *self, const float *const *in, unsigned n)
{
  if (self->hears_channels)
    measure_channels (self, in, n);
  if (self->hears_middle)
    measure_middle (self, in, n);
  combine (self, mix_comp_common_row (self), n);
}

/* ---- Pauses ------------------------------------------------------------- */

/* While sound is still inside the delay, digital silence behind it says nothing
 * about it: it may be that the host drives the sound out, to join it to what
 * comes next, or that it ends. The gain stays until it has left. */
void
mix_comp_find_pauses (MixCompressor *self, const float *const *in, unsigned n)
{
  float *row = mix_comp_spare_row (self, MIX_COMP_PAUSE_ROW), least = 1;
  self->pauses = false;
  if (self->latency == 0)
    return;
  memset (row, 0, n * sizeof *row);
  for (unsigned c = 0; c < self->format.channels; c++)
    self->kernels->max_abs (row, in[c], n);
  for (unsigned i = 0; i < n; i++)
    least = row[i] < least ? row[i] : least;
  self->pauses = least == 0;
  self->pause = self->pauses ? self->pause : 0;
  for (unsigned i = 0; self->pauses && i < n; i++) {
    bool silent = row[i] == 0, waits = silent && self->pause < self->latency;
    self->pause = !silent ? 0 : self->pause + waits;
    row[i] = waits;
  }
}

/* ---- Listening ---------------------------------------------------------- */

/* Half the sum and half the difference of the front pair; without one, mid is
 * the channel itself and side is silent. */
static void
fade_to_middle (const MixCompressor *self, float *io, const float *left,
    const float *right, unsigned n)
{
  MixCompLine mid = mix_comp_line (self, MIX_COMP_TO_MID);
  MixCompLine side = mix_comp_line (self, MIX_COMP_TO_SIDE);
  for (unsigned i = 0; i < n; i++) {
    float m = io[i], s = 0;
    if (self->has_front) {
      m = 0.5f * left[i] + 0.5f * right[i];
      s = 0.5f * left[i] - 0.5f * right[i];
    }
    float to_mid = (m - io[i]) * mix_comp_at (mid, i);
    float to_side = (s - io[i]) * mix_comp_at (side, i);
    io[i] += to_mid + to_side;
  }
}

void
mix_comp_monitor (MixCompressor *self, const float *const *in, unsigned n)
{
  unsigned channels = self->format.channels;
  MixCompCuts *cuts = self->memory.cuts + channels + 1;
  const float *left = in[self->front.left], *right = in[self->front.right];
  for (unsigned c = 0; c < channels; c++) {
    float *row = mix_comp_heard_row (self, c);
    memcpy (row, in[c], n * sizeof *row);
    fade_to_middle (self, row, left, right, n);
    cut (self, &cuts[c], row, row, n);
  }
}

void
mix_comp_fade_to_monitor (
    const MixCompressor *self, float *const *out, unsigned n)
{
  MixCompLine share = mix_comp_line (self, MIX_COMP_LISTEN);
  for (unsigned c = 0; c < self->format.channels; c++) {
    const float *row = mix_comp_heard_row (self, c);
    for (unsigned i = 0; i < n; i++)
      out[c][i] += (row[i] - out[c][i]) * mix_comp_at (share, i);
  }
}
