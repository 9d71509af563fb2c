/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests of the equaliser share. What every unit must do (cuts, in
 * place, extremes …) is in the invariants.
 */
#pragma once

#include "check.h"
#include "parts/design.h"
#include "units/units.h"

static const MixUnit *const eq = &mix_eq;

typedef struct {
  MixFilterType type;
  double frequency, gain, q;
  unsigned slope; /* choice */
} Curve;

void put_curve (void *params, unsigned band, const Curve *curve);

/* The analogue prototype's magnitude. */
double wanted_db (const Curve *curve, double hz);

double db_at (const float *response, unsigned frames, double hz, double rate);

/* The response to an impulse on the channels of `mask`. */
CheckAudio respond (const void *params, unsigned rate, unsigned channels,
    unsigned mask, unsigned frames);

/* Largest error from `from` to `to` where the curve is above `floor_db`. */
double worst_error (const float *response, unsigned frames, const Curve *curve,
    unsigned rate, double from, double to, double floor_db);
