/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pair of all-pass chains: a recursive filter cannot run ahead in time, so
 * the lanes are channels, chains and, as each section looks back two frames,
 * two frames next to each other.
 */
#include "kernels.h"

#include <stdint.h>
#include <string.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2 (a, b)
#define LEVEL(name) JOIN (name, MIX_LEVEL_SUFFIX)

void LEVEL (mix_quadrature_) (const MixQuadratureDesign *design,
    MixQuadrature *history, float *left, float *right, const float *left_in,
    const float *right_in, unsigned n);

typedef float Four __attribute__ ((vector_size (16)));
typedef int32_t FourInts __attribute__ ((vector_size (16)));
typedef float Eight __attribute__ ((vector_size (32)));
typedef int32_t EightInts __attribute__ ((vector_size (32)));

enum
{
  QUADRATURE_ROWS = MIX_QUADRATURE_SECTIONS + 1
};

/* All sections of both chains; x becomes the output. The one product and sum
 * leaves no choice of what to fuse, so four and eight lanes agree. */
#define QUADRATURE_STEP(x, VEC, c, past)                                      \
  do {                                                                        \
    for (unsigned s = 0; s < MIX_QUADRATURE_SECTIONS; s++) {                  \
      VEC y = (c)[s] * ((x) + (past)[s + 1]) - (past)[s];                     \
      (past)[s] = (x);                                                        \
      (x) = y;                                                                \
    }                                                                         \
    (past)[MIX_QUADRATURE_SECTIONS] = (x);                                    \
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
quadrature_odd (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, float l, float r)
{
  Four c[MIX_QUADRATURE_SECTIONS], now[QUADRATURE_ROWS], later[QUADRATURE_ROWS];
  load_fours (c, design->c, MIX_QUADRATURE_SECTIONS, 0);
  load_fours (now, (const float (*)[8]) history->past, QUADRATURE_ROWS, 0);
  load_fours (later, (const float (*)[8]) history->past, QUADRATURE_ROWS, 4);
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
/* An even number of frames, two in one step. */
static void
quadrature_even (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, const float *left_in, const float *right_in,
    unsigned n)
{
  Eight c[MIX_QUADRATURE_SECTIONS], past[QUADRATURE_ROWS];
  memcpy (c, design->c, sizeof c);
  memcpy (past, history->past, sizeof past);
  float l = history->last[0], r = history->last[1];
  for (unsigned i = 0; i < n; i += 2) {
    float l0 = left_in[i], l1 = left_in[i + 1];
    float r0 = right_in[i], r1 = right_in[i + 1];
    Eight x = { l0, r0, l, r, l1, r1, l0, r0 };
    QUADRATURE_STEP (x, Eight, c, past);
    x *= x;
    x += __builtin_shuffle (x, (EightInts){ 2, 3, 0, 1, 6, 7, 4, 5 });
    right[i] = x[1];
    right[i + 1] = x[5];
    left[i] = x[0];
    left[i + 1] = x[4];
    l = l1;
    r = r1;
  }
  memcpy (history->past, past, sizeof past);
  history->last[0] = l;
  history->last[1] = r;
}
#else
static void
quadrature_even (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, const float *left_in, const float *right_in,
    unsigned n)
{
  Four c[MIX_QUADRATURE_SECTIONS], past[2][QUADRATURE_ROWS];
  load_fours (c, design->c, MIX_QUADRATURE_SECTIONS, 0);
  for (unsigned h = 0; h < 2; h++)
    load_fours (past[h], (const float (*)[8]) history->past, QUADRATURE_ROWS,
        4 * h);
  float l = history->last[0], r = history->last[1];
  for (unsigned i = 0; i < n; i += 2)
    for (unsigned h = 0; h < 2; h++) {
      float l0 = left_in[i + h], r0 = right_in[i + h];
      Four x = { l0, r0, l, r };
      QUADRATURE_STEP (x, Four, c, past[h]);
      x *= x;
      x += __builtin_shuffle (x, (FourInts){ 2, 3, 0, 1 });
      right[i + h] = x[1];
      left[i + h] = x[0];
      l = l0;
      r = r0;
    }
  for (unsigned h = 0; h < 2; h++)
    store_fours (history->past, past[h], 4 * h);
  history->last[0] = l;
  history->last[1] = r;
}
#endif

void
LEVEL (mix_quadrature_) (const MixQuadratureDesign *design, MixQuadrature *history,
    float *left, float *right, const float *left_in, const float *right_in,
    unsigned n)
{
  unsigned even = n & ~1u;
  quadrature_even (design, history, left, right, left_in, right_in, even);
  if (even < n)
    quadrature_odd (design, history, left + even, right + even, left_in[even],
        right_in[even]);
}
