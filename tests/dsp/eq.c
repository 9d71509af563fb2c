/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Analytic facts about the parametric equaliser. What every unit must do (cuts,
 * in place, extremes …) is in the invariants.
 */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kernels/kernels.h"
#include "parts/design.h"
#include "units/units.h"

static const MixUnit *const eq = &mix_eq;
static const unsigned rates[] = { 44100, 48000, 96000 };
static const unsigned orders[] = { 1, 2, 3, 4, 6, 8, 12, 16 };

typedef struct {
  MixFilterType type;
  double frequency, gain, q;
  unsigned slope; /* choice */
} Curve;

static void
put_curve (void *params, unsigned band, const Curve *c)
{
  check_set_band (eq, params, band, "type", c->type);
  check_set_band (eq, params, band, "frequency", c->frequency);
  check_set_band (eq, params, band, "gain", c->gain);
  check_set_band (eq, params, band, "q", c->q);
  check_set_band (eq, params, band, "slope", c->slope);
}

static double
wanted_db (const Curve *c, double hz)
{
  MixFilterSpec spec
      = { c->type, c->frequency, c->gain, c->q, orders[c->slope] };
  return mix_filter_prototype_db (&spec, hz);
}

static double
db_at (const float *response, unsigned frames, double hz, double rate)
{
  return 20 * log10 (cabs (check_dft (response, frames, hz, rate)));
}

/* The response to an impulse on the channels of `mask`. */
static CheckAudio
respond (const void *params, unsigned rate, unsigned channels, unsigned mask,
    unsigned frames)
{
  CheckAudio audio = check_audio (channels, frames);
  for (unsigned c = 0; c < channels; c++)
    if (mask >> c & 1)
      check_impulse (audio.c[c], frames, 0, 1);
  void *self = check_new_unit (eq, rate, channels, params);
  check_process (eq, self, &audio, &audio, 1000);
  check_free_unit (eq, self);
  return audio;
}

/* ---- Curves ------------------------------------------------------------- */

static const Curve curves[] = {
  { MIX_FILTER_BELL, 100, 6, 1, 1 },
  { MIX_FILTER_BELL, 1000, -12, 4, 1 },
  { MIX_FILTER_BELL, 5000, 18, 0.5, 1 },
  { MIX_FILTER_BELL, 16000, 12, 1, 1 },
  { MIX_FILTER_BELL, 12000, -9, 2, 1 },
  { MIX_FILTER_LOW_SHELF, 120, 9, 0.7071, 1 },
  { MIX_FILTER_LOW_SHELF, 10000, -9, 0.7071, 1 },
  { MIX_FILTER_HIGH_SHELF, 10000, 9, 0.7071, 1 },
  { MIX_FILTER_HIGH_SHELF, 10000, -12, 1, 1 },
  { MIX_FILTER_HIGH_SHELF, 2000, 6, 0.5, 1 },
  { MIX_FILTER_LOW_CUT, 80, 0, 1, 0 },
  { MIX_FILTER_LOW_CUT, 80, 0, 1, 3 },
  { MIX_FILTER_LOW_CUT, 200, 0, 1, 7 },
  { MIX_FILTER_HIGH_CUT, 12000, 0, 1, 0 },
  { MIX_FILTER_HIGH_CUT, 12000, 0, 1, 1 },
  { MIX_FILTER_HIGH_CUT, 10000, 0, 1, 2 },
  { MIX_FILTER_HIGH_CUT, 12000, 0, 1, 4 },
  { MIX_FILTER_HIGH_CUT, 12000, 0, 1, 7 },
  { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 },
  { MIX_FILTER_BAND_PASS, 9000, 0, 1, 1 },
  { MIX_FILTER_NOTCH, 3000, 0, 2, 1 },
  { MIX_FILTER_TILT, 1000, 6, 1, 1 },
  /* at half the rate or over it, but for 96 kHz */
  { MIX_FILTER_HIGH_SHELF, 24000, 6, 0.7071, 1 },
  { MIX_FILTER_HIGH_SHELF, 30000, 12, 0.7071, 1 },
  { MIX_FILTER_HIGH_SHELF, 25000, -9, 2, 1 },
  { MIX_FILTER_LOW_SHELF, 24000, 6, 0.7071, 1 },
  { MIX_FILTER_LOW_SHELF, 40000, -6, 1, 1 },
  { MIX_FILTER_BELL, 24000, 12, 0.7071, 1 },
  { MIX_FILTER_BELL, 35000, -12, 0.3, 1 },
  { MIX_FILTER_HIGH_CUT, 24000, 0, 1, 1 },
  { MIX_FILTER_HIGH_CUT, 25000, 0, 1, 3 },
  { MIX_FILTER_LOW_CUT, 24000, 0, 1, 0 },
  { MIX_FILTER_BAND_PASS, 25000, 0, 1, 1 },
  { MIX_FILTER_NOTCH, 24000, 0, 0.7071, 1 },
  { MIX_FILTER_TILT, 24000, 6, 1, 1 },
};

/* Largest error from `from` to `to` where the curve is above `floor_db`. */
static double
worst_error (const float *response, unsigned frames, const Curve *c,
    unsigned rate, double from, double to, double floor_db)
{
  double worst = 0;
  for (double hz = from; hz <= to; hz *= 1.07) {
    double wanted = wanted_db (c, hz);
    if (wanted > floor_db)
      worst = fmax (worst, fabs (db_at (response, frames, hz, rate) - wanted));
  }
  return worst;
}

static void
test_curves (unsigned rate)
{
  double low = 0, high = 0;
  unsigned frames = rate / 2;
  for (unsigned i = 0; i < sizeof curves / sizeof *curves; i++) {
    void *params = check_params (eq);
    put_curve (params, 3, &curves[i]);
    CheckAudio a = respond (params, rate, 1, 1, frames);
    double e
        = worst_error (a.c[0], frames, &curves[i], rate, 20, rate / 8, -40);
    double h
        = worst_error (a.c[0], frames, &curves[i], rate, rate / 8, 20000, -24);
    CHECK (e <= 0.05, "curve %u at %u Hz: %g dB below rate/8", i, rate, e);
    CHECK (h <= 0.5, "curve %u at %u Hz: %g dB up to 20 kHz", i, rate, h);
    low = fmax (low, e);
    high = fmax (high, h);
    check_audio_free (&a);
    free (params);
  }
  char name[80];
  snprintf (name, sizeof name, "curve error below rate/8 at %u Hz", rate);
  check_figure (name, low, 0, 0.05, "dB");
  snprintf (name, sizeof name, "curve error up to 20 kHz at %u Hz", rate);
  check_figure (name, high, 0, 0.5, "dB");
}

static void
test_all_pass (void)
{
  static const Curve c = { MIX_FILTER_ALL_PASS, 1000, 0, 1, 1 };
  void *params = check_params (eq);
  put_curve (params, 0, &c);
  CheckAudio a = respond (params, 48000, 1, 1, 24000);
  double worst = 0;
  for (double hz = 20; hz < 22000; hz *= 1.2)
    worst = fmax (worst, fabs (db_at (a.c[0], a.frames, hz, 48000)));
  check_figure ("all-pass magnitude", worst, 0, 0.001, "dB");
  check_figure ("all-pass at its frequency",
      creal (check_dft (a.c[0], a.frames, 1000, 48000)), -1.0001, -0.9999, "");
  check_audio_free (&a);
  free (params);
}

/* ---- Flat is exact ------------------------------------------------------ */

static bool
is_exact (const void *params, unsigned rate)
{
  CheckAudio in = check_audio (2, rate), out = check_audio (2, rate);
  for (unsigned c = 0; c < 2; c++)
    check_noise (in.c[c], in.frames, 0.9, c + 1);
  void *self = check_new_unit (eq, rate, 2, params);
  unsigned lag = eq->latency (self);
  check_process (eq, self, &out, &in, 333);
  bool same = true;
  for (unsigned c = 0; c < 2; c++)
    same &= memcmp (out.c[c] + lag, in.c[c], (in.frames - lag) * sizeof (float))
            == 0;
  check_free_unit (eq, self);
  check_audio_free (&in);
  check_audio_free (&out);
  return same;
}

static void
test_flat (unsigned rate)
{
  static const char *const neutral[]
      = { "bell", "low-shelf", "high-shelf", "tilt" };
  void *params = check_params (eq);
  CHECK (is_exact (params, rate), "defaults at %u Hz", rate);
  for (unsigned i = 0; i < 4; i++)
    check_choose_band (eq, params, i, "type", neutral[i]);
  check_set_band (eq, params, 1, "threshold", -40);
  check_set_band (eq, params, 5, "gain", 12);
  check_set_band (eq, params, 5, "enabled", 0);
  check_set_band (eq, params, 9, "gain", 12); /* over num-bands */
  CHECK (is_exact (params, rate), "neutral bands at %u Hz", rate);
  check_set_band (eq, params, 6, "frequency", rate / 2.0);
  CHECK (is_exact (params, rate), "half the rate at %u Hz", rate);
  check_choose (eq, params, "phase", "linear");
  CHECK (is_exact (params, rate), "linear and flat at %u Hz", rate);
  free (params);
}

/* After a band has been there and gone, what comes out is the input again. */
static void
test_flat_again (void)
{
  CheckAudio in = check_audio (2, 48000), out = check_audio (2, 48000);
  for (unsigned c = 0; c < 2; c++)
    check_noise (in.c[c], in.frames, 0.9, c + 1);
  void *params = check_params (eq);
  void *self = check_new_unit (eq, 48000, 2, params);
  check_set_band (eq, params, 2, "gain", 12);
  check_set_band (eq, params, 3, "type", MIX_FILTER_LOW_CUT);
  check_set (eq, params, "output-gain", -6);
  eq->set (self, params);
  check_process_span (eq, self, &out, &in, 0, 12000);
  CHECK (memcmp (in.c[0] + 9000, out.c[0] + 9000, 4000) != 0, "it acts");
  check_set_band (eq, params, 2, "gain", 0);
  check_set_band (eq, params, 3, "enabled", 0);
  check_set (eq, params, "output-gain", 0);
  eq->set (self, params);
  check_process_span (eq, self, &out, &in, 12000, 48000);
  for (unsigned c = 0; c < 2; c++)
    CHECK (
        memcmp (in.c[c] + 24000, out.c[c] + 24000, 24000 * sizeof (float)) == 0,
        "not exact again on channel %u", c);
  check_free_unit (eq, self);
  check_audio_free (&in);
  check_audio_free (&out);
  free (params);
}

/* Goals set between two ticks while nothing moves are taken up at the next one,
 * not at the next call. */
static void
test_late_set (void)
{
  static const unsigned pieces[] = { 7, 5000 };
  CheckAudio in = check_audio (1, 6000), out[2];
  check_noise (in.c[0], in.frames, 0.9, 1);
  for (unsigned v = 0; v < 2; v++) {
    void *params = check_params (eq);
    void *self = check_new_unit (eq, 48000, 1, params);
    out[v] = check_audio (1, 6000);
    check_process_span (eq, self, &out[v], &in, 0, 1001);
    check_set_band (eq, params, 2, "gain", 12);
    eq->set (self, params);
    for (unsigned at = 1001; at < 6000; at += pieces[v])
      check_process_span (
          eq, self, &out[v], &in, at, mix_min (at + pieces[v], 6000));
    check_free_unit (eq, self);
    free (params);
  }
  CHECK (
      check_audio_equal (&out[0], &out[1]), "a late set depends on the cuts");
  CHECK (!check_audio_equal (&out[0], &in), "a late set is taken up");
  for (unsigned v = 0; v < 2; v++)
    check_audio_free (&out[v]);
  check_audio_free (&in);
}

/* A band is out of reach only when next to nothing of it lies below half the
 * rate: then it is not there, and one remark says so. */
static void
test_out_of_reach (void)
{
  static const struct {
    Curve curve;
    bool acts;
  } cases[] = {
    { { MIX_FILTER_LOW_CUT, 24000, 0, 1, 1 }, true },
    { { MIX_FILTER_LOW_SHELF, 40000, 3, 1, 1 }, true },
    { { MIX_FILTER_BELL, 24000, 12, 1, 1 }, true },
    { { MIX_FILTER_BELL, 40000, 3, 40, 1 }, false },
    { { MIX_FILTER_NOTCH, 40000, 0, 40, 1 }, false },
    { { MIX_FILTER_HIGH_CUT, 40000, 0, 1, 7 }, false },
    { { MIX_FILTER_ALL_PASS, 24000, 0, 1, 1 }, false },
  };
  MixFormat format = mix_format (48000, 2);
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
    for (unsigned linear = 0; linear < 2; linear++) {
      void *params = check_params (eq);
      check_set (eq, params, "phase", linear);
      put_curve (params, 1, &cases[i].curve);
      CHECK (is_exact (params, 48000) != cases[i].acts, "case %u", i);
      void *self = check_new_unit (eq, 48000, 2, params);
      CHECK (check_read (eq, self, "over-nyquist") == !cases[i].acts,
          "reading of case %u", i);
      CHECK (check_remarks (eq, params, &format) == !cases[i].acts,
          "remark on case %u", i);
      check_free_unit (eq, self);
      check_set_band (eq, params, 1, "enabled", 0);
      CHECK (check_remarks (eq, params, &format) == 0,
          "remark on case %u while it is off", i);
      free (params);
    }
}

/* ---- Noise and clicks --------------------------------------------------- */

static void
test_noise (void)
{
  enum { RATE = 192000, FRAMES = 4 * RATE };
  static const Curve bell = { MIX_FILTER_BELL, 30, 12, 10, 1 };
  void *params = check_params (eq);
  put_curve (params, 0, &bell);
  CheckAudio a = check_audio (1, FRAMES);
  check_sine (a.c[0], FRAMES, 30, RATE, 0.2);
  void *self = check_new_unit (eq, RATE, 1, params);
  check_process (eq, self, &a, &a, 1024);
  check_figure ("noise of a 30 Hz q 10 bell at 192 kHz",
      check_residual_db (a.c[0] + FRAMES - RATE, RATE, 30, RATE), -INFINITY,
      -120, "dB");
  check_free_unit (eq, self);
  check_audio_free (&a);
  free (params);
}

typedef void Change (void *params, unsigned step);

static void
sweep_frequency (void *params, unsigned step)
{
  check_set_band (
      eq, params, 0, "frequency", 200 * pow (2, fmod (step / 200., 5)));
}

/* Over half of 44.1 and 48 kHz and back. */
static void
sweep_over_nyquist (void *params, unsigned step)
{
  static const Curve others[] = { { MIX_FILTER_NOTCH, 0, 0, 1, 1 },
    { MIX_FILTER_HIGH_SHELF, 0, 12, 0.7071, 1 },
    { MIX_FILTER_HIGH_SHELF, 0, -12, 4, 1 }, { MIX_FILTER_TILT, 0, 12, 1, 1 },
    { MIX_FILTER_LOW_SHELF, 0, 9, 0.7071, 1 },
    { MIX_FILTER_HIGH_CUT, 0, 0, 1, 7 } };
  double hz = 20000 * pow (2, fabs (fmod (step / 200., 2) - 1));
  check_set_band (eq, params, 0, "frequency", hz);
  for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
    Curve c = others[i];
    c.frequency = hz;
    put_curve (params, i + 1, &c);
  }
}

static void
jump_frequency (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "frequency", step % 400 ? 300 : 3000);
}

static void
sweep_gain (void *params, unsigned step)
{
  check_set_band (eq, params, 0, "gain", 18 * sin (step / 40.));
}

static void
jump_gain (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "gain", step % 400 ? -18 : 18);
}

static void
jump_q (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "q", step % 400 ? 0.3 : 10);
}

static void
jump_enabled (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "enabled", step % 400 != 0);
}

static void
jump_type (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "type", step / 400 % 9);
}

static void
jump_slope (void *params, unsigned step)
{
  check_set_band (eq, params, 0, "type", MIX_FILTER_LOW_CUT);
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "slope", step / 400 % 8);
}

static void
jump_channels (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "channels", step / 400 % 5);
}

static void
jump_solo (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "solo", step / 400 % 2);
}

static void
jump_threshold (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "threshold", step / 400 % 2 ? -40 : 0);
}

/* Across the q from which a shelf has two sections, with a neighbour behind. */
static void
sweep_shelf_q (void *params, unsigned step)
{
  static const Curve bell = { MIX_FILTER_BELL, 400, 6, 1, 1 };
  put_curve (params, 1, &bell);
  check_choose_band (eq, params, 0, "type", "high-shelf");
  check_set_band (
      eq, params, 0, "q", step % 300 < 20 ? 0.7 : 0.9 + step % 300 * 0.01);
}

/* Another band's state goes between left/right and mid/side. */
static void
jump_domain (void *params, unsigned step)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, 12, 4, 1 };
  put_curve (params, 1, &bell);
  check_choose_band (eq, params, 0, "channels", "mid");
  jump_enabled (params, step);
}

static void
jump_output (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set (eq, params, "output-gain", step % 400 ? -18 : 6);
}

static const struct {
  const char *name;
  Change *change;
} changes[] = {
  { "frequency sweep", sweep_frequency },
  { "sweep over Nyquist", sweep_over_nyquist },
  { "frequency jumps", jump_frequency },
  { "gain sweep", sweep_gain },
  { "gain jumps", jump_gain },
  { "q jumps", jump_q },
  { "shelf q sweep", sweep_shelf_q },
  { "band on and off", jump_enabled },
  { "type changes", jump_type },
  { "slope changes", jump_slope },
  { "channel changes", jump_channels },
  { "solo on and off", jump_solo },
  { "static and dynamic", jump_threshold },
  { "mid band on and off", jump_domain },
  { "output gain jumps", jump_output },
};

/* Above 8 kHz while a 1 kHz tone is heard and something is moved every 32
 * frames (a step). */
static double
clicks_db (Change *change, unsigned rate, const char *phase)
{
  static const Curve bell = { MIX_FILTER_BELL, 1500, 12, 2, 1 };
  unsigned frames = 4 * rate;
  void *params = check_params (eq);
  check_choose (eq, params, "phase", phase);
  put_curve (params, 0, &bell);
  CheckAudio a = check_audio (2, frames);
  for (unsigned c = 0; c < 2; c++)
    check_sine (a.c[c], frames, 1000, rate, 0.25 + 0.1 * c);
  void *self = check_new_unit (eq, rate, 2, params);
  for (unsigned i = 0; i + 32 <= frames; i += 32) {
    change (params, i / 32);
    if (i / 32 >= 800) /* the tone's own start has died away */
      eq->set (self, params);
    check_process_span (eq, self, &a, &a, i, i + 32);
  }
  check_high_pass (a.c[0], a.c[0], frames, 8000, rate);
  unsigned skip = 24000;
  double peak = check_peak (a.c[0] + skip, frames - skip - 32);
  check_free_unit (eq, self);
  check_audio_free (&a);
  free (params);
  return 20 * log10 (peak);
}

static void
test_clicks (unsigned rate)
{
  for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
    char name[80];
    snprintf (
        name, sizeof name, "%s at %u Hz, above 8 kHz", changes[i].name, rate);
    check_figure (name, clicks_db (changes[i].change, rate, "minimum"),
        -INFINITY, -80, "dBFS");
  }
}

/* ---- Channels ----------------------------------------------------------- */

static void
test_channels (void)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, 12, 1, 1 };
  const unsigned n = 24000;
  void *params = check_params (eq);
  put_curve (params, 2, &bell);
  check_choose_band (eq, params, 2, "channels", "right");
  CheckAudio a = respond (params, 48000, 2, 3, n);
  CHECK (a.c[0][0] == 1 && check_peak (a.c[0] + 1, n - 1) == 0,
      "a right band leaves the left in every bit");
  check_figure ("right band on the right", db_at (a.c[1], n, 1000, 48000),
      11.99, 12.01, "dB");
  check_audio_free (&a);

  check_choose_band (eq, params, 2, "channels", "side");
  a = respond (params, 48000, 2, 3, n);
  CHECK (a.c[0][0] == 1 && check_peak (a.c[0] + 1, n - 1) == 0 && a.c[1][0] == 1
             && check_peak (a.c[1] + 1, n - 1) == 0,
      "a side band leaves mono as it is");
  check_audio_free (&a);
  a = respond (params, 48000, 2, 1, n); /* left = mid + side */
  double gain = mix_gain_from_db (12);
  check_figure ("side band at 1 kHz, left from left",
      cabs (check_dft (a.c[0], n, 1000, 48000)), (1 + gain) / 2 * 0.999,
      (1 + gain) / 2 * 1.001, "");
  check_figure ("side band at 1 kHz, right from left",
      cabs (check_dft (a.c[1], n, 1000, 48000)), (gain - 1) / 2 * 0.999,
      (gain - 1) / 2 * 1.001, "");
  check_audio_free (&a);

  check_choose_band (eq, params, 2, "channels", "mid");
  a = respond (params, 48000, 6, 63, n);
  check_figure ("mid band on rear left of 5.1", db_at (a.c[4], n, 1000, 48000),
      11.99, 12.01, "dB");
  CHECK (a.c[2][0] == 1 && check_peak (a.c[2] + 1, n - 1) == 0,
      "a mid band leaves the centre");
  check_audio_free (&a);
  a = respond (params, 48000, 1, 1, n);
  check_figure (
      "mid band on mono", db_at (a.c[0], n, 1000, 48000), 11.99, 12.01, "dB");
  check_audio_free (&a);
  check_choose_band (eq, params, 2, "channels", "side");
  a = respond (params, 48000, 1, 1, n);
  CHECK (a.c[0][0] == 1 && check_peak (a.c[0] + 1, n - 1) == 0,
      "a side band leaves mono files");
  check_audio_free (&a);
  free (params);
}

/* ---- Dynamic bands ------------------------------------------------------ */

/* Level of the last quarter of a tone of `level_db` at the band's centre. */
static double
level_out (const void *params, double level_db, double hz)
{
  const unsigned rate = 48000, frames = 2 * rate;
  CheckAudio a = check_audio (2, frames);
  double amplitude = mix_gain_from_db (level_db);
  for (unsigned c = 0; c < 2; c++)
    check_sine (a.c[c], frames, hz, rate, amplitude);
  void *self = check_new_unit (eq, rate, 2, params);
  check_process (eq, self, &a, &a, 480);
  double out = 20
               * log10 (check_amplitude (
                   a.c[1] + frames * 3 / 4, frames / 4, hz, rate));
  check_free_unit (eq, self);
  check_audio_free (&a);
  return out;
}

static void
test_dynamic (void)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, -18, 2, 1 };
  void *params = check_params (eq);
  put_curve (params, 2, &bell);
  check_set_band (eq, params, 2, "threshold", -30);
  check_set_band (eq, params, 2, "ratio", 2);
  /* 20 dB over the threshold, half of it */
  check_figure ("dynamic cut, 20 dB over at 2:1", level_out (params, -10, 1000),
      -20.2, -19.8, "dB");
  check_figure ("dynamic cut in full", level_out (params, -0.1, 1000) + 0.1,
      -15.2, -14.7, "dB");
  check_figure ("dynamic cut under the threshold",
      level_out (params, -30.1, 1000), -30.1001, -30.0999, "dB");
  check_set_band (eq, params, 2, "ratio", 100);
  check_figure ("dynamic cut at its limit", level_out (params, -5, 1000),
      -23.05, -22.8, "dB");
  check_set_band (eq, params, 2, "gain", 6);
  check_set_band (eq, params, 2, "ratio", 2);
  check_figure ("dynamic boost, 8 dB over at 2:1",
      level_out (params, -22, 1000), -18.15, -17.9, "dB");
  check_figure ("dynamic boost, tone out of the band",
      level_out (params, -22, 60), -22.01, -21.99, "dB");
  free (params);
}

/* A dynamic band hears all that it acts on and nothing else: tones at -10 dBFS
 * far over the threshold get the whole of their gain. */
static void
test_dynamic_region (unsigned rate)
{
  static const struct {
    Curve curve;
    double hz;
    bool heard;
  } cases[] = {
    { { MIX_FILTER_LOW_SHELF, 200, 8, 0.7071, 1 }, 40, true },
    { { MIX_FILTER_LOW_SHELF, 200, -8, 0.7071, 1 }, 25, true },
    { { MIX_FILTER_LOW_SHELF, 200, 8, 0.7071, 1 }, 3000, false },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 15000, true },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 6000, true },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 130, false },
    { { MIX_FILTER_HIGH_SHELF, 24000, 12, 0.7071, 1 }, 18000, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 50, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 14000, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 1000, false },
    { { MIX_FILTER_BELL, 1000, 9, 2, 1 }, 1000, true },
    { { MIX_FILTER_BELL, 1000, 9, 4, 1 }, 60, false },
    { { MIX_FILTER_BELL, 16000, 9, 2, 1 }, 16000, true },
  };
  const unsigned frames = 2 * rate;
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Curve *c = &cases[i].curve;
    void *params = check_params (eq);
    put_curve (params, 2, c);
    check_set_band (eq, params, 2, "threshold", -40);
    check_set_band (eq, params, 2, "ratio", 100);
    CheckAudio a = check_audio (2, frames);
    for (unsigned k = 0; k < 2; k++)
      check_sine (a.c[k], frames, cases[i].hz, rate, mix_gain_from_db (-10));
    void *self = check_new_unit (eq, rate, 2, params);
    check_process (eq, self, &a, &a, 480);
    check_read (eq, self, "dynamic-gain"); /* of the start */
    check_process (eq, self, &a, &a, 480);
    double gain = check_read (eq, self, "dynamic-gain");
    char name[80];
    snprintf (name, sizeof name, "dynamic band %u at %u Hz, %g Hz tone", i,
        rate, cases[i].hz);
    double wanted = cases[i].heard ? c->gain : 0;
    check_figure (name, gain, wanted - 0.1, wanted + 0.1, "dB");
    check_free_unit (eq, self);
    check_audio_free (&a);
    free (params);
  }
}

/* Frames after `from` until the band's gain, cycle by cycle of the tone and in
 * between, has come 63.2 % of the way to `goal_db`. */
static double
frames_until (const CheckAudio *in, const CheckAudio *out, unsigned from,
    unsigned cycle, double start_db, double goal_db)
{
  double wanted = start_db + (1 - exp (-1)) * (goal_db - start_db);
  double before = start_db;
  /* what the band still rings after a fall is not its gain */
  unsigned first = goal_db > start_db ? from + 6 * cycle : from;
  for (unsigned at = first; at + cycle <= in->frames; at += cycle) {
    double x = check_rms (in->c[0] + at, cycle);
    double now = 20 * log10 (check_rms (out->c[0] + at, cycle) / x);
    if ((now - wanted) * (goal_db - start_db) >= 0)
      return at - from + cycle * ((wanted - before) / (now - before) - 0.5);
    before = now;
  }
  return INFINITY;
}

/* A tone jumps over the threshold and back: when 63.2 % of the way are done, in
 * dB of the gain that is heard and of the one that is read. */
static void
test_dynamic_times (unsigned rate)
{
  static const Curve bell = { MIX_FILTER_BELL, 2000, -12, 1, 1 };
  static const double times[][2]
      = { { 10, 100 }, { 20, 200 }, { 100, 100 }, { 5, 50 }, { 80, 20 } };
  const unsigned cycle = rate / 2000, half = cycle * 2000;
  for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
    void *params = check_params (eq);
    put_curve (params, 2, &bell);
    check_set_band (eq, params, 2, "frequency", (double)rate / cycle);
    check_set_band (eq, params, 2, "threshold", -20);
    check_set_band (eq, params, 2, "attack", times[i][0]);
    check_set_band (eq, params, 2, "release", times[i][1]);
    CheckAudio in = check_audio (1, 2 * half), out = check_audio (1, 2 * half);
    double hz = (double)rate / cycle;
    check_sine (in.c[0], half, hz, rate, 1);
    check_sine (in.c[0] + half, half, hz, rate, 0.01);
    void *self = check_new_unit (eq, rate, 1, params);
    check_process (eq, self, &out, &in, 333);
    double attack = frames_until (&in, &out, 0, cycle, 0, -10);
    double release = frames_until (&in, &out, half, cycle, -10, 0);
    char name[80];
    snprintf (name, sizeof name, "attack of %g ms at %u Hz", times[i][0], rate);
    check_figure (name, attack * 1000 / rate, times[i][0] * 0.95,
        times[i][0] * 1.05, "ms");
    snprintf (
        name, sizeof name, "release of %g ms at %u Hz", times[i][1], rate);
    check_figure (name, release * 1000 / rate, times[i][1] * 0.9,
        times[i][1] * 1.1, "ms");
    check_free_unit (eq, self);
    check_audio_free (&in);
    check_audio_free (&out);
    free (params);
  }
}

/* ---- Solo --------------------------------------------------------------- */

/* Solo plays the region a band works on, as it comes in. */
static void
test_solo (const char *phase)
{
  static const struct {
    Curve band, region;
  } cases[] = {
    { { MIX_FILTER_BELL, 1000, 6, 2, 1 },
        { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 } },
    { { MIX_FILTER_BELL, 1000, -30, 2, 1 },
        { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 } },
    { { MIX_FILTER_NOTCH, 1000, 0, 2, 1 },
        { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 } },
    { { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 },
        { MIX_FILTER_BAND_PASS, 1000, 0, 2, 1 } },
    { { MIX_FILTER_LOW_SHELF, 1000, -12, 1, 1 },
        { MIX_FILTER_HIGH_CUT, 1000, 0, 1, 1 } },
    { { MIX_FILTER_HIGH_SHELF, 1000, 12, 1, 1 },
        { MIX_FILTER_LOW_CUT, 1000, 0, 1, 1 } },
    { { MIX_FILTER_LOW_CUT, 1000, 0, 1, 3 },
        { MIX_FILTER_HIGH_CUT, 1000, 0, 1, 3 } },
    { { MIX_FILTER_HIGH_CUT, 1000, 0, 1, 0 },
        { MIX_FILTER_LOW_CUT, 1000, 0, 1, 0 } },
    { { MIX_FILTER_ALL_PASS, 1000, 0, 1, 1 },
        { MIX_FILTER_BELL, 1000, 0, 1, 1 } },
    { { MIX_FILTER_TILT, 1000, 6, 1, 1 }, { MIX_FILTER_BELL, 1000, 0, 1, 1 } },
  };
  static const Curve other = { MIX_FILTER_HIGH_SHELF, 500, -9, 1, 1 };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Curve *region = &cases[i].region;
    void *params = check_params (eq);
    check_choose (eq, params, "phase", phase);
    put_curve (params, 1, &other);
    put_curve (params, 2, &cases[i].band);
    check_choose_band (eq, params, 2, "channels", "left");
    check_set_band (eq, params, 2, "solo", 1);
    CheckAudio a = respond (params, 48000, 2, 3, 48000);
    double worst = 0;
    for (double hz = 62.5; hz <= 16000; hz *= 2)
      worst = fmax (worst,
          fabs (db_at (a.c[0], a.frames, hz, 48000) - wanted_db (region, hz)));
    char name[80];
    snprintf (name, sizeof name, "solo of band %u, %s phase", i, phase);
    check_figure (name, worst, 0, 0.5, "dB");
    CHECK (check_peak (a.c[1], a.frames) == 0,
        "solo of a left band silences the right, band %u", i);
    check_audio_free (&a);
    free (params);
  }
}

/* ---- Linear phase ------------------------------------------------------- */

static void
test_linear (unsigned rate)
{
  static const Curve linear[] = { { MIX_FILTER_BELL, 50, 12, 4, 1 },
    { MIX_FILTER_LOW_CUT, 80, 0, 1, 3 }, { MIX_FILTER_BELL, 1000, -12, 4, 1 },
    { MIX_FILTER_HIGH_SHELF, 10000, 9, 0.7071, 1 },
    { MIX_FILTER_BELL, 16000, 12, 1, 1 }, { MIX_FILTER_NOTCH, 3000, 0, 2, 1 },
    { MIX_FILTER_LOW_SHELF, 120, -9, 0.7071, 1 },
    { MIX_FILTER_HIGH_CUT, 12000, 0, 1, 4 },
    { MIX_FILTER_TILT, 1000, 6, 1, 1 } };
  double error = 0, skew = 0;
  for (unsigned i = 0; i < sizeof linear / sizeof *linear; i++) {
    void *params = check_params (eq);
    check_choose (eq, params, "phase", "linear");
    put_curve (params, 0, &linear[i]);
    void *self = check_new_unit (eq, rate, 1, params);
    unsigned lag = eq->latency (self), frames = 2 * lag + 1;
    check_free_unit (eq, self);
    CheckAudio a = respond (params, rate, 1, 1, frames);
    double e = worst_error (a.c[0], frames, &linear[i], rate, 40, 20000, -40);
    double peak = check_peak (a.c[0], frames), s = 0;
    for (unsigned k = 1; k < lag; k++)
      s = fmax (s, fabs (a.c[0][lag + k] - a.c[0][lag - k]) / peak);
    CHECK (e < 0.1, "linear curve %u at %u Hz: %g dB", i, rate, e);
    CHECK (peak == fabsf (a.c[0][lag]), "linear curve %u: centre", i);
    error = fmax (error, e);
    skew = fmax (skew, s);
    check_audio_free (&a);
    free (params);
  }
  char name[80];
  snprintf (
      name, sizeof name, "linear phase, curve error from 40 Hz at %u Hz", rate);
  check_figure (name, error, 0, 0.1, "dB");
  snprintf (name, sizeof name, "linear phase, asymmetry at %u Hz", rate);
  check_figure (name, skew, 0, 1e-6, "of the peak");
}

/* Narrow low bands get the length they need; ordinary ones no more than a third
 * of a second. */
static void
test_linear_narrow (unsigned rate)
{
  static const struct {
    Curve curve;
    double most_ms; /* of latency */
    double floor_db, error_db;
  } cases[] = {
    { { MIX_FILTER_BELL, 63, 12, 0.7071, 1 }, 375, -40, 0.05 },
    { { MIX_FILTER_BELL, 50, 12, 4, 1 }, 375, -40, 0.05 },
    { { MIX_FILTER_LOW_CUT, 20, 0, 1, 3 }, 375, -40, 0.05 },
    { { MIX_FILTER_NOTCH, 1000, 0, 30, 1 }, 375, -6, 0.1 },
    { { MIX_FILTER_NOTCH, 50, 0, 30, 1 }, 1500, -3.1, 0.3 },
    { { MIX_FILTER_BELL, 50, 12, 12, 1 }, 1500, -40, 0.05 },
    { { MIX_FILTER_BELL, 50, -18, 20, 1 }, 3000, -40, 0.05 },
    { { MIX_FILTER_BELL, 40, 1, 20, 1 }, 1500, -40, 0.05 },
    { { MIX_FILTER_LOW_SHELF, 60, 12, 10, 1 }, 1500, -40, 0.05 },
    { { MIX_FILTER_LOW_CUT, 20, 0, 1, 7 }, 1500, -24, 0.05 },
  };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Curve *c = &cases[i].curve;
    void *params = check_params (eq);
    check_choose (eq, params, "phase", "linear");
    put_curve (params, 0, c);
    void *self = check_new_unit (eq, rate, 1, params);
    unsigned lag = eq->latency (self), frames = 2 * lag + 1;
    CHECK (check_read (eq, self, "unresolved") == 0, "narrow band %u", i);
    check_free_unit (eq, self);
    CheckAudio a = respond (params, rate, 1, 1, frames);
    double worst = 0;
    for (int k = -40; k <= 40; k++) {
      double hz = c->frequency * exp (k * 0.1 / fmax (c->q, 1));
      double wanted = wanted_db (c, hz);
      if (wanted > cases[i].floor_db)
        worst = fmax (worst, fabs (db_at (a.c[0], frames, hz, rate) - wanted));
    }
    char name[80];
    snprintf (
        name, sizeof name, "linear phase, narrow band %u at %u Hz", i, rate);
    check_figure (name, worst, 0, cases[i].error_db, "dB");
    CHECK (lag * 1000. / rate <= cases[i].most_ms,
        "latency of narrow band %u: %g ms", i, lag * 1000. / rate);
    if (c->type == MIX_FILTER_NOTCH) {
      snprintf (name, sizeof name, "linear phase, notch of %g Hz at %u Hz",
          c->frequency, rate);
      check_figure (name, db_at (a.c[0], frames, c->frequency, rate), -INFINITY,
          -80, "dB");
    }
    check_audio_free (&a);
    free (params);
  }
}

/* The length is that of the start: a band that is narrower later is counted,
 * one that is too narrow for any length remarked on. */
static void
test_linear_unresolved (void)
{
  static const Curve hum = { MIX_FILTER_NOTCH, 50, 0, 30, 1 };
  static const Curve too_narrow = { MIX_FILTER_BELL, 12, 24, 40, 1 };
  MixFormat format = mix_format (48000, 2);
  void *params = check_params (eq);
  check_choose (eq, params, "phase", "linear");
  void *self = check_new_unit (eq, 48000, 2, params);
  unsigned lag = eq->latency (self);
  CHECK (lag == 16384, "%u frames as ever", lag);
  put_curve (params, 3, &hum);
  eq->set (self, params);
  CHECK (eq->latency (self) == lag, "the latency stays");
  CHECK (
      check_read (eq, self, "unresolved") == 1, "the hum's notch is counted");
  CHECK (check_remarks (eq, params, &format) == 0, "and can be had");
  check_free_unit (eq, self);
  put_curve (params, 4, &too_narrow);
  self = check_new_unit (eq, 48000, 2, params);
  CHECK (check_read (eq, self, "unresolved") == 1, "too narrow is counted");
  CHECK (check_remarks (eq, params, &format) == 1, "too narrow is remarked on");
  check_choose (eq, params, "phase", "minimum");
  CHECK (
      check_remarks (eq, params, &format) == 0, "minimum phase has no limit");
  check_free_unit (eq, self);
  free (params);
}

/* What is set at frame n acts on the sound that leaves from n on: ms until half
 * of a step of 6 dB is heard, `late` frames into a block. */
static double
lag_ms (const char *name, unsigned band, unsigned rate, unsigned late)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, 6, 1, 1 };
  const unsigned cycle = rate / 1000, from = (rate / 32 + late) * 32;
  const unsigned frames = 2 * rate;
  void *params = check_params (eq);
  check_choose (eq, params, "phase", "linear");
  put_curve (params, 0, &bell);
  CheckAudio in = check_audio (1, frames), out = check_audio (1, frames);
  check_sine (in.c[0], frames, (double)rate / cycle, rate, 0.2);
  void *self = check_new_unit (eq, rate, 1, params);
  check_process_span (eq, self, &out, &in, 0, from);
  if (band)
    check_set_band (eq, params, 0, name, 12);
  else
    check_set (eq, params, name, 6);
  eq->set (self, params);
  check_process_span (eq, self, &out, &in, from, frames);
  double was = check_rms (out.c[0] + from - cycle, cycle), ms = INFINITY;
  for (unsigned at = from - cycle; at + cycle <= frames; at++)
    if (20 * log10 (check_rms (out.c[0] + at, cycle) / was) >= 3) {
      ms = ((double)at + cycle / 2. - from) * 1000 / rate;
      break;
    }
  check_free_unit (eq, self);
  check_audio_free (&in);
  check_audio_free (&out);
  free (params);
  return ms;
}

static void
test_linear_lag (unsigned rate)
{
  double least = INFINITY, most = 0;
  for (unsigned late = 0; late < 40; late += 3) {
    double ms = lag_ms ("gain", 1, rate, late);
    least = fmin (least, ms);
    most = fmax (most, ms);
  }
  char name[80];
  snprintf (name, sizeof name,
      "linear phase, a band's gain, least lag at %u Hz", rate);
  check_figure (name, least, 0, 10, "ms");
  snprintf (name, sizeof name, "linear phase, a band's gain, most lag at %u Hz",
      rate);
  check_figure (name, most, 0, 10, "ms");
  snprintf (name, sizeof name, "linear phase, output gain, lag at %u Hz", rate);
  check_figure (name, lag_ms ("output-gain", 0, rate, 5), 0, 10, "ms");
}

/* Left, then side: the matrix product, in that order. */
static void
test_linear_matrix (void)
{
  static const Curve bell = { MIX_FILTER_BELL, 300, 9, 1, 1 };
  static const Curve shelf = { MIX_FILTER_HIGH_SHELF, 1500, -6, 0.7071, 1 };
  void *params = check_params (eq);
  check_choose (eq, params, "phase", "linear");
  put_curve (params, 0, &bell);
  check_choose_band (eq, params, 0, "channels", "left");
  put_curve (params, 1, &shelf);
  check_choose_band (eq, params, 1, "channels", "side");
  CheckAudio a = respond (params, 48000, 2, 1, 40000);
  double worst = 0;
  for (double hz = 60; hz < 20000; hz *= 1.5) {
    double b = mix_gain_from_db (wanted_db (&bell, hz));
    double s = mix_gain_from_db (wanted_db (&shelf, hz));
    double _Complex left = check_dft (a.c[0], a.frames, hz, 48000);
    double _Complex right = check_dft (a.c[1], a.frames, hz, 48000);
    worst = fmax (worst, fabs (cabs (left) - b * (1 + s) / 2));
    /* in phase with the left: the delay is the same */
    worst = fmax (worst, cabs (right / left * cabs (left)
                               - (double _Complex) (b * (1 - s) / 2)));
  }
  check_figure ("linear phase, left then side", worst, 0, 0.001, "");
  check_audio_free (&a);
  free (params);
}

static void
test_linear_clicks (void)
{
  for (unsigned i = 0; i < 6; i++) {
    char name[80];
    snprintf (
        name, sizeof name, "linear phase, %s, above 8 kHz", changes[i].name);
    check_figure (name, clicks_db (changes[i].change, 48000, "linear"),
        -INFINITY, -80, "dBFS");
  }
}

/* ---- Robustness --------------------------------------------------------- */

static void
test_extremes (const char *phase)
{
  static const unsigned strange[] = { 1, 7, 1000, 8000, 384000, 3000000 };
  for (unsigned r = 0; r < sizeof strange / sizeof *strange; r++)
    for (unsigned type = 0; type < 9; type++) {
      void *params = check_params (eq);
      check_choose (eq, params, "phase", phase);
      check_set (eq, params, "num-bands", 32);
      check_set (eq, params, "output-gain", 36);
      for (unsigned b = 0; b < 32; b++) {
        Curve c = { type, b % 2 ? 10 : 40000, 36, b % 3 ? 40 : 0.1, 7 };
        put_curve (params, b, &c);
        check_set_band (eq, params, b, "channels", b % 5);
      }
      CheckAudio a = check_audio (3, 4096);
      for (unsigned c = 0; c < 3; c++)
        check_noise (a.c[c], a.frames, 1e9, c + 1);
      void *self = check_new_unit (eq, strange[r], 3, params);
      check_process (eq, self, &a, &a, 100);
      for (unsigned c = 0; c < 3; c++)
        CHECK (check_peak (a.c[c], a.frames) <= MIX_SANE,
            "%s, type %u at %u Hz: not sane", phase, type, strange[r]);
      CHECK (check_audio_finite (&a), "type %u at %u Hz", type, strange[r]);
      check_free_unit (eq, self);
      check_audio_free (&a);
      free (params);
    }
}

int
main (void)
{
  for (unsigned i = 0; i < 3; i++) {
    test_curves (rates[i]);
    test_flat (rates[i]);
    test_clicks (rates[i]);
    test_linear (rates[i]);
    test_linear_narrow (rates[i]);
    test_linear_lag (rates[i]);
  }
  test_all_pass ();
  test_flat_again ();
  test_late_set ();
  test_out_of_reach ();
  test_noise ();
  test_channels ();
  test_dynamic ();
  for (unsigned i = 0; i < 3; i++) {
    test_dynamic_region (rates[i]);
    test_dynamic_times (rates[i]);
  }
  test_solo ("minimum");
  test_solo ("linear");
  test_linear_unresolved ();
  test_linear_matrix ();
  test_linear_clicks ();
  test_extremes ("minimum");
  test_extremes ("linear");
  return check_end ();
}
