/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Units -------------------------------------------------------------- */

static bool
is_asked (int argc, char **argv, const char *name)
{
  for (int i = 1; i < argc; i++)
    if (strcmp (argv[i], name) == 0)
      return true;
  return argc < 2;
}

int
test_units (int argc, char **argv, void (*test) (const MixUnit *unit))
{
  for (unsigned i = 0; check_has_level () && mix_units[i]; i++)
    if (is_asked (argc, argv, mix_units[i]->name))
      test (mix_units[i]);
  return check_end ();
}

/* ---- Rows --------------------------------------------------------------- */

unsigned
rows_count (const MixUnit *unit)
{
  return unit->params.count + (unit->group ? unit->group->table.count : 0);
}

bool
rows_in_group (const MixUnit *unit, unsigned i)
{
  return i >= unit->params.count;
}

const MixRow *
rows_at (const MixUnit *unit, unsigned i)
{
  return rows_in_group (unit, i)
             ? &unit->group->table.rows[i - unit->params.count]
             : &unit->params.rows[i];
}

void
rows_put (const MixUnit *unit, void *params, unsigned i, double value)
{
  const MixRow *row = rows_at (unit, i);
  if (!rows_in_group (unit, i))
    mix_row_put (row, params, value);
  else
    for (unsigned k = 0; k < unit->group->most; k++)
      mix_row_put (row, mix_group_at (unit->group, params, k), value);
}

/* ---- Random settings ---------------------------------------------------- */

static double
random_value (const MixRow *row, uint64_t *state)
{
  double low = row->minimum, high = row->maximum;
  double where = (double)(check_random (state) >> 11) / 9007199254740992.0;
  if (row->kind != MIX_DOUBLE)
    return fmin (high, low + floor (where * (high - low + 1)));
  if (low > 0 && high > 50 * low)
    return low * pow (high / low, where);
  return low + where * (high - low);
}

static double
random_end (const MixRow *row, uint64_t *state)
{
  return check_random (state) >> 63 ? row->maximum : row->minimum;
}

/* Each element of the group gets its own values. */
static void
randomise (const MixUnit *unit, void *params, uint64_t seed,
    double (*value) (const MixRow *, uint64_t *))
{
  uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  const MixGroup *group = unit->group;
  for (unsigned i = 0; i < unit->params.count; i++)
    mix_row_put (
        &unit->params.rows[i], params, value (&unit->params.rows[i], &state));
  for (unsigned k = 0; group && k < group->most; k++)
    for (unsigned i = 0; i < group->table.count; i++)
      mix_row_put (&group->table.rows[i], mix_group_at (group, params, k),
          value (&group->table.rows[i], &state));
}

void
variant_random (const MixUnit *unit, void *params, uint64_t seed)
{
  randomise (unit, params, seed, random_value);
}

void
variant_keep (
    const MixUnit *unit, void *params, const void *from, unsigned flags)
{
  const MixGroup *group = unit->group;
  for (unsigned i = 0; i < rows_count (unit); i++) {
    const MixRow *row = rows_at (unit, i);
    if (!(row->flags & flags))
      continue;
    if (!rows_in_group (unit, i))
      mix_row_put (row, params, mix_row_get (row, from));
    else
      for (unsigned k = 0; k < group->most; k++)
        mix_row_put (row, mix_group_at (group, params, k),
            mix_row_get (row, mix_group_at (group, from, k)));
  }
}

/* ---- Variants ----------------------------------------------------------- */

static void
test_choices (const MixUnit *unit, void *params, VariantTest test)
{
  char name[128];
  for (unsigned i = 0; i < rows_count (unit); i++) {
    const MixRow *row = rows_at (unit, i);
    if (row->kind != MIX_CHOICE && row->kind != MIX_BOOL)
      continue;
    for (int value = 0; value <= (int)row->maximum; value++) {
      variant_random (unit, params, 100 + i);
      rows_put (unit, params, i, value);
      snprintf (name, sizeof name, "%s, random with %s %d", unit->name,
          row->name, value);
      test (unit, params, name);
    }
  }
}

static void
test_random (
    const MixUnit *unit, void *params, VariantTest test, unsigned times)
{
  char name[128];
  for (unsigned seed = 1; seed <= times; seed++) {
    variant_random (unit, params, seed);
    snprintf (name, sizeof name, "%s, random %u", unit->name, seed);
    test (unit, params, name);
  }
}

static void
test_row_ends (const MixUnit *unit, void *params, VariantTest test)
{
  char name[128];
  for (unsigned i = 0; i < rows_count (unit) * 2; i++) {
    const MixRow *row = rows_at (unit, i / 2);
    double value = i % 2 ? row->maximum : row->minimum;
    mix_unit_defaults (unit, params);
    rows_put (unit, params, i / 2, value);
    snprintf (name, sizeof name, "%s with %s %g", unit->name, row->name, value);
    test (unit, params, name);
  }
}

static void
test_extremes (const MixUnit *unit, void *params, VariantTest test)
{
  char name[128];
  test_row_ends (unit, params, test);
  for (unsigned end = 0; end < 2; end++) {
    for (unsigned i = 0; i < rows_count (unit); i++)
      rows_put (unit, params, i,
          end ? rows_at (unit, i)->maximum : rows_at (unit, i)->minimum);
    snprintf (name, sizeof name, "%s, all %s", unit->name, end ? "max" : "min");
    test (unit, params, name);
  }
  for (unsigned seed = 1; seed <= 24; seed++) {
    randomise (unit, params, seed, random_end);
    snprintf (name, sizeof name, "%s, random ends %u", unit->name, seed);
    test (unit, params, name);
  }
}

void
test_variants (const MixUnit *unit, unsigned kinds, VariantTest test)
{
  void *params = check_params (unit);
  if (kinds & VARIANT_DEFAULT)
    test (unit, params, unit->name);
  if (kinds & VARIANT_CHOICES)
    test_choices (unit, params, test);
  if (kinds & (VARIANT_SOME | VARIANT_RANDOM))
    test_random (unit, params, test, kinds & VARIANT_RANDOM ? 8 : 3);
  if (kinds & VARIANT_EXTREMES)
    test_extremes (unit, params, test);
  free (params);
}

CheckAudio
noise_audio (unsigned channels, unsigned frames, double amplitude)
{
  CheckAudio audio = check_audio (channels, frames);
  for (unsigned c = 0; c < channels; c++)
    check_noise (audio.c[c], frames, amplitude, c + 1);
  return audio;
}
