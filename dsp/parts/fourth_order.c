/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fourth_order.h"

#include <string.h>

/* One frame of one section: see kernels/cascade.h. */
static double
step (const double weight[MIX_CASCADE_WEIGHTS], double *state, double x)
{
  double a = state[0], b = state[1];
  double t = a + weight[MIX_CASCADE_POLE] * (x - b);
  state[0] = weight[MIX_CASCADE_UPDATE_A] * t - a;
  state[1] = b + weight[MIX_CASCADE_UPDATE_B] * t;
  return weight[MIX_CASCADE_DIRECT] * x
         + (weight[MIX_CASCADE_BAND] * a + weight[MIX_CASCADE_LOW] * b);
}

/* Column `j` of both matrices: the response of a block to frame or state j. */
static void
make_column (MixFourthOrder *filter, unsigned j)
{
  MixFourthOrderState state = { 0 };
  if (j >= MIX_BLOCK_FRAMES)
    state[j - MIX_BLOCK_FRAMES] = 1;
  for (unsigned i = 0; i < MIX_BLOCK_FRAMES; i++) {
    double y = step (filter->to[0], state, i == j);
    filter->block.out_of[j][i] = (float)step (filter->to[1], state + 2, y);
  }
  memcpy (filter->block.state_of[j], state, sizeof state);
}

void
mix_fourth_order_move (
    MixFourthOrder *filter, const MixSvf sections[2], bool starts)
{
  memcpy (filter->from, filter->to, sizeof filter->from);
  for (unsigned s = 0; s < 2; s++) {
    mix_section_weights (filter->to[s], &sections[s]);
    if (!starts)
      continue;
    memcpy (filter->from[s], filter->to[s], sizeof filter->from[s]);
    filter->from[s][MIX_CASCADE_DIRECT] = 1;
    filter->from[s][MIX_CASCADE_BAND] = filter->from[s][MIX_CASCADE_LOW] = 0;
  }
  filter->moves = true;
}

void
mix_fourth_order_hold (MixFourthOrder *filter)
{
  filter->moves = false;
  for (unsigned j = 0; j < MIX_BLOCK_COLUMNS; j++)
    make_column (filter, j);
}

static void
run_moving (const MixFourthOrder *filter, MixFourthOrderState state, float *io)
{
  double weight[MIX_CASCADE_WEIGHTS];
  for (unsigned s = 0; s < 2; s++)
    for (unsigned i = 0; i < MIX_TICK; i++) {
      const double *from = filter->from[s], *to = filter->to[s];
      for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
        weight[w] = from[w] + (to[w] - from[w]) * (i * (1.0 / MIX_TICK));
      io[i] = (float)step (weight, state + 2 * s, (double)io[i]);
    }
}

void
mix_fourth_order_run (const MixFourthOrder *filter, const MixKernels *kernels,
    MixFourthOrderState state, float *io)
{
  if (filter->moves)
    run_moving (filter, state, io);
  else
    kernels->block_filter (
        &filter->block, state, io, MIX_TICK / MIX_BLOCK_FRAMES);
}
