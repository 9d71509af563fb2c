/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The compressor against its declaration. The gain is read from a second
 * channel that carries a small constant: it is linked, so it gets the gain
 * that the first channel requires, and is far too soft to be measured.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "units/units.h"

#define PILOT 1e-5f /* -100 dBFS */

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

static double
db (double gain)
{
  return 20 * log10 (gain);
}

static void *
new_params (void)
{
  return check_params (&mix_compressor);
}

static void
put (void *params, const char *name, double value)
{
  check_set (&mix_compressor, params, name, value);
}

static void
choose (void *params, const char *name, const char *nick)
{
  check_choose (&mix_compressor, params, name, nick);
}

static void
run (const void *params, unsigned rate, CheckAudio *audio)
{
  void *self = check_new_unit (&mix_compressor, rate, audio->channels, params);
  check_process (&mix_compressor, self, audio, audio, 1024);
  check_free_unit (&mix_compressor, self);
}

static void
fill (float *out, unsigned frames, float value)
{
  for (unsigned i = 0; i < frames; i++)
    out[i] = value;
}

static double
worse (double worst, double error)
{
  return fabs (error) > fabs (worst) ? error : worst;
}

/* ---- The static curve --------------------------------------------------- */

typedef struct {
  double threshold, ratio, knee;
} Curve;

/* Giannoulis, Massberg and Reiss, JAES 60, 2012, eq. 4, written otherwise than
 * in the unit. */
static double
expected_reduction (Curve c, double level)
{
  double over = level - c.threshold,
         slope = c.ratio >= 100 ? 1 : 1 - 1 / c.ratio;
  if (2 * over <= -c.knee)
    return 0;
  if (2 * over >= c.knee)
    return slope * over;
  return slope * (over + c.knee / 2) * (over + c.knee / 2) / (2 * c.knee);
}

/* Steady reduction of a sine, averaged over the last tenth of a second. */
static double
steady_reduction (const void *params, unsigned rate, double hz, double level)
{
  CheckAudio audio = check_audio (1, rate * 8 / 10);
  double amplitude = pow (10, level / 20);
  unsigned tail = rate / 10;
  check_sine (audio.c[0], audio.frames, hz, rate, amplitude);
  double in = check_rms (audio.c[0] + audio.frames - tail, tail);
  run (params, rate, &audio);
  double out = check_rms (audio.c[0] + audio.frames - tail, tail);
  check_audio_free (&audio);
  return db (in / out);
}

static double
worst_of_curve (Curve curve, const char *detector, unsigned rate)
{
  const double frequencies[]
      = { 100, 1000, 4410, 8000, rate / 5.0, rate / 6.0, 10000 };
  void *params = new_params ();
  put (params, "threshold", curve.threshold);
  put (params, "ratio", curve.ratio);
  put (params, "knee", curve.knee);
  choose (params, "detector", detector);
  double worst = 0;
  for (unsigned f = 0; f < sizeof frequencies / sizeof *frequencies; f++)
    for (double level = -60; level <= 0; level += 10)
      worst
          = worse (worst, steady_reduction (params, rate, frequencies[f], level)
                              - expected_reduction (curve, level));
  free (params);
  return worst;
}

static void
test_static_curve (void)
{
  static const Curve curves[]
      = { { -18, 4, 6 }, { -30, 2, 0 }, { -40, 100, 12 }, { -20, 1.5, 48 } };
  char name[80];
  for (unsigned r = 0; r < RATES; r++) {
    for (unsigned c = 0; c < 4; c++) {
      snprintf (name, sizeof name, "static curve %g:%g knee %g at %u Hz, worst",
          curves[c].threshold, curves[c].ratio, curves[c].knee, rates[r]);
      check_figure (
          name, worst_of_curve (curves[c], "peak", rates[r]), -0.1, 0.1, "dB");
    }
    snprintf (
        name, sizeof name, "static curve, RMS, at %u Hz, worst", rates[r]);
    check_figure (
        name, worst_of_curve (curves[0], "rms", rates[r]), -0.1, 0.1, "dB");
  }
}

/* ---- Times -------------------------------------------------------------- */

/* The pilot's reduction, frame by frame, when a tone steps in level. */
typedef struct {
  unsigned frames, rate, step; /* frame of the step */
  float *reduction;            /* dB */
} Trace;

static Trace
trace_step (const void *params, unsigned rate, double hz, double before,
    double after, double seconds)
{
  unsigned lead = rate, frames = lead + (unsigned)(seconds * rate);
  CheckAudio audio = check_audio (2, frames);
  double low = pow (10, before / 20), high = pow (10, after / 20);
  for (unsigned i = 0; i < frames; i++)
    audio.c[0][i]
        = (float)((i < lead ? low : high) * sin (2 * MIX_PI * hz * i / rate));
  fill (audio.c[1], frames, PILOT);
  run (params, rate, &audio);
  Trace trace = { frames, rate, lead, malloc (frames * sizeof (float)) };
  for (unsigned i = 0; i < frames; i++)
    trace.reduction[i] = (float)db (PILOT / audio.c[1][i]);
  check_audio_free (&audio);
  return trace;
}

/* ms from the step to where 63.2 % of the way from the old to the last value
 * are covered. */
static double
time_constant (const Trace *t, double from, double to)
{
  double target = from + (to - from) * (1 - exp (-1));
  double sign = to > from ? 1 : -1;
  for (unsigned i = t->step; i < t->frames; i++)
    if (sign * (t->reduction[i] - target) >= 0) {
      double a = t->reduction[i - 1], b = t->reduction[i];
      return (i - t->step + (target - a) / (b - a)) * 1000.0 / t->rate;
    }
  return NAN;
}

static void
check_times (unsigned rate, double hz, double attack, double release,
    double attack_slack, double release_slack)
{
  char name[80];
  void *params = new_params ();
  put (params, "attack", attack);
  put (params, "release", release);
  Trace up = trace_step (params, rate, hz, -40, -2, 0.1 + attack * 0.01);
  double full = expected_reduction ((Curve){ -18, 4, 6 }, -2);
  snprintf (
      name, sizeof name, "attack %g ms, %g Hz at %u Hz", attack, hz, rate);
  check_figure (name, time_constant (&up, 0, full), attack * (1 - attack_slack),
      attack * (1 + attack_slack), "ms");
  Trace down = trace_step (params, rate, hz, -2, -40, 0.1 + release * 0.003);
  snprintf (
      name, sizeof name, "release %g ms, %g Hz at %u Hz", release, hz, rate);
  check_figure (name, time_constant (&down, full, 0),
      release * (1 - release_slack), release * (1 + release_slack), "ms");
  free (up.reduction);
  free (down.reduction);
  free (params);
}

static void
test_times (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    check_times (rates[r], 1000, 10, 100, 0.05, 0.1);
    check_times (rates[r], 1000, 30, 300, 0.05, 0.1);
    check_times (rates[r], 1000, 3, 50, 0.05, 0.1);
    check_times (rates[r], 5000, 1, 20, 0.05, 0.1);
    check_times (rates[r], 100, 30, 100, 0.05, 0.1);
  }
  /* Near the limit of the detector, about a quarter of a cycle. */
  check_times (48000, 1000, 1, 10, 0.2, 0.1);
}

static void
test_hold (void)
{
  void *params = new_params ();
  put (params, "hold", 50);
  Trace t = trace_step (params, 48000, 1000, -2, -40, 0.5);
  double full = t.reduction[t.step - 1];
  check_figure ("reduction held 45 ms after",
      t.reduction[t.step + 45 * 48] - full, -0.01, 0.01, "dB");
  check_figure ("hold 50 ms + release 100 ms", time_constant (&t, full, 0), 145,
      155, "ms");
  free (t.reduction);
  free (params);
}

static double
recovery (const void *params, double burst)
{
  unsigned rate = 48000, on = rate, off = on + (unsigned)(burst * rate);
  CheckAudio audio = check_audio (2, off + 4 * rate);
  for (unsigned i = on; i < off; i++)
    audio.c[0][i] = 0.8f * (float)sin (2 * MIX_PI * 1000 * i / rate);
  fill (audio.c[1], audio.frames, PILOT);
  run (params, rate, &audio);
  Trace t = { audio.frames, rate, off, malloc (audio.frames * sizeof (float)) };
  for (unsigned i = 0; i < audio.frames; i++)
    t.reduction[i] = (float)db (PILOT / audio.c[1][i]);
  double ms = time_constant (&t, t.reduction[off - 1], 0);
  free (t.reduction);
  check_audio_free (&audio);
  return ms;
}

static void
test_auto_release (void)
{
  void *params = new_params ();
  put (params, "auto-release", 1);
  check_figure (
      "auto release after 20 ms", recovery (params, 0.02), 95, 125, "ms");
  check_figure (
      "auto release after 5 s", recovery (params, 5), 700, 1200, "ms");
  free (params);
}

/* ---- What must not change ----------------------------------------------- */

static bool
passes_exactly (const void *params, double level, unsigned delay)
{
  CheckAudio in = check_audio (2, 20000), out = check_audio (2, 20000);
  for (unsigned c = 0; c < 2; c++)
    check_sine (in.c[c], in.frames, 300 + 700 * c, 48000, pow (10, level / 20));
  void *self = check_new_unit (&mix_compressor, 48000, 2, params);
  check_process (&mix_compressor, self, &out, &in, 777);
  bool same = true;
  for (unsigned c = 0; c < 2; c++)
    same &= memcmp (
                out.c[c] + delay, in.c[c], (in.frames - delay) * sizeof (float))
            == 0;
  check_free_unit (&mix_compressor, self);
  check_audio_free (&in);
  check_audio_free (&out);
  return same;
}

/* Noise of a given sample peak: its envelope is higher by some dB. */
static bool
spares_noise (const void *params, double peak)
{
  CheckAudio in = check_audio (2, 96000), out = check_audio (2, 96000);
  check_noise (in.c[0], in.frames, pow (10, peak / 20), 3);
  check_pink (in.c[1], in.frames, pow (10, peak / 20) / 8, 4);
  void *self = check_new_unit (&mix_compressor, 48000, 2, params);
  check_process (&mix_compressor, self, &out, &in, 555);
  bool same = check_audio_equal (&in, &out);
  check_free_unit (&mix_compressor, self);
  check_audio_free (&in);
  check_audio_free (&out);
  return same;
}

static void
test_exact (void)
{
  void *params = new_params ();
  CHECK (passes_exactly (params, -21.1, 0), "under threshold - knee / 2");
  CHECK (!passes_exactly (params, -19, 0), "in the knee");
  CHECK (spares_noise (params, -21.1), "noise under threshold - knee / 2");
  CHECK (!spares_noise (params, -18), "noise in the knee");
  put (params, "look-ahead", 5);
  CHECK (passes_exactly (params, -21.1, 240), "delayed by the look-ahead");
  put (params, "look-ahead", 0);
  put (params, "mix", 0);
  CHECK (passes_exactly (params, 0, 0), "mix 0");
  put (params, "mix", 100);
  put (params, "ratio", 1);
  put (params, "auto-makeup", 1);
  CHECK (passes_exactly (params, 0, 0), "ratio 1");
  choose (params, "mode", "both");
  CHECK (passes_exactly (params, 0, 0), "ratio 1, both ways");
  put (params, "ratio", 4);
  put (params, "auto-makeup", 0);
  put (params, "range", 0);
  CHECK (passes_exactly (params, 0, 0), "range 0");
  free (params);
}

/* ---- Distortion --------------------------------------------------------- */

static double
distortion (const void *params, unsigned rate, double hz, double level)
{
  unsigned window = rate / 2;
  CheckAudio audio = check_audio (1, rate + window);
  hz = check_coherent (hz, rate, window);
  check_sine (audio.c[0], audio.frames, hz, rate, pow (10, level / 20));
  run (params, rate, &audio);
  double thd = check_thd_db (audio.c[0] + rate, window, hz, rate);
  check_audio_free (&audio);
  return thd;
}

static void
test_distortion (void)
{
  char name[80];
  void *params = new_params ();
  for (unsigned r = 0; r < RATES; r++) {
    snprintf (
        name, sizeof name, "THD 1 kHz, 12 dB reduction, at %u Hz", rates[r]);
    check_figure (
        name, distortion (params, rates[r], 1000, -2), -INFINITY, -80, "dB");
    snprintf (name, sizeof name, "THD 100 Hz at %u Hz", rates[r]);
    check_figure (
        name, distortion (params, rates[r], 100, -2), -INFINITY, -70, "dB");
    snprintf (name, sizeof name, "THD 30 Hz at %u Hz", rates[r]);
    check_figure (
        name, distortion (params, rates[r], 30, -2), -INFINITY, -70, "dB");
  }
  put (params, "attack", 0.01);
  put (params, "release", 1);
  check_figure ("THD 100 Hz, attack 0.01, release 1 ms",
      distortion (params, 48000, 100, -2), -INFINITY, -60, "dB");
  free (params);
}

/* ---- Channels ----------------------------------------------------------- */

/* Steady reduction of each channel, sines at given levels (dBFS; under -300:
 * silent), 997 Hz all. */
static void
channel_reductions (const void *params, unsigned channels, const double *levels,
    bool opposite, double *reductions)
{
  CheckAudio in = check_audio (channels, 48000);
  CheckAudio out = check_audio (channels, 48000);
  for (unsigned c = 0; c < channels; c++)
    check_sine (in.c[c], in.frames, 997, 48000,
        (opposite && c % 2 ? -1 : 1) * pow (10, levels[c] / 20));
  void *self = check_new_unit (&mix_compressor, 48000, channels, params);
  check_process (&mix_compressor, self, &out, &in, 1024);
  for (unsigned c = 0; c < channels; c++)
    reductions[c] = db (
        check_rms (in.c[c] + 40000, 8000) / check_rms (out.c[c] + 40000, 8000));
  check_free_unit (&mix_compressor, self);
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
test_link (void)
{
  const Curve c = { -18, 4, 6 };
  double two[] = { -6, -14 }, r[6];
  double loud = expected_reduction (c, -6), soft = expected_reduction (c, -14);
  void *params = new_params ();
  channel_reductions (params, 2, two, false, r);
  check_figure ("linked: left", r[0] - loud, -0.05, 0.05, "dB");
  check_figure ("linked: right like left", r[1] - r[0], -1e-4, 1e-4, "dB");
  put (params, "link", 0);
  channel_reductions (params, 2, two, false, r);
  check_figure ("unlinked: left", r[0] - loud, -0.05, 0.05, "dB");
  check_figure ("unlinked: right", r[1] - soft, -0.05, 0.05, "dB");
  put (params, "link", 50);
  channel_reductions (params, 2, two, false, r);
  check_figure (
      "half linked: right", r[1] - (loud + soft) / 2, -0.05, 0.05, "dB");
  put (params, "link", 100);
  /* 5.1: FL FR FC LFE RL RR */
  double lfe[] = { -40, -40, -40, 0, -40, -40 };
  channel_reductions (params, 6, lfe, false, r);
  check_figure ("a loud LFE: reduction", r[0], -1e-6, 1e-6, "dB");
  lfe[4] = -6;
  put (params, "link", 0);
  channel_reductions (params, 6, lfe, false, r);
  check_figure ("LFE takes the common gain", r[3] - loud, -0.05, 0.05, "dB");
  check_figure ("others unlinked stay", r[0], -1e-6, 1e-6, "dB");
  free (params);
}

static void
test_source (void)
{
  const Curve c = { -18, 4, 6 };
  double one[] = { -6, -400 }, two[] = { -6, -6 }, r[2];
  double full = expected_reduction (c, -6);
  void *params = new_params ();
  choose (params, "source", "average");
  channel_reductions (params, 2, one, false, r);
  check_figure ("average power of one in two channels",
      r[0] - expected_reduction (c, -6 - db (sqrt (2))), -0.05, 0.05, "dB");
  choose (params, "source", "mid");
  channel_reductions (params, 2, two, false, r);
  check_figure ("mid of equal channels", r[1] - full, -0.05, 0.05, "dB");
  channel_reductions (params, 2, two, true, r);
  check_figure ("mid of opposite channels", r[1], -1e-6, 1e-6, "dB");
  channel_reductions (params, 1, two, false, r);
  check_figure ("mid of mono", r[0] - full, -0.05, 0.05, "dB");
  choose (params, "source", "side");
  channel_reductions (params, 2, two, true, r);
  check_figure ("side of opposite channels", r[1] - full, -0.05, 0.05, "dB");
  channel_reductions (params, 2, two, false, r);
  check_figure ("side of equal channels", r[1], -1e-6, 1e-6, "dB");
  channel_reductions (params, 1, two, false, r);
  check_figure ("side of mono", r[0], -1e-6, 1e-6, "dB");
  free (params);
}

/* ---- Modes, levels ------------------------------------------------------ */

static void
check_boost (const void *params, double level, double boost)
{
  char name[80];
  snprintf (name, sizeof name, "boost at %g dBFS", level);
  check_figure (name, -steady_reduction (params, 48000, 1000, level) - boost,
      -0.1, 0.1, "dB");
}

static void
test_upward (void)
{
  void *params = new_params ();
  put (params, "threshold", -30);
  put (params, "ratio", 2);
  put (params, "knee", 0);
  choose (params, "mode", "upward");
  check_boost (params, -10, 0);
  check_boost (params, -40, 5);
  check_boost (params, -48, 9);
  check_boost (params, -54, 6);
  check_boost (params, -60, 0);
  put (params, "floor", -84);
  check_boost (params, -60, 15);
  check_boost (params, -78, 12);
  check_boost (params, -90, 0);
  put (params, "ratio", 100);
  check_boost (params, -60, 24);
  put (params, "range", 6);
  check_boost (params, -60, 6);
  choose (params, "mode", "both");
  check_boost (params, -33, 3);
  check_boost (params, -26, -4);
  check_boost (params, -10, -6);
  free (params);
}

static void
test_gains (void)
{
  void *params = new_params ();
  put (params, "makeup", 7);
  check_figure ("make-up", -steady_reduction (params, 48000, 1000, -50), 6.999,
      7.001, "dB");
  put (params, "auto-makeup", 1);
  check_figure ("automatic make-up: half of 13.5 dB",
      -steady_reduction (params, 48000, 1000, -50) - 7, 6.749, 6.751, "dB");
  put (params, "makeup", 0);
  put (params, "auto-makeup", 0);
  put (params, "range", 5);
  check_figure (
      "range", steady_reduction (params, 48000, 1000, 0), 4.99, 5.01, "dB");
  put (params, "range", 80);
  put (params, "mix", 50);
  double wet = pow (10, -expected_reduction ((Curve){ -18, 4, 6 }, -2) / 20);
  check_figure ("mix 50: parallel sum",
      steady_reduction (params, 48000, 1000, -2) + db (0.5 + 0.5 * wet), -0.02,
      0.02, "dB");
  free (params);
}

/* ---- The side chain ----------------------------------------------------- */

static void
test_sidechain (void)
{
  Curve c = { -40, 100, 0 };
  void *params = new_params ();
  put (params, "threshold", -40);
  put (params, "ratio", 100);
  put (params, "knee", 0);
  put (params, "sidechain-low-cut", 200);
  double at = 40 - 3.0103, octave = 40 - db (sqrt (17));
  check_figure ("low cut at its corner",
      steady_reduction (params, 48000, 200, 0) - at, -0.1, 0.1, "dB");
  check_figure ("low cut an octave below",
      steady_reduction (params, 48000, 100, 0) - octave, -0.1, 0.1, "dB");
  put (params, "sidechain-low-cut", 0);
  put (params, "sidechain-high-cut", 1000);
  check_figure ("high cut at its corner",
      steady_reduction (params, 48000, 1000, 0) - at, -0.1, 0.1, "dB");
  check_figure ("high cut an octave above",
      steady_reduction (params, 48000, 2000, 0) - octave, -0.1, 0.1, "dB");
  check_figure ("high cut far below",
      steady_reduction (params, 48000, 100, 0) - expected_reduction (c, 0),
      -0.1, 0.1, "dB");
  put (params, "sidechain-listen", 1);
  put (params, "look-ahead", 3);
  check_figure ("listening to 1 kHz", steady_reduction (params, 48000, 1000, 0),
      3.0, 3.02, "dB");
  free (params);
}

/* ---- The key ------------------------------------------------------------ */

typedef struct {
  CheckAudio in, key, out;
} Keyed;

/* A second of stereo: sines, the key at another frequency. */
static Keyed
run_keyed (const void *params, double in_db, double key_db)
{
  Keyed k = { check_audio (2, 48000), check_audio (2, 48000),
    check_audio (2, 48000) };
  for (unsigned c = 0; c < 2; c++) {
    check_sine (k.in.c[c], 48000, 997, 48000, pow (10, in_db / 20));
    check_sine (k.key.c[c], 48000, 100 + c, 48000, pow (10, key_db / 20));
  }
  void *self = check_new_unit (&mix_compressor, 48000, 2, params);
  check_process_key (&mix_compressor, self, &k.out, &k.in, &k.key, 500);
  check_figure ("input level beside a key",
      check_read (&mix_compressor, self, "input-level") - in_db, -0.01, 0.01,
      "dB");
  check_free_unit (&mix_compressor, self);
  return k;
}

static void
free_keyed (Keyed *k)
{
  check_audio_free (&k->in);
  check_audio_free (&k->key);
  check_audio_free (&k->out);
}

static double
keyed_reduction (const void *params, double in_db, double key_db)
{
  Keyed k = run_keyed (params, in_db, key_db);
  double in = check_rms (k.in.c[1] + 40000, 8000);
  double reduction = db (in / check_rms (k.out.c[1] + 40000, 8000));
  free_keyed (&k);
  return reduction;
}

/* Largest distance of the output from a signal `delay` frames before. */
static double
distance (const float *out, const float *from, unsigned delay)
{
  double most = 0;
  for (unsigned i = delay; i < 48000; i++)
    most = fmax (most, fabs ((double)(out[i] - from[i - delay])));
  return most;
}

static void
test_key (void)
{
  const Curve c = { -18, 4, 6 };
  void *params = new_params ();
  check_figure ("the level of the key counts",
      keyed_reduction (params, -40, -6) - expected_reduction (c, -6), -0.05,
      0.05, "dB");
  check_figure ("that of the input does not", keyed_reduction (params, 0, -40),
      -1e-6, 1e-6, "dB");
  put (params, "look-ahead", 3);
  Keyed k = run_keyed (params, 0, -400);
  check_figure ("a silent key, look-ahead 3 ms: distance from the input",
      distance (k.out.c[0], k.in.c[0], 144), 0, 0, "");
  free_keyed (&k);
  put (params, "sidechain-listen", 1);
  k = run_keyed (params, 0, -6);
  check_figure ("listening, look-ahead 3 ms: distance from the key",
      distance (k.out.c[1], k.key.c[1], 144), 0, 1e-6, "");
  free_keyed (&k);
  put (params, "sidechain-listen", 0);
  put (params, "sidechain-low-cut", 1000);
  check_figure ("the key goes through the cuts",
      keyed_reduction (params, -40, -6), -0.01, 0.01, "dB");
  free (params);
}

/* The reduction of a 2 kHz tone of 0.1 s at its end, which leaves the delay
 * while the input is silent and the key goes on at so much of its level. */
static double
reduction_at_end (const void *params, float key_share)
{
  CheckAudio in = check_audio (1, 9600), key = check_audio (1, 9600);
  check_sine (in.c[0], 4800, 2000, 48000, 0.5);
  check_sine (key.c[0], 9600, 2000, 48000, 0.5);
  for (unsigned i = 4800; i < 9600; i++)
    key.c[0][i] *= key_share;
  double before = check_rms (in.c[0] + 4560, 240);
  void *self = check_new_unit (&mix_compressor, 48000, 1, params);
  check_process_key (&mix_compressor, self, &in, &in, &key, 500);
  double reduction = db (before / check_rms (in.c[0] + 4560 + 960, 240));
  check_free_unit (&mix_compressor, self);
  check_audio_free (&in);
  check_audio_free (&key);
  return reduction;
}

/* A pause holds the reduction of what is in the delay, but a key that sounds on
 * is no pause. */
static void
test_key_in_pause (void)
{
  const double full = expected_reduction ((Curve){ -18, 4, 6 }, db (0.5));
  void *params = new_params ();
  put (params, "look-ahead", 20);
  put (params, "attack", 0.01);
  put (params, "release", 1);
  check_figure ("end of sound and key: reduction",
      reduction_at_end (params, 0) - full, -0.05, 0.05, "dB");
  check_figure ("end of sound, a soft key: reduction",
      reduction_at_end (params, 0.001f), -0.01, 0.01, "dB");
  free (params);
}

/* A filter's envelope may miss single samples; the detector may not. */
static void
test_look_ahead (void)
{
  void *params = new_params ();
  put (params, "look-ahead", 20);
  put (params, "attack", 0.01);
  put (params, "ratio", 100);
  put (params, "knee", 0);
  CheckAudio audio = check_audio (1, 9600);
  check_impulse (audio.c[0], audio.frames, 1000, 1);
  run (params, 48000, &audio);
  for (unsigned i = 0; i < audio.frames; i++)
    if (i != 1960 && fabsf (audio.c[0][i]) > 0)
      CHECK (false, "sound at frame %u", i);
  CHECK (audio.c[0][1960] > 0, "the impulse comes 960 frames late");
  check_audio_free (&audio);
  free (params);
}

/* ---- Movement ----------------------------------------------------------- */

/* Above 8 kHz nothing of a 1 kHz tone is left but clicks. */
static double
click_of (const char *name, double from, double to, bool monitors)
{
  unsigned rate = 48000, frames = rate * 2;
  CheckAudio audio = check_audio (2, frames);
  void *params = new_params ();
  put (params, "release", 10);
  put (params, "attack", 1);
  put (params, "sidechain-low-cut", monitors ? 500 : 0);
  put (params, name, from);
  void *self = check_new_unit (&mix_compressor, rate, 2, params);
  check_sine (audio.c[0], frames, 1000, rate, 0.5);
  check_sine (audio.c[1], frames, 1000, rate, 0.1);
  check_process_span (&mix_compressor, self, &audio, &audio, 0, rate);
  put (params, name, to);
  mix_compressor.set (self, params);
  check_process_span (&mix_compressor, self, &audio, &audio, rate, frames);
  check_high_pass (audio.c[0], audio.c[0], frames, 8000, rate);
  double click = check_peak (audio.c[0] + rate / 2, frames - rate / 2);
  check_free_unit (&mix_compressor, self);
  check_audio_free (&audio);
  free (params);
  return db (click + 1e-12);
}

static void
test_moves (void)
{
  static const struct {
    const char *name;
    double from, to;
  } moves[] = { { "threshold", 0, -60 }, { "threshold", -60, 0 },
    { "ratio", 1, 100 }, { "knee", 0, 48 }, { "range", 80, 0 },
    { "floor", -120, -20 }, { "makeup", 0, 12 }, { "mix", 0, 100 },
    { "link", 100, 0 }, { "link", 0, 100 }, { "sidechain-listen", 0, 1 },
    { "source", 0, 3 }, { "detector", 0, 1 }, { "mode", 0, 2 },
    { "sidechain-low-cut", 0, 4000 }, { "auto-release", 0, 1 },
    { "hold", 0, 50 }, { "auto-makeup", 0, 1 } };
  char name[80];
  for (unsigned m = 0; m < sizeof moves / sizeof *moves; m++) {
    snprintf (name, sizeof name, "click of %s %g to %g", moves[m].name,
        moves[m].from, moves[m].to);
    bool monitors = strcmp (moves[m].name, "sidechain-listen") == 0;
    check_figure (name,
        click_of (moves[m].name, moves[m].from, moves[m].to, monitors),
        -INFINITY, -80, "dBFS");
  }
}

/* ---- The contract ------------------------------------------------------- */

static void
randomise (void *params, uint64_t *state)
{
  for (unsigned i = 0; i < mix_compressor.params.count; i++) {
    const MixRow *row = &mix_compressor.params.rows[i];
    if (row->flags & MIX_MOVES_LATENCY)
      continue;
    double share = (double)(check_random (state) >> 11) / 9007199254740992.0;
    mix_row_put (
        row, params, row->minimum + share * (row->maximum - row->minimum));
  }
}

/* The same samples and sets, cut into other pieces. */
static void
test_cuts (void)
{
  enum { FRAMES = 12000 };
  CheckAudio in = check_audio (3, FRAMES), a = check_audio (3, FRAMES),
             b = check_audio (3, FRAMES);
  for (unsigned c = 0; c < 3; c++)
    check_pink (in.c[c], FRAMES, 0.3, c + 1);
  uint64_t state = 7;
  unsigned different = 0;
  void *params = new_params ();
  for (unsigned trial = 0; trial < 60; trial++) {
    randomise (params, &state);
    put (params, "look-ahead", trial % 3);
    void *one = check_new_unit (&mix_compressor, 48000, 3, params);
    void *two = check_new_unit (&mix_compressor, 48000, 3, params);
    for (unsigned at = 0; at < FRAMES; at += 3000) {
      check_process_span (&mix_compressor, one, &a, &in, at, at + 3000);
      for (unsigned from = at, to; from < at + 3000; from = to) {
        to = from + 1 + (unsigned)(check_random (&state) % 150);
        to = mix_min (to, at + 3000);
        check_process_span (&mix_compressor, two, &b, &in, from, to);
      }
      randomise (params, &state);
      mix_compressor.set (one, params);
      mix_compressor.set (two, params);
    }
    different += !check_audio_equal (&a, &b);
    CHECK (check_audio_finite (&a), "trial %u", trial);
    check_free_unit (&mix_compressor, one);
    check_free_unit (&mix_compressor, two);
  }
  check_figure ("random streams of 60 that differ when they are cut", different,
      0, 0, "");
  free (params);
  check_audio_free (&in);
  check_audio_free (&a);
  check_audio_free (&b);
}

static void
test_extremes (void)
{
  static const unsigned odd_rates[] = { 1, 7, 100, 8000, 384000 };
  CheckAudio audio = check_audio (64, 2000);
  void *params = new_params ();
  put (params, "sidechain-low-cut", 20000);
  put (params, "sidechain-high-cut", 20000);
  put (params, "makeup", 48);
  for (unsigned r = 0; r < 5; r++) {
    for (unsigned c = 0; c < 64; c++)
      check_noise (audio.c[c], audio.frames, 1e9, c + 1);
    run (params, odd_rates[r], &audio);
    CHECK (check_audio_finite (&audio), "rate %u", odd_rates[r]);
  }
  check_audio_free (&audio);
  free (params);
}

static void
test_readings (void)
{
  void *self = check_new_unit (&mix_compressor, 48000, 2, NULL);
  CheckAudio audio = check_audio (2, 48000);
  check_sine (audio.c[1], audio.frames, 1000, 48000, 1);
  check_process (&mix_compressor, self, &audio, &audio, 1024);
  check_figure ("gain-reduction",
      check_read (&mix_compressor, self, "gain-reduction"), 13.45, 13.55, "dB");
  check_figure ("gain-reduction with nothing since",
      check_read (&mix_compressor, self, "gain-reduction"), 13.45, 13.55, "dB");
  check_sine (audio.c[1], audio.frames, 1000, 48000, 1);
  check_process (&mix_compressor, self, &audio, &audio, 1024);
  check_figure ("input-level",
      check_read (&mix_compressor, self, "input-level"), -0.01, 0.01, "dBFS");
  check_sine (audio.c[1], audio.frames, 1000, 48000, 1);
  check_process (&mix_compressor, self, &audio, &audio, 1024);
  check_figure ("output-level",
      check_read (&mix_compressor, self, "output-level"), -13.55, -13.45,
      "dBFS");
  check_free_unit (&mix_compressor, self);
  check_audio_free (&audio);
}

int
main (void)
{
  test_static_curve ();
  test_times ();
  test_hold ();
  test_auto_release ();
  test_exact ();
  test_distortion ();
  test_link ();
  test_source ();
  test_upward ();
  test_gains ();
  test_sidechain ();
  test_key ();
  test_key_in_pause ();
  test_look_ahead ();
  test_moves ();
  test_cuts ();
  test_extremes ();
  test_readings ();
  return check_end ();
}
