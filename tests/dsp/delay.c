/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay: times and levels of echoes, note values, ping-pong, the gain of
 * the loop at every frequency, its decay over an hour, moving times, wow,
 * ducking, width, surround, remarks.
 */
#include <complex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts/fractional.h"
#include "parts/loop_cut.h"
#include "units/units.h"

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

/* Wet only, at its own level; "name", value, …, NULL. */
static void *
wet_params (const char *name, ...)
{
  va_list args;
  void *params = check_params (&mix_delay);
  check_set (&mix_delay, params, "dry", -100);
  check_set (&mix_delay, params, "wet", 0);
  va_start (args, name);
  for (; name; name = va_arg (args, const char *))
    check_set (&mix_delay, params, name, va_arg (args, double));
  va_end (args);
  return params;
}

/* Runs `audio` through a new unit, in place; frees the parameters. */
static void
run (void *params, unsigned rate, const CheckAudio *audio)
{
  void *self = check_new_unit (&mix_delay, rate, audio->channels, params);
  check_process (&mix_delay, self, audio, audio, 1024);
  check_free_unit (&mix_delay, self);
  free (params);
}

/* The impulse response of channel `c`. */
static CheckAudio
answer (
    void *params, unsigned rate, unsigned channels, unsigned c, unsigned frames)
{
  CheckAudio audio = check_audio (channels, frames);
  audio.c[c][0] = 1;
  run (params, rate, &audio);
  return audio;
}

static unsigned
first_sound (const float *in, unsigned frames)
{
  for (unsigned i = 0; i < frames; i++)
    if (fabsf (in[i]) > 1e-6f)
      return i;
  return frames;
}

static void
silence (const CheckAudio *audio)
{
  for (unsigned c = 0; c < audio->channels; c++)
    memset (audio->c[c], 0, audio->frames * sizeof (float));
}

/* ---- Echoes ------------------------------------------------------------- */

/* Removes the echoes from `io`, so that silence should be left; returns the
 * largest error of their levels in dB. */
static double
take_echoes (float *io, unsigned frames, unsigned delay, double feedback,
    unsigned first, unsigned step)
{
  double worst = 0;
  for (unsigned n = first; n * delay < frames; n += step) {
    double wanted = pow (feedback, n - 1.0);
    double found = fabs ((double)io[n * delay]);
    worst = fmax (worst, fabs (mix_db_from_gain (found / wanted)));
    io[n * delay] = 0;
    if (wanted < 1e-5)
      break;
  }
  return worst;
}

static void
test_echoes_at (unsigned rate, double ms, double percent)
{
  char name[120];
  unsigned delay = (unsigned)floor (ms * rate / 1000 + 0.5);
  CheckAudio audio = answer (wet_params ("time", ms, "feedback", percent, NULL),
      rate, 2, 0, 12 * delay);
  double off
      = take_echoes (audio.c[0], audio.frames, delay, percent / 100, 1, 1);
  snprintf (name, sizeof name,
      "echoes of %g ms at %u Hz, feedback %g %%: level", ms, rate, percent);
  check_figure (name, off, 0, 0.01, "dB");
  CHECK (check_peak (audio.c[0], audio.frames) < 1e-5, "%s: sound elsewhere",
      name);
  CHECK (check_peak (audio.c[1], audio.frames) == 0, "%s: the other channel",
      name);
  check_audio_free (&audio);
}

static void
test_echoes (void)
{
  static const double times[] = { 1, 22.7, 333.333, 375, 5000 };
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned t = 0; t < sizeof times / sizeof *times; t++) {
      test_echoes_at (rates[r], times[t], 35);
      test_echoes_at (rates[r], times[t], 90);
    }
}

static void
test_offset (double percent, double left_ms, double right_ms)
{
  for (unsigned c = 0; c < 2; c++) {
    CheckAudio audio
        = answer (wet_params ("time", 100.0, "offset", percent, NULL), 48000, 2,
            c, 12000);
    check_figure (c ? "offset: right" : "offset: left",
        first_sound (audio.c[c], 12000) / 48.0, c ? right_ms : left_ms,
        c ? right_ms : left_ms, "ms");
    check_audio_free (&audio);
  }
}

/* A quarter note lasts 60 s / BPM. */
static void
test_notes (void)
{
  static const struct {
    const char *nick;
    double quarters;
  } notes[] = { { "1/1", 4 }, { "1/1d", 6 }, { "1/1t", 8. / 3 }, { "1/2", 2 },
    { "1/2d", 3 }, { "1/2t", 4. / 3 }, { "1/4", 1 }, { "1/4d", 1.5 },
    { "1/4t", 2. / 3 }, { "1/8", 0.5 }, { "1/8d", 0.75 }, { "1/8t", 1. / 3 },
    { "1/16", 0.25 }, { "1/16d", 0.375 }, { "1/16t", 1. / 6 },
    { "1/32", 0.125 }, { "1/32d", 0.1875 }, { "1/32t", 1. / 12 } };
  double worst = 0;
  for (unsigned i = 0; i < sizeof notes / sizeof *notes; i++) {
    void *params = wet_params ("tempo", 97.3, NULL);
    check_choose (&mix_delay, params, "division", notes[i].nick);
    CheckAudio audio = answer (params, 48000, 2, 0, 200000);
    double wanted = notes[i].quarters * 60 / 97.3 * 48000;
    double found = first_sound (audio.c[0], audio.frames);
    worst = fmax (worst, fabs (found - wanted));
    check_audio_free (&audio);
  }
  check_figure ("notes at 97.3 BPM, farthest off", worst, 0, 0.5, "frames");
}

/* A centred source: left, right, left …, at full level. */
static void
test_ping_pong (unsigned rate)
{
  unsigned delay = rate / 10;
  CheckAudio audio = check_audio (2, 20 * delay);
  audio.c[0][0] = audio.c[1][0] = 1;
  run (wet_params ("time", 100.0, "feedback", 60.0, "ping-pong", 1.0, NULL),
      rate, &audio);
  double left = take_echoes (audio.c[0], audio.frames, delay, 0.6, 1, 2);
  double right = take_echoes (audio.c[1], audio.frames, delay, 0.6, 2, 2);
  check_figure ("ping-pong: levels", fmax (left, right), 0, 0.01, "dB");
  CHECK (check_peak (audio.c[0], audio.frames) < 1e-5
             && check_peak (audio.c[1], audio.frames) < 1e-5,
      "ping-pong: sound elsewhere at %u Hz", rate);
  check_audio_free (&audio);
}

/* ---- The loop ----------------------------------------------------------- */

/* The gain of the second echo relative to the first in dB, less the feedback:
 * that of the cuts in one pass. */
static void
test_loop_gain (unsigned rate, double low, double high, double *most)
{
  const double feedback = 99;
  unsigned delay = rate; /* long enough for a low cut to ring out */
  CheckAudio audio = answer (wet_params ("time", 1000.0, "feedback", feedback,
                                 "low-cut", low, "high-cut", high, NULL),
      rate, 1, 0, 3 * delay);
  for (double hz = 5; hz < 0.499 * rate; hz *= 1.03) {
    double one = cabs (check_dft (audio.c[0] + delay, delay, hz, rate));
    double two = cabs (check_dft (audio.c[0] + 2 * delay, delay, hz, rate));
    if (one > 1e-3)
      *most = fmax (*most, mix_db_from_gain (two / one / (feedback / 100)));
  }
  check_audio_free (&audio);
}

static void
test_loop_gains (unsigned rate)
{
  static const double lows[] = { 0, 10, 100, 2000, 20000 };
  static const double highs[] = { 0, 10, 500, 8000, 20000 };
  char name[80];
  double most = -400;
  for (unsigned l = 0; l < 5; l++)
    for (unsigned h = 0; h < 5; h++)
      test_loop_gain (rate, lows[l], highs[h], &most);
  snprintf (
      name, sizeof name, "loop gain over feedback at %u Hz, any cuts", rate);
  check_figure (name, most, -0.01, 0.0001, "dB");
}

/* By theory: Butterworth, -3.01 dB at the corner, 12 dB per octave far from it;
 * nowhere above 1, which the bilinear transform keeps. */
static void
test_cut_design (bool high)
{
  double over = 0, corner = 0;
  for (double hz = 10; hz < 20000; hz *= 1.1) {
    MixLoopCutDesign d = mix_loop_cut_design (high, hz, 48000);
    for (double f = 1; f < 24000; f *= 1.05) {
      double u = tan (MIX_PI * f / 48000) / tan (MIX_PI * hz / 48000);
      double wanted = (high ? 1 : u * u) / sqrt (1 + u * u * u * u);
      double _Complex z = cexp (2 * MIX_PI * I * f / 48000);
      /* solve (z - A) s = B for the states */
      double _Complex a = z - d.turn, b = z - d.hold;
      double _Complex det = a * b + d.cross * d.cross;
      double _Complex s1 = (d.enter[0] * b - d.cross * d.enter[1]) / det;
      double _Complex s2 = (a * d.enter[1] + d.cross * d.enter[0]) / det;
      double gain = cabs (d.direct + d.first * s1 + d.second * s2);
      corner = fmax (corner, fabs (gain - wanted));
      over = fmax (over, gain - 1);
    }
  }
  check_figure (high ? "high cut, off the theory" : "low cut, off the theory",
      corner, 0, 1e-9, "");
  check_figure ("its gain over 1", over, 0, 1e-12, "");
}

/* A cut that was on, off, and on again has the corner that was set last. */
static void
test_cut_comes_on (void)
{
  void *params = wet_params (
      "feedback", 0.0, "time", 10.0, "high-cut", 9000.0, "low-cut", 30.0, NULL);
  const double highs[] = { 0, 400 };
  CheckAudio audio = check_audio (1, 48000);
  void *self = check_new_unit (&mix_delay, 48000, 1, params);
  check_process_span (&mix_delay, self, &audio, &audio, 0, 4800);
  for (unsigned k = 0; k < 2; k++) {
    check_set (&mix_delay, params, "high-cut", highs[k]);
    mix_delay.set (self, params);
    check_process_span (&mix_delay, self, &audio, &audio, 0, 24000);
  }
  silence (&audio);
  audio.c[0][0] = 1;
  check_process_span (&mix_delay, self, &audio, &audio, 0, 48000);
  check_figure ("a cut that comes on at 400 Hz: gain there",
      mix_db_from_gain (cabs (check_dft (audio.c[0], 48000, 400, 48000))),
      -3.03, -3.0, "dB");
  check_audio_free (&audio);
  check_free_unit (&mix_delay, self);
  free (params);
}

/* RMS of the output over a minute of silent input, in dB. */
static double
minute_db (void *self, const CheckAudio *second)
{
  double power = 0;
  for (unsigned s = 0; s < 60; s++) {
    silence (second);
    check_process (&mix_delay, self, second, second, 4096);
    for (unsigned c = 0; c < second->channels; c++)
      power += pow (check_rms (second->c[c], second->frames), 2);
  }
  return 10 * log10 (fmax (power / 60 / second->channels, 1e-40));
}

/* A second of noise, then silence, at 99 %. A pass loses 20 log10 0.99 = 0.0873
 * dB: at 375 ms that is 13.97 dB a minute, at 5 s 1.05 dB. */
static void
test_decay (const char *name, unsigned rate, void *params, unsigned minutes,
    double per_minute)
{
  char figure[160];
  CheckAudio second = check_audio (2, rate);
  void *self = check_new_unit (&mix_delay, rate, 2, params);
  check_noise (second.c[0], rate, 0.5, 1);
  check_noise (second.c[1], rate, 0.5, 2);
  check_process (&mix_delay, self, &second, &second, 4096);
  double last = minute_db (self, &second), rise = -400, fall = 0;
  for (unsigned m = 1; m < minutes; m++) {
    double db = minute_db (self, &second);
    if (last <= -300)
      break; /* nothing is left */
    rise = fmax (rise, db - last);
    if (m == 1)
      fall = last - db;
    last = db;
  }
  snprintf (figure, sizeof figure,
      "99 %% for %u min at %u Hz, %s: largest rise", minutes, rate, name);
  check_figure (figure, rise, -INFINITY, 0, "dB/min");
  if (per_minute > 0)
    check_figure (
        "its fall", fall, per_minute - 0.05, per_minute + 0.05, "dB/min");
  check_audio_free (&second);
  check_free_unit (&mix_delay, self);
  free (params);
}

static void
test_decays (void)
{
  for (unsigned r = 0; r < RATES; r++)
    test_decay (
        "375 ms", rates[r], wet_params ("feedback", 99.0, NULL), 60, 13.97);
  test_decay ("5 s", 48000, wet_params ("feedback", 99.0, "time", 5000.0, NULL),
      60, 1.048);
  test_decay (
      "1 ms", 48000, wet_params ("feedback", 99.0, "time", 1.0, NULL), 3, 0);
  test_decay ("ping-pong, offset, wow", 48000,
      wet_params ("feedback", 99.0, "ping-pong", 1.0, "offset", 37.0,
          "modulation", 100.0, "time", 1234.5, NULL),
      20, 0);
  static const double cuts[][2] = { { 10, 0 }, { 200, 0 }, { 20000, 0 },
    { 0, 20 }, { 0, 5000 }, { 0, 20000 }, { 20, 19000 }, { 1000, 1000 } };
  for (unsigned i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    char name[80];
    snprintf (name, sizeof name, "cuts %g %g Hz", cuts[i][0], cuts[i][1]);
    test_decay (name, 48000,
        wet_params ("feedback", 99.0, "low-cut", cuts[i][0], "high-cut",
            cuts[i][1], "time", 700.0, NULL),
        10, 0);
  }
}

/* White noise for an hour: echoes add up in power to 1 / (1 - 0.99²), which is
 * 17.0 dB, and no further. */
static void
test_hour_of_noise (void)
{
  CheckAudio second = check_audio (2, 48000);
  void *params = wet_params ("feedback", 99.0, NULL);
  void *self = check_new_unit (&mix_delay, 48000, 2, params);
  double power = 0;
  for (unsigned s = 0; s < 3600; s++) {
    check_noise (second.c[0], 48000, 0.1, 2 * s + 1);
    check_noise (second.c[1], 48000, 0.1, 2 * s + 2);
    check_process (&mix_delay, self, &second, &second, 4096);
    if (s >= 3000)
      power += pow (check_rms (second.c[0], 48000), 2) / 600;
  }
  double input = 0.1 / sqrt (3);
  check_figure ("noise for an hour at 99 %, over the input",
      10 * log10 (power / (input * input)), 16.0, 18.0, "dB");
  check_audio_free (&second);
  check_free_unit (&mix_delay, self);
  free (params);
}

/* ---- Neutral ------------------------------------------------------------ */

static void
test_neutral (void)
{
  CheckAudio in = check_audio (6, 60000), out = check_audio (6, 60000);
  for (unsigned c = 0; c < 6; c++) {
    check_noise (in.c[c], in.frames, 0.5, c + 1);
    for (unsigned i = 0; i < in.frames; i += 7)
      in.c[c][i] = i % 2 ? -0.f : 0.f;
  }
  check_audio_copy (&out, &in);
  void *params = check_params (&mix_delay);
  check_set (&mix_delay, params, "wet", -100);
  check_set (&mix_delay, params, "time", 50);
  check_set (&mix_delay, params, "modulation", 50);
  run (params, 48000, &out);
  CHECK (check_audio_equal (&in, &out), "dry 0 and wet -100 change bits");
  check_audio_free (&in);
  check_audio_free (&out);
}

/* ---- Times that move ---------------------------------------------------- */

/* The peak above 8 kHz, in dBFS, with a 1 kHz tone, while the time moves from
 * one value to another and back again and again. */
static double
sweep_db (unsigned rate, double from, double to, double seconds, void *params)
{
  unsigned frames = 4 * rate, settle = rate;
  CheckAudio audio = check_audio (2, frames);
  for (unsigned c = 0; c < 2; c++) {
    check_sine (audio.c[c], frames, 1000, rate, 0.5);
    for (unsigned i = 0; i < rate / 5;
         i++) /* a fade-in: a hard start would be above 8 kHz */
      audio.c[c][i] *= (float)(0.5 - 0.5 * cos (5 * MIX_PI * i / rate));
  }
  check_set (&mix_delay, params, "time", from);
  void *self = check_new_unit (&mix_delay, rate, 2, params);
  for (unsigned at = 0; at < frames; at += MIX_TICK) {
    double way = fmod (fmax (0, (double)at - settle) / rate / seconds, 1);
    check_set (&mix_delay, params, "time",
        from * pow (to / from, way < 0.5 ? 2 * way : 2 - 2 * way));
    mix_delay.set (self, params);
    check_process_span (
        &mix_delay, self, &audio, &audio, at, mix_min (at + MIX_TICK, frames));
  }
  double loudest = check_peak (audio.c[0], frames);
  CHECK (loudest <= 0.5 / (1 - 0.9) + 0.5, "a sweep reaches %g", loudest);
  check_high_pass (audio.c[0], audio.c[0], frames, 8000, rate);
  double high = check_peak (audio.c[0] + settle, frames - settle);
  check_audio_free (&audio);
  check_free_unit (&mix_delay, self);
  free (params);
  return mix_db_from_gain (high);
}

static void
test_sweeps (unsigned rate)
{
  static const double sweeps[][3] = { { 375, 500, 2 }, { 1, 5000, 1 },
    { 1, 40, 0.2 }, { 200, 201, 0.1 }, { 5000, 1, 0.01 } };
  char name[120];
  for (unsigned i = 0; i < sizeof sweeps / sizeof *sweeps; i++) {
    const double *s = sweeps[i];
    snprintf (name, sizeof name,
        "time %g to %g ms in %g s at %u Hz: above 8 kHz", s[0], s[1], s[2] / 2,
        rate);
    check_figure (name,
        fmax (sweep_db (rate, s[0], s[1], s[2], wet_params (NULL)),
            sweep_db (rate, s[0], s[1], s[2],
                wet_params ("feedback", 90.0, "ping-pong", 1.0, NULL))),
        -400, -80, "dBFS");
  }
}

/* A new time is reached after the fade, however large the step. */
static void
test_arrival (void)
{
  void *params = wet_params ("time", 10.0, "feedback", 0.0, NULL);
  CheckAudio audio = check_audio (2, 300000);
  void *self = check_new_unit (&mix_delay, 48000, 2, params);
  check_process_span (&mix_delay, self, &audio, &audio, 0, 1000);
  check_set (&mix_delay, params, "time", 5000);
  mix_delay.set (self, params);
  unsigned ready = 1000 + 48000 * 55 / 1000;
  check_process_span (&mix_delay, self, &audio, &audio, 1000, ready);
  audio.c[0][ready] = 1;
  check_process_span (&mix_delay, self, &audio, &audio, ready, 300000);
  check_figure ("55 ms after 10 ms became 5000 ms: the time is",
      first_sound (audio.c[0] + ready, 300000 - ready) / 48.0, 5000, 5000,
      "ms");
  check_audio_free (&audio);
  check_free_unit (&mix_delay, self);
  free (params);
}

/* ---- Wow ---------------------------------------------------------------- */

#define WOW_SECONDS 60
#define WOW_STEPS (WOW_SECONDS * 100)

/* The phase of a 1 kHz tone in `in` against its mean, in cycles, every 10
 * ms. */
static void
measure_wander (const float *in, unsigned rate, double wander[WOW_STEPS])
{
  unsigned step = rate / 100;
  double last = 0, mean = 0;
  for (unsigned k = 0; k < WOW_STEPS; k++) {
    double phase
        = carg (check_dft (in + k * step, step, 1000, rate)) / (2 * MIX_PI);
    last += k ? remainder (phase - last, 1) : phase;
    wander[k] = last;
    mean += last / WOW_STEPS;
  }
  for (unsigned k = 0; k < WOW_STEPS; k++)
    wander[k] -= mean;
}

static double
most_cents (const double wander[WOW_STEPS])
{
  double most = 0;
  for (unsigned k = 1; k < WOW_STEPS; k++) /* cycles in 10 ms, of 10 */
    most = fmax (
        most, fabs (1200 * log2 (1 + (wander[k] - wander[k - 1]) / 10)));
  return most;
}

static double
correlation (const double a[WOW_STEPS], const double b[WOW_STEPS])
{
  double ab = 0, aa = 0, bb = 0;
  for (unsigned k = 0; k < WOW_STEPS; k++) {
    ab += a[k] * b[k];
    aa += a[k] * a[k];
    bb += b[k] * b[k];
  }
  return ab / sqrt (aa * bb);
}

static void
test_wow (unsigned rate)
{
  static double left[WOW_STEPS], right[WOW_STEPS];
  unsigned settle = rate;
  CheckAudio audio = check_audio (2, (WOW_SECONDS + 1) * rate);
  for (unsigned c = 0; c < 2; c++)
    check_sine (audio.c[c], audio.frames, 1000, rate, 0.5);
  run (wet_params ("modulation", 100.0, "feedback", 0.0, NULL), rate, &audio);
  measure_wander (audio.c[0] + settle, rate, left);
  measure_wander (audio.c[1] + settle, rate, right);
  check_figure ("wow at 100 %, left", most_cents (left), 11, 12, "cents");
  check_figure ("wow at 100 %, right", most_cents (right), 11, 12, "cents");
  check_figure (
      "left and right alike", fabs (correlation (left, right)), 0, 0.1, "");
  check_high_pass (audio.c[0], audio.c[0], audio.frames, 8000, rate);
  check_figure ("wow on 1 kHz, above 8 kHz",
      mix_db_from_gain (
          check_peak (audio.c[0] + settle, audio.frames - settle)),
      -400, -90, "dBFS");
  check_audio_free (&audio);
}

/* The interpolation alone: its gain at any fraction is at most 1, the phase of
 * a sine is right, a whole delay is exact. */
static void
test_fractional (void)
{
  enum { LENGTH = 256, N = MIX_TICK };
  static float ring[LENGTH];
  float in[LENGTH], out[N];
  MixDelayLine delay;
  double most = 0, off = 0;
  for (double d = 2; d <= 40; d += 0.173)
    for (double hz = 0.001; hz < 0.5; hz *= 1.3) {
      double power = 0;
      mix_delay_line_prepare (&delay, LENGTH);
      check_sine (in, LENGTH, hz, 1, 1);
      mix_delay_line_write (&delay, ring, in, LENGTH - N);
      mix_delay_line_advance (&delay, LENGTH - N);
      mix_delay_line_write (&delay, ring, in + LENGTH - N, N);
      mix_fractional_read (
          &delay, ring, out, (MixFractionalPath){ d, 0, 0 }, N);
      for (int i = 0; i < N; i++) {
        double exact = sin (2 * MIX_PI * hz * (LENGTH - N + i - d));
        power = fmax (power, fabs ((double)out[i]));
        if (hz < 0.05)
          off = fmax (off, fabs ((double)out[i] - exact));
      }
      most = fmax (most, power);
    }
  check_figure (
      "fractional delay: largest sample of a sine", most, 0.99, 1.00001, "");
  check_figure ("fractional delay: error up to rate / 20",
      mix_db_from_gain (off), -400, -60, "dB");
  mix_fractional_read (&delay, ring, out, (MixFractionalPath){ 17, 0, 0 }, N);
  CHECK (memcmp (out, in + LENGTH - N - 17, sizeof out) == 0, "a whole delay");
}

/* ---- Duck --------------------------------------------------------------- */

/* The attenuation of echoes by the ducker, `ms` after the end of a second of
 * noise. */
static double
ducked_db (unsigned rate, double duck, double ms)
{
  double level[2];
  for (unsigned k = 0; k < 2; k++) {
    CheckAudio audio = check_audio (2, 4 * rate);
    for (unsigned c = 0; c < 2; c++)
      check_noise (audio.c[c], rate, 0.3, c + 1);
    run (wet_params (
             "feedback", 95.0, "time", 50.0, "duck", k ? duck : 0.0, NULL),
        rate, &audio);
    level[k]
        = check_rms (audio.c[0] + rate + (int)(ms * rate / 1000), rate / 50);
    check_audio_free (&audio);
  }
  return mix_db_from_gain (level[0] / level[1]);
}

static void
test_duck (unsigned rate)
{
  check_figure ("duck 20 dB, while the source plays",
      ducked_db (rate, 20, -200), 19.99, 20.01, "dB");
  check_figure ("80 ms after", ducked_db (rate, 20, 60), 19.9, 20.1, "dB");
  check_figure ("a second after", ducked_db (rate, 20, 1000), 0.5, 2, "dB");
  check_figure ("two seconds after", ducked_db (rate, 20, 2000), 0, 0.1, "dB");
  check_figure ("duck 40 dB", ducked_db (rate, 40, -200), 39.99, 40.01, "dB");
}

/* ---- Width and layout --------------------------------------------------- */

static void
test_width (double width, double same, double other)
{
  CheckAudio audio = answer (
      wet_params ("width", width, "time", 10.0, "feedback", 0.0, NULL), 48000,
      2, 0, 1000);
  check_figure ("width: left of an echo on the left", audio.c[0][480],
      same - 1e-6, same + 1e-6, "");
  check_figure (
      "width: right of it", audio.c[1][480], other - 1e-6, other + 1e-6, "");
  check_audio_free (&audio);
}

/* 5.1: each pair by itself, plain echoes in the centre, none in the LFE. */
static void
test_surround (void)
{
  static const struct {
    unsigned from, first, second; /* channels of the echoes; 9: none */
  } ways[] = { { 0, 0, 1 }, { 1, 0, 1 }, { 2, 2, 2 }, { 3, 9, 9 }, { 4, 4, 5 },
    { 5, 4, 5 } };
  for (unsigned w = 0; w < 6; w++) {
    CheckAudio audio = answer (
        wet_params ("ping-pong", 1.0, "time", 10.0, "feedback", 50.0, NULL),
        48000, 6, ways[w].from, 1000);
    for (unsigned c = 0; c < 6; c++) {
      CHECK ((audio.c[c][480] != 0) == (c == ways[w].first),
          "channel %u to %u, first echo", ways[w].from, c);
      CHECK ((audio.c[c][960] != 0) == (c == ways[w].second),
          "channel %u to %u, second echo", ways[w].from, c);
    }
    check_audio_free (&audio);
  }
  MixFormat lfe
      = { .rate = 48000, .channels = 1, .speakers = { MIX_SPEAKER_LFE } };
  void *params = check_params (&mix_delay);
  CHECK (check_remarks (&mix_delay, params, &lfe) == 0, "an LFE alone");
  free (params);
}

/* ---- Limits ------------------------------------------------------------- */

static void
test_limits (void)
{
  MixFormat mono = mix_format (48000, 1), stereo = mix_format (48000, 2);
  void *params = wet_params ("time", 900.0, "max-delay", 500.0, NULL);
  CHECK (
      check_remarks (&mix_delay, params, &stereo) == 1, "time over max-delay");
  CheckAudio audio = answer (params, 48000, 2, 0, 48000);
  check_figure ("900 ms with max-delay 500",
      first_sound (audio.c[0], 48000) / 48.0, 500, 500, "ms");
  check_audio_free (&audio);

  params = wet_params ("tempo", 1e-300, NULL);
  CHECK (
      check_remarks (&mix_delay, params, &stereo) == 1, "a tempo of nearly 0");
  audio = answer (params, 48000, 2, 0, 250000);
  check_figure ("a tempo of nearly 0", first_sound (audio.c[0], 250000) / 48.0,
      5000, 5000, "ms");
  check_audio_free (&audio);

  params = check_params (&mix_delay);
  CHECK (check_remarks (&mix_delay, params, &mono) == 0, "defaults");
  check_set (&mix_delay, params, "ping-pong", 1);
  CHECK (check_remarks (&mix_delay, params, &mono) == 1, "ping-pong on mono");
  CHECK (
      check_remarks (&mix_delay, params, &stereo) == 0, "ping-pong on stereo");
  free (params);
}

/* The longest pause between echoes is what `tail` says, or a little less. */
static void
test_tail (void)
{
  void *params = check_params (&mix_delay);
  check_set (&mix_delay, params, "offset", 50);
  void *self = check_new_unit (&mix_delay, 48000, 2, params);
  check_figure ("tail at 375 ms and 50 % offset", mix_delay.tail (self) / 48.0,
      562.5, 570, "ms");
  check_free_unit (&mix_delay, self);
  free (params);
}

/* While wet is off there is no tail that a host has to wait for. */
static void
test_silent_tail (void)
{
  void *params = check_params (&mix_delay);
  void *self = check_new_unit (&mix_delay, 48000, 2, params);
  CheckAudio audio = check_audio (2, 24000);
  check_noise (audio.c[0], audio.frames, 0.5, 1);
  check_process (&mix_delay, self, &audio, &audio, 1024);
  check_set (&mix_delay, params, "wet", -100);
  mix_delay.set (self, params);
  CHECK (mix_delay.tail (self) > 0, "no tail before the wet sound is off");
  memset (audio.c[0], 0, audio.frames * sizeof (float));
  memset (audio.c[1], 0, audio.frames * sizeof (float));
  check_process (&mix_delay, self, &audio, &audio, 1024);
  CHECK (mix_delay.tail (self) == 0, "a tail of what is not heard");
  check_set (&mix_delay, params, "wet", 0);
  mix_delay.set (self, params);
  CHECK (mix_delay.tail (self) > 0, "no tail when it comes back");
  check_process (&mix_delay, self, &audio, &audio, 1024);
  CHECK (check_peak (audio.c[0], audio.frames) > 1e-3, "it does not come back");
  check_audio_free (&audio);
  check_free_unit (&mix_delay, self);
  free (params);
}

/* At rates whose frames cannot be counted `prepare` fails. */
static void
test_absurd_rates (void)
{
  static const unsigned rates_hz[] = { 300000000, 450000000, 2147483647 };
  void *self = calloc (1, mix_delay.size);
  void *params = check_params (&mix_delay);
  check_set (&mix_delay, params, "max-delay", 10000);
  for (unsigned i = 0; i < 3; i++) {
    MixFormat format = mix_format (rates_hz[i], 2);
    CHECK (!mix_delay.prepare (self, &format, params), "%u Hz", rates_hz[i]);
  }
  free (params);
  free (self);
}

int
main (void)
{
  test_echoes ();
  test_offset (40, 100, 140);
  test_offset (-100, 200, 100);
  test_notes ();
  for (unsigned r = 0; r < RATES; r++) {
    test_ping_pong (rates[r]);
    test_loop_gains (rates[r]);
    test_sweeps (rates[r]);
    test_wow (rates[r]);
    test_duck (rates[r]);
  }
  test_cut_design (false);
  test_cut_design (true);
  test_cut_comes_on ();
  test_decays ();
  test_hour_of_noise ();
  test_neutral ();
  test_arrival ();
  test_fractional ();
  test_width (100, 1, 0);
  test_width (0, 0.5, 0.5);
  test_width (200, 1.5, -0.5);
  test_surround ();
  test_limits ();
  test_tail ();
  test_silent_tail ();
  test_absurd_rates ();
  return check_end ();
}
