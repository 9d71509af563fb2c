/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sum of the bands: flat at neutral settings, an all-pass in minimum phase
 * and a delay in linear phase; a band that moves leaves what lies beyond its
 * neighbours alone; mix is in phase; wrong crossovers are put right.
 */
#include "multiband_runs.h"

#define RESPONSE 65536

static const char *const slopes[] = { "24", "48" };

/* From 20 Hz to 20 kHz, or as far as the rate goes. */
#define POINTS 200
static double
point (unsigned i)
{
  return 20 * pow (fmin (1000, 0.45 * rate / 20), (double)i / (POINTS - 1));
}

static double
worst_magnitude (const float *response)
{
  double worst = 0;
  for (unsigned i = 0; i < POINTS; i++) {
    double level = db (cabs (check_dft (response, RESPONSE, point (i), rate)));
    worst = fabs (level) > fabs (worst) ? level : worst;
  }
  return worst;
}

/* Against a delay, in degrees. */
static double
worst_phase (const float *response, unsigned delay)
{
  double worst = 0;
  for (unsigned i = 0; i < POINTS; i++) {
    double hz = point (i);
    double _Complex h = check_dft (response, RESPONSE, hz, rate)
                        * cexp (I * 2 * MIX_PI * hz * delay / rate);
    worst = fmax (worst, fabs (carg (h)) * 180 / MIX_PI);
  }
  return worst;
}

/* ---- Neutral ------------------------------------------------------------ */

static void
test_flat (void)
{
  char text[200], name[100];
  for (unsigned bands = 2; bands <= 6; bands++)
    for (unsigned s = 0; s < 2; s++) {
      snprintf (text, sizeof text,
          "num-bands=%u crossover0=100 crossover1=400 crossover2=1500 "
          "crossover3=4000 crossover4=9000 slope=%u",
          bands, s);
      snprintf (
          name, sizeof name, "sum of %u bands, %s dB/octave", bands, slopes[s]);
      float *response = impulse_response (text, RESPONSE);
      figure (name, -0.05, worst_magnitude (response), 0.05, "dB");
      free (response);
    }
}

/* Corners as close as an octave. */
static void
test_flat_close (void)
{
  for (unsigned s = 0; s < 2; s++) {
    char text[200];
    snprintf (text, sizeof text,
        "num-bands=6 crossover0=500 crossover1=1000 crossover2=2000 "
        "crossover3=4000 crossover4=8000 slope=%u",
        s);
    float *response = impulse_response (text, RESPONSE);
    figure ("sum of bands an octave wide", -0.05, worst_magnitude (response),
        0.05, "dB");
    free (response);
  }
}

static void
test_linear (void)
{
  char text[200], name[100];
  for (unsigned bands = 2; bands <= 6; bands += 2)
    for (unsigned s = 0; s < 2; s++) {
      snprintf (text, sizeof text,
          "phase=1 num-bands=%u crossover0=100 crossover1=400 crossover2=1500 "
          "crossover3=4000 crossover4=9000 slope=%u",
          bands, s);
      snprintf (name, sizeof name, "linear, %u bands, %s dB/octave", bands,
          slopes[s]);
      float *response = impulse_response (text, RESPONSE);
      figure (name, -0.05, worst_magnitude (response), 0.05, "dB");
      figure ("its phase", 0, worst_phase (response, latency_of (text)), 0.1,
          "degrees");
      free (response);
    }
}

/* ---- Each band ---------------------------------------------------------- */

static const double corners[] = { 100, 1000, 6000 };

/* Linkwitz and Riley: 1 / (1 + r^n) below a corner and r^n / (1 + r^n) above
 * it. In minimum phase frequencies are warped by the bilinear transform. */
static double
expected_band (unsigned band, unsigned power, double hz, bool is_warped)
{
  double gain = 1;
  for (unsigned k = 0; k <= band && k < 3; k++) {
    double ratio = is_warped ? tan (MIX_PI * hz / rate)
                                   / tan (MIX_PI * corners[k] / rate)
                             : hz / corners[k];
    double low = 1 / (1 + pow (ratio, power));
    gain *= k < band ? 1 - low : low;
  }
  return gain;
}

/* Of a soloed band, where it is less than `depth` dB down. */
static double
worst_of_band (unsigned phase, unsigned slope, unsigned band, double depth)
{
  char text[200];
  double worst = 0;
  snprintf (text, sizeof text,
      "num-bands=4 crossover0=100 crossover1=1000 crossover2=6000 phase=%u "
      "slope=%u %u:solo=1",
      phase, slope, band);
  float *response = impulse_response (text, RESPONSE);
  for (unsigned i = 0; i < POINTS; i++) {
    double expected
        = db (expected_band (band, slope ? 8 : 4, point (i), !phase));
    double is = db (cabs (check_dft (response, RESPONSE, point (i), rate)));
    if (expected > -depth && fabs (is - expected) > fabs (worst))
      worst = is - expected;
  }
  free (response);
  return worst;
}

static void
test_bands (void)
{
  char name[100];
  for (unsigned s = 0; s < 2; s++)
    for (unsigned b = 0; b < 4; b++) {
      snprintf (name, sizeof name, "minimum phase, band %u, %s dB/octave", b,
          slopes[s]);
      figure (name, -0.01, worst_of_band (0, s, b, 80), 0.01, "dB");
      snprintf (name, sizeof name, "linear phase, band %u, %s dB/octave", b,
          slopes[s]);
      figure (name, -0.05, worst_of_band (1, s, b, 80), 0.05, "dB");
    }
}

/* ---- One band moved ----------------------------------------------------- */

/* Change of the response when band 2 of 5 is raised by 12 dB, from the start to
 * the end of the range. */
static double
worst_change (const char *base, double from, double to)
{
  char text[300];
  snprintf (text, sizeof text, "%s 2:gain=12", base);
  float *flat = impulse_response (base, RESPONSE);
  float *moved = impulse_response (text, RESPONSE);
  double worst = 0;
  for (unsigned i = 0; i < POINTS; i++) {
    double hz = from * pow (to / from, (double)i / (POINTS - 1));
    double change = db (cabs (check_dft (moved, RESPONSE, hz, rate)
                              / check_dft (flat, RESPONSE, hz, rate)));
    worst = fabs (change) > fabs (worst) ? change : worst;
  }
  free (flat);
  free (moved);
  return worst;
}

/* A band of Linkwitz and Riley has fallen by 1 / (1 + r^4) at r times its
 * corner with 24 dB/octave, by 1 / (1 + r^8) with 48. Raised by 12 dB it adds
 * 2.98 times that: under 0.1 dB from r = 4 on, a neighbour of two octaves, and
 * from r = 2, one octave. */
static void
test_beyond_neighbours (void)
{
  static const char wide[]
      = "num-bands=5 slope=0 crossover0=200 crossover1=850 crossover2=1800 "
        "crossover3=7600";
  static const char narrow[]
      = "num-bands=5 slope=1 crossover0=400 crossover1=810 crossover2=1800 "
        "crossover3=3700";
  figure ("24 dB/octave, below neighbours of two octaves", -0.1,
      worst_change (wide, 20, 200), 0.1, "dB");
  figure ("and above", -0.1, worst_change (wide, 7600, 20000), 0.1, "dB");
  figure ("48 dB/octave, below neighbours of one octave", -0.1,
      worst_change (narrow, 20, 400), 0.1, "dB");
  figure ("and above", -0.1, worst_change (narrow, 3700, 20000), 0.1, "dB");
  figure ("in the band itself", 11.4, worst_change (narrow, 1200, 1210), 11.6,
      "dB");
}

static void
test_beyond_neighbours_linear (void)
{
  static const char narrow[]
      = "phase=1 num-bands=5 slope=1 crossover0=400 crossover1=810 "
        "crossover2=1800 crossover3=3700";
  figure ("linear, below the neighbours", -0.1, worst_change (narrow, 20, 400),
      0.1, "dB");
  figure ("linear, above the neighbours", -0.1,
      worst_change (narrow, 3700, 20000), 0.1, "dB");
}

/* ---- Mix ---------------------------------------------------------------- */

/* A band of gain 2, half mixed, has a gain of 1.5: only if the dry path is in
 * phase, with a look-ahead or without. */
static void
test_mix (void)
{
  static const char all[] = "0:gain=6.0206 1:gain=6.0206 2:gain=6.0206 "
                            "mix=50 look-ahead=7";
  float *response = impulse_response (all, RESPONSE);
  for (unsigned i = 0; i < RESPONSE; i++)
    response[i] /= 1.5f;
  figure ("half mixed", -0.05, worst_magnitude (response), 0.05, "dB");
  free (response);
  response = impulse_response (
      "2:ratio=100 2:threshold=-80 1:gain=-30 mix=0", RESPONSE);
  figure ("not mixed at all", -0.05, worst_magnitude (response), 0.05, "dB");
  free (response);
}

/* ---- Crossovers --------------------------------------------------------- */

static void
test_order (void)
{
  static const char sorted[] = "num-bands=4 crossover0=100 crossover1=1000 "
                               "crossover2=5000 1:gain=9";
  static const char mixed[] = "num-bands=4 crossover0=5000 crossover1=100 "
                              "crossover2=1000 1:gain=9";
  float *a = impulse_response (sorted, RESPONSE);
  float *b = impulse_response (mixed, RESPONSE);
  CHECK (memcmp (a, b, RESPONSE * sizeof *a) == 0, "crossovers are sorted");
  free (a);
  free (b);
}

static unsigned
remarks_on (const char *text, unsigned channels)
{
  MixFormat format = mix_format (rate, channels);
  void *params = settings (text);
  unsigned count = check_remarks (&mix_multiband, params, &format);
  free (params);
  return count;
}

static void
test_remarks (void)
{
  rate = 48000;
  CHECK (remarks_on ("", 2) == 0, "nothing to say");
  CHECK (remarks_on ("num-bands=2 crossover1=20", 2) == 0, "it is not in use");
  CHECK (remarks_on ("crossover0=5000", 2) == 1, "out of order");
  CHECK (remarks_on ("1:width=200", 1) == 1, "no pair");
  rate = 22050;
  CHECK (remarks_on ("crossover1=12000", 2) == 1, "over half the rate");
}

/* Without the band over it the sum is flat still, and the others work. */
static void
test_over_nyquist (void)
{
  static const char text[] = "crossover0=500 crossover1=12000 2:gain=30";
  rate = 22050;
  float *response = impulse_response (text, RESPONSE);
  figure ("band 2 is left out", -0.05, worst_magnitude (response), 0.05, "dB");
  free (response);
}

int
main (void)
{
  at_rates (test_flat);
  at_rates (test_flat_close);
  at_rates (test_linear);
  at_rates (test_bands);
  at_rates (test_beyond_neighbours);
  at_rates (test_beyond_neighbours_linear);
  at_rates (test_mix);
  at_rates (test_order);
  test_remarks ();
  test_over_nyquist ();
  return check_end ();
}
