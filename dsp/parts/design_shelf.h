/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The design of shelves. A shelf of high q has two resonances, sqrt (A) either
 * side of its frequency, too much for one section, and is two sections. The
 * first has the prototype's zeros and poles mapped by z = exp (s). The ratio of
 * the prototype to that is smooth, whatever the q, and the second section is
 * matched to it, at constant frequencies. Between a q of 1.2 and 1.5 the design
 * is interpolated, from a single section and one that passes its input.
 *
 * Private to the filter design. Pure: realtime-safe, any thread, no errors.
 */
#pragma once

#include "design_prototypes.h"

/* `f` is a fraction of Nyquist. Returns the number of sections, 1 or 2. */
unsigned mix_design_shelf (
    MixFilterType type, double f, double gain_db, double q, MixRational out[2]);
