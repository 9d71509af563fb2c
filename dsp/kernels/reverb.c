/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The loops of a reverberation. Each is written once over vectors of LANES
 * floats, of which the C level has one.
 */
#include "levels.h"

#include <string.h>

#if !PLAIN && defined(__AVX__)
#include <immintrin.h>
#endif

enum {
  N = MIX_REVERB_FRAMES,
  LINES = MIX_REVERB_LINES,
  PAIRS = MIX_REVERB_PAIRS,
  SECTIONS = MIX_REVERB_SECTIONS,
  GROUPS = MIX_REVERB_GROUPS,
};

#if PLAIN
#define LANES 1
typedef float Lanes;
#elif defined(__AVX__)
#define LANES 8
typedef float Lanes __attribute__ ((vector_size (32)));
typedef int LaneInts __attribute__ ((vector_size (32)));
#else
#define LANES 4
typedef float Lanes __attribute__ ((vector_size (16)));
typedef int LaneInts __attribute__ ((vector_size (16)));
#endif

#define UNROLLED _Pragma ("GCC unroll 32")

static inline Lanes
load (const float *from)
{
  Lanes x;
  memcpy (&x, from, sizeof x);
  return x;
}

static inline void
store (float *to, Lanes x)
{
  memcpy (to, &x, sizeof x);
}

/* from, from + slope, from + 2 slope … beginning at frame i. */
static inline Lanes
line (float from, float slope, unsigned i)
{
#if PLAIN
  return from + slope * (float) i;
#else
#if LANES == 8
  const Lanes count = { 0, 1, 2, 3, 4, 5, 6, 7 };
#else
  const Lanes count = { 0, 1, 2, 3 };
#endif
  return from + slope * (count + (float) i);
#endif
}

/* ---- Four frames of all lanes ------------------------------------------- */

#define QUAD 4 /* frames */

#if !PLAIN

#if LANES == 8
static inline Lanes
load_rows (const float *low, const float *high)
{
  return (Lanes) _mm256_insertf128_ps (
      _mm256_castps128_ps256 (_mm_loadu_ps (low)), _mm_loadu_ps (high), 1);
}

static inline void
store_rows (float *low, float *high, Lanes x)
{
  _mm_storeu_ps (low, _mm256_castps256_ps128 ((__m256) x));
  _mm_storeu_ps (high, _mm256_extractf128_ps ((__m256) x, 1));
}

#define EVEN { 0, 8, 1, 9, 4, 12, 5, 13 }
#define ODD { 2, 10, 3, 11, 6, 14, 7, 15 }
#define FRONT { 0, 1, 8, 9, 4, 5, 12, 13 }
#define BACK { 2, 3, 10, 11, 6, 7, 14, 15 }
#else
#define EVEN { 0, 4, 1, 5 }
#define ODD { 2, 6, 3, 7 }
#define FRONT { 0, 1, 4, 5 }
#define BACK { 2, 3, 6, 7 }
#endif

/* Transposes each 4 x 4 half: rows of four frames become frames of lanes, and
 * the other way round. */
static inline void
transpose (Lanes x[QUAD])
{
  Lanes a = __builtin_shuffle (x[0], x[1], (LaneInts) EVEN);
  Lanes b = __builtin_shuffle (x[0], x[1], (LaneInts) ODD);
  Lanes c = __builtin_shuffle (x[2], x[3], (LaneInts) EVEN);
  Lanes d = __builtin_shuffle (x[2], x[3], (LaneInts) ODD);
  x[0] = __builtin_shuffle (a, c, (LaneInts) FRONT);
  x[1] = __builtin_shuffle (a, c, (LaneInts) BACK);
  x[2] = __builtin_shuffle (b, d, (LaneInts) FRONT);
  x[3] = __builtin_shuffle (b, d, (LaneInts) BACK);
}

#endif

/* Frames i … i + 3 of LANES rows. */
static inline void
load_quad (Lanes x[QUAD], const float *const *row, unsigned i)
{
#if PLAIN
  memcpy (x, row[0] + i, QUAD * sizeof *x);
#else
  for (unsigned r = 0; r < QUAD; r++)
#if LANES == 8
    x[r] = load_rows (row[r] + i, row[r + QUAD] + i);
#else
    x[r] = load (row[r] + i);
#endif
  transpose (x);
#endif
}

static inline void
store_quad (float (*row)[N], Lanes x[QUAD], unsigned i)
{
#if PLAIN
  memcpy (row[0] + i, x, QUAD * sizeof *x);
#else
  transpose (x);
  for (unsigned r = 0; r < QUAD; r++)
#if LANES == 8
    store_rows (row[r] + i, row[r + QUAD] + i, x[r]);
#else
    store (row[r] + i, x[r]);
#endif
#endif
}

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
  Lanes t = *a + w[s][MIX_REVERB_POLE][v] * (x - *b);
  Lanes y = s == 0 ? x : w[s][MIX_REVERB_TOP][v] * x;
  y = y + w[s][MIX_REVERB_LOW][v] * *b + w[s][MIX_REVERB_BAND][v] * t;
  *a = w[s][MIX_REVERB_TURN][v] * t - *a;
  *b = *b + w[s][MIX_REVERB_LIFT][v] * t;
  return y;
}

static inline void
absorb (const MixReverbAbsorber *absorber, MixReverbAbsorberState *state,
    float (*to)[N], const float *const *from, bool moving)
{
  Weights w, still, slope;
  Lanes a[SECTIONS][VECTORS], b[SECTIONS][VECTORS], x[VECTORS][QUAD];
  load_weights (w, absorber->weight);
  if (moving) {
    memcpy (still, w, sizeof still);
    load_weights (slope, absorber->slope);
  }
  memcpy (a, state->a, sizeof a);
  memcpy (b, state->b, sizeof b);
  for (unsigned i = 0; i < N; i += QUAD) {
    UNROLLED for (unsigned v = 0; v < VECTORS; v++)
      load_quad (x[v], from + v * LANES, i);
    UNROLLED for (unsigned k = 0; k < QUAD; k++) {
      for (unsigned j = 0; moving && j < sizeof w / sizeof (Lanes); j++)
        ((Lanes *) w)[j]
            = ((Lanes *) still)[j] + ((Lanes *) slope)[j] * (float) (i + k);
      UNROLLED for (unsigned v = 0; v < VECTORS; v++) {
        x[v][k] = section (w, 0, v, x[v][k], &a[0][v], &b[0][v]);
        x[v][k] = section (w, 1, v, x[v][k], &a[1][v], &b[1][v]);
      }
    }
    UNROLLED for (unsigned v = 0; v < VECTORS; v++)
      store_quad (to + v * LANES, x[v], i);
  }
  memcpy (state->a, a, sizeof a);
  memcpy (state->b, b, sizeof b);
}

void
LEVEL (mix_reverb_absorb_) (const MixReverbAbsorber *absorber,
    MixReverbAbsorberState *state, float (*to)[N], const float *const *from)
{
  if (absorber->moving)
    absorb (absorber, state, to, from, true);
  else
    absorb (absorber, state, to, from, false);
}

/* ---- Early reflections -------------------------------------------------- */

enum {
  EARLY_VECTORS = MIX_REVERB_LANES / LANES,
};

/* Lanes of both channels from the groups of one. */
static inline Lanes
early_weight (const float *of_group, unsigned v)
{
  float both[MIX_REVERB_LANES];
  for (unsigned g = 0; g < GROUPS; g++)
    both[g] = both[GROUPS + g] = of_group[g];
  return load (both + v * LANES);
}

/* Four frames of the sums of the first and the last four lanes. */
static inline void
store_sums (float *left, float *right, Lanes x[EARLY_VECTORS][QUAD])
{
#if PLAIN
  for (unsigned k = 0; k < QUAD; k++) {
    left[k] = (x[0][k] + x[1][k]) + (x[2][k] + x[3][k]);
    right[k] = (x[4][k] + x[5][k]) + (x[6][k] + x[7][k]);
  }
#else
  for (unsigned v = 0; v < EARLY_VECTORS; v++) {
    transpose (x[v]);
    x[v][0] = (x[v][0] + x[v][1]) + (x[v][2] + x[v][3]);
  }
#if LANES == 8
  store_rows (left, right, x[0][0]);
#else
  store (left, x[0][0]);
  store (right, x[1][0]);
#endif
#endif
}

static inline void
early (const MixReverbEarly *design, float state[MIX_REVERB_LANES],
    float *left, float *right, const float (*groups)[N], bool moving)
{
  Lanes w[MIX_REVERB_EARLY_WEIGHTS][EARLY_VECTORS];
  Lanes slope[MIX_REVERB_EARLY_WEIGHTS][EARLY_VECTORS];
  Lanes s[EARLY_VECTORS], x[EARLY_VECTORS][QUAD];
  const float *row[MIX_REVERB_LANES];
  for (unsigned r = 0; r < MIX_REVERB_LANES; r++)
    row[r] = groups[r];
  for (unsigned k = 0; k < MIX_REVERB_EARLY_WEIGHTS; k++)
    for (unsigned v = 0; v < EARLY_VECTORS; v++) {
      w[k][v] = early_weight (design->weight[k], v);
      slope[k][v] = early_weight (design->slope[k], v);
    }
  memcpy (s, state, sizeof s);
  for (unsigned i = 0; i < N; i += QUAD) {
    UNROLLED for (unsigned v = 0; v < EARLY_VECTORS; v++) {
      load_quad (x[v], row + v * LANES, i);
      UNROLLED for (unsigned k = 0; k < QUAD; k++) {
        Lanes now[MIX_REVERB_EARLY_WEIGHTS];
        for (unsigned j = 0; j < MIX_REVERB_EARLY_WEIGHTS; j++)
          now[j] = moving ? w[j][v] + slope[j][v] * (float) (i + k) : w[j][v];
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
LEVEL (mix_reverb_early_) (const MixReverbEarly *design,
    float state[MIX_REVERB_LANES], float *left, float *right,
    const float (*groups)[N])
{
  if (design->moving)
    early (design, state, left, right, groups, true);
  else
    early (design, state, left, right, groups, false);
}

/* ---- Across the lines --------------------------------------------------- */

/* The Walsh-Hadamard transform as its fast butterflies. */
static inline void
hadamard (Lanes x[LINES])
{
  UNROLLED for (unsigned h = LINES / 2; h > 0; h /= 2)
    UNROLLED for (unsigned k = 0; k < LINES; k++)
      if ((k & h) == 0) {
        Lanes a = x[k], b = x[k + h];
        x[k] = a + b;
        x[k + h] = a - b;
      }
}

void
LEVEL (mix_reverb_scatter_) (
    const MixReverbTurns *turns, float *const *to, const float (*from)[N])
{
  for (unsigned i = 0; i < N; i += LANES) {
    Lanes x[LINES];
    UNROLLED for (unsigned k = 0; k < PAIRS; k++) {
      Lanes a = load (from[k] + i), b = load (from[k + PAIRS] + i);
      Lanes c = line (turns->cosine[k], turns->cosine_slope[k], i);
      Lanes s = line (turns->sine[k], turns->sine_slope[k], i);
      x[k] = c * a - s * b;
      x[k + PAIRS] = s * a + c * b;
    }
    hadamard (x);
    UNROLLED for (unsigned k = 0; k < LINES; k++)
      store (to[k] + i, x[k]);
  }
}

void
LEVEL (mix_reverb_sum_) (float *out, const float *from, const unsigned *at,
    const float *gain, unsigned count)
{
  Lanes sum[N / LANES] = { 0 };
  for (unsigned k = 0; k < count; k++)
    UNROLLED for (unsigned j = 0; j < N / LANES; j++)
      sum[j] += load (from + at[k] + j * LANES) * gain[k];
  UNROLLED for (unsigned j = 0; j < N / LANES; j++)
    store (out + j * LANES, sum[j]);
}

/* M. R. Schroeder, "Natural Sounding Artificial Reverberation", 1962. */
void
LEVEL (mix_reverb_diffuse_) (
    float *io, float *to, const float *from, float gain, float slope)
{
  for (unsigned i = 0; i < N; i += LANES) {
    Lanes g = line (gain, slope, i), late = load (from + i);
    Lanes x = load (io + i) + g * late;
    store (to + i, x);
    store (io + i, late - g * x);
  }
}
