/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How even a voice is: momentary loudness over time, and what lies between its
 * quiet and its loud passages. */
#include "compare.h"

#include <math.h>

#define GATE_LU 20.0 /* under the whole: pauses, as for LRA (EBU Tech 3342) */
#define LOW_SHARE 0.10
#define HIGH_SHARE 0.95

typedef struct {
  gdouble low, high; /* LUFS: the 10th and the 95th percentile */
} Spread;

static Spread
spread_of (const Programme *programme)
{
  g_autoptr (GArray) values
      = programme_sort_momentary (programme, programme->integrated - GATE_LU);
  if (values->len < 2)
    return (Spread){ NAN, NAN };
  return (Spread){ g_array_index (
                       values, gdouble, (guint)((values->len - 1) * LOW_SHARE)),
    g_array_index (values, gdouble, (guint)((values->len - 1) * HIGH_SHARE)) };
}

static void
draw_programme (const Chart *chart, const Programme *programme, gboolean is_old)
{
  guint count = programme->points->len;
  g_autofree gdouble *x = g_new (gdouble, count + 1);
  g_autofree gdouble *y = g_new (gdouble, count + 1);
  for (guint i = 0; i < count; i++) {
    x[i] = programme_point (programme, i)->time - MOMENTARY_S / 2;
    y[i] = programme_point (programme, i)->momentary;
    if (x[i] < MOMENTARY_S / 2 || y[i] < chart->y_low - 20)
      y[i] = NAN;
  }
  chart_add_curve (chart, is_old ? "before" : "after", x, y, count, FALSE);
}

static void
draw (Page *page, const Programme *before, const Programme *after, Spread old,
    Spread new)
{
  gdouble top = MAX (before->max_momentary, after->max_momentary);
  Chart chart
      = { page->svg, "plot", PAGE_LEFT, PAGE_RIGHT, PAGE_TOP, PAGE_BOTTOM, 0,
          before->seconds, 0, isfinite (top) ? ceil (top / 5) * 5 : 0, FALSE };
  chart.y_low = chart.y_high - 35;
  chart_add_y_scale (&chart, 5, "LUFS");
  chart_add_seconds (&chart);
  chart_add_frame (&chart);
  if (!isnan (old.low) && !isnan (new.low)) {
    chart_add_y_range (&chart, "span old", old.low, old.high);
    chart_add_y_range (&chart, "span", new.low, new.high);
  }
  draw_programme (&chart, before, TRUE);
  draw_programme (&chart, after, FALSE);
  page_add_key (page, "before", "before");
  page_add_key (page, "after", "after: loudness of 0.4 s");
  page_add_key_area (page, "span old", "spread before");
  page_add_key_area (page, "span", "spread after (10th to 95th percentile)");
}

static void
add_both (Page *page, const Programme *before, const Programme *after)
{
  Spread old = spread_of (before), new = spread_of (after);
  page_add_figure (page, "spread of the phrases", old.high - old.low,
      new.high - new.low, "LU");
  page_add_figure (
      page, "quiet ones (10th percentile)", old.low, new.low, "LUFS");
  page_add_figure (
      page, "loud ones (95th percentile)", old.high, new.high, "LUFS");
  page_add_figure (page, "integrated loudness", before->integrated,
      after->integrated, "LUFS");
  page_add_figure (page, "loudness range", before->range, after->range, "LU");
  draw (page, before, after, old, new);
}

gboolean
view_levels (const Comparison *self, Page *page)
{
  Programme *before = programme_measure (self->before->path, 0);
  Programme *after = programme_measure (self->after->path, 0);
  gboolean good = before && after;
  if (good)
    add_both (page, before, after);
  g_clear_pointer (&before, programme_free);
  g_clear_pointer (&after, programme_free);
  return good;
}
