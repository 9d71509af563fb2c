/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * No parameter clicks when it is set: on a low sine each is switched between
 * two values again and again, and what lies far above the sine must stay where
 * it is without switching, or 60 dB under the loudest sample.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "variants.h"

#define RATE 48000
#define SETTLE 14400
#define PERIOD 7231 /* frames between switches: at another phase each */
#define SWITCHES 6
#define FRAMES (SETTLE + SWITCHES * PERIOD)
#define SINE 200.0
#define ABOVE 8000.0
#define FLOOR 0.001

/* Loudest sample over all channels after `SETTLE`; of what lies above ABOVE
 * when `high`. */
static double
loudest (const CheckAudio *audio, bool high)
{
  static float part[FRAMES];
  double peak = 0;
  for (unsigned c = 0; c < audio->channels; c++) {
    memcpy (part, audio->c[c], sizeof part);
    if (high)
      check_high_pass (part, part, FRAMES, ABOVE, RATE);
    peak = fmax (peak, check_peak (part + SETTLE, FRAMES - SETTLE));
  }
  return peak;
}

/* As much of the sine as the unit delays it, in whole cycles. */
static void
lead_in (const MixUnit *unit, void *self)
{
  const unsigned cycle = (unsigned)(RATE / SINE);
  unsigned latency = unit->latency ? unit->latency (self) : 0;
  CheckAudio audio = check_audio (2, (latency + cycle - 1) / cycle * cycle);
  for (unsigned c = 0; c < 2; c++)
    check_sine (audio.c[c], audio.frames, SINE, RATE, 0.5);
  check_process (unit, self, &audio, &audio, 1024);
  check_audio_free (&audio);
}

/* Left and right differ in phase, so that mid and side both have something. */
static void
run (const MixUnit *unit, const CheckAudio *audio, const void *a, const void *b)
{
  check_sine (audio->c[0], FRAMES, SINE, RATE, 0.5);
  memset (audio->c[1], 0, 60 * sizeof (float));
  memcpy (audio->c[1] + 60, audio->c[0], (FRAMES - 60) * sizeof (float));
  void *self = check_new_unit (unit, RATE, 2, a);
  lead_in (unit, self);
  check_process_span (unit, self, audio, audio, 0, SETTLE);
  for (unsigned k = 0; k < SWITCHES; k++) {
    unit->set (self, k % 2 ? a : b);
    check_process_span (unit, self, audio, audio, SETTLE + k * PERIOD,
        SETTLE + (k + 1) * PERIOD);
  }
  check_free_unit (unit, self);
}

static void
test_switch (
    const MixUnit *unit, const void *a, const void *b, const char *name)
{
  CheckAudio audio = check_audio (2, FRAMES);
  run (unit, &audio, a, a);
  double still = loudest (&audio, true);
  run (unit, &audio, b, b);
  still = fmax (still, loudest (&audio, true));
  run (unit, &audio, a, b);
  double moved = loudest (&audio, true);
  double most = 2 * still + FLOOR * fmax (0.5, loudest (&audio, false));
  CHECK (moved <= most, "%s: %.1f dB, allowed %.1f dB", name,
      mix_db_from_gain (moved), mix_db_from_gain (most));
  check_audio_free (&audio);
}

/* A group's rows are switched in this element: low enough to hear the sine. */
#define ELEMENT 2

static void *
params_with (const MixUnit *unit, const void *base, unsigned i, double value)
{
  void *params = check_params (unit);
  memcpy (params, base, unit->params.size);
  if (rows_in_group (unit, i))
    mix_row_put (
        rows_at (unit, i), mix_group_at (unit->group, params, ELEMENT), value);
  else
    rows_put (unit, params, i, value);
  return params;
}

static void
test_row (
    const MixUnit *unit, const void *base, const char *base_name, unsigned i)
{
  char name[160];
  const MixRow *row = rows_at (unit, i);
  double now = mix_row_get (row, rows_in_group (unit, i)
                                     ? mix_group_at (unit->group, base, ELEMENT)
                                     : base);
  const double ends[][2] = { { row->minimum, row->maximum },
    { now, row->maximum }, { now, row->minimum } };
  for (unsigned k = 0; k < 3; k++) {
    if (ends[k][0] == ends[k][1])
      continue;
    void *a = params_with (unit, base, i, ends[k][0]);
    void *b = params_with (unit, base, i, ends[k][1]);
    snprintf (name, sizeof name, "%s: %s %g to %g", base_name, row->name,
        ends[k][0], ends[k][1]);
    test_switch (unit, a, b, name);
    free (a);
    free (b);
  }
}

static void
test_rows (const MixUnit *unit, void *params, const char *name)
{
  const unsigned excused = MIX_STEPS | MIX_SIZES_MEMORY | MIX_MOVES_LATENCY;
  for (unsigned i = 0; i < rows_count (unit); i++)
    if (!(rows_at (unit, i)->flags & excused))
      test_row (unit, params, name, i);
}

static void
test_unit (const MixUnit *unit)
{
  test_variants (unit, VARIANT_DEFAULT | VARIANT_SOME, test_rows);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
