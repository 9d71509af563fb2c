/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Correlation and width of the wet sound, the side of early reflections, and
 * the channels of surround layouts.
 */
#include "reverb_rig.h"

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
  CHECK (check_peak (ir.c[0], ir.frames) == 0, "LFE reverberates");
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

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_correlation ();
  test_width ();
  test_panorama ();
  test_surround ();
  test_many_channels ();
  return check_end ();
}
