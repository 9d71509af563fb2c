/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which channels a band works on, and what solo plays.
 */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"

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

/* ---- Solo --------------------------------------------------------------- */

/* Solo plays the region that a band works on, unprocessed. */
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

int
main (void)
{
  test_channels ();
  test_solo ("minimum");
  test_solo ("linear");
  return check_end ();
}
