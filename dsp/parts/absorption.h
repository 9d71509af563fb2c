/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the walls and the air take away: filters that make a delay of any
 * length lose level at a given rate, so that what goes around in delays of
 * different lengths decays as one (J.-M. Jot, A. Chaigne, "Digital delay
 * networks for designing artificial reverberators", AES 90, 1991). A delay of t
 * seconds gets a gain of -60 t / T60 dB, where T60 differs in three bands.
 *
 * Two shelves of second order with Butterworth poles do that: their squared
 * magnitudes are
 *   low   (f^4 + p^4 g^2) / (f^4 + p^4)
 *   high  (p^4 + f^4 g^2) / (p^4 + f^4)
 * in the warped frequency of the bilinear transform. Both reach into the
 * middle, so their gains are solved for the loss to be right at three
 * frequencies, not taken from the times directly (K. Prawda, S. J. Schlecht, V.
 * Välimäki, "Improved reverberation time control for feedback delay networks",
 * DAFx 2019, for the same idea with many bands).
 *
 * Pure functions, realtime-safe; some microseconds a design.
 */
#pragma once

#include "design.h"

/* T60 in seconds in the middle, ratios of it below and above, and the
 * frequencies in Hz where those begin to hold. All > 0. */
typedef struct {
  double decay_s, low_ratio, high_ratio, low_hz, high_hz;
} MixDecay;

/* A decay as the filters of all delays need it. */
typedef struct {
  double loss[3];   /* dB per second at the three frequencies */
  double power[3];  /* the frequencies, warped, to the fourth */
  double low, high; /* the corners, warped */
} MixAbsorption;

void mix_absorption_prepare (
    MixAbsorption *absorption, const MixDecay *decay, unsigned rate);

/* The filters of a delay of `seconds` (low shelf, then high shelf with the gain
 * of both), as parts/design.h says how they run. `share` 0 … 1 scales the loss:
 * at 0 each is exactly y = x. At no frequency do they amplify. */
void mix_absorption_design (const MixAbsorption *absorption, double seconds,
    double share, MixSvf sections[2]);

/* A first-order section for a single pass, right in the middle and at the top:
 *   s = keep * s + (1 - keep) * x,  y = direct * x + low * s */
typedef struct {
  double keep, direct, low;
} MixAbsorptionOnce;

MixAbsorptionOnce mix_absorption_design_once (
    const MixAbsorption *absorption, double seconds);

/* The power that is left after `seconds` in the middle. */
double mix_absorption_left (const MixAbsorption *absorption, double seconds);
