/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "speech_band.h"

#include <string.h>

#include "../../base/maths.h"
#include "../../parts/design.h"
#include "../../parts/section.h"

#define LOW_HZ 300.0
#define HIGH_HZ 4000.0
#define Q 0.7071
#define SECTIONS 2

static void
put (double rows[MIX_CASCADE_WEIGHTS][MIX_SPEECH_BAND_ROW], unsigned section,
    const double weight[MIX_CASCADE_WEIGHTS])
{
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    rows[w][2 * section] = rows[w][2 * section + 1] = weight[w];
}

static void
design_shelf (const MixSpeechBand *b, MixFilterType type, double hz, double db,
    double gain, unsigned section,
    double rows[MIX_CASCADE_WEIGHTS][MIX_SPEECH_BAND_ROW])
{
  const MixFilterSpec spec
      = { .type = type, .frequency_hz = hz, .gain_db = db, .q = Q };
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  double weight[MIX_CASCADE_WEIGHTS];
  mix_filter_design_svf (&spec, b->rate, svf);
  mix_section_weights (weight, svf);
  weight[MIX_CASCADE_DIRECT] *= gain;
  weight[MIX_CASCADE_BAND] *= gain;
  weight[MIX_CASCADE_LOW] *= gain;
  put (rows, section, weight);
}

static void
design (MixSpeechBand *b, double db)
{
  design_shelf (
      b, MIX_FILTER_LOW_SHELF, LOW_HZ, db, mix_gain_from_db (-db), 0, b->to);
  design_shelf (b, MIX_FILTER_HIGH_SHELF, HIGH_HZ, db, 1, 1, b->to);
}

void
mix_speech_band_prepare (
    MixSpeechBand *b, const MixFormat *format, MixArena *arena)
{
  static const double pass[MIX_CASCADE_WEIGHTS] = { [MIX_CASCADE_DIRECT] = 1 };
  *b = (MixSpeechBand){
    .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .state
    = mix_arena_take (arena, (format->channels + 1) / 2, sizeof *b->state),
  };
  for (unsigned s = 0; s < MIX_CASCADE_GROUP; s++)
    put (b->to, s, pass);
}

static void
clear_states (MixSpeechBand *b)
{
  memset (b->state, 0, (b->channels + 1) / 2 * sizeof *b->state);
}

void
mix_speech_band_reset (MixSpeechBand *b)
{
  clear_states (b);
  b->now = 0;
  design (b, 0);
  memcpy (b->from, b->to, sizeof b->from);
  b->moves = b->is_active = false;
}

void
mix_speech_band_tick (MixSpeechBand *b, double reduction_db)
{
  double next = fmin (reduction_db, MIX_SPEECH_BAND_MOST);
  if (!b->is_active && next == 0)
    return;
  if (!b->is_active)
    clear_states (b);
  b->is_active = b->now > 0 || next > 0;
  b->moves = next != b->now;
  memcpy (b->from, b->to, sizeof b->from);
  if (b->moves)
    design (b, next);
  b->now = next;
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    for (unsigned i = 0; i < MIX_SPEECH_BAND_ROW; i++)
      b->slope[w][i] = (b->to[w][i] - b->from[w][i]) * (1.0 / MIX_TICK);
}

static void
run_pair (MixSpeechBand *b, unsigned pair, float *left, float *right,
    unsigned offset, unsigned n)
{
  double io[2 * MIX_SPEECH_BAND_SPAN];
  MixCascade cascade = { .a = b->state[pair][0], .b = b->state[pair][1] };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    cascade.weight[w] = b->from[w];
    cascade.slope[w] = b->slope[w];
  }
  b->kernels->widen_pair (io, left, right, n);
  if (b->moves)
    b->kernels->cascade_moving (&cascade, 0, SECTIONS, io, offset, n);
  else
    b->kernels->cascade (&cascade, 0, SECTIONS, io, n);
  b->kernels->narrow_pair (left, right, io, n);
}

void
mix_speech_band_run (
    MixSpeechBand *b, float *const *io, unsigned offset, unsigned n)
{
  for (unsigned c = 0; c < b->channels; c += 2)
    run_pair (b, c / 2, io[c], io[mix_min (c + 1, b->channels - 1)], offset, n);
}
