/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fourth-order filter in block form, eight frames at a time: the data of the
 * kernel `block_filter`. For a block of frames a recursive filter is two
 * matrices, with a recurrence only from block to block (C. W. Barnes and
 * S. Shinnaka, "Block-Shift Invariance and Block Implementation of
 * Discrete-Time Filters", IEEE Trans. Circuits and Systems 27, 1980):
 *
 *   out   = sum of out_of[j] * v[j]
 *   state = sum of state_of[j] * v[j]
 *
 * where v are the block's frames, then the state. out_of[j] is 0 for frames
 * before j: the output does not depend on later frames, as long as they are
 * finite.
 */
#pragma once

#define MIX_BLOCK_FRAMES 8
#define MIX_BLOCK_ORDER 4
#define MIX_BLOCK_COLUMNS (MIX_BLOCK_FRAMES + MIX_BLOCK_ORDER)

typedef struct {
  float out_of[MIX_BLOCK_COLUMNS][MIX_BLOCK_FRAMES];
  double state_of[MIX_BLOCK_COLUMNS][MIX_BLOCK_ORDER];
} MixBlockFilter;
