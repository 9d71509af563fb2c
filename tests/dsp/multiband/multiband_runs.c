/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "multiband_runs.h"

unsigned rate = 48000;

void
at_rates (void (*test) (void))
{
  static const unsigned rates[] = { 44100, 48000, 96000 };
  for (unsigned i = 0; i < 3; i++) {
    rate = rates[i];
    test ();
  }
}

bool
figure (const char *name, double low, double measured, double high,
    const char *unit)
{
  char text[200];
  snprintf (text, sizeof text, "%s, %g kHz", name, rate / 1000.0);
  return check_figure (text, measured, low, high, unit);
}

void *
settings (const char *text)
{
  void *params = check_params (&mix_multiband);
  char name[40];
  double value;
  int length;
  unsigned band;
  for (unsigned b = 0; b < 6; b++)
    check_set_band (&mix_multiband, params, b, "ratio", 1);
  for (; sscanf (text, " %39[^=]=%lf%n", name, &value, &length) == 2;
       text += length)
    if (sscanf (name, "%u:", &band) == 1)
      check_set_band (&mix_multiband, params, band, name + 2, value);
    else
      check_set (&mix_multiband, params, name, value);
  CHECK (text[strspn (text, " ")] == 0, "settings: %s", text);
  return params;
}

void
run (const char *text, const CheckAudio *out, const CheckAudio *in)
{
  void *params = settings (text);
  void *self = check_new_unit (&mix_multiband, rate, in->channels, params);
  check_process (&mix_multiband, self, out, in, 1000);
  check_free_unit (&mix_multiband, self);
  free (params);
}

float *
impulse_response (const char *text, unsigned frames)
{
  CheckAudio audio = check_audio (1, frames);
  check_impulse (audio.c[0], frames, 0, 1);
  run (text, &audio, &audio);
  float *response = malloc (frames * sizeof *response);
  memcpy (response, audio.c[0], frames * sizeof *response);
  check_audio_free (&audio);
  return response;
}

unsigned
latency_of (const char *text)
{
  void *params = settings (text);
  void *self = check_new_unit (&mix_multiband, rate, 1, params);
  unsigned latency = mix_multiband.latency (self);
  check_free_unit (&mix_multiband, self);
  free (params);
  return latency;
}

double
sine_through (const char *text, double hz, double amplitude)
{
  unsigned frames = 2 * rate, tail = rate / 5;
  CheckAudio audio = check_audio (1, frames);
  hz = check_coherent (hz, rate, tail);
  check_sine (audio.c[0], frames, hz, rate, amplitude);
  run (text, &audio, &audio);
  double out = check_amplitude (audio.c[0] + frames - tail, tail, hz, rate);
  check_audio_free (&audio);
  return out;
}
