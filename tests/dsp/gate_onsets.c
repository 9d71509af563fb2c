/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gate at onsets: with a look-ahead what is over the threshold passes
 * whole.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define RATE 48000u

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

static void *
new_params (double look_ahead_ms)
{
  void *params = check_params (&mix_gate);
  check_set (&mix_gate, params, "look-ahead", look_ahead_ms);
  return params;
}

static void
put (void *params, const char *name, double value)
{
  check_set (&mix_gate, params, name, value);
}

static double
amplitude_of (double level_db)
{
  return pow (10, level_db / 20);
}

/* A burst that is its own key comes out as it went in, from its first sample
 * on. */
static void
test_first_sample (void)
{
  const double times[][2] = { { 1, 2 }, { 2, 2 }, { 0.01, 2 }, { 7, 20 },
    { 20, 20 }, { 0.05, 0.05 } };
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
      void *params = new_params (times[i][1]);
      CheckAudio in = check_audio (2, rates[r] / 2);
      CheckAudio out = check_audio (2, rates[r] / 2);
      const unsigned at = rates[r] / 4, length = rates[r] / 20;
      put (params, "attack", times[i][0]);
      for (unsigned c = 0; c < 2; c++) {
        check_sine (in.c[c] + at, length, 1000, rates[r], 0.3);
        in.c[c][at] = 0.1f; /* over the threshold at once */
      }
      void *self = check_new_unit (&mix_gate, rates[r], 2, params);
      const unsigned delay = mix_gate.latency (self);
      check_process (&mix_gate, self, &out, &in, 777);
      CHECK (
          memcmp (out.c[0] + at + delay, in.c[0] + at, length * sizeof (float))
              == 0,
          "attack %g, look-ahead %g, %u Hz", times[i][0], times[i][1],
          rates[r]);
      check_free_unit (&mix_gate, self);
      check_audio_free (&in);
      check_audio_free (&out);
      free (params);
    }
}

/* A tone that dies down to where an open gate already turns down, in the knee
 * of the lower threshold, and stays; then a burst, from its first sample on. */
static void
test_first_sample_from_knee (void)
{
  for (double level = -44; level >= -50; level -= 0.25) {
    void *params = new_params (2);
    CheckAudio in = check_audio (1, RATE), out = check_audio (1, RATE);
    const unsigned at = RATE / 2, length = RATE / 20;
    check_sine (in.c[0], at, 1000, RATE, 1);
    for (unsigned k = 0; k < at; k++)
      in.c[0][k] *= (float)amplitude_of (fmax (level, -20 - 200.0 * k / RATE));
    check_sine (in.c[0] + at, length, 1000, RATE, 0.3);
    in.c[0][at] = 0.1f;
    void *self = check_new_unit (&mix_gate, RATE, 1, params);
    const unsigned delay = mix_gate.latency (self);
    check_process (&mix_gate, self, &out, &in, 777);
    CHECK (memcmp (out.c[0] + at + delay, in.c[0] + at, length * sizeof (float))
               == 0,
        "burst after %.2f dBFS", level);
    check_free_unit (&mix_gate, self);
    check_audio_free (&in);
    check_audio_free (&out);
    free (params);
  }
}

/* A parameter that is automated all the time takes nothing of an onset. */
static void
test_automated_onset (void)
{
  const char *const names[] = { "threshold", "range", "knee", "ratio" };
  const double from[] = { -45, 50, 3, 80 }, to[] = { -43, 60, 2, 100 };
  for (unsigned k = 0; k < 4; k++) {
    void *params = new_params (2);
    CheckAudio in = check_audio (1, RATE), out = check_audio (1, RATE);
    const unsigned at = RATE / 2, length = RATE / 20, step = RATE / 100;
    check_sine (in.c[0] + at, length, 1000, RATE, 0.3);
    in.c[0][at] = 0.1f;
    void *self = check_new_unit (&mix_gate, RATE, 1, params);
    const unsigned delay = mix_gate.latency (self);
    for (unsigned i = 0; i < RATE; i += step) {
      put (params, names[k], from[k] + (to[k] - from[k]) * i / RATE);
      mix_gate.set (self, params);
      check_process_span (&mix_gate, self, &out, &in, i, i + step);
    }
    CHECK (memcmp (out.c[0] + at + delay, in.c[0] + at, length * sizeof (float))
               == 0,
        "burst while %s moves", names[k]);
    check_free_unit (&mix_gate, self);
    check_audio_free (&in);
    check_audio_free (&out);
    free (params);
  }
}

/* A struck drum over quiet noise, at defaults: its peak is within 0.2 dB. */
static void
test_drum_hit (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    const unsigned rate = rates[r], at = rate / 4;
    CheckAudio in = check_audio (1, rate), out = check_audio (1, rate);
    check_noise (in.c[0], rate, 0.001, 7);
    for (unsigned i = at; i < rate; i++) {
      double t = (double)(i - at) / rate;
      in.c[0][i]
          += (float)(0.5 * exp (-t / 0.08) * cos (2 * M_PI * 180 * t)
                     + 0.4 * exp (-t / 0.004) * cos (2 * M_PI * 3100 * t));
    }
    void *self = check_new_unit (&mix_gate, rate, 1, NULL);
    check_process (&mix_gate, self, &out, &in, 1024);
    check_figure ("peak of a drum hit",
        20 * log10 (check_peak (out.c[0], rate) / check_peak (in.c[0], rate)),
        -0.2, 0.2, "dB");
    check_figure ("noise before it",
        20
            * log10 (
                check_rms (out.c[0], rate / 5) / check_rms (in.c[0], rate / 5)),
        -60.1, -59.9, "dB");
    check_free_unit (&mix_gate, self);
    check_audio_free (&in);
    check_audio_free (&out);
  }
}

int
main (void)
{
  test_first_sample ();
  test_first_sample_from_knee ();
  test_automated_onset ();
  test_drum_hit ();
  return check_end ();
}
