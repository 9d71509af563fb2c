/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "compare.h"

#include <math.h>

#define END_BEFORE_S 2.0 /* what is shown of the end */
#define END_AFTER_S 5.0
#define LEVEL_S 0.05
#define HEARD_DB (-80.0) /* dBFS */

gboolean
add_loudness (
    const Comparison *self, Page *page, guint channels, const gchar *what)
{
  Programme *before = programme_measure (self->before->path, channels);
  Programme *after = programme_measure (self->after->path, channels);
  if (before && after)
    page_add_figure (page, what, before->integrated, after->integrated, "LUFS");
  gboolean good = before && after;
  g_clear_pointer (&before, programme_free);
  g_clear_pointer (&after, programme_free);
  return good;
}

static gdouble
level_at (const Sound *sound, gdouble time)
{
  gsize from = (gsize)(time * sound->rate);
  gsize length = (gsize)(LEVEL_S * sound->rate);
  return db_of_power (
      sound_power (sound, from, from + length) / sound->channels);
}

/* When the sound falls under what is heard, for good. */
static gdouble
last_heard (const Sound *sound)
{
  gdouble time = sound_seconds (sound);
  while (time > 0 && level_at (sound, MAX (time - LEVEL_S, 0)) < HEARD_DB)
    time -= LEVEL_S;
  return MAX (time, 0);
}

void
add_length (const Comparison *self, Page *page)
{
  page_add_figure (page, "length of the file", sound_seconds (self->before),
      sound_seconds (self->after), "s");
}

void
add_tail (const Comparison *self, Page *page)
{
  page_add_figure (page, "rings on, down to −80 dBFS", 0,
      last_heard (self->after) - last_heard (self->before), "s");
  add_length (self, page);
}

static void
draw_level (const Chart *chart, const Sound *sound, const gchar *class,
    gboolean is_area)
{
  gdouble x[400], y[400];
  guint count = 0;
  gdouble to = MIN (chart->x_high, sound_seconds (sound));
  for (gdouble t = MAX (chart->x_low, 0);
       t + LEVEL_S <= to + 1e-6 && count < 400; t += LEVEL_S, count++) {
    x[count] = t + LEVEL_S / 2;
    y[count] = MAX (level_at (sound, t), chart->y_low - 20);
  }
  chart_add_curve (chart, class, x, y, count, is_area);
}

void
draw_end (const Comparison *self, Page *page, const Chart *place)
{
  gdouble end = last_heard (self->before), file = sound_seconds (self->before);
  Chart chart = *place;
  chart.svg = page->svg;
  chart.x_low = MAX (end - END_BEFORE_S, 0);
  chart.x_high
      = end + CLAMP (last_heard (self->after) + 0.5 - end, 1, END_AFTER_S);
  chart.y_low = -90;
  chart.y_high = 0;
  chart_add_y_scale (&chart, 20, "dBFS");
  chart_add_seconds (&chart);
  chart_add_frame (&chart);
  draw_level (&chart, self->before, "area", TRUE);
  draw_level (&chart, self->after, "after", FALSE);
  if (file < chart.x_high)
    chart_add_x_line (&chart, "end", file, "the file ends");
}

void
draw_spectra (const Chart *chart, const Spectrum *before, const Spectrum *after)
{
  gdouble y[2][SPECTRUM_BANDS];
  for (guint b = 0; b < SPECTRUM_BANDS; b++) {
    y[0][b] = db_of_power (before->power[b] / before->all);
    y[1][b] = db_of_power (after->power[b] / before->all);
    for (guint k = 0; k < 2; k++)
      y[k][b] = MAX (y[k][b], chart->y_low - 20);
  }
  chart_add_curve (chart, "area", before->hz, y[0], SPECTRUM_BANDS, TRUE);
  chart_add_curve (chart, "after", after->hz, y[1], SPECTRUM_BANDS, FALSE);
}
