/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The block filter: outputs in float, states in double. */
#include "levels.h"

#include "fused.h"

#include <string.h>

#define FRAMES MIX_BLOCK_FRAMES
#define ORDER MIX_BLOCK_ORDER

typedef float Frames __attribute__ ((vector_size (4 * FRAMES)));
typedef double State __attribute__ ((vector_size (8 * ORDER)));

/* Vectors are passed through memory, since the calling convention for them
 * differs between the levels. */
static inline void
add_column (Frames *out, State *state, const MixBlockFilter *filter, unsigned j,
    double x)
{
  const Frames frame = (float)x - (Frames){ 0 };
  const State wide = x - (State){ 0 };
  Frames out_of;
  State state_of;
  memcpy (&out_of, filter->out_of[j], sizeof out_of);
  memcpy (&state_of, filter->state_of[j], sizeof state_of);
  ADD_LANES (FUSED, *out, out_of, frame);
  ADD_LANES (FUSED_DOUBLE, *state, state_of, wide);
}

/* What does not depend on the state comes first: out-of-order execution
 * computes it while the previous block's state is not known yet. */
static inline void
run_block (const MixBlockFilter *filter, State *state, float *io)
{
  Frames out = { 0 };
  State even = { 0 }, odd = { 0 };
#pragma GCC unroll 8
  for (unsigned j = 0; j < FRAMES; j++)
    add_column (&out, &even, filter, j, (double)io[j]);
#pragma GCC unroll 4
  for (unsigned j = 0; j < ORDER; j += 2) {
    add_column (&out, &even, filter, FRAMES + j, (*state)[j]);
    add_column (&out, &odd, filter, FRAMES + j + 1, (*state)[j + 1]);
  }
  *state = even + odd;
  memcpy (io, &out, sizeof out);
}

void
LEVEL (mix_block_filter_) (
    const MixBlockFilter *filter, double *state, float *io, unsigned blocks)
{
  State kept;
  memcpy (&kept, state, sizeof kept);
  for (unsigned i = 0; i < blocks; i++)
    run_block (filter, &kept, io + i * FRAMES);
  memcpy (state, &kept, sizeof kept);
}
