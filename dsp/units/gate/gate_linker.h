/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The linker of the gate: one gain for all channels while they are linked, else
 * one for each, from a level between its own (unlinked) and the linked one, in
 * dB. An LFE channel always takes the linked level. Channels that are linked
 * again go on as single ones until their gains have met. Realtime-safe but for
 * mix_gate_linker_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../parts/detector.h"
#include "gate_gain.h"

typedef struct {
  unsigned channels;
  MixGateGain gain;
  MixSmoother unlink; /* 0 … 1: 1 - link */
  bool is_unlinked;
  MixGateState linked;
  MixGateState *single;              /* in the arena; a channel each */
  unsigned long frames, open_frames; /* since the last read */
} MixGateLinker;

void mix_gate_linker_prepare (
    MixGateLinker *l, const MixFormat *format, MixArena *arena);
/* Takes new parameters, at the start of a tick. */
void mix_gate_linker_set (MixGateLinker *l, const MixGateParams *params);
/* Once a tick; the detector's tick comes within it. `source_changes`: the
 * detector has just got another source. */
void mix_gate_linker_tick (
    MixGateLinker *l, MixDetector *detector, bool source_changes);
/* Closed, at the targets; resets the detector. */
void mix_gate_linker_reset (MixGateLinker *l, MixDetector *detector);
bool mix_gate_linker_is_still (const MixGateLinker *l);

/* The detector's power rows become gains, in place. */
void mix_gate_linker_run (
    MixGateLinker *l, MixDetector *detector, unsigned offset, unsigned n);

/* The gains of a channel in the latest span. */
static inline const float *
mix_gate_linker_row (
    const MixGateLinker *l, const MixDetector *detector, unsigned channel)
{
  return l->is_unlinked ? mix_detector_power (detector, channel)
                        : mix_detector_linked (detector);
}

/* The share of time since the last call in which it was open, in percent; of
 * several gains their mean. Without time, 100 when it is open. */
double mix_gate_linker_read_open (MixGateLinker *l);
