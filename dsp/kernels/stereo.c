/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two channels at once: matrices and powers. */
#include "levels.h"

#include "fused.h"

#include <string.h>

void
LEVEL (mix_blend_pair_) (const MixBlend *blend, float *restrict left,
    float *restrict right, const float *restrict left_in,
    const float *restrict right_in, unsigned n)
{
  const MixBlend b = *blend;
  for (unsigned i = 0; i < n; i++) {
    float l = left_in[i], r = right_in[i], t = (float)(int)i;
    left[i] = FUSED (FUSED (b.slope[0], t, b.from[0]), l,
        FUSED (b.slope[1], t, b.from[1]) * r);
    right[i] = FUSED (FUSED (b.slope[2], t, b.from[2]), l,
        FUSED (b.slope[3], t, b.from[3]) * r);
  }
}

#define LANES MIX_POWER_LANES
typedef float Lanes __attribute__ ((vector_size (4 * LANES)));

static inline void
add_powers (Lanes *mid, Lanes *side, Lanes *product, const float *left,
    const float *right, unsigned n)
{
  Lanes l = { 0 }, r = { 0 };
  memcpy (&l, left, n * sizeof *left);
  memcpy (&r, right, n * sizeof *right);
  Lanes m = (l + r) * 0.5f, s = (l - r) * 0.5f;
  ADD_LANES (FUSED, *mid, m, m);
  ADD_LANES (FUSED, *side, s, s);
  ADD_LANES (FUSED, *product, m, s);
}

/* Separate copies avoid a store-forwarding stall: one wide load of sums that
 * were stored separately has to wait for all of the stores. */
void
LEVEL (mix_pair_powers_) (const float *left, const float *right, float decay,
    MixPairPowers *powers, unsigned n)
{
  Lanes mid, side, product;
  unsigned i = 0;
  memcpy (&mid, powers->mid, sizeof mid);
  memcpy (&side, powers->side, sizeof side);
  memcpy (&product, powers->product, sizeof product);
  mid *= decay;
  side *= decay;
  product *= decay;
  for (; i + LANES <= n; i += LANES)
    add_powers (&mid, &side, &product, left + i, right + i, LANES);
  if (i < n)
    add_powers (&mid, &side, &product, left + i, right + i, n - i);
  memcpy (powers->mid, &mid, sizeof mid);
  memcpy (powers->side, &side, sizeof side);
  memcpy (powers->product, &product, sizeof product);
}
