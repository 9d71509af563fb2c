/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gate against its declaration. The gain is read from a constant input
 * beside a key, so that each of its values can be seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define INPUT 0.5f
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

/* Gains for a key, which is freed, as reductions in dB. */
static CheckAudio
reductions (const void *params, unsigned rate, CheckAudio *key)
{
  CheckAudio audio = check_audio (1, key->frames);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = INPUT;
  void *self = check_new_unit (&mix_gate, rate, 1, params);
  check_process_key (&mix_gate, self, &audio, &audio, key, 1024);
  check_free_unit (&mix_gate, self);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = -20 * log10f (fmaxf (audio.c[0][i] / INPUT, 1e-10f));
  check_audio_free (key);
  return audio;
}

static double
amplitude_of (double level_db)
{
  return pow (10, level_db / 20);
}

/* A sine that is so loud up to `change` and so loud from there. */
static CheckAudio
step_key (unsigned frames, unsigned change, double hz, unsigned rate,
    double before_db, double after_db)
{
  CheckAudio key = check_audio (1, frames);
  check_sine (key.c[0], frames, hz, rate, 1);
  for (unsigned i = 0; i < frames; i++)
    key.c[0][i] *= (float)amplitude_of (i < change ? before_db : after_db);
  return key;
}

/* ---- The static curve ---------------------------------------------------- */

typedef struct {
  double ratio, knee, range;
} Curve;

/* Giannoulis, Massberg and Reiss, JAES 60, 2012: output level of an expander,
 * written otherwise than in the unit. */
static double
expected_reduction (Curve c, double threshold, double level)
{
  double from_knee = level - (threshold + c.knee / 2), output = level;
  if (level < threshold - c.knee / 2)
    output = threshold + (level - threshold) * c.ratio;
  else if (from_knee < 0)
    output = level + (1 - c.ratio) * from_knee * from_knee / (2 * c.knee);
  return fmin (c.range, level - output);
}

static double
worst_of_curve (Curve curve, unsigned rate)
{
  const double frequencies[] = { 100, 1000, 10000 };
  void *params = new_params (2);
  double worst = 0;
  put (params, "threshold", -30);
  put (params, "hysteresis", 0);
  put (params, "hold", 0);
  put (params, "release", 10);
  put (params, "ratio", curve.ratio);
  put (params, "knee", curve.knee);
  put (params, "range", curve.range);
  for (unsigned f = 0; f < 3; f++)
    for (double level = -60; level <= -9; level += 3) {
      CheckAudio key = step_key (rate / 2, 0, frequencies[f], rate, 0, level);
      CheckAudio gains = reductions (params, rate, &key);
      double error = (double)gains.c[0][gains.frames - 1]
                     - expected_reduction (curve, -30, level);
      worst = fabs (error) > fabs (worst) ? error : worst;
      check_audio_free (&gains);
    }
  free (params);
  return worst;
}

static void
test_curve (void)
{
  const Curve curves[] = { { 1, 3, 60 }, { 1.5, 6, 60 }, { 2, 0, 60 },
    { 4, 12, 100 }, { 10, 24, 40 } };
  char name[80];
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < sizeof curves / sizeof *curves; i++) {
      snprintf (name, sizeof name, "curve %g:1, knee %g dB, %u Hz: worst error",
          curves[i].ratio, curves[i].knee, rates[r]);
      check_figure (
          name, worst_of_curve (curves[i], rates[r]), -0.1, 0.1, "dB");
    }
}

/* Ratio 100 is a gate: all of the range a decibel below the knee. */
static void
test_gate (void)
{
  void *params = new_params (2);
  for (int level = -47; level >= -60; level -= 13) {
    CheckAudio key = step_key (RATE, 0, 1000, RATE, 0, level);
    CheckAudio gains = reductions (params, RATE, &key);
    check_figure ("gate below the threshold",
        (double)gains.c[0][gains.frames - 1], 59.99, 60.01, "dB");
    check_audio_free (&gains);
  }
  free (params);
}

/* ---- Times ----------------------------------------------------------------
 */

/* Frames from `from` until the reduction is beyond `at`. */
static unsigned
time_to (const CheckAudio *gains, unsigned from, double at, bool falling)
{
  unsigned i = from;
  while (i < gains->frames && ((double)gains->c[0][i] > at) == falling)
    i++;
  return i - from;
}

/* When the reduction first moves. */
static unsigned
start_of (const CheckAudio *gains, unsigned from)
{
  unsigned i = from;
  float before = gains->c[0][from];
  while (i < gains->frames && fabsf (gains->c[0][i] - before) < 1e-3f)
    i++;
  return i;
}

/* From closed (60 dB) to open: 63.2 % of the way. */
static void
test_attack (void)
{
  const double times[][2] = { { 1, 2 }, { 1, 0 }, { 5, 0 }, { 5, 10 },
    { 10, 20 }, { 100, 0 }, { 400, 20 } };
  char name[80];
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
      void *params = new_params (times[i][1]);
      put (params, "attack", times[i][0]);
      CheckAudio key
          = step_key (rates[r] * 2, rates[r] / 2, 8000, rates[r], -100, -20);
      CheckAudio gains = reductions (params, rates[r], &key);
      unsigned start = start_of (&gains, rates[r] / 4);
      double ms
          = 1000.0 * time_to (&gains, start, 60 * exp (-1), true) / rates[r];
      snprintf (name, sizeof name, "attack %g ms, look-ahead %g ms, %u Hz",
          times[i][0], times[i][1], rates[r]);
      check_figure (
          name, ms, 0.95 * times[i][0] - 0.02, 1.05 * times[i][0] + 0.02, "ms");
      check_audio_free (&gains);
      free (params);
    }
}

static void
test_release (void)
{
  const double times[] = { 5, 50, 150, 500 };
  char name[80];
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < 4; i++) {
      void *params = new_params (0);
      put (params, "release", times[i]);
      put (params, "hold", 0);
      CheckAudio key
          = step_key (rates[r] * 3, rates[r] / 2, 8000, rates[r], -20, -100);
      CheckAudio gains = reductions (params, rates[r], &key);
      double ms = 1000.0
                  * time_to (&gains, rates[r] / 2, 60 * (1 - exp (-1)), false)
                  / rates[r];
      snprintf (name, sizeof name, "release %g ms, %u Hz", times[i], rates[r]);
      check_figure (name, ms, 0.9 * times[i], 1.1 * times[i] + 0.3, "ms");
      check_audio_free (&gains);
      free (params);
    }
}

/* From the last loud frame on; a look-ahead does not shorten what is heard. */
static void
test_hold (void)
{
  const double look_aheads[] = { 0, 2, 20 };
  for (unsigned i = 0; i < 3; i++) {
    void *params = new_params (look_aheads[i]);
    put (params, "hold", 200);
    CheckAudio key = step_key (RATE * 2, RATE / 2, 8000, RATE, -20, -100);
    CheckAudio gains = reductions (params, RATE, &key);
    unsigned end = start_of (&gains, RATE / 4);
    check_figure ("hold 200 ms", (end - RATE / 2.0) * 1000 / RATE,
        200 + look_aheads[i] - 0.1, 200 + look_aheads[i] + 1, "ms");
    check_audio_free (&gains);
    free (params);
  }
}

/* ---- Look-ahead ------------------------------------------------------------
 */

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

/* ---- Hysteresis ------------------------------------------------------------
 */

/* How often the reduction passes half of the range. */
static unsigned
transitions (const CheckAudio *gains, unsigned from)
{
  unsigned count = 0;
  for (unsigned i = from + 1; i < gains->frames; i++)
    count += (gains->c[0][i] > 30) != (gains->c[0][i - 1] > 30);
  return count;
}

static void
test_steady_tones (void)
{
  for (double hz = 50; hz <= 500; hz *= 1.33)
    for (unsigned quick = 0; quick < 2; quick++) {
      void *params = new_params (quick ? 0 : 2);
      if (quick) {
        put (params, "attack", 0.01);
        put (params, "hold", 0);
        put (params, "release", 1);
      }
      CheckAudio key = step_key (RATE * 2, 0, hz, RATE, 0, -45);
      CheckAudio gains = reductions (params, RATE, &key);
      /* at its quickest it follows the onset of the tone too */
      unsigned from = quick ? (unsigned)(2 * RATE / hz) : 0;
      CHECK (transitions (&gains, from) <= 1, "%.0f Hz at the threshold: %u",
          hz, transitions (&gains, from));
      check_audio_free (&gains);
      free (params);
    }
}

/* Up and down by 0.05 dB a step: where it opens and where it closes. */
static void
test_thresholds (void)
{
  void *params = new_params (0);
  put (params, "attack", 0.01);
  put (params, "hold", 0);
  put (params, "release", 1);
  put (params, "hysteresis", 6);
  put (params, "knee", 0);
  const unsigned step = RATE / 20, steps = 400;
  CheckAudio key = check_audio (1, step * steps);
  check_sine (key.c[0], key.frames, 1000, RATE, 1);
  for (unsigned i = 0; i < key.frames; i++) {
    double k = i / step;
    double level = k < 200 ? -52 + 0.05 * k : -42 - 0.05 * (k - 200);
    key.c[0][i] *= (float)amplitude_of (level);
  }
  CheckAudio gains = reductions (params, RATE, &key);
  unsigned opens = time_to (&gains, 0, 1, true) / step;
  unsigned closes = 0;
  for (unsigned i = gains.frames / 2; i < gains.frames && closes == 0; i++)
    if (gains.c[0][i] > 1)
      closes = i / step;
  check_figure ("opens at", -52 + 0.05 * opens, -45.06, -44.94, "dBFS");
  check_figure (
      "closes at", -42 - 0.05 * (closes - 200.0), -51.11, -50.99, "dBFS");
  check_audio_free (&gains);
  free (params);
}

/* ---- Readings, links -------------------------------------------------------
 */

static void
test_readings (void)
{
  CheckAudio audio = check_audio (1, RATE);
  void *self = check_new_unit (&mix_gate, RATE, 1, NULL);
  check_process (&mix_gate, self, &audio, &audio, 1024);
  check_figure (
      "open in silence", check_read (&mix_gate, self, "open"), 0, 0, "%");
  check_sine (audio.c[0], RATE / 4, 1000, RATE, 0.5);
  check_process (&mix_gate, self, &audio, &audio, 1024);
  /* 250 ms, and 80 ms of hold */
  check_figure (
      "open for a third", check_read (&mix_gate, self, "open"), 33, 36, "%");
  check_sine (audio.c[0], RATE, 1000, RATE, 0.5);
  check_process (&mix_gate, self, &audio, &audio, 1024);
  check_read (&mix_gate, self, "open");
  check_process (&mix_gate, self, &audio, &audio, 1024);
  check_figure ("reduction of an open gate",
      check_read (&mix_gate, self, "gain-reduction"), 0, 0, "dB");
  check_free_unit (&mix_gate, self);
  check_audio_free (&audio);
}

/* A soft channel beside a loud one: open with it, half closed, closed. */
static void
test_link (void)
{
  const double links[] = { 100, 50, 0 };
  const double expected[] = { 0, 20, 40 };
  for (unsigned i = 0; i < 3; i++) {
    void *params = new_params (0);
    CheckAudio audio = check_audio (2, RATE);
    /* 0 and -80 dBFS; expands by 2 from 0 dBFS on */
    check_sine (audio.c[0], RATE, 1000, RATE, 1);
    check_sine (audio.c[1], RATE, 1000, RATE, 1e-4);
    put (params, "threshold", -40);
    put (params, "hysteresis", 0);
    put (params, "knee", 0);
    put (params, "ratio", 2);
    put (params, "link", links[i]);
    void *self = check_new_unit (&mix_gate, RATE, 2, params);
    check_process (&mix_gate, self, &audio, &audio, 1024);
    double level = 20 * log10 (check_peak (audio.c[1] + RATE / 2, RATE / 2));
    check_figure ("reduction of the soft channel", -80 - level,
        fmax (0, expected[i] - 20) - 0.1, fmax (0, expected[i]) + 0.1, "dB");
    check_free_unit (&mix_gate, self);
    check_audio_free (&audio);
    free (params);
  }
}

/* The key is heard, in time with the sound. */
static void
test_listen (void)
{
  void *params = new_params (2);
  CheckAudio audio = check_audio (1, RATE / 4);
  CheckAudio key = check_audio (1, RATE / 4);
  check_noise (key.c[0], key.frames, 0.3, 3);
  put (params, "sidechain-listen", 1);
  void *self = check_new_unit (&mix_gate, RATE, 1, params);
  const unsigned delay = mix_gate.latency (self);
  check_process_key (&mix_gate, self, &audio, &audio, &key, 1024);
  double error = 0;
  for (unsigned i = delay; i < audio.frames; i++)
    error = fmax (
        error, fabs ((double)audio.c[0][i] - (double)key.c[0][i - delay]));
  check_figure ("heard key", error, 0, 1e-6, "");
  check_free_unit (&mix_gate, self);
  check_audio_free (&audio);
  check_audio_free (&key);
  free (params);
}

int
main (void)
{
  test_curve ();
  test_gate ();
  test_attack ();
  test_release ();
  test_hold ();
  test_first_sample ();
  test_drum_hit ();
  test_steady_tones ();
  test_thresholds ();
  test_readings ();
  test_link ();
  test_listen ();
  return check_end ();
}
