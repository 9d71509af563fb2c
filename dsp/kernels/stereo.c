/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two channels at a time: matrices and powers. */
#include "levels.h"

#include <string.h>

void
LEVEL (mix_blend_pair_) (const MixBlend *blend, float *restrict left,
    float *restrict right, const float *restrict left_in,
    const float *restrict right_in, unsigned n)
{
  const MixBlend b = *blend;
  for (unsigned i = 0; i < n; i++) {
    float l = left_in[i], r = right_in[i], t = (float) (int) i;
    left[i] = (b.from[0] + b.slope[0] * t) * l + (b.from[1] + b.slope[1] * t) * r;
    right[i] = (b.from[2] + b.slope[2] * t) * l + (b.from[3] + b.slope[3] * t) * r;
  }
}

/* Eight sums side by side: a compiler may not reorder one. */
#define LANES 8
typedef float Lanes __attribute__ ((vector_size (4 * LANES)));

static inline float
sum_of (const Lanes *lanes)
{
  const Lanes x = *lanes;
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

typedef struct
{
  Lanes mid, side, product;
} Sums;

static inline void
add_powers (Sums *sums, const float *left, const float *right, unsigned n)
{
  Lanes l = { 0 }, r = { 0 };
  memcpy (&l, left, n * sizeof *left);
  memcpy (&r, right, n * sizeof *right);
  Lanes m = (l + r) * 0.5f, s = (l - r) * 0.5f;
  sums->mid += m * m;
  sums->side += s * s;
  sums->product += m * s;
}

void
LEVEL (mix_pair_powers_) (
    const float *left, const float *right, MixPairPowers *powers, unsigned n)
{
  Sums sums = { { 0 }, { 0 }, { 0 } };
  unsigned i = 0;
  for (; i + LANES <= n; i += LANES)
    add_powers (&sums, left + i, right + i, LANES);
  if (i < n)
    add_powers (&sums, left + i, right + i, n - i);
  *powers = (MixPairPowers){ sum_of (&sums.mid), sum_of (&sums.side),
    sum_of (&sums.product) };
}
