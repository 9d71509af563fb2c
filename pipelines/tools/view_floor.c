/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is between the sounds that are wanted: level over time, its soft and its
 * loud moments. */
#include <math.h>
#include <stdlib.h>

#include "compare.h"

#define WINDOW_S 0.02
#define MOST_S 12.0 /* shown */
#define LOWEST_DB (-90.0)

static gint
compare_levels (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* Levels of all windows, dBFS, to be freed. */
static gdouble *
levels_of (const Sound *sound, guint *count)
{
  const gsize window = MAX (1, (gsize)(WINDOW_S * sound->rate));
  *count = (guint)(sound->frames / window);
  gdouble *levels = g_new (gdouble, MAX (1, *count));
  for (guint i = 0; i < *count; i++)
    levels[i] = MAX (LOWEST_DB - 20,
        db_of_power (sound_power (sound, i * window, (i + 1) * window)
                     / sound->channels));
  return levels;
}

static gdouble
percentile (const Sound *sound, gdouble share)
{
  guint count;
  g_autofree gdouble *levels = levels_of (sound, &count);
  qsort (levels, count, sizeof *levels, compare_levels);
  return count > 0 ? levels[(guint)((count - 1) * share)] : NAN;
}

static void
add_curve (
    Chart *chart, const gchar *look, const gchar *name, const Sound *sound)
{
  guint count;
  g_autofree gdouble *levels = levels_of (sound, &count);
  g_autofree gdouble *times = g_new (gdouble, MAX (1, count));
  for (guint i = 0; i < count; i++)
    times[i] = (i + 0.5) * WINDOW_S;
  count = MIN (count, (guint)(MOST_S / WINDOW_S));
  chart_add_curve (chart, look, name, times, levels, count);
}

gboolean
view_floor (const Comparison *self)
{
  const Sound *before = self->before, *after = self->after;
  add_figure (self, "soft moments (20th percentile)", percentile (before, 0.2),
      percentile (after, 0.2), "dBFS");
  add_figure (self, "loud moments (95th percentile)", percentile (before, 0.95),
      percentile (after, 0.95), "dBFS");
  add_figure (self, "highest sample", sound_peak_db (before),
      sound_peak_db (after), "dBFS");
  picture_add_row (self->picture, 340, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, 0, MIN (MOST_S, sound_seconds (before)),
          "level of 20 ms" },
      (Axis){ AXIS_LINEAR, LOWEST_DB, 0, "dBFS" });
  add_curve (chart, "area grey", "before", before);
  add_curve (chart, "line blue", "after", after);
  return add_loudness (self, 2, "integrated loudness");
}
