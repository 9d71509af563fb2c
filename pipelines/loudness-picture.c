/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness over time as SVG: the figures on top, the curves below them. Drawn
 * to be read at a glance on a phone too, so: few things, and large letters.
 *
 * A curve has at most one column for each unit of width. A column spans what
 * the curve did in its time, so that nothing is lost of a long programme.
 */
#include "loudness.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 900
#define HEIGHT 560
#define LEFT 62
#define RIGHT 858
#define TOP 150
#define BOTTOM 470
#define LEGEND 540 /* baselines */
#define TITLE 38
#define VALUES 82

#define NAME_LENGTH 44 /* characters of a title */
#define MARKS 160      /* places for marks of peaks */
#define MIN_SPAN 20    /* LU */
#define MAX_SPAN 60

static const gchar style[]
    = "text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu "
      "Sans',sans-serif;fill:#222;font-size:16px}\n"
      ".title{font-size:23px;font-weight:bold}\n"
      ".value{font-size:25px;font-weight:bold}\n"
      ".small,.value tspan{font-size:14px;font-weight:normal;fill:#666}\n"
      ".over{fill:#c62828}\n"
      ".grid{stroke:#ddd;stroke-width:1}\n"
      ".axis{stroke:#888;stroke-width:1;fill:none}\n"
      ".right{text-anchor:end}\n"
      ".middle{text-anchor:middle}\n"
      ".momentary,.short-term,.integrated{stroke-linejoin:round;"
      "stroke-linecap:round}\n"
      ".momentary{fill:#8fbde6;stroke:#8fbde6;stroke-width:2}\n"
      ".short-term{fill:#14568f;stroke:#14568f;stroke-width:2.5}\n"
      ".integrated{fill:none;stroke:#111;stroke-width:1.5;"
      "stroke-dasharray:2 5}\n"
      ".target{stroke:#2e7d32;stroke-width:2}\n"
      ".tolerance{fill:#2e7d32;opacity:.15}\n"
      ".peaks{fill:#c62828}\n";

typedef struct {
  GString *svg;
  const Programme *programme;
  const Target *target;
  gdouble ceiling;
  gdouble low, high; /* LUFS at the bottom and at the top */
} Picture;

static void add (Picture *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
add (Picture *self, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (self->svg, format, args);
  va_end (args);
}

static void
add_text (
    Picture *self, gdouble x, gdouble y, const gchar *class, const gchar *text)
{
  g_autofree gchar *escaped = g_markup_escape_text (text, -1);
  add (self, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y,
      class, escaped);
}

static gdouble
x_of (const Picture *self, gdouble time)
{
  return LEFT + (RIGHT - LEFT) * time / self->programme->seconds;
}

static gdouble
y_of (const Picture *self, gdouble loudness)
{
  return TOP
         + (BOTTOM - TOP) * (self->high - loudness) / (self->high - self->low);
}

static const Point *
point (const Picture *self, guint i)
{
  return &g_array_index (self->programme->points, Point, i);
}

/* ---- Numbers as text ---------------------------------------------------- */

/* With a real minus, and signs for what is no number. */
static gchar *
number (const gchar *format, gdouble value)
{
  gchar plain[32];
  if (isnan (value))
    return g_strdup ("–");
  if (isinf (value))
    return g_strdup (value < 0 ? "−∞" : "∞");
  g_snprintf (plain, sizeof plain, format, round (value * 10) / 10 + 0.0);
  return plain[0] == '-' ? g_strconcat ("−", plain + 1, NULL)
                         : g_strdup (plain);
}

/* A time in a programme of some length, to a multiple of `step`. */
static gchar *
clock_time (gdouble time, gdouble step, gdouble length)
{
  gulong seconds = (gulong)(time + 0.5);
  if (length < 10)
    return g_strdup_printf ("%.*f s", step < 0.1 ? 2 : step < 1 ? 1 : 0, time);
  if (length < 3600)
    return g_strdup_printf ("%lu:%02lu", seconds / 60, seconds % 60);
  return g_strdup_printf (
      "%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* ---- Scales ------------------------------------------------------------- */

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;
  return (x > y) - (x < y);
}

/* Momentary loudness that is lower for a tenth of what can be heard. */
static gdouble
quiet_part (const Picture *self)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gdouble));
  for (guint i = 0; i < self->programme->points->len; i++)
    if (point (self, i)->momentary > -70)
      g_array_append_val (values, point (self, i)->momentary);
  g_array_sort (values, compare);
  return values->len > 0 ? g_array_index (values, gdouble, values->len / 10)
                         : -MAX_SPAN;
}

/* Multiples of 5 LUFS around what is to be seen. */
static void
set_scale (Picture *self)
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
add_scales (Picture *self)
{
  gdouble seconds = self->programme->seconds, step = time_step (seconds);
  gint lufs_step = self->high - self->low > 30 ? 10 : 5;
  for (gint l = (gint)self->low; l <= self->high; l++) {
    g_autofree gchar *text = number ("%.0f", l);
    if (l % lufs_step != 0)
      continue;
    add (self, "<path d=\"M%d %.1fH%d\" class=\"grid\"/>\n", LEFT,
        y_of (self, l), RIGHT);
    add_text (self, LEFT - 8, y_of (self, l) + 5, "right", text);
  }
  for (guint i = 0; i * step <= seconds; i++) {
    g_autofree gchar *text = clock_time (i * step, step, seconds);
    gdouble x = x_of (self, i * step);
    add (self, "<path d=\"M%.1f %dv6\" class=\"axis\"/>\n", x, BOTTOM);
    add_text (self, x, BOTTOM + 24, "middle", text);
  }
  add_text (self, LEFT - 8, TOP - 12, "small right", "LUFS");
}

/* ---- Curves ------------------------------------------------------------- */

/* What a curve did in the time of one column. */
typedef struct {
  gdouble x, low, high; /* y of both; no number in silence */
} Column;

static Column
column_of (const Picture *self, guint from, guint to, gsize member)
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
add_stretch (
    Picture *self, const Column *columns, guint count, gboolean is_line)
{
  for (guint i = 0; i < count; i++)
    add (
        self, "%c%.1f %.1f", i == 0 ? 'M' : 'L', columns[i].x, columns[i].high);
  for (guint i = count; i > 0 && !is_line; i--)
    add (self, "L%.1f %.1f", columns[i - 1].x, columns[i - 1].low);
  if (!is_line)
    add (self, "Z");
}

typedef struct {
  const gchar *class;
  gsize member;
  gdouble window; /* a curve begins when its window is full, if it ever is */
  gboolean is_line;
} Curve;

static guint
first_point (const Picture *self, gdouble window)
{
  guint first = 0;
  if (self->programme->seconds > window)
    while (point (self, first)->time < window - 0.001)
      first++;
  return first;
}

static void
add_curve (Picture *self, const Curve *curve)
{
  guint first = first_point (self, curve->window);
  guint points = self->programme->points->len - first;
  guint count = MIN (points, RIGHT - LEFT), begin = 0;
  g_autofree Column *columns = g_new (Column, count + 1);
  for (guint i = 0; i < count; i++)
    columns[i] = column_of (self, first + (guint)((guint64)points * i / count),
        first + (guint)((guint64)points * (i + 1) / count), curve->member);
  columns[count].low = NAN;

  add (self, "<path class=\"%s\" d=\"", curve->class);
  for (guint i = 0; i <= count; i++) {
    if (!isnan (columns[i].low))
      continue;
    if (i > begin)
      add_stretch (self, columns + begin, i - begin, curve->is_line);
    begin = i + 1;
  }
  add (self, "\"/>\n");
}

static void
add_curves (Picture *self)
{
  static const Curve curves[] = {
    { "momentary", G_STRUCT_OFFSET (Point, momentary), MOMENTARY_S, FALSE },
    { "short-term", G_STRUCT_OFFSET (Point, short_term), SHORT_TERM_S, FALSE },
    { "integrated", G_STRUCT_OFFSET (Point, integrated), 0, TRUE },
  };
  add (self,
      "<clipPath id=\"plot\"><rect x=\"%d\" y=\"%d\" width=\"%d\" "
      "height=\"%d\"/></clipPath>\n<g clip-path=\"url(#plot)\">\n",
      LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    add_curve (self, &curves[i]);
  add (self, "</g>\n");
  if (!isfinite (self->programme->max_momentary))
    add_text (self, (LEFT + RIGHT) / 2.0, (TOP + BOTTOM) / 2.0, "value middle",
        "silence");
}

static void
add_target (Picture *self)
{
  const Target *t = self->target;
  if (!t)
    return;
  gdouble y = y_of (self, t->loudness + t->tolerance);
  add (self,
      "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
      "class=\"tolerance\"/>\n",
      LEFT, y, RIGHT - LEFT, y_of (self, t->loudness - t->tolerance) - y);
  add (self, "<path d=\"M%d %.1fH%d\" class=\"target\"/>\n", LEFT,
      y_of (self, t->loudness), RIGHT);
}

/* Over the plot, where peaks pass the ceiling. */
static gboolean
add_peaks (Picture *self)
{
  gboolean is_over[MARKS] = { FALSE }, any = FALSE;
  const Programme *p = self->programme;
  for (guint i = 0; i < p->points->len; i++)
    if (point (self, i)->peak > self->ceiling) {
      gint at = (gint)(point (self, i)->time / p->seconds * MARKS);
      is_over[MIN (at, MARKS - 1)] = any = TRUE;
    }
  add (self, "<path class=\"peaks\" d=\"");
  for (guint i = 0; i < MARKS; i++)
    if (is_over[i])
      add (self, "M%.1f %dl-4 -9h8Z", LEFT + (i + 0.5) * (RIGHT - LEFT) / MARKS,
          TOP - 2);
  add (self, "\"/>\n");
  return any;
}

/* ---- What stands around ------------------------------------------------- */

static gchar *
shortened (const gchar *name)
{
  glong length = g_utf8_strlen (name, -1), half = NAME_LENGTH / 2;
  if (length <= NAME_LENGTH)
    return g_strdup (name);
  g_autofree gchar *head = g_utf8_substring (name, 0, half);
  g_autofree gchar *tail = g_utf8_substring (name, length - half + 1, length);
  return g_strconcat (head, "…", tail, NULL);
}

/* A figure with what it is under it; takes the text. Returns the next place. */
static gdouble
add_figure (Picture *self, gdouble x, gchar *value, const gchar *unit,
    const gchar *what, gboolean is_over)
{
  add (self,
      "<text x=\"%.1f\" y=\"%d\" class=\"value%s\">%s "
      "<tspan>%s</tspan></text>\n",
      x, VALUES, is_over ? " over" : "", value, unit);
  add_text (self, x, VALUES + 22, "small", what);
  g_free (value);
  return x + 144;
}

static void
add_head (Picture *self)
{
  const Programme *p = self->programme;
  gboolean has_range = p->seconds >= SHORT_TERM_S && isfinite (p->integrated);
  g_autofree gchar *name = shortened (p->name);
  gdouble x = 24;
  add_text (self, x, TITLE, "title", name);
  if (isfinite (gain_to (p, self->target))) {
    g_autofree gchar *gain = number ("%+.1f", gain_to (p, self->target));
    g_autofree gchar *text = g_strdup_printf ("gain to target: %s dB", gain);
    add_text (self, RIGHT, TITLE, "small right", text);
  }
  x = add_figure (self, x,
      number ("%.1f", p->seconds < MOMENTARY_S ? NAN : p->integrated), "LUFS",
      "integrated", FALSE);
  x = add_figure (self, x, number ("%.1f", has_range ? p->range : NAN), "LU",
      "loudness range", FALSE);
  x = add_figure (self, x, number ("%+.1f", p->peak), "dBTP", "true peak",
      p->peak > self->ceiling);
  x = add_figure (self, x, number ("%.1f", p->max_momentary), "LUFS",
      "max momentary", FALSE);
  x = add_figure (self, x, number ("%.1f", p->max_short_term), "LUFS",
      "max short-term", FALSE);
  add_figure (self, x,
      clock_time (p->seconds, p->seconds < 10 ? 0.01 : 1, p->seconds), "",
      "length", FALSE);
}

/* Returns the next place. */
static gdouble
add_key (Picture *self, gdouble x, const gchar *sample, const gchar *text)
{
  add (self, sample, x, LEGEND - 5.0);
  add_text (self, x + 32, LEGEND, "small", text);
  return x + 32 + 7.7 * (gdouble)g_utf8_strlen (text, -1) + 14;
}

static void
add_legend (Picture *self, gboolean has_peaks)
{
  g_autofree gchar *ceiling = number ("%g", self->ceiling);
  g_autofree gchar *peaks = g_strdup_printf ("peak over %s dBTP", ceiling);
  gdouble x = LEFT;
  x = add_key (self, x,
      "<path d=\"M%.1f %.1fm0 -4h24v8h-24Z\" class=\"momentary\"/>\n",
      "momentary (0.4 s)");
  x = add_key (self, x, "<path d=\"M%.1f %.1fh24\" class=\"short-term\"/>\n",
      "short-term (3 s)");
  x = add_key (self, x, "<path d=\"M%.1f %.1fh24\" class=\"integrated\"/>\n",
      "integrated so far");
  if (self->target) {
    g_autofree gchar *value = number ("%g", self->target->loudness);
    g_autofree gchar *text = g_strconcat ("target ", value, NULL);
    x = add_key (
        self, x, "<path d=\"M%.1f %.1fh24\" class=\"target\"/>\n", text);
  }
  if (has_peaks)
    add_key (self, x,
        "<path d=\"M%.1f %.1fm12 4l-4 -9h8Z\" class=\"peaks\"/>\n", peaks);
}

static gchar *
draw (Picture *self)
{
  g_autofree gchar *name = g_markup_escape_text (self->programme->name, -1);
  self->svg = g_string_new (NULL);
  set_scale (self);
  add (self,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>Loudness of %s</title>\n"
      "<style>\n%s</style>\n"
      "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
      WIDTH, HEIGHT, WIDTH, HEIGHT, name, style, WIDTH, HEIGHT);
  add_head (self);
  add_scales (self);
  add_curves (self);
  add_target (self);
  add (self, "<path d=\"M%d %dV%dH%d\" class=\"axis\"/>\n", LEFT, TOP, BOTTOM,
      RIGHT);
  add_legend (self, add_peaks (self));
  add (self, "</svg>\n");
  return g_string_free (self->svg, FALSE);
}

/* ---- Files -------------------------------------------------------------- */

/* Twice the size, for screens that show it so. */
static gboolean
convert (const gchar *svg, const gchar *png, GError **error)
{
  const gchar *command[]
      = { "rsvg-convert", "--zoom=2", "--output", png, svg, NULL };
  gint status;
  return g_spawn_sync (NULL, (gchar **)command, NULL, G_SPAWN_SEARCH_PATH, NULL,
             NULL, NULL, NULL, &status, error)
         && g_spawn_check_wait_status (status, error);
}

static gboolean
write_png (const gchar *svg, const gchar *path, GError **error)
{
  g_autofree gchar *scratch = NULL;
  gint handle = g_file_open_tmp ("loudness-XXXXXX.svg", &scratch, error);
  if (handle < 0)
    return FALSE;
  g_close (handle, NULL);
  gboolean good = g_file_set_contents (scratch, svg, -1, error)
                  && convert (scratch, path, error);
  g_unlink (scratch);
  return good;
}

gboolean
picture_write (const Programme *programme, const Target *target,
    gdouble ceiling, const gchar *path, GError **error)
{
  Picture self
      = { .programme = programme, .target = target, .ceiling = ceiling };
  g_autofree gchar *svg = draw (&self);
  return g_str_has_suffix (path, ".png")
             ? write_png (svg, path, error)
             : g_file_set_contents (path, svg, -1, error);
}
