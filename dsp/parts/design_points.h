/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The frequencies at which a section agrees with its prototype: the fitted half
 * of the filter design, private to it. design.c explains how they are used.
 *
 * Frequencies are fractions of Nyquist. The points are in ascending order,
 * distinct, and continuous in f, A and q. The last one is the frequency whose
 * analogue gain the digital filter gets at Nyquist. `f` is the band's
 * frequency, which may lie above Nyquist; `A` is that of a boost, at least 1 (1
 * where there is no gain); `q` is that of design.h (0.5 for first-order
 * prototypes). Pure: realtime-safe, any thread, no errors.
 */
#pragma once

#include <math.h>

/* The fit of one kind of section. */
typedef struct MixPoints MixPoints;

extern const MixPoints mix_points_bell, mix_points_shelf, mix_points_tilt,
    mix_points_band_pass, mix_points_high_cut, mix_points_low_cut,
    mix_points_high_cut1, mix_points_low_cut1; /* …1: of first order */

/* Three points and the last one. */
void mix_points_place (
    const MixPoints *points, double f, double A, double q, double x[4]);

/* For a low cut that keeps both its zeros at DC: two points and the last. */
void mix_points_place_low_cut (double f, double q, double x[3]);

/* For a notch that keeps its zero, so below Nyquist: a point on either flank.
 */
void mix_points_place_notch (double f, double q, double x[2]);

/* About x for x << ceiling, about the ceiling for x >> ceiling. The larger
 * `sharpness`, the sharper the corner. */
static inline double
mix_soft_min (double x, double ceiling, double sharpness)
{
  return x * pow (1. + pow (x / ceiling, sharpness), -1. / sharpness);
}
