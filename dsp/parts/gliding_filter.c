/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gliding_filter.h"

#include <string.h>

#include "../base/maths.h"
#include "section.h"

static const double pass[MIX_CASCADE_WEIGHTS] = { [MIX_CASCADE_DIRECT] = 1 };

static void
put_weights (MixGlidingRows rows, unsigned section,
    const double weight[MIX_CASCADE_WEIGHTS])
{
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    rows[w][2 * section] = rows[w][2 * section + 1] = weight[w];
}

/* Whether each section passes its input: the states do not matter. */
static bool
passes (const MixGlidingFilter *f, MixGlidingRows rows)
{
  for (unsigned s = 0; s < f->sections; s++)
    if (rows[MIX_CASCADE_DIRECT][2 * s] != 1
        || rows[MIX_CASCADE_BAND][2 * s] != 0
        || rows[MIX_CASCADE_LOW][2 * s] != 0)
      return false;
  return true;
}

void
mix_gliding_filter_prepare (MixGlidingFilter *f, const MixFormat *format,
    unsigned sections, MixArena *arena)
{
  *f = (MixGlidingFilter){
    .kernels = mix_kernels (),
    .channels = format->channels,
    .sections = sections,
    .state
    = mix_arena_take (arena, (format->channels + 1) / 2, sizeof *f->state),
  };
}

static void
clear_states (MixGlidingFilter *f)
{
  memset (f->state, 0, (f->channels + 1) / 2 * sizeof *f->state);
}

void
mix_gliding_filter_reset (MixGlidingFilter *f)
{
  for (unsigned s = 0; s < MIX_CASCADE_GROUP; s++) {
    put_weights (f->from, s, pass);
    put_weights (f->to, s, pass);
  }
  memset (f->slope, 0, sizeof f->slope);
  clear_states (f);
  f->moves = f->is_active = false;
}

void
mix_gliding_filter_begin_tick (MixGlidingFilter *f)
{
  if (!f->is_active)
    return;
  memcpy (f->from, f->to, sizeof f->from);
  memset (f->slope, 0, sizeof f->slope);
  f->moves = false;
  f->is_active = !passes (f, f->to);
}

void
mix_gliding_filter_put (
    MixGlidingFilter *f, unsigned section, const MixSvf *svf, double gain)
{
  double weight[MIX_CASCADE_WEIGHTS];
  mix_section_weights (weight, svf);
  weight[MIX_CASCADE_DIRECT] *= gain;
  weight[MIX_CASCADE_BAND] *= gain;
  weight[MIX_CASCADE_LOW] *= gain;
  put_weights (f->to, section, weight);
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    double slope = (weight[w] - f->from[w][2 * section]) * (1.0 / MIX_TICK);
    f->slope[w][2 * section] = f->slope[w][2 * section + 1] = slope;
  }
  if (!f->is_active && !passes (f, f->to)) {
    clear_states (f);
    f->is_active = true;
  }
  f->moves = true;
}

static void
run_pair (MixGlidingFilter *f, unsigned pair, float *left, float *right,
    unsigned offset, unsigned n)
{
  double io[2 * MIX_GLIDING_FILTER_SPAN];
  MixCascade cascade = { .a = f->state[pair][0], .b = f->state[pair][1] };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    cascade.weight[w] = f->from[w];
    cascade.slope[w] = f->slope[w];
  }
  f->kernels->widen_pair (io, left, right, n);
  if (f->moves)
    f->kernels->cascade_moving (&cascade, 0, f->sections, io, offset, n);
  else
    f->kernels->cascade (&cascade, 0, f->sections, io, n);
  f->kernels->narrow_pair (left, right, io, n);
}

void
mix_gliding_filter_run (
    MixGlidingFilter *f, float *const *io, unsigned offset, unsigned n)
{
  for (unsigned c = 0; c < f->channels; c += 2)
    run_pair (f, c / 2, io[c], io[mix_min (c + 1, f->channels - 1)], offset, n);
}
