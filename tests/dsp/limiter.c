/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The limiter: true peaks by meters of the test's own (ITU-R BS.1770-5, Annex
 * 2: any interpolation by four or more will do; two kernels that differ much),
 * samples, distortion, transparency, ceilings that move, links, and the bounds
 * that its detectors rely on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kernels/kernels.h"
#include "parts/gain_window.h"
#include "parts/release.h"
#include "parts/true_peak.h"
#include "units/units.h"

#define CEILING (-1.0)
#define MARGIN 4000 /* silence around each signal: more than any latency */

/* ---- True-peak meters --------------------------------------------------- */

typedef struct {
  unsigned up, taps; /* points a sample; taps on either side */
  bool hann;
} Meter;

/* Like libebur128 and the standard's own table; and one that comes close to
 * the ideal. */
static const Meter meters[] = { { 4, 6, true }, { 8, 64, false } };

static double
meter_tap (const Meter *meter, double at)
{
  double x = at / meter->taps, sinc = sin (MIX_PI * at) / (MIX_PI * at);
  if (fabs (x) >= 1)
    return 0;
  double hann = 0.5 + 0.5 * cos (MIX_PI * x);
  double blackman = 0.42 + 0.5 * cos (MIX_PI * x) + 0.08 * cos (2 * MIX_PI * x);
  return sinc * (meter->hann ? hann : blackman);
}

/* The largest point of one phase that is over `floor`. */
static double
phase_peak (const Meter *meter, unsigned phase, const float *in,
    unsigned frames, double floor)
{
  float tap[128];
  unsigned n = 2 * meter->taps;
  double peak = floor;
  for (unsigned k = 0; k < n; k++)
    tap[k] = (float)meter_tap (
        meter, (double)k + 1 - meter->taps - (double)phase / meter->up);
  for (unsigned i = 0; i + n <= frames; i++) {
    float sum = 0;
    for (unsigned k = 0; k < n; k++)
      sum += tap[k] * in[i + k];
    peak = fmax (peak, fabs ((double)sum));
  }
  return peak;
}

static double
meter_db (const Meter *meter, const CheckAudio *audio)
{
  double peak = 0;
  for (unsigned c = 0; c < audio->channels; c++) {
    peak = fmax (peak, check_peak (audio->c[c], audio->frames));
    for (unsigned phase = 1; phase < meter->up; phase++)
      peak = phase_peak (meter, phase, audio->c[c], audio->frames, peak);
  }
  return mix_db_from_gain (peak);
}

static double
worst_meter_db (const CheckAudio *audio)
{
  return fmax (meter_db (&meters[0], audio), meter_db (&meters[1], audio));
}

/* ---- Signals ------------------------------------------------------------ */

typedef void (*Signal) (float *out, unsigned frames, double rate, unsigned c);

static void
white (float *out, unsigned frames, double rate, unsigned c)
{
  (void)rate;
  check_noise (out, frames, 1, c + 1);
}

static void
bursts (float *out, unsigned frames, double rate, unsigned c)
{
  check_pink (out, frames, 0.3, c + 1);
  for (unsigned i = 0; i < frames; i++)
    out[i] *= fmod (i, rate * 0.06) < rate * 0.01 ? 1 : 0.05f;
}

static void
clicks (float *out, unsigned frames, double rate, unsigned c)
{
  (void)rate;
  memset (out, 0, frames * sizeof *out);
  for (unsigned i = 7 + c; i + 1 < frames; i += 701 + 13 * c) {
    out[i] = i % 2 ? 1 : -0.7f;
    out[i + 1] = i % 3 ? 0.9f : 0;
  }
}

static void
square (float *out, unsigned frames, double rate, unsigned c)
{
  for (unsigned i = 0; i < frames; i++)
    out[i] = fmod (i * (997.0 + 300 * c) / rate, 1) < 0.5 ? 1 : -1;
}

/* Samples at 0.7071 of the crest. */
static void
quarter_rate (float *out, unsigned frames, double rate, unsigned c)
{
  (void)rate;
  for (unsigned i = 0; i < frames; i++)
    out[i] = (float)sin (MIX_PI / 2 * (i + c) + MIX_PI / 4);
}

static void
high_sine (float *out, unsigned frames, double rate, unsigned c)
{
  check_sine (out, frames, 0.34 * rate + 3.7 + c, rate, 1);
}

static const struct {
  const char *name;
  Signal fill;
} signals[] = { { "white noise", white }, { "pink bursts", bursts },
  { "clicks", clicks }, { "squares", square },
  { "rate/4 at 45°", quarter_rate }, { "sine at 0.34 rate", high_sine } };

#define N_SIGNALS (sizeof signals / sizeof signals[0])

static CheckAudio
make_signal (Signal fill, unsigned frames, double rate)
{
  CheckAudio audio = check_audio (2, frames + 2 * MARGIN);
  for (unsigned c = 0; c < 2; c++)
    fill (audio.c[c] + MARGIN, frames, rate, c);
  return audio;
}

/* ---- Nothing over the ceiling ------------------------------------------- */

static void
test_ceiling_at (unsigned rate, double drive, double look_ahead)
{
  char name[160];
  double worst = -400, ceiling = mix_gain_from_db (CEILING);
  void *params = check_params (&mix_limiter);
  check_set (&mix_limiter, params, "drive", drive);
  check_set (&mix_limiter, params, "look-ahead", look_ahead);
  for (unsigned s = 0; s < N_SIGNALS; s++) {
    CheckAudio audio = make_signal (signals[s].fill, rate / 4, rate);
    void *self = check_new_unit (&mix_limiter, rate, 2, params);
    check_process (&mix_limiter, self, &audio, &audio, 1024);
    double peak = worst_meter_db (&audio);
    for (unsigned c = 0; c < 2; c++)
      CHECK (check_peak (audio.c[c], audio.frames) <= ceiling,
          "%s: a sample of %.9g", signals[s].name,
          check_peak (audio.c[c], audio.frames));
    CHECK (peak <= CEILING + 0.05, "%s: %.3f dBTP", signals[s].name, peak);
    worst = fmax (worst, peak);
    check_free_unit (&mix_limiter, self);
    check_audio_free (&audio);
  }
  snprintf (name, sizeof name, "true peak over ceiling, %u Hz, +%g dB, %g ms",
      rate, drive, look_ahead);
  check_figure (name, worst - CEILING, -0.1, 0.05, "dB");
  free (params);
}

/* The reading is what a meter reads. */
static void
test_reading (double amplitude, const char *name)
{
  void *params = check_params (&mix_limiter);
  CheckAudio audio = check_audio (2, 48000);
  for (unsigned c = 0; c < 2; c++)
    check_sine (
        audio.c[c] + MARGIN, 48000 - 2 * MARGIN, 11987, 48000, amplitude);
  void *self = check_new_unit (&mix_limiter, 48000, 2, params);
  check_process (&mix_limiter, self, &audio, &audio, 1024);
  double reading = check_read (&mix_limiter, self, "true-peak-level");
  check_figure (name, reading - meter_db (&meters[1], &audio), -0.1, 0.1, "dB");
  check_free_unit (&mix_limiter, self);
  check_audio_free (&audio);
  free (params);
}

/* ---- Clean -------------------------------------------------------------- */

static void
test_distortion (double hz, double drive, double most)
{
  char name[80];
  const unsigned second = 48000;
  void *params = check_params (&mix_limiter);
  check_set (&mix_limiter, params, "drive", drive);
  CheckAudio audio = check_audio (2, 2 * second);
  for (unsigned c = 0; c < 2; c++)
    check_sine (audio.c[c], audio.frames, hz, 48000, 1);
  void *self = check_new_unit (&mix_limiter, 48000, 2, params);
  check_process (&mix_limiter, self, &audio, &audio, 1024);
  snprintf (name, sizeof name, "THD+N of %g Hz driven %g dB", hz, drive);
  check_figure (name,
      check_residual_db (audio.c[0] + second, second, hz, 48000), -INFINITY,
      most, "dB");
  /* The ceiling is reached, not only kept. */
  check_figure ("its level",
      mix_db_from_gain (
          check_amplitude (audio.c[0] + second, second, hz, 48000)),
      CEILING - 0.05, CEILING, "dB");
  check_figure ("its gain reduction",
      (check_read (&mix_limiter, self, "gain-reduction"),
          check_process_span (
              &mix_limiter, self, &audio, &audio, 0, second / 2),
          check_read (&mix_limiter, self, "gain-reduction")),
      drive - CEILING - 0.1, drive - CEILING + 20, "dB");
  check_free_unit (&mix_limiter, self);
  check_audio_free (&audio);
  free (params);
}

/* Under the ceiling, also right after something loud, each bit passes. */
static void
test_transparent (unsigned rate, double look_ahead)
{
  void *params = check_params (&mix_limiter);
  check_set (&mix_limiter, params, "look-ahead", look_ahead);
  CheckAudio in = check_audio (2, 3 * rate), out = check_audio (2, 3 * rate);
  for (unsigned c = 0; c < 2; c++) {
    check_pink (in.c[c], in.frames, 0.1, c + 1);
    for (unsigned i = 0; i < rate / 10; i++)
      in.c[c][i] *= 40;
  }
  void *self = check_new_unit (&mix_limiter, rate, 2, params);
  unsigned lag = mix_limiter.latency (self);
  check_process (&mix_limiter, self, &out, &in, 1024);
  for (unsigned c = 0; c < 2; c++) {
    unsigned from = 2 * rate;
    CHECK (memcmp (out.c[c] + from + lag, in.c[c] + from,
               (rate - lag) * sizeof (float))
               == 0,
        "channel %u at %u Hz", c, rate);
    CHECK (memcmp (out.c[c] + lag, in.c[c], rate / 10 * sizeof (float)) != 0,
        "the loud part is limited");
  }
  check_free_unit (&mix_limiter, self);
  check_audio_free (&in);
  check_audio_free (&out);
  free (params);
}

/* ---- Changes ------------------------------------------------------------ */

/* A ceiling that falls holds for every sample that comes after the tick at
 * which it is taken up. */
static void
test_falling_ceiling (void)
{
  void *params = check_params (&mix_limiter);
  CheckAudio audio = make_signal (white, 48000, 48000);
  void *self = check_new_unit (&mix_limiter, 48000, 2, params);
  unsigned at = MARGIN + 20011, lag = mix_limiter.latency (self);
  check_process_span (&mix_limiter, self, &audio, &audio, 0, at);
  check_set (&mix_limiter, params, "ceiling", -12);
  mix_limiter.set (self, params);
  check_process_span (&mix_limiter, self, &audio, &audio, at, audio.frames);
  unsigned from = at + MIX_TICK + lag;
  CheckAudio late = { .channels = 2, .frames = audio.frames - from };
  for (unsigned c = 0; c < 2; c++)
    late.c[c] = audio.c[c] + from;
  check_figure ("true peak after the ceiling fell to -12 dB",
      worst_meter_db (&late), -13, -11.95, "dB");
  CHECK (
      check_peak (late.c[0], late.frames) <= mix_gain_from_db (-12), "samples");
  check_free_unit (&mix_limiter, self);
  check_audio_free (&audio);
  free (params);
}

/* What was heard before and after a change of the look-ahead, joined: fed,
 * drained and set as a host does it, in place. */
static void
change_look_aheads (
    const CheckAudio *audio, void *const params[2], unsigned piece)
{
  void *self = check_new_unit (&mix_limiter, 48000, 2, params[0]);
  for (unsigned at = 0, k = 1; at + piece <= audio->frames; at += piece, k++) {
    unsigned lag = mix_limiter.latency (self);
    CheckAudio work = check_audio (2, piece + lag);
    for (unsigned c = 0; c < 2; c++)
      memcpy (work.c[c], audio->c[c] + at, piece * sizeof (float));
    check_process (&mix_limiter, self, &work, &work, 1000);
    for (unsigned c = 0; c < 2; c++)
      memcpy (audio->c[c] + at, work.c[c] + lag, piece * sizeof (float));
    mix_limiter.set (self, params[k % 2]);
    check_audio_free (&work);
  }
  check_free_unit (&mix_limiter, self);
}

static void
test_moving_look_ahead (double one, double other)
{
  char name[80];
  double most = -400;
  const double look_aheads[] = { one, other };
  void *params[2];
  for (unsigned k = 0; k < 2; k++) {
    params[k] = check_params (&mix_limiter);
    check_set (&mix_limiter, params[k], "drive", 12);
    check_set (&mix_limiter, params[k], "look-ahead", look_aheads[k]);
  }
  for (unsigned s = 0; s < N_SIGNALS; s++) {
    CheckAudio audio = make_signal (signals[s].fill, 48000, 48000);
    change_look_aheads (&audio, params, 3001);
    audio.frames = audio.frames / 3001 * 3001;
    most = fmax (most, worst_meter_db (&audio));
    check_audio_free (&audio);
  }
  snprintf (name, sizeof name,
      "true peak around changes of the look-ahead, %g and %g ms", one, other);
  check_figure (name, most - CEILING, -0.1, 0.05, "dB");
  free (params[0]);
  free (params[1]);
}

/* ---- Links -------------------------------------------------------------- */

/* Level of channel `c` of six when front left is 12 dB over the ceiling, the
 * others 12 dB under it, but for the LFE, which is 6 dB over. */
static double
linked_db (double link, unsigned c)
{
  const double level[] = { 11, -13, -13, 5, -13, -13 };
  void *params = check_params (&mix_limiter);
  check_set (&mix_limiter, params, "link", link);
  CheckAudio audio = check_audio (6, 96000);
  for (unsigned i = 0; i < 6; i++)
    check_sine (
        audio.c[i], audio.frames, 1000, 48000, mix_gain_from_db (level[i]));
  void *self = check_new_unit (&mix_limiter, 48000, 6, params);
  check_process (&mix_limiter, self, &audio, &audio, 1024);
  double db = mix_db_from_gain (
      check_amplitude (audio.c[c] + 48000, 48000, 1000, 48000));
  check_free_unit (&mix_limiter, self);
  check_audio_free (&audio);
  free (params);
  return db;
}

static void
test_links (void)
{
  check_figure (
      "front right, link 100", linked_db (100, 1), -25.1, -24.95, "dB");
  check_figure ("front right, link 50", linked_db (50, 1), -19.1, -18.95, "dB");
  check_figure ("front right, link 0", linked_db (0, 1), -13.01, -12.99, "dB");
  check_figure ("LFE for itself", linked_db (100, 3), -1.05, -1, "dB");
}

/* A link that opens and closes again ends where one stands that was always
 * closed: lanes part and join without a trace. */
static void
test_link_moves (void)
{
  void *closed = check_params (&mix_limiter),
       *open = check_params (&mix_limiter);
  check_set (&mix_limiter, open, "link", 30);
  CheckAudio a = make_signal (bursts, 192000, 48000);
  CheckAudio b = make_signal (bursts, 192000, 48000);
  void *still = check_new_unit (&mix_limiter, 48000, 2, closed);
  void *moved = check_new_unit (&mix_limiter, 48000, 2, closed);
  check_process (&mix_limiter, still, &a, &a, 1024);
  check_process_span (&mix_limiter, moved, &b, &b, 0, 40000);
  mix_limiter.set (moved, open);
  check_process_span (&mix_limiter, moved, &b, &b, 40000, 60000);
  mix_limiter.set (moved, closed);
  check_process_span (&mix_limiter, moved, &b, &b, 60000, b.frames);
  double off = 0;
  for (unsigned i = 150000; i < 190000; i++)
    off = fmax (off, fabs ((double)a.c[1][i] - (double)b.c[1][i]));
  check_figure ("trace of a link that moved", mix_db_from_gain (off), -INFINITY,
      -80, "dB");
  check_free_unit (&mix_limiter, still);
  check_free_unit (&mix_limiter, moved);
  check_audio_free (&a);
  check_audio_free (&b);
  free (closed);
  free (open);
}

/* ---- Parts -------------------------------------------------------------- */

/* No level is over its bound, for signals that come close to it. */
static void
test_bounds (void)
{
  MixTruePeak tp;
  mix_true_peak_prepare (&tp);
  const MixKernels *kernels = mix_kernels ();
  float x[256], level[MIX_TICK], plain[MIX_TICK], *at = x + 112;
  double coarse = 0, fine = 0;
  uint64_t state = 1;
  for (unsigned run = 0; run < 20000; run++) {
    /* noise, with all but every fourth run smoothed so that its curvature is
     * smaller */
    for (unsigned i = 0; i < 256; i++) {
      float white_sample = (float)(int64_t)check_random (&state) * 1e-19f;
      x[i] = run % 4 && i ? x[i - 1] + 0.1f * (float)(run % 4) * white_sample
                          : white_sample;
    }
    float peak = 0, curvature = 0, near_curvature = 0;
    for (int i = -60; i < MIX_TICK + 60; i++) {
      float b = fabsf (at[i - 1] - 2 * at[i] + at[i + 1]);
      curvature = fmaxf (curvature, b);
      if (i > -16 && i < MIX_TICK + 16)
        near_curvature = fmaxf (near_curvature, b);
      if (i >= -2 && i < MIX_TICK + 2)
        peak = fmaxf (peak, fabsf (at[i]));
    }
    kernels->coarse_peaks (&tp.taps, at, level);
    coarse
        = fmax (coarse, (double)(kernels->peak (level, MIX_TICK)
                                 / (peak + tp.coarse_bound * near_curvature)));
    kernels->fine_peaks (&tp.taps, at, level, plain);
    fine = fmax (fine, (double)(kernels->peak (level, MIX_TICK)
                                / (peak + tp.fine_bound * curvature)));
  }
  check_figure ("coarse level over its bound", coarse, 0.5, 1, "");
  check_figure ("fine level over its bound", fine, 0.3, 1, "");
}

/* A sine is read at its amplitude, wherever its samples lie. */
static void
test_detectors (void)
{
  MixTruePeak tp;
  mix_true_peak_prepare (&tp);
  const MixKernels *kernels = mix_kernels ();
  float x[256], level[MIX_TICK], plain[MIX_TICK];
  double least = 10, most = 0, coarse_least = 10, coarse_most = 0;
  for (double hz = 0.01; hz < 0.4; hz += 0.0313)
    for (double phase = 0; phase < 6.2; phase += 0.21) {
      for (unsigned i = 0; i < 256; i++)
        x[i] = (float)sin (2 * MIX_PI * hz * i + phase);
      kernels->fine_peaks (&tp.taps, x + 112, level, plain);
      double fine = (double)kernels->peak (plain, MIX_TICK);
      kernels->coarse_peaks (&tp.taps, x + 112, level);
      double coarse = (double)kernels->peak (level, MIX_TICK);
      if (hz > 0.03) {
        least = fmin (least, fine);
        coarse_least = fmin (coarse_least, coarse);
      }
      most = fmax (most, fine);
      coarse_most = fmax (coarse_most, coarse);
    }
  check_figure ("fine, least", mix_db_from_gain (least), -0.04, 0.04, "dB");
  check_figure ("fine, most", mix_db_from_gain (most), -0.04, 0.04, "dB");
  check_figure (
      "coarse, least", mix_db_from_gain (coarse_least), -0.1, 0.1, "dB");
  check_figure (
      "coarse, most", mix_db_from_gain (coarse_most), -0.1, 0.1, "dB");
}

/* What is left of a reduction by a peak and of one that lasted, both `ms`
 * after the last need. */
static double
release_after (double held_ms, double ms)
{
  MixReleaseTimes times;
  MixRelease release = { 0 };
  mix_release_prepare (&times, 60, true, 8, 48000);
  float level = 0;
  for (double t = 0; t < held_ms; t += 8 / 48.0)
    level = mix_release_step (&times, &release, 12);
  for (double t = 0; t < ms; t += 8 / 48.0)
    level = mix_release_step (&times, &release, 0);
  return (double)level;
}

static void
test_release (void)
{
  check_figure (
      "a peak's 12 dB 3 ms later", release_after (0.1, 3), 4.1, 4.6, "dB");
  check_figure (
      "a sustained 12 dB 6 ms later", release_after (1000, 6), 11.99, 12, "dB");
  /* Held for one to two stretches, then by the release time. */
  check_figure ("and 72 ms later", release_after (1000, 72), 4, 5, "dB");
}

/* A single required reduction becomes a window that reaches it, is as deep
 * nowhere else but close by, and is over after its time. */
static void
test_gain_window (void)
{
  float shape[64], recent[256], need[MIX_TICK / 8], gain[MIX_TICK];
  int64_t ring[2][64];
  MixGainWindow window;
  MixGainWindowPlan plan
      = { .step = 8, .lead = 20, .round = 7, .flat = 1, .trail = 10 };
  mix_gain_window_prepare (&window, &plan, shape);
  MixGainWindowLane lane = { .recent = recent, .ring = { ring[0], ring[1] } };
  mix_gain_window_reset (&window, &lane);
  float all[40 * MIX_TICK];
  for (unsigned t = 0; t < 40; t++) {
    for (unsigned j = 0; j < MIX_TICK / 8; j++)
      need[j] = t == 10 && j == 1 ? 6 : 0;
    if (mix_gain_window_run (&window, &lane, need, gain, mix_kernels ()) == 0)
      for (unsigned i = 0; i < MIX_TICK; i++)
        gain[i] = 1;
    memcpy (all + t * MIX_TICK, gain, sizeof gain);
  }
  unsigned step = 10 * MIX_TICK + 8 + window.delay;
  double steepest = 0, bottom = mix_gain_from_db (-6);
  for (unsigned i = step; i < step + 8; i++)
    CHECK (fabs ((double)all[i] - bottom) < 1e-4, "%g at the bottom",
        (double)all[i]);
  for (unsigned i = 1; i < 40 * MIX_TICK; i++) {
    steepest = fmax (steepest, fabs ((double)(all[i] - all[i - 1])));
    CHECK ((double)all[i] >= bottom - 1e-4, "under the bottom");
    CHECK (all[i] == 1 || (i + window.delay > step && i < step + 400),
        "%g at %d", (double)all[i], (int)i - (int)step);
  }
  check_figure (
      "steepest frame of a 6 dB window of 5 ms", steepest, 0.002, 0.01, "");
}

int
main (void)
{
  static const unsigned rates[] = { 44100, 48000, 96000 };
  for (unsigned i = 0; i < 3; i++)
    test_ceiling_at (rates[i], 24, 5);
  test_ceiling_at (44100, 12, 0.5);
  test_ceiling_at (48000, 0, 20);
  test_ceiling_at (8000, 24, 0.5);
  test_reading (1.5, "reading while limiting");
  test_reading (0.3, "reading under the ceiling");
  test_distortion (1000, 12, -80);
  test_distortion (50, 12, -60);
  test_transparent (48000, 5);
  test_transparent (44100, 0.5);
  test_falling_ceiling ();
  test_moving_look_ahead (5, 1);
  test_moving_look_ahead (20, 0.5);
  test_links ();
  test_link_moves ();
  test_bounds ();
  test_detectors ();
  test_release ();
  test_gain_window ();
  return check_end ();
}
