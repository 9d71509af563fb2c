/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The imager: the mono sum does not change, laws of pan, balance and rotation,
 * the shelves of the side against their formula, decorrelation, the guard,
 * readings, sweeps without zipper noise, surround.
 */
#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

/* The rate of the tests that are running. */
static unsigned rate;

static bool
figure (const char *name, double measured, double low, double high,
    const char *unit)
{
  char text[160];
  snprintf (text, sizeof text, "%s at %g kHz", name, rate / 1000.0);
  return check_figure (text, measured, low, high, unit);
}

/* ---- Running ------------------------------------------------------------ */

/* "width=200 swap=1": the rest at its default. */
static void *
settings (const char *text)
{
  void *params = check_params (&mix_imager);
  char name[40];
  double value;
  int length;
  for (; sscanf (text, " %39[^=]=%lf%n", name, &value, &length) == 2;
       text += length)
    check_set (&mix_imager, params, name, value);
  CHECK (text[strspn (text, " ")] == 0, "settings: %s", text);
  return params;
}

static void *
new_imager (const char *text, unsigned channels)
{
  void *params = settings (text);
  void *self = check_new_unit (&mix_imager, rate, channels, params);
  free (params);
  return self;
}

static void
run (const char *text, const CheckAudio *out, const CheckAudio *in)
{
  void *self = new_imager (text, in->channels);
  check_process (&mix_imager, self, out, in, 1000);
  check_free_unit (&mix_imager, self);
}

static CheckAudio
noise (unsigned frames)
{
  CheckAudio audio = check_audio (2, frames);
  check_pink (audio.c[0], frames, 0.1, 1);
  check_pink (audio.c[1], frames, 0.1, 2);
  return audio;
}

static double
db (double x)
{
  return mix_db_from_gain (x);
}

/* The error of L + R relative to that of the input, in dB. */
static double
sum_error_db (const CheckAudio *out, const CheckAudio *in)
{
  double error = 0, power = 0;
  for (unsigned i = 0; i < in->frames; i++) {
    double before = (double)in->c[0][i] + (double)in->c[1][i];
    double after = (double)out->c[0][i] + (double)out->c[1][i];
    error += (after - before) * (after - before);
    power += before * before;
  }
  return db (sqrt (error / power));
}

/* Half the sum, or half the difference, to `out`. */
static void
mid_of (float *out, const CheckAudio *audio, float sign)
{
  for (unsigned i = 0; i < audio->frames; i++)
    out[i] = (audio->c[0][i] + sign * audio->c[1][i]) / 2;
}

/* ---- Neutral ------------------------------------------------------------ */

static void
test_neutral (void)
{
  static const char *const neutral[] = { "", "multiband=1 low-crossover=300",
    "multiband=1 low-crossover=5000 high-crossover=400",
    "low-width=0 high-width=300", "width=50 side-gain=6.020599913279624" };
  CheckAudio in = noise (rate), out = check_audio (2, rate);
  in.c[0][77] = -0.f;
  for (unsigned i = 0; i < 4; i++) {
    run (neutral[i], &out, &in);
    CHECK (check_audio_equal (&in, &out), "'%s' changes bits", neutral[i]);
  }
  run (neutral[4], &out, &in);
  figure ("width 50 and side +6.02 dB, error of left",
      db (fabs (check_rms (out.c[0], rate) / check_rms (in.c[0], rate) - 1)),
      -400, -100, "dB");
  check_audio_free (&in);
  check_audio_free (&out);
}

/* Neutral again after all parameters were moved and moved back. */
static void
test_neutral_again (void)
{
  CheckAudio in = noise (4 * rate), out = check_audio (2, 4 * rate);
  void *self = new_imager ("", 2), *neutral = settings ("");
  void *wild = settings ("width=300 multiband=1 low-width=0 mono-below=200 "
                         "balance=30 pan=-60 rotation=20 haas=7 spread=70 "
                         "swap=1 invert-left=1 guard=1");
  mix_imager.set (self, wild);
  check_process_span (&mix_imager, self, &out, &in, 0, rate);
  mix_imager.set (self, neutral);
  check_process_span (&mix_imager, self, &out, &in, rate, 4 * rate);
  for (unsigned c = 0; c < 2; c++) {
    CHECK (memcmp (out.c[c] + 3 * rate, in.c[c] + 3 * rate, 4 * rate) == 0,
        "not neutral again");
    CHECK (memcmp (out.c[c], in.c[c], 4 * rate) != 0, "never moved");
  }
  free (neutral);
  free (wild);
  check_free_unit (&mix_imager, self);
  check_audio_free (&in);
  check_audio_free (&out);
}

/* ---- The mono sum ------------------------------------------------------- */

static void
test_sum (void)
{
  static const char *const kind[] = { "width=0", "width=400", "spread=100",
    "mono-below=1000", "side-gain=-100", "width=200 spread=60 mono-below=120",
    "multiband=1 low-width=0 mid-width=50 high-width=400" };
  char name[100];
  CheckAudio in = noise (rate), out = check_audio (2, rate);
  for (unsigned i = 0; i < sizeof kind / sizeof *kind; i++) {
    run (kind[i], &out, &in);
    snprintf (name, sizeof name, "L + R with %s, error", kind[i]);
    /* 0.01 dB are -58.8 dB of error; it is rounding */
    figure (name, sum_error_db (&out, &in), -400, -120, "dB");
  }
  check_audio_free (&in);
  check_audio_free (&out);
}

/* ---- The side's response ------------------------------------------------ */

/* The response to an impulse in the side. */
static float *
side_response (const char *text, unsigned frames)
{
  CheckAudio audio = check_audio (2, frames);
  float *side = malloc (frames * sizeof *side);
  check_impulse (audio.c[0], frames, 0, 0.5);
  check_impulse (audio.c[1], frames, 0, -0.5);
  run (text, &audio, &audio);
  mid_of (side, &audio, -1);
  check_audio_free (&audio);
  for (unsigned i = 0; i < frames; i++)
    side[i] *= 2;
  return side;
}

static double
gain_db (const float *response, unsigned frames, double hz)
{
  return db (cabs (check_dft (response, frames, hz, rate)));
}

static double
warped (double hz)
{
  return tan (MIX_PI * hz / rate);
}

/* Powers of a split at 24 dB per octave, lowest band first (side_filters.h). */
static double
bands_db (double hz, double low, double mid, double high)
{
  double u = pow (warped (hz) / warped (200), 8);
  double v = pow (warped (hz) / warped (4000), 8);
  double below = (low * low + mid * mid * u) / (1 + u);
  double above = (mid * mid + high * high * v) / (1 + v);
  return 10 * log10 (below * above / (mid * mid));
}

static void
test_bands_at (double low, double mid, double high)
{
  char text[120];
  double worst = 0;
  snprintf (text, sizeof text,
      "multiband=1 low-width=%g mid-width=%g high-width=%g", low, mid, high);
  float *side = side_response (text, rate);
  for (double hz = 50; hz < 18000; hz *= 1.3) {
    double expected = bands_db (hz, low / 100, mid / 100, high / 100);
    if (expected > -60)
      worst = fmax (worst, fabs (gain_db (side, rate, hz) - expected));
  }
  snprintf (
      text, sizeof text, "bands %g, %g, %g off their formula", low, mid, high);
  figure (text, worst, 0, 0.01, "dB");
  free (side);
}

static void
test_bands (void)
{
  double worst = 0;
  float *side = side_response (
      "multiband=1 low-width=170 mid-width=170 high-width=170", rate);
  for (double hz = 20; hz < 20000; hz *= 1.2)
    worst = fmax (worst, fabs (gain_db (side, rate, hz) - db (1.7)));
  figure ("equal widths, off a flat side", worst, 0, 0.05, "dB");
  /* no phase shift either: the response is one sample */
  figure ("equal widths, what comes after", db (check_rms (side + 1, rate - 1)),
      -400, -300, "dB");
  free (side);
  test_bands_at (50, 100, 200);
  test_bands_at (200, 100, 30);
  test_bands_at (10, 200, 10);
  side = side_response ("multiband=1 low-width=0", rate);
  figure ("low-width 0, two octaves below", gain_db (side, rate, 50), -400, -40,
      "dB");
  figure ("low-width 0, two octaves above", gain_db (side, rate, 800), -0.01,
      0.01, "dB");
  free (side);
}

static void
test_mono_below (void)
{
  static const double corner[] = { 60, 120, 500 };
  char text[80];
  for (unsigned i = 0; i < 3; i++) {
    double hz = corner[i];
    snprintf (text, sizeof text, "mono-below=%g", hz);
    float *side = side_response (text, 4 * rate);
    snprintf (text, sizeof text, "mono-below %g, two octaves below", hz);
    figure (text, gain_db (side, 4 * rate, hz / 4), -400, -40, "dB");
    snprintf (text, sizeof text, "mono-below %g, there", hz);
    figure (text, gain_db (side, 4 * rate, hz), -3.06, -2.96, "dB");
    snprintf (text, sizeof text, "mono-below %g, two octaves above", hz);
    figure (text, gain_db (side, 4 * rate, 4 * hz), -0.01, 0.01, "dB");
    free (side);
  }
}

/* A filter that comes on again starts without history. */
static void
test_filters_forget (void)
{
  static const char on[] = "mono-below=30 multiband=1 low-width=300 spread=90";
  CheckAudio audio = check_audio (2, 4 * rate);
  void *self = new_imager ("", 2), *params = settings (on),
       *off = settings ("");
  check_sine (audio.c[0], 2 * rate, 40, rate, 0.5);
  mix_imager.set (self, params);
  check_process_span (&mix_imager, self, &audio, &audio, 0, rate);
  mix_imager.set (self, off);
  check_process_span (&mix_imager, self, &audio, &audio, rate, 3 * rate);
  mix_imager.set (self, params);
  check_process_span (&mix_imager, self, &audio, &audio, 3 * rate, 4 * rate);
  figure ("a filter back in silence, peak",
      db (check_peak (audio.c[0] + 3 * rate, rate)), -400, -400, "dBFS");
  free (params);
  free (off);
  check_free_unit (&mix_imager, self);
  check_audio_free (&audio);
}

/* Off at 1 kHz and on again at 50 Hz: it does not glide between the two. */
static void
test_mono_below_begins_there (void)
{
  CheckAudio audio = check_audio (2, 3 * rate);
  void *self = new_imager ("mono-below=1000", 2);
  void *off = settings (""), *low = settings ("mono-below=50");
  double least = 400;
  check_sine (audio.c[0], 3 * rate, 300, rate, 0.5);
  check_sine (audio.c[1], 3 * rate, 300, rate, -0.5);
  mix_imager.set (self, off);
  check_process_span (&mix_imager, self, &audio, &audio, 0, rate);
  mix_imager.set (self, low);
  check_process_span (&mix_imager, self, &audio, &audio, rate, 3 * rate);
  for (unsigned at = rate; at < 2 * rate; at += rate / 100)
    least = fmin (least, db (check_peak (audio.c[0] + at, rate / 100)));
  figure ("mono-below comes in at 50 Hz, least at 300 Hz", least, -6.03, -6.01,
      "dBFS");
  free (off);
  free (low);
  check_free_unit (&mix_imager, self);
  check_audio_free (&audio);
}

/* ---- Laws --------------------------------------------------------------- */

/* Levels of left and right in dB, relative to the input. */
static void
levels (const char *text, const CheckAudio *in, double *left, double *right)
{
  CheckAudio out = check_audio (2, in->frames);
  run (text, &out, in);
  *left = db (
      check_rms (out.c[0], in->frames) / check_rms (in->c[0], in->frames));
  *right = db (
      check_rms (out.c[1], in->frames) / check_rms (in->c[1], in->frames));
  check_audio_free (&out);
}

static double
power_db (double left, double right)
{
  return 10 * log10 ((pow (10, left / 10) + pow (10, right / 10)) / 2);
}

static CheckAudio
mono_noise (void)
{
  CheckAudio audio = noise (8192);
  memcpy (audio.c[1], audio.c[0], 8192 * sizeof (float));
  return audio;
}

static void
test_pan (void)
{
  char text[40];
  double worst = 0, left, right, before = 400;
  CheckAudio mono = mono_noise (), stereo = noise (8192);
  for (int pan = -100; pan <= 100; pan += 5) {
    snprintf (text, sizeof text, "pan=%d", pan);
    levels (text, &mono, &left, &right);
    worst = fmax (worst, fabs (power_db (left, right)));
    CHECK (left < before, "left falls: pan %d", pan);
    before = left;
  }
  figure ("pan, power of mono off the middle's", worst, 0, 0.01, "dB");
  levels ("pan=-100", &mono, &left, &right);
  figure ("pan -100, left of mono", left, 3.0, 3.02, "dB");
  figure ("pan -100, right", right, -400, -300, "dB");
  levels ("pan=50", &mono, &left, &right);
  figure ("pan 50, right over left of mono", right - left, 7.65, 7.66, "dB");
  memset (stereo.c[1], 0, 8192 * sizeof (float));
  stereo.c[1][0] = 1;
  CheckAudio out = check_audio (2, 8192);
  run ("pan=-40", &out, &stereo);
  figure ("pan -40, what is left stays left",
      db (check_rms (out.c[1] + 1, 8191)), -400, -130, "dB");
  CHECK (
      out.c[0][0] > 0.1f, "what is right comes over: %g", (double)out.c[0][0]);
  check_audio_free (&out);
  check_audio_free (&mono);
  check_audio_free (&stereo);
}

static void
test_balance (void)
{
  double left, right;
  CheckAudio in = noise (8192);
  levels ("balance=50", &in, &left, &right);
  figure ("balance 50, left", left, -6.03, -6.01, "dB");
  figure ("balance 50, right", right, 0, 0, "dB");
  levels ("balance=-100", &in, &left, &right);
  figure ("balance -100, left", left, 0, 0, "dB");
  figure ("balance -100, right", right, -400, -400, "dB");
  check_audio_free (&in);
}

static void
test_rotation (void)
{
  char text[40];
  double worst = 0, left, right;
  CheckAudio mono = mono_noise (), stereo = noise (8192);
  check_noise (stereo.c[0], 8192, 0.3, 5);
  check_noise (stereo.c[1], 8192, 0.3, 6);
  double power = pow (check_rms (stereo.c[0], 8192), 2)
                 + pow (check_rms (stereo.c[1], 8192), 2);
  CheckAudio out = check_audio (2, 8192);
  for (int turn = -90; turn <= 90; turn += 10) {
    snprintf (text, sizeof text, "rotation=%d", turn);
    run (text, &out, &stereo);
    double now = pow (check_rms (out.c[0], 8192), 2)
                 + pow (check_rms (out.c[1], 8192), 2);
    worst = fmax (worst, fabs (10 * log10 (now / power)));
  }
  figure ("rotation, power off the middle's", worst, 0, 0.01, "dB");
  levels ("rotation=45", &mono, &left, &right);
  figure ("rotation 45, left of mono", left, -400, -130, "dB");
  figure ("rotation 45, right of mono", right, 3.0, 3.02, "dB");
  levels ("rotation=-45", &mono, &left, &right);
  figure ("rotation -45, right of mono", right, -400, -130, "dB");
  check_audio_free (&out);
  check_audio_free (&mono);
  check_audio_free (&stereo);
}

static void
test_gains (void)
{
  double left, right;
  CheckAudio mono = mono_noise (), in = noise (8192);
  CheckAudio out = check_audio (2, 8192);
  levels ("mid-gain=-7", &mono, &left, &right);
  figure ("mid-gain -7", left, -7.001, -6.999, "dB");
  for (unsigned i = 0; i < 8192; i++)
    in.c[1][i] = -in.c[0][i];
  levels ("side-gain=5 width=200", &in, &left, &right);
  figure ("side-gain 5 at width 200", left, 11.020, 11.021, "dB");
  check_pink (in.c[1], 8192, 0.1, 9);
  run ("swap=1 invert-left=1", &out, &in);
  unsigned wrong = 0;
  for (unsigned i = 0; i < 8192; i++)
    wrong += out.c[0][i] != -in.c[1][i] || out.c[1][i] != in.c[0][i];
  figure ("swap and invert-left, wrong samples", wrong, 0, 0, "");
  run ("invert-right=1", &out, &in);
  for (unsigned i = 0; i < 8192; i++)
    wrong += out.c[0][i] != in.c[0][i] || out.c[1][i] != -in.c[1][i];
  figure ("invert-right, wrong samples", wrong, 0, 0, "");
  check_audio_free (&mono);
  check_audio_free (&in);
  check_audio_free (&out);
}

/* ---- Haas --------------------------------------------------------------- */

static unsigned
count_late (const char *text, unsigned channel, unsigned late)
{
  CheckAudio in = noise (rate / 2), out = check_audio (2, rate / 2);
  run (text, &out, &in);
  unsigned wrong
      = memcmp (out.c[1 - channel], in.c[1 - channel], rate / 2 * 4) != 0;
  for (unsigned i = late; i < rate / 2; i++)
    wrong += out.c[channel][i] != in.c[channel][i - late];
  check_audio_free (&in);
  check_audio_free (&out);
  return wrong;
}

static void
test_haas (void)
{
  figure ("haas 15 ms, right wrong",
      count_late ("haas=15", 1, mix_frames_from_ms (15, rate)), 0, 0, "");
  figure ("haas -40 ms, left wrong",
      count_late ("haas=-40", 0, mix_frames_from_ms (40, rate)), 0, 0, "");
  CheckAudio in = noise (rate), out = check_audio (2, rate);
  unsigned late = mix_frames_from_ms (15, rate), wrong = 0;
  run ("haas=15 swap=1", &out, &in);
  for (unsigned i = late; i < rate; i++)
    wrong += out.c[1][i] != in.c[0][i - late] || out.c[0][i] != in.c[1][i];
  figure ("haas 15 ms swapped, wrong", wrong, 0, 0, "");
  check_audio_free (&in);
  check_audio_free (&out);
}

/* ---- Spread ------------------------------------------------------------- */

/* To an impulse in the mid. */
static CheckAudio
spread_response (const char *text)
{
  CheckAudio audio = check_audio (2, rate);
  for (unsigned c = 0; c < 2; c++)
    check_impulse (audio.c[c], rate, 0, 1);
  run (text, &audio, &audio);
  return audio;
}

/* The time in ms until this share of the energy has arrived. */
static double
energy_ms (const float *x, double share)
{
  double all = pow (check_rms (x, rate), 2) * rate, sum = 0;
  unsigned i = 0;
  for (; i < rate && sum < share * all; i++)
    sum += (double)x[i] * (double)x[i];
  return i * 1000.0 / rate;
}

static void
test_spread (void)
{
  CheckAudio response = spread_response ("spread=100");
  double highest = -400, lowest = 400, powers[2] = { 0 };
  float *side = malloc (rate * sizeof *side);
  for (double hz = 20; hz < 20000; hz *= 1.005)
    for (unsigned c = 0; c < 2; c++) {
      double level = gain_db (response.c[c], rate, hz);
      highest = fmax (highest, level);
      lowest = fmin (lowest, level);
      powers[c] += pow (10, level / 10); /* even in log f: pink */
    }
  figure ("spread 100, highest of a channel", highest, 3, 4.7, "dB");
  figure ("spread 100, lowest of a channel", lowest, -10.6, -6, "dB");
  figure ("spread 100, left over right, pink",
      10 * log10 (powers[0] / powers[1]), -0.2, 0.2, "dB");
  mid_of (side, &response, -1);
  figure (
      "spread 100, side at 30 Hz", gain_db (side, rate, 30), -400, -25, "dB");
  figure ("spread 100, 95 % of the side after", energy_ms (side, 0.95), 0, 1.5,
      "ms");
  figure (
      "spread 100, 99 % of the side after", energy_ms (side, 0.99), 0, 5, "ms");
  free (side);
  check_audio_free (&response);
  CheckAudio audio = check_audio (2, 2 * rate);
  check_pink (audio.c[0], 2 * rate, 0.1, 3);
  memcpy (audio.c[1], audio.c[0], 2 * rate * sizeof (float));
  void *self = new_imager ("spread=100", 2);
  check_process (&mix_imager, self, &audio, &audio, 512);
  figure ("spread 100 of mono, width-out",
      check_read (&mix_imager, self, "width-out"), 40, 72, "%");
  figure ("spread 100 of mono, correlation",
      check_read (&mix_imager, self, "correlation"), 0.3, 0.7, "");
  figure ("spread 100 of mono, width-in",
      check_read (&mix_imager, self, "width-in"), 0, 0, "%");
  check_free_unit (&mix_imager, self);
  check_audio_free (&audio);
}

/* ---- Readings and guard ------------------------------------------------- */

/* Uncorrelated noise as mid and side; the ratio is that of side to mid. */
static CheckAudio
mid_side_noise (unsigned frames, double ratio)
{
  CheckAudio audio = check_audio (2, frames);
  check_noise (audio.c[0], frames, 0.1, 11);
  check_noise (audio.c[1], frames, 0.1 * ratio, 12);
  for (unsigned i = 0; i < frames; i++) {
    float mid = audio.c[0][i], side = audio.c[1][i];
    audio.c[0][i] = mid + side;
    audio.c[1][i] = mid - side;
  }
  return audio;
}

static void
read_of (const CheckAudio *in, const char *text, double values[3])
{
  static const char *const names[] = { "correlation", "width-in", "width-out" };
  CheckAudio out = check_audio (2, in->frames);
  void *self = new_imager (text, 2);
  check_process (&mix_imager, self, &out, in, 999);
  for (unsigned i = 0; i < 3; i++)
    values[i] = check_read (&mix_imager, self, names[i]);
  check_free_unit (&mix_imager, self);
  check_audio_free (&out);
}

static void
test_readings (void)
{
  double v[3];
  CheckAudio audio = mid_side_noise (3 * rate, 0.5);
  read_of (&audio, "width=200", v);
  figure ("side at half, width-in", v[1], 48, 52, "%");
  figure (
      "at width 200, width-out over width-in", v[2] / v[1], 1.999, 2.001, "");
  figure ("and correlation", v[0], -0.05, 0.05, "");
  read_of (&audio, "", v);
  figure ("side at half, correlation", v[0], 0.57, 0.63, "");
  memcpy (audio.c[1], audio.c[0], audio.frames * sizeof (float));
  read_of (&audio, "", v);
  figure ("mono, correlation", v[0], 1 - 1e-6, 1, "");
  figure ("mono, width-in", v[1], 0, 0, "%");
  read_of (&audio, "invert-right=1", v);
  figure ("opposite polarity, correlation", v[0], -1, -1 + 1e-6, "");
  figure ("opposite polarity, width-out", v[2], 1000, 1000, "%");
  memset (audio.c[1], 0, audio.frames * sizeof (float));
  read_of (&audio, "", v);
  figure ("left alone, correlation", v[0], 0, 0, "");
  figure ("left alone, width-in", v[1], 99.99, 100.01, "%");
  memset (audio.c[0], 0, audio.frames * sizeof (float));
  read_of (&audio, "", v);
  figure ("silence, correlation", v[0], 0, 0, "");
  figure ("silence, width-in", v[1], 0, 0, "%");
  check_audio_free (&audio);
}

static void
test_guard (void)
{
  double v[3];
  CheckAudio audio = mid_side_noise (3 * rate, 3);
  read_of (&audio, "", v);
  figure ("side 9.5 dB over mid, correlation", v[0], -0.85, -0.75, "");
  read_of (&audio, "guard=1", v);
  figure ("with guard", v[0], -0.03, 0.03, "");
  read_of (&audio, "guard=1 width=200 mono-below=100", v);
  figure ("with guard, filtered, at width 200", v[0], -0.03, 0.03, "");
  CheckAudio out = check_audio (2, 3 * rate);
  run ("guard=1", &out, &audio);
  figure ("with guard, L + R, error", sum_error_db (&out, &audio), -400, -120,
      "dB");
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[1][i] = -audio.c[0][i];
  run ("guard=1", &out, &audio);
  figure ("opposite polarity with guard",
      db (check_rms (out.c[0] + 2 * rate, rate)
          / check_rms (audio.c[0] + 2 * rate, rate)),
      -20.01, -19.99, "dB");
  check_audio_free (&audio);
  audio = mid_side_noise (3 * rate, 0.5);
  run ("guard=1", &out, &audio);
  CHECK (check_audio_equal (&audio, &out), "a guard without work changes bits");
  check_audio_free (&audio);
  check_audio_free (&out);
}

/* A low tone with more side than mid: the gain must not follow the waveform. */
static void
test_guard_is_steady (void)
{
  CheckAudio audio = check_audio (2, 3 * rate);
  float *side = malloc (3 * rate * sizeof *side);
  check_sine (audio.c[0], 3 * rate, 50, rate, 0.3);
  for (unsigned i = 0; i < 3 * rate; i++) {
    float mid = (float)(0.1 * cos (2 * MIX_PI * 50 * i / rate));
    audio.c[1][i] = mid - audio.c[0][i];
    audio.c[0][i] += mid;
  }
  run ("guard=1", &audio, &audio);
  mid_of (side, &audio, -1);
  figure ("guarded side of 50 Hz, level",
      db (check_amplitude (side + 2 * rate, rate, 50, rate)), -20.05, -19.95,
      "dBFS");
  figure ("guarded side of 50 Hz, THD+N",
      check_residual_db (side + 2 * rate, rate, 50, rate), -400, -80, "dB");
  free (side);
  check_audio_free (&audio);
}

/* ---- Sweeps ------------------------------------------------------------- */

/* The loudest above 8 kHz while `name` runs over its range and back within two
 * seconds, set each tick as by automation. */
static double
sweep_db (const char *name, double hz)
{
  const MixRow *row = mix_table_find (&mix_imager.params, name);
  unsigned frames = 2 * rate;
  void *params = check_params (&mix_imager);
  check_set (&mix_imager, params, name, row->minimum);
  void *self = check_new_unit (&mix_imager, rate, 2, params);
  CheckAudio audio = check_audio (2, frames);
  check_sine (audio.c[0], frames, hz, rate, 0.5);
  check_sine (audio.c[1], frames, hz, rate, -0.2);
  for (unsigned at = 0; at < frames; at += MIX_TICK) {
    double share = fabs (2.0 * at / frames - 1);
    check_set (&mix_imager, params, name,
        row->minimum + (1 - share) * (row->maximum - row->minimum));
    mix_imager.set (self, params);
    check_process_span (
        &mix_imager, self, &audio, &audio, at, mix_min (at + MIX_TICK, frames));
  }
  double peak = 0;
  for (unsigned c = 0; c < 2; c++) {
    check_high_pass (audio.c[c], audio.c[c], frames, 8000, rate);
    peak = fmax (peak, check_peak (audio.c[c] + rate / 10, frames - rate / 10));
  }
  check_audio_free (&audio);
  check_free_unit (&mix_imager, self);
  free (params);
  return db (peak);
}

static void
test_sweeps (void)
{
  static const char *const gains[] = { "width", "balance", "pan", "rotation",
    "mid-gain", "side-gain", "spread" };
  char text[80];
  for (unsigned i = 0; i < sizeof gains / sizeof *gains; i++) {
    snprintf (text, sizeof text, "sweep of %s, over 8 kHz", gains[i]);
    figure (text, sweep_db (gains[i], 1000), -400, -80, "dBFS");
  }
  figure ("sweep of mono-below, over 8 kHz", sweep_db ("mono-below", 1000),
      -400, -80, "dBFS");
  figure (
      "sweep of haas, over 8 kHz", sweep_db ("haas", 1000), -400, -60, "dBFS");
}

/* ---- Layouts ------------------------------------------------------------ */

static void
test_surround (void)
{
  static const char text[]
      = "width=180 spread=40 mono-below=90 haas=5 pan=20 guard=1 rotation=15";
  static const unsigned pairs[][2] = { { 0, 1 }, { 4, 5 }, { 6, 7 } };
  CheckAudio in = check_audio (8, rate), out = check_audio (8, rate);
  for (unsigned c = 0; c < 8; c++)
    check_pink (in.c[c], rate, 0.1, c + 20);
  run (text, &out, &in);
  for (unsigned c = 2; c < 4; c++)
    CHECK (memcmp (in.c[c], out.c[c], rate * 4) == 0, "%s",
        c == 2 ? "centre" : "LFE");
  for (unsigned p = 0; p < 3; p++) {
    CheckAudio pair = { 2, rate, { in.c[pairs[p][0]], in.c[pairs[p][1]] } };
    CheckAudio alone = check_audio (2, rate);
    run (text, &alone, &pair);
    for (unsigned c = 0; c < 2; c++)
      CHECK (memcmp (alone.c[c], out.c[pairs[p][c]], rate * 4) == 0,
          "pair %u is not as alone", p);
    check_audio_free (&alone);
  }
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
test_remarks (void)
{
  MixFormat mono = mix_format (rate, 1), stereo = mix_format (rate, 2);
  void *plain = settings (""), *wide = settings ("width=150");
  void *crossed
      = settings ("multiband=1 low-crossover=3000 high-crossover=300");
  CHECK (check_remarks (&mix_imager, plain, &mono) == 0, "mono, nothing set");
  CHECK (check_remarks (&mix_imager, wide, &mono) == 1, "mono, width set");
  CHECK (check_remarks (&mix_imager, wide, &stereo) == 0, "stereo");
  CHECK (check_remarks (&mix_imager, crossed, &stereo) == 1, "crossovers");
  free (plain);
  free (wide);
  free (crossed);
}

/* The tail of a delay that becomes shorter is still the longer one. */
static void
test_haas_ends (void)
{
  void *params = check_params (&mix_imager);
  check_set (&mix_imager, params, "haas", 40);
  void *self = check_new_unit (&mix_imager, rate, 2, params);
  CheckAudio audio = check_audio (2, rate);
  check_process (&mix_imager, self, &audio, &audio, 1000);
  check_set (&mix_imager, params, "haas", 0);
  mix_imager.set (self, params);
  check_figure ("tail of a delay that begins to shrink",
      mix_imager.tail (self) * 1000.0 / rate, 39.9, INFINITY, "ms");
  check_free_unit (&mix_imager, self);
  check_audio_free (&audio);
  free (params);
}

int
main (void)
{
  for (unsigned i = 0; i < RATES; i++) {
    rate = rates[i];
    test_neutral ();
    test_neutral_again ();
    test_sum ();
    test_bands ();
    test_mono_below ();
    test_mono_below_begins_there ();
    test_filters_forget ();
    test_pan ();
    test_balance ();
    test_rotation ();
    test_gains ();
    test_haas ();
    test_haas_ends ();
    test_spread ();
    test_readings ();
    test_guard ();
    test_guard_is_steady ();
    test_sweeps ();
    test_surround ();
    test_remarks ();
  }
  return check_end ();
}
