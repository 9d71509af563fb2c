/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pair of all-pass chains: a recursive filter cannot run ahead in time, so
 * the lanes are channels, chains and, as each section looks back two frames,
 * two frames next to each other.
 */
#include "levels.h"

#include "fused.h"

#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

typedef float Four __attribute__ ((vector_size (16)));
typedef float Eight __attribute__ ((vector_size (32)));

enum { QUADRATURE_ROWS = MIX_QUADRATURE_SECTIONS + 1 };

/* All sections of both chains; x becomes the output. */
#define QUADRATURE_STEP(x, VEC, c, past)                                       \
  do {                                                                         \
    _Pragma ("GCC unroll 8") for (unsigned s = 0; s < MIX_QUADRATURE_SECTIONS; \
                                  s++)                                         \
    {                                                                          \
      VEC sum_ = (x) + (past)[s + 1], out_ = -(past)[s];                       \
      ADD_LANES (FUSED, out_, (c)[s], sum_);                                   \
      (past)[s] = (x);                                                         \
      (x) = out_;                                                              \
    }                                                                          \
    (past)[MIX_QUADRATURE_SECTIONS] = (x);                                     \
  } while (0)

/* Four lanes: `half` 0 or 4 of the rows, which are 8 long. */
static inline void
load_fours (Four *to, const float (*rows)[8], unsigned count, unsigned half)
{
  for (unsigned s = 0; s < count; s++)
    memcpy (&to[s], rows[s] + half, sizeof *to);
}

static inline void
store_fours (float (*rows)[8], const Four *from, unsigned half)
{
  for (unsigned s = 0; s < QUADRATURE_ROWS; s++)
    memcpy (rows[s] + half, &from[s], sizeof *from);
}

/* One frame; the two frames of history change places after it. */
static void
quadrature_one (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, float l, float r)
{
  Four c[MIX_QUADRATURE_SECTIONS], now[QUADRATURE_ROWS], later[QUADRATURE_ROWS];
  load_fours (c, design->c, MIX_QUADRATURE_SECTIONS, 0);
  load_fours (now, (const float (*)[8])history->past, QUADRATURE_ROWS, 0);
  load_fours (later, (const float (*)[8])history->past, QUADRATURE_ROWS, 4);
  Four x = { l, r, history->last[0], history->last[1] };
  QUADRATURE_STEP (x, Four, c, now);
  x *= x;
  *right = x[1] + x[3];
  *left = x[0] + x[2];
  store_fours (history->past, later, 0);
  store_fours (history->past, now, 4);
  history->last[0] = l;
  history->last[1] = r;
}

#if defined(__AVX2__)
/* `now` is two frames of left and right, `before` the two ahead of them. */
static inline Eight
frames_for_chains (Four now, Four before)
{
  Four low = __builtin_shufflevector (now, before, 0, 1, 6, 7);
  Four high = __builtin_shufflevector (now, now, 2, 3, 0, 1);
  return (Eight)_mm256_set_m128 ((__m128)high, (__m128)low);
}

/* Left and right power of the first frame, then of the second. */
static inline Four
power_of_frames (Eight x)
{
  x *= x;
  Four low = (Four)_mm256_castps256_ps128 ((__m256)x);
  Four high = (Four)_mm256_extractf128_ps ((__m256)x, 1);
  return __builtin_shufflevector (low, high, 0, 1, 4, 5)
         + __builtin_shufflevector (low, high, 2, 3, 6, 7);
}

/* Groups of frames, two frames in one step; returns how many were done. */
static unsigned
quadrature_groups (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, const float *left_in, const float *right_in,
    unsigned n)
{
  Eight c[MIX_QUADRATURE_SECTIONS], past[QUADRATURE_ROWS];
  memcpy (c, design->c, sizeof c);
  memcpy (past, history->past, sizeof past);
  Four before = { 0, 0, history->last[0], history->last[1] };
  unsigned i = 0;
  for (; i + 4 <= n; i += 4) {
    Four l, r;
    memcpy (&l, left_in + i, sizeof l);
    memcpy (&r, right_in + i, sizeof r);
    Four first = __builtin_shufflevector (l, r, 0, 4, 1, 5);
    Four second = __builtin_shufflevector (l, r, 2, 6, 3, 7);
    Eight x = frames_for_chains (first, before);
    QUADRATURE_STEP (x, Eight, c, past);
    Eight y = frames_for_chains (second, first);
    QUADRATURE_STEP (y, Eight, c, past);
    Four p = power_of_frames (x), q = power_of_frames (y);
    l = __builtin_shufflevector (p, q, 0, 2, 4, 6);
    r = __builtin_shufflevector (p, q, 1, 3, 5, 7);
    memcpy (right + i, &r, sizeof r);
    memcpy (left + i, &l, sizeof l);
    before = second;
  }
  memcpy (history->past, past, sizeof past);
  history->last[0] = before[2];
  history->last[1] = before[3];
  return i;
}
#else
static unsigned
quadrature_groups (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, const float *left_in, const float *right_in,
    unsigned n)
{
  Four c[MIX_QUADRATURE_SECTIONS], past[2][QUADRATURE_ROWS];
  load_fours (c, design->c, MIX_QUADRATURE_SECTIONS, 0);
  for (unsigned h = 0; h < 2; h++)
    load_fours (
        past[h], (const float (*)[8])history->past, QUADRATURE_ROWS, 4 * h);
  float l = history->last[0], r = history->last[1];
  unsigned i = 0;
  for (; i + 2 <= n; i += 2)
    for (unsigned h = 0; h < 2; h++) {
      float l0 = left_in[i + h], r0 = right_in[i + h];
      Four x = { l0, r0, l, r };
      QUADRATURE_STEP (x, Four, c, past[h]);
      x *= x;
      x += __builtin_shufflevector (x, x, 2, 3, 0, 1);
      right[i + h] = x[1];
      left[i + h] = x[0];
      l = l0;
      r = r0;
    }
  for (unsigned h = 0; h < 2; h++)
    store_fours (history->past, past[h], 4 * h);
  history->last[0] = l;
  history->last[1] = r;
  return i;
}
#endif

void
LEVEL (mix_quadrature_) (const MixQuadratureDesign *design,
    MixQuadrature *history, float *left, float *right, const float *left_in,
    const float *right_in, unsigned n)
{
  unsigned i
      = quadrature_groups (design, history, left, right, left_in, right_in, n);
  for (; i < n; i++)
    quadrature_one (
        design, history, left + i, right + i, left_in[i], right_in[i]);
}
