/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes docs/elements.md from the declarations of the units. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void
print_choices (const MixRow *row)
{
  for (unsigned i = 0; row->choices[i].nick; i++)
    printf ("%s%s", i ? " \\| " : "", row->choices[i].nick);
}

static void
print_range (const MixRow *row)
{
  switch (row->kind) {
    case MIX_BOOL:
      printf ("bool");
      break;
    case MIX_CHOICE:
      print_choices (row);
      break;
    case MIX_UINT:
    case MIX_DOUBLE:
    case MIX_DOUBLES:
    case MIX_LIST:
      printf ("%g … %g", row->minimum, row->maximum);
      break;
  }
}

static void
print_default (const MixRow *row)
{
  if (row->kind == MIX_BOOL)
    printf ("%s", row->initial != 0 ? "true" : "false");
  else if (row->kind == MIX_CHOICE)
    printf ("%s", row->choices[(unsigned)row->initial].nick);
  else if (row->kind == MIX_LIST)
    printf ("\"\", each %g", row->initial);
  else
    printf ("%g", row->initial);
}

static void
print_parameters (const MixTable *table)
{
  printf ("| property | range | default | unit | |\n|---|---|---|---|---|\n");
  for (unsigned i = 0; i < table->count; i++) {
    const MixRow *row = &table->rows[i];
    printf ("| `%s` | ", row->name);
    print_range (row);
    printf (" | ");
    print_default (row);
    printf (" | %s | %s%s |\n", row->unit, row->blurb,
        row->flags & MIX_SIZES_MEMORY ? " *Set it before the start.*" : "");
  }
}

static const char *
values_of (const MixRow *row, const MixGroup *group)
{
  static char text[40];
  if (row->kind != MIX_DOUBLES)
    return "";
  bool by_band = row->flags & MIX_PER_BAND;
  snprintf (text, sizeof text, ", one a %s", by_band ? group->name : "channel");
  return text;
}

static void
print_readings (const MixTable *table, const MixGroup *group)
{
  if (table->count == 0)
    return;
  printf ("\nReadings, as properties and as fields of the messages:\n\n"
          "| reading | unit | |\n|---|---|---|\n");
  for (unsigned i = 0; i < table->count; i++)
    printf ("| `%s`%s | %s%s | %s |\n", table->rows[i].name,
        table->rows[i].flags & MIX_OF_KEY ? " (with a key)" : "",
        table->rows[i].unit, values_of (&table->rows[i], group),
        table->rows[i].blurb);
}

static void
print_group (const MixGroup *group)
{
  if (!group)
    return;
  printf ("\nEach %s (`%s0`, `%s1`, … up to %u; `%s0::%s=…` in gst-launch; all "
          "of them in the string property `%ss`):\n\n",
      group->name, group->name, group->name, group->most, group->name,
      group->table.rows[1].name, group->name);
  print_parameters (&group->table);
}

int
main (void)
{
  printf (
      "# The elements\n\n"
      "Made from the units' declarations by `docs/elements.c`; do not edit.\n"
      "Levels are dB, times ms, frequencies Hz, shares percent.\n\n"
      "All elements take and give `audio/x-raw, format=F32, "
      "layout=interleaved` at up to 768 kHz, 1 to 64 channels, and have "
      "besides:\n\n"
      "| property | range | default | unit | |\n|---|---|---|---|---|\n"
      "| `bypass` | bool | false | | Let the input through as it is; "
      "cross-fades in 10 ms and keeps the latency |\n"
      "| `meter-interval` | 0, 10 … 10000 | 0 | ms | Time between two element "
      "messages with all readings; 0 for none |\n"
      "| `latency` | read only | | ms | Look-ahead; timestamps make up for "
      "it |\n"
      "| `tail-max` | 0 … 60000 | 30000 | ms | Elements that ring on: the most "
      "that is rung out after the end of the stream; its end is a fade of "
      "20 ms, and a change while the tail runs takes effect |\n"
      "\nElements with a side chain measure another sound, the key, that comes "
      "in through the request pad `sidechain`: any raw audio, aligned by "
      "running time, never heard. They are mixkeyedcompressor and "
      "mixkeyedgate, which else are mixcompressor and mixgate, and mixduck. "
      "The pad has a property `mute` (bool).\n");
  for (unsigned i = 0; mix_units[i]; i++) {
    const MixUnit *unit = mix_units[i];
    printf ("\n## mix%s\n\n%s.\n\n", unit->name, unit->summary);
    print_parameters (&unit->params);
    print_group (unit->group);
    print_readings (&unit->readings, unit->group);
    if (unit->sum_up)
      printf ("\nAt the end of the programme a last message (`final` is true) "
              "holds its figures, whatever `meter-interval` is.\n");
  }
  return 0;
}
