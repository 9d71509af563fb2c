/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The response over frequency: ringing bands, pitch, and the distribution of
 * the modes.
 */
#include "reverb_rig.h"

#include "parts/fft.h"

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
  for (unsigned out = 0; out < 2; out++) {
    worst = fmax (worst, ringing (left.c[out], rate));
    worst = fmax (worst, ringing (right.c[out], rate));
    for (unsigned i = 0; i < left.frames; i++)
      left.c[out][i] += right.c[out][i];
    worst = fmax (worst, ringing (left.c[out], rate));
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

/* A tone keeps its pitch: hardly any power is more than a few Hz away, even at
 * full modulation. */
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
  check_figure ("modulation 100, 1 kHz: power more than 6 Hz away",
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

/* The worst of both output channels. */
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
  for (unsigned out = 0; out < 2; out++) {
    add_mode_figures (side, left.c[out], rate);
    add_mode_figures (side, right.c[out], rate);
    for (unsigned i = 0; i < left.frames; i++)
      left.c[out][i] += right.c[out][i];
    add_mode_figures (middle, left.c[out], rate);
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

/* A mode's level is the product of its gains at the input and at the output. A
 * source in the middle enters and leaves by more paths, which makes up for
 * modes that one path misses. */
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

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_ringing ();
  test_pitch ();
  test_modes ();
  return check_end ();
}
