/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_mixer.h"

#include <string.h>

#include "../../base/maths.h"

#define SMOOTHING_MS 5.0

/* ---- Control ------------------------------------------------------------ */

void
mix_band_mixer_prepare (MixBandMixer *m, const MixFormat *format)
{
  *m = (MixBandMixer){ .roles = mix_format_roles (format),
    .channels = format->channels };
  mix_smoother_prepare (&m->mix, format->rate, SMOOTHING_MS);
  mix_smoother_prepare (&m->output, format->rate, SMOOTHING_MS);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++) {
    mix_reduction_gain_prepare (&m->bands[b].gain, format->rate);
    mix_smoother_prepare (&m->bands[b].width, format->rate, SMOOTHING_MS);
    mix_smoother_prepare (&m->bands[b].heard, format->rate, SMOOTHING_MS);
  }
}

void
mix_band_mixer_set (MixBandMixer *m, const MixMultibandParams *p)
{
  mix_smoother_set (&m->mix, p->mix_percent / 100);
  mix_smoother_set (&m->output, p->output_gain_db);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++) {
    const MixMultibandBand *band = &p->bands[b];
    bool is_on = band->enabled;
    mix_reduction_gain_set (&m->bands[b].gain, is_on ? band->gain_db : 0, 1);
    mix_smoother_set (
        &m->bands[b].width, is_on ? band->width_percent / 100 : 1);
    mix_smoother_set (&m->bands[b].heard, mix_multiband_is_heard (p, b));
  }
}

void
mix_band_mixer_tick (MixBandMixer *m)
{
  mix_smoother_tick (&m->mix);
  mix_smoother_tick (&m->output);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++) {
    mix_reduction_gain_tick (&m->bands[b].gain);
    mix_smoother_tick (&m->bands[b].width);
    mix_smoother_tick (&m->bands[b].heard);
  }
}

void
mix_band_mixer_reset (MixBandMixer *m)
{
  mix_smoother_snap (&m->mix);
  mix_smoother_snap (&m->output);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++) {
    mix_reduction_gain_reset (&m->bands[b].gain);
    mix_smoother_snap (&m->bands[b].width);
    mix_smoother_snap (&m->bands[b].heard);
    m->bands[b].latest = 0;
  }
}

static bool
band_is_still (const MixMixedBand *band)
{
  return mix_reduction_gain_is_still (&band->gain)
         && mix_smoother_is_still (&band->width)
         && mix_smoother_is_still (&band->heard);
}

bool
mix_band_mixer_is_still (const MixBandMixer *m)
{
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    if (!band_is_still (&m->bands[b]))
      return false;
  return mix_smoother_is_still (&m->mix) && mix_smoother_is_still (&m->output);
}

/* ---- Sums --------------------------------------------------------------- */

static void
add_channel (float *restrict out, const float *restrict in,
    const float *restrict gain, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    out[i] += in[i] * gain[i];
}

static void
add_pair (float *restrict left, float *restrict right,
    const float *restrict left_in, const float *restrict right_in,
    const float *restrict mid, const float *restrict side, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float same = 0.5f * (mid[i] + side[i]), other = 0.5f * (mid[i] - side[i]);
    left[i] += same * left_in[i] + other * right_in[i];
    right[i] += same * right_in[i] + other * left_in[i];
  }
}

/* ---- Gains -------------------------------------------------------------- */

/* gain = heard (1 + mix (gain - 1)) */
static void
finish_gain (
    float *gain, MixRamp mix, MixRamp heard, unsigned offset, unsigned n)
{
  if (!mix_ramp_is_constant (mix, 1))
    for (unsigned i = 0; i < n; i++)
      gain[i] = 1 + mix_ramp_at (mix, offset + i) * (gain[i] - 1);
  if (!mix_ramp_is_constant (heard, 1))
    for (unsigned i = 0; i < n; i++)
      gain[i] *= mix_ramp_at (heard, offset + i);
}

static void
add_with_width (MixBandMixer *m, const MixMixedBand *band, float *const *rows,
    float *mid, const MixSpan *span)
{
  const unsigned n = span->frames, offset = span->offset;
  MixRamp width = mix_smoother_ramp (&band->width);
  MixRamp heard = mix_smoother_ramp (&band->heard);
  MixRamp mix = mix_smoother_ramp (&m->mix);
  float side[MIX_DETECTOR_SPAN];
  for (unsigned i = 0; i < n; i++)
    side[i] = mid[i] * mix_ramp_at (width, offset + i);
  finish_gain (mid, mix, heard, offset, n);
  finish_gain (side, mix, heard, offset, n);
  for (unsigned p = 0; p < m->roles.pairs; p++) {
    unsigned l = m->roles.pair[p].left, r = m->roles.pair[p].right;
    add_pair (span->out[l], span->out[r], rows[l], rows[r], mid, side, n);
  }
  for (unsigned i = 0; i < m->roles.lone; i++) {
    unsigned c = m->roles.lone_channel[i];
    add_channel (span->out[c], rows[c], mid, n);
  }
  for (unsigned i = 0; i < m->roles.lfes; i++) {
    unsigned c = m->roles.lfe_channel[i];
    add_channel (span->out[c], rows[c], mid, n);
  }
}

/* ---- Spans -------------------------------------------------------------- */

void
mix_band_mixer_begin (const MixBandMixer *m, const MixSpan *span)
{
  for (unsigned c = 0; c < m->channels; c++)
    memset (span->out[c], 0, span->frames * sizeof (float));
}

void
mix_band_mixer_add (MixBandMixer *m, unsigned index, float *const *rows,
    float *reduction, const MixSpan *span)
{
  const unsigned n = span->frames, offset = span->offset;
  MixMixedBand *band = &m->bands[index];
  MixRamp heard = mix_smoother_ramp (&band->heard);
  band->latest = reduction[n - 1];
  mix_reduction_gain_run (&band->gain, reduction, true, offset, n);
  if (mix_ramp_is_constant (heard, 0))
    return;
  if (!mix_ramp_is_constant (mix_smoother_ramp (&band->width), 1)) {
    add_with_width (m, band, rows, reduction, span);
    return;
  }
  finish_gain (reduction, mix_smoother_ramp (&m->mix), heard, offset, n);
  for (unsigned c = 0; c < m->channels; c++)
    add_channel (span->out[c], rows[c], reduction, n);
}

void
mix_band_mixer_end (const MixBandMixer *m, const MixSpan *span)
{
  MixRamp gain = mix_ramp (
      mix_gain_from_db (m->output.from), mix_gain_from_db (m->output.to));
  if (mix_ramp_is_constant (gain, 1))
    return;
  for (unsigned c = 0; c < m->channels; c++)
    for (unsigned i = 0; i < span->frames; i++)
      span->out[c][i] *= mix_ramp_at (gain, span->offset + i);
}

double
mix_band_mixer_read (MixBandMixer *m, unsigned index)
{
  MixMixedBand *band = &m->bands[index];
  double reading = mix_reduction_gain_read (&band->gain);
  mix_reduction_gain_note (&band->gain, &band->latest, true, 1);
  return reading;
}
