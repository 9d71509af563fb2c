/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the reverb's tests share: impulse responses, octave bands.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "units/units.h"

static const unsigned rates[] = { 44100, 48000, 96000 };
static const char *const spaces[]
    = { "room", "chamber", "hall", "plate", "ambience" };

enum {
  RATES = 3,
  SPACES = 5,
};

/* ---- Impulse responses -------------------------------------------------- */

/* Only the wet sound, at the level of the input. */
static inline void *
wet_params (const char *space)
{
  void *params = check_params (&mix_reverb);
  check_choose (&mix_reverb, params, "space", space);
  check_set (&mix_reverb, params, "dry", -100);
  check_set (&mix_reverb, params, "wet", 0);
  return params;
}

static inline void
set (void *params, const char *name, double value)
{
  check_set (&mix_reverb, params, name, value);
}

/* The output of all channels for an impulse in one. */
static inline CheckAudio
response (const void *params, unsigned rate, unsigned channels, unsigned source,
    double seconds)
{
  CheckAudio audio = check_audio (channels, (unsigned)(seconds * rate));
  void *self = check_new_unit (&mix_reverb, rate, channels, params);
  audio.c[source][0] = 1;
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  check_free_unit (&mix_reverb, self);
  return audio;
}

static inline double
energy (const float *x, unsigned from, unsigned to)
{
  double sum = 0;
  for (unsigned i = from; i < to; i++)
    sum += (double)x[i] * x[i];
  return sum;
}

/* The first frame that is not silent. */
static inline unsigned
first_sound (const CheckAudio *audio)
{
  for (unsigned i = 0; i < audio->frames; i++)
    for (unsigned c = 0; c < audio->channels; c++)
      if (audio->c[c][i] != 0)
        return i;
  return audio->frames;
}

/* Noise with a negative zero in it. */
static inline CheckAudio
noise_with_zero (unsigned channels, unsigned frames)
{
  CheckAudio audio = check_audio (channels, frames);
  for (unsigned c = 0; c < channels; c++) {
    check_noise (audio.c[c], frames, 0.5, c + 1);
    audio.c[c][frames / 2] = -0.f;
  }
  return audio;
}

/* ---- Octave bands ------------------------------------------------------- */

/* Butterworth of order 8 on either side (sections as in the Audio EQ Cookbook,
 * R. Bristow-Johnson); `high` for the high-pass. */
static inline void
cut_side (double *io, unsigned frames, double hz, double rate, bool high)
{
  double w = 2 * MIX_PI * fmin (hz, 0.48 * rate) / rate, sign = high ? -1 : 1;
  for (unsigned k = 0; k < 4; k++) {
    double alpha = sin (w) * sin (MIX_PI * (2 * k + 1) / 16);
    double b0 = (1 - sign * cos (w)) / 2 / (1 + alpha);
    double a1 = 2 * cos (w) / (1 + alpha), a2 = (1 - alpha) / (1 + alpha);
    double s0 = 0, s1 = 0;
    for (unsigned i = 0; i < frames; i++) {
      double x = io[i], y = b0 * x + s0;
      s0 = s1 + sign * 2 * b0 * x + a1 * y;
      s1 = b0 * x - a2 * y;
      io[i] = y;
    }
  }
}

static inline double *
octave (const float *in, unsigned frames, double hz, double rate)
{
  double *out = malloc (frames * sizeof *out);
  for (unsigned i = 0; i < frames; i++)
    out[i] = (double)in[i];
  cut_side (out, frames, hz / sqrt (2), rate, true);
  cut_side (out, frames, hz * sqrt (2), rate, false);
  return out;
}
