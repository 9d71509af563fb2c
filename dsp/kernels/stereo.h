/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two channels at once: the data of the kernels `blend_pair` and
 * `pair_powers`.
 */
#pragma once

/* A 2 x 2 matrix, linearly interpolated: at frame i each weight is
 * from + slope * i. Order: left from left, left from right, right from left,
 * right from right. */
typedef struct {
  float from[4], slope[4];
} MixBlend;

#define MIX_POWER_LANES 8

/* Sums over some frames, with mid = (left + right) / 2 and
 * side = (left - right) / 2. Each is kept as partial sums in vector lanes, see
 * mix_sum_of_lanes. */
typedef struct {
  float mid[MIX_POWER_LANES], side[MIX_POWER_LANES]; /* of the squares */
  float product[MIX_POWER_LANES];                    /* of mid * side */
} MixPairPowers;

static inline double
mix_sum_of_lanes (const float lanes[MIX_POWER_LANES])
{
  double sum = 0;
  for (unsigned i = 0; i < MIX_POWER_LANES; i++)
    sum += (double)lanes[i];
  return sum;
}
