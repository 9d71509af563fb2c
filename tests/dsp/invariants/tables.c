/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The declarations themselves: names that users can type, ranges that hold
 * their defaults, members that lie inside their struct.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "variants.h"

/* Letters, digits and single dashes, beginning with a letter. */
static bool
is_kebab_case (const char *name)
{
  bool dash = true;
  for (const char *c = name; *c; c++) {
    if (*c != '-' && !islower ((unsigned char)*c)
        && !(isdigit ((unsigned char)*c) && c != name))
      return false;
    if (*c == '-' && dash)
      return false;
    dash = *c == '-';
  }
  return !dash;
}

static bool
is_sentence (const char *text)
{
  return text && strlen (text) > 8 && isupper ((unsigned char)text[0]);
}

static bool
is_known_unit (const char *text)
{
  static const char *const known[] = { "", "dB", "dBFS", "dBTP", "dB/s", "ms",
    "s", "Hz", "%", "LUFS", "LU", "m", "°", "BPM" };
  for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp (text, known[i]) == 0)
      return true;
  return false;
}

static size_t
member_size (MixKind kind)
{
  static const size_t sizes[] = { [MIX_BOOL] = sizeof (bool),
    [MIX_UINT] = sizeof (unsigned),
    [MIX_DOUBLE] = sizeof (double),
    [MIX_CHOICE] = sizeof (int),
    [MIX_DOUBLES] = sizeof (MixDoubles),
    [MIX_LIST] = sizeof (MixDoubles) };
  return sizes[kind];
}

static size_t
member_alignment (MixKind kind)
{
  switch (kind) {
    case MIX_DOUBLES:
    case MIX_LIST:
      return _Alignof(MixDoubles);
    case MIX_DOUBLE:
      return _Alignof(double); /* not its size on 32-bit x86 */
    default:
      return member_size (kind);
  }
}

static void
test_numbers (const MixRow *row)
{
  for (int i = 0; row->numbers && i <= row->maximum; i++)
    for (int k = 0; k < i; k++)
      CHECK (row->numbers[i] != row->numbers[k], "%s: %d twice", row->name,
          row->numbers[i]);
}

static void
test_choice_row (const MixRow *row)
{
  test_numbers (row);
  unsigned count = 0;
  for (const MixChoice *c = row->choices; c && c->nick; c++, count++) {
    CHECK (is_kebab_case (c->nick) || isdigit ((unsigned char)c->nick[0]),
        "%s: choice %s", row->name, c->nick);
    CHECK (c->label && c->label[0], "%s: choice %s", row->name, c->nick);
    for (const MixChoice *d = row->choices; d < c; d++)
      CHECK (
          strcmp (c->nick, d->nick) != 0, "%s: %s twice", row->name, c->nick);
  }
  CHECK (count == row->maximum + 1 && row->minimum == 0, "%s: %u choices",
      row->name, count);
}

static void
test_row (const MixUnit *unit, const MixTable *table, const MixRow *row)
{
  CHECK (is_kebab_case (row->name), "%s: %s", unit->name, row->name);
  CHECK (row->label && row->label[0], "%s: %s", unit->name, row->name);
  CHECK (is_sentence (row->blurb), "%s: blurb of %s", unit->name, row->name);
  CHECK (row->unit && is_known_unit (row->unit), "%s: unit of %s", unit->name,
      row->name);
  CHECK (row->minimum <= row->initial && row->initial <= row->maximum,
      "%s: default of %s", unit->name, row->name);
  CHECK (row->minimum < row->maximum || table == &unit->readings,
      "%s: range of %s", unit->name, row->name);
  CHECK (row->offset + member_size (row->kind) <= table->size
             && row->offset % member_alignment (row->kind) == 0,
      "%s: member of %s", unit->name, row->name);
  CHECK ((row->kind == MIX_CHOICE) == (row->choices != NULL),
      "%s: choices of %s", unit->name, row->name);
  CHECK (row->kind == MIX_CHOICE || !row->numbers, "%s: numbers of %s",
      unit->name, row->name);
  if (row->kind == MIX_CHOICE)
    test_choice_row (row);
}

/* Names differ and members do not overlap. */
static void
test_table (const MixUnit *unit, const MixTable *table)
{
  for (unsigned i = 0; i < table->count; i++) {
    const MixRow *a = &table->rows[i];
    test_row (unit, table, a);
    CHECK (mix_table_find (table, a->name) == a, "%s: %s twice", unit->name,
        a->name);
    for (unsigned k = 0; k < i; k++) {
      const MixRow *b = &table->rows[k];
      CHECK (a->offset + member_size (a->kind) <= b->offset
                 || b->offset + member_size (b->kind) <= a->offset,
          "%s: %s lies on %s", unit->name, a->name, b->name);
    }
  }
}

/* Parameters and readings share the element's name space, with what the base
 * class adds. */
static void
test_names (const MixUnit *unit)
{
  static const char *const taken[] = { "bypass", "meter-interval", "latency",
    "tail-max", "qos", "name", "parent" };
  for (unsigned i = 0; i < unit->readings.count; i++)
    CHECK (!mix_table_find (&unit->params, unit->readings.rows[i].name),
        "%s: %s", unit->name, unit->readings.rows[i].name);
  for (unsigned i = 0; i < sizeof taken / sizeof *taken; i++)
    CHECK (!mix_table_find (&unit->params, taken[i])
               && !mix_table_find (&unit->readings, taken[i]),
        "%s: %s", unit->name, taken[i]);
}

static void
test_group (const MixUnit *unit)
{
  const MixGroup *group = unit->group;
  const MixRow *row = mix_table_find (&unit->params, group->count_name);
  test_table (unit, &group->table);
  CHECK (row && row->kind == MIX_UINT && row->maximum == group->most
             && row->offset == group->count_offset,
      "%s: count of %s", unit->name, group->name);
  CHECK (group->offset + group->most * group->table.size <= unit->params.size,
      "%s: array of %s", unit->name, group->name);
}

/* What `defaults` overrides must stay inside the ranges: a clamped copy is the
 * same. */
static void
test_defaults (const MixUnit *unit)
{
  unsigned char *params = check_params (unit);
  for (unsigned i = 0; i < rows_count (unit); i++) {
    const MixRow *row = rows_at (unit, i);
    unsigned copies = rows_in_group (unit, i) ? unit->group->most : 1;
    for (unsigned k = 0; k < copies; k++) {
      void *base = copies > 1 ? mix_group_at (unit->group, params, k) : params;
      double value = mix_row_get (row, base);
      mix_row_put (row, base, value);
      CHECK (mix_row_get (row, base) == value, "%s: %s of %u", unit->name,
          row->name, k);
    }
  }
  free (params);
}

static void
test_unit (const MixUnit *unit)
{
  CHECK (is_kebab_case (unit->name), "%s", unit->name);
  CHECK (is_sentence (unit->summary), "%s: summary", unit->name);
  CHECK (mix_unit_find (unit->name) == unit, "%s twice", unit->name);
  CHECK (unit->prepare && unit->set && unit->reset && unit->process
             && unit->release,
      "%s lacks a function", unit->name);
  CHECK ((unit->read != NULL) == (unit->readings.count > 0), "%s: read",
      unit->name);
  CHECK (!(unit->flags & MIX_UNIT_TAIL) || unit->tail, "%s: tail", unit->name);
  test_table (unit, &unit->params);
  test_table (unit, &unit->readings);
  test_names (unit);
  if (unit->group)
    test_group (unit);
  test_defaults (unit);
}

int
main (int argc, char **argv)
{
  CHECK (mix_unit_find ("no-such-unit") == NULL, "found");
  return test_units (argc, argv, test_unit);
}
