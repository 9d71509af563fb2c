/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Side-chain listen: fades the output over to what the detector
 * measures, at the time of the output. That is the key, or
 * without one the input, behind the look-ahead as the output is: both are heard
 * in time with the other streams of a mix. Realtime-safe but for
 * mix_key_monitor_prepare.
 */
#pragma once

#include "detector.h"

typedef struct {
  unsigned channels;
  MixPair front;
  bool has_front;
  MixSmoother listen, to_mid, to_side; /* 0 … 1 */
  bool is_active;
  /* In the arena; a channel each. */
  MixKeyFilterState *filters;
  float *rows; /* of MIX_DETECTOR_SPAN */
} MixKeyMonitor;

void mix_key_monitor_prepare (
    MixKeyMonitor *m, const MixFormat *format, MixArena *arena);
void mix_key_monitor_set (
    MixKeyMonitor *m, bool listen, MixDetectorSource source);
void mix_key_monitor_tick (MixKeyMonitor *m);
void mix_key_monitor_reset (MixKeyMonitor *m);
bool mix_key_monitor_is_still (const MixKeyMonitor *m);

/* It has a share of the output. */
static inline bool
mix_key_monitor_is_active (const MixKeyMonitor *m)
{
  return m->is_active;
}

/* Where the key of a channel is to be put, and its filtered form is after
 * mix_key_monitor_run(). */
static inline float *
mix_key_monitor_row (const MixKeyMonitor *m, unsigned channel)
{
  return m->rows + (size_t)channel * MIX_DETECTOR_SPAN;
}

/* Takes the source of the keys of n frames and filters them. */
void mix_key_monitor_run (
    MixKeyMonitor *m, const MixKeyFilter *filter, unsigned offset, unsigned n);
/* Fades `out` over to them. */
void mix_key_monitor_mix (
    const MixKeyMonitor *m, float *const *out, unsigned offset, unsigned n);
