/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The network's time-varying matrix: eight rotations of pairs of lines by
 * slowly moving angles, then a Hadamard matrix (S. J. Schlecht, E. A. P.
 * Habets, "Time-varying feedback matrices in feedback delay networks and their
 * application in artificial reverberation", JASA 138, 2015). It is unitary at
 * every moment. The modulation keeps single modes from ringing; since no delay
 * changes, no pitch does, and nothing is interpolated. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/phasor.h"
#include "reverb_block.h"

typedef struct {
  unsigned rate, quarter; /* of the pairs, which gets its next angle */
  MixPhasor phasor[MIX_REVERB_PAIRS], step[MIX_REVERB_PAIRS];
  MixReverbRotations angles; /* in this block */
  float cosine[MIX_REVERB_PAIRS],
      sine[MIX_REVERB_PAIRS]; /* ends of their ramps */
} MixRotations;

void mix_rotations_reset (
    MixRotations *rotations, double stretch, unsigned rate);

/* The speed follows the stretch of the lines in octaves; the phases go on. */
void mix_rotations_set_speed (MixRotations *rotations, double stretch);

/* Once a block: `amount` 0 … 1, for lines of this mean length. */
void mix_rotations_update (
    MixRotations *rotations, double amount, double mean_line_s);

/* A block of all lines through the matrix. */
static inline void
mix_rotations_run (const MixRotations *rotations, const MixKernels *kernels,
    float *const *to, const float (*from)[MIX_REVERB_BLOCK])
{
  kernels->reverb_scatter (&rotations->angles, to, from);
}
