/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "split_design.h"

#include "../../base/maths.h"

static float *
take (MixArena *arena, size_t floats)
{
  return mix_arena_take (arena, floats, sizeof (float));
}

void
mix_split_design_prepare (MixSplitDesign *d, unsigned rate, unsigned bins,
    unsigned reach, MixArena *arena)
{
  *d = (MixSplitDesign){
    .rate = rate,
    .bins = bins,
    .reach = reach,
    .table = take (arena, mix_fft_table (2 * bins)),
    .work = take (arena, mix_fft_work (2 * bins)),
    .rest = take (arena, bins + 1),
    .spectrum = take (arena, bins + 1),
    .no_phase = take (arena, bins + 1),
    .impulse = take (arena, 2 * (size_t)bins),
    .window = take (arena, reach),
    .taps = take (arena, 2 * (size_t)reach),
  };
  if (!arena->memory)
    return;
  mix_fft_prepare (&d->fft, 2 * bins, d->table);
  for (unsigned i = 0; i < reach; i++) {
    double at = fmax (2.0 * i / reach - 1, 0);
    d->window[i] = (float)(0.5 + 0.5 * cos (MIX_PI * at));
  }
}

/* What the corner lets through to the band below it goes from the rest into the
 * spectrum. */
static void
split_spectrum (MixSplitDesign *d, double corner_hz, unsigned order)
{
  double step = 0.5 * d->rate / d->bins / corner_hz;
  for (unsigned i = 0; i <= d->bins; i++) {
    double r = step * i, power = r * r * r * r;
    power = order > 1 ? power * power : power;
    float low = (float)(1 / (1 + power));
    d->spectrum[i] = d->rest[i] * low;
    d->rest[i] *= 1 - low;
  }
}

static void
transform (
    MixSplitDesign *d, const MixConvolver *conv, float *filter, float *work)
{
  mix_fft_inverse (&d->fft, d->impulse, d->spectrum, d->no_phase, d->work);
  d->taps[0] = 0;
  for (unsigned i = 0; i < d->reach; i++)
    d->taps[d->reach + i] = d->taps[d->reach - i]
        = d->impulse[i] * d->window[i];
  mix_convolver_filter (conv, filter, d->taps, work);
}

void
mix_split_design_run (MixSplitDesign *d, unsigned bands, unsigned order,
    const double *corners_hz, const MixConvolver *conv, float *const *filters,
    float *work)
{
  for (unsigned i = 0; i <= d->bins; i++)
    d->rest[i] = 1;
  for (unsigned b = 0; b + 1 < bands; b++) {
    split_spectrum (d, corners_hz[b], order);
    transform (d, conv, filters[b], work);
  }
}
