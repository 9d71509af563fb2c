/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loops of a feedback delay network, over as many lines at once as the
 * level has lanes. */
#include "levels.h"

#define MOST_LANES 16
#include "lanes.h"

enum {
  N = MIX_REVERB_FRAMES,
  LINES = MIX_REVERB_LINES,
  PAIRS = MIX_REVERB_PAIRS,
  SECTIONS = MIX_REVERB_SECTIONS,
};

/* ---- Absorption --------------------------------------------------------- */

enum {
  VECTORS = LINES / LANES,
};

typedef Lanes Weights[SECTIONS][MIX_REVERB_WEIGHTS][VECTORS];

static inline void
load_weights (Weights to, const MixReverbWeights from)
{
  for (unsigned s = 0; s < SECTIONS; s++)
    for (unsigned k = 0; k < MIX_REVERB_WEIGHTS; k++)
      for (unsigned v = 0; v < VECTORS; v++)
        to[s][k][v] = load (from[s][k] + v * LANES);
}

/* One frame of one section in one vector. */
static inline Lanes
section (Weights w, unsigned s, unsigned v, Lanes x, Lanes *a, Lanes *b)
{
  Lanes d = x - *b, t = *a + w[s][MIX_REVERB_POLE][v] * d;
  Lanes y = (s == 0 ? x : w[s][MIX_REVERB_TOP][v] * x)
            + w[s][MIX_REVERB_LOW][v] * *b;
  *b = (*b + w[s][MIX_REVERB_LIFT][v] * *a) + w[s][MIX_REVERB_PULL][v] * d;
  *a = w[s][MIX_REVERB_HOLD][v] * *a + w[s][MIX_REVERB_PUSH][v] * d;
  return y + w[s][MIX_REVERB_BAND][v] * t;
}

/* Inlined, so that `moving` is a constant. */
static inline __attribute__ ((always_inline)) void
absorb (const MixReverbAbsorption *absorption, MixReverbAbsorptionState *state,
    float (*to)[N], const float *const *from, bool moving)
{
  Weights w, start, slope;
  Lanes a[SECTIONS][VECTORS], b[SECTIONS][VECTORS], x[VECTORS][QUAD];
  float *row[LINES];
  for (unsigned k = 0; k < LINES; k++)
    row[k] = to[k];
  load_weights (w, absorption->weight);
  if (moving) {
    memcpy (start, w, sizeof start);
    load_weights (slope, absorption->slope);
  }
  memcpy (a, state->a, sizeof a);
  memcpy (b, state->b, sizeof b);
  for (unsigned i = 0; i < N; i += QUAD) {
    UNROLLED for (unsigned v = 0; v < VECTORS; v++)
        load_quad (x[v], from + v * LANES, i);
    UNROLLED for (unsigned k = 0; k < QUAD; k++)
    {
      for (unsigned j = 0; moving && j < sizeof w / sizeof (Lanes); j++)
        ((Lanes *)w)[j]
            = ((Lanes *)start)[j] + ((Lanes *)slope)[j] * (float)(i + k);
      UNROLLED for (unsigned v = 0; v < VECTORS; v++)
      {
        x[v][k] = section (w, 0, v, x[v][k], &a[0][v], &b[0][v]);
        x[v][k] = section (w, 1, v, x[v][k], &a[1][v], &b[1][v]);
      }
    }
    UNROLLED for (unsigned v = 0; v < VECTORS; v++)
        store_quad (row + v * LANES, x[v], i);
  }
  memcpy (state->a, a, sizeof a);
  memcpy (state->b, b, sizeof b);
}

void
LEVEL (mix_reverb_absorb_) (const MixReverbAbsorption *absorption,
    MixReverbAbsorptionState *state, float (*to)[N], const float *const *from)
{
  if (absorption->moving)
    absorb (absorption, state, to, from, true);
  else
    absorb (absorption, state, to, from, false);
}

/* ---- Across the lines --------------------------------------------------- */

/* The fast Walsh-Hadamard transform. */
static inline void
hadamard (Lanes x[LINES])
{
  UNROLLED for (unsigned h = LINES / 2; h > 0; h /= 2)
      UNROLLED for (unsigned k = 0; k < LINES; k++) if ((k & h) == 0)
  {
    Lanes a = x[k], b = x[k + h];
    x[k] = a + b;
    x[k + h] = a - b;
  }
}

void
LEVEL (mix_reverb_scatter_) (const MixReverbRotations *rotations,
    float *const *to, const float (*from)[N])
{
  for (unsigned i = 0; i < N; i += LANES) {
    Lanes x[LINES];
    UNROLLED for (unsigned k = 0; k < PAIRS; k++)
    {
      Lanes a = load (from[k] + i), b = load (from[k + PAIRS] + i);
      Lanes c = line (rotations->cosine[k], rotations->cosine_slope[k], i);
      Lanes s = line (rotations->sine[k], rotations->sine_slope[k], i);
      x[k] = c * a - s * b;
      x[k + PAIRS] = s * a + c * b;
    }
    hadamard (x);
    UNROLLED for (unsigned k = 0; k < LINES; k++) store (to[k] + i, x[k]);
  }
}

void
LEVEL (mix_reverb_sum_) (float *out, const float *from, const unsigned *at,
    const float *gain, unsigned count, float level, float slope)
{
  Lanes sum[N / LANES] = { 0 };
  for (unsigned k = 0; k < count; k++)
    UNROLLED for (unsigned j = 0; j < N / LANES; j++) sum[j]
        += load (from + at[k] + j * LANES) * gain[k];
  UNROLLED for (unsigned j = 0; j < N / LANES; j++)
  {
    float *to = out + j * LANES;
    store (to, load (to) + sum[j] * line (level, slope, j * LANES));
  }
}

static inline void
feed_row (float *io, const float *x, float level, float slope)
{
  if (slope == 0)
    UNROLLED for (unsigned i = 0; i < N; i += LANES)
        store (io + i, load (io + i) + load (x + i) * level);
  else
    UNROLLED for (unsigned i = 0; i < N; i += LANES)
        store (io + i, load (io + i) + load (x + i) * line (level, slope, i));
}

void
LEVEL (mix_reverb_feed_) (float *const *to, const float *const *from,
    const float *level, const float *slope, unsigned count)
{
  for (unsigned k = 0; k < count; k++)
    feed_row (to[k], from[k], 4 * level[k], 4 * slope[k]);
}

/* An all-pass (M. R. Schroeder, "Natural Sounding Artificial Reverberation",
 * 1962). */
void
LEVEL (mix_reverb_diffuse_) (
    float *io, float *to, const float *from, float gain, float slope)
{
  UNROLLED for (unsigned i = 0; i < N; i += LANES)
  {
    Lanes g = line (gain, slope, i), late = load (from + i);
    Lanes x = load (io + i) + g * late;
    store (to + i, x);
    store (io + i, late - g * x);
  }
}
