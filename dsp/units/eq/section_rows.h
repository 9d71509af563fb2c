/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sections of all bands in a row, as the kernels `cascade` and
 * `cascade_moving` take them: coefficients over a tick, one set for stereo
 * pairs and one for other channels, and the filters' states for each pair of
 * lanes. Rows are laid out anew into `spare` states and then exchanged, so that
 * a band keeps its history at its new place. Realtime-safe.
 */
#pragma once

#include <stdbool.h>

#include "../../base/arena.h"
#include "../../kernels/cascade.h"

typedef struct {
  unsigned n_lanes;                     /* pairs of lanes */
  double *from[2][MIX_CASCADE_WEIGHTS]; /* [is_pair], at the tick's start */
  double *slope[2][MIX_CASCADE_WEIGHTS];
  double *state, *spare; /* of all lanes: a, b */
} MixEqSectionRows;

void mix_eq_rows_take (
    MixEqSectionRows *rows, MixArena *arena, unsigned n_lanes);

/* The coefficients of one section and one lane, at either end of the tick. */
void mix_eq_rows_put (MixEqSectionRows *rows, bool is_pair, unsigned section,
    unsigned lane, const double from[MIX_CASCADE_WEIGHTS],
    const double to[MIX_CASCADE_WEIGHTS]);

/* Fills up to a whole group with sections that pass their input; returns the
 * next free section. */
unsigned mix_eq_rows_fill_group (MixEqSectionRows *rows, unsigned section);

/* Conversion of the states of two lanes as they move. */
typedef enum {
  MIX_EQ_KEEP,
  MIX_EQ_TO_MID_SIDE,
  MIX_EQ_TO_LEFT_RIGHT,
} MixEqConversion;

/* A new layout: begin, move the states of sections that stay, end. */
void mix_eq_rows_begin_layout (MixEqSectionRows *rows);
void mix_eq_rows_move (MixEqSectionRows *rows, unsigned lanes, unsigned from,
    unsigned to, unsigned sections, MixEqConversion conversion);
void mix_eq_rows_end_layout (MixEqSectionRows *rows);

/* The rows of one pair of lanes, for the kernels. */
MixCascade mix_eq_rows_cascade (
    const MixEqSectionRows *rows, unsigned lanes, bool is_pair);
