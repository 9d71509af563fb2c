/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Absorption of walls and air: filters that give a delay of any length the same
 * loss per second, so that the content of delays of different lengths decays
 * together (J.-M. Jot, A. Chaigne, "Digital delay networks for designing
 * artificial reverberators", AES 90, 1991). A delay of t seconds gets a gain of
 * -60 t / T60 dB, with a T60 for each of three bands.
 *
 * The filters are two second-order shelves with Butterworth poles. Their
 * squared magnitudes are low   (f^4 + p^4 g^2) / (f^4 + p^4) high  (p^4 + f^4
 * g^2) / (p^4 + f^4) in the warped frequency of the bilinear transform. Both
 * affect the middle, so their gains are solved for the loss to match at three
 * frequencies instead of being taken from the times directly (K. Prawda, S. J.
 * Schlecht, V. Välimäki, "Improved reverberation time control for feedback
 * delay networks", DAFx 2019, for the same idea with many bands).
 *
 * Pure functions, realtime-safe; some microseconds a design.
 */
#pragma once

#include "design.h"

/* T60 in seconds in the middle band, the ratios of the bands below and above to
 * it, and the frequencies in Hz between the bands. All > 0. */
typedef struct {
  double decay_s, low_ratio, high_ratio, low_hz, high_hz;
} MixDecay;

/* What the filters of all delays have in common. */
typedef struct {
  double loss[3];   /* dB per second at the three matched frequencies */
  double power[3];  /* these frequencies, warped, to the fourth */
  double low, high; /* the corners, warped */
} MixAbsorption;

void mix_absorption_prepare (
    MixAbsorption *absorption, const MixDecay *decay, unsigned rate);

/* The filters of a delay of `seconds` (low shelf, then high shelf with the gain
 * of both), as parts/design.h says how they run. `share` 0 … 1 scales the loss:
 * at 0 each is exactly y = x. They never amplify, at any frequency. */
void mix_absorption_design (const MixAbsorption *absorption, double seconds,
    double share, MixSvf sections[2]);

/* A first-order section for a single pass, matched in the middle and at the
 * top:
 *   s = keep * s + (1 - keep) * x,  y = direct * x + low * s */
typedef struct {
  double keep, direct, low;
} MixAbsorptionFirstOrder;

MixAbsorptionFirstOrder mix_absorption_design_first_order (
    const MixAbsorption *absorption, double seconds);

/* The power that is left after `seconds` in the middle band. */
double mix_absorption_left (const MixAbsorption *absorption, double seconds);
