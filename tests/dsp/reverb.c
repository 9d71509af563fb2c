/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The reverb against room acoustics: decay times by backward integration
 * (M. R. Schroeder, "New method of measuring reverberation time", JASA 37,
 * 1965; ISO 3382-1) in octave bands, echo density (J. S. Abel, P. Huang, "A
 * simple, robust measure of reverberation echo density", AES 121, 2006),
 * correlation, colour, levels, and what the knobs promise.
 */
#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts/absorption.h"
#include "parts/fft.h"
#include "run.h"
#include "units/units.h"

static const unsigned rates[] = { 44100, 48000, 96000 };
static const char *const spaces[]
    = { "room", "chamber", "hall", "plate", "ambience" };

enum {
  RATES = 3,
  SPACES = 5,
};

/* ---- Impulse responses -------------------------------------------------- */

/* Only the wet sound, at the level of what goes in. */
static void *
wet_params (const char *space)
{
  void *params = check_params (&mix_reverb);
  check_choose (&mix_reverb, params, "space", space);
  check_set (&mix_reverb, params, "dry", -100);
  check_set (&mix_reverb, params, "wet", 0);
  return params;
}

static void
set (void *params, const char *name, double value)
{
  check_set (&mix_reverb, params, name, value);
}

/* What comes out of all channels for an impulse in one. */
static CheckAudio
response (const void *params, unsigned rate, unsigned channels, unsigned source,
    double seconds)
{
  CheckAudio audio = check_audio (channels, (unsigned)(seconds * rate));
  void *self = check_new_unit (&mix_reverb, rate, channels, params);
  audio.c[source][0] = 1;
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  check_free_unit (&mix_reverb, self);
  return audio;
}

static double
energy (const float *x, unsigned from, unsigned to)
{
  double sum = 0;
  for (unsigned i = from; i < to; i++)
    sum += (double)x[i] * x[i];
  return sum;
}

/* ---- Octave bands ------------------------------------------------------- */

/* Butterworth of order 8 on either side (sections as in the Audio EQ Cookbook,
 * R. Bristow-Johnson); `high` for the high-pass. */
static void
cut_side (double *io, unsigned frames, double hz, double rate, bool high)
{
  double w = 2 * MIX_PI * fmin (hz, 0.48 * rate) / rate, sign = high ? -1 : 1;
  for (unsigned k = 0; k < 4; k++) {
    double alpha = sin (w) * sin (MIX_PI * (2 * k + 1) / 16);
    double b0 = (1 - sign * cos (w)) / 2 / (1 + alpha);
    double a1 = 2 * cos (w) / (1 + alpha), a2 = (1 - alpha) / (1 + alpha);
    double s0 = 0, s1 = 0;
    for (unsigned i = 0; i < frames; i++) {
      double x = io[i], y = b0 * x + s0;
      s0 = s1 + sign * 2 * b0 * x + a1 * y;
      s1 = b0 * x - a2 * y;
      io[i] = y;
    }
  }
}

static double *
octave (const float *in, unsigned frames, double hz, double rate)
{
  double *out = malloc (frames * sizeof *out);
  for (unsigned i = 0; i < frames; i++)
    out[i] = (double)in[i];
  cut_side (out, frames, hz / sqrt (2), rate, true);
  cut_side (out, frames, hz * sqrt (2), rate, false);
  return out;
}

/* Of an impulse in the band: what a response's energy is compared with. */
static double
octave_reference (double hz, double rate)
{
  unsigned frames = (unsigned)(rate / 2);
  float *click = calloc (frames, sizeof *click);
  double sum = 0;
  click[0] = 1;
  double *band = octave (click, frames, hz, rate);
  for (unsigned i = 0; i < frames; i++)
    sum += band[i] * band[i];
  free (band);
  free (click);
  return sum;
}

/* T60 from the slope between -5 and `low` dB of the backward integral. */
static double
decay_time (const double *band, unsigned frames, double rate, double low)
{
  double total = 0, left, n = 0, st = 0, sl = 0, stt = 0, stl = 0;
  for (unsigned i = 0; i < frames; i++)
    total += band[i] * band[i];
  left = total;
  for (unsigned i = 0; i < frames; i++) {
    double db = 10 * log10 (fmax (left, 1e-300) / total), t = i / rate;
    left -= band[i] * band[i];
    if (db > -5 || db < low)
      continue;
    n++;
    st += t;
    sl += db;
    stt += t * t;
    stl += t * db;
  }
  return -60 * (n * stt - st * st) / (n * stl - st * sl);
}

/* ---- Decay times -------------------------------------------------------- */

enum {
  BANDS = 4,
};

static const double bands_hz[BANDS] = { 125, 500, 1000, 8000 };

/* Mean over two sources and two ears, as ISO 3382 asks for several places. */
static void
measure_decays (const void *params, unsigned rate, double seconds, double low,
    double mean[BANDS])
{
  memset (mean, 0, BANDS * sizeof *mean);
  for (unsigned source = 0; source < 2; source++) {
    CheckAudio ir = response (params, rate, 2, source, seconds);
    for (unsigned ear = 0; ear < 2; ear++)
      for (unsigned b = 0; b < BANDS; b++) {
        double *band = octave (ir.c[ear], ir.frames, bands_hz[b], rate);
        mean[b] += decay_time (band, ir.frames, rate, low) / 4;
        free (band);
      }
    check_audio_free (&ir);
  }
}

/* Shelves of this order do not reach a high ratio under 0.1. */
static double
most_of (unsigned band, double high_ratio)
{
  return band == 3 && high_ratio < 0.1 ? 1.4 : 1.1;
}

static void
check_decays (void *params, unsigned rate, double decay, double low_ratio,
    double high_ratio, double low, const char *what)
{
  char name[160];
  double mean[BANDS], ratio[BANDS] = { low_ratio, 1, 1, high_ratio };
  set (params, "decay", decay);
  set (params, "low-ratio", low_ratio);
  set (params, "high-ratio", high_ratio);
  double longest = decay * fmax (1, fmax (low_ratio, high_ratio));
  measure_decays (params, rate, 0.9 * longest + 0.4, low, mean);
  for (unsigned b = 0; b < BANDS; b++) {
    bool middle = b == 1 || b == 2;
    snprintf (name, sizeof name, "%s, %u Hz, decay %g s: T60 at %g Hz / %g s",
        what, rate, decay, bands_hz[b], decay * ratio[b]);
    check_figure (name, mean[b] / (decay * ratio[b]), middle ? 0.95 : 0.9,
        middle ? 1.05 : most_of (b, high_ratio), "");
  }
}

static void
test_decays (void)
{
  static const double decays[] = { 0.3, 1, 3, 10 };
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned d = 0; d < 4; d++) {
      void *params = wet_params ("hall");
      check_decays (params, rates[r], decays[d], 1.1, 0.5, -35, "hall");
      free (params);
    }
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned d = 1; d < 4; d += 2) {
      void *params = wet_params (spaces[s]);
      check_decays (params, 48000, d == 1 ? 0.6 : 4, 1.1, 0.5, -35, spaces[s]);
      free (params);
    }
}

/* Over the whole ranges of the ratios; from -5 to -25 dB (T20), as no octave
 * filter keeps a neighbour out that rings five times as long. */
static void
test_ratios (void)
{
  static const double ratios[][2] = { { 0.2, 0.5 }, { 0.5, 0.25 }, { 2, 1 },
    { 4, 0.5 }, { 1, 0.05 }, { 1, 0.1 }, { 1, 2 }, { 0.2, 2 }, { 4, 2 } };
  for (unsigned k = 0; k < sizeof ratios / sizeof *ratios; k++) {
    char name[80];
    void *params = wet_params ("hall");
    snprintf (
        name, sizeof name, "ratios %g and %g", ratios[k][0], ratios[k][1]);
    check_decays (params, 48000, 3, ratios[k][0], ratios[k][1], -25, name);
    free (params);
  }
}

/* The longest decay at a high rate: no growth, and the slope is right where it
 * can be measured in a reasonable time. */
static void
test_longest (void)
{
  void *params = wet_params ("hall");
  set (params, "decay", 60);
  set (params, "size", 100);
  CheckAudio ir = response (params, 192000, 1, 0, 16);
  double *band = octave (ir.c[0], ir.frames, 1000, 192000);
  /* without what is cut off at the end the integral is too short */
  double rest = 0, late = 0;
  unsigned second = 192000;
  for (unsigned i = 0; i < second; i++) {
    late += band[3 * second + i] * band[3 * second + i];
    rest += band[15 * second + i] * band[15 * second + i];
  }
  check_figure ("decay 60 s at 192 kHz, fall in 12 s", 10 * log10 (rest / late),
      -12.6, -11.4, "dB");
  free (band);
  check_audio_free (&ir);
  free (params);
}

/* ---- Filters ------------------------------------------------------------ */

static void
test_absorption (void)
{
  uint64_t random = 7;
  double most = -INFINITY;
  bool exact = true;
  for (unsigned k = 0; k < 4000; k++) {
    double u[6];
    for (unsigned i = 0; i < 6; i++)
      u[i] = (double)(check_random (&random) >> 11) / 9007199254740992.0;
    MixDecay decay = { 0.1 * pow (600, u[0]), 0.2 * pow (20, u[1]),
      0.05 * pow (40, u[2]), 20 * pow (50, u[3]), 1000 * pow (20, u[4]) };
    unsigned rate = k % 2 ? 48000 : 192000;
    MixAbsorption absorption;
    MixSvf sections[2];
    mix_absorption_prepare (&absorption, &decay, rate);
    mix_absorption_design (&absorption, 0.003 + 0.3 * u[5], 1, sections);
    for (double hz = 2; hz < 0.5 * rate; hz *= 1.1)
      most = fmax (most, mix_svf_db (sections, 2, hz, rate));
    mix_absorption_design (&absorption, 0.003 + 0.3 * u[5], 0, sections);
    for (unsigned s = 0; s < 2; s++)
      exact
          &= sections[s].m0 == 1 && sections[s].m1 == 0 && sections[s].m2 == 0;
  }
  check_figure (
      "absorption, largest gain of 4000 designs", most, -INFINITY, 0, "dB");
  CHECK (exact, "no loss is not exactly y = x");
}

/* ---- Density ------------------------------------------------------------ */

/* Share of a 20 ms window that lies outside its standard deviation, against
 * that of Gaussian noise. */
static double
echo_density (const float *x, unsigned middle, unsigned rate)
{
  int half = (int)rate / 100;
  double weights = 0, power = 0, outside = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = -half; i <= half; i++) {
      double w = 0.5 + 0.5 * cos (MIX_PI * i / (half + 1));
      double v = (double)x[(int)middle + i];
      if (pass == 0) {
        weights += w;
        power += w * v * v;
      } else if (v * v > power / weights) {
        outside += w;
      }
    }
  return outside / weights / erfc (1 / sqrt (2));
}

/* ms after the impulse. */
static double
density_time (const float *x, unsigned rate)
{
  for (unsigned ms = 10; ms < 400; ms += 2)
    if (echo_density (x, ms * rate / 1000, rate) >= 0.9)
      return ms;
  return INFINITY;
}

static void
check_density (const char *space, unsigned rate, double decay)
{
  char name[80];
  void *params = wet_params (space);
  set (params, "decay", decay);
  CheckAudio ir = response (params, rate, 2, 0, 0.5);
  double time
      = fmax (density_time (ir.c[0], rate), density_time (ir.c[1], rate));
  snprintf (name, sizeof name, "%s, %u Hz, %g s: echo density 0.9 after", space,
      rate, decay);
  check_figure (name, time, 0, 100, "ms");
  check_audio_free (&ir);
  free (params);
}

static void
test_density (void)
{
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned r = 0; r < RATES; r++) {
      check_density (spaces[s], rates[r], 1.8);
      check_density (spaces[s], rates[r], 5);
    }
}

/* ---- Correlation and width ---------------------------------------------- */

static double
correlation (const float *a, const float *b, unsigned from, unsigned to)
{
  double ab = 0;
  for (unsigned i = from; i < to; i++)
    ab += (double)a[i] * b[i];
  return ab / sqrt (energy (a, from, to) * energy (b, from, to));
}

static void
test_correlation (void)
{
  char name[80];
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned r = 0; r < RATES; r++) {
      void *params = wet_params (spaces[s]);
      double worst = 0;
      for (unsigned source = 0; source < 2; source++) {
        CheckAudio ir = response (params, rates[r], 2, source, 1.5);
        worst = fmax (worst,
            fabs (correlation (ir.c[0], ir.c[1], rates[r] / 5, ir.frames)));
        check_audio_free (&ir);
      }
      snprintf (
          name, sizeof name, "%s, %u Hz: late |rho|", spaces[s], rates[r]);
      check_figure (name, worst, 0, 0.2, "");
      free (params);
    }
}

static void
test_width (void)
{
  void *params = wet_params ("hall");
  double power[3];
  for (unsigned k = 0; k < 3; k++) {
    set (params, "width", 100 * k);
    CheckAudio ir = response (params, 48000, 2, 0, 2);
    power[k] = energy (ir.c[0], 0, ir.frames) + energy (ir.c[1], 0, ir.frames);
    if (k == 0)
      CHECK (memcmp (ir.c[0], ir.c[1], ir.frames * sizeof (float)) == 0,
          "width 0 is not mono");
    if (k == 2)
      check_figure ("width 200, late rho",
          correlation (ir.c[0], ir.c[1], 9600, ir.frames), -0.8, -0.4, "");
    check_audio_free (&ir);
  }
  check_figure ("width 0 against 100, power", 10 * log10 (power[0] / power[1]),
      -1.5, 1.5, "dB");
  check_figure ("width 200 against 100, power",
      10 * log10 (power[2] / power[1]), -1.5, 1.5, "dB");
  free (params);
}

/* A source on the left has its early reflections on the left. */
static void
test_panorama (void)
{
  char name[80];
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned r = 0; r < RATES; r++) {
      void *params = wet_params (spaces[s]);
      set (params, "late", -100);
      double least = INFINITY;
      for (unsigned source = 0; source < 2; source++) {
        CheckAudio ir = response (params, rates[r], 2, source, 0.5);
        double same = energy (ir.c[source], 0, ir.frames);
        double other = energy (ir.c[!source], 0, ir.frames);
        least = fmin (least, 10 * log10 (same / other));
        check_audio_free (&ir);
      }
      snprintf (name, sizeof name, "%s, %u Hz: early, its side over the other",
          spaces[s], rates[r]);
      check_figure (
          name, least, strcmp (spaces[s], "plate") ? 6 : 3, INFINITY, "dB");
      free (params);
    }
}

/* ---- Colour ------------------------------------------------------------- */

enum {
  SPECTRUM = 65536, /* frames */
  BINS = SPECTRUM / 2,
};

static void
power_spectrum (double *power, const float *in, unsigned size)
{
  MixFft fft;
  unsigned bins = size / 2;
  float *table = malloc (mix_fft_table (size) * sizeof (float));
  float *work = malloc (mix_fft_work (size) * sizeof (float));
  float *re = malloc (2 * (bins + 1) * sizeof (float)), *im = re + bins + 1;
  mix_fft_prepare (&fft, size, table);
  mix_fft_forward (&fft, re, im, in, work);
  for (unsigned k = 0; k < bins; k++)
    power[k] = (double)(re[k] * re[k] + im[k] * im[k]);
  free (re);
  free (work);
  free (table);
}

/* Mean power of a third of an octave. */
static double
third_octave (const double power[BINS], double bin_hz, double hz)
{
  unsigned from = (unsigned)(hz / pow (2, 1.0 / 6) / bin_hz);
  unsigned to = (unsigned)(hz * pow (2, 1.0 / 6) / bin_hz) + 1;
  double sum = 0;
  for (unsigned k = from; k < to; k++)
    sum += power[k];
  return sum / (to - from);
}

/* The most by which a third-octave band stands over the mean, in dB, of those
 * next to it, 100 Hz … 12 kHz, from 300 ms after the impulse on. */
static double
ringing (const float *ir, unsigned rate)
{
  static double power[BINS];
  double bin_hz = (double)rate / SPECTRUM, worst = -INFINITY;
  double third = pow (2, 1.0 / 3);
  power_spectrum (power, ir + rate * 3 / 10, SPECTRUM);
  for (double hz = 100 * third; hz < 12000 / third; hz *= pow (2, 1.0 / 24)) {
    double here = third_octave (power, bin_hz, hz);
    double low = third_octave (power, bin_hz, hz / third);
    double high = third_octave (power, bin_hz, hz * third);
    worst = fmax (worst, 10 * log10 (here / sqrt (low * high)));
  }
  return worst;
}

/* A source on the left, one on the right, and one in the middle. */
static void
check_ringing (const char *space, unsigned rate, double size, double decay)
{
  char name[100];
  double worst = -INFINITY;
  void *params = wet_params (space);
  set (params, "size", size);
  set (params, "decay", decay);
  CheckAudio left = response (params, rate, 2, 0, 2);
  CheckAudio right = response (params, rate, 2, 1, 2);
  for (unsigned ear = 0; ear < 2; ear++) {
    worst = fmax (worst, ringing (left.c[ear], rate));
    worst = fmax (worst, ringing (right.c[ear], rate));
    for (unsigned i = 0; i < left.frames; i++)
      left.c[ear][i] += right.c[ear][i];
    worst = fmax (worst, ringing (left.c[ear], rate));
  }
  snprintf (name, sizeof name, "%s of %g m, %u Hz, %g s: ringing", space, size,
      rate, decay);
  check_figure (name, worst, -INFINITY, 6, "dB");
  check_audio_free (&left);
  check_audio_free (&right);
  free (params);
}

static void
test_ringing (void)
{
  for (unsigned s = 0; s < SPACES; s++) {
    for (unsigned r = 0; r < RATES; r++)
      check_ringing (spaces[s], rates[r], 20, 1.8);
    check_ringing (spaces[s], 48000, 5, 1);
    check_ringing (spaces[s], 48000, 50, 6);
  }
}

/* A tone stays where it is: all but what lies within a few Hz is gone, though
 * the late sound moves as much as it can. */
static void
test_pitch (void)
{
  void *params = wet_params ("hall");
  set (params, "modulation", 100);
  void *self = check_new_unit (&mix_reverb, 48000, 1, params);
  CheckAudio audio = check_audio (1, 48000 * 6 + SPECTRUM);
  static double power[BINS];
  double bin_hz = 48000.0 / SPECTRUM, near = 0, far = 0;
  check_sine (audio.c[0], audio.frames, 1000, 48000, 0.5);
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  float *x = audio.c[0] + 48000 * 6;
  for (unsigned i = 0; i < SPECTRUM; i++) /* Hann */
    x[i] *= (float)(0.5 - 0.5 * cos (2 * MIX_PI * i / SPECTRUM));
  power_spectrum (power, x, SPECTRUM);
  for (unsigned k = 1; k < BINS; k++)
    *(fabs (k * bin_hz - 1000) < 6 ? &near : &far) += power[k];
  check_figure ("modulation 100, 1 kHz: what is more than 6 Hz away",
      10 * log10 (far / near), -INFINITY, -50, "dB");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (params);
}

/* ---- Modes --------------------------------------------------------------- */

/* In a diffuse field a response's power is distributed exponentially over
 * frequency: its level in dB has a standard deviation of 5.6 dB, and a
 * thousandth of the frequencies lies 8.4 dB or more over the mean power
 * (M. R. Schroeder, "Frequency-correlation functions of frequency responses in
 * rooms", JASA 34, 1962). Where there are too few modes for the decay both are
 * more, and single notes jump out. */
typedef struct {
  double spread, top; /* dB */
} ModeFigures;

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Of `count` bins, which are sorted. */
static ModeFigures
mode_figures (double *power, unsigned count)
{
  double sum = 0, squares = 0, mean = 0;
  for (unsigned k = 0; k < count; k++) {
    double db = 10 * log10 (power[k]);
    sum += db / count;
    squares += db * db / count;
    mean += power[k] / count;
  }
  qsort (power, count, sizeof *power, compare_doubles);
  return (ModeFigures){ sqrt (squares - sum * sum),
    10 * log10 (power[count - 1 - count / 1000] / mean) };
}

/* The whole response lies in the transform (2^19 frames are 10.9 s, in which
 * 5.5 s of T60 fall by 119 dB), so every bin is |H|^2 as it is; bins of 0.09 Hz
 * are several to the width of a mode, 2.2 / T60. */
static void
add_mode_figures (ModeFigures worst[3], const float *ir, unsigned rate)
{
  static const double edge[4] = { 100, 400, 1600, 6400 };
  unsigned size = rate > 50000 ? 1u << 20 : 1u << 19;
  double *power = malloc (size / 2 * sizeof *power);
  power_spectrum (power, ir, size);
  for (unsigned b = 0; b < 3; b++) {
    unsigned from = (unsigned)(edge[b] * size / rate);
    unsigned to = (unsigned)(edge[b + 1] * size / rate);
    ModeFigures here = mode_figures (power + from, to - from);
    worst[b].spread = fmax (worst[b].spread, here.spread);
    worst[b].top = fmax (worst[b].top, here.top);
  }
  free (power);
}

typedef struct {
  ModeFigures middle, side; /* of a source there: the most allowed */
} ModeLimits;

static void
check_mode_figures (
    const char *what, const ModeFigures worst[3], ModeFigures most)
{
  static const char *const bands[3]
      = { "100-400 Hz", "400-1600 Hz", "1600-6400 Hz" };
  for (unsigned b = 0; b < 3; b++) {
    char name[160];
    snprintf (name, sizeof name, "%s, %s: spread of |H|^2", what, bands[b]);
    check_figure (name, worst[b].spread, 0, most.spread, "dB");
    snprintf (
        name, sizeof name, "%s, %s: top 0.1 %% over the mean", what, bands[b]);
    check_figure (name, worst[b].top, 0, most.top, "dB");
  }
}

/* The worst of both ears. */
static void
check_modes (const char *space, double decay, double modulation, unsigned rate,
    const ModeLimits *most)
{
  char name[100];
  double seconds = (rate > 50000 ? 1u << 20 : 1u << 19) / (double)rate;
  void *params = wet_params (space);
  set (params, "decay", decay);
  set (params, "modulation", modulation);
  CheckAudio left = response (params, rate, 2, 0, seconds);
  CheckAudio right = response (params, rate, 2, 1, seconds);
  ModeFigures side[3] = { { 0, 0 } }, middle[3] = { { 0, 0 } };
  for (unsigned ear = 0; ear < 2; ear++) {
    add_mode_figures (side, left.c[ear], rate);
    add_mode_figures (side, right.c[ear], rate);
    for (unsigned i = 0; i < left.frames; i++)
      left.c[ear][i] += right.c[ear][i];
    add_mode_figures (middle, left.c[ear], rate);
  }
  snprintf (name, sizeof name, "%s, %u Hz, %g s, modulation %g, middle", space,
      rate, decay, modulation);
  check_mode_figures (name, middle, most->middle);
  snprintf (name, sizeof name, "%s, %u Hz, %g s, modulation %g, sides", space,
      rate, decay, modulation);
  check_mode_figures (name, side, most->side);
  check_audio_free (&left);
  check_audio_free (&right);
  free (params);
}

/* A mode is as loud as it is fed times as it is heard. A source in the middle
 * feeds and is heard by more ways, which makes up for modes that one way
 * misses. */
static void
test_modes (void)
{
  static const ModeLimits moves = { { 6.2, 11 }, { 6.4, 12 } };
  static const ModeLimits stands = { { 6.2, 11.2 }, { 6.4, 12 } };
  const ModeLimits *moving = &moves, *still = &stands;
  for (unsigned r = 0; r < RATES; r++) {
    check_modes ("hall", 5, 20, rates[r], moving);
    check_modes ("plate", 3, 20, rates[r], moving);
    check_modes ("plate", 5, 20, rates[r], moving);
  }
  check_modes ("hall", 5, 0, 48000, still);
  check_modes ("plate", 3, 0, 48000, still);
  check_modes ("plate", 5, 0, 48000, still);
}

/* ---- Levels ------------------------------------------------------------- */

/* The wet power of both ears against that of a source on one side, in the
 * octave of 1 kHz. */
static double
wet_level (const void *params)
{
  double sum = 0;
  CheckAudio ir = response (params, 48000, 2, 0, 9);
  for (unsigned ear = 0; ear < 2; ear++) {
    double *band = octave (ir.c[ear], ir.frames, 1000, 48000);
    for (unsigned i = 0; i < ir.frames; i++)
      sum += band[i] * band[i];
    free (band);
  }
  check_audio_free (&ir);
  return 10 * log10 (sum / octave_reference (1000, 48000));
}

static void
check_level (const char *space, const char *name, double value)
{
  char text[100];
  void *params = wet_params (space);
  set (params, name, value);
  snprintf (text, sizeof text, "%s, %s %g: level of the wet sound", space, name,
      value);
  check_figure (text, wet_level (params), -1.5, 1.5, "dB");
  free (params);
}

static void
test_levels (void)
{
  static const double decays[] = { 0.3, 1, 10 }, sizes[] = { 2, 10, 60 };
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned k = 0; k < 3; k++) {
      check_level (spaces[s], "decay", decays[k]);
      check_level (spaces[s], "size", sizes[k]);
    }
  check_level ("hall", "diffusion", 0);
  check_level ("hall", "diffusion", 100);
}

/* ---- The dry sound ------------------------------------------------------ */

static CheckAudio
noise_and_zeros (unsigned channels, unsigned frames)
{
  CheckAudio audio = check_audio (channels, frames);
  for (unsigned c = 0; c < channels; c++) {
    check_noise (audio.c[c], frames, 0.5, c + 1);
    audio.c[c][frames / 2] = -0.f;
  }
  return audio;
}

static void
test_neutral (void)
{
  void *params = check_params (&mix_reverb);
  set (params, "wet", -100);
  for (unsigned r = 0; r < RATES; r++) {
    CheckAudio in = noise_and_zeros (2, 9600), out = check_audio (2, 9600);
    void *self = check_new_unit (&mix_reverb, rates[r], 2, params);
    check_process (&mix_reverb, self, &out, &in, 333);
    CHECK (check_audio_equal (&in, &out), "%u Hz", rates[r]);
    check_free_unit (&mix_reverb, self);
    check_audio_free (&in);
    check_audio_free (&out);
  }
  free (params);
}

/* Power of a response, whole and in the octave of 8 kHz. */
typedef struct {
  double all, high; /* dB */
} Power;

static Power
response_power (const void *params)
{
  CheckAudio ir = response (params, 48000, 1, 0, 2.5);
  double *band = octave (ir.c[0], ir.frames, 8000, 48000), high = 0;
  for (unsigned i = 0; i < ir.frames; i++)
    high += band[i] * band[i];
  Power power
      = { 10 * log10 (energy (ir.c[0], 0, ir.frames)), 10 * log10 (high) };
  free (band);
  check_audio_free (&ir);
  return power;
}

enum {
  STEPS = 10,
};

static Power
power_at (unsigned step, const char *off, const char *also_off, double wet)
{
  void *params = check_params (&mix_reverb);
  set (params, "distance", 100.0 / STEPS * step);
  set (params, "wet", wet);
  if (off)
    set (params, off, -100);
  if (also_off)
    set (params, also_off, -100);
  Power power = response_power (params);
  free (params);
  return power;
}

/* At every wet: farther is softer, duller, and less direct. */
static void
check_farther (double wet)
{
  char name[100];
  double rise = -INFINITY, high_rise = -INFINITY, ratio_rise = -INFINITY;
  Power last = { INFINITY, INFINITY };
  double last_ratio = INFINITY;
  for (unsigned k = 0; k <= STEPS; k++) {
    Power here = power_at (k, NULL, NULL, wet);
    double ratio = power_at (k, "wet", NULL, wet).all
                   - power_at (k, "dry", NULL, wet).all;
    rise = fmax (rise, here.all - last.all);
    high_rise = fmax (high_rise, here.high - last.high);
    ratio_rise = fmax (ratio_rise, ratio - last_ratio);
    last = here;
    last_ratio = ratio;
  }
  snprintf (name, sizeof name, "wet %g, from one distance to the next", wet);
  printf ("%s:\n", name);
  check_figure ("  level", rise, -INFINITY, 0, "dB");
  check_figure ("  level at 8 kHz", high_rise, -INFINITY, 0, "dB");
  check_figure ("  direct to reverberant", ratio_rise, -INFINITY, -0.5, "dB");
}

/* Without the direct sound: the reflections fall, the late sound stays. */
static void
check_farther_wet (void)
{
  double rise = -INFINITY, ratio_rise = -INFINITY, late_move = 0;
  double last = INFINITY, last_ratio = INFINITY;
  double near = power_at (0, "dry", "early", -12).all;
  for (unsigned k = 0; k <= STEPS; k++) {
    double here = power_at (k, "dry", NULL, -12).all;
    double late = power_at (k, "dry", "early", -12).all;
    double ratio = power_at (k, "dry", "late", -12).all - late;
    rise = fmax (rise, here - last);
    ratio_rise = fmax (ratio_rise, ratio - last_ratio);
    late_move = fmax (late_move, fabs (late - near));
    last = here;
    last_ratio = ratio;
  }
  check_figure ("dry off, from one distance to the next: level", rise,
      -INFINITY, 0, "dB");
  check_figure ("  early to late", ratio_rise, -INFINITY, -0.3, "dB");
  check_figure ("  the late sound moves by", late_move, 0, 0.1, "dB");
}

static void
test_distance (void)
{
  static const double wets[] = { -20, -12, -6, 0, 6, 12 };
  for (unsigned k = 0; k < sizeof wets / sizeof *wets; k++)
    check_farther (wets[k]);
  check_farther_wet ();
  void *params = check_params (&mix_reverb);
  set (params, "distance", 100);
  set (params, "wet", -100);
  CheckAudio direct = response (params, 48000, 1, 0, 0.2);
  double low = cabs (check_dft (direct.c[0], direct.frames, 100, 48000));
  double high = cabs (check_dft (direct.c[0], direct.frames, 16000, 48000));
  check_figure ("distance 100, direct sound at 100 Hz", mix_db_from_gain (low),
      -15.2, -14.8, "dB");
  check_figure ("distance 100, direct sound at 16 kHz under that at 100 Hz",
      mix_db_from_gain (high / low), -14, -10, "dB");
  check_audio_free (&direct);
  free (params);
}

static unsigned
first_sound (const CheckAudio *audio)
{
  for (unsigned i = 0; i < audio->frames; i++)
    for (unsigned c = 0; c < audio->channels; c++)
      if (audio->c[c][i] != 0)
        return i;
  return audio->frames;
}

static void
test_pre_delay (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    unsigned first[3];
    for (unsigned k = 0; k < 3; k++) {
      void *params = wet_params ("hall");
      set (params, "pre-delay", 250 * k);
      CheckAudio ir = response (params, rates[r], 2, 0, 1);
      first[k] = first_sound (&ir);
      check_audio_free (&ir);
      free (params);
    }
    check_figure ("pre-delay of 500 ms, from that of 250",
        (first[2] - first[1]) * 1000.0 / rates[r], 249.9, 250.1, "ms");
    check_figure ("pre-delay of 250 ms, from that of 0",
        (first[1] - first[0]) * 1000.0 / rates[r], 249.9, 250.1, "ms");
    check_figure ("without pre-delay, the first reflection",
        first[0] * 1000.0 / rates[r], 3, 15, "ms");
  }
}

/* ---- Channels ----------------------------------------------------------- */

/* All channels but LFE are wet, and none sounds like another. */
static void
test_surround (void)
{
  void *params = wet_params ("hall");
  CheckAudio ir = response (params, 48000, 6, 0, 1.5);
  double worst = 0, loudest = 0, softest = INFINITY;
  for (unsigned a = 0; a < 6; a++) {
    if (a == 3)
      continue;
    double late = energy (ir.c[a], 9600, ir.frames);
    loudest = fmax (loudest, late);
    softest = fmin (softest, late);
    for (unsigned b = 0; b < a; b++)
      if (b != 3)
        worst = fmax (
            worst, fabs (correlation (ir.c[a], ir.c[b], 9600, ir.frames)));
  }
  check_figure ("5.1: largest late |rho| of two channels", worst, 0, 0.25, "");
  check_figure ("5.1: loudest against softest channel, late",
      10 * log10 (loudest / softest), 0, 3, "dB");
  CHECK (check_peak (ir.c[3], ir.frames) == 0, "LFE is wet");
  check_audio_free (&ir);
  set (params, "late", -100);
  ir = response (params, 48000, 6, 0, 0.5);
  check_figure ("5.1: reflections of front left, rear left over rear right",
      10
          * log10 (energy (ir.c[4], 0, ir.frames)
                   / fmax (energy (ir.c[5], 0, ir.frames), 1e-9)),
      6, INFINITY, "dB");
  check_audio_free (&ir);
  set (params, "dry", 0);
  ir = response (params, 48000, 6, 3, 0.5);
  CHECK (ir.c[3][0] == 1 && energy (ir.c[3], 1, ir.frames) == 0, "LFE");
  CHECK (check_peak (ir.c[0], ir.frames) == 0, "LFE is heard elsewhere");
  check_audio_free (&ir);
  free (params);
}

static void
test_many_channels (void)
{
  void *params = wet_params ("room");
  CheckAudio ir = response (params, 48000, MIX_MAX_CHANNELS, 5, 0.5);
  for (unsigned c = 0; c < MIX_MAX_CHANNELS; c++)
    CHECK (energy (ir.c[c], 0, ir.frames) > 0, "channel %u is dry", c);
  CHECK (check_audio_finite (&ir), "64 channels");
  check_audio_free (&ir);
  free (params);
}

/* ---- Freeze ------------------------------------------------------------- */

/* Noise rings for two seconds, is held for a minute while noise goes on, and
 * dies away when let go. */
static void
check_freeze (unsigned rate, double modulation, double decay)
{
  char name[100];
  void *params = wet_params ("hall");
  set (params, "modulation", modulation);
  set (params, "decay", decay);
  void *self = check_new_unit (&mix_reverb, rate, 2, params);
  CheckAudio second = check_audio (2, rate);
  double loudest = 0, softest = INFINITY;
  for (unsigned s = 0; s < 63; s++) {
    check_noise (second.c[0], rate, 0.3, 2 * s + 1);
    check_noise (second.c[1], rate, 0.3, 2 * s + 2);
    if (s == 2) {
      set (params, "freeze", 1);
      mix_reverb.set (self, params);
    }
    check_process (&mix_reverb, self, &second, &second, 4096);
    if (s < 3)
      continue;
    double power
        = energy (second.c[0], 0, rate) + energy (second.c[1], 0, rate);
    loudest = fmax (loudest, power);
    softest = fmin (softest, power);
  }
  snprintf (name, sizeof name,
      "freeze at %u Hz, modulation %g, decay %g s: over a minute within", rate,
      modulation, decay);
  check_figure (name, 10 * log10 (loudest / softest), 0, 1, "dB");
  set (params, "freeze", 0);
  mix_reverb.set (self, params);
  for (unsigned s = 0; s < 2 * decay; s++) {
    memset (second.c[0], 0, rate * sizeof (float));
    memset (second.c[1], 0, rate * sizeof (float));
    check_process (&mix_reverb, self, &second, &second, 4096);
  }
  CHECK (check_peak (second.c[0], rate) < 1e-3, "still held");
  check_audio_free (&second);
  check_free_unit (&mix_reverb, self);
  free (params);
}

static void
test_freeze (void)
{
  for (unsigned r = 0; r < RATES; r++)
    check_freeze (rates[r], 20, 1.8);
  check_freeze (48000, 0, 1.8);
  check_freeze (48000, 100, 1.8);
  check_freeze (48000, 100, 3);
}

/* ---- Knobs while it rings ------------------------------------------------ */

/* Noise for two seconds, then silence, in which a knob goes from one value to
 * another: the level of what rings in the octave of 1 kHz, of both ears, in
 * windows of 100 ms. */
enum {
  WINDOW = 4800,
  WINDOWS = 30,
  BEFORE = 3, /* windows, until the knob moves */
};

static void
turn (void *self, void *params, const char *name, double to)
{
  if (strcmp (name, "space") == 0)
    check_choose (&mix_reverb, params, name, spaces[(unsigned)to]);
  else
    set (params, name, to);
  mix_reverb.set (self, params);
}

static void
add_levels (double power[WINDOWS], const float *x)
{
  double *band = octave (x, WINDOWS * WINDOW, 1000, 48000);
  for (unsigned i = 0; i < WINDOWS * WINDOW; i++)
    power[i / WINDOW] += band[i] * band[i];
  free (band);
}

static void
ring_and_turn (void *params, const char *name, double to, double db[WINDOWS])
{
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio noise = check_audio (2, 96000), one = check_audio (2, WINDOW);
  CheckAudio all = check_audio (2, WINDOWS * WINDOW);
  check_noise (noise.c[0], noise.frames, 0.5, 1);
  check_noise (noise.c[1], noise.frames, 0.5, 2);
  check_process (&mix_reverb, self, &noise, &noise, 1024);
  for (unsigned w = 0; w < WINDOWS; w++) {
    if (w == BEFORE)
      turn (self, params, name, to);
    for (unsigned c = 0; c < 2; c++)
      memset (one.c[c], 0, WINDOW * sizeof (float));
    check_process (&mix_reverb, self, &one, &one, 1024);
    for (unsigned c = 0; c < 2; c++)
      memcpy (all.c[c] + w * WINDOW, one.c[c], WINDOW * sizeof (float));
  }
  memset (db, 0, WINDOWS * sizeof *db);
  add_levels (db, all.c[0]);
  add_levels (db, all.c[1]);
  for (unsigned w = 0; w < WINDOWS; w++)
    db[w] = 10 * log10 (db[w] + 1e-30);
  check_audio_free (&all);
  check_audio_free (&noise);
  check_audio_free (&one);
  check_free_unit (&mix_reverb, self);
}

/* The most by which a window is louder than any softer one before it, from the
 * last one before the knob moved on. */
static double
largest_rise (const double db[WINDOWS])
{
  double softest = db[BEFORE - 1], rise = 0;
  for (unsigned w = BEFORE; w < WINDOWS; w++) {
    rise = fmax (rise, db[w] - softest);
    softest = fmin (softest, db[w]);
  }
  return rise;
}

/* A window of 100 ms of an octave at 1 kHz (700 Hz) in two ears has 140
 * independent values: the level of noise differs from one to the next by 0.5
 * dB (standard deviation), in thirty of them by 2 dB at the most. */
static void
check_turn (const char *name, double from, double to, double decay)
{
  char text[120];
  double db[WINDOWS];
  void *params
      = wet_params (strcmp (name, "space") ? "hall" : spaces[(unsigned)from]);
  set (params, "decay", decay);
  if (strcmp (name, "space"))
    set (params, name, from);
  ring_and_turn (params, name, to, db);
  snprintf (text, sizeof text,
      "%s %g to %g at decay %g while a tail rings: largest rise", name, from,
      to, decay);
  check_figure (text, largest_rise (db), 0, 2, "dB");
  free (params);
}

/* A longer decay takes what rings from where it is: it neither swells nor
 * drops. Between the two windows lie 1.2 s, 0.25 s of them at about the old
 * decay, until the new one is reached. */
static void
check_longer_decay (void)
{
  double db[WINDOWS];
  void *params = wet_params ("hall");
  set (params, "decay", 1);
  ring_and_turn (params, "decay", 10, db);
  check_figure ("decay 1 to 10: level 1.2 s later",
      db[BEFORE + 11] - db[BEFORE - 1], -14, -6, "dB");
  free (params);
}

static void
test_turns (void)
{
  check_turn ("decay", 10, 1, 10);
  check_turn ("decay", 1, 10, 1);
  check_turn ("decay", 0.5, 30, 0.5);
  check_turn ("decay", 3, 0.3, 3);
  for (unsigned k = 0; k < 2; k++) {
    double decay = k ? 4 : 1.5;
    check_turn ("size", 5, 60, decay);
    check_turn ("size", 60, 5, decay);
    for (unsigned s = 0; s < SPACES; s++)
      check_turn ("space", s, (s + 1) % SPACES, decay);
    check_turn ("space", 3, 0, decay); /* plate, room */
    check_turn ("space", 0, 3, decay);
    check_turn ("low-ratio", 0.3, 4, decay);
    check_turn ("high-ratio", 0.1, 2, decay);
    check_turn ("diffusion", 0, 100, decay);
    check_turn ("diffusion", 100, 0, decay);
  }
  check_longer_decay ();
}

/* Level of a second of what is frozen. */
static double
frozen_level (void *self)
{
  CheckAudio second = check_audio (2, 48000);
  check_process (&mix_reverb, self, &second, &second, 1024);
  double power
      = energy (second.c[0], 0, 48000) + energy (second.c[1], 0, 48000);
  check_audio_free (&second);
  return 10 * log10 (power);
}

static void
test_frozen_turns (void)
{
  static const struct {
    const char *name;
    double value;
  } turns[] = { { "decay", 0.1 }, { "decay", 60 }, { "decay", 1 },
    { "size", 1 }, { "size", 100 }, { "size", 20 }, { "space", 0 },
    { "space", 3 }, { "space", 4 }, { "low-ratio", 4 }, { "high-ratio", 0.05 },
    { "pre-delay", 500 }, { "diffusion", 0 }, { "modulation", 100 } };
  void *params = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio noise = noise_and_zeros (2, 96000);
  check_process (&mix_reverb, self, &noise, &noise, 1024);
  set (params, "freeze", 1);
  mix_reverb.set (self, params);
  frozen_level (self);
  double was = frozen_level (self), loudest = 0, softest = 0;
  for (unsigned k = 0; k < sizeof turns / sizeof *turns; k++) {
    turn (self, params, turns[k].name, turns[k].value);
    double change = frozen_level (self) - was;
    loudest = fmax (loudest, change);
    softest = fmin (softest, change);
  }
  check_figure ("frozen, knobs move: loudest second", loudest, -0.5, 0.5, "dB");
  check_figure ("frozen, knobs move: softest second", softest, -0.5, 0.5, "dB");
  check_audio_free (&noise);
  check_free_unit (&mix_reverb, self);
  free (params);
}

/* ---- Robustness --------------------------------------------------------- */

/* Every knob goes anywhere every 7 ms: nothing blows up, and at rest again the
 * reverb is what it was. */
static void
test_sweeps (void)
{
  uint64_t random = 3;
  void *params = wet_params ("hall"), *still = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = check_audio (2, 336);
  double peak = 0;
  set (params, "low-ratio", 4);
  for (unsigned k = 0; k < 3000; k++) {
    const MixTable *table = &mix_reverb.params;
    const MixRow *row = &table->rows[check_random (&random) % table->count];
    double u = (double)(check_random (&random) >> 11) / 9007199254740992.0;
    bool level = strcmp (row->unit, "dB") == 0;
    if (!level)
      mix_row_put (
          row, params, row->minimum + u * (row->maximum - row->minimum));
    mix_reverb.set (self, params);
    check_noise (audio.c[0], audio.frames, 0.5, k + 1);
    check_noise (audio.c[1], audio.frames, 0.5, k + 5000);
    check_process (&mix_reverb, self, &audio, &audio, 100);
    peak = fmax (peak, check_peak (audio.c[0], audio.frames));
  }
  check_figure ("everything moves at once: peak over that of the input",
      mix_db_from_gain (peak / 0.5), -INFINITY, 24, "dB");
  mix_reverb.set (self, still);
  for (unsigned k = 0; k < 3000; k++) {
    memset (audio.c[0], 0, audio.frames * sizeof (float));
    memset (audio.c[1], 0, audio.frames * sizeof (float));
    check_process (&mix_reverb, self, &audio, &audio, 100);
  }
  CHECK (check_peak (audio.c[0], audio.frames) < 1e-6, "does not come to rest");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (still);
  free (params);
}

/* A bad sample in the middle of a tail ends the tail and nothing else. */
static void
test_bad_sample (void)
{
  MixRun run;
  void *params = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = noise_and_zeros (2, 48000);
  mix_run_init (&run, &mix_reverb, self, 2);
  mix_run (&run, audio.c, NULL, 24000);
  audio.c[0][24000] = NAN;
  float *rest[2] = { audio.c[0] + 24000, audio.c[1] + 24000 };
  CHECK (mix_run (&run, rest, NULL, 24000) == 1, "one bad sample");
  CHECK (check_audio_finite (&audio), "a NaN stayed");
  CHECK (check_rms (rest[0] + 12000, 12000) > 0.01, "silent after a NaN");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (params);
}

/* The pause before the first reflection is the longest there is. */
static void
test_tail (void)
{
  void *params = wet_params ("hall");
  set (params, "pre-delay", 500);
  set (params, "size", 100);
  CheckAudio ir = response (params, 48000, 2, 0, 2);
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  unsigned tail = mix_reverb.tail (self), first = first_sound (&ir);
  CHECK (
      tail > first && tail < 60000, "tail %u, first sound at %u", tail, first);
  check_free_unit (&mix_reverb, self);
  check_audio_free (&ir);
  free (params);
}

/* Nothing is added while the wet sound is off, so no host waits for it; what
 * rang before is there again when it comes back. */
static void
test_silent_tail (void)
{
  void *params = check_params (&mix_reverb);
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = noise_and_zeros (2, 48000);
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) > 0, "no tail");
  set (params, "wet", -100);
  mix_reverb.set (self, params);
  CHECK (mix_reverb.tail (self) > 0, "no tail before the wet sound is off");
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) == 0, "a tail of what is not heard");
  set (params, "wet", -12);
  mix_reverb.set (self, params);
  CHECK (mix_reverb.tail (self) > 0, "no tail when it comes back");
  memset (audio.c[0], 0, audio.frames * sizeof (float));
  memset (audio.c[1], 0, audio.frames * sizeof (float));
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (check_peak (audio.c[0], 24000) > 1e-3, "it does not come back");
  set (params, "early", -100);
  set (params, "late", -100);
  mix_reverb.set (self, params);
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) == 0, "a tail of neither early nor late");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (params);
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_absorption ();
  test_decays ();
  test_ratios ();
  test_longest ();
  test_density ();
  test_correlation ();
  test_width ();
  test_panorama ();
  test_ringing ();
  test_pitch ();
  test_modes ();
  test_levels ();
  test_neutral ();
  test_distance ();
  test_pre_delay ();
  test_surround ();
  test_many_channels ();
  test_freeze ();
  test_turns ();
  test_frozen_turns ();
  test_sweeps ();
  test_bad_sample ();
  test_tail ();
  test_silent_tail ();
  return check_end ();
}
