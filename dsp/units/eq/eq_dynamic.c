/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What moves the gain of a dynamic band. The band listens where it acts, to the
 * input through a key filter: a bell through a band-pass of its frequency and
 * q; a shelf to all of its side; a tilt to both its ends, as far as it changes
 * them. The level is the largest over the band's channels of the key's envelope
 * (parts/quadrature.h), which has no ripple that the gain would follow. How far
 * the gain goes is static in dB, then smoothed by attack and release
 * (parts/envelope.h). The filter follows once a tick, a tick late.
 */
#include "eq.h"

#include <math.h>

#include "../../parts/section.h"

/* One-pole times that make up for the tick by which the filter is late, as far
 * as they are longer. */
static double
heard_ms (double ms, unsigned rate)
{
  return fmax (ms - 1000.0 * MIX_TICK / rate, ms / 4);
}

void
mix_eq_dynamic_set (
    MixEqDynamic *d, const MixEqBandParams *params, unsigned rate)
{
  d->threshold_db = params->threshold_db;
  d->slope = 1 - 1 / params->ratio;
  d->times = mix_ballistics (heard_ms (params->attack_ms, rate),
      heard_ms (params->release_ms, rate), 0, false, rate);
}

void
mix_eq_dynamic_reset (MixEqDynamic *d)
{
  d->move = (MixEnvelope){ 0 };
  for (unsigned i = 0; i < MIX_TICK; i++)
    d->power[i] = 0;
}

void
mix_eq_dynamic_settle (MixEqDynamic *d)
{
  if (d->move.now < 1e-5)
    d->move = (MixEnvelope){ 0 };
}

/* A shelf's share of its gain falls as the square of this cut does past its
 * corner. Of a small tilt the share of its gain at each frequency is, either
 * way, |w^2 - 1| / (w^2 + 1): the notch of q 0.5. */
static MixFilterSpec
key_of (int type, double frequency_hz, double q)
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
mix_eq_dynamic_tune (
    MixEqDynamic *d, int type, double frequency_hz, double q, unsigned rate)
{
  if (type == d->type && frequency_hz == d->frequency_hz && q == d->q)
    return;
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  MixFilterSpec key = key_of (type, frequency_hz, q);
  mix_filter_design_svf (&key, rate, svf);
  mix_section_weights (d->key, &svf[0]);
  d->type = type;
  d->frequency_hz = frequency_hz;
  d->q = q;
}

/* One lane through the key filter, see kernels/cascade.h. */
static void
filter_key (const MixEqDynamic *d, MixEqDetector *detector, unsigned lane,
    float *to, const double *io, unsigned n)
{
  const double *w = d->key;
  double a = detector->a[lane], b = detector->b[lane];
  for (unsigned i = 0; i < n; i++) {
    double x = io[2 * i + lane];
    double t = a + w[MIX_CASCADE_POLE] * (x - b);
    to[i] = (float)(w[MIX_CASCADE_DIRECT] * x
                    + (w[MIX_CASCADE_BAND] * a + w[MIX_CASCADE_LOW] * b));
    a = w[MIX_CASCADE_TURN] * t - a;
    b += w[MIX_CASCADE_LIFT] * t;
  }
  detector->a[lane] = a;
  detector->b[lane] = b;
}

/* Nor is the level ever under the samples. */
static void
raise (float *to, const float *power, const float *x, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    to[i] = mix_larger (to[i], mix_larger (power[i], x[i] * x[i]));
}

void
mix_eq_dynamic_listen (MixEqDynamic *d, MixEqDetector *detector,
    const MixKernels *kernels, const MixQuadratureDesign *design,
    const bool lanes[2], const double *io, unsigned n)
{
  float key[2][MIX_TICK], power[2][MIX_TICK];
  unsigned first = lanes[0] ? 0 : 1, last = lanes[1] ? 1 : 0;
  if (first > last)
    return;
  for (unsigned lane = first; lane <= last; lane++)
    filter_key (d, detector, lane, key[lane], io, n);
  kernels->quadrature (design, &detector->envelope, power[first], power[last],
      key[first], key[last], n);
  for (unsigned lane = first; lane <= last; lane++)
    raise (d->power, power[lane], key[lane], n);
}

void
mix_eq_dynamic_follow (
    MixEqDynamic *d, const MixKernels *kernels, double gain_db, unsigned n)
{
  float twice_db[MIX_TICK]; /* of the level, as power is its square */
  kernels->db_from_gain (twice_db, d->power, n);
  double most = fabs (gain_db);
  for (unsigned i = 0; i < n; i++) {
    double over_db = 0.5 * twice_db[i] - d->threshold_db;
    twice_db[i] = (float)mix_clamp (over_db * d->slope, 0, most);
    d->power[i] = 0;
  }
  mix_envelope_run (&d->move, &d->times, twice_db, NULL, n);
}
