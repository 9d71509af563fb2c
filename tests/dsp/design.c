/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What parts/design.h promises: how close the sections come to the analogue
 * prototypes, that they are stable, finite and, at 0 dB, not there.
 */
#include <complex.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "check.h"
#include "parts/design.h"

#define SIZE(array) (sizeof (array) / sizeof *(array))

static const double rates[] = { 8000, 44100, 48000, 96000, 192000, 384000 };

static bool
is_sane (const MixSvf *svf)
{
  return svf->g > 0 && svf->k > 0 && isfinite (svf->g) && isfinite (svf->k)
         && isfinite (svf->m0) && isfinite (svf->m1) && isfinite (svf->m2);
}

static unsigned
design (
    const MixFilterSpec *spec, double rate, MixSvf svf[MIX_FILTER_MAX_SECTIONS])
{
  unsigned count = mix_filter_design_svf (spec, rate, svf);
  CHECK (count >= 1 && count <= MIX_FILTER_MAX_SECTIONS, "%u sections", count);
  for (unsigned i = 0; i < count; i++)
    CHECK (is_sane (&svf[i]),
        "type %d, %g Hz, %g dB, q %g, order %u at %g Hz: section %u has g %g, "
        "k %g, m %g %g %g",
        (int)spec->type, spec->frequency_hz, spec->gain_db, spec->q,
        spec->order, rate, i, svf[i].g, svf[i].k, svf[i].m0, svf[i].m1,
        svf[i].m2);
  return count;
}

/* ---- Prototypes --------------------------------------------------------- */

/* The formulas of design.h, as they stand there. */
static double _Complex formula (const MixFilterSpec *spec, double _Complex s)
{
  double a = pow (10, spec->gain_db / 40), q = spec->q, root = sqrt (a);
  switch (spec->type) {
    case MIX_FILTER_BELL:
      return (s * s + s * (a / q) + 1) / (s * s + s / (a * q) + 1);
    case MIX_FILTER_LOW_SHELF:
      return a * (s * s + s * (root / q) + a)
             / (a * s * s + s * (root / q) + 1);
    case MIX_FILTER_HIGH_SHELF:
      return a * (a * s * s + s * (root / q) + 1)
             / (s * s + s * (root / q) + a);
    case MIX_FILTER_BAND_PASS:
      return s / q / (s * s + s / q + 1);
    case MIX_FILTER_NOTCH:
      return (s * s + 1) / (s * s + s / q + 1);
    case MIX_FILTER_ALL_PASS:
      return (s * s - s / q + 1) / (s * s + s / q + 1);
    case MIX_FILTER_TILT:
      return (a * s + 1) / (s + a);
    case MIX_FILTER_LOW_CUT:
      return sqrt (1 / (1 + pow (cabs (s), -2. * spec->order)));
    default:
      return sqrt (1 / (1 + pow (cabs (s), 2. * spec->order)));
  }
}

static void
test_prototypes (void)
{
  double worst = 0;
  for (int type = 0; type <= MIX_FILTER_TILT; type++)
    for (double gain = -36; gain <= 36; gain += 9)
      for (unsigned order = 1; order <= 16; order += 3) {
        MixFilterSpec spec = { type, 1000, gain, 0.1 * order * order, order };
        for (double x = 0.03; x < 40; x *= 1.3) {
          double wanted = 20 * log10 (cabs (formula (&spec, x * I)));
          double db = mix_filter_prototype_db (&spec, 1000 * x);
          worst = fmax (worst, fabs (db - wanted));
        }
      }
  check_figure ("prototypes against their formulas", worst, 0, 1e-9, "dB");
}

/* ---- Closeness ---------------------------------------------------------- */

/* A part of what design.h says: how close the sections come to the prototype
 * below rate / 8, and from there up to 0.907 of Nyquist, where the prototype
 * is above `floor_db`. */
typedef struct {
  const char *name;
  MixFilterType type;
  double gain_db; /* boosts and cuts: so much, half of it, none */
  double q_from, q_to;
  unsigned order;
  double floor_db, below_db, above_db;
} Region;

#define ALL -400.

/* clang-format off */
static const Region regions[] = {
  { "bell, 12 dB", MIX_FILTER_BELL, 12, 0.1, 40, 1, ALL, 0.05, 0.5 },
  { "bell, 24 dB", MIX_FILTER_BELL, 24, 0.1, 40, 1, ALL, 0.05, 0.6 },
  { "bell, 36 dB", MIX_FILTER_BELL, 36, 0.1, 40, 1, ALL, 0.15, 1.2 },
  { "low shelf, 12 dB", MIX_FILTER_LOW_SHELF, 12, 0.1, 1.4, 1, ALL, 0.05, 0.5 },
  { "high shelf, 12 dB", MIX_FILTER_HIGH_SHELF, 12, 0.1, 1.4, 1, ALL, 0.05,
    0.5 },
  { "low shelf, 36 dB", MIX_FILTER_LOW_SHELF, 36, 0.5, 1.4, 1, ALL, 0.05, 0.5 },
  { "high shelf, 36 dB", MIX_FILTER_HIGH_SHELF, 36, 0.5, 1.4, 1, ALL, 0.05,
    0.5 },
  { "low shelf, 24 dB, q under 0.5", MIX_FILTER_LOW_SHELF, 24, 0.1, 0.5, 1, ALL,
    0.28, 1 },
  { "low shelf, 36 dB, q under 0.5", MIX_FILTER_LOW_SHELF, 36, 0.1, 0.5, 1, ALL,
    0.28, 1 },
  { "low shelf, q to 3", MIX_FILTER_LOW_SHELF, 36, 1.4, 3, 1, ALL, 0.07, 0.4 },
  { "high shelf, q to 3", MIX_FILTER_HIGH_SHELF, 36, 1.4, 3, 1, ALL, 0.07,
    0.4 },
  { "low shelf, q to 40", MIX_FILTER_LOW_SHELF, 36, 3, 40, 1, ALL, 0.075, 1.3 },
  { "high shelf, q to 40", MIX_FILTER_HIGH_SHELF, 36, 3, 40, 1, ALL, 0.075,
    1.3 },
  { "tilt", MIX_FILTER_TILT, 36, 1, 1, 1, ALL, 0.05, 0.5 },
  { "band pass", MIX_FILTER_BAND_PASS, 0, 0.1, 40, 1, -40, 0.07, 0.87 },
  { "notch", MIX_FILTER_NOTCH, 0, 0.1, 40, 1, -40, 0.07, 0.87 },
  { "all pass", MIX_FILTER_ALL_PASS, 0, 0.1, 40, 1, ALL, 1e-9, 1e-9 },
  { "low cut, order 1", MIX_FILTER_LOW_CUT, 0, 1, 1, 1, -24, 0.05, 0.5 },
  { "low cut, order 2", MIX_FILTER_LOW_CUT, 0, 1, 1, 2, -24, 0.05, 0.5 },
  { "low cut, order 3", MIX_FILTER_LOW_CUT, 0, 1, 1, 3, -24, 0.05, 0.5 },
  { "low cut, order 6", MIX_FILTER_LOW_CUT, 0, 1, 1, 6, -24, 0.05, 0.5 },
  { "low cut, order 8", MIX_FILTER_LOW_CUT, 0, 1, 1, 8, -24, 0.034, 0.58 },
  { "low cut, order 16", MIX_FILTER_LOW_CUT, 0, 1, 1, 16, -24, 0.055, 0.96 },
  { "high cut, order 1", MIX_FILTER_HIGH_CUT, 0, 1, 1, 1, -24, 0.05, 0.5 },
  { "high cut, order 2", MIX_FILTER_HIGH_CUT, 0, 1, 1, 2, -24, 0.05, 0.5 },
  { "high cut, order 3", MIX_FILTER_HIGH_CUT, 0, 1, 1, 3, -24, 0.05, 0.5 },
  { "high cut, order 6", MIX_FILTER_HIGH_CUT, 0, 1, 1, 6, -24, 0.05, 0.5 },
  { "high cut, order 8", MIX_FILTER_HIGH_CUT, 0, 1, 1, 8, -24, 0.034, 0.58 },
  { "high cut, order 16", MIX_FILTER_HIGH_CUT, 0, 1, 1, 16, -24, 0.055, 0.96 },
};
/* clang-format on */

typedef struct {
  double below, above;
} Worst;

static void
compare (Worst *worst, const MixFilterSpec *spec, const MixSvf *svf,
    unsigned count, double rate, double hz, double floor_db)
{
  double wanted = mix_filter_prototype_db (spec, hz);
  if (hz > 0.907 * rate / 2 || wanted < floor_db)
    return;
  double *most = hz <= rate / 8 ? &worst->below : &worst->above;
  double error = fabs (mix_svf_db (svf, count, hz, rate) - wanted);
  if (!(error <= *most))
    *most = error;
}

/* All over the spectrum, and closer where the band is: a shelf's resonances lie
 * sqrt (A) either side of its frequency. */
static void
measure (Worst *worst, const MixFilterSpec *spec, double rate, double floor_db)
{
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  unsigned count = design (spec, rate, svf);
  bool is_shelf = spec->type == MIX_FILTER_LOW_SHELF
                  || spec->type == MIX_FILTER_HIGH_SHELF;
  double apart = is_shelf ? pow (10, spec->gain_db / 80) : 1;
  for (double hz = 0.907 * rate / 2; hz > rate / 1000; hz *= 0.82)
    compare (worst, spec, svf, count, rate, hz, floor_db);
  compare (worst, spec, svf, count, rate, rate / 8, floor_db);
  for (int i = -6; i <= 6; i++) {
    double hz = spec->frequency_hz * exp (0.5 * i / fmax (spec->q, 1));
    compare (worst, spec, svf, count, rate, hz * apart, floor_db);
    compare (worst, spec, svf, count, rate, hz / apart, floor_db);
  }
}

static void
test_region (const Region *r)
{
  const unsigned steps = r->q_to > r->q_from ? 7 : 0;
  Worst worst = { 0, 0 };
  for (unsigned i = 0; i < SIZE (rates); i++)
    for (double hz = 10; hz < 0.499 * rates[i]; hz *= 1.25)
      for (unsigned step = 0; step <= steps; step++)
        for (int half = r->gain_db > 0 ? -2 : 0; half <= 2; half++) {
          double q = r->q_from * pow (r->q_to / r->q_from, step / 7.);
          MixFilterSpec spec
              = { r->type, hz, r->gain_db * half / 2, q, r->order };
          measure (&worst, &spec, rates[i], r->floor_db);
        }
  char name[80];
  snprintf (name, sizeof name, "%s, error below rate / 8", r->name);
  check_figure (name, worst.below, 0, r->below_db, "dB");
  snprintf (name, sizeof name, "%s, error above rate / 8", r->name);
  check_figure (name, worst.above, 0, r->above_db, "dB");
}

/* Bands past Nyquist, of which only a flank or a flat gain is left below it. */
/* clang-format off */
static const Region past[] = {
  { "bell, 12 dB", MIX_FILTER_BELL, 12, 0.1, 40, 1, ALL, 0.05, 0.5 },
  { "bell, 24 dB", MIX_FILTER_BELL, 24, 0.1, 40, 1, ALL, 0.08, 0.8 },
  { "bell, 36 dB", MIX_FILTER_BELL, 36, 0.1, 40, 1, ALL, 0.3, 2.2 },
  { "low shelf, 12 dB", MIX_FILTER_LOW_SHELF, 12, 0.1, 1.4, 1, ALL, 0.05, 0.5 },
  { "high shelf, 12 dB", MIX_FILTER_HIGH_SHELF, 12, 0.1, 1.4, 1, ALL, 0.05,
    0.5 },
  { "low shelf, 36 dB", MIX_FILTER_LOW_SHELF, 36, 0.1, 1.4, 1, ALL, 0.05,
    0.85 },
  { "high shelf, 36 dB", MIX_FILTER_HIGH_SHELF, 36, 0.1, 1.4, 1, ALL, 0.05,
    0.85 },
  { "low shelf, q to 40", MIX_FILTER_LOW_SHELF, 36, 1.4, 40, 1, ALL, 0.09,
    0.42 },
  { "high shelf, q to 40", MIX_FILTER_HIGH_SHELF, 36, 1.4, 40, 1, ALL, 0.09,
    0.42 },
  { "tilt", MIX_FILTER_TILT, 36, 1, 1, 1, ALL, 0.05, 0.5 },
  { "band pass", MIX_FILTER_BAND_PASS, 0, 0.1, 40, 1, -40, 0.12, 0.87 },
  { "notch", MIX_FILTER_NOTCH, 0, 0.1, 40, 1, -40, 0.05, 0.87 },
  { "all pass", MIX_FILTER_ALL_PASS, 0, 0.1, 40, 1, ALL, 1e-9, 1e-9 },
  { "low cut, order 1", MIX_FILTER_LOW_CUT, 0, 1, 1, 1, -24, 0.05, 0.5 },
  { "low cut, order 2", MIX_FILTER_LOW_CUT, 0, 1, 1, 2, -24, 0.05, 0.5 },
  { "low cut, order 4", MIX_FILTER_LOW_CUT, 0, 1, 1, 4, -24, 0.05, 0.5 },
  { "low cut, order 16", MIX_FILTER_LOW_CUT, 0, 1, 1, 16, -24, 0.055, 0.96 },
  { "high cut, order 1", MIX_FILTER_HIGH_CUT, 0, 1, 1, 1, -24, 0.05, 0.5 },
  { "high cut, order 4", MIX_FILTER_HIGH_CUT, 0, 1, 1, 4, -24, 0.05, 0.5 },
  { "high cut, order 16", MIX_FILTER_HIGH_CUT, 0, 1, 1, 16, -24, 0.11, 0.5 },
};
/* clang-format on */

static void
test_past_nyquist (const Region *r)
{
  const unsigned steps = r->q_to > r->q_from ? 15 : 0;
  const double rate = 48000;
  Worst worst = { 0, 0 };
  for (double hz = rate / 2; hz < 32 * rate;
       hz *= hz < 0.6 * rate ? 1.006 : 1.1)
    for (unsigned step = 0; step <= steps; step++)
      for (int half = r->gain_db > 0 ? -2 : 0; half <= 2; half++) {
        double q = steps ? r->q_from * pow (r->q_to / r->q_from, step / 15.)
                         : r->q_from;
        MixFilterSpec spec
            = { r->type, hz, r->gain_db * half / 2, q, r->order };
        measure (&worst, &spec, rate, r->floor_db);
      }
  char name[80];
  snprintf (name, sizeof name, "%s past Nyquist, below rate / 8", r->name);
  check_figure (name, worst.below, 0, r->below_db, "dB");
  snprintf (name, sizeof name, "%s past Nyquist, above rate / 8", r->name);
  check_figure (name, worst.above, 0, r->above_db, "dB");
}

/* Where a biquad would have lost eight digits. */
static void
test_low_frequency (void)
{
  double worst = 0;
  for (int type = 0; type <= MIX_FILTER_TILT; type++) {
    MixFilterSpec spec = { type, 10, 12, 1, 4 };
    MixSvf svf[MIX_FILTER_MAX_SECTIONS];
    unsigned count = design (&spec, 384000, svf);
    for (double hz = 1; hz < 1000; hz *= 1.0625) {
      double wanted = mix_filter_prototype_db (&spec, hz);
      if (isfinite (wanted) && wanted > -100)
        worst
            = fmax (worst, fabs (mix_svf_db (svf, count, hz, 384000) - wanted));
    }
  }
  check_figure ("10 Hz at 384 kHz, error to 1 kHz", worst, 0, 1e-3, "dB");
}

/* ---- Identity ----------------------------------------------------------- */

static void
test_identity (void)
{
  static const MixFilterType types[] = { MIX_FILTER_BELL, MIX_FILTER_LOW_SHELF,
    MIX_FILTER_HIGH_SHELF, MIX_FILTER_TILT };
  for (unsigned t = 0; t < SIZE (types); t++)
    for (unsigned i = 0; i < SIZE (rates); i++)
      for (double hz = 10; hz < rates[i]; hz *= 1.5)
        for (double q = 0.1; q <= 40; q *= 1.2) {
          MixFilterSpec spec = { types[t], hz, 0, q, 1 };
          MixSvf svf[MIX_FILTER_MAX_SECTIONS];
          unsigned count = design (&spec, rates[i], svf);
          for (unsigned s = 0; s < count; s++)
            CHECK (svf[s].m0 == 1 && svf[s].m1 == 0 && svf[s].m2 == 0,
                "type %d, %g Hz, q %g at %g Hz, section %u: m %g %g %g",
                (int)types[t], hz, q, rates[i], s, svf[s].m0, svf[s].m1,
                svf[s].m2);
        }
}

/* ---- Nonsense ----------------------------------------------------------- */

static void
test_nonsense (void)
{
  static const double odd[]
      = { NAN, INFINITY, -INFINITY, 0, -1, 1e300, -1e300, 5e-324, 1000 };
  static const unsigned orders[] = { 0, 3, 17, UINT_MAX };
  for (int type = 0; type <= MIX_FILTER_TILT; type++)
    for (unsigned i = 0; i < SIZE (rates); i++)
      for (unsigned f = 0; f < SIZE (odd); f++)
        for (unsigned g = 0; g < SIZE (odd); g++)
          for (unsigned q = 0; q < SIZE (odd); q++) {
            MixFilterSpec spec = { type, odd[f], odd[g], odd[q],
              orders[(f + g + q) % SIZE (orders)] };
            MixSvf svf[MIX_FILTER_MAX_SECTIONS];
            design (&spec, rates[i], svf);
            MixPrototype prototype = mix_filter_prototype (&spec);
            double power = mix_prototype_power (&prototype, 1e200);
            CHECK (isfinite (power), "type %d: %g", type, power);
          }
}

int
main (void)
{
  test_prototypes ();
  for (unsigned i = 0; i < SIZE (regions); i++)
    test_region (&regions[i]);
  for (unsigned i = 0; i < SIZE (past); i++)
    test_past_nyquist (&past[i]);
  test_low_frequency ();
  test_identity ();
  test_nonsense ();
  return check_end ();
}
