/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Second-order sections in series over two channels at once ("lanes"), the data
 * of the kernels `cascade` and `cascade_moving`.
 *
 * Each section is a trapezoidal state-variable filter (A. Simper, "Linear
 * trapezoidal integrated state variable filter", Cytomic, 2013), rearranged so
 * that the path from input to output has a single multiplication. With states
 * a, b and input x:
 *
 *   t = a + pole * (x - b)
 *   y = direct * x + (band * a + low * b)
 *   a = update_a * t - a
 *   b = b + update_b * t
 *
 * Stable while update_a > 0, pole * update_b > 0 and
 * update_a + pole * update_b < 2 (or while update_a = 0 and a = 0, a
 * first-order section). The states depend on the poles alone, `pole`,
 * `update_a` and `update_b`. To fade a section out, interpolate the other three
 * weights to (1, 0, 0): then it passes x in every bit.
 */
#pragma once

enum {
  MIX_CASCADE_POLE,
  MIX_CASCADE_UPDATE_A,
  MIX_CASCADE_UPDATE_B,
  MIX_CASCADE_DIRECT,
  MIX_CASCADE_BAND,
  MIX_CASCADE_LOW,
  MIX_CASCADE_WEIGHTS,
};

/* The kernels read and write whole groups of so many sections. The length of
 * arrays is a multiple of it; unused sections pass x (all 0, direct 1). */
#define MIX_CASCADE_GROUP 4

/* Arrays hold two lanes a section: [2 * section + lane]. */
typedef struct {
  const double *weight[MIX_CASCADE_WEIGHTS];
  const double *slope[MIX_CASCADE_WEIGHTS]; /* per frame; cascade_moving only */
  double *a, *b;
} MixCascade;
