/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The de-esser on a synthetic voice: vowels are pulses through formants (G. E.
 * Peterson, H. L. Barney, "Control Methods Used in a Study of the Vowels", JASA
 * 24, 1952, men), an 's' is noise above 5 kHz.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

static const unsigned rates[] = { 32000, 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

/* ---- The voice -------------------------------------------------------------
 */

typedef struct {
  double y1, y2;
} Resonator;

static double
resonate (Resonator *r, double x, double hz, double width, unsigned rate)
{
  double radius = exp (-M_PI * width / rate);
  double b1 = 2 * radius * cos (2 * M_PI * hz / rate), b2 = -radius * radius;
  double y = (1 - b1 - b2) * x + b1 * r->y1 + b2 * r->y2;
  r->y2 = r->y1;
  r->y1 = y;
  return y;
}

static void
scale_to (float *io, unsigned n, double rms)
{
  double gain = rms / fmax (check_rms (io, n), 1e-12);
  for (unsigned i = 0; i < n; i++)
    io[i] = (float)(gain * (double)io[i]);
}

/* RMS 0.1. */
static void
vowel (float *out, unsigned n, const double formant[3], unsigned rate)
{
  Resonator r[3] = { { 0, 0 } };
  double phase = 0;
  for (unsigned i = 0; i < n; i++) {
    phase += 120.0 / rate;
    double x = phase >= 1 ? 1 : 0;
    phase -= phase >= 1 ? 1 : 0;
    for (unsigned k = 0; k < 3; k++)
      x = resonate (&r[k], x, formant[k], 60 + 40 * k, rate);
    out[i] = (float)x;
  }
  scale_to (out, n, 0.1);
}

static void
hiss (float *out, unsigned n, double rms, unsigned rate)
{
  check_noise (out, n, 1, 3);
  check_high_pass (out, out, n, 5000, rate);
  scale_to (out, n, rms);
}

static const double vowels[][3] = { { 730, 1090, 2440 }, { 270, 2290, 3010 },
  { 300, 870, 2240 }, { 530, 1840, 2480 } };

typedef struct {
  unsigned vowel_end, hiss_end; /* frames */
  CheckAudio audio;
} Voice;

/* 400 ms of a vowel, 150 ms of an 's', and the vowel again. */
static Voice
new_voice (const double formant[3], double hiss_rms, unsigned rate)
{
  Voice v = { rate * 4 / 10, rate * 55 / 100, check_audio (1, rate) };
  vowel (v.audio.c[0], rate, formant, rate);
  hiss (v.audio.c[0] + v.vowel_end, v.hiss_end - v.vowel_end, hiss_rms, rate);
  return v;
}

/* ---- Measuring -------------------------------------------------------------
 */

typedef struct {
  double vowel, hiss; /* reductions in dB */
} Result;

static double
change (const float *before, const float *after, unsigned n)
{
  return 20 * log10 (check_rms (before, n) / check_rms (after, n));
}

/* Without look-ahead, so that frames stay where they are. */
static Result
run (void *params, const Voice *voice, double gain, unsigned rate)
{
  CheckAudio in = check_audio (1, voice->audio.frames);
  CheckAudio out = check_audio (1, in.frames);
  Result result;
  const unsigned edge = rate / 50, e = voice->hiss_end, v = voice->vowel_end;
  for (unsigned i = 0; i < in.frames; i++)
    in.c[0][i] = (float)(gain * (double)voice->audio.c[0][i]);
  check_set (&mix_deesser, params, "look-ahead", 0);
  void *self = check_new_unit (&mix_deesser, rate, 1, params);
  check_process (&mix_deesser, self, &out, &in, 1024);
  check_free_unit (&mix_deesser, self);
  result.vowel = change (in.c[0] + edge, out.c[0] + edge, v - 2 * edge);
  result.hiss
      = change (in.c[0] + v + edge, out.c[0] + v + edge, e - v - 2 * edge);
  check_audio_free (&in);
  check_audio_free (&out);
  return result;
}

/* ---- What it shows ----------------------------------------------------------
 */

static void
test_voice (void)
{
  char name[80];
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned k = 0; k < 4; k++) {
      void *params = check_params (&mix_deesser);
      Voice voice = new_voice (vowels[k], 0.05, rates[r]);
      Result loud = run (params, &voice, 2.5, rates[r]);
      Result soft = run (params, &voice, 2.5 / 16, rates[r]);
      snprintf (name, sizeof name, "vowel %u, %u Hz", k, rates[r]);
      check_figure (name, loud.vowel, -0.01, 0.2, "dB");
      snprintf (name, sizeof name, "'s' after vowel %u, %u Hz", k, rates[r]);
      check_figure (name, loud.hiss, 2, 8.01, "dB");
      check_figure (
          "the same 24 dB softer", soft.hiss - loud.hiss, -0.5, 0.5, "dB");
      check_audio_free (&voice.audio);
      free (params);
    }
}

static void
test_range (void)
{
  const double ranges[] = { 0, 3, 12, 24 };
  for (unsigned mode = 0; mode < 2; mode++)
    for (unsigned i = 0; i < 4; i++) {
      void *params = check_params (&mix_deesser);
      Voice voice = new_voice (vowels[0], 0.1, 48000);
      check_set (&mix_deesser, params, "threshold", -24);
      check_set (&mix_deesser, params, "range", ranges[i]);
      check_choose (&mix_deesser, params, "mode", mode ? "wide" : "split");
      Result result = run (params, &voice, 1, 48000);
      /* a shelf has half of its gain at its frequency */
      check_figure (mode ? "range, wide" : "range, split", result.hiss,
          (mode ? 1 : 0.5) * ranges[i] - 0.01, ranges[i] + 0.01, "dB");
      check_audio_free (&voice.audio);
      free (params);
    }
}

/* Attack and release of the reduction, in dB: in wide mode it is the gain of a
 * soft tone beside the hiss. */
static void
test_times (void)
{
  const unsigned rate = 48000, from = rate / 4, to = rate / 2;
  void *params = check_params (&mix_deesser);
  CheckAudio audio = check_audio (1, rate);
  double gain;
  check_set (&mix_deesser, params, "look-ahead", 0);
  check_set (&mix_deesser, params, "release", 100);
  check_choose (&mix_deesser, params, "mode", "wide");
  check_sine (audio.c[0], rate, 300, rate, 0.1);
  check_sine (audio.c[0] + from, to - from, 10000, rate, 0.1);
  CheckAudio in = check_audio (1, rate);
  check_audio_copy (&in, &audio);
  void *self = check_new_unit (&mix_deesser, rate, 1, params);
  check_process (&mix_deesser, self, &audio, &audio, 1024);
  gain = change (in.c[0] + to - 960, audio.c[0] + to - 960, 960);
  check_figure ("reduction of a tone above", gain, 7.9, 8.01, "dB");
  /* 160 frames are a period of 300 Hz */
  gain = change (in.c[0] + to + 4800, audio.c[0] + to + 4800, 160);
  check_figure ("left of it after the release", gain, 8 * exp (-1.05),
      8 * exp (-0.65), "dB");
  check_free_unit (&mix_deesser, self);
  check_audio_free (&audio);
  check_audio_free (&in);
  free (params);
}

/* A voice without hiss, noise under it in the pauses, a tone below: not a bit
 * changes. */
static void
test_untouched (void)
{
  CheckAudio in = check_audio (2, 48000), out = check_audio (2, 48000);
  for (unsigned c = 0; c < 2; c++) {
    vowel (in.c[c], 24000, vowels[2 * c], 48000);
    for (unsigned i = 0; i < 4800; i++) { /* cut off, it would click */
      in.c[c][i] *= (float)i / 4800;
      in.c[c][24000 - i - 1] *= (float)i / 4800;
    }
    check_noise (in.c[c] + 24000, 24000, 0.0003, c + 1);
  }
  void *self = check_new_unit (&mix_deesser, 48000, 2, NULL);
  unsigned delay = mix_deesser.latency (self);
  check_process (&mix_deesser, self, &out, &in, 777);
  CHECK (
      memcmp (out.c[0] + delay, in.c[0], (48000 - delay) * sizeof (float)) == 0,
      "vowel and room");
  check_figure ("reduction", check_read (&mix_deesser, self, "gain-reduction"),
      0, 0, "dB");
  check_free_unit (&mix_deesser, self);
  check_audio_free (&in);
  check_audio_free (&out);
}

/* Split: nothing is louder than it was, and what is low stays. */
static void
test_shelf (void)
{
  const unsigned rate = 48000;
  const double tones[] = { 200, 1000, 3000, 5000, 6500, 9000, 15000 };
  for (unsigned i = 0; i < sizeof tones / sizeof *tones; i++) {
    void *params = check_params (&mix_deesser);
    CheckAudio audio = check_audio (1, 2 * rate);
    float *hissing = malloc (sizeof (float) * 2 * rate);
    double hz = check_coherent (tones[i], rate, rate);
    check_set (&mix_deesser, params, "threshold", -24);
    check_sine (audio.c[0], 2 * rate, hz, rate, 0.01);
    check_sine (
        hissing, 2 * rate, check_coherent (11000, rate, rate), rate, 0.1);
    for (unsigned k = 0; k < 2 * rate; k++)
      audio.c[0][k] += hissing[k];
    void *self = check_new_unit (&mix_deesser, rate, 1, params);
    check_process (&mix_deesser, self, &audio, &audio, 1024);
    double db
        = -20
          * log10 (check_amplitude (audio.c[0] + rate, rate, hz, rate) / 0.01);
    check_figure ("split, reduction of a tone", db, tones[i] > 8000 ? 6 : -0.05,
        tones[i] < 2000 ? 0.1 : 8.01, "dB");
    check_free_unit (&mix_deesser, self);
    check_audio_free (&audio);
    free (hissing);
    free (params);
  }
}

static void
test_remark (void)
{
  const MixFormat low = mix_format (8000, 1), usual = mix_format (48000, 1);
  void *params = check_params (&mix_deesser);
  CHECK (check_remarks (&mix_deesser, params, &low) == 1, "at 8 kHz");
  CHECK (check_remarks (&mix_deesser, params, &usual) == 0, "at 48 kHz");
  free (params);
}

int
main (void)
{
  test_voice ();
  test_range ();
  test_times ();
  test_untouched ();
  test_shelf ();
  test_remark ();
  return check_end ();
}
