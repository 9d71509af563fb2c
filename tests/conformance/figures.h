/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What both leveler programmes say about many lines at once. Arrays are of
 * double; `name` comes first in each figure.
 */
#pragma once

#include "levelling.h"

/* check_figure under "name: what". */
void figures_one (const char *name, const char *what, double value, double low,
    double high, const char *unit);

/* Fastest and largest; never more than the defaults of mixleveler allow. */
void figures_gain (const char *name, const LevellingGain *gain);

/* How many are within 0.5 LU, at least `least_share` per cent if there are
 * many, and how far off the worst are. Nothing when there are none. */
void figures_errors (
    const char *name, const char *which, GArray *errors, double least_share);

/* Per cent that are at most `limit`. */
double figures_share (const GArray *values, double limit);

/* The value that so much of them (0 … 1) is not above; sorts them. */
double figures_quantile (GArray *values, double part);
