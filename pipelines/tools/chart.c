/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chart.h"

#include <math.h>
#include <string.h>

#define LEFT 46 /* room for scales */
#define RIGHT 16
#define TOP 34
#define BOTTOM 32
#define NAME_HEIGHT 20
#define TICK_WIDTH 66 /* room for a tick's text */
#define TICK_HEIGHT 29
#define MARK_WIDTH 5
#define MOST_TICKS 32

struct Chart {
  Picture *picture;
  GString *svg, *inside; /* the picture's; what is cut off at the axes */
  Box box;               /* the area between the axes */
  Axis x, y;
};

/* ---- Coordinates -------------------------------------------------------- */

/* Values far outside are limited; they are cut off at the axes anyway. */
static gdouble
share_of (const Axis *axis, gdouble value)
{
  gdouble share = axis->kind == AXIS_HZ
                      ? log (value / axis->low) / log (axis->high / axis->low)
                      : (value - axis->low) / (axis->high - axis->low);
  return CLAMP (share, -0.5, 1.5);
}

static gdouble
x_of (const Chart *self, gdouble x)
{
  return self->box.left
         + (self->box.right - self->box.left) * share_of (&self->x, x);
}

static gdouble
y_of (const Chart *self, gdouble y)
{
  return self->box.bottom
         - (self->box.bottom - self->box.top) * share_of (&self->y, y);
}

/* ---- Scales ------------------------------------------------------------- */

typedef struct {
  gdouble at[MOST_TICKS], step;
  guint count;
} Ticks;

/* The smallest of 1, 2 and 5 times a power of ten that makes at most so many
 * steps. */
static gdouble
linear_step (gdouble span, guint most)
{
  gdouble step = pow (10, floor (log10 (span / most)));
  for (guint i = 0; span / step > most * (1 + 1e-9); i++)
    step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

static gdouble
time_step (gdouble span, guint most, gdouble end)
{
  static const gdouble steps[] = { 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2,
    5, 10, 15, 30, 60, 120, 300, 600, 900, 1800 };
  if (end >= 3600) /* h:mm:ss is wider */
    most = most * 3 / 4;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (span / steps[i] <= most && (steps[i] >= 1 || end < 10))
      return steps[i];
  return ceil (span / most / 3600) * 3600;
}

static void
add_tick (Ticks *self, const Axis *axis, gdouble at)
{
  gdouble margin = 1e-9 * self->step;
  if (self->count < MOST_TICKS && at >= axis->low - margin
      && at <= axis->high + margin)
    self->at[self->count++] = at;
}

static Ticks
find_ticks (const Axis *axis, guint most)
{
  static const gdouble hz[]
      = { 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4 };
  gdouble span = axis->high - axis->low;
  Ticks self
      = { .step = axis->kind == AXIS_TIME ? time_step (span, most, axis->high)
                                          : linear_step (span, most) };
  gint64 first = (gint64)floor (axis->low / self.step);
  if (axis->kind == AXIS_HZ)
    for (guint i = 0; i < G_N_ELEMENTS (hz); i++)
      add_tick (&self, axis, hz[i]);
  else
    for (gint64 i = first; i <= first + (gint64)most + 1; i++)
      add_tick (&self, axis, (gdouble)i * self.step);
  return self;
}

static gchar *
tick_text (const Axis *axis, gdouble value, gdouble step)
{
  if (axis->kind == AXIS_TIME)
    return svg_time (value, step, axis->high);
  if (axis->kind == AXIS_HZ && value >= 1000)
    return g_strdup_printf ("%gk", value / 1000);
  return svg_number ("%g", value);
}

static void
add_y_scale (Chart *self)
{
  Ticks ticks = find_ticks (
      &self->y, (guint)((self->box.bottom - self->box.top) / TICK_HEIGHT));
  for (guint i = 0; i < ticks.count; i++) {
    g_autofree gchar *text = tick_text (&self->y, ticks.at[i], ticks.step);
    gdouble y = y_of (self, ticks.at[i]);
    svg_add (self->svg, "<path d=\"M%.1f %.1fH%.1f\" class=\"grid\"/>\n",
        self->box.left, y, self->box.right);
    svg_add_text (self->svg, self->box.left - 7, y + 6, "right", text);
  }
  if (self->y.name)
    svg_add_text (self->svg, self->box.left - 7, self->box.top - 13,
        "small right", self->y.name);
}

static void
add_x_scale (Chart *self)
{
  Ticks ticks = find_ticks (
      &self->x, (guint)((self->box.right - self->box.left) / TICK_WIDTH));
  for (guint i = 0; i < ticks.count; i++) {
    g_autofree gchar *text = tick_text (&self->x, ticks.at[i], ticks.step);
    gdouble x = x_of (self, ticks.at[i]);
    svg_add (self->svg, "<path d=\"M%.1f %.1fv6\" class=\"axis\"/>\n", x,
        self->box.bottom);
    svg_add_text (self->svg, x, self->box.bottom + 23, "middle", text);
  }
}

Chart *
chart_new (Picture *picture, Axis x, Axis y)
{
  Chart *self = g_new (Chart, 1);
  Box panel = picture_next_panel (picture);
  gboolean has_scales = x.kind != AXIS_PLAIN;
  *self = (Chart){ picture, picture_svg (picture), g_string_new (NULL),
    { panel.left + (has_scales ? LEFT : 0), panel.right - RIGHT,
        panel.top + TOP,
        panel.bottom - (has_scales ? BOTTOM : 6) - (x.name ? NAME_HEIGHT : 0) },
    x, y };
  const Box *box = &self->box;
  if (has_scales) {
    add_y_scale (self);
    add_x_scale (self);
  }
  svg_add (self->svg, "<path d=\"M%.1f %.1fV%.1fH%.1f", box->left, box->top,
      box->bottom, box->right);
  if (!has_scales)
    svg_add (self->svg, "V%.1fZ", box->top);
  svg_add (self->svg, "\" class=\"axis\"/>\n");
  if (x.name)
    svg_add_text (self->svg, (box->left + box->right) / 2, panel.bottom - 6,
        "small middle", x.name);
  return self;
}

/* A nested svg cuts off what is outside of it. */
void
chart_free (Chart *self)
{
  const Box *b = &self->box;
  g_autofree gchar *size = g_strdup_printf ("%.1f %.1f %.1f %.1f", b->left,
      b->top, b->right - b->left, b->bottom - b->top);
  svg_add (self->svg,
      "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
      "viewBox=\"%s\">\n%s</svg>\n",
      b->left, b->top, b->right - b->left, b->bottom - b->top, size,
      self->inside->str);
  g_string_free (self->inside, TRUE);
  g_free (self);
}

/* ---- What is drawn ------------------------------------------------------ */

static void
begin_path (Chart *self, const gchar *look, const gchar *name)
{
  if (name)
    picture_add_key (self->picture, look, name);
  svg_add (self->inside, "<path class=\"%s\" d=\"", look);
}

static void
end_path (Chart *self)
{
  svg_add (self->inside, "\"/>\n");
}

typedef struct {
  gdouble low, high; /* high < low where no value is finite */
} Range;

static Range
range_of (const gdouble *y, guint count)
{
  Range range = { HUGE_VAL, -HUGE_VAL };
  for (guint i = 0; i < count; i++)
    if (isfinite (y[i])) {
      range.low = MIN (range.low, y[i]);
      range.high = MAX (range.high, y[i]);
    }
  return range;
}

void
chart_add_curve (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count)
{
  guint columns = MIN (count, (guint)(self->box.right - self->box.left));
  gboolean is_area = g_str_has_prefix (look, "area"), is_begun = FALSE;
  gdouble at = 0;
  begin_path (self, look, name);
  for (guint c = 0; c <= columns; c++) {
    guint from = (guint)((guint64)count * c / MAX (columns, 1));
    guint to = (guint)((guint64)count * (c + 1) / MAX (columns, 1));
    Range range = range_of (y + from, MIN (to, count) - from);
    gdouble low = y_of (self, range.low), high = y_of (self, range.high);
    if (range.high < range.low) { /* a gap, or the end */
      if (is_begun && is_area)
        svg_add (self->inside, "L%.1f %.1fZ", at, self->box.bottom);
      is_begun = FALSE;
      continue;
    }
    at = (x_of (self, x[from]) + x_of (self, x[to - 1])) / 2;
    if (!is_begun)
      svg_add (
          self->inside, "M%.1f %.1f", at, is_area ? self->box.bottom : low);
    svg_add (self->inside, "L%.1f %.1f", at, low);
    if (low - high > 0.05)
      svg_add (self->inside, "L%.1f %.1f", at, high);
    is_begun = TRUE;
  }
  end_path (self);
}

void
chart_add_bars (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count)
{
  begin_path (self, look, name);
  for (guint i = 0; i < count; i++)
    if (isfinite (y[i]))
      svg_add (self->inside, "M%.1f %.1fV%.1f", x_of (self, x[i]),
          self->box.bottom, y_of (self, y[i]));
  end_path (self);
}

void
chart_add_dots (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count)
{
  begin_path (self, look, name);
  for (guint i = 0; i < count; i++)
    svg_add (
        self->inside, "M%.0f %.0fh0", x_of (self, x[i]), y_of (self, y[i]));
  end_path (self);
}

void
chart_add_marks (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, guint count)
{
  gdouble last = -HUGE_VAL;
  if (count == 0)
    return;
  picture_add_key (self->picture, look, name);
  svg_add (self->svg, "<path class=\"%s\" d=\"", look);
  for (guint i = 0; i < count; i++)
    if (x_of (self, x[i]) >= last + MARK_WIDTH) {
      last = x_of (self, x[i]);
      svg_add (self->svg, "M%.1f %.1fl-4 -9h8Z", last, self->box.top - 2);
    }
  svg_add (self->svg, "\"/>\n");
}

void
chart_add_band (Chart *self, const gchar *look, const gchar *name, gdouble left,
    gdouble right, gdouble low, gdouble high)
{
  begin_path (self, look, name);
  svg_add (self->inside, "M%.1f %.1fH%.1fV%.1fH%.1fZ", x_of (self, left),
      y_of (self, low), x_of (self, right), y_of (self, high),
      x_of (self, left));
  end_path (self);
}

void
chart_add_line (Chart *self, const gchar *look, const gchar *name, gdouble left,
    gdouble right, gdouble from, gdouble to)
{
  begin_path (self, look, name);
  svg_add (self->inside, "M%.1f %.1fL%.1f %.1f", x_of (self, left),
      y_of (self, from), x_of (self, right), y_of (self, to));
  end_path (self);
}

void
chart_add_text (
    Chart *self, const gchar *class, gdouble x, gdouble y, const gchar *text)
{
  svg_add_text (self->svg, x_of (self, x), y_of (self, y), class, text);
}
