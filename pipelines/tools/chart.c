/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chart.h"

#include <math.h>

gdouble
chart_x (const Chart *self, gdouble x)
{
  gdouble share = self->is_log
                      ? log (x / self->x_low) / log (self->x_high / self->x_low)
                      : (x - self->x_low) / (self->x_high - self->x_low);
  return self->left + (self->right - self->left) * share;
}

/* What lies far outside is cut off anyway; a picture holds no huge numbers. */
gdouble
chart_y (const Chart *self, gdouble y)
{
  gdouble height = self->bottom - self->top;
  gdouble share = (self->y_high - y) / (self->y_high - self->y_low);
  return self->top + height * CLAMP (share, -0.5, 1.5);
}

/* ---- Scales ------------------------------------------------------------- */

void
chart_add_y_scale (const Chart *self, gdouble step, const gchar *unit)
{
  for (gdouble y = ceil (self->y_low / step) * step; y <= self->y_high + 1e-9;
       y += step) {
    g_autofree gchar *text = svg_number ("%.0f", y);
    svg_add (self->svg, "<path d=\"M%.1f %.1fH%.1f\" class=\"grid\"/>\n",
        self->left, chart_y (self, y), self->right);
    svg_add_text (
        self->svg, self->left - 7, chart_y (self, y) + 5, "right", text);
  }
  svg_add_text (self->svg, self->left - 7, self->top - 12, "small right", unit);
}

void
chart_add_x_mark (const Chart *self, gdouble x, const gchar *text)
{
  svg_add (self->svg, "<path d=\"M%.1f %.1fv6\" class=\"axis\"/>\n",
      chart_x (self, x), self->bottom);
  svg_add_text (
      self->svg, chart_x (self, x), self->bottom + 22, "middle", text);
}

void
chart_add_x_name (const Chart *self, const gchar *name)
{
  svg_add_text (self->svg, (self->left + self->right) / 2, self->bottom + 42,
      "small middle", name);
}

void
chart_add_octaves (const Chart *self)
{
  static const struct {
    gdouble hz;
    const gchar *text;
  } marks[] = { { 50, "50" }, { 100, "100" }, { 300, "300" }, { 1000, "1k" },
    { 3000, "3k" }, { 10000, "10k" } };
  guint step = self->right - self->left < 400 ? 2 : 1;
  for (guint i = step - 1; i < G_N_ELEMENTS (marks); i += step)
    chart_add_x_mark (self, marks[i].hz, marks[i].text);
  chart_add_x_name (self, "Hz, in third octaves");
}

void
chart_add_seconds (const Chart *self)
{
  static const gdouble steps[]
      = { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120 };
  guint i = 0;
  gdouble length = self->x_high - self->x_low;
  while (i + 1 < G_N_ELEMENTS (steps)
         && (length / steps[i] > 6 || (self->x_high >= 10 && steps[i] < 1)))
    i++;
  for (gdouble t = ceil (self->x_low / steps[i] - 1e-9) * steps[i] + 0.0;
       t <= self->x_high + 1e-9; t += steps[i]) {
    g_autofree gchar *text = svg_time (t, steps[i], MAX (length, t));
    chart_add_x_mark (self, t, text);
  }
}

void
chart_add_frame (const Chart *self)
{
  svg_add (self->svg, "<path d=\"M%.1f %.1fV%.1fH%.1f\" class=\"axis\"/>\n",
      self->left, self->top, self->bottom, self->right);
  svg_add (self->svg,
      "<clipPath id=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
      "height=\"%.1f\"/></clipPath>\n",
      self->id, self->left, self->top, self->right - self->left,
      self->bottom - self->top);
}

/* ---- What is in it ------------------------------------------------------ */

static void
begin_path (const Chart *self, const gchar *class)
{
  svg_add (self->svg, "<path clip-path=\"url(#%s)\" class=\"%s\" d=\"",
      self->id, class);
}

static void
add_stretch (const Chart *self, const gdouble *x, const gdouble *y, guint count,
    gboolean is_area)
{
  if (is_area)
    svg_add (self->svg, "M%.1f %.1fL", chart_x (self, x[0]), self->bottom);
  for (guint i = 0; i < count; i++)
    svg_add (self->svg, "%s%.1f %.1f",
        i > 0     ? "L"
        : is_area ? ""
                  : "M",
        chart_x (self, x[i]), chart_y (self, y[i]));
  if (is_area)
    svg_add (
        self->svg, "L%.1f %.1fZ", chart_x (self, x[count - 1]), self->bottom);
}

void
chart_add_curve (const Chart *self, const gchar *class, const gdouble *x,
    const gdouble *y, guint count, gboolean is_area)
{
  guint begin = 0;
  begin_path (self, class);
  for (guint i = 0; i <= count; i++) {
    if (i < count && isfinite (y[i]))
      continue;
    if (i > begin)
      add_stretch (self, x + begin, y + begin, i - begin, is_area);
    begin = i + 1;
  }
  svg_add (self->svg, "\"/>\n");
}

void
chart_add_stems (const Chart *self, const gchar *class, const gdouble *x,
    const gdouble *y, guint count)
{
  begin_path (self, class);
  for (guint i = 0; i < count; i++)
    if (isfinite (y[i]))
      svg_add (self->svg, "M%.1f %.1fV%.1f", chart_x (self, x[i]), self->bottom,
          chart_y (self, y[i]));
  svg_add (self->svg, "\"/>\n");
}

static void
add_rectangle (const Chart *self, const gchar *class, gdouble left,
    gdouble right, gdouble top, gdouble bottom)
{
  svg_add (self->svg,
      "<rect clip-path=\"url(#%s)\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
      "height=\"%.1f\" class=\"%s\"/>\n",
      self->id, left, top, MAX (right - left, 0), MAX (bottom - top, 0), class);
}

void
chart_add_x_range (
    const Chart *self, const gchar *class, gdouble from, gdouble to)
{
  add_rectangle (self, class, chart_x (self, from), chart_x (self, to),
      self->top, self->bottom);
}

void
chart_add_y_range (
    const Chart *self, const gchar *class, gdouble from, gdouble to)
{
  add_rectangle (self, class, self->left, self->right, chart_y (self, to),
      chart_y (self, from));
}

void
chart_add_x_line (
    const Chart *self, const gchar *class, gdouble x, const gchar *text)
{
  svg_add (self->svg, "<path d=\"M%.1f %.1fV%.1f\" class=\"%s\"/>\n",
      chart_x (self, x), self->top, self->bottom, class);
  gboolean is_late = x > (self->x_low + self->x_high) / 2;
  svg_add_text (self->svg, chart_x (self, x) + (is_late ? -5 : 5),
      self->top + 14, is_late ? "small right" : "small", text);
}
