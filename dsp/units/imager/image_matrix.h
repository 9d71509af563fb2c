/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings that are gains, as matrices of two channels: swap and inversion,
 * mid and side gain, width, rotation, pan and balance. In the order in which
 * they act:
 *
 *   swap, inversion      L' = ±L or ±R
 *   split                M, S
 *   mid gain, side gain times width
 *   rotation by r        M' = M cos r + S sin r, S' = S cos r - M sin r: a
 *                        rotation of the plane, which keeps the power
 *   pan                  M by a constant-power law (sine and cosine, J. Eargle,
 *                        "Handbook of Recording Engineering", ch. 2), scaled to
 *                        1 in the centre: L = l M + h S, R = r M - h S with
 *                        l^2 + r^2 = 2. With h = min (l, r) a source that is
 *                        hard on the near side stays there, and the far side is
 *                        moved over
 *   balance              attenuates one side
 *
 * At neutral settings the product is the identity exactly. Realtime-safe.
 */
#pragma once

#include "../../kernels/stereo.h"
#include "../../parts/smoother.h"
#include "imager_params.h"

enum {
  MIX_IMAGER_LEFT_FROM_LEFT, /* swap and inversion, as a matrix */
  MIX_IMAGER_LEFT_FROM_RIGHT,
  MIX_IMAGER_RIGHT_FROM_LEFT,
  MIX_IMAGER_RIGHT_FROM_RIGHT,
  MIX_IMAGER_MID,          /* gains */
  MIX_IMAGER_SIDE,         /* width included */
  MIX_IMAGER_ROTATION,     /* radians */
  MIX_IMAGER_PAN,          /* -1 … 1 */
  MIX_IMAGER_LEFT_BALANCE, /* gains */
  MIX_IMAGER_RIGHT_BALANCE,
  MIX_IMAGER_MATRIX_SMOOTHERS,
};

typedef struct {
  MixSmoother smooth[MIX_IMAGER_MATRIX_SMOOTHERS];

  /* Of this tick. Without filters between them: from input to output; else from
   * input to mid and side, and from these to output. */
  MixBlend whole, split, join;
  bool is_neutral; /* `whole` passes every bit */

  /* At the end of the tick. */
  double mid_gain, side_gain;
  double whole_now[4], split_now[4], join_now[4];
} MixImagerMatrix;

void mix_imager_matrix_prepare (MixImagerMatrix *matrix, unsigned rate);

void mix_imager_matrix_set (MixImagerMatrix *matrix, const MixImagerParams *p);

/* All gains are at their targets. `band_gain` is the gain that the filters of
 * the side leave to the matrix. */
void mix_imager_matrix_reset (MixImagerMatrix *matrix, double band_gain);

/* Once a tick while anything moves, first; returns whether this does. */
bool mix_imager_matrix_tick (MixImagerMatrix *matrix);

/* Then: the matrices of the new tick. */
void mix_imager_matrix_update (MixImagerMatrix *matrix, double band_gain);

static inline bool
mix_imager_matrix_is_neutral (const MixImagerMatrix *matrix)
{
  return matrix->is_neutral;
}

static inline const MixBlend *
mix_imager_matrix_whole (const MixImagerMatrix *matrix)
{
  return &matrix->whole;
}

static inline const MixBlend *
mix_imager_matrix_split (const MixImagerMatrix *matrix)
{
  return &matrix->split;
}

static inline const MixBlend *
mix_imager_matrix_join (const MixImagerMatrix *matrix)
{
  return &matrix->join;
}

/* Of mid and side, at the end of the tick. */
static inline void
mix_imager_matrix_gains (
    const MixImagerMatrix *matrix, double *mid, double *side)
{
  *mid = matrix->mid_gain;
  *side = matrix->side_gain;
}
