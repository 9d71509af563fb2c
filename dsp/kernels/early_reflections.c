/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Early reflections of two channels at once. */
#include "levels.h"

#define MOST_LANES 8
#include "lanes.h"

enum {
  N = MIX_REVERB_FRAMES,
  GROUPS = MIX_REVERB_GROUPS,
  GROUP_TAPS = MIX_REVERB_GROUP_TAPS,
  VECTORS = MIX_REVERB_LANES / LANES,
};

/* The weights of the groups, once for each channel. */
static inline Lanes
early_weight (const float *of_group, unsigned v)
{
  float both[MIX_REVERB_LANES];
  for (unsigned g = 0; g < GROUPS; g++)
    both[g] = both[GROUPS + g] = of_group[g];
  return load (both + v * LANES);
}

/* The sum of the taps of each group. */
static inline void
sum_groups (float groups[GROUPS][N], const float *memory, const unsigned *at,
    const float *gain)
{
  for (unsigned g = 0; g < GROUPS; g++, at += GROUP_TAPS, gain += GROUP_TAPS)
    for (unsigned i = 0; i < N; i += LANES) {
      Lanes sum = load (memory + at[0] + i) * gain[0];
      UNROLLED for (unsigned k = 1; k < GROUP_TAPS; k++) sum
          += load (memory + at[k] + i) * gain[k];
      store (groups[g] + i, sum);
    }
}

/* Four frames of the sums of the first and the last four lanes. */
static inline void
store_sums (float *left, float *right, Lanes x[VECTORS][QUAD])
{
#if PLAIN
  for (unsigned k = 0; k < QUAD; k++) {
    left[k] = (x[0][k] + x[1][k]) + (x[2][k] + x[3][k]);
    right[k] = (x[4][k] + x[5][k]) + (x[6][k] + x[7][k]);
  }
#else
  float *row[MIX_REVERB_LANES] = { [0] = left, [GROUPS] = right };
  UNROLLED for (unsigned v = 0; v < VECTORS; v++)
  {
    transpose (x[v]);
    store_rows (
        row + v * LANES, 0, 0, (x[v][0] + x[v][1]) + (x[v][2] + x[v][3]));
  }
#endif
}

/* Inlined, so that `moving` is a constant. */
static inline __attribute__ ((always_inline)) void
absorb (const MixReverbEarlyAbsorption *design, float state[MIX_REVERB_LANES],
    float *left, float *right, const float (*groups)[N], bool moving)
{
  Lanes w[MIX_REVERB_EARLY_WEIGHTS][VECTORS];
  Lanes slope[MIX_REVERB_EARLY_WEIGHTS][VECTORS];
  Lanes s[VECTORS], x[VECTORS][QUAD];
  const float *row[MIX_REVERB_LANES];
  for (unsigned r = 0; r < MIX_REVERB_LANES; r++)
    row[r] = groups[r];
  for (unsigned k = 0; k < MIX_REVERB_EARLY_WEIGHTS; k++)
    for (unsigned v = 0; v < VECTORS; v++) {
      w[k][v] = early_weight (design->weight[k], v);
      slope[k][v] = early_weight (design->slope[k], v);
    }
  memcpy (s, state, sizeof s);
  for (unsigned i = 0; i < N; i += QUAD) {
    UNROLLED for (unsigned v = 0; v < VECTORS; v++)
    {
      load_quad (x[v], row + v * LANES, i);
      UNROLLED for (unsigned k = 0; k < QUAD; k++)
      {
        Lanes now[MIX_REVERB_EARLY_WEIGHTS];
        for (unsigned j = 0; j < MIX_REVERB_EARLY_WEIGHTS; j++)
          now[j] = moving ? w[j][v] + slope[j][v] * (float)(i + k) : w[j][v];
        s[v] = now[MIX_REVERB_KEEP] * s[v] + now[MIX_REVERB_TAKE] * x[v][k];
        x[v][k] = now[MIX_REVERB_EARLY_DIRECT] * x[v][k]
                  + now[MIX_REVERB_EARLY_LOW] * s[v];
      }
    }
    store_sums (left + i, right + i, x);
  }
  memcpy (state, s, sizeof s);
}

void
LEVEL (mix_reverb_early_) (const MixReverbEarlyAbsorption *design,
    float state[MIX_REVERB_LANES], float *left, float *right,
    const float *memory, const MixReverbTaps *left_taps,
    const MixReverbTaps *right_taps)
{
  float groups[MIX_REVERB_LANES][N];
  sum_groups (groups, memory, left_taps->at, left_taps->gain);
  sum_groups (groups + GROUPS, memory, right_taps->at, right_taps->gain);
  if (design->moving)
    absorb (design, state, left, right, (const float (*)[N])groups, true);
  else
    absorb (design, state, left, right, (const float (*)[N])groups, false);
}
