/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A row of second-order sections over two channels at once ("lanes"), the
 * data of the kernels `cascade` and `cascade_moving`.
 *
 * Each section is a trapezoidal state-variable filter (A. Simper, "Linear
 * trapezoidal integrated state variable filter", Cytomic, 2013) with its
 * arithmetic folded so that the output hangs on the input by one
 * multiplication. With states a, b and input x:
 *
 *   t = a + pole * (x - b)
 *   y = direct * x + (band * a + low * b)
 *   a = turn * t - a
 *   b = b + lift * t
 *
 * Stable while turn > 0, pole * lift > 0 and turn + pole * lift < 2 (or while
 * turn = 0 and a = 0, a first-order section). The state depends on the poles
 * only; the three weights of the output may be drawn to (1, 0, 0), which
 * passes x in every bit, to fade a section out.
 */
#pragma once

enum {
  MIX_CASCADE_POLE,
  MIX_CASCADE_TURN,
  MIX_CASCADE_LIFT,
  MIX_CASCADE_DIRECT,
  MIX_CASCADE_BAND,
  MIX_CASCADE_LOW,
  MIX_CASCADE_WEIGHTS,
};

/* The kernels read and write whole groups of so many sections: arrays are a
 * multiple of it long, and what is left over passes x (all 0, direct 1). */
#define MIX_CASCADE_GROUP 4

/* Arrays hold two lanes a section: [2 * section + lane]. */
typedef struct {
  const double *weight[MIX_CASCADE_WEIGHTS];
  const double *slope[MIX_CASCADE_WEIGHTS]; /* per frame; cascade_moving only */
  double *a, *b;
} MixCascade;
