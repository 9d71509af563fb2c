/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Envelope detection: the design of a Hilbert pair, two all-pass chains whose
 * outputs a and b are a quarter of a cycle apart. sqrt (a² + b²) is the
 * envelope, sample by sample: for a sine its amplitude, without ripple, at any
 * frequency in the band and for any phase of the samples. So a level detector
 * needs neither hold nor averaging after it, and a gain that follows it does
 * not distort.
 *
 * The phase difference is equiripple from MIX_QUADRATURE_LOW to as far below
 * half the sampling rate. It comes from an elliptic half-band filter shifted by
 * a quarter of the sampling rate (R. Ansari, "IIR discrete-time Hilbert
 * transformers", IEEE Trans. ASSP-35, 1987). Its all-pass coefficients have a
 * closed form in Jacobi theta functions (R. A. Valenzuela and A. G.
 * Constantinides, "Digital signal processing schemes for efficient
 * interpolation and decimation", IEE Proc. 130 G, 1983).
 */
#pragma once

#include "../kernels/hilbert.h"

/* In Hz; below it the envelope of a sine ripples, by 3 dB towards 0 Hz. */
#define MIX_QUADRATURE_LOW 20.0

/* Not realtime-safe (series with libm calls). Cannot fail. */
void mix_quadrature_design (MixQuadratureDesign *design, unsigned rate);
