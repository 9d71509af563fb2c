/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stages that a pair of channels passes, and the state of each pair:
 *
 *   input -> haas -+-> matrix -----------------------------------+-> output
 *                  |                                             |
 *                  +-> split -> M ------------------+-> join ----+
 *                           \-> S -> side filters --+  (guard)
 *
 * The upper path is used as long as neither the filters nor the guard act.
 *
 * A tick is processed whole each time more of it has come: only the new frames
 * go out, and the state changes when the tick is complete. So nothing depends
 * on how the stream is cut, and all loops have a fixed length. Realtime-safe
 * but for `prepare`.
 */
#pragma once

#include "guard.h"
#include "haas.h"
#include "image_matrix.h"
#include "side_filters.h"

enum { MIX_IMAGER_LEFT, MIX_IMAGER_RIGHT };

/* What all pairs share. */
typedef struct {
  const MixKernels *kernels;
  unsigned rate;
  MixImagerHaas haas;
  MixImagerMatrix matrix;
  MixImagerSide side;
  bool guard;  /* as set */
  bool moving; /* matrix or side */

  /* In this tick: the guard is on or its gain is not back at 1; a filter of the
   * side runs. */
  bool guarding, filtering;
} MixImagerStages;

/* A pair of channels, with a tick of the signals between input and output. */
typedef struct {
  float late[2][MIX_TICK];
  float mid[MIX_TICK], side[MIX_TICK];
  float part[2][MIX_TICK];
  float *out[2]; /* the caller's memory for a whole tick, else `part` */
  MixImagerSideState state, next; /* at the tick's start, at its end */
  MixImagerGuard guard;
} MixImagerPair;

/* `pair`: `pairs` of them, zeroed. */
void mix_imager_stages_prepare (MixImagerStages *stages, MixImagerPair *pair,
    unsigned pairs, unsigned rate);

void mix_imager_stages_set (
    MixImagerStages *stages, const MixImagerParams *params);

void mix_imager_stages_reset (
    MixImagerStages *stages, MixImagerPair *pair, unsigned pairs);

/* At the start of a tick, when it is due. */
void mix_imager_stages_tick (
    MixImagerStages *stages, MixImagerPair *pair, unsigned pairs);

/* Works on all of the tick at `in`, whose frames may be stale after frame
 * offset + n and before which is history; n frames from `offset` on go to
 * `out`. */
void mix_imager_pair_run (MixImagerPair *pair, const MixImagerStages *stages,
    float *const out[2], const float *const in[2], unsigned offset, unsigned n);

/* The tick is complete. */
void mix_imager_pair_finish (
    MixImagerPair *pair, const MixImagerStages *stages);

/* The longest pause within what rings, in frames; see MixUnit.tail. */
unsigned mix_imager_stages_tail (const MixImagerStages *stages);

static inline bool
mix_imager_stages_are_due (const MixImagerStages *stages)
{
  return stages->moving || stages->guard || stages->guarding
         || mix_imager_haas_moves (&stages->haas);
}

/* Whether frames before the tick are read. */
static inline bool
mix_imager_stages_use_history (const MixImagerStages *stages)
{
  return mix_imager_haas_is_on (&stages->haas);
}

/* A tick of left and right, after it was complete. */
static inline float *const *
mix_imager_pair_output (const MixImagerPair *pair)
{
  return pair->out;
}
