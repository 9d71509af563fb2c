/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Echoes: when a click comes back, how loud and on which side. */
#include "compare.h"

#include <math.h>

#define MOST_ROWS 6
#define SHOWN_DB (-50)
#define SHOWN_S 5.0

static gdouble
last_shown (const Response *r)
{
  gdouble last = 0;
  for (guint i = 0; i < r->echo_count; i++)
    if (r->echoes[i].level_db > SHOWN_DB)
      last = MIN (r->echoes[i].time, SHOWN_S);
  return last;
}

static void
draw (const Comparison *self, Page *page)
{
  const Response *r = self->response;
  Chart chart = { page->svg, "echoes", PAGE_LEFT, PAGE_RIGHT, PAGE_TOP,
    PAGE_BOTTOM, 0, 0, SHOWN_DB, 0, FALSE };
  gdouble dry[2] = { 0, r->direct_db };
  chart.x_high = MAX (last_shown (r) * 1.05, 0.2);
  chart.x_low = -0.02 * chart.x_high;
  chart_add_y_scale (&chart, 10, "dB");
  chart_add_seconds (&chart);
  chart_add_x_name (&chart, "after a click");
  chart_add_frame (&chart);
  for (gdouble t = self->beat; t > 0 && t < chart.x_high * 1000;
       t += self->beat)
    chart_add_x_line (&chart, "beat", t / 1000, "");
  chart_add_stems (&chart, "stems old", &dry[0], &dry[1], 1);
  for (guint i = 0; i < r->echo_count; i++)
    chart_add_stems (&chart, r->echoes[i].is_right ? "stems other" : "stems",
        &r->echoes[i].time, &r->echoes[i].level_db, 1);
}

static void
add_figures (const Comparison *self, Page *page)
{
  const Response *r = self->response;
  for (guint i = 0; i < MIN (r->echo_count, MOST_ROWS); i++) {
    g_autofree gchar *what = g_strdup_printf (
        "echo %u, after %.1f ms", i + 1, r->echoes[i].time * 1000);
    page_add_figure (
        page, g_intern_string (what), NAN, r->echoes[i].level_db, "dB");
  }
}

gboolean
view_echoes (const Comparison *self, Page *page)
{
  add_figures (self, page);
  add_length (self, page);
  draw (self, page);
  page_add_key (page, "stems old", "before: the sound itself");
  page_add_key (page, "stems", "after: echoes on the left");
  page_add_key (page, "stems other", "on the right");
  if (self->beat > 0)
    page_add_key (page, "beat", "beats");
  return add_loudness (self, page, 2, "integrated loudness");
}
