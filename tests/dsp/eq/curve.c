/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "curve.h"

#include <complex.h>
#include <math.h>

static const unsigned orders[] = { 1, 2, 3, 4, 6, 8, 12, 16 };

void
put_curve (void *params, unsigned band, const Curve *c)
{
  check_set_band (eq, params, band, "type", c->type);
  check_set_band (eq, params, band, "frequency", c->frequency);
  check_set_band (eq, params, band, "gain", c->gain);
  check_set_band (eq, params, band, "q", c->q);
  check_set_band (eq, params, band, "slope", c->slope);
}

double
wanted_db (const Curve *c, double hz)
{
  MixFilterSpec spec
      = { c->type, c->frequency, c->gain, c->q, orders[c->slope] };
  return mix_filter_prototype_db (&spec, hz);
}

double
db_at (const float *response, unsigned frames, double hz, double rate)
{
  return 20 * log10 (cabs (check_dft (response, frames, hz, rate)));
}

CheckAudio
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

double
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
