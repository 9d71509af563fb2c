/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_detector.h"

#include "../../base/maths.h"
#include "../../parts/section.h"

/* A shelf's gain in dB falls, past its corner, as the square of this cut does.
 * The gain of a small tilt is, in proportion to that of its ends,
 * |w^2 - 1| / (w^2 + 1): the notch of q 0.5. */
static MixFilterSpec
key_filter_of (int type, double frequency_hz, double q)
{
  switch ((MixFilterType)type) {
    case MIX_FILTER_LOW_SHELF:
      return (MixFilterSpec){ MIX_FILTER_HIGH_CUT, frequency_hz, 0, 1, 2 };
    case MIX_FILTER_HIGH_SHELF:
      return (MixFilterSpec){ MIX_FILTER_LOW_CUT, frequency_hz, 0, 1, 2 };
    case MIX_FILTER_TILT:
      return (MixFilterSpec){ MIX_FILTER_NOTCH, frequency_hz, 0, 0.5, 2 };
    default:
      return (MixFilterSpec){ MIX_FILTER_BAND_PASS, frequency_hz, 0, q, 2 };
  }
}

void
mix_eq_detector_update (MixEqDetector *detector, int type, double frequency_hz,
    double q, unsigned rate)
{
  if (type == detector->type && frequency_hz == detector->frequency_hz
      && q == detector->q)
    return;
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  MixFilterSpec key = key_filter_of (type, frequency_hz, q);
  mix_filter_design_svf (&key, rate, svf);
  mix_section_weights (detector->key, &svf[0]);
  detector->type = type;
  detector->frequency_hz = frequency_hz;
  detector->q = q;
}

/* One lane through the key filter: the section of kernels/cascade.h. */
static void
filter_key (const double w[MIX_CASCADE_WEIGHTS], MixEqDetectorState *state,
    unsigned lane, float *key, const double *io, unsigned n)
{
  double a = state->a[lane], b = state->b[lane];
  for (unsigned i = 0; i < n; i++) {
    double x = io[2 * i + lane];
    double t = a + w[MIX_CASCADE_POLE] * (x - b);
    key[i] = (float)(w[MIX_CASCADE_DIRECT] * x
                     + (w[MIX_CASCADE_BAND] * a + w[MIX_CASCADE_LOW] * b));
    a = w[MIX_CASCADE_UPDATE_A] * t - a;
    b += w[MIX_CASCADE_UPDATE_B] * t;
  }
  state->a[lane] = a;
  state->b[lane] = b;
}

/* The level is never below the samples themselves. */
static void
link_power (float *linked, const float *power, const float *key, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    linked[i] = mix_larger (linked[i], mix_larger (power[i], key[i] * key[i]));
}

void
mix_eq_detector_measure (MixEqDetector *detector, MixEqDetectorState *state,
    const MixKernels *kernels, const MixQuadratureDesign *design,
    const bool measured[2], const double *io, unsigned n)
{
  float key[2][MIX_TICK], power[2][MIX_TICK];
  unsigned first = measured[0] ? 0 : 1, last = measured[1] ? 1 : 0;
  if (first > last)
    return;
  for (unsigned lane = first; lane <= last; lane++)
    filter_key (detector->key, state, lane, key[lane], io, n);
  kernels->quadrature (design, &state->envelope, power[first], power[last],
      key[first], key[last], n);
  for (unsigned lane = first; lane <= last; lane++)
    link_power (detector->power, power[lane], key[lane], n);
}

void
mix_eq_detector_take (MixEqDetector *detector, const MixKernels *kernels,
    float *twice_db, unsigned n)
{
  kernels->db_from_gain (twice_db, detector->power, n);
  for (unsigned i = 0; i < n; i++)
    detector->power[i] = 0;
}
