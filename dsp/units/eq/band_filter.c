/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_filter.h"

#include <math.h>
#include <string.h>

#include "../../base/tick.h"
#include "../../parts/section.h"

/* Of the coefficients that place a section's poles, which are within 0 … 2 or
 * so. */
#define MOST_MOVE_PER_MS 0.026

void
mix_eq_band_filter_begin_tick (MixEqBandFilter *filter)
{
  memcpy (filter->from, filter->to, sizeof filter->from);
}

static void
fade (double weight[MIX_CASCADE_WEIGHTS], double wet)
{
  weight[MIX_CASCADE_DIRECT] = 1 + wet * (weight[MIX_CASCADE_DIRECT] - 1);
  weight[MIX_CASCADE_BAND] *= wet;
  weight[MIX_CASCADE_LOW] *= wet;
}

/* A section that is added while the filter runs begins as a pass-through. */
static void
begin_section (
    double from[MIX_CASCADE_WEIGHTS], const double to[MIX_CASCADE_WEIGHTS])
{
  memcpy (from, to, MIX_CASCADE_WEIGHTS * sizeof *from);
  from[MIX_CASCADE_DIRECT] = 1;
  from[MIX_CASCADE_BAND] = from[MIX_CASCADE_LOW] = 0;
}

/* Limits the speed of the poles: where a zero and a pole of a design nearly
 * cancel, both may lie anywhere and may cross the whole spectrum while the
 * band's frequency moves by a thousandth. The magnitude hardly changes, but a
 * pole that moves so fast is audible. Returns whether it had to limit. */
static bool
limit_move (double to[MIX_CASCADE_WEIGHTS],
    const double from[MIX_CASCADE_WEIGHTS], unsigned rate)
{
  double most = MOST_MOVE_PER_MS * MIX_TICK * 1000 / rate, move = 0;
  for (unsigned w = MIX_CASCADE_POLE; w <= MIX_CASCADE_UPDATE_B; w++)
    move = fmax (move, fabs (to[w] - from[w]));
  if (move <= most)
    return false;
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    to[w] = from[w] + (to[w] - from[w]) * (most / move);
  return true;
}

void
mix_eq_band_filter_design (MixEqBandFilter *filter, const MixFilterSpec *spec,
    double wet, unsigned rate, bool is_running)
{
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  unsigned count = mix_filter_design_svf (spec, rate, svf);
  unsigned running = is_running ? filter->sections : 0;
  for (; count < running; count++)
    svf[count] = (MixSvf){ 1, 2, 1, 0, 0 }; /* passes its input */
  for (unsigned i = 0; i < count; i++) {
    mix_section_weights (filter->to[i], &svf[i]);
    fade (filter->to[i], wet);
  }
  filter->is_limited = false;
  for (unsigned i = 0; i < running; i++)
    filter->is_limited |= limit_move (filter->to[i], filter->from[i], rate);
  if (is_running)
    for (unsigned i = running; i < count; i++)
      begin_section (filter->from[i], filter->to[i]);
  filter->sections = count;
}
