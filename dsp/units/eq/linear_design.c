/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "linear_design.h"

#include <math.h>

#include "../../base/maths.h"
#include "band_channels.h"

/* +120 dB: more than any useful curve has, and within what floats can hold. */
#define MOST_GAIN 1e6

/* ---- Memory ------------------------------------------------------------- */

void
mix_eq_responses_take (
    MixEqResponses *responses, MixArena *arena, size_t spectra)
{
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    responses->spectra[r] = mix_arena_take (arena, spectra, sizeof (float));
}

void
mix_eq_linear_design_take (
    MixEqLinearDesign *d, MixArena *arena, unsigned latency, unsigned reach)
{
  size_t bins = (size_t)latency + 1, size = 2 * (size_t)latency;
  d->last = latency;
  d->reach = reach;
  d->power = mix_arena_take (arena, bins, sizeof (double));
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    d->gain[r] = mix_arena_take (arena, bins, sizeof (double));
  d->fft_table
      = mix_arena_take (arena, mix_fft_table (2 * latency), sizeof (float));
  d->spectrum = mix_arena_take (arena, bins, sizeof (float));
  d->no_phase = mix_arena_take (arena, bins, sizeof (float));
  d->impulse = mix_arena_take (arena, size, sizeof (float));
  d->work = mix_arena_take (arena, mix_fft_work (2 * latency), sizeof (float));
  d->taps = mix_arena_take (arena, 2 * (size_t)reach, sizeof (float));
  d->window = mix_arena_take (arena, reach, sizeof (float));
}

/* Flat over three quarters, then half a cosine: what rings longer than the
 * filter is tapered. */
static void
make_window (float *window, unsigned reach)
{
  unsigned flat = reach * 3 / 4;
  for (unsigned i = 0; i < reach; i++)
    window[i]
        = i < flat
              ? 1
              : (float)(0.5 + 0.5 * cos (MIX_PI * (i - flat) / (reach - flat)));
}

void
mix_eq_linear_design_prepare (MixEqLinearDesign *d, const MixFormat *format)
{
  d->rate = format->rate;
  d->is_mono = format->channels == 1;
  d->n_bands = 0;
  d->is_outdated = true;
  mix_fft_prepare (&d->fft, 2 * d->last, d->fft_table);
  make_window (d->window, d->reach);
}

static bool
is_same (const MixEqStaticBand *a, const MixEqStaticBand *b)
{
  const MixFilterSpec *x = &a->spec, *y = &b->spec;
  return x->type == y->type && a->channels == b->channels
         && x->order == y->order && x->frequency_hz == y->frequency_hz
         && x->gain_db == y->gain_db && x->q == y->q;
}

void
mix_eq_linear_design_set (
    MixEqLinearDesign *d, const MixEqStaticBand bands[], unsigned n_bands)
{
  d->is_outdated |= n_bands != d->n_bands;
  for (unsigned i = 0; i < n_bands; i++) {
    d->is_outdated |= i >= d->n_bands || !is_same (&bands[i], &d->bands[i]);
    d->bands[i] = bands[i];
  }
  d->n_bands = n_bands;
}

/* ---- Curves ------------------------------------------------------------- */

/* The band's power on the grid. */
static void
sample_power (MixEqLinearDesign *d, const MixFilterSpec *spec)
{
  MixPrototype prototype = mix_filter_prototype (spec);
  double step = 0.5 * d->rate / d->last / spec->frequency_hz;
  double *power = d->power;
  unsigned last = d->last;
  for (unsigned i = 0; i <= last; i++) {
    double w = i * step;
    power[i] = mix_prototype_power (&prototype, w * w);
  }
}

static void
take_roots (double *power, unsigned bins)
{
  for (unsigned i = 0; i < bins; i++)
    power[i] = sqrt (power[i]);
}

static void
multiply (double *gain, const double *by, unsigned bins)
{
  for (unsigned i = 0; i < bins; i++)
    gain[i] *= by[i];
}

/* Multiplies the mid or the side of a pair's responses by `power`; the other
 * one stays. With M = (L + R) / 2 this is [1 + m, m - 1; m - 1, 1 + m] / 2 for
 * mid, and the same with the sign of m - 1 inverted for side. */
static void
multiply_mid_side (MixEqLinearDesign *d, double sign)
{
  for (unsigned i = 0; i <= d->last; i++) {
    double same = 0.5 * (d->power[i] + 1);
    double crossed = sign * 0.5 * (d->power[i] - 1);
    for (unsigned in = 0; in < 2; in++) {
      double *left = &d->gain[MIX_EQ_LEFT_LEFT + in][i];
      double *right = &d->gain[MIX_EQ_RIGHT_LEFT + in][i], was = *left;
      *left = same * was + crossed * *right;
      *right = same * *right + crossed * was;
    }
  }
}

static void
apply_to_pair (MixEqLinearDesign *d, MixEqResponses *f, int channels)
{
  if (mix_eq_is_mid_side (channels)) {
    multiply_mid_side (d, channels == MIX_EQ_MID ? 1 : -1);
    for (unsigned r = 0; r < MIX_EQ_ALONE; r++)
      f->kind[r] = MIX_EQ_FILTERED;
    return;
  }
  for (unsigned r = 0; r < MIX_EQ_ALONE; r++) {
    unsigned lane = r < MIX_EQ_RIGHT_LEFT ? 0 : 1;
    if (!mix_eq_includes (channels, true, d->is_mono, lane))
      continue;
    multiply (d->gain[r], d->power, d->last + 1);
    f->kind[r] = f->kind[r] == MIX_EQ_ZERO ? MIX_EQ_ZERO : MIX_EQ_FILTERED;
  }
}

static void
apply (MixEqLinearDesign *d, MixEqResponses *f, const MixEqStaticBand *b)
{
  sample_power (d, &b->spec);
  take_roots (d->power, d->last + 1);
  apply_to_pair (d, f, b->channels);
  if (mix_eq_includes (b->channels, false, d->is_mono, 0)) {
    multiply (d->gain[MIX_EQ_ALONE], d->power, d->last + 1);
    f->kind[MIX_EQ_ALONE] = MIX_EQ_FILTERED;
  }
}

/* ---- From curve to filter ----------------------------------------------- */

/* The window rounds off the minimum of a notch. Subtracts from the impulse
 * response (its centre and one side) as much of a windowed cosine as makes it
 * zero again at `hz`. */
static void
restore_zero (MixEqLinearDesign *d, float *half, double hz)
{
  double step = 2 * MIX_PI * hz / d->rate, at_hz = half[0], cosine_at_hz = 1;
  for (unsigned i = 1; i < d->reach; i++) {
    double wave = cos (step * i);
    at_hz += 2 * half[i] * wave;
    cosine_at_hz += 2 * d->window[i] * wave * wave;
  }
  for (unsigned i = 0; i < d->reach; i++)
    half[i] -= (float)(at_hz / cosine_at_hz * d->window[i] * cos (step * i));
}

static bool
is_common_notch (const MixEqLinearDesign *d, const MixEqStaticBand *b)
{
  return b->spec.type == MIX_FILTER_NOTCH && b->channels == MIX_EQ_ALL
         && 2 * b->spec.frequency_hz < d->rate;
}

static void
transform (MixEqLinearDesign *d, MixEqResponses *f, unsigned r,
    const MixConvolver *conv, float *work)
{
  unsigned reach = d->reach;
  for (unsigned i = 0; i <= d->last; i++)
    d->spectrum[i] = (float)mix_clamp (d->gain[r][i], -MOST_GAIN, MOST_GAIN);
  mix_fft_inverse (&d->fft, d->impulse, d->spectrum, d->no_phase, d->work);
  for (unsigned i = 0; i < reach; i++)
    d->impulse[i] *= d->window[i];
  for (unsigned b = 0; b < d->n_bands; b++)
    if (is_common_notch (d, &d->bands[b]))
      restore_zero (d, d->impulse, d->bands[b].spec.frequency_hz);
  d->taps[0] = 0;
  for (unsigned i = 0; i < reach; i++)
    d->taps[reach + i] = d->taps[reach - i] = d->impulse[i];
  mix_convolver_filter (conv, f->spectra[r], d->taps, work);
}

/* One curve for all channels, as the product of the powers. */
static void
design_common (MixEqLinearDesign *d, MixEqResponses *f,
    const MixConvolver *conv, float *work)
{
  double *gain = d->gain[MIX_EQ_ALONE];
  unsigned bins = d->last + 1;
  if (d->n_bands == 0)
    return;
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    if (f->kind[r] == MIX_EQ_UNITY)
      f->kind[r] = MIX_EQ_FILTERED;
  for (unsigned i = 0; i < bins; i++)
    gain[i] = 1;
  for (unsigned b = 0; b < d->n_bands; b++) {
    sample_power (d, &d->bands[b].spec);
    multiply (gain, d->power, bins);
  }
  take_roots (gain, bins);
  transform (d, f, MIX_EQ_ALONE, conv, work);
}

static void
design_matrix (MixEqLinearDesign *d, MixEqResponses *f,
    const MixConvolver *conv, float *work)
{
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    for (unsigned i = 0; i <= d->last; i++)
      d->gain[r][i] = f->kind[r] == MIX_EQ_UNITY;
  for (unsigned b = 0; b < d->n_bands; b++)
    apply (d, f, &d->bands[b]);
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    if (f->kind[r] == MIX_EQ_FILTERED)
      transform (d, f, r, conv, work);
}

void
mix_eq_linear_design_run (MixEqLinearDesign *d, MixEqResponses *f,
    const MixConvolver *conv, float *work)
{
  f->is_common = true;
  for (unsigned b = 0; b < d->n_bands; b++)
    f->is_common &= d->bands[b].channels == MIX_EQ_ALL;
  for (unsigned r = 0; r < MIX_EQ_RESPONSES; r++)
    f->kind[r] = r == MIX_EQ_LEFT_RIGHT || r == MIX_EQ_RIGHT_LEFT
                     ? MIX_EQ_ZERO
                     : MIX_EQ_UNITY;
  if (f->is_common)
    design_common (d, f, conv, work);
  else
    design_matrix (d, f, conv, work);
  d->is_outdated = false;
}
