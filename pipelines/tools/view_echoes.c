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
draw_echoes (Chart *chart, const Response *r, gboolean is_right)
{
  gdouble x[MOST_ECHOES], y[MOST_ECHOES];
  guint count = 0;
  for (guint i = 0; i < r->echo_count; i++)
    if (r->echoes[i].is_right == is_right) {
      x[count] = r->echoes[i].time;
      y[count++] = r->echoes[i].level_db;
    }
  chart_add_bars (chart, is_right ? "bars orange" : "bars blue",
      is_right ? "on the right" : "after: echoes on the left", x, y, count);
}

static void
draw (const Comparison *self)
{
  const Response *r = self->response;
  gdouble dry[2] = { 0, r->direct_db }, high = MAX (last_shown (r) * 1.05, 0.2);
  picture_add_row (self->picture, 330, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, -0.02 * high, high, "after a click" },
      (Axis){ AXIS_LINEAR, SHOWN_DB, 0, "dB" });
  for (gdouble t = self->beat; t > 0 && t < high * 1000; t += self->beat)
    chart_add_line (chart, "line thin dotted grey", "beats", t / 1000, t / 1000,
        -HUGE_VAL, HUGE_VAL);
  chart_add_bars (
      chart, "bars grey", "before: the sound itself", &dry[0], &dry[1], 1);
  draw_echoes (chart, r, FALSE);
  draw_echoes (chart, r, TRUE);
}

static void
add_figures (const Comparison *self)
{
  const Response *r = self->response;
  for (guint i = 0; i < MIN (r->echo_count, MOST_ROWS); i++) {
    g_autofree gchar *what = g_strdup_printf (
        "echo %u, after %.1f ms", i + 1, r->echoes[i].time * 1000);
    add_figure (self, g_intern_string (what), NAN, r->echoes[i].level_db, "dB");
  }
}

gboolean
view_echoes (const Comparison *self)
{
  add_figures (self);
  add_length (self);
  draw (self);
  return add_loudness (self, 2, "integrated loudness");
}
