/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far behind the leader a source stands: its loudness against his over
 * time, and the room's share in what is heard of it. */
#include "compare.h"

#include <math.h>

#define SHOWN_S 0.3
#define STEP_S 0.002
#define SHOWN_DB (-60)

static void
draw_click (const Response *r, Page *page)
{
  Chart chart = { page->svg, "click", 580, PAGE_RIGHT, PAGE_TOP, PAGE_BOTTOM,
    -0.01, SHOWN_S, SHOWN_DB, 5, FALSE };
  guint count;
  g_autofree gdouble *levels = response_levels (r, STEP_S, &count);
  g_autofree gdouble *x = g_new (gdouble, count + 1);
  gdouble dry[2] = { 0, 0 };
  count = MIN (count, (guint)(SHOWN_S / STEP_S));
  for (guint i = 0; i < count; i++) {
    x[i] = i * STEP_S;
    levels[i] = MAX (levels[i], SHOWN_DB - 20);
  }
  chart_add_y_scale (&chart, 10, "dB");
  chart_add_seconds (&chart);
  chart_add_x_name (&chart, "after a click");
  chart_add_frame (&chart);
  chart_add_stems (&chart, "stems old", &dry[0], &dry[1], 1);
  chart_add_curve (&chart, "after", x, levels, count, FALSE);
}

static void
draw_loudness (
    const Chart *chart, const Programme *programme, const gchar *class)
{
  guint count = programme->points->len;
  g_autofree gdouble *x = g_new (gdouble, count + 1);
  g_autofree gdouble *y = g_new (gdouble, count + 1);
  for (guint i = 0; i < count; i++) {
    const Point *point = &g_array_index (programme->points, Point, i);
    x[i] = point->time - SHORT_TERM_S / 2;
    y[i] = point->short_term < chart->y_low - 20 ? NAN : point->short_term;
    if (x[i] < SHORT_TERM_S / 2)
      y[i] = NAN;
  }
  chart_add_curve (chart, class, x, y, count, FALSE);
}

typedef struct {
  Programme *before, *after, *leader;
} Programmes;

static void
draw (const Comparison *self, Page *page, const Programmes *p)
{
  Chart chart = { page->svg, "plot", PAGE_LEFT, 510, PAGE_TOP, PAGE_BOTTOM, 0,
    p->before->seconds, 0, 0, FALSE };
  gdouble top = MAX (p->before->max_short_term, p->leader->max_short_term);
  chart.y_high = isfinite (top) ? ceil (top / 5) * 5 : 0;
  chart.y_low = chart.y_high - 35;
  chart_add_y_scale (&chart, 5, "LUFS");
  chart_add_seconds (&chart);
  chart_add_frame (&chart);
  draw_loudness (&chart, p->before, "before");
  draw_loudness (&chart, p->leader, "third");
  draw_loudness (&chart, p->after, "after");
  draw_click (self->response, page);
  page_add_key (page, "third", "singer");
  page_add_key (page, "before", "drums before");
  page_add_key (page, "after", "drums after: loudness (3 s), a click's echo");
}

static void
add_all (const Comparison *self, Page *page, const Programmes *p)
{
  const Response *r = self->response;
  page_add_figure (page, "drums against the singer",
      p->before->integrated - p->leader->integrated,
      p->after->integrated - p->leader->integrated, "LU");
  page_add_figure (
      page, "direct sound to the room's", HUGE_VAL, r->direct_to_rest_db, "dB");
  page_add_figure (page, "8 kHz to 500 Hz, direct", 0, r->shade_db, "dB");
  page_add_figure (
      page, "first 80 ms to the rest, C80", HUGE_VAL, r->clarity_db, "dB");
  page_add_figure (page, "direct sound at 1 kHz", 0, r->direct_db, "dB");
  add_length (self, page);
  draw (self, page, p);
}

gboolean
view_distance (const Comparison *self, Page *page)
{
  Programmes p = { programme_measure (self->before->path, 2),
    programme_measure (self->after->path, 2),
    programme_measure (self->leader->path, 2) };
  gboolean good = p.before && p.after && p.leader;
  if (good)
    add_all (self, page, &p);
  g_clear_pointer (&p.before, programme_free);
  g_clear_pointer (&p.after, programme_free);
  g_clear_pointer (&p.leader, programme_free);
  return good;
}
