/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The design of a pair of all-pass chains a quarter of a cycle apart, which
 * gives a signal's envelope, sqrt (a² + b²), sample by sample. For a sine that
 * is its amplitude, without ripple, at any frequency in the band and wherever
 * the samples fall on the wave: a level detector after it needs neither hold
 * nor averaging, and the gain that it steers does not distort.
 *
 * The phase difference is equiripple from MIX_QUADRATURE_LOW to as far below
 * half the sampling rate. It comes from an elliptic half-band filter turned by
 * a quarter of the sampling rate (R. Ansari, "IIR discrete-time Hilbert
 * transformers", IEEE Trans. ASSP-35, 1987), whose all-pass coefficients have
 * the closed form of R. A. Valenzuela and A. G. Constantinides, "Digital signal
 * processing schemes for efficient interpolation and decimation", IEE Proc.
 * 130 G, 1983, in Jacobi theta functions.
 */
#pragma once

#include "../kernels/hilbert.h"

/* In Hz; under it the envelope of a sine ripples, towards 0 Hz by 3 dB. */
#define MIX_QUADRATURE_LOW 20.0

/* Not realtime-safe (series with libm calls). Cannot fail. */
void mix_quadrature_design (MixQuadratureDesign *design, unsigned rate);
