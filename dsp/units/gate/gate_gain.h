/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the level of a key to the gain of the gate:
 *
 *   level -> open or closed (hysteresis) -> static curve -> required reduction
 *   required reduction -> hold -> attack, release -> gain
 *
 * Look-ahead: the gain has to be up when the sound arrives that opens the gate.
 * With a look-ahead L of at least the attack time T the reduction falls as its
 * one-pole has it for L - T and then along the tangent of that curve, which
 * reaches 0 after T. So from L = 2 T on, 63.2 % of the way take the attack
 * time, and in every case all of the way takes the look-ahead.
 *
 * For 30 ms after a change of the key, the curve or the attack the gate opens
 * in no less than 5 ms: what the change lets pass is no onset.
 *
 * The settings are in MixGateGain; each gain (linked, or of a channel) has its
 * state in a MixGateState. Realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "gate_curve.h"

typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  MixGateCurve curve;
  double attack_ms;
  double attack, slow_attack, release; /* decay per frame */
  unsigned look_ahead, hold, tangent;  /* frames; tangent 0: there is none */
  float tangent_start;                 /* share of the reduction at its start */
  unsigned slow;                       /* ticks in which it opens slowly */
  bool attack_changes;                 /* by the latest set */
  float most;                          /* reduction since the last read */
} MixGateGain;

typedef struct {
  bool is_open;
  unsigned ahead; /* frames until what opened it arrives, plus 1; 0: none */
  float height;   /* of the tangent, dB */
  unsigned hold;  /* frames left */
  double target;  /* gain that is required, with hold, dB */
  double now;     /* the gain, dB */
} MixGateState;

/* ---- Settings ----------------------------------------------------------- */

void mix_gate_gain_prepare (MixGateGain *g, unsigned rate);
/* Takes new parameters, at the start of a tick. */
void mix_gate_gain_set (MixGateGain *g, const MixGateParams *params);
/* `key_changes`: source or filter of the key have just changed. */
void mix_gate_gain_tick (MixGateGain *g, bool key_changes);
void mix_gate_gain_reset (MixGateGain *g);
bool mix_gate_gain_is_still (const MixGateGain *g);
/* The largest reduction in dB since the last time. */
double mix_gate_gain_read (MixGateGain *g);

/* ---- States ------------------------------------------------------------- */

/* Closed, as after a long silence. */
void mix_gate_state_reset (MixGateState *s, const MixGateGain *g);
/* Whether two are so close that one may replace the other. */
bool mix_gate_state_is_near (const MixGateState *a, const MixGateState *b);

/* Twice the level in dB becomes the gain, in place, for n frames that begin
 * `offset` frames into the tick. Returns in how many of them it is open: turned
 * down by less than 1 dB. */
unsigned mix_gate_state_run (
    MixGateState *s, MixGateGain *g, float *io, unsigned offset, unsigned n);
