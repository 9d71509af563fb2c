/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Private to the kernels: vectors of LANES floats, as many as the level being
 * built has and MOST_LANES allows (one at the C level), and how four frames of
 * as many rows become four vectors of lanes. Included once in a source, after
 * levels.h.
 */
#pragma once

#include <string.h>

#if !PLAIN && defined(__AVX__)
#include <immintrin.h>
#endif

#if PLAIN
#define LANES 1
typedef float Lanes;
#elif defined(__AVX512F__) && MOST_LANES >= 16
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif

#if !PLAIN
typedef float Lanes __attribute__ ((vector_size (4 * LANES)));
#endif

#define UNROLLED _Pragma ("GCC unroll 64")

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

/* The same in all lanes. */
static inline Lanes
all (float x)
{
#if PLAIN
  return x;
#else
  return x - (Lanes){ 0 };
#endif
}

/* from, from + slope, from + 2 slope … beginning at frame i. */
static inline Lanes
line (float from, float slope, unsigned i)
{
#if PLAIN
  return from + slope * (float)i;
#else
  static const float count[]
      = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
  return from + slope * (load (count) + (float)i);
#endif
}

/* ---- Four frames of all lanes ------------------------------------------- */

#define QUAD 4 /* frames */

#if !PLAIN

/* In every quarter vector: */
#if LANES == 16
#define EVEN 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define ODD 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define FRONT 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define BACK 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#elif LANES == 8
#define EVEN 0, 8, 1, 9, 4, 12, 5, 13
#define ODD 2, 10, 3, 11, 6, 14, 7, 15
#define FRONT 0, 1, 8, 9, 4, 5, 12, 13
#define BACK 2, 3, 10, 11, 6, 7, 14, 15
#else
#define EVEN 0, 4, 1, 5
#define ODD 2, 6, 3, 7
#define FRONT 0, 1, 4, 5
#define BACK 2, 3, 6, 7
#endif

/* Transposes each 4 x 4 part: rows of four frames become frames of lanes, and
 * the other way round. */
static inline void
transpose (Lanes x[QUAD])
{
  Lanes a = __builtin_shufflevector (x[0], x[1], EVEN);
  Lanes b = __builtin_shufflevector (x[0], x[1], ODD);
  Lanes c = __builtin_shufflevector (x[2], x[3], EVEN);
  Lanes d = __builtin_shufflevector (x[2], x[3], ODD);
  x[0] = __builtin_shufflevector (a, c, FRONT);
  x[1] = __builtin_shufflevector (a, c, BACK);
  x[2] = __builtin_shufflevector (b, d, FRONT);
  x[3] = __builtin_shufflevector (b, d, BACK);
}

/* Four frames of rows r, r + 4 … in one vector. */
static inline Lanes
load_rows (const float *const *row, unsigned r, unsigned i)
{
#if LANES == 16
  __m512 x = _mm512_castps128_ps512 (_mm_loadu_ps (row[r] + i));
  x = _mm512_insertf32x4 (x, _mm_loadu_ps (row[r + 4] + i), 1);
  x = _mm512_insertf32x4 (x, _mm_loadu_ps (row[r + 8] + i), 2);
  return (Lanes)_mm512_insertf32x4 (x, _mm_loadu_ps (row[r + 12] + i), 3);
#elif LANES == 8
  __m256 x = _mm256_castps128_ps256 (_mm_loadu_ps (row[r] + i));
  return (Lanes)_mm256_insertf128_ps (x, _mm_loadu_ps (row[r + 4] + i), 1);
#else
  return load (row[r] + i);
#endif
}

static inline void
store_rows (float *const *row, unsigned r, unsigned i, Lanes x)
{
#if LANES == 16
  _mm_storeu_ps (row[r] + i, _mm512_castps512_ps128 ((__m512)x));
  _mm_storeu_ps (row[r + 4] + i, _mm512_extractf32x4_ps ((__m512)x, 1));
  _mm_storeu_ps (row[r + 8] + i, _mm512_extractf32x4_ps ((__m512)x, 2));
  _mm_storeu_ps (row[r + 12] + i, _mm512_extractf32x4_ps ((__m512)x, 3));
#elif LANES == 8
  _mm_storeu_ps (row[r] + i, _mm256_castps256_ps128 ((__m256)x));
  _mm_storeu_ps (row[r + 4] + i, _mm256_extractf128_ps ((__m256)x, 1));
#else
  store (row[r] + i, x);
#endif
}

#endif

/* Frames i … i + 3 of LANES rows. */
static inline void
load_quad (Lanes x[QUAD], const float *const *row, unsigned i)
{
#if PLAIN
  memcpy (x, row[0] + i, QUAD * sizeof *x);
#else
  UNROLLED for (unsigned r = 0; r < QUAD; r++) x[r] = load_rows (row, r, i);
  transpose (x);
#endif
}

static inline void
store_quad (float *const *row, Lanes x[QUAD], unsigned i)
{
#if PLAIN
  memcpy (row[0] + i, x, QUAD * sizeof *x);
#else
  transpose (x);
  UNROLLED for (unsigned r = 0; r < QUAD; r++) store_rows (row, r, i, x[r]);
#endif
}
