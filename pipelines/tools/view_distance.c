/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far behind the leader a source stands: its loudness against the leader's
 * over time, and the direct sound against the room's. */
#include <math.h>

#include "compare.h"
#include "loudness_picture.h"

#define SHOWN_S 0.3
#define STEP_S 0.002
#define SHOWN_DB (-60)

static void
draw_click (const Comparison *self)
{
  guint count;
  g_autofree gdouble *y = response_levels (self->response, STEP_S, &count);
  g_autofree gdouble *x = g_new (gdouble, count + 1);
  gdouble dry[2] = { 0, 0 };
  count = MIN (count, (guint)(SHOWN_S / STEP_S));
  for (guint i = 0; i < count; i++) {
    x[i] = i * STEP_S;
    y[i] = MAX (y[i], SHOWN_DB - 20);
  }
  picture_add_row (self->picture, 290, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, -0.01, SHOWN_S, "level after a click" },
      (Axis){ AXIS_LINEAR, SHOWN_DB, 5, "dB" });
  chart_add_bars (chart, "bars grey", NULL, &dry[0], &dry[1], 1);
  chart_add_curve (chart, "line blue", NULL, x, y, count);
}

static void
draw (const Comparison *self, const Programme *before, const Programme *after,
    const Programme *leader)
{
  gdouble most = MAX (before->max_short_term, leader->max_short_term);
  picture_add_row (self->picture, 310, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, 0, before->seconds, "short-term loudness (3 s)" },
      loudness_axis (most));
  loudness_picture_add_curve (
      chart, "line grey", "drums before", before, LOUDNESS_SHORT_TERM, TRUE);
  loudness_picture_add_curve (
      chart, "line orange", "singer", leader, LOUDNESS_SHORT_TERM, TRUE);
  loudness_picture_add_curve (
      chart, "line blue", "drums after", after, LOUDNESS_SHORT_TERM, TRUE);
  draw_click (self);
}

static void
add_figures (const Comparison *self, gdouble before, gdouble after)
{
  const Response *r = self->response;
  add_figure (self, "drums against the singer", before, after, "LU");
  add_figure (
      self, "direct sound to the room's", HUGE_VAL, r->direct_to_rest_db, "dB");
  add_figure (self, "8 kHz to 500 Hz, direct", 0, r->damping_db, "dB");
  add_figure (
      self, "first 80 ms to the rest, C80", HUGE_VAL, r->clarity_db, "dB");
  add_figure (self, "direct sound at 1 kHz", 0, r->direct_db, "dB");
  add_length (self);
}

gboolean
view_distance (const Comparison *self)
{
  g_autoptr (Programme) before = programme_measure (self->before->path, 2);
  g_autoptr (Programme) after = programme_measure (self->after->path, 2);
  g_autoptr (Programme) leader = programme_measure (self->leader->path, 2);
  if (!before || !after || !leader)
    return FALSE;
  add_figures (self, before->integrated - leader->integrated,
      after->integrated - leader->integrated);
  draw (self, before, after, leader);
  return TRUE;
}
