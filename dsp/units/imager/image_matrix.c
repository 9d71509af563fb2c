/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image_matrix.h"

#include <string.h>

#define SMOOTHING_MS 10

static const double identity[4] = { 1, 0, 0, 1 };

/* ---- Targets ------------------------------------------------------------ */

static void
set_target (MixImagerMatrix *matrix, unsigned i, double target)
{
  mix_smoother_set (&matrix->smooth[i], target);
}

static void
set_routing (MixImagerMatrix *matrix, const MixImagerParams *p)
{
  double left = p->invert_left ? -1 : 1, right = p->invert_right ? -1 : 1;
  set_target (matrix, MIX_IMAGER_LEFT_FROM_LEFT, p->swap ? 0 : left);
  set_target (matrix, MIX_IMAGER_LEFT_FROM_RIGHT, p->swap ? left : 0);
  set_target (matrix, MIX_IMAGER_RIGHT_FROM_LEFT, p->swap ? right : 0);
  set_target (matrix, MIX_IMAGER_RIGHT_FROM_RIGHT, p->swap ? 0 : right);
}

void
mix_imager_matrix_set (MixImagerMatrix *matrix, const MixImagerParams *p)
{
  double side = mix_gain_from_db (p->side_gain_db) * p->width_percent / 100;
  double balance = p->balance_percent / 100;
  set_routing (matrix, p);
  set_target (matrix, MIX_IMAGER_MID, mix_gain_from_db (p->mid_gain_db));
  set_target (matrix, MIX_IMAGER_SIDE, side);
  set_target (matrix, MIX_IMAGER_ROTATION, p->rotation_degrees * MIX_PI / 180);
  set_target (matrix, MIX_IMAGER_PAN, p->pan_percent / 100);
  set_target (matrix, MIX_IMAGER_LEFT_BALANCE, 1 - fmax (0, balance));
  set_target (matrix, MIX_IMAGER_RIGHT_BALANCE, 1 - fmax (0, -balance));
}

/* ---- Matrices ----------------------------------------------------------- */

/* a = b c */
static void
multiply (double a[4], const double b[4], const double c[4])
{
  a[0] = b[0] * c[0] + b[1] * c[2];
  a[1] = b[0] * c[1] + b[1] * c[3];
  a[2] = b[2] * c[0] + b[3] * c[2];
  a[3] = b[2] * c[1] + b[3] * c[3];
}

static double
value (const MixImagerMatrix *matrix, unsigned i)
{
  return matrix->smooth[i].to;
}

/* The gains of mid into left (l) and right (r), and of the side (h). */
static void
pan_gains (double pan, double *l, double *r, double *h)
{
  double angle = (pan + 1) * MIX_PI / 4;
  *l = pan == 0 ? 1 : sqrt (2) * cos (angle);
  *r = pan == 0 ? 1 : sqrt (2) * sin (angle);
  *h = fmax (0, fmin (*l, *r));
}

static void
make_split (const MixImagerMatrix *matrix, double split[4])
{
  static const double mid_side[4] = { 0.5, 0.5, 0.5, -0.5 };
  double routing[4];
  for (unsigned i = 0; i < 4; i++)
    routing[i] = value (matrix, MIX_IMAGER_LEFT_FROM_LEFT + i);
  multiply (split, mid_side, routing);
}

static void
make_join (const MixImagerMatrix *matrix, double join[4])
{
  double l, r, h, angle = value (matrix, MIX_IMAGER_ROTATION);
  double left = value (matrix, MIX_IMAGER_LEFT_BALANCE);
  double right = value (matrix, MIX_IMAGER_RIGHT_BALANCE);
  double mid = matrix->mid_gain, side = matrix->side_gain;
  pan_gains (value (matrix, MIX_IMAGER_PAN), &l, &r, &h);
  const double rotation[4] = { cos (angle) * mid, sin (angle) * side,
    -sin (angle) * mid, cos (angle) * side };
  const double pan[4] = { l * left, h * left, r * right, -h * right };
  multiply (join, pan, rotation);
}

/* From where the tick before ended to `next`. */
static void
make_blend (MixBlend *blend, double now[4], const double next[4])
{
  for (unsigned i = 0; i < 4; i++) {
    MixRamp ramp = mix_ramp (now[i], next[i]);
    blend->from[i] = ramp.from;
    blend->slope[i] = ramp.slope;
    now[i] = next[i];
  }
}

void
mix_imager_matrix_update (MixImagerMatrix *matrix, double band_gain)
{
  double split[4], join[4], whole[4];
  matrix->mid_gain = value (matrix, MIX_IMAGER_MID);
  matrix->side_gain = value (matrix, MIX_IMAGER_SIDE) * band_gain;
  make_split (matrix, split);
  make_join (matrix, join);
  multiply (whole, join, split);
  matrix->is_neutral
      = memcmp (whole, identity, sizeof whole) == 0
        && memcmp (matrix->whole_now, identity, sizeof whole) == 0;
  make_blend (&matrix->whole, matrix->whole_now, whole);
  make_blend (&matrix->split, matrix->split_now, split);
  make_blend (&matrix->join, matrix->join_now, join);
}

/* ---- Time --------------------------------------------------------------- */

void
mix_imager_matrix_prepare (MixImagerMatrix *matrix, unsigned rate)
{
  *matrix = (MixImagerMatrix){ 0 };
  for (unsigned i = 0; i < MIX_IMAGER_MATRIX_SMOOTHERS; i++)
    mix_smoother_prepare (&matrix->smooth[i], rate, SMOOTHING_MS);
}

/* Two updates without a change between them: constant matrices. */
void
mix_imager_matrix_reset (MixImagerMatrix *matrix, double band_gain)
{
  for (unsigned i = 0; i < MIX_IMAGER_MATRIX_SMOOTHERS; i++)
    mix_smoother_snap (&matrix->smooth[i]);
  for (unsigned i = 0; i < 2; i++)
    mix_imager_matrix_update (matrix, band_gain);
}

bool
mix_imager_matrix_tick (MixImagerMatrix *matrix)
{
  bool moves = false;
  for (unsigned i = 0; i < MIX_IMAGER_MATRIX_SMOOTHERS; i++)
    moves |= mix_smoother_tick (&matrix->smooth[i]);
  return moves;
}
