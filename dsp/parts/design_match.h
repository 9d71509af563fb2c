/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matching: digital sections whose squared magnitude agrees with that of an
 * analogue prototype at given points. Private to the filter design; design.c
 * explains the method. `f` is a frequency as a fraction of Nyquist, A and q are
 * those of design_points.h.
 *
 * Results are sections in p = (1 - z^-1) / (1 + z^-1), always stable: where a
 * match is degenerate the bilinear transform takes its place. Pure: realtime-
 * safe, any thread, no errors.
 */
#pragma once

#include <stdbool.h>

#include "design_points.h"
#include "design_prototypes.h"

/* At DC and the four points of the type. */
MixRational mix_match_type (const MixAnalogue *proto, const MixPoints *points,
    double f, double A, double q);

/* A low cut of low q, which keeps both its zeros at DC. */
MixRational mix_match_low_cut (const MixAnalogue *proto, double f, double q);

/* A notch below Nyquist, which keeps its zero, and one above. */
MixRational mix_match_notch (double f, double q);
MixRational mix_match_notch_flank (double f, double q);

/* The bilinear transform of `h`, exact at its frequency alone, which is kept
 * below Nyquist. */
MixRational mix_bilinear (const MixRational *h, double f);

/* The minimum-phase root of c0 + c1 T + c2 T^2 = |r0 + r1 p + r2 p^2|^2, up to
 * sign. */
void mix_spectral_root (const double c[3], double r[3]);

bool mix_rational_is_stable (const MixRational *h);
