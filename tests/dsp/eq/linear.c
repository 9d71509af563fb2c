/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linear phase: curves, symmetry, latency, and when changes take effect.
 */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

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

/* Narrow low bands get the length they need, ordinary ones no more than 375 ms.
 */
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

/* The length is chosen at the start: a band that becomes narrower later is
 * counted as unresolved, and one too narrow for any length causes a remark. */
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

/* What is set at frame n acts on the output from n on: ms until half of a step
 * of 6 dB is done, for a step set `late` ticks into the second. */
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

int
main (void)
{
  for (unsigned i = 0; i < 3; i++) {
    test_linear (rates[i]);
    test_linear_narrow (rates[i]);
    test_linear_lag (rates[i]);
  }
  test_linear_unresolved ();
  test_linear_matrix ();
  return check_end ();
}
