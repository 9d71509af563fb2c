/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare.h"

#include <math.h>

#define END_BEFORE_S 2.0 /* what is shown of the end */
#define END_AFTER_S 5.0
#define LOWEST_DB (-90.0)
#define LEVEL_S 0.05
#define AUDIBLE_DB (-80.0) /* dBFS */

void
add_figure (const Comparison *self, const gchar *what, gdouble before,
    gdouble after, const gchar *unit)
{
  Change change = { what, unit, before, after };
  g_array_append_val (self->changes, change);
}

gboolean
add_loudness (const Comparison *self, guint channels, const gchar *what)
{
  g_autoptr (Programme) before
      = programme_measure (self->before->path, channels);
  g_autoptr (Programme) after = programme_measure (self->after->path, channels);
  if (!before || !after)
    return FALSE;
  add_figure (self, what, before->integrated, after->integrated, "LUFS");
  return TRUE;
}

static gdouble
level_at (const Sound *sound, gdouble time)
{
  gsize from = (gsize)(time * sound->rate);
  gsize length = (gsize)(LEVEL_S * sound->rate);
  return db_of_power (
      sound_power (sound, from, from + length) / sound->channels);
}

/* When the level falls below the threshold for the last time. */
static gdouble
last_audible (const Sound *sound)
{
  gdouble time = sound_seconds (sound);
  while (time > 0 && level_at (sound, MAX (time - LEVEL_S, 0)) < AUDIBLE_DB)
    time -= LEVEL_S;
  return MAX (time, 0);
}

void
add_length (const Comparison *self)
{
  add_figure (self, "length of the file", sound_seconds (self->before),
      sound_seconds (self->after), "s");
}

void
add_tail (const Comparison *self)
{
  add_figure (self, "rings on, down to −80 dBFS", 0,
      last_audible (self->after) - last_audible (self->before), "s");
  add_length (self);
}

Axis
loudness_axis (gdouble most)
{
  gdouble high = isfinite (most) ? ceil (most / 5) * 5 : 0;
  return (Axis){ AXIS_LINEAR, high - 35, high, "LUFS" };
}

static void
draw_level (Chart *chart, const Sound *sound, const gchar *look,
    const gchar *name, gdouble from, gdouble to)
{
  gdouble x[400], y[400];
  guint count = 0;
  gdouble end = MIN (to, sound_seconds (sound));
  for (gdouble t = MAX (from, 0); t + LEVEL_S <= end + 1e-6 && count < 400;
       t += LEVEL_S, count++) {
    x[count] = t + LEVEL_S / 2;
    y[count] = MAX (level_at (sound, t), LOWEST_DB - 20);
  }
  chart_add_curve (chart, look, name, x, y, count);
}

void
draw_end (const Comparison *self)
{
  gdouble end = last_audible (self->before);
  gdouble file = sound_seconds (self->before);
  gdouble low = MAX (end - END_BEFORE_S, 0);
  gdouble high
      = end + CLAMP (last_audible (self->after) + 0.5 - end, 1, END_AFTER_S);
  picture_add_row (self->picture, 270, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, low, high, "level at the end of the file" },
      (Axis){ AXIS_LINEAR, LOWEST_DB, 0, "dBFS" });
  draw_level (chart, self->before, "area grey", "before", low, high);
  draw_level (chart, self->after, "line blue", "after", low, high);
  if (file < high)
    chart_add_line (chart, "line thin dotted ink", "the file ends", file, file,
        -HUGE_VAL, HUGE_VAL);
}

Chart *
draw_spectra (const Comparison *self, const Spectrum *before,
    const Spectrum *after, gdouble lowest_db, const gchar *names[2])
{
  gdouble y[2][SPECTRUM_BANDS];
  Chart *chart;
  for (guint b = 0; b < SPECTRUM_BANDS; b++) {
    y[0][b]
        = MAX (db_of_power (before->power[b] / before->all), lowest_db - 20);
    y[1][b] = MAX (db_of_power (after->power[b] / before->all), lowest_db - 20);
  }
  picture_add_row (self->picture, 330, 1);
  chart = chart_new (self->picture,
      (Axis){ AXIS_HZ, 25, 20000, "Hz, in third octaves" },
      (Axis){ AXIS_LINEAR, lowest_db, 0, "dB" });
  chart_add_curve (
      chart, "area grey", names[0], before->hz, y[0], SPECTRUM_BANDS);
  chart_add_curve (
      chart, "line blue", names[1], after->hz, y[1], SPECTRUM_BANDS);
  return chart;
}
