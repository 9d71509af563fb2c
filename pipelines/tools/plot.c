/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A curve has at most one column for each unit of width. A column spans what
 * the curve did in its time, so that nothing is lost of a long programme.
 */
#include "plot.h"

#include <math.h>

#include "svg.h"

#define MARKS 160   /* places for marks of peaks */
#define MIN_SPAN 20 /* LU */
#define MAX_SPAN 60

typedef struct {
  GString *svg;
  const Programme *programme;
  const Target *target;
  gdouble ceiling;
  gdouble low, high; /* LUFS at the bottom and at the top */
} Plot;

static gdouble
x_of (const Plot *self, gdouble time)
{
  return PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * time / self->programme->seconds;
}

static gdouble
y_of (const Plot *self, gdouble loudness)
{
  return PLOT_TOP
         + (PLOT_BOTTOM - PLOT_TOP) * (self->high - loudness)
               / (self->high - self->low);
}

static const Point *
point (const Plot *self, guint i)
{
  return programme_point (self->programme, i);
}

/* ---- Scales ------------------------------------------------------------- */

/* Momentary loudness that is lower for a tenth of what can be heard. */
static gdouble
quiet_part (const Plot *self)
{
  g_autoptr (GArray) values = programme_sort_momentary (self->programme, -70);
  return values->len > 0 ? g_array_index (values, gdouble, values->len / 10)
                         : -MAX_SPAN;
}

/* Multiples of 5 LUFS around what is to be seen. */
static void
set_scale (Plot *self)
{
  const Target *t = self->target;
  gdouble high = self->programme->max_momentary, low = quiet_part (self);
  if (high < -70)
    high = -1;
  if (t) {
    high = MAX (high, t->loudness + t->tolerance);
    low = MIN (low, t->loudness - t->tolerance);
  }
  self->high = ceil ((high + 1) / 5) * 5;
  self->low = floor ((low - 3) / 5) * 5;
  self->low = CLAMP (self->low, self->high - MAX_SPAN, self->high - MIN_SPAN);
}

/* At most eight; what is longer than four hours has whole hours. */
static gdouble
time_step (gdouble seconds)
{
  static const gdouble steps[] = { 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60,
    120, 300, 600, 900, 1800 };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (seconds / steps[i] <= 8)
      return steps[i];
  return ceil (seconds / 8 / 3600) * 3600;
}

static void
add_scales (Plot *self)
{
  gdouble seconds = self->programme->seconds, step = time_step (seconds);
  gint lufs_step = self->high - self->low > 30 ? 10 : 5;
  for (gint l = (gint)self->low; l <= self->high; l++) {
    g_autofree gchar *text = svg_number ("%.0f", l);
    if (l % lufs_step != 0)
      continue;
    svg_add (self->svg, "<path d=\"M%d %.1fH%d\" class=\"grid\"/>\n", PLOT_LEFT,
        y_of (self, l), PLOT_RIGHT);
    svg_add_text (self->svg, PLOT_LEFT - 8, y_of (self, l) + 5, "right", text);
  }
  for (guint i = 0; i * step <= seconds; i++) {
    g_autofree gchar *text = svg_time (i * step, step, seconds);
    gdouble x = x_of (self, i * step);
    svg_add (
        self->svg, "<path d=\"M%.1f %dv6\" class=\"axis\"/>\n", x, PLOT_BOTTOM);
    svg_add_text (self->svg, x, PLOT_BOTTOM + 24, "middle", text);
  }
  svg_add_text (self->svg, PLOT_LEFT - 8, PLOT_TOP - 12, "small right", "LUFS");
}

/* ---- Curves ------------------------------------------------------------- */

/* What a curve did in the time of one column. */
typedef struct {
  gdouble x, low, high; /* y of both; no number in silence */
} Column;

static Column
column_of (const Plot *self, guint from, guint to, gsize member)
{
  gdouble low = HUGE_VAL, high = -HUGE_VAL;
  for (guint i = from; i < to; i++) {
    gdouble value = G_STRUCT_MEMBER (gdouble, point (self, i), member);
    if (isfinite (value)) {
      low = MIN (low, value);
      high = MAX (high, value);
    }
  }
  return (Column){
    x_of (self, (point (self, from)->time + point (self, to - 1)->time) / 2),
    isfinite (low) ? y_of (self, low) : NAN, y_of (self, high)
  };
}

/* Along the highest values and, if it has a width, back along the lowest. */
static void
add_stretch (Plot *self, const Column *columns, guint count, gboolean is_line)
{
  for (guint i = 0; i < count; i++)
    svg_add (self->svg, "%c%.1f %.1f", i == 0 ? 'M' : 'L', columns[i].x,
        columns[i].high);
  for (guint i = count; i > 0 && !is_line; i--)
    svg_add (self->svg, "L%.1f %.1f", columns[i - 1].x, columns[i - 1].low);
  if (!is_line)
    svg_add (self->svg, "Z");
}

typedef struct {
  const gchar *class;
  gsize member;
  gdouble window; /* a curve begins when its window is full, if it ever is */
  gboolean is_line;
} Curve;

static guint
first_point (const Plot *self, gdouble window)
{
  guint first = 0;
  if (self->programme->seconds > window)
    while (point (self, first)->time < window - 0.001)
      first++;
  return first;
}

static void
add_curve (Plot *self, const Curve *curve)
{
  guint first = first_point (self, curve->window);
  guint points = self->programme->points->len - first;
  guint count = MIN (points, PLOT_RIGHT - PLOT_LEFT), begin = 0;
  g_autofree Column *columns = g_new (Column, count + 1);
  for (guint i = 0; i < count; i++)
    columns[i] = column_of (self, first + (guint)((guint64)points * i / count),
        first + (guint)((guint64)points * (i + 1) / count), curve->member);
  columns[count].low = NAN;

  svg_add (self->svg, "<path class=\"%s\" d=\"", curve->class);
  for (guint i = 0; i <= count; i++) {
    if (!isnan (columns[i].low))
      continue;
    if (i > begin)
      add_stretch (self, columns + begin, i - begin, curve->is_line);
    begin = i + 1;
  }
  svg_add (self->svg, "\"/>\n");
}

static void
add_curves (Plot *self)
{
  static const Curve curves[] = {
    { "momentary", G_STRUCT_OFFSET (Point, momentary), MOMENTARY_S, FALSE },
    { "short-term", G_STRUCT_OFFSET (Point, short_term), SHORT_TERM_S, FALSE },
    { "integrated", G_STRUCT_OFFSET (Point, integrated), 0, TRUE },
  };
  svg_add (self->svg,
      "<clipPath id=\"plot\"><rect x=\"%d\" y=\"%d\" width=\"%d\" "
      "height=\"%d\"/></clipPath>\n<g clip-path=\"url(#plot)\">\n",
      PLOT_LEFT, PLOT_TOP, PLOT_RIGHT - PLOT_LEFT, PLOT_BOTTOM - PLOT_TOP);
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    add_curve (self, &curves[i]);
  svg_add (self->svg, "</g>\n");
  if (!isfinite (self->programme->max_momentary))
    svg_add_text (self->svg, (PLOT_LEFT + PLOT_RIGHT) / 2.0,
        (PLOT_TOP + PLOT_BOTTOM) / 2.0, "value middle", "silence");
}

static void
add_target (const Plot *self)
{
  const Target *t = self->target;
  if (!t)
    return;
  gdouble y = y_of (self, t->loudness + t->tolerance);
  svg_add (self->svg,
      "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
      "class=\"tolerance\"/>\n",
      PLOT_LEFT, y, PLOT_RIGHT - PLOT_LEFT,
      y_of (self, t->loudness - t->tolerance) - y);
  svg_add (self->svg, "<path d=\"M%d %.1fH%d\" class=\"target\"/>\n", PLOT_LEFT,
      y_of (self, t->loudness), PLOT_RIGHT);
}

/* Over the plot, where peaks pass the ceiling. */
static gboolean
add_peaks (Plot *self)
{
  gboolean is_over[MARKS] = { FALSE }, any = FALSE;
  const Programme *p = self->programme;
  for (guint i = 0; i < p->points->len; i++)
    if (point (self, i)->peak > self->ceiling) {
      gint at = (gint)(point (self, i)->time / p->seconds * MARKS);
      is_over[MIN (at, MARKS - 1)] = any = TRUE;
    }
  svg_add (self->svg, "<path class=\"peaks\" d=\"");
  for (guint i = 0; i < MARKS; i++)
    if (is_over[i])
      svg_add (self->svg, "M%.1f %dl-4 -9h8Z",
          PLOT_LEFT + (i + 0.5) * (PLOT_RIGHT - PLOT_LEFT) / MARKS,
          PLOT_TOP - 2);
  svg_add (self->svg, "\"/>\n");
  return any;
}

gboolean
plot_add (GString *svg, const Programme *programme, const Target *target,
    gdouble ceiling)
{
  Plot self = {
    .svg = svg, .programme = programme, .target = target, .ceiling = ceiling
  };
  set_scale (&self);
  add_scales (&self);
  add_curves (&self);
  add_target (&self);
  svg_add (svg, "<path d=\"M%d %dV%dH%d\" class=\"axis\"/>\n", PLOT_LEFT,
      PLOT_TOP, PLOT_BOTTOM, PLOT_RIGHT);
  return add_peaks (&self);
}
