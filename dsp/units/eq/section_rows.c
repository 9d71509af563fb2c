/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "section_rows.h"

#include <string.h>

#include "../../base/tick.h"
#include "../../parts/design.h"
#include "eq_params.h"

/* Sections of all bands and of the one that solo plays; each run of bands is
 * filled up to whole groups. */
#define RUNS (MIX_EQ_BANDS + 1)
#define SECTIONS                                                               \
  (MIX_EQ_BANDS * MIX_FILTER_MAX_SECTIONS + MIX_CASCADE_GROUP                  \
      + RUNS * (MIX_CASCADE_GROUP - 1))
#define GROUPS ((SECTIONS + MIX_CASCADE_GROUP - 1) / MIX_CASCADE_GROUP)
#define ROW (2 * GROUPS * MIX_CASCADE_GROUP)

static double *
take_row (MixArena *arena)
{
  return mix_arena_take (arena, ROW, sizeof (double));
}

void
mix_eq_rows_take (MixEqSectionRows *rows, MixArena *arena, unsigned n_lanes)
{
  rows->n_lanes = n_lanes;
  for (unsigned p = 0; p < 2; p++)
    for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
      rows->from[p][w] = take_row (arena);
      rows->slope[p][w] = take_row (arena);
    }
  rows->state = mix_arena_take (arena, 2 * n_lanes, ROW * sizeof (double));
  rows->spare = mix_arena_take (arena, 2 * n_lanes, ROW * sizeof (double));
}

void
mix_eq_rows_put (MixEqSectionRows *rows, bool is_pair, unsigned section,
    unsigned lane, const double from[MIX_CASCADE_WEIGHTS],
    const double to[MIX_CASCADE_WEIGHTS])
{
  unsigned at = 2 * section + lane;
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    rows->from[is_pair][w][at] = from[w];
    rows->slope[is_pair][w][at] = (to[w] - from[w]) * (1.0 / MIX_TICK);
  }
}

unsigned
mix_eq_rows_fill_group (MixEqSectionRows *rows, unsigned section)
{
  static const double pass[MIX_CASCADE_WEIGHTS] = { [MIX_CASCADE_DIRECT] = 1 };
  for (; section % MIX_CASCADE_GROUP; section++)
    for (unsigned p = 0; p < 2; p++)
      for (unsigned lane = 0; lane < 2; lane++)
        mix_eq_rows_put (rows, p, section, lane, pass, pass);
  return section;
}

/* ---- States ------------------------------------------------------------- */

void
mix_eq_rows_begin_layout (MixEqSectionRows *rows)
{
  memset (rows->spare, 0, 2 * rows->n_lanes * ROW * sizeof (double));
}

/* The filters of both lanes are the same where states are converted, so that
 * the states add up like the signals. */
static void
convert (double to[2], const double from[2], MixEqConversion conversion)
{
  double scale = conversion == MIX_EQ_TO_MID_SIDE ? 0.5 : 1;
  to[0] = conversion ? scale * (from[0] + from[1]) : from[0];
  to[1] = conversion ? scale * (from[0] - from[1]) : from[1];
}

void
mix_eq_rows_move (MixEqSectionRows *rows, unsigned lanes, unsigned from,
    unsigned to, unsigned sections, MixEqConversion conversion)
{
  for (unsigned row = 2 * lanes; row < 2 * lanes + 2; row++)
    for (unsigned s = 0; s < sections; s++)
      convert (rows->spare + row * ROW + 2 * (to + s),
          rows->state + row * ROW + 2 * (from + s), conversion);
}

void
mix_eq_rows_end_layout (MixEqSectionRows *rows)
{
  double *spare = rows->spare;
  rows->spare = rows->state;
  rows->state = spare;
}

MixCascade
mix_eq_rows_cascade (const MixEqSectionRows *rows, unsigned lanes, bool is_pair)
{
  double *a = rows->state + 2 * lanes * ROW;
  MixCascade cascade = { .a = a, .b = a + ROW };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    cascade.weight[w] = rows->from[is_pair][w];
    cascade.slope[w] = rows->slope[is_pair][w];
  }
  return cascade;
}
