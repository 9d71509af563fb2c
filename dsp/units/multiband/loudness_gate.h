/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gate of the multiband compressor: a share from 0 (open) to 1, which
 * glides up slowly while the momentary loudness (ITU-R BS.1770-5, 400 ms) of
 * the input is below a threshold, and down fast when it is not. Realtime-safe
 * but for mix_loudness_gate_prepare.
 */
#pragma once

#include "../../parts/loudness_meter.h"
#include "../../parts/smoother.h"
#include "../../parts/weighted_power.h"

typedef struct {
  MixWeightedPower power;
  MixLoudness loudness;
  bool is_on;
  double threshold;        /* mean power */
  double closing, opening; /* decay per tick */
  MixSmoother share;
} MixLoudnessGate;

void mix_loudness_gate_prepare (MixLoudnessGate *g, const MixFormat *format);
/* Takes a new threshold, at the start of a tick; one that was off starts
 * without history. */
void mix_loudness_gate_set (MixLoudnessGate *g, bool is_on, double lufs);
void mix_loudness_gate_tick (MixLoudnessGate *g);
/* Open, without history. */
void mix_loudness_gate_reset (MixLoudnessGate *g);
/* Open and off: it stays so until it is set. */
bool mix_loudness_gate_is_still (const MixLoudnessGate *g);

/* Measures n frames of the input. */
void mix_loudness_gate_run (
    MixLoudnessGate *g, const float *const *in, unsigned n);

/* In this tick. */
static inline MixRamp
mix_loudness_gate_share (const MixLoudnessGate *g)
{
  return mix_smoother_ramp (&g->share);
}
