/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decay times by backward integration (M. R. Schroeder, "New method of
 * measuring reverberation time", JASA 37, 1965; ISO 3382-1) in octave bands,
 * and echo density (J. S. Abel, P. Huang, "A simple, robust measure of
 * reverberation echo density", AES 121, 2006).
 */
#include "reverb_rig.h"

#include "parts/absorption.h"

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

/* Mean over two sources and two output channels: ISO 3382 asks for several
 * positions of each. */
static void
measure_decays (const void *params, unsigned rate, double seconds, double low,
    double mean[BANDS])
{
  memset (mean, 0, BANDS * sizeof *mean);
  for (unsigned source = 0; source < 2; source++) {
    CheckAudio ir = response (params, rate, 2, source, seconds);
    for (unsigned out = 0; out < 2; out++)
      for (unsigned b = 0; b < BANDS; b++) {
        double *band = octave (ir.c[out], ir.frames, bands_hz[b], rate);
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
  /* The integral lacks what is cut off at the end: levels of two seconds
   * instead. */
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
  return check_end ();
}
