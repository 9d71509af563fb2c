/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From settings to matrices. In the order in which they act:
 *
 *   swap, inversion      L' = ±L or ±R
 *   split                M, S
 *   mid gain, side gain times width
 *   rotation by r        M' = M cos r + S sin r, S' = S cos r - M sin r: the
 *                        plane turns as a whole, power stays
 *   pan                  M by a constant-power law (sine and cosine, J. Eargle,
 *                        "Handbook of Recording Engineering", ch. 2), scaled to
 *                        1 in the middle: L = l M + h S, R = r M - h S with
 *                        l^2 + r^2 = 2. h = min (l, r) keeps what is hard on
 *                        the near side where it is and brings the far side over
 *   balance              one side down
 *
 * Neutral settings make an identity of exact numbers.
 */
#include <string.h>

#include "imager.h"

#define SMOOTH_MS 10

/* Filters do not go lower than that. */
#define LOWEST_HZ 10.0
/* Nor over that share of the rate. */
#define TOP 0.49

/* The level of the decorrelated mid at `spread` 100: each channel's response
 * stays within 1 ± 0.7. */
#define MOST_SPREAD 0.7

/* What a band's width of 0 is: 60 dB down. */
#define LEAST_BAND_WIDTH 1e-3

static const double identity[4] = { 1, 0, 0, 1 };

/* ---- Goals -------------------------------------------------------------- */

static void
set_goal (MixImagerImage *image, unsigned i, double goal)
{
  mix_smoother_set (&image->glide[i], goal);
}

static double
octave (double hz, unsigned rate)
{
  return log2 (mix_clamp (hz, fmin (LOWEST_HZ, TOP * rate), TOP * rate));
}

static void
set_routing (MixImagerImage *image, const MixImagerParams *p)
{
  double left = p->invert_left ? -1 : 1, right = p->invert_right ? -1 : 1;
  set_goal (image, MIX_IMAGER_LEFT_FROM_LEFT, p->swap ? 0 : left);
  set_goal (image, MIX_IMAGER_LEFT_FROM_RIGHT, p->swap ? left : 0);
  set_goal (image, MIX_IMAGER_RIGHT_FROM_LEFT, p->swap ? right : 0);
  set_goal (image, MIX_IMAGER_RIGHT_FROM_RIGHT, p->swap ? 0 : right);
}

/* Bands are shelves against the middle one: none ends at 0, and all glide as
 * ratios do. */
static double
band_goal (const MixImagerParams *p, double percent)
{
  return p->multiband ? log2 (fmax (percent / 100, LEAST_BAND_WIDTH)) : 0;
}

static void
set_bands (MixImagerImage *image, const MixImagerParams *p, unsigned rate)
{
  double high = fmax (p->low_crossover_hz, p->high_crossover_hz);
  set_goal (image, MIX_IMAGER_LOW_WIDTH, band_goal (p, p->low_width_percent));
  set_goal (image, MIX_IMAGER_MID_WIDTH, band_goal (p, p->mid_width_percent));
  set_goal (image, MIX_IMAGER_HIGH_WIDTH, band_goal (p, p->high_width_percent));
  set_goal (
      image, MIX_IMAGER_LOW_CROSSOVER, octave (p->low_crossover_hz, rate));
  set_goal (image, MIX_IMAGER_HIGH_CROSSOVER, octave (high, rate));
}

/* Going out, the filter stays where it was; coming in, it starts there. */
static void
set_mono_below (MixImagerImage *image, const MixImagerParams *p, unsigned rate)
{
  MixSmoother *low = &image->glide[MIX_IMAGER_LOW_SIDE];
  MixSmoother *where = &image->glide[MIX_IMAGER_MONO_BELOW];
  bool was_off = mix_smoother_is_still (low) && low->to == 1;
  mix_smoother_set (low, p->mono_below_hz > 0 ? 0 : 1);
  if (p->mono_below_hz > 0)
    mix_smoother_set (where, octave (p->mono_below_hz, rate));
  if (was_off)
    mix_smoother_snap (where);
}

void
mix_imager_image_set (
    MixImagerImage *image, const MixImagerParams *p, unsigned rate)
{
  double side = mix_gain_from_db (p->side_gain_db) * p->width_percent / 100;
  double balance = p->balance_percent / 100;
  set_routing (image, p);
  set_bands (image, p, rate);
  set_mono_below (image, p, rate);
  set_goal (image, MIX_IMAGER_MID, mix_gain_from_db (p->mid_gain_db));
  set_goal (image, MIX_IMAGER_SIDE, side);
  set_goal (image, MIX_IMAGER_SPREAD, p->spread_percent / 100 * MOST_SPREAD);
  set_goal (image, MIX_IMAGER_ROTATION, p->rotation_degrees * MIX_PI / 180);
  set_goal (image, MIX_IMAGER_PAN, p->pan_percent / 100);
  set_goal (image, MIX_IMAGER_LEFT_BALANCE, 1 - fmax (0, balance));
  set_goal (image, MIX_IMAGER_RIGHT_BALANCE, 1 - fmax (0, -balance));
  image->moves = true;
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
value (const MixImagerImage *image, unsigned i)
{
  return image->glide[i].to;
}

/* Gains of mid into left and right; the side's goes to *h. */
static void
pan_gains (double pan, double *l, double *r, double *h)
{
  double angle = (pan + 1) * MIX_PI / 4;
  *l = pan == 0 ? 1 : sqrt (2) * cos (angle);
  *r = pan == 0 ? 1 : sqrt (2) * sin (angle);
  *h = fmax (0, fmin (*l, *r));
}

static void
make_split (const MixImagerImage *image, double split[4])
{
  static const double mid_side[4] = { 0.5, 0.5, 0.5, -0.5 };
  double routing[4];
  for (unsigned i = 0; i < 4; i++)
    routing[i] = value (image, MIX_IMAGER_LEFT_FROM_LEFT + i);
  multiply (split, mid_side, routing);
}

static void
make_join (const MixImagerImage *image, double join[4])
{
  double l, r, h, turn = value (image, MIX_IMAGER_ROTATION);
  double left = value (image, MIX_IMAGER_LEFT_BALANCE);
  double right = value (image, MIX_IMAGER_RIGHT_BALANCE);
  double mid = image->mid_gain, side = image->side_gain;
  pan_gains (value (image, MIX_IMAGER_PAN), &l, &r, &h);
  const double rotation[4] = { cos (turn) * mid, sin (turn) * side,
    -sin (turn) * mid, cos (turn) * side };
  const double pan[4] = { l * left, h * left, r * right, -h * right };
  multiply (join, pan, rotation);
}

static void
lead (MixBlend *blend, double now[4], const double next[4])
{
  for (unsigned i = 0; i < 4; i++) {
    blend->from[i] = (float)now[i];
    blend->slope[i] = (float)((next[i] - now[i]) * (1.0 / MIX_TICK));
    now[i] = next[i];
  }
}

static void
draw (MixImagerImage *image)
{
  double split[4], join[4], whole[4];
  image->mid_gain = value (image, MIX_IMAGER_MID);
  image->side_gain = value (image, MIX_IMAGER_SIDE)
                     * exp2 (value (image, MIX_IMAGER_MID_WIDTH));
  make_split (image, split);
  make_join (image, join);
  multiply (whole, join, split);
  image->is_neutral = memcmp (whole, identity, sizeof whole) == 0
                      && memcmp (image->whole_now, identity, sizeof whole) == 0;
  lead (&image->whole, image->whole_now, whole);
  lead (&image->split, image->split_now, split);
  lead (&image->join, image->join_now, join);
}

/* ---- Time --------------------------------------------------------------- */

void
mix_imager_image_prepare (MixImagerImage *image, unsigned rate)
{
  for (unsigned i = 0; i < MIX_IMAGER_GLIDES; i++)
    mix_smoother_prepare (&image->glide[i], rate, SMOOTH_MS);
}

void
mix_imager_image_snap (MixImagerImage *image)
{
  for (unsigned i = 0; i < MIX_IMAGER_GLIDES; i++)
    mix_smoother_snap (&image->glide[i]);
  draw (image);
  draw (image);
  image->moves = false;
}

bool
mix_imager_image_tick (MixImagerImage *image)
{
  if (!image->moves)
    return false;
  image->moves = false;
  for (unsigned i = 0; i < MIX_IMAGER_GLIDES; i++)
    image->moves |= mix_smoother_tick (&image->glide[i]);
  draw (image);
  return true;
}
