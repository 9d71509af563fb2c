/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <math.h>
#include <string.h>

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
    case MIX_LIST:
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
    case MIX_LIST:
      ((MixDoubles *)at)->count = 1;
      ((MixDoubles *)at)->values[0] = value;
      break;
    case MIX_DOUBLE:
      *(double *)at = value;
      break;
  }
}

/* Of a list what is behind the end is the default. */
static double
value_at (const MixRow *row, const MixDoubles *list, unsigned i)
{
  return i < list->count ? list->values[i] : row->initial;
}

bool
mix_row_is_equal (const MixRow *row, const void *a, const void *b)
{
  if (row->kind != MIX_LIST)
    return mix_row_get (row, a) == mix_row_get (row, b);
  const MixDoubles *x = (const MixDoubles *)((const char *)a + row->offset);
  const MixDoubles *y = (const MixDoubles *)((const char *)b + row->offset);
  for (unsigned i = 0; i < x->count || i < y->count; i++)
    if (value_at (row, x, i) != value_at (row, y, i))
      return false;
  return true;
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

void
mix_table_defaults (const MixTable *table, void *base)
{
  for (unsigned i = 0; i < table->count; i++)
    mix_row_put (&table->rows[i], base, table->rows[i].initial);
}
