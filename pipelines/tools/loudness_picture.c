/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loudness_picture.h"

#include <math.h>

#define HEIGHT 350
#define MIN_SPAN 20 /* LU */
#define MAX_SPAN 60
#define NAME_LENGTH 42 /* characters of a title */

void
loudness_picture_add_curve (Chart *chart, const gchar *look, const gchar *name,
    const Programme *programme, LoudnessCurve curve, gboolean is_centred)
{
  static const struct {
    gsize member;
    gdouble window;
  } curves[] = {
    { G_STRUCT_OFFSET (Point, momentary), MOMENTARY_S },
    { G_STRUCT_OFFSET (Point, short_term), SHORT_TERM_S },
    { G_STRUCT_OFFSET (Point, integrated), 0 },
  };
  gdouble window = curves[curve].window;
  guint count = 0;
  g_autofree gdouble *x = g_new (gdouble, programme->points->len + 1);
  g_autofree gdouble *y = g_new (gdouble, programme->points->len + 1);
  for (guint i = 0; i < programme->points->len; i++) {
    const Point *point = programme_point (programme, i);
    if (point->time < window - 0.001
        && (is_centred || programme->seconds > window))
      continue;
    x[count] = point->time - (is_centred ? window / 2 : 0);
    y[count++] = G_STRUCT_MEMBER (gdouble, point, curves[curve].member);
  }
  chart_add_curve (chart, look, name, x, y, count);
}

/* ---- Axes --------------------------------------------------------------- */

/* The 10th percentile of momentary loudness over -70 LUFS. */
static gdouble
quiet_part (const Programme *programme)
{
  g_autoptr (GArray) values = programme_sort_momentary (programme, -70);
  return values->len > 0 ? g_array_index (values, gdouble, values->len / 10)
                         : -MAX_SPAN;
}

/* Multiples of 5 LUFS around curves and target. */
static Axis
loudness_axis (const Programme *programme, const Target *t)
{
  gdouble high = programme->max_momentary, low = quiet_part (programme);
  if (high < -70)
    high = -1;
  if (t) {
    high = MAX (high, t->loudness + t->tolerance);
    low = MIN (low, t->loudness - t->tolerance);
  }
  high = ceil ((high + 1) / 5) * 5;
  low = floor ((low - 3) / 5) * 5;
  return (Axis){ AXIS_LINEAR, CLAMP (low, high - MAX_SPAN, high - MIN_SPAN),
    high, "LUFS" };
}

/* ---- The panel ---------------------------------------------------------- */

static void
add_target (Chart *chart, const Target *t)
{
  g_autofree gchar *loudness = svg_number ("%g", t->loudness);
  g_autofree gchar *name = g_strconcat ("target ", loudness, NULL);
  if (t->tolerance > 0)
    chart_add_band (chart, "band green", NULL, -HUGE_VAL, HUGE_VAL,
        t->loudness - t->tolerance, t->loudness + t->tolerance);
  chart_add_line (chart, "line thin green", name, -HUGE_VAL, HUGE_VAL,
      t->loudness, t->loudness);
}

static void
add_peaks (Chart *chart, const Programme *programme, gdouble ceiling)
{
  g_autofree gdouble *x = g_new (gdouble, programme->points->len + 1);
  g_autofree gchar *most = svg_number ("%g", ceiling);
  g_autofree gchar *name = g_strdup_printf ("peak over %s dBTP", most);
  guint count = 0;
  for (guint i = 0; i < programme->points->len; i++)
    if (programme_point (programme, i)->peak > ceiling)
      x[count++] = programme_point (programme, i)->time;
  chart_add_marks (chart, "marks red", name, x, count);
}

static void
add_panel (Picture *picture, const Programme *programme, const Target *target,
    gdouble ceiling)
{
  Axis y = loudness_axis (programme, target);
  picture_add_row (picture, HEIGHT, 1);
  g_autoptr (Chart) chart = chart_new (
      picture, (Axis){ AXIS_TIME, 0, programme->seconds, NULL }, y);
  loudness_picture_add_curve (chart, "line pale", "momentary (0.4 s)",
      programme, LOUDNESS_MOMENTARY, FALSE);
  loudness_picture_add_curve (chart, "line blue", "short-term (3 s)", programme,
      LOUDNESS_SHORT_TERM, FALSE);
  loudness_picture_add_curve (chart, "line thin dotted ink",
      "integrated so far", programme, LOUDNESS_INTEGRATED, FALSE);
  if (target)
    add_target (chart, target);
  if (!isfinite (programme->max_momentary))
    chart_add_text (chart, "value middle", programme->seconds / 2,
        (y.low + y.high) / 2, "silence");
  add_peaks (chart, programme, ceiling);
}

/* ---- The whole ---------------------------------------------------------- */

static gchar *
shorten (const gchar *name)
{
  glong length = g_utf8_strlen (name, -1), half = NAME_LENGTH / 2;
  if (length <= NAME_LENGTH)
    return g_strdup (name);
  g_autofree gchar *head = g_utf8_substring (name, 0, half);
  g_autofree gchar *tail = g_utf8_substring (name, length - half + 1, length);
  return g_strconcat (head, "…", tail, NULL);
}

static void
add_number (Picture *picture, const gchar *what, const gchar *format,
    gdouble value, const gchar *unit, gboolean is_alert)
{
  g_autofree gchar *text = svg_number (format, value);
  picture_add_figure (picture, what, NULL, text, unit, is_alert);
}

gboolean
loudness_picture_write (const Programme *p, const Target *target,
    gdouble ceiling, const gchar *path, GError **error)
{
  g_autofree gchar *name = shorten (p->name);
  g_autofree gchar *length
      = svg_time (p->seconds, p->seconds < 1 ? 0.01 : 0.1, p->seconds);
  g_autoptr (Picture) picture = picture_new (name);
  add_number (picture, "integrated", "%.1f", p->integrated, "LUFS", FALSE);
  add_number (picture, "loudness range", "%.1f", p->range, "LU", FALSE);
  add_number (
      picture, "true peak", "%+.1f", p->peak, "dBTP", p->peak > ceiling);
  picture_add_figure (picture, "length", NULL, length, "", FALSE);
  add_number (
      picture, "max momentary", "%.1f", p->max_momentary, "LUFS", FALSE);
  add_number (
      picture, "max short-term", "%.1f", p->max_short_term, "LUFS", FALSE);
  if (isfinite (target_gain (target, p)))
    add_number (picture, "gain to target", "%+.1f", target_gain (target, p),
        "dB", FALSE);
  add_panel (picture, p, target, ceiling);
  return picture_write (picture, path, error);
}
