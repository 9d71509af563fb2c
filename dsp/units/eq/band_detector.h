/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The level detector of a dynamic band: key filter, envelope, link. The key
 * filter passes what the band acts on: a band-pass of the bell's frequency and
 * q, all of a shelf's side, both ends of a tilt. The envelope is that of
 * parts/quadrature.h, without ripple, so that the gain has none either. The
 * level is the largest of all channels that the band works on.
 *
 * Realtime-safe, no errors.
 */
#pragma once

#include <stdbool.h>

#include "../../base/tick.h"
#include "../../kernels/kernels.h"
#include "../../parts/quadrature.h"

typedef struct {
  int type;               /* of the band */
  double frequency_hz, q; /* that the key filter is designed for */
  double key[MIX_CASCADE_WEIGHTS];
  float power[MIX_TICK]; /* of this span, the largest of the lanes so far; 0
                            between spans */
} MixEqDetector;

/* The history of one detector on two lanes; zeroed at the start. */
typedef struct {
  double a[2], b[2]; /* of the key filter */
  MixQuadrature envelope;
} MixEqDetectorState;

/* Designs the key filter if the band has changed. */
void mix_eq_detector_update (MixEqDetector *detector, int type,
    double frequency_hz, double q, unsigned rate);

/* Measures n frames, within a tick, of those of two interleaved lanes that are
 * `measured`. */
void mix_eq_detector_measure (MixEqDetector *detector,
    MixEqDetectorState *state, const MixKernels *kernels,
    const MixQuadratureDesign *design, const bool measured[2], const double *io,
    unsigned n);

/* The linked level of n frames as 20 log10 of the power, twice the level in dB;
 * begins the next span. */
void mix_eq_detector_take (MixEqDetector *detector, const MixKernels *kernels,
    float *twice_db, unsigned n);
