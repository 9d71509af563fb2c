/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pair of all-pass chains whose outputs are a quarter of a cycle apart: the
 * data of the kernel `quadrature`. parts/quadrature.h designs the
 * coefficients and says what the pair is good for.
 *
 * Each chain is a row of sections (c - z^-2) / (1 - c z^-2); chain B runs on
 * the input one frame late. Two channels times two chains times two
 * neighbouring frames make eight lanes:
 *
 *   0 left A, 1 right A, 2 left B, 3 right B, 4 … 7 the same a frame later.
 */
#pragma once

#define MIX_QUADRATURE_SECTIONS 6 /* in each chain */

typedef struct {
  float c[MIX_QUADRATURE_SECTIONS][8]; /* the upper four lanes repeat */
} MixQuadratureDesign;

/* The history of a pair of channels. Row s holds what went into section s in
 * the last two frames (what came out of it is the next row): in the lower
 * four lanes two frames ago, in the upper four the frame before. */
typedef struct {
  float past[MIX_QUADRATURE_SECTIONS + 1][8];
  float last[2]; /* the frame before, which chain B takes now */
} MixQuadrature;
