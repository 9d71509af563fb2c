/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long the linear-phase filter has to be. A third of a second of latency or
 * a little more suits the usual bands; narrow and low ones ring longer, and the
 * narrowest band at the start decides. Realtime-safe.
 */
#pragma once

#include "../../format.h"
#include "../../parts/design.h"

/* The latency that a band asks for, s. */
double mix_eq_linear_seconds (const MixFilterSpec *band);

/* The longest latency there is in this format, s. */
double mix_eq_linear_longest (const MixFormat *format);

/* In frames: the usual latency, a power of two, and that for `seconds`, a power
 * of two times the usual one. */
unsigned mix_eq_linear_usual_frames (unsigned rate);
unsigned mix_eq_linear_frames (const MixFormat *format, double seconds);
