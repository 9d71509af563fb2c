/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The meter: the standard's coefficients and response, calibration, weights,
 * histograms against all blocks, bad input, constant memory, what is kept over
 * seeks, formats and pauses, and that readings do not depend on cuts.
 * The tables of the EBU are in tests/conformance/ebu.c.
 */
#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check.h"
#include "parts/k_weighting.h"
#include "parts/loudness_meter.h"
#include "run.h"
#include "units/units.h"

/* ---- K-weighting -------------------------------------------------------- */

/* ITU-R BS.1770-5, tables 1 and 2. */
static void
test_coefficients (void)
{
  static const double table[] = { 1.53512485958697, -2.69169618940638,
    1.19839281085285, -1.69065929318241, 0.73248077421585, 1.0, -2.0, 1.0,
    -1.99004745483398, 0.99007225036621 };
  MixKWeighting k;
  mix_k_weighting_design (&k, 48000);
  const double own[] = { k.shelf.b0, k.shelf.b1, k.shelf.b2, k.shelf.a1,
    k.shelf.a2, k.high_pass.b0, k.high_pass.b1, k.high_pass.b2, k.high_pass.a1,
    k.high_pass.a2 };
  double most = 0;
  for (unsigned i = 0; i < 10; i++)
    most = fmax (most, fabs (own[i] - table[i]));
  check_figure ("coefficients at 48 kHz, largest error", most, 0, 1e-6, "");
}

static double
section_db (const MixKSection *s, double hz, double rate)
{
  double _Complex z = cexp (-2 * MIX_PI * I * hz / rate);
  return mix_db_from_gain (cabs (
      (s->b0 + s->b1 * z + s->b2 * z * z) / (1 + s->a1 * z + s->a2 * z * z)));
}

static double
response_db (unsigned rate, double hz)
{
  MixKWeighting k;
  mix_k_weighting_design (&k, rate);
  return section_db (&k.shelf, hz, rate) + section_db (&k.high_pass, hz, rate);
}

/* The response at 48 kHz is the standard. */
static void
test_response (unsigned rate, double up_to, double tolerance)
{
  char name[80];
  double most = 0;
  for (double hz = 10; hz <= up_to; hz *= 1.05)
    most = fmax (most, fabs (response_db (rate, hz) - response_db (48000, hz)));
  snprintf (name, sizeof name, "response at %u Hz up to %g Hz", rate, up_to);
  check_figure (name, most, 0, tolerance, "dB");
}

static void
test_responses (void)
{
  test_response (8000, 3000, 0.55);
  test_response (16000, 6000, 0.2);
  test_response (32000, 12000, 0.04);
  test_response (44100, 20000, 0.01);
  test_response (88200, 20000, 0.03);
  test_response (96000, 20000, 0.03);
  test_response (192000, 20000, 0.05);
  test_response (384000, 20000, 0.05);
}

/* ---- Measuring ---------------------------------------------------------- */

typedef struct {
  unsigned rate, channels;
  void *params, *self;
} Meter;

static Meter
new_meter (unsigned rate, unsigned channels)
{
  Meter m = { rate, channels, check_params (&mix_meter), NULL };
  m.self = check_new_unit (&mix_meter, rate, channels, m.params);
  return m;
}

static void
free_meter (Meter *m)
{
  check_free_unit (&mix_meter, m->self);
  free (m->params);
}

/* One reading of the whole programme so far. */
static double
reading (Meter *m, const char *name)
{
  return check_read (&mix_meter, m->self, name);
}

static void
play (Meter *m, const CheckAudio *audio)
{
  check_process (&mix_meter, m->self, audio, audio, 1000);
}

/* Sine of `db` dBFS in one channel, silence in the others. */
static void
play_sine (Meter *m, unsigned channel, double seconds, double hz, double db)
{
  CheckAudio audio = check_audio (m->channels, (unsigned)(seconds * m->rate));
  check_sine (
      audio.c[channel], audio.frames, hz, m->rate, mix_gain_from_db (db));
  play (m, &audio);
  check_audio_free (&audio);
}

/* BS.1770-5: 997 Hz at 0 dBFS in left, centre or right is -3.01 LKFS. */
static void
test_calibration (void)
{
  static const unsigned rates[]
      = { 8000, 11025, 22050, 44100, 48000, 88200, 96000, 192000, 384000 };
  char name[80];
  for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
    Meter m = new_meter (rates[i], 1);
    play_sine (&m, 0, 4, 997, 0);
    snprintf (name, sizeof name, "997 Hz at 0 dBFS, %u Hz", rates[i]);
    check_figure (name, reading (&m, "integrated"), -3.05, -2.96, "LUFS");
    check_figure ("its short-term loudness", reading (&m, "short-term"), -3.05,
        -2.96, "LUFS");
    free_meter (&m);
  }
}

/* Each channel alone against the front: 1.41 is 1.49 dB. */
static void
test_weights (void)
{
  static const double of_51[] = { 0, 0, 0, -400, 1.492, 1.492 };
  static const double of_71[] = { 0, 0, 0, -400, 0, 0, 1.492, 1.492 };
  const struct {
    unsigned channels;
    const double *db;
  } layouts[] = { { 6, of_51 }, { 8, of_71 } };
  char name[80];
  for (unsigned i = 0; i < 2; i++)
    for (unsigned c = 0; c < layouts[i].channels; c++)
      for (unsigned equal = 0; equal < 2; equal++) {
        Meter m = new_meter (48000, layouts[i].channels);
        double expected = equal ? 0 : layouts[i].db[c];
        check_choose (&mix_meter, m.params, "channel-weights",
            equal ? "equal" : "from-mask");
        mix_meter.set (m.self, m.params);
        play_sine (&m, c, 1, 997, -20);
        snprintf (name, sizeof name, "channel %u of %u%s", c,
            layouts[i].channels, equal ? ", equal" : "");
        double got = reading (&m, "integrated");
        if (expected < -100)
          CHECK (got == -70, "%s: %g LUFS", name, got);
        else
          check_figure (
              name, got + 23.01, expected - 0.01, expected + 0.01, "LU");
        free_meter (&m);
      }
}

static void
test_dual_mono (void)
{
  for (unsigned dual = 0; dual < 2; dual++) {
    Meter m = new_meter (48000, 1);
    check_set (&mix_meter, m.params, "dual-mono", dual);
    mix_meter.set (m.self, m.params);
    play_sine (&m, 0, 1, 997, -20);
    check_figure (dual ? "dual mono" : "mono", reading (&m, "integrated"),
        dual ? -20.01 : -23.02, dual ? -19.99 : -23.0, "LUFS");
    free_meter (&m);
  }
}

/* ---- Histograms against all blocks -------------------------------------- */

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* BS.1770-5 and Tech 3342, from the list of all powers. */
static double
gate (const double *power, unsigned n, double relative)
{
  double sum = 0;
  unsigned count = 0;
  for (unsigned i = 0; i < n; i++)
    if (mix_lufs_from_power (power[i]) > -70) {
      sum += power[i];
      count++;
    }
  return count ? relative * sum / count : INFINITY;
}

static double
exact_integrated (const double *power, unsigned n)
{
  double least = gate (power, n, 0.1), sum = 0;
  unsigned count = 0;
  for (unsigned i = 0; i < n; i++)
    if (mix_lufs_from_power (power[i]) > -70 && power[i] >= least) {
      sum += power[i];
      count++;
    }
  return mix_lufs_from_power (sum / count);
}

static double
exact_range (double *power, unsigned n)
{
  double least = gate (power, n, 0.01);
  qsort (power, n, sizeof *power, ascending);
  unsigned first = 0;
  while (power[first] < least || mix_lufs_from_power (power[first]) <= -70)
    first++;
  double last = n - first - 1;
  return mix_lufs_from_power (power[first + (unsigned)(last * 0.95 + 0.5)])
         - mix_lufs_from_power (power[first + (unsigned)(last * 0.1 + 0.5)]);
}

/* An hour whose loudness varies over 90 LU. */
static void
test_histogram (uint64_t seed)
{
  enum { RATE = 48000, STEPS = 360000, LENGTH = RATE / 100 };
  MixLoudness l;
  MixLoudnessBin *bins = mix_alloc (mix_loudness_bins (), sizeof *bins);
  double *step = calloc (STEPS, sizeof *step);
  double *blocks = calloc (STEPS, sizeof *blocks),
         *windows = blocks + STEPS / 2;
  unsigned n_blocks = 0, n_windows = 0;
  uint64_t random = seed;
  double db = -30, speed = 0, most_m = 0, most_s = 0;
  mix_loudness_prepare (&l, RATE, bins);
  for (unsigned i = 0; i < STEPS; i++) {
    speed = 0.99 * speed
            + 0.02 * ((double)(check_random (&random) >> 40) / (1 << 23) - 1);
    db += speed;
    if (db > -2 || db < -92)
      speed = -speed;
    db = mix_clamp (db, -92, -2);
    step[i] = LENGTH * pow (10, db / 10);
    CHECK (mix_loudness_length (&l) == LENGTH, "%u frames",
        mix_loudness_length (&l));
    mix_loudness_step (&l, step[i]);
    double m = 0, s = 0;
    for (unsigned k = 0; k < 300 && k <= i; k++) {
      m += k < 40 ? step[i - k] : 0;
      s += step[i - k];
    }
    m /= 40 * LENGTH;
    s /= 300 * LENGTH;
    most_m = fmax (most_m, m);
    most_s = fmax (most_s, s);
    if ((i + 1) % 10 == 0 && i + 1 >= 40)
      blocks[n_blocks++] = m;
    if ((i + 1) % 100 == 0 && i + 1 >= 300)
      windows[n_windows++] = s;
  }
  MixLoudnessReadings r = mix_loudness_read (&l);
  check_figure ("an hour: integrated, off by",
      r.integrated_lufs - exact_integrated (blocks, n_blocks), -0.01, 0.01,
      "LU");
  check_figure ("an hour: range, off by",
      r.range_lu - exact_range (windows, n_windows), -0.01, 0.01, "LU");
  check_figure ("an hour: highest momentary, off by",
      r.max_momentary_lufs - mix_lufs_from_power (most_m), -1e-9, 1e-9, "LU");
  check_figure ("an hour: highest short-term, off by",
      r.max_short_term_lufs - mix_lufs_from_power (most_s), -1e-9, 1e-9, "LU");
  free (blocks);
  free (step);
  mix_free (bins);
}

/* The sum of many blocks does not drift. */
static void
test_no_drift (void)
{
  enum { RATE = 1000, HOURS = 200 };
  MixLoudness l;
  MixLoudnessBin *bins = mix_alloc (mix_loudness_bins (), sizeof *bins);
  mix_loudness_prepare (&l, RATE, bins);
  double early = 0;
  for (unsigned i = 0; i < HOURS * 360000u; i += 10)
    for (unsigned k = 0; k < 10; k++) {
      mix_loudness_step (&l, 10 * (i / 1000 % 2 ? 1e-3 : 2e-3));
      if (i == 3600000 && k == 0)
        early = mix_loudness_read (&l).integrated_lufs;
    }
  check_figure ("after 200 hours of the same, drift",
      mix_loudness_read (&l).integrated_lufs - early, -1e-4, 1e-4, "LU");
  mix_free (bins);
}

/* ---- Peaks and correlation ---------------------------------------------- */

static void
test_peaks (void)
{
  Meter m = new_meter (48000, 2);
  CheckAudio audio = check_audio (2, 48000);
  check_sine (audio.c[0], 48000, 1000, 48000, 0.5);
  check_sine (audio.c[1], 48000, 1000, 48000, 0.25);
  play (&m, &audio);
  check_figure (
      "sample peak", reading (&m, "sample-peak"), -6.03, -6.01, "dBFS");
  play (&m, &audio);
  check_figure (
      "RMS of the first channel", reading (&m, "rms"), -9.04, -9.02, "dBFS");
  play (&m, &audio);
  check_figure ("correlation of a sine at two levels",
      reading (&m, "correlation"), 1 - 1e-9, 1, "");
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[1][i] = -audio.c[1][i];
  play (&m, &audio);
  check_figure (
      "of opposite polarity", reading (&m, "correlation"), -1, -1 + 1e-9, "");
  check_noise (audio.c[0], audio.frames, 0.5, 1);
  check_noise (audio.c[1], audio.frames, 0.5, 2);
  play (&m, &audio);
  check_figure ("of two noises", reading (&m, "correlation"), -0.02, 0.02, "");
  check_audio_free (&audio);
  free_meter (&m);
}

/* Live: since the last reading; file: since the start. */
static void
test_modes (void)
{
  for (unsigned file = 0; file < 2; file++) {
    Meter m = new_meter (48000, 1);
    check_set (&mix_meter, m.params, "mode", file);
    mix_meter.set (m.self, m.params);
    play_sine (&m, 0, 1, 1000, -10);
    reading (&m, "true-peak");
    play_sine (&m, 0, 1, 1000, -30);
    reading (&m, "true-peak"); /* the end of the loud part is in this one */
    play_sine (&m, 0, 1, 1000, -30);
    check_figure (file ? "peak, file" : "peak, live", reading (&m, "true-peak"),
        file ? -10.02 : -30.02, file ? -9.9 : -29.9, "dBTP");
    free_meter (&m);
  }
}

/* Steady sines of any phase: the true peak is their amplitude. */
static void
test_true_peak (void)
{
  double low = 0, high = -400;
  for (unsigned i = 0; i < 60; i++) {
    Meter m = new_meter (48000, 1);
    CheckAudio audio = check_audio (1, 9600);
    double hz = 100 + 330.7 * i;
    for (unsigned k = 0; k < audio.frames; k++) {
      double fade = fmin (1, fmin (k, audio.frames - 1 - k) / 2400.0);
      audio.c[0][k] = (float)(0.5 * (0.5 - 0.5 * cos (MIX_PI * fade))
                              * sin (2 * MIX_PI * hz * k / 48000 + i));
    }
    play (&m, &audio);
    double error = reading (&m, "true-peak") + 6.0206;
    low = fmin (low, error);
    high = fmax (high, error);
    check_audio_free (&audio);
    free_meter (&m);
  }
  check_figure (
      "true peak of sines to 19.6 kHz, lowest error", low, -0.1, 0, "dB");
  check_figure ("highest error", high, 0, 0.1, "dB");
}

/* ---- Bad input ---------------------------------------------------------- */

static void
check_all_finite (Meter *m, const char *what)
{
  for (unsigned i = 0; i < mix_meter.readings.count; i++) {
    const MixRow *row = &mix_meter.readings.rows[i];
    double value = reading (m, row->name);
    CHECK (value >= row->minimum && value <= row->maximum, "%s: %s is %g", what,
        row->name, value);
  }
}

static void
test_silence_and_dc (void)
{
  for (unsigned dc = 0; dc < 2; dc++) {
    Meter m = new_meter (48000, 2);
    CheckAudio audio = check_audio (2, 10 * 48000);
    for (unsigned i = 0; dc && i < audio.frames; i++)
      audio.c[0][i] = audio.c[1][i] = 0.5f;
    check_all_finite (&m, "nothing");
    play (&m, &audio);
    check_all_finite (&m, dc ? "DC" : "silence");
    if (!dc)
      CHECK (reading (&m, "integrated") == -70 && reading (&m, "range") == 0,
          "silence: %g LUFS", reading (&m, "integrated"));
    /* only its beginning counts */
    check_figure (dc ? "DC, after 10 s" : "silence, after 10 s",
        reading (&m, "short-term"), -120, -119.9, "LUFS");
    check_audio_free (&audio);
    free_meter (&m);
  }
}

/* 20 log |K (f)| integrated over the spectrum of one sample: loudness of a
 * click of full scale in a window of 400 ms. Its peak is 0 dBTP. */
static void
test_click (void)
{
  Meter m = new_meter (48000, 1);
  CheckAudio audio = check_audio (1, 48000);
  audio.c[0][24000] = 1;
  double power = 0, steps = 24000;
  for (double hz = 0.5; hz < steps; hz++)
    power += pow (10, response_db (48000, hz) / 10) / steps;
  play (&m, &audio);
  double expected = -0.691 + 10 * log10 (power / 19200);
  check_figure ("a click, highest momentary against theory",
      reading (&m, "max-momentary") - expected, -0.01, 0.01, "LU");
  reading (&m, "sample-peak");
  play (&m, &audio);
  check_figure (
      "its true peak", reading (&m, "true-peak"), -0.001, 0.05, "dBTP");
  check_all_finite (&m, "click");
  check_audio_free (&audio);
  free_meter (&m);
}

/* 0.4 s less a frame is no block, 0.4 s is one. */
static void
test_short (void)
{
  for (unsigned more = 0; more < 2; more++) {
    Meter m = new_meter (48000, 1);
    CheckAudio audio = check_audio (1, 19199 + more);
    check_sine (audio.c[0], audio.frames, 1000, 48000, 0.1);
    play (&m, &audio);
    double got = reading (&m, "integrated");
    CHECK (more ? got > -24 : got == -70, "%u frames: %g", audio.frames, got);
    check_all_finite (&m, "short");
    check_audio_free (&audio);
    free_meter (&m);
  }
}

/* Restarted in the middle of a tick and a step, after a tone 40 dB louder:
 * loudness is that of a new meter from there on. */
static void
test_restart (void)
{
  char name[80];
  for (unsigned at = 0; at < 40; at += 13) {
    Meter m = new_meter (48000, 2);
    CheckAudio audio = check_audio (2, 96000);
    for (unsigned c = 0; c < 2; c++)
      check_sine (audio.c[c], 48000 + at, 1000, 48000, 1);
    for (unsigned c = 0; c < 2; c++)
      check_sine (audio.c[c] + 48000 + at, 48000 - at, 1000, 48000, 0.01);
    check_process_span (&mix_meter, m.self, &audio, &audio, 0, 48000 + at);
    check_set (&mix_meter, m.params, "reset", 1);
    check_set (&mix_meter, m.params, "mode", 1);
    mix_meter.set (m.self, m.params);
    check_process_span (&mix_meter, m.self, &audio, &audio, 48000 + at, 96000);
    Meter fresh = new_meter (48000, 2);
    check_process_span (
        &mix_meter, fresh.self, &audio, &audio, 48000 + at, 96000);
    snprintf (name, sizeof name, "restart at %u: integrated", 48000 + at);
    check_figure (name, reading (&m, "integrated"), -40.1, -39.9, "LUFS");
    static const char *const same[] = { "integrated", "range", "momentary",
      "short-term", "max-momentary", "max-short-term" };
    for (unsigned i = 0; i < sizeof same / sizeof *same; i++)
      CHECK (reading (&m, same[i]) == reading (&fresh, same[i]), "%s: %g", name,
          reading (&m, same[i]));
    /* the ringing of the loud tone's edge lasts into it */
    check_figure (
        "its true peak", reading (&m, "true-peak"), -40.01, -37, "dBTP");
    check_audio_free (&audio);
    free_meter (&m);
    free_meter (&fresh);
  }
}

/* ---- Seeks, formats, pauses --------------------------------------------- */

static void
check_readings (Meter *m, const char *what, const char *const *names,
    const double *expected, double tolerance)
{
  char text[80];
  for (; *names; names++, expected++) {
    snprintf (text, sizeof text, "%s: %s", what, *names);
    check_figure (text, reading (m, *names), *expected - tolerance,
        *expected + tolerance, "");
  }
}

/* Seeks every half second within a tone: the measurement continues, the windows
 * begin anew, and the cut in the tone is no true peak. */
static void
test_seeks (void)
{
  static const char *const names[]
      = { "integrated", "max-momentary", "true-peak", "sample-peak", NULL };
  static const double expected[] = { -20, -20, -20, -20 };
  Meter m = new_meter (48000, 2);
  CheckAudio audio = check_audio (2, 48000);
  check_choose (&mix_meter, m.params, "mode", "file");
  mix_meter.set (m.self, m.params);
  for (unsigned c = 0; c < 2; c++)
    check_sine (audio.c[c], audio.frames, 997.3, 48000, 0.1);
  for (unsigned i = 0; i < 20; i++) {
    check_process_span (
        &mix_meter, m.self, &audio, &audio, 1203 + 7 * i, 25203 + 7 * i);
    mix_unit_flush (&mix_meter, m.self);
  }
  CHECK (
      reading (&m, "momentary") == -120 && reading (&m, "short-term") == -120,
      "%g LUFS right after a seek", reading (&m, "momentary"));
  check_readings (&m, "seeks", names, expected, 0.06);
  check_audio_free (&audio);
  free_meter (&m);
}

static void
change_format (Meter *m, unsigned rate, unsigned channels)
{
  MixFormat format = mix_format (rate, channels);
  CHECK (mix_meter.prepare (m->self, &format, m->params), "%u Hz", rate);
  m->rate = rate;
  m->channels = channels;
}

/* Four seconds each, 10 dB apart in both directions: loudness is the mean power
 * of all that is not gated, in any format; so are peaks, and RMS by
 * channel as long as the channels are the same. */
static void
test_formats (void)
{
  static const char *const names[] = { "integrated", "max-momentary",
    "true-peak", "sample-peak", "rms", "peak", NULL };
  double mean = 10 * log10 ((1 + 0.25) / 2);
  const double same[]
      = { -20 - 3.01 + mean, -23.01, -20, -20, -20 - 3.01 + mean, -20 };
  const double other[]
      = { -20 - 3.01 + mean, -23.01, -20, -20, -29.03, -26.02 };
  for (unsigned channels = 1; channels < 3; channels++) {
    Meter m = new_meter (96000, 1);
    check_choose (&mix_meter, m.params, "mode", "file");
    mix_meter.set (m.self, m.params);
    play_sine (&m, 0, 4, 997, -20);
    reading (&m, "rms");
    change_format (&m, 44100, channels);
    CHECK (reading (&m, "sample-peak") > -20.01, "%g dBFS in the new format",
        reading (&m, "sample-peak"));
    play_sine (&m, 0, 4, 997, -26.02);
    check_readings (&m, channels == 1 ? "96 to 44.1 kHz" : "and mono to stereo",
        names, channels == 1 ? same : other, 0.03);
    free_meter (&m);
  }
}

static void
pause (Meter *m, bool is_paused)
{
  check_set (&mix_meter, m->params, "pause", is_paused);
  mix_meter.set (m->self, m->params);
}

/* Paused from the middle of a tick to that of another, while something 40 dB
 * louder plays: it is in the windows, and in no other reading, then or later.
 */
static void
test_pause (void)
{
  static const char *const names[]
      = { "integrated", "max-momentary", "max-short-term", "true-peak",
          "sample-peak", "rms", "peak", "range", NULL };
  static const double expected[]
      = { -43.01, -43.01, -43.01, -40, -40, -43.01, -40, 0 };
  Meter m = new_meter (48000, 1);
  CheckAudio audio = check_audio (1, 12 * 48000);
  check_choose (&mix_meter, m.params, "mode", "file");
  mix_meter.set (m.self, m.params);
  check_sine (audio.c[0], audio.frames, 997, 48000, 0.01);
  for (unsigned i = 4 * 48000 + 1000; i < 8 * 48000 - 1000; i++)
    audio.c[0][i] *= 100;
  check_process_span (&mix_meter, m.self, &audio, &audio, 0, 4 * 48000 + 13);
  pause (&m, true);
  check_process_span (
      &mix_meter, m.self, &audio, &audio, 4 * 48000 + 13, 7 * 48000 + 5);
  check_figure (
      "paused: momentary", reading (&m, "momentary"), -3.1, -2.9, "LUFS");
  check_figure (
      "paused: short-term", reading (&m, "short-term"), -3.2, -2.9, "LUFS");
  check_readings (&m, "paused", names, expected, 0.05);
  check_process_span (
      &mix_meter, m.self, &audio, &audio, 7 * 48000 + 5, 8 * 48000 + 77);
  pause (&m, false);
  for (unsigned at = 8 * 48000 + 77; at + 4800 <= audio.frames; at += 4800)
    check_process_span (&mix_meter, m.self, &audio, &audio, at, at + 4800);
  check_readings (&m, "continued", names, expected, 0.05);
  check_audio_free (&audio);
  free_meter (&m);
}

/* A reset in a pause; the pause continues. */
static void
test_reset_in_pause (void)
{
  Meter m = new_meter (48000, 1);
  play_sine (&m, 0, 2, 997, 0);
  pause (&m, true);
  mix_meter.reset (m.self);
  play_sine (&m, 0, 2, 997, 0);
  CHECK (reading (&m, "integrated") == -70, "%g", reading (&m, "integrated"));
  pause (&m, false);
  play_sine (&m, 0, 2, 997, -20);
  check_figure ("after a reset in a pause", reading (&m, "integrated"), -23.02,
      -23, "LUFS");
  free_meter (&m);
}

static void
test_programme (void)
{
  Meter m = new_meter (48000, 1);
  CHECK (mix_meter.track_ends (m.self), "track is the default");
  check_choose (&mix_meter, m.params, "programme", "whole");
  mix_meter.set (m.self, m.params);
  CHECK (!mix_meter.track_ends (m.self), "a whole programme has no tracks");
  free_meter (&m);
}

/* ---- Cuts --------------------------------------------------------------- */

/* All readings are the same in every bit however the stream is cut. */
static void
test_cuts (unsigned rate)
{
  static const unsigned cuts[] = { 1, 7, 480, 100000 };
  unsigned frames = rate * 7 / 2;
  CheckAudio audio = check_audio (5, frames);
  void *first = NULL, *again = calloc (1, mix_meter.readings.size);
  for (unsigned c = 0; c < 5; c++)
    check_pink (audio.c[c], frames, 0.1, c + 1);
  for (unsigned i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    Meter m = new_meter (rate, 5);
    check_process (&mix_meter, m.self, &audio, &audio, cuts[i]);
    memset (again, 0, mix_meter.readings.size);
    mix_meter.sum_up (m.self, again);
    if (!first) {
      first = again;
      again = calloc (1, mix_meter.readings.size);
    }
    CHECK (memcmp (first, again, mix_meter.readings.size) == 0 || i == 0,
        "%u Hz, cut %u", rate, cuts[i]);
    free_meter (&m);
  }
  free (first);
  free (again);
  check_audio_free (&audio);
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_coefficients ();
  test_responses ();
  test_calibration ();
  test_weights ();
  test_dual_mono ();
  test_histogram (1);
  test_histogram (2);
  test_no_drift ();
  test_peaks ();
  test_modes ();
  test_true_peak ();
  test_silence_and_dc ();
  test_click ();
  test_short ();
  test_restart ();
  test_seeks ();
  test_formats ();
  test_pause ();
  test_reset_in_pause ();
  test_programme ();
  test_cuts (48000);
  test_cuts (11025);
  return check_end ();
}
