/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A room that was put around a sound: how long it rings, and that it rings on
 * after the end. */
#include "compare.h"

#include <math.h>

#define POINTS 300
#define DEEPEST_DB (-70)

/* The line of the reverberation time, from where the late sound begins. */
static void
draw_fit (Chart *chart, const Response *r)
{
  gsize at = (gsize)(r->t30 * 5 / 60 * r->sound->rate);
  if (!isfinite (r->t30) || at >= r->frames)
    return;
  gdouble t = (gdouble)at / r->sound->rate, db = r->decay_db[at];
  chart_add_line (chart, "line thin dashed orange", "T30: 60 dB in that time",
      t, t + r->t30, db, db - 60);
}

static void
draw_decay (const Comparison *self)
{
  const Response *r = self->response;
  gdouble x[POINTS], y[POINTS];
  gdouble high = isfinite (r->t30) ? MAX (1.2 * r->t30, 0.3) : 3;
  gdouble low = -0.03 * high;
  gdouble dry_x[4] = { low, 0, 0, high };
  gdouble dry_y[4] = { 0, 0, DEEPEST_DB - 20, DEEPEST_DB - 20 };
  for (guint i = 0; i < POINTS; i++) {
    x[i] = high * i / POINTS;
    gsize frame = (gsize)(x[i] * r->sound->rate);
    y[i] = frame < r->frames ? MAX (r->decay_db[frame], DEEPEST_DB - 20)
                             : DEEPEST_DB - 20;
  }
  picture_add_row (self->picture, 290, 1);
  g_autoptr (Chart) chart = chart_new (self->picture,
      (Axis){ AXIS_TIME, low, high, "energy still to come after a click" },
      (Axis){ AXIS_LINEAR, DEEPEST_DB, 0, "dB" });
  chart_add_curve (chart, "line grey", "before", dry_x, dry_y, 4);
  chart_add_curve (chart, "line blue", "after", x, y, POINTS);
  draw_fit (chart, r);
}

gboolean
view_hall (const Comparison *self)
{
  const Response *r = self->response;
  add_figure (self, "reverberation time T30", NAN, r->t30, "s");
  add_tail (self);
  add_figure (self, "first 80 ms to the rest, C80", NAN, r->clarity_db, "dB");
  add_figure (
      self, "direct sound to the hall's", NAN, r->direct_to_rest_db, "dB");
  add_figure (self, "reverberation time T20", NAN, r->t20, "s");
  draw_decay (self);
  draw_end (self);
  return add_loudness (self, 2, "integrated loudness");
}
