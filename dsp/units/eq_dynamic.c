/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The level detector of a dynamic band. Level: the largest |sample| over the
 * band's channels after a band-pass at the band's frequency and q. How far the
 * gain goes is static in dB, then smoothed by a peak detector with separate
 * release and attack ("smooth decoupled", D. Giannoulis, M. Massberg, J. Reiss,
 * "Digital dynamic range compressor design", JAES 60(6), 2012): the attack's
 * pole comes after the release's and adds its own time to the way back. The
 * filter follows once a tick, a tick late.
 */
#include "eq.h"

#include <math.h>

void
mix_eq_dynamic_set (
    MixEqDynamic *d, const MixEqBandParams *params, unsigned rate)
{
  d->threshold_db = params->threshold_db;
  d->slope = 1 - 1 / params->ratio;
  d->attack = mix_decay_per_frames (params->attack_ms, 1, rate);
  d->release = mix_decay_per_frames (params->release_ms, 1, rate);
}

void
mix_eq_dynamic_reset (MixEqDynamic *d)
{
  d->held_db = d->move_db = 0;
  for (unsigned i = 0; i < MIX_TICK; i++)
    d->level[i] = 0;
}

/* (s / q) / (s^2 + s / q + 1), trapezoidal; see kernels/cascade.h. */
void
mix_eq_dynamic_tune (
    MixEqDynamic *d, double frequency_hz, double q, unsigned rate)
{
  if (frequency_hz == d->frequency_hz && q == d->q)
    return;
  d->frequency_hz = frequency_hz;
  d->q = q;
  double g = tan (MIX_PI * fmin (frequency_hz / rate, 0.49)), k = 1 / q;
  double damp = 1 / (1 + g * (g + k));
  d->pole = g;
  d->turn = 2 * damp;
  d->lift = 2 * g * damp;
  d->out = k * damp;
}

void
mix_eq_dynamic_listen (MixEqDynamic *d, MixEqDetector *detector,
    const bool lanes[2], const double *io, unsigned n)
{
  for (unsigned lane = 0; lane < 2; lane++) {
    if (!lanes[lane])
      continue;
    double a = detector->a[lane], b = detector->b[lane];
    for (unsigned i = 0; i < n; i++) {
      double t = a + d->pole * (io[2 * i + lane] - b);
      a = d->turn * t - a;
      b += d->lift * t;
      float level = (float)fabs (d->out * t);
      d->level[i] = level > d->level[i] ? level : d->level[i];
    }
    detector->a[lane] = a;
    detector->b[lane] = b;
  }
}

void
mix_eq_dynamic_follow (
    MixEqDynamic *d, const MixKernels *kernels, double gain_db, unsigned n)
{
  float level_db[MIX_TICK];
  kernels->db_from_gain (level_db, d->level, n);
  double most = fabs (gain_db);
  for (unsigned i = 0; i < n; i++) {
    double move
        = mix_clamp ((level_db[i] - d->threshold_db) * d->slope, 0, most);
    if (move > d->held_db)
      d->held_db = move;
    else
      d->held_db = move + (d->held_db - move) * d->release;
    d->move_db = d->held_db + (d->move_db - d->held_db) * d->attack;
    d->level[i] = 0;
  }
  /* below what is heard it would only keep the filter moving */
  if (d->held_db < 1e-5 && d->move_db < 1e-5)
    d->held_db = d->move_db = 0;
}
