/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A room that was put around a sound: how long it rings, and that it rings on
 * after the end. */
#include "compare.h"

#include <math.h>

#define POINTS 300
#define DEEPEST_DB (-70)

/* The line of the reverberation time, from where the late sound begins. */
static void
draw_fit (const Chart *chart, const Response *r)
{
  gsize at = (gsize)(r->t30 * 5 / 60 * r->sound->rate);
  if (!isfinite (r->t30) || at >= r->frames)
    return;
  gdouble t = (gdouble)at / r->sound->rate, db = r->decay_db[at];
  gdouble x[2] = { t, t + r->t30 }, y[2] = { db, db - 60 };
  chart_add_curve (chart, "fit", x, y, 2, FALSE);
}

static void
draw_decay (const Response *r, Page *page)
{
  Chart chart = { page->svg, "decay", PAGE_LEFT, 450, PAGE_TOP, PAGE_BOTTOM,
    -0.1, 3, DEEPEST_DB, 0, FALSE };
  gdouble x[POINTS], y[POINTS];
  chart.x_high = isfinite (r->t30) ? MAX (1.2 * r->t30, 0.3) : 3;
  chart.x_low = -0.03 * chart.x_high;
  gdouble dry_x[4] = { chart.x_low, 0, 0, chart.x_high };
  gdouble dry_y[4] = { 0, 0, DEEPEST_DB - 20, DEEPEST_DB - 20 };
  for (guint i = 0; i < POINTS; i++) {
    x[i] = chart.x_high * i / POINTS;
    gsize frame = (gsize)(x[i] * r->sound->rate);
    y[i] = frame < r->frames ? MAX (r->decay_db[frame], DEEPEST_DB - 20)
                             : DEEPEST_DB - 20;
  }
  chart_add_y_scale (&chart, 10, "dB");
  chart_add_seconds (&chart);
  chart_add_x_name (&chart, "after a click");
  chart_add_frame (&chart);
  chart_add_curve (&chart, "before", dry_x, dry_y, 4, FALSE);
  chart_add_curve (&chart, "after", x, y, POINTS, FALSE);
  draw_fit (&chart, r);
}

gboolean
view_hall (const Comparison *self, Page *page)
{
  const Chart place = { .id = "end",
    .left = 530,
    .right = PAGE_RIGHT,
    .top = PAGE_TOP,
    .bottom = PAGE_BOTTOM };
  const Response *r = self->response;
  page_add_figure (page, "reverberation time T30", NAN, r->t30, "s");
  add_tail (self, page);
  page_add_figure (
      page, "first 80 ms to the rest, C80", NAN, r->clarity_db, "dB");
  page_add_figure (
      page, "direct sound to the hall's", NAN, r->direct_to_rest_db, "dB");
  page_add_figure (page, "reverberation time T20", NAN, r->t20, "s");
  draw_decay (r, page);
  draw_end (self, page, &place);
  page_add_key (page, "before", "before");
  page_add_key (
      page, "after", "after: what is still to come (left), level (right)");
  page_add_key (page, "fit", "T30: 60 dB in that time");
  return add_loudness (self, page, 2, "integrated loudness");
}
