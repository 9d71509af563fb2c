/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each band does: static curve and times, as the compressor's; gain,
 * width, solo, mute, enabled; couple and gate; look-ahead; readings; changes of
 * the number of bands.
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

/* ---- Couple and gate ---------------------------------------------------- */

/* A tone in each of the three bands. */
static CheckAudio
three_tones (double seconds, double amplitude)
{
  CheckAudio audio = check_audio (1, (unsigned)(seconds * rate));
  CheckAudio tone = check_audio (1, audio.frames);
  for (unsigned b = 0; b < 3; b++) {
    check_sine (tone.c[0], tone.frames, middles[b], rate, amplitude);
    for (unsigned i = 0; i < audio.frames; i++)
      audio.c[0][i] += tone.c[0][i];
  }
  check_audio_free (&tone);
  return audio;
}

/* Reductions after `audio`: those of the last frames. */
static MixDoubles
reductions_after (const char *text, const CheckAudio *audio)
{
  union {
    MixDoubles doubles;
    char space[1024];
  } readings;
  void *params = settings (text);
  void *self = check_new_unit (&mix_multiband, rate, audio->channels, params);
  check_process_span (
      &mix_multiband, self, audio, audio, 0, audio->frames - 64);
  mix_multiband.read (self, &readings);
  check_process_span (
      &mix_multiband, self, audio, audio, audio->frames - 64, audio->frames);
  mix_multiband.read (self, &readings);
  check_free_unit (&mix_multiband, self);
  free (params);
  return readings.doubles;
}

static void
test_couple (void)
{
  static const char base[] = "slope=1 0:threshold=-40 0:ratio=100 0:knee=0 "
                             "2:threshold=-30 2:ratio=100 2:knee=0";
  char text[200];
  CheckAudio audio = three_tones (2, 0.1); /* -20 dBFS */
  MixDoubles alone = reductions_after (base, &audio);
  CHECK (alone.count == 3, "a value for each band");
  figure ("reduction of band 0", 19.9, alone.values[0], 20.1, "dB");
  figure ("reduction of band 1", 0, alone.values[1], 0, "dB");
  figure ("reduction of band 2", 9.9, alone.values[2], 10.1, "dB");
  check_audio_free (&audio);

  audio = three_tones (2, 0.1);
  snprintf (text, sizeof text, "%s couple=50", base);
  MixDoubles half = reductions_after (text, &audio);
  figure ("band 1, half coupled", 9.9, half.values[1], 10.1, "dB");
  figure ("band 2, half coupled", 9.9, half.values[2], 10.1, "dB");
  check_audio_free (&audio);

  audio = three_tones (2, 0.1);
  snprintf (text, sizeof text, "%s couple=100 2:enabled=0", base);
  MixDoubles full = reductions_after (text, &audio);
  figure ("band 1, coupled", 19.9, full.values[1], 20.1, "dB");
  figure ("band 2, not enabled", 0, full.values[2], 0, "dB");
  check_audio_free (&audio);
}

/* After a loud passage a long release would leave the bands apart in a pause:
 * under the gate they meet in a few seconds, over it they do not. The three
 * tones of -50 dBFS have about -50 LUFS. */
static void
test_gate (void)
{
  static const char base[] = "slope=1 0:threshold=-40 0:ratio=100 "
                             "0:release=5000";
  char text[200];
  static const struct {
    const char *gate;
    double low, high; /* of the difference */
  } cases[] = { { "-70", 3, 40 }, { "-60", 3, 40 }, { "-40", 0, 0.3 } };
  for (unsigned k = 0; k < 3; k++) {
    char name[60];
    CheckAudio audio = three_tones (8, 0.003);
    for (unsigned i = 0; i < 2 * rate; i++)
      audio.c[0][i] *= 60;
    snprintf (text, sizeof text, "%s gate=%s", base, cases[k].gate);
    MixDoubles after = reductions_after (text, &audio);
    snprintf (name, sizeof name, "bands apart, gate %s", cases[k].gate);
    figure (name, cases[k].low, after.values[0] - after.values[2],
        cases[k].high, "dB");
    check_audio_free (&audio);
  }
}

/* ---- Look-ahead --------------------------------------------------------- */

static void
test_look_ahead (void)
{
  CheckAudio a = check_audio (1, rate), b = check_audio (1, rate);
  unsigned ahead = mix_frames_from_ms (5, rate);
  check_noise (a.c[0], rate, 0.5, 1);
  check_noise (b.c[0], rate, 0.5, 1);
  run ("0:gain=3", &a, &a);
  run ("0:gain=3 look-ahead=5", &b, &b);
  CHECK (memcmp (a.c[0], b.c[0] + ahead, (rate - ahead) * sizeof (float)) == 0,
      "look-ahead is a delay");
  CHECK (
      latency_of ("look-ahead=5") == ahead, "%u", latency_of ("look-ahead=5"));
  check_audio_free (&a);
  check_audio_free (&b);

  /* With a look-ahead of three times the attack, nothing of an onset passes. */
  a = check_audio (1, rate);
  check_sine (a.c[0], rate, 9000, rate, 0.5);
  memset (a.c[0], 0, rate / 2 * sizeof (float));
  run ("2:solo=1 2:threshold=-30 2:ratio=100 2:attack=2 2:knee=0 look-ahead=15",
      &a, &a);
  figure ("onset under look-ahead", -30.1, db (check_peak (a.c[0], rate)), -28,
      "dBFS");
  check_audio_free (&a);
}

/* ---- Changes ------------------------------------------------------------ */

/* Some time after the number of bands was changed, the output is that of an
 * instance that had it from the start. */
static void
test_change (void)
{
  static const unsigned counts[] = { 3, 6, 2, 5, 4, 3 };
  char text[200];
  double loudest = 0;
  void *params = settings ("num-bands=3 look-ahead=3");
  void *self = check_new_unit (&mix_multiband, rate, 1, params);
  free (params);
  for (unsigned k = 0; k < 6; k++) {
    CheckAudio audio = check_audio (1, rate), fresh = check_audio (1, rate);
    check_noise (audio.c[0], rate, 0.25, 1);
    check_noise (fresh.c[0], rate, 0.25, 1);
    snprintf (text, sizeof text,
        "num-bands=%u look-ahead=3 1:gain=6 "
        "crossover2=6000 crossover3=9000 crossover4=13000",
        counts[k]);
    params = settings (text);
    mix_multiband.set (self, params);
    check_process (&mix_multiband, self, &audio, &audio, 1000);
    run (text, &fresh, &fresh);
    for (unsigned i = rate / 2; i < rate; i++)
      loudest = fmax (loudest, fabs (audio.c[0][i] - fresh.c[0][i]));
    check_audio_free (&audio);
    check_audio_free (&fresh);
    free (params);
  }
  figure (
      "half a second after a change of bands", -400, db (loudest), -90, "dBFS");
  check_free_unit (&mix_multiband, self);
}

int
main (void)
{
  at_rates (test_curves);
  at_rates (test_times);
  at_rates (test_gains);
  at_rates (test_width);
  at_rates (test_couple);
  at_rates (test_gate);
  at_rates (test_look_ahead);
  at_rates (test_change);
  return check_end ();
}
