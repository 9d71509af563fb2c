/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay of one side (H. Haas, "Über den Einfluss eines Einfachechos auf die
 * Hörsamkeit von Sprache", Acustica 1, 1951: of two equal sounds the earlier
 * one determines the direction). The delays of left and right are smoothed
 * separately, so that a sweep through 0 is smooth. A delay grows more slowly
 * than time passes, so it never reads what came before it was set. A constant
 * delay is a whole number of frames and a copy; one that moves is interpolated
 * by a cubic (Lagrange). Realtime-safe.
 */
#pragma once

#include "../../parts/smoother.h"
#include "imager_params.h"

#define MIX_IMAGER_HAAS_MS 40.0

typedef struct {
  unsigned rate;
  MixSmoother delay[2]; /* frames, of left and right */
  bool moves, on;       /* in this tick */
} MixImagerHaas;

/* Frames that must stay readable before a tick. */
unsigned mix_imager_haas_keep (unsigned rate);

void mix_imager_haas_prepare (MixImagerHaas *haas, unsigned rate);

void mix_imager_haas_set (MixImagerHaas *haas, const MixImagerParams *params);

void mix_imager_haas_reset (MixImagerHaas *haas);

/* Once a tick. */
void mix_imager_haas_tick (MixImagerHaas *haas);

/* A tick of the channel (0 left, 1 right) whose newest tick begins at `x`. */
void mix_imager_haas_run (
    const MixImagerHaas *haas, unsigned channel, float *out, const float *x);

/* The longest delay in use or set, in frames. */
unsigned mix_imager_haas_longest (const MixImagerHaas *haas);

static inline bool
mix_imager_haas_moves (const MixImagerHaas *haas)
{
  return haas->moves;
}

static inline bool
mix_imager_haas_is_on (const MixImagerHaas *haas)
{
  return haas->on;
}
