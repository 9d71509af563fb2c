/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "units/units.h"

const MixUnit *const mix_units[] = {
  &mix_eq,
  &mix_compressor,
  &mix_limiter,
  &mix_meter,
  &mix_leveler,
  &mix_delay,
  &mix_imager,
  &mix_reverb,
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

double
mix_row_get (const MixRow *row, const void *base)
{
  const char *at = (const char *)base + row->offset;
  switch (row->kind) {
    case MIX_BOOL:
      return *(const bool *)at;
    case MIX_UINT:
      return *(const unsigned *)at;
    case MIX_CHOICE:
      return *(const int *)at;
    case MIX_DOUBLES:
      return ((const MixDoubles *)at)->count > 0
                 ? ((const MixDoubles *)at)->values[0]
                 : row->initial;
    case MIX_DOUBLE:
      break;
  }
  return *(const double *)at;
}

void
mix_row_put (const MixRow *row, void *base, double value)
{
  char *at = (char *)base + row->offset;
  if (isnan (value))
    value = row->initial;
  value = fmin (fmax (value, row->minimum), row->maximum) + 0.0; /* no -0 */
  switch (row->kind) {
    case MIX_BOOL:
      *(bool *)at = value >= 0.5;
      break;
    case MIX_UINT:
      *(unsigned *)at = (unsigned)(value + 0.5);
      break;
    case MIX_CHOICE:
      *(int *)at = (int)(value + 0.5);
      break;
    case MIX_DOUBLES:
      ((MixDoubles *)at)->count = 1;
      ((MixDoubles *)at)->values[0] = value;
      break;
    case MIX_DOUBLE:
      *(double *)at = value;
      break;
  }
}

const MixRow *
mix_table_find (const MixTable *table, const char *name)
{
  for (unsigned i = 0; i < table->count; i++)
    if (strcmp (table->rows[i].name, name) == 0)
      return &table->rows[i];
  return NULL;
}

void *
mix_group_at (const MixGroup *group, const void *params, unsigned index)
{
  return (char *)params + group->offset + index * group->table.size;
}

static void
table_defaults (const MixTable *table, void *base)
{
  for (unsigned i = 0; i < table->count; i++)
    mix_row_put (&table->rows[i], base, table->rows[i].initial);
}

void
mix_unit_defaults (const MixUnit *unit, void *params)
{
  memset (params, 0, unit->params.size);
  table_defaults (&unit->params, params);
  for (unsigned i = 0; unit->group && i < unit->group->most; i++)
    table_defaults (&unit->group->table, mix_group_at (unit->group, params, i));
  if (unit->defaults)
    unit->defaults (params);
}
