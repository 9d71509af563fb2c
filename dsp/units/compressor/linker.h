/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The linker of the compressor: one reduction for all channels while they are
 * linked, else one for each, between its own (unlinked) and the linked one. An
 * LFE channel always takes the linked one. Channels that are linked again go
 * on as single ones until their reductions have met. Realtime-safe but for
 * mix_comp_linker_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../parts/gain_computer.h"

typedef struct {
  unsigned rate, channels;
  MixGainComputer computer;
  MixSmoother unlink; /* 0 … 1: 1 - link */
  bool is_unlinked;
  bool has_channels; /* the detector measures them */
  MixReduction linked;
  MixReduction *single; /* in the arena; a channel each */
} MixCompLinker;

void mix_comp_linker_prepare (
    MixCompLinker *l, const MixFormat *format, MixArena *arena);
/* Takes new parameters, at the start of a tick. `jumps`: the power may jump. */
void mix_comp_linker_set (MixCompLinker *l, const MixGainComputerParams *params,
    double link_percent, bool jumps);
/* Once a tick; the detector's tick comes within it. */
void mix_comp_linker_tick (MixCompLinker *l, MixDetector *detector);
/* No reduction, without history, at the targets; resets the detector. */
void mix_comp_linker_reset (MixCompLinker *l, MixDetector *detector);
bool mix_comp_linker_is_still (const MixCompLinker *l);

/* The detector's power rows become reductions, in place. */
void mix_comp_linker_run (MixCompLinker *l, const MixGainSpan *span);

/* How many different reductions there are, and the row of each in the latest
 * span: one for all channels or one for each. */
static inline unsigned
mix_comp_linker_rows (const MixCompLinker *l)
{
  return l->is_unlinked ? l->channels : 1;
}

static inline float *
mix_comp_linker_row (
    const MixCompLinker *l, const MixDetector *detector, unsigned i)
{
  return l->is_unlinked ? mix_detector_power (detector, i)
                        : mix_detector_linked (detector);
}

/* Each of them in the latest frame. */
static inline float
mix_comp_linker_now (const MixCompLinker *l, unsigned i)
{
  return mix_reduction_now (l->is_unlinked ? &l->single[i] : &l->linked);
}

/* Whether reductions may be negative. */
static inline bool
mix_comp_linker_boosts (const MixCompLinker *l)
{
  return mix_gain_computer_boosts (&l->computer);
}
