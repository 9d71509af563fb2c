/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The minimum requirements of EBU Tech 3341 (cases 1-6 and 9-23) and Tech 3342
 * (cases 1-4), all signals that can be synthesised, at several rates; the
 * recordings of cases 7 and 8, and 5 and 6, cannot. Each row says what is
 * expected, what the meter reads and what is allowed.
 *
 *   conformance-ebu [RATE…]
 *
 * Signals 15-23 are given a fade of 0.1 s at both ends: they are about steady
 * signals, not about the edge of a sine that is switched on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

/* ---- A meter that is fed piece by piece --------------------------------- */

typedef struct {
  unsigned rate, channels;
  void *self;
  unsigned long frames; /* so far */
} Meter;

static Meter
new_meter (unsigned rate, unsigned channels)
{
  return (Meter){ rate, channels,
    check_new_unit (&mix_meter, rate, channels, NULL), 0 };
}

static void
free_meter (Meter *m)
{
  check_free_unit (&mix_meter, m->self);
}

/* Sines of 1 kHz that run on, in phase, of a peak level for each channel. */
static void
play (Meter *m, double seconds, const double *db)
{
  unsigned long end = m->frames + (unsigned long)(seconds * m->rate + 0.5);
  CheckAudio audio = check_audio (m->channels, m->rate);
  while (m->frames < end) {
    unsigned long left = end - m->frames;
    unsigned n = left < audio.frames ? (unsigned)left : audio.frames;
    for (unsigned i = 0; i < n; i++) {
      double at = fmod (1000.0 * (double)(m->frames + i) / m->rate, 1);
      double sine = sin (2 * MIX_PI * at);
      for (unsigned c = 0; c < m->channels; c++)
        audio.c[c][i] = (float)(mix_gain_from_db (db[c]) * sine);
    }
    check_process_span (&mix_meter, m->self, &audio, &audio, 0, n);
    m->frames += n;
  }
  check_audio_free (&audio);
}

static void
play_stereo (Meter *m, double seconds, double db)
{
  play (m, seconds, (const double[]){ db, db });
}

#define SILENCE (-400.0)

static double
now (Meter *m, const char *name)
{
  return check_read (&mix_meter, m->self, name);
}

static double
final (Meter *m, const char *name)
{
  void *readings = calloc (1, mix_meter.readings.size);
  mix_meter.sum_up (m->self, readings);
  double value
      = mix_row_get (mix_table_find (&mix_meter.readings, name), readings);
  free (readings);
  return value;
}

/* ---- Rows --------------------------------------------------------------- */

static void
row (unsigned document, const char *number, const char *what, unsigned rate,
    double measured, double expected, double below, double above,
    const char *unit)
{
  char name[160];
  snprintf (name, sizeof name, "Tech %u case %-5s %-5s %6u Hz, expected %5.1f",
      document, number, what, rate, expected);
  check_figure (name, measured, expected - below, expected + above, unit);
}

static void
loudness_row (const char *number, const char *what, unsigned rate,
    double measured, double expected)
{
  row (3341, number, what, rate, measured, expected, 0.1, 0.1, "LUFS");
}

/* ---- Tech 3341: loudness ------------------------------------------------ */

typedef struct {
  double seconds, db;
} Piece;

#define PIECES 5 /* those of 0 s are none */

static void
play_pieces (Meter *m, const Piece pieces[PIECES])
{
  for (unsigned i = 0; i < PIECES; i++)
    if (pieces[i].seconds > 0)
      play_stereo (m, pieces[i].seconds, pieces[i].db);
}

static void
test_integrated (unsigned rate)
{
  static const struct {
    const char *number;
    double expected;
    bool is_steady;
    Piece pieces[PIECES];
  } cases[] = {
    { "1", -23, true, { { 20, -23 } } },
    { "2", -33, true, { { 20, -33 } } },
    { "3", -23, false, { { 10, -36 }, { 60, -23 }, { 10, -36 } } },
    { "4", -23, false,
        { { 10, -72 }, { 10, -36 }, { 60, -23 }, { 10, -36 }, { 10, -72 } } },
    { "5", -23, false, { { 20, -26 }, { 20.1, -20 }, { 20, -26 } } },
  };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    Meter m = new_meter (rate, 2);
    play_pieces (&m, cases[i].pieces);
    if (cases[i].is_steady) {
      loudness_row (
          cases[i].number, "M", rate, now (&m, "momentary"), cases[i].expected);
      loudness_row (cases[i].number, "S", rate, now (&m, "short-term"),
          cases[i].expected);
    }
    loudness_row (cases[i].number, "I", rate, final (&m, "integrated"),
        cases[i].expected);
    free_meter (&m);
  }
}

static void
test_surround (unsigned rate)
{
  Meter m = new_meter (rate, 5);
  play (&m, 20, (const double[]){ -28, -28, -24, -30, -30 });
  loudness_row ("6", "I", rate, final (&m, "integrated"), -23);
  free_meter (&m);
}

/* Two levels in turn whose mean over the window is always the same; read every
 * 10 ms once the window is full. */
static void
test_steady (unsigned rate, const char *number, const char *what,
    const char *name, Piece loud, Piece soft, unsigned times, double settled)
{
  Meter m = new_meter (rate, 2);
  double low = 100, high = -100;
  for (unsigned i = 0; i < times; i++)
    for (unsigned half = 0; half < 2; half++) {
      Piece piece = half ? soft : loud;
      for (double at = 0; at < piece.seconds - 0.001; at += 0.01) {
        play_stereo (&m, 0.01, piece.db);
        if ((double)m.frames < settled * rate)
          continue;
        low = fmin (low, now (&m, name));
        high = fmax (high, now (&m, name));
      }
    }
  char number_of[2][16];
  snprintf (number_of[0], sizeof number_of[0], "%s low", number);
  snprintf (number_of[1], sizeof number_of[1], "%s hi", number);
  loudness_row (number_of[0], what, rate, low, -23);
  loudness_row (number_of[1], what, rate, high, -23);
  free_meter (&m);
}

/* Tones that just fill a window, each beginning at another place; for meters of
 * files each for itself. */
static void
test_one_window (unsigned rate, const char *number, const char *what,
    const char *name, double window, double delay)
{
  double worst = -23;
  for (unsigned i = 0; i < 20; i++) {
    Meter m = new_meter (rate, 2);
    play_stereo (&m, i * delay, SILENCE);
    play_stereo (&m, window, -23);
    play_stereo (&m, 1, SILENCE);
    double got = final (&m, name);
    if (fabs (got + 23) >= fabs (worst + 23))
      worst = got;
    free_meter (&m);
  }
  loudness_row (number, what, rate, worst, -23);
}

/* For live meters one after the other, each a decibel louder. */
static void
test_windows (unsigned rate, const char *number, const char *what,
    const char *name, double window, double delay)
{
  Meter m = new_meter (rate, 2);
  double worst = 0;
  for (unsigned i = 1; i <= 20; i++) {
    play_stereo (&m, i * delay, SILENCE);
    play_stereo (&m, window, -39 + (double)i);
    play_stereo (&m, window - i * delay, SILENCE);
    double error = now (&m, name) - (-39 + (double)i);
    if (fabs (error) >= fabs (worst))
      worst = error;
  }
  loudness_row (number, what, rate, -19 + worst, -19);
  free_meter (&m);
}

/* ---- Tech 3341: true peak ----------------------------------------------- */

/* 0 at both ends, 1 from 0.1 s on. */
static double
fade (unsigned i, unsigned frames, unsigned rate)
{
  double at = fmin (i, frames - 1 - i) / (0.1 * rate);
  return at < 1 ? 0.5 - 0.5 * cos (MIX_PI * at) : 1;
}

static void
peak_row (
    const char *number, const CheckAudio *audio, unsigned rate, double expected)
{
  Meter m = new_meter (rate, 2);
  check_process (&mix_meter, m.self, audio, audio, 1024);
  row (3341, number, "TP", rate, final (&m, "true-peak"), expected, 0.4, 0.2,
      "dBTP");
  free_meter (&m);
}

static void
test_sine_peaks (unsigned rate)
{
  static const struct {
    const char *number;
    double period, amplitude, degrees, expected;
  } cases[] = {
    { "15", 4, 0.5, 0, -6 },
    { "16", 4, 0.5, 45, -6 },
    { "17", 6, 0.5, 60, -6 },
    { "18", 8, 0.5, 67.5, -6 },
    { "19", 4, 1.41, 45, 3 },
  };
  for (unsigned k = 0; k < sizeof cases / sizeof *cases; k++) {
    CheckAudio audio = check_audio (2, rate);
    for (unsigned i = 0; i < rate; i++)
      audio.c[0][i] = audio.c[1][i]
          = (float)(cases[k].amplitude * fade (i, rate, rate)
                    * sin (2 * MIX_PI
                           * (i / cases[k].period + cases[k].degrees / 360)));
    peak_row (cases[k].number, &audio, rate, cases[k].expected);
    check_audio_free (&audio);
  }
}

#define UP 4
#define REACH 512 /* of the low-pass, at the high rate */

/* A sine of rate/6 at half amplitude, with one period of rate/4 at full
 * amplitude in its middle; at four times the rate. */
static double
spliced (long i, unsigned frames)
{
  long middle = (long)frames * UP / 2 / 24 * 24, period = 4 * UP;
  if (i < middle)
    return 0.5 * sin (2 * MIX_PI * (double)i / (6 * UP));
  if (i < middle + period)
    return sin (2 * MIX_PI * (double)(i - middle) / (double)period);
  return 0.5 * sin (2 * MIX_PI * (double)(i - middle - period) / (6 * UP));
}

/* Low-passed at half the rate (a windowed sinc). */
static double
low_passed (long at, unsigned frames)
{
  double sum = 0;
  for (long k = -REACH; k <= REACH; k++) {
    double x = MIX_PI * (double)k / UP, window = MIX_PI * (double)k / REACH;
    double tap = k ? sin (x) / x / UP : 1.0 / UP;
    sum += tap * (0.42 + 0.5 * cos (window) + 0.08 * cos (2 * window))
           * spliced (at + k, frames);
  }
  return sum;
}

static void
test_spliced_peaks (unsigned rate)
{
  static const char *const numbers[] = { "20", "21", "22", "23" };
  unsigned frames = rate / 2;
  for (unsigned offset = 0; offset < UP; offset++) {
    CheckAudio audio = check_audio (2, frames);
    for (unsigned i = 0; i < frames; i++) {
      bool is_near = labs ((long)i - (long)frames / 2) < 2000;
      long at = (long)(i * UP + offset);
      double x = is_near ? low_passed (at, frames) : spliced (at, frames);
      audio.c[0][i] = audio.c[1][i] = (float)(x * fade (i, frames, rate));
    }
    peak_row (numbers[offset], &audio, rate, 0);
    check_audio_free (&audio);
  }
}

/* ---- Tech 3342 ---------------------------------------------------------- */

static void
test_ranges (unsigned rate)
{
  static const struct {
    const char *number;
    double expected;
    Piece pieces[PIECES];
  } cases[] = {
    { "1", 10, { { 20, -20 }, { 20, -30 } } },
    { "2", 5, { { 20, -20 }, { 20, -15 } } },
    { "3", 20, { { 20, -40 }, { 20, -20 } } },
    { "4", 15,
        { { 20, -50 }, { 20, -35 }, { 20, -20 }, { 20, -35 }, { 20, -50 } } },
  };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    Meter m = new_meter (rate, 2);
    play_pieces (&m, cases[i].pieces);
    row (3342, cases[i].number, "LRA", rate, final (&m, "range"),
        cases[i].expected, 1, 1, "LU");
    free_meter (&m);
  }
}

/* ---- */

static void
test_rate (unsigned rate)
{
  test_integrated (rate);
  test_surround (rate);
  test_steady (rate, "9", "S", "short-term", (Piece){ 1.34, -20 },
      (Piece){ 1.66, -30 }, 5, 3);
  test_one_window (rate, "10", "max S", "max-short-term", 3, 0.15);
  test_windows (rate, "11", "max S", "max-short-term", 3, 0.15);
  test_steady (rate, "12", "M", "momentary", (Piece){ 0.18, -20 },
      (Piece){ 0.22, -30 }, 25, 1);
  test_one_window (rate, "13", "max M", "max-momentary", 0.4, 0.02);
  test_windows (rate, "14", "max M", "max-momentary", 0.4, 0.02);
  test_sine_peaks (rate);
  test_spliced_peaks (rate);
  test_ranges (rate);
}

int
main (int argc, char **argv)
{
  static const unsigned rates[] = { 44100, 48000, 96000, 192000 };
  for (int i = 1; i < argc; i++)
    test_rate ((unsigned)strtoul (argv[i], NULL, 10));
  for (unsigned i = 0; argc < 2 && i < sizeof rates / sizeof *rates; i++)
    test_rate (rates[i]);
  return check_end ();
}
