/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unit.h"

#include <string.h>

#include "units/units.h"

const MixUnit *const mix_units[] = {
  &mix_eq,
  &mix_compressor,
  &mix_gate,
  &mix_duck,
  &mix_deesser,
  &mix_automix,
  &mix_limiter,
  &mix_meter,
  &mix_leveler,
  &mix_delay,
  &mix_imager,
  &mix_reverb,
  &mix_multiband,
  NULL,
};

const MixUnit *
mix_unit_find (const char *name)
{
  for (unsigned i = 0; mix_units[i]; i++)
    if (strcmp (mix_units[i]->name, name) == 0)
      return mix_units[i];
  return NULL;
}

void
mix_unit_defaults (const MixUnit *unit, void *params)
{
  memset (params, 0, unit->params.size);
  mix_table_defaults (&unit->params, params);
  for (unsigned i = 0; unit->group && i < unit->group->most; i++)
    mix_table_defaults (
        &unit->group->table, mix_group_at (unit->group, params, i));
  if (unit->defaults)
    unit->defaults (params);
}
