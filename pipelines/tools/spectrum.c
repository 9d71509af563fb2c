/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mean of overlapped, windowed transforms (P. D. Welch, 1967, "The use of
 * fast Fourier transform for the estimation of power spectra").
 */
#include "spectrum.h"

#include <gst/fft/gstfftf32.h>
#include <math.h>

#define FFT_SECONDS 0.35 /* bins of 3 Hz */
#define LOWEST_BAND 14   /* 10^1.4 = 25 Hz */

typedef struct {
  GstFFTF32 *fft;
  guint length;
  gfloat *in, *window;
  gfloat scale; /* of squared bins to mean power */
  GstFFTF32Complex *out;
} Welch;

static void
welch_init (Welch *self, guint rate)
{
  gdouble sum = 0;
  self->length
      = (guint)gst_fft_next_fast_length ((gint)(rate * FFT_SECONDS)) & ~1u;
  self->fft = gst_fft_f32_new ((gint)self->length, FALSE);
  self->in = g_new (gfloat, self->length);
  self->window = g_new (gfloat, self->length);
  self->out = g_new (GstFFTF32Complex, self->length / 2 + 1);
  for (guint i = 0; i < self->length; i++) {
    gdouble hann = 0.5 - 0.5 * cos (2 * G_PI * i / self->length);
    self->window[i] = (gfloat)hann;
    sum += hann * hann;
  }
  self->scale = (gfloat)(2 / (sum * self->length));
}

static void
welch_clear (Welch *self)
{
  gst_fft_f32_free (self->fft);
  g_free (self->in);
  g_free (self->window);
  g_free (self->out);
}

/* What lies beyond the file's end is silence. */
static void
add_block (
    Welch *self, const Sound *sound, gsize from, gint channel, gdouble *bins)
{
  for (guint i = 0; i < self->length; i++) {
    gsize frame = from + i;
    gfloat value = frame >= sound->frames ? 0
                   : channel < 0          ? sound_mono (sound, frame)
                                 : sound_at (sound, frame, (guint)channel);
    self->in[i] = value * self->window[i];
  }
  gst_fft_f32_fft (self->fft, self->in, self->out);
  for (guint k = 0; k <= self->length / 2; k++)
    bins[k] += (gdouble)self->scale
               * ((gdouble)self->out[k].r * self->out[k].r
                   + (gdouble)self->out[k].i * self->out[k].i);
}

static void
fill_bands (Spectrum *self)
{
  const gdouble edge = pow (10, 0.05);
  for (guint b = 0; b < SPECTRUM_BANDS; b++) {
    self->hz[b] = pow (10, (LOWEST_BAND + b) / 10.0);
    self->power[b]
        = spectrum_between (self, self->hz[b] / edge, self->hz[b] * edge);
  }
  self->all = spectrum_between (self, 0, HUGE_VAL);
}

Spectrum *
spectrum_new (const Sound *sound, SpectrumOf of)
{
  Spectrum *self = g_new0 (Spectrum, 1);
  Welch welch;
  guint blocks = 0;
  welch_init (&welch, sound->rate);
  self->count = welch.length / 2 + 1;
  self->bins = g_new0 (gdouble, self->count);
  self->bin_hz = (gdouble)sound->rate / welch.length;
  for (gsize from = 0; from < sound->frames; from += welch.length / 2) {
    if (of == SPECTRUM_OF_MONO)
      add_block (&welch, sound, from, -1, self->bins);
    else
      for (guint c = 0; c < sound->channels; c++)
        add_block (&welch, sound, from, (gint)c, self->bins);
    blocks++;
  }
  for (guint k = 0; k < self->count; k++)
    self->bins[k] /= blocks;
  welch_clear (&welch);
  fill_bands (self);
  return self;
}

void
spectrum_free (Spectrum *self)
{
  g_free (self->bins);
  g_free (self);
}

/* A bin counts by that share of it which lies between the two. */
gdouble
spectrum_between (const Spectrum *self, gdouble from_hz, gdouble to_hz)
{
  gdouble power = 0;
  for (guint k = 0; k < self->count; k++) {
    gdouble low = MAX (from_hz / self->bin_hz, k - 0.5);
    gdouble high = MIN (to_hz / self->bin_hz, k + 0.5);
    if (high > low)
      power += self->bins[k] * (high - low);
  }
  return power;
}
