/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The leveler on synthetic programmes: pink noise in steps of level. Real
 * recordings are in tests/conformance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

/* A programme of segments, each of one level. */
typedef struct {
  double seconds, lufs; /* -HUGE_VAL for silence */
} Segment;

/* Input, output and the gain of each 10 ms. */
typedef struct {
  unsigned rate, steps;
  CheckAudio in, out;
  double *gain_db;
} Run;

/* One channel of pink noise of an RMS of 0 dBFS reads about this. */
static double
pink_lufs (unsigned rate)
{
  CheckAudio audio = check_audio (1, 20 * rate);
  void *self = check_new_unit (&mix_meter, rate, 1, NULL);
  check_pink (audio.c[0], audio.frames, 0.1, 7);
  check_process (&mix_meter, self, &audio, &audio, 1024);
  double lufs = check_read (&mix_meter, self, "integrated") + 20;
  check_free_unit (&mix_meter, self);
  check_audio_free (&audio);
  return lufs;
}

static unsigned
frames_of (const Segment *programme, unsigned rate)
{
  double seconds = 0;
  for (; programme->seconds > 0; programme++)
    seconds += programme->seconds;
  return (unsigned)(seconds * rate + 0.5);
}

static void
fill (CheckAudio *audio, const Segment *programme, unsigned rate)
{
  double own_lufs = pink_lufs (rate);
  unsigned at = 0;
  check_pink (audio->c[0], audio->frames, 1, 7);
  for (; programme->seconds > 0; programme++) {
    float gain = (float)mix_gain_from_db (programme->lufs - own_lufs);
    unsigned n = (unsigned)(programme->seconds * rate);
    for (unsigned i = at; i < at + n && i < audio->frames; i++)
      audio->c[0][i] *= gain;
    at += n;
  }
}

static Run
run_programme (const Segment *programme, unsigned rate, const void *params)
{
  Run r = { .rate = rate };
  unsigned frames = frames_of (programme, rate), step = rate / 100;
  void *self = check_new_unit (&mix_leveler, rate, 1, params);
  r.in = check_audio (1, frames);
  r.out = check_audio (1, frames);
  r.gain_db = calloc (frames / step, sizeof *r.gain_db);
  fill (&r.in, programme, rate);
  for (; r.steps < frames / step; r.steps++) {
    check_process_span (&mix_leveler, self, &r.out, &r.in, r.steps * step,
        (r.steps + 1) * step);
    r.gain_db[r.steps] = check_read (&mix_leveler, self, "gain");
  }
  check_free_unit (&mix_leveler, self);
  return r;
}

static void
free_run (Run *r)
{
  check_audio_free (&r->in);
  check_audio_free (&r->out);
  free (r->gain_db);
}

static double
gain_at (const Run *r, double seconds)
{
  return r->gain_db[(unsigned)(seconds * 100)];
}

/* The range of the gain between two times. */
static void
extremes (const Run *r, double from, double to, double *low, double *high)
{
  *low = HUGE_VAL;
  *high = -HUGE_VAL;
  for (unsigned i = (unsigned)(from * 100); i < (unsigned)(to * 100); i++) {
    *low = fmin (*low, r->gain_db[i]);
    *high = fmax (*high, r->gain_db[i]);
  }
}

/* Measured independently, by the meter. */
static double
loudness_of_span (const Run *r, double from, double to)
{
  unsigned at = (unsigned)(from * r->rate), end = (unsigned)(to * r->rate);
  CheckAudio part = check_audio (1, end - at);
  void *self = check_new_unit (&mix_meter, r->rate, 1, NULL);
  memcpy (part.c[0], r->out.c[0] + at, (end - at) * sizeof (float));
  check_process (&mix_meter, self, &part, &part, 1024);
  double lufs = check_read (&mix_meter, self, "integrated");
  check_free_unit (&mix_meter, self);
  check_audio_free (&part);
  return lufs;
}

static void *
params_with (const char *name, double value)
{
  void *params = check_params (&mix_leveler);
  if (name)
    check_set (&mix_leveler, params, name, value);
  return params;
}

/* ---- Facts -------------------------------------------------------------- */

static void
test_arrives (unsigned rate)
{
  static const double levels[] = { -35, -30, -20, -11 };
  for (unsigned i = 0; i < 4; i++) {
    Segment programme[] = { { 40, levels[i] }, { 0, 0 } };
    Run r = run_programme (programme, rate, NULL);
    char name[80];
    snprintf (name, sizeof name, "%u Hz, %.0f LUFS: after 10 s, to -23", rate,
        levels[i]);
    check_figure (name, loudness_of_span (&r, 10, 40), -23.5, -22.5, "LUFS");
    free_run (&r);
  }
}

/* Over 100 ms, dB/s. */
static void
fastest (const Run *r, double *up, double *down)
{
  *up = *down = 0;
  for (unsigned i = 10; i < r->steps; i++) {
    double speed = (r->gain_db[i] - r->gain_db[i - 10]) * 10;
    *up = fmax (*up, speed);
    *down = fmax (*down, -speed);
  }
}

/* The slew limits: upwards anywhere, downwards where the target gain is 2 dB
 * away, as the level steps by so much with a range of 0. */
static void
test_speed_near (unsigned rate)
{
  static const Segment programme[] = { { 20, -24.5 }, { 20, -22.5 },
    { 20, -24.5 }, { 20, -26.5 }, { 0, 0 } };
  void *params = params_with ("range", 0);
  double up, down;
  check_set (&mix_leveler, params, "converge", 0);
  check_set (&mix_leveler, params, "fall", 1);
  check_set (&mix_leveler, params, "rise", 0.5);
  Run r = run_programme (programme, rate, params);
  fastest (&r, &up, &down);
  check_figure (
      "near the target gain, fastest rise of 0.5", up, 0.45, 0.505, "dB/s");
  check_figure (
      "near the target gain, fastest fall of 1", down, 0.5, 1.01, "dB/s");
  free_run (&r);
  free (params);
}

/* From 28 dB away the gain falls faster, yet smoothly: the gain of each sample
 * is output / input where the input is not close to 0. */
static void
test_speed_far (unsigned rate)
{
  static const Segment programme[]
      = { { 10, -23 }, { 10, -40 }, { 10, -12 }, { 0, 0 } };
  void *params = params_with ("gate", -70);
  Run r = run_programme (programme, rate, params);
  double up, down, step = 0, last = 0;
  fastest (&r, &up, &down);
  for (unsigned i = 0; i < r.in.frames; i++) {
    if (fabsf (r.in.c[0][i]) < 1e-5f)
      continue;
    double db = mix_db_from_gain ((double)(r.out.c[0][i] / r.in.c[0][i]));
    step = i ? fmax (step, fabs (db - last)) : 0;
    last = db;
  }
  check_figure ("fastest rise", up, 1.95, 2.02, "dB/s");
  check_figure ("far off, fastest fall of 6", down, 20, 200, "dB/s");
  check_figure ("largest step between samples", step, 0, 0.02, "dB");
  free_run (&r);
  free (params);
}

/* Silence, and room noise of -45 LUFS, which is over the gate. */
static void
test_pauses (unsigned rate)
{
  static const double pauses[] = { -HUGE_VAL, -60, -45 };
  for (unsigned i = 0; i < 3; i++) {
    Segment programme[]
        = { { 20, -20 }, { 20, pauses[i] }, { 10, -20 }, { 0, 0 } };
    Run r = run_programme (programme, rate, NULL);
    double low, high;
    extremes (&r, 21, 40, &low, &high);
    check_figure ("gain moved in a pause", high - low, 0, 0.5, "dB");
    check_figure ("first second after it", loudness_of_span (&r, 40, 41), -23.5,
        -22.5, "LUFS");
    free_run (&r);
  }
}

/* Room noise of -48 LUFS precedes the first word. */
static void
test_room_first (void)
{
  static const Segment programme[] = { { 20, -48 }, { 10, -20 }, { 0, 0 } };
  Run r = run_programme (programme, 48000, NULL);
  check_figure (
      "gain before the first word", gain_at (&r, 19.9), -0.1, 0.1, "dB");
  check_figure (
      "the first second", loudness_of_span (&r, 20, 21), -21, -19, "LUFS");
  free_run (&r);
}

/* Modulated sound 26 LU under the programme before is quiet foreground for a
 * minute; with nothing else it then is the programme. */
static void
test_quiet_programme (unsigned rate)
{
  static Segment programme[402] = { { 20, -14 } };
  for (unsigned i = 1; i < 401; i++)
    programme[i] = (Segment){ 0.3, i % 2 ? -46 : -38 };
  void *params = params_with ("max-boost", 30);
  Run r = run_programme (programme, rate, params);
  double low, high;
  extremes (&r, 20, 75, &low, &high);
  check_figure ("26 LU less, in turns: risen in 55 s",
      high - gain_at (&r, 19.9), 0, 6, "dB");
  check_figure ("the same after 100 s", loudness_of_span (&r, 120, 140), -24.5,
      -21.5, "LUFS");
  free_run (&r);
  free (params);
}

/* A programme 12 LU under the one before gets its level. */
static void
test_softer_programme (unsigned rate)
{
  static const Segment programme[] = { { 60, -20 }, { 90, -32 }, { 0, 0 } };
  void *params = params_with ("range", 40);
  Run r = run_programme (programme, rate, params);
  check_figure ("12 LU less, after a minute", loudness_of_span (&r, 130, 150),
      -23.5, -22.5, "LUFS");
  free_run (&r);
  free (params);
}

/* A sample of 100 dBFS, as in a damaged file. */
static void
test_bad_sample (void)
{
  static const Segment programme[] = { { 60, -23 }, { 0, 0 } };
  CheckAudio audio = check_audio (1, 60 * 48000);
  fill (&audio, programme, 48000);
  audio.c[0][20 * 48000] = 1e5f;
  void *self = check_new_unit (&mix_leveler, 48000, 1, NULL);
  double low = 0;
  for (unsigned i = 0; i < 60; i++) {
    check_process_span (
        &mix_leveler, self, &audio, &audio, i * 48000, (i + 1) * 48000);
    low = fmin (low, check_read (&mix_leveler, self, "gain"));
  }
  check_figure ("gain after one sample of 100 dBFS", low, -12, 0, "dB");
  check_figure ("half a minute later", check_read (&mix_leveler, self, "gain"),
      -1, 1, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
}

/* The limits apply in silence, too. */
static void
test_limit_in_silence (void)
{
  static const Segment programme[]
      = { { 15, -40 }, { 10, -HUGE_VAL }, { 0, 0 } };
  CheckAudio audio = check_audio (1, 25 * 48000);
  void *params = check_params (&mix_leveler);
  fill (&audio, programme, 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  check_process_span (&mix_leveler, self, &audio, &audio, 0, 20 * 48000);
  check_set (&mix_leveler, params, "max-boost", 0);
  mix_leveler.set (self, params);
  check_process_span (
      &mix_leveler, self, &audio, &audio, 20 * 48000, 25 * 48000);
  check_figure ("gain in silence, max-boost set to 0",
      check_read (&mix_leveler, self, "gain"), 0, 0.01, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  free (params);
}

static void
test_on_target (unsigned rate)
{
  static const Segment programme[] = { { 5, -23 }, { 5, -20 }, { 5, -26 },
    { 5, -22 }, { 5, -24 }, { 0, 0 } };
  Run r = run_programme (programme, rate, NULL);
  double low, high;
  extremes (&r, 0, 25, &low, &high);
  check_figure ("on target, most", high, 0, 1, "dB");
  check_figure ("on target, least", low, -1, 0, "dB");
  free_run (&r);
}

/* Without converge an error of 6 LU is reduced to the edge of the range, one of
 * 4 LU is kept. */
static void
test_range (unsigned rate)
{
  static const Segment programme[]
      = { { 20, -19 }, { 20, -16 }, { 20, -27 }, { 20, -31 }, { 0, 0 } };
  static const double expected[] = { 0, -2, 0, 3 };
  void *params = params_with ("converge", 0);
  Run r = run_programme (programme, rate, params);
  for (unsigned i = 0; i < 4; i++)
    check_figure ("gain towards the range", gain_at (&r, 20 * i + 19.9),
        expected[i] - 0.5, expected[i] + 0.5, "dB");
  free_run (&r);
  free (params);
}

/* Anti-windup: a gain at its limit for a minute is not compensated later. */
static void
test_limits (unsigned rate)
{
  static const Segment programme[] = { { 60, -42 }, { 20, -24 }, { 0, 0 } };
  Run r = run_programme (programme, rate, NULL);
  check_figure ("most boost", gain_at (&r, 59.9), 11.99, 12, "dB");
  check_figure (
      "5 s after the limit", loudness_of_span (&r, 65, 80), -24.5, -22, "LUFS");
  free_run (&r);
}

/* One sample of full scale, before anything else. */
static void
test_click (void)
{
  CheckAudio audio = check_audio (1, 3 * 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, NULL);
  check_impulse (audio.c[0], audio.frames, 48000, 1);
  check_process (&mix_leveler, self, &audio, &audio, 480);
  check_figure ("gain after a click", check_read (&mix_leveler, self, "gain"),
      0, 0, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
}

static void
test_static (void)
{
  void *params = params_with ("static-gain", -7.5);
  check_choose (&mix_leveler, params, "mode", "static");
  Segment programme[] = { { 2, -30 }, { 0, 0 } };
  Run r = run_programme (programme, 48000, params);
  double error = 0;
  for (unsigned i = 0; i < r.in.frames; i++)
    error = fmax (error,
        fabs ((double)r.out.c[0][i] - (double)r.in.c[0][i] * pow (10, -0.375)));
  check_figure (
      "static: error of -7.5 dB, from the first sample", error, 0, 1e-7, "");
  free_run (&r);
  free (params);
}

/* The readings against those of the meter, on input and output. */
static void
test_readings (unsigned rate)
{
  static const char *const names[]
      = { "momentary", "short-term", "integrated", "range" };
  static const Segment programme[] = { { 10, -30 }, { 10, -18 }, { 0, 0 } };
  Run r = run_programme (programme, rate, NULL);
  CheckAudio scratch = check_audio (1, r.in.frames);
  void *leveler = check_new_unit (&mix_leveler, rate, 1, NULL);
  check_process (&mix_leveler, leveler, &scratch, &r.in, 1000);
  for (unsigned side = 0; side < 2; side++) {
    void *meter = check_new_unit (&mix_meter, rate, 1, NULL);
    check_process (&mix_meter, meter, &scratch, side ? &r.out : &r.in, 512);
    for (unsigned i = 0; i < 4; i++) {
      char own[40];
      snprintf (own, sizeof own, "%s-%s", names[i], side ? "after" : "before");
      double expected = check_read (&mix_meter, meter, names[i]);
      check_figure (own, check_read (&mix_leveler, leveler, own),
          expected - 0.02, expected + 0.02, "");
    }
    check_free_unit (&mix_meter, meter);
  }
  check_free_unit (&mix_leveler, leveler);
  check_audio_free (&scratch);
  free_run (&r);
}

/* ---- Voices ------------------------------------------------------------- */

/* Pink noise in four syllables a second, in words of a second with 0.2 s
 * between; `lufs` is the loudness of the words. */
static void
make_speech (const CheckAudio *audio, const Segment *turns, unsigned rate)
{
  double own_lufs = pink_lufs (rate) + 10 * log10 (3.0 / 8);
  unsigned at = 0;
  check_pink (audio->c[0], audio->frames, 1, 7);
  for (; turns->seconds > 0; turns++) {
    double gain = mix_gain_from_db (turns->lufs - own_lufs);
    unsigned n = (unsigned)(turns->seconds * rate);
    for (unsigned i = 0; i < n && at < audio->frames; i++, at++) {
      double t = (double)i / rate, word = fmod (t, 1.2);
      double syllable = 0.5 - 0.5 * cos (2 * MIX_PI * 4 * t);
      audio->c[0][at] *= (float)(word < 1 ? gain * syllable : 0.001 * gain);
    }
  }
}

static void *
podcast (double look_ahead_ms)
{
  void *params = params_with ("look-ahead", look_ahead_ms);
  check_set (&mix_leveler, params, "target", -16);
  check_set (&mix_leveler, params, "range", 2);
  check_set (&mix_leveler, params, "max-boost", 18);
  check_set (&mix_leveler, params, "rise", 6);
  check_set (&mix_leveler, params, "fall", 12);
  check_choose (&mix_leveler, params, "measure", "momentary");
  return params;
}

/* Preset podcast: after half a minute of a quiet voice one that is 15 LU
 * louder. The output in its first 3 s. */
static double
loud_turn (double look_ahead_ms)
{
  static const Segment turns[] = { { 30, -31 }, { 5, -16 }, { 0, 0 } };
  unsigned late = mix_frames_from_ms (look_ahead_ms, 48000);
  CheckAudio audio = check_audio (1, 35 * 48000 + late);
  CheckAudio turn = check_audio (1, 3 * 48000);
  void *params = podcast (look_ahead_ms);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  void *meter = check_new_unit (&mix_meter, 48000, 1, NULL);
  make_speech (&audio, turns, 48000);
  check_process (&mix_leveler, self, &audio, &audio, 1000);
  memcpy (
      turn.c[0], audio.c[0] + 30 * 48000 + late, turn.frames * sizeof (float));
  check_process (&mix_meter, meter, &turn, &turn, 1000);
  double lufs = check_read (&mix_meter, meter, "integrated");
  check_free_unit (&mix_meter, meter);
  check_free_unit (&mix_leveler, self);
  check_audio_free (&turn);
  check_audio_free (&audio);
  free (params);
  return lufs;
}

static void
test_loud_turn (void)
{
  check_figure (
      "a voice 15 LU louder, its first 3 s", loud_turn (0), -19, -13, "LUFS");
  check_figure ("with 1 s of look-ahead", loud_turn (1000), -17, -15, "LUFS");
}

/* An audience between sentences, 24 LU under the speaker. */
static void
test_quiet_foreground (const char *name, void *params)
{
  static const Segment turns[] = { { 30, -20 }, { 50, -44 }, { 0, 0 } };
  CheckAudio audio = check_audio (1, 80 * 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  double before = 0, most = -HUGE_VAL;
  make_speech (&audio, turns, 48000);
  for (unsigned i = 0; i < 80; i++) {
    check_process_span (
        &mix_leveler, self, &audio, &audio, i * 48000, (i + 1) * 48000);
    double gain = check_read (&mix_leveler, self, "gain");
    before = i < 30 ? gain : before;
    most = fmax (most, gain - before);
  }
  check_figure (name, most, 0, 6, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  free (params);
}

/* ---- Seeks and formats -------------------------------------------------- */

/* In quiet music: the gain starts where it was and is held; the measurement is
 * kept. The same by prepare, at another rate with other channels. */
static void
test_seek (unsigned new_rate)
{
  static const Segment programme[] = { { 40, -33 }, { 0, 0 } };
  CheckAudio audio = check_audio (2, 40 * 48000);
  CheckAudio later = check_audio (2, 10 * (new_rate ? new_rate : 48000));
  MixFormat format = mix_format (new_rate, 2);
  void *params = check_params (&mix_leveler);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  fill (&audio, programme, 48000);
  check_pink (later.c[0], later.frames, 0.01, 3);
  memcpy (later.c[1], later.c[0], later.frames * sizeof (float));
  audio.channels = 1;
  check_process (&mix_leveler, self, &audio, &audio, 1000);
  double gain = check_read (&mix_leveler, self, "gain");
  double integrated = check_read (&mix_leveler, self, "integrated-before");
  if (new_rate)
    CHECK (mix_leveler.prepare (self, &format, params), "%u Hz", new_rate);
  else
    mix_unit_flush (&mix_leveler, self);
  CHECK (gain > 8, "%g dB", gain);
  check_figure ("after a seek: gain moved",
      check_read (&mix_leveler, self, "gain") - gain, 0, 0, "dB");
  check_figure ("integrated loudness, moved",
      check_read (&mix_leveler, self, "integrated-before") - integrated, 0, 0,
      "LU");
  CHECK (check_read (&mix_leveler, self, "momentary-before") == -120,
      "a window with audio from before the seek");
  float first = later.c[0][0];
  later.channels = new_rate ? 2 : 1;
  check_process (&mix_leveler, self, &later, &later, 1000);
  check_figure ("first sample, gain moved",
      mix_db_from_gain ((double)(later.c[0][0] / first)) - gain, -1e-3, 1e-3,
      "dB");
  audio.channels = later.channels = 2;
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  check_audio_free (&later);
  free (params);
}

/* Eight seconds of the same loudness after a seek: no drop, no burst. */
static void
test_after_seek (void)
{
  static const Segment programme[] = { { 48, -33 }, { 0, 0 } };
  CheckAudio audio = check_audio (1, 48 * 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, NULL);
  double low = HUGE_VAL, high = -HUGE_VAL;
  fill (&audio, programme, 48000);
  for (unsigned i = 0; i < 48; i++) {
    if (i == 40)
      mix_unit_flush (&mix_leveler, self);
    check_process_span (
        &mix_leveler, self, &audio, &audio, i * 48000, (i + 1) * 48000);
    double gain = check_read (&mix_leveler, self, "gain");
    low = i < 39 ? low : fmin (low, gain);
    high = i < 39 ? high : fmax (high, gain);
  }
  check_figure ("8 s after a seek: gain moved", high - low, 0, 0.5, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
}

/* ---- Settings ----------------------------------------------------------- */

static void
test_dual_mono (void)
{
  static const Segment programme[] = { { 30, -26 }, { 0, 0 } };
  void *params = params_with ("dual-mono", 1);
  CheckAudio audio = check_audio (1, 30 * 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  fill (&audio, programme, 48000);
  check_process (&mix_leveler, self, &audio, &audio, 1000);
  check_figure ("dual mono: -26 LUFS are",
      check_read (&mix_leveler, self, "integrated-before"), -23.1, -22.9,
      "LUFS");
  check_figure ("and are on target", check_read (&mix_leveler, self, "gain"),
      -0.5, 0.5, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  free (params);
}

/* With a look-ahead a gain applies to the sound that it was set with. */
static void
test_gain_lands (void)
{
  void *params = params_with ("look-ahead", 1000);
  CheckAudio audio = check_audio (1, 4 * 48000);
  check_choose (&mix_leveler, params, "mode", "static");
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = 0.5f;
  check_process_span (&mix_leveler, self, &audio, &audio, 0, 96000);
  check_set (&mix_leveler, params, "static-gain", -12);
  mix_leveler.set (self, params);
  check_process_span (&mix_leveler, self, &audio, &audio, 96000, 192000);
  unsigned at = 48000;
  while (at < audio.frames && audio.c[0][at] > 0.35f)
    at++;
  check_figure ("-3 dB of a step keyed at 2 s, 1 s of look-ahead",
      (at - 96000) / 48.0, 990, 1020, "ms");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  free (params);
}

/* A new target during playback: reached at the slew limit, without overshoot.
 */
static void
test_new_target (void)
{
  CheckAudio audio = check_audio (1, 60 * 48000);
  Segment programme[] = { { 60, -23 }, { 0, 0 } };
  void *params = check_params (&mix_leveler);
  fill (&audio, programme, 48000);
  void *self = check_new_unit (&mix_leveler, 48000, 1, params);
  double high = 0;
  for (unsigned s = 0; s < 60; s++) {
    if (s == 20) {
      check_set (&mix_leveler, params, "target", -18);
      mix_leveler.set (self, params);
    }
    check_process_span (
        &mix_leveler, self, &audio, &audio, s * 48000, (s + 1) * 48000);
    high = fmax (high, check_read (&mix_leveler, self, "gain"));
  }
  check_figure ("new target, 5 LU up: the gain's top", high, 4.5, 5.7, "dB");
  check_free_unit (&mix_leveler, self);
  check_audio_free (&audio);
  free (params);
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  for (unsigned i = 0; i < sizeof rates / sizeof rates[0]; i++) {
    test_arrives (rates[i]);
    test_speed_near (rates[i]);
    test_speed_far (rates[i]);
    test_pauses (rates[i]);
    test_readings (rates[i]);
  }
  test_room_first ();
  test_quiet_programme (48000);
  test_softer_programme (48000);
  test_bad_sample ();
  test_limit_in_silence ();
  test_on_target (48000);
  test_range (48000);
  test_limits (48000);
  test_click ();
  test_loud_turn ();
  test_quiet_foreground ("24 LU less: risen in 50 s", NULL);
  test_quiet_foreground ("the same, preset podcast", podcast (0));
  test_seek (0);
  test_seek (44100);
  test_after_seek ();
  test_dual_mono ();
  test_gain_lands ();
  test_new_target ();
  test_static ();
  return check_end ();
}
