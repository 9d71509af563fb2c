/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The monitor of the compressor (side-chain listen): fades the output over to
 * what the detector measures, at the time of the output. That is the key, or
 * without one the input, behind the look-ahead as the output is: both are heard
 * in time with the other streams of a mix. Realtime-safe but for
 * mix_comp_monitor_prepare.
 */
#pragma once

#include "../../parts/detector.h"
#include "compressor_params.h"

typedef struct {
  unsigned channels;
  MixPair front;
  bool has_front;
  MixSmoother listen, to_mid, to_side; /* 0 … 1 */
  bool is_active;
  /* In the arena; a channel each. */
  MixKeyFilterState *filters;
  float *rows; /* of MIX_DETECTOR_SPAN */
} MixCompMonitor;

void mix_comp_monitor_prepare (
    MixCompMonitor *m, const MixFormat *format, MixArena *arena);
void mix_comp_monitor_set (MixCompMonitor *m, const MixCompParams *params);
void mix_comp_monitor_tick (MixCompMonitor *m);
void mix_comp_monitor_reset (MixCompMonitor *m);
bool mix_comp_monitor_is_still (const MixCompMonitor *m);

/* It has a share of the output. */
static inline bool
mix_comp_monitor_is_active (const MixCompMonitor *m)
{
  return m->is_active;
}

/* Where the key of a channel is to be put, and its filtered form is after
 * mix_comp_monitor_run(). */
static inline float *
mix_comp_monitor_row (const MixCompMonitor *m, unsigned channel)
{
  return m->rows + (size_t)channel * MIX_DETECTOR_SPAN;
}

/* Takes the source of the keys of n frames and filters them. */
void mix_comp_monitor_run (
    MixCompMonitor *m, const MixKeyFilter *filter, unsigned offset, unsigned n);
/* Fades `out` over to them. */
void mix_comp_monitor_mix (
    const MixCompMonitor *m, float *const *out, unsigned offset, unsigned n);
