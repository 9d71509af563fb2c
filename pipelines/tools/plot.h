/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The curves of a programme over time, with their scales. */
#pragma once

#include "loudness.h"

/* Where they lie in the picture. */
#define PLOT_LEFT 62
#define PLOT_RIGHT 858
#define PLOT_TOP 150
#define PLOT_BOTTOM 470

/* Appends them to an SVG whose style knows their classes: momentary,
 * short-term, integrated, target, tolerance, peaks, grid, axis. TRUE when peaks
 * pass the ceiling. */
gboolean plot_add (GString *svg, const Programme *programme,
    const Target *target, gdouble ceiling);
