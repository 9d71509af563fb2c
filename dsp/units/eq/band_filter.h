/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sections of one band over a tick: their coefficients at its start and at
 * its end, faded by `wet` (0: the sections pass their input in every bit). The
 * speed of the poles is limited. Realtime-safe, no errors.
 *
 *   at the start   mix_eq_band_filter_design (filter, …, false)
 *   once a tick    mix_eq_band_filter_begin_tick (filter)
 *                  if anything changes or the poles are limited:
 *                    mix_eq_band_filter_design (filter, …, true)
 */
#pragma once

#include <stdbool.h>

#include "../../kernels/cascade.h"
#include "../../parts/design.h"

typedef struct {
  unsigned sections;
  double from[MIX_FILTER_MAX_SECTIONS][MIX_CASCADE_WEIGHTS];
  double to[MIX_FILTER_MAX_SECTIONS][MIX_CASCADE_WEIGHTS];
  bool is_limited;
} MixEqBandFilter;

/* The tick begins with the coefficients that the last one ended with. */
void mix_eq_band_filter_begin_tick (MixEqBandFilter *filter);

/* The coefficients for the end of the tick. While the filter runs its number of
 * sections does not fall, and the speed of its poles is limited. */
void mix_eq_band_filter_design (MixEqBandFilter *filter,
    const MixFilterSpec *spec, double wet, unsigned rate, bool is_running);

/* The poles have not reached their place. */
static inline bool
mix_eq_band_filter_is_limited (const MixEqBandFilter *filter)
{
  return filter->is_limited;
}

/* Grows with the q of a shelf. */
static inline unsigned
mix_eq_band_filter_sections (const MixEqBandFilter *filter)
{
  return filter->sections;
}

static inline const double *
mix_eq_band_filter_from (const MixEqBandFilter *filter, unsigned section)
{
  return filter->from[section];
}

static inline const double *
mix_eq_band_filter_to (const MixEqBandFilter *filter, unsigned section)
{
  return filter->to[section];
}
