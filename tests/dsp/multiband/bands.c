/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each band does: static curve and times, as the compressor's; gain,
 * width, solo, mute, enabled.
 */
#include "multiband_runs.h"

/* The middle of each of the three bands. */
static const double middles[] = { 60, 800, 9000 };

/* ---- The static curve --------------------------------------------------- */

/* Giannoulis, Massberg and Reiss, JAES 60, 2012, eq. 4. */
static double
expected_reduction (double threshold, double ratio, double knee, double level)
{
  double over = level - threshold, slope = ratio >= 100 ? 1 : 1 - 1 / ratio;
  if (2 * over <= -knee)
    return 0;
  if (2 * over >= knee)
    return slope * over;
  return slope * (over + knee / 2) * (over + knee / 2) / (2 * knee);
}

/* The band alone: what the neighbours let through does not count. */
static double
worst_of_curve (unsigned band, double threshold, double ratio, double knee)
{
  char neutral[60], text[200];
  double worst = 0;
  snprintf (neutral, sizeof neutral, "%u:solo=1", band);
  snprintf (text, sizeof text, "%s %u:threshold=%g %u:ratio=%g %u:knee=%g",
      neutral, band, threshold, band, ratio, band, knee);
  for (double level = -60; level <= 0; level += 6) {
    double amplitude = mix_gain_from_db (level);
    double in = db (sine_through (neutral, middles[band], amplitude));
    double out = db (sine_through (text, middles[band], amplitude));
    double error = in - out - expected_reduction (threshold, ratio, knee, in);
    worst = fabs (error) > fabs (worst) ? error : worst;
  }
  return worst;
}

static void
test_curves (void)
{
  char name[100];
  static const double curves[][3]
      = { { -18, 4, 6 }, { -30, 2, 0 }, { -40, 100, 12 } };
  for (unsigned b = 0; b < 3; b++)
    for (unsigned k = 0; k < 3; k++) {
      const double *c = curves[k];
      snprintf (name, sizeof name, "band %u, %g dB %g:1 knee %g, worst", b,
          c[0], c[1], c[2]);
      figure (name, -0.1, worst_of_curve (b, c[0], c[1], c[2]), 0.1, "dB");
    }
}

/* ---- Times -------------------------------------------------------------- */

/* Reduction of one band, frame by frame, as output against neutral output where
 * that is not near a zero. */
static void
trace (const char *neutral, const char *text, CheckAudio *audio)
{
  CheckAudio plain = check_audio (1, audio->frames);
  run (neutral, &plain, audio);
  run (text, audio, audio);
  float last = 0, near = 0.3f * (float)check_peak (plain.c[0], plain.frames);
  for (unsigned i = 0; i < audio->frames; i++) {
    if (fabsf (plain.c[0][i]) > near * (i < audio->frames / 2 ? 1 : 0.01f))
      last = (float)-db (fabs (audio->c[0][i] / plain.c[0][i]));
    audio->c[0][i] = last;
  }
  check_audio_free (&plain);
}

/* Frames from `at` until `way` is covered from there to the value at `end`. */
static unsigned
time_of (const float *reduction, unsigned at, unsigned end)
{
  double from = reduction[at - 1], to = reduction[end - 1];
  for (unsigned i = at; i < end; i++)
    if (fabs (reduction[i] - from) >= (1 - exp (-1)) * fabs (to - from))
      return i - at;
  return end;
}

/* A second loud, and one that is 40 dB softer. The tones are high in the
 * lowest band, as the detector takes a quarter of a cycle. */
static void
test_times_of (unsigned band, double hz)
{
  char neutral[60], text[200], name[60];
  unsigned half = 2 * rate;
  CheckAudio audio = check_audio (1, 2 * half);
  snprintf (neutral, sizeof neutral, "%u:solo=1 crossover0=400", band);
  snprintf (text, sizeof text,
      "%s %u:threshold=-30 %u:ratio=100 %u:knee=0 %u:attack=100 "
      "%u:release=300",
      neutral, band, band, band, band, band);
  check_sine (audio.c[0], audio.frames, hz, rate, 0.5);
  for (unsigned i = half; i < audio.frames; i++)
    audio.c[0][i] *= 0.01f;
  trace (neutral, text, &audio);
  snprintf (name, sizeof name, "band %u, attack of 100 ms", band);
  figure (name, 95, time_of (audio.c[0], 1, half) * 1000.0 / rate, 105, "ms");
  snprintf (name, sizeof name, "band %u, release of 300 ms", band);
  figure (name, 270, time_of (audio.c[0], half, 2 * half) * 1000.0 / rate, 330,
      "ms");
  check_audio_free (&audio);
}

static void
test_times (void)
{
  test_times_of (0, 180);
  test_times_of (1, 1000);
  test_times_of (2, 9000);
}

/* ---- Gain, solo, mute, enabled ------------------------------------------ */

static void
test_gains (void)
{
  double plain = sine_through ("slope=1", 800, 0.1);
  figure ("gain 9", 8.95,
      db (sine_through ("slope=1 1:gain=9", 800, 0.1) / plain), 9.05, "dB");
  figure ("not enabled", -0.01,
      db (sine_through (
              "slope=1 1:gain=9 1:threshold=-60 1:ratio=9 1:enabled=0", 800,
              0.1)
          / plain),
      0.01, "dB");
  figure ("output gain", 5.99,
      db (sine_through ("slope=1 output-gain=6", 800, 0.1) / plain), 6.01,
      "dB");
  figure ("muted", -400,
      db (sine_through ("slope=1 1:mute=1", 800, 0.1) / plain), -40, "dB");
  figure ("another is soloed", -400,
      db (sine_through ("slope=1 0:solo=1", 800, 0.1) / plain), -40, "dB");
  figure ("soloed", -0.02,
      db (sine_through ("slope=1 1:solo=1", 800, 0.1) / plain), 0.02, "dB");
  figure ("all soloed and muted", -400,
      db (sine_through (
          "0:solo=1 1:solo=1 2:solo=1 0:mute=1 1:mute=1 2:mute=1", 800, 0.1)),
      -399, "dB");
}

/* ---- Width -------------------------------------------------------------- */

/* Amplitudes of mid and side of a tone that has both. */
static void
mid_and_side (const char *text, double hz, double *mid, double *side)
{
  unsigned frames = 2 * rate, tail = rate / 5;
  CheckAudio audio = check_audio (2, frames);
  hz = check_coherent (hz, rate, tail);
  check_sine (audio.c[0], frames, hz, rate, 0.2);
  run (text, &audio, &audio);
  for (unsigned i = 0; i < frames; i++) {
    float l = audio.c[0][i], r = audio.c[1][i];
    audio.c[0][i] = (l + r) / 2;
    audio.c[1][i] = (l - r) / 2;
  }
  *mid = check_amplitude (audio.c[0] + frames - tail, tail, hz, rate);
  *side = check_amplitude (audio.c[1] + frames - tail, tail, hz, rate);
  check_audio_free (&audio);
}

static void
test_width (void)
{
  double mid, side;
  mid_and_side ("slope=1 2:width=200", 12000, &mid, &side);
  figure ("width 200, mid", -0.01, db (mid / 0.1), 0.01, "dB");
  figure ("width 200, side", 6.01, db (side / 0.1), 6.03, "dB");
  mid_and_side ("slope=1 2:width=0", 12000, &mid, &side);
  figure ("width 0, side", -400, db (side / 0.1), -60, "dB");
  mid_and_side (
      "slope=1 2:width=400 2:gain=-6.0206 mix=50", 12000, &mid, &side);
  figure ("width 400 half mixed, mid", -2.51, db (mid / 0.1), -2.49, "dB");
  figure ("width 400 half mixed, side", 3.51, db (side / 0.1), 3.53, "dB");
  mid_and_side ("slope=1 2:width=400", 100, &mid, &side);
  figure ("another band's width", -0.01, db (side / 0.1), 0.01, "dB");
}

int
main (void)
{
  at_rates (test_curves);
  at_rates (test_times);
  at_rates (test_gains);
  at_rates (test_width);
  return check_end ();
}
