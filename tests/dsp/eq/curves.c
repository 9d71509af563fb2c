/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The magnitude of each filter type against its analogue prototype, and
 * noise.
 */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

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

int
main (void)
{
  for (unsigned i = 0; i < 3; i++)
    test_curves (rates[i]);
  test_all_pass ();
  test_noise ();
  return check_end ();
}
