/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a host runs a unit: `mix_run` stands between audio from anywhere and
 * MixUnit.process, so that no unit needs to guard itself.
 *
 *  - Denormals are flushed to zero during the call, the thread's mode comes
 *    back after.
 *  - An input sample that is not finite (or beyond MIX_SANE) is taken as 0 and
 *    the unit is flushed at that frame; a second such frame within MIX_RUN_CALM
 *    frames is only zeroed, so a stream full of them costs no more. A unit that
 *    sums up a programme is not flushed: its windows of loudness go on.
 *  - Output samples that are not finite or beyond MIX_SANE (units promise that
 *    there are none) become 0, and the unit is flushed after the call.
 *
 * For bad input, what happens depends on positions in the stream only, not on
 * how it is cut.
 */
#pragma once

#include "kernels/kernels.h"
#include "unit.h"

/* Frames between two flushes for bad samples. */
#define MIX_RUN_CALM 1024

typedef struct {
  const MixUnit *unit;
  void *self; /* a prepared instance */
  unsigned channels;
  const MixKernels *kernels;
  unsigned calm; /* frames until the next flush is allowed */
} MixRun;

/* `self` must be prepared. Not realtime-safe (chooses kernels). */
void mix_run_init (
    MixRun *run, const MixUnit *unit, void *self, unsigned channels);

/* Processes `frames` frames of planar audio in place, with a key signal beside
 * them or NULL (see MixUnit.process); bad samples of the key become 0, in place
 * too. Returns how many samples were bad (0 nearly always); the host posts its
 * warning from that. Realtime-safe. */
unsigned mix_run (
    MixRun *run, float *const *io, float *const *key, unsigned frames);
