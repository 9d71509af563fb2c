/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shelf_table.h"

#include "../../base/maths.h"

#define Q 0.7071

void
mix_shelf_table_set (MixShelfTable *table, double frequency_hz, unsigned rate)
{
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  if (table->frequency_hz == frequency_hz && table->rate == rate)
    return;
  table->frequency_hz = frequency_hz;
  table->rate = rate;
  for (unsigned i = 0; i < MIX_SHELF_TABLE_SIZE; i++) {
    const MixFilterSpec spec = { .type = MIX_FILTER_HIGH_SHELF,
      .frequency_hz = frequency_hz,
      .gain_db = -MIX_SHELF_TABLE_STEP * i,
      .q = Q };
    mix_filter_design_svf (&spec, rate, svf);
    table->svf[i] = svf[0];
  }
}

static double
between (double a, double b, double share)
{
  return a + (b - a) * share;
}

MixSvf
mix_shelf_table_at (const MixShelfTable *table, double reduction_db)
{
  double at = mix_clamp (
      reduction_db / MIX_SHELF_TABLE_STEP, 0, MIX_SHELF_TABLE_SIZE - 1);
  unsigned i = mix_min ((unsigned)at, MIX_SHELF_TABLE_SIZE - 2);
  const MixSvf *a = &table->svf[i], *b = a + 1;
  double share = at - i;
  return (MixSvf){
    .g = between (a->g, b->g, share),
    .k = between (a->k, b->k, share),
    .m0 = between (a->m0, b->m0, share),
    .m1 = between (a->m1, b->m1, share),
    .m2 = between (a->m2, b->m2, share),
  };
}
