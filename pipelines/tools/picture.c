/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loudness over time as SVG: the figures on top, the curves below them. Drawn
 * to be read at a glance on a phone too, so: few things, and large letters.
 */
#include <math.h>

#include "plot.h"
#include "svg.h"

#define WIDTH 900
#define HEIGHT 560
#define MARGIN 24
#define TITLE 38 /* baselines */
#define VALUES 82
#define LEGEND 540

#define NAME_LENGTH 44 /* characters of a title */

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
      ".target{stroke:#2e7d32;stroke-width:1.5}\n"
      ".tolerance{fill:#2e7d32;opacity:.15}\n"
      ".peaks{fill:#c62828}\n";

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
add_figure (GString *svg, gdouble x, gchar *value, const gchar *unit,
    const gchar *what, gboolean is_over)
{
  svg_add (svg,
      "<text x=\"%.1f\" y=\"%d\" class=\"value%s\">%s "
      "<tspan>%s</tspan></text>\n",
      x, VALUES, is_over ? " over" : "", value, unit);
  svg_add_text (svg, x, VALUES + 22, "small", what);
  g_free (value);
  return x + 144;
}

static void
add_figures (GString *svg, const Programme *p, gboolean is_over)
{
  gdouble x = MARGIN;
  x = add_figure (
      svg, x, svg_number ("%.1f", p->integrated), "LUFS", "integrated", FALSE);
  x = add_figure (
      svg, x, svg_number ("%.1f", p->range), "LU", "loudness range", FALSE);
  x = add_figure (
      svg, x, svg_number ("%+.1f", p->peak), "dBTP", "true peak", is_over);
  x = add_figure (svg, x, svg_number ("%.1f", p->max_momentary), "LUFS",
      "max momentary", FALSE);
  x = add_figure (svg, x, svg_number ("%.1f", p->max_short_term), "LUFS",
      "max short-term", FALSE);
  add_figure (svg, x,
      svg_time (p->seconds, p->seconds < 1 ? 0.01 : 0.1, p->seconds), "",
      "length", FALSE);
}

static void
add_title (GString *svg, const Programme *programme, const Target *target)
{
  g_autofree gchar *name = shortened (programme->name);
  g_autofree gchar *gain = svg_number ("%+.1f", gain_to (programme, target));
  g_autofree gchar *text = g_strdup_printf ("gain to target: %s dB", gain);
  svg_add_text (svg, MARGIN, TITLE, "title", name);
  if (isfinite (gain_to (programme, target)))
    svg_add_text (svg, PLOT_RIGHT, TITLE, "small right", text);
}

/* A sample, drawn from the middle of its left edge on, and what it means.
 * Returns the next place. */
static gdouble
add_key (GString *svg, gdouble x, const gchar *class, const gchar *shape,
    const gchar *text)
{
  svg_add (svg,
      "<path transform=\"translate(%.1f %d)\" class=\"%s\" d=\"%s\"/>\n", x,
      LEGEND - 5, class, shape);
  svg_add_text (svg, x + 32, LEGEND, "small", text);
  return x + 32 + 7.7 * (gdouble)g_utf8_strlen (text, -1) + 14;
}

static void
add_legend (
    GString *svg, const Target *target, gdouble ceiling, gboolean has_peaks)
{
  g_autofree gchar *most = svg_number ("%g", ceiling);
  g_autofree gchar *peaks = g_strdup_printf ("peak over %s dBTP", most);
  g_autofree gchar *goal = svg_number ("%g", target ? target->loudness : 0);
  g_autofree gchar *wanted = g_strconcat ("target ", goal, NULL);
  gdouble x = PLOT_LEFT;
  x = add_key (svg, x, "momentary", "M0 -4h24v8h-24Z", "momentary (0.4 s)");
  x = add_key (svg, x, "short-term", "M0 0h24", "short-term (3 s)");
  x = add_key (svg, x, "integrated", "M0 0h24", "integrated so far");
  if (target)
    x = add_key (svg, x, "target", "M0 0h24", wanted);
  if (has_peaks)
    add_key (svg, x, "peaks", "M12 4l-4 -9h8Z", peaks);
}

static gchar *
draw (const Programme *programme, const Target *target, gdouble ceiling)
{
  GString *svg = g_string_new (NULL);
  g_autofree gchar *name = g_markup_escape_text (programme->name, -1);
  svg_add (svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>Loudness of %s</title>\n"
      "<style>\n%s</style>\n"
      "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
      WIDTH, HEIGHT, WIDTH, HEIGHT, name, style, WIDTH, HEIGHT);
  add_title (svg, programme, target);
  add_figures (svg, programme, programme->peak > ceiling);
  add_legend (svg, target, ceiling, plot_add (svg, programme, target, ceiling));
  svg_add (svg, "</svg>\n");
  return g_string_free (svg, FALSE);
}

gboolean
picture_write (const Programme *programme, const Target *target,
    gdouble ceiling, const gchar *path, GError **error)
{
  g_autofree gchar *svg = draw (programme, target, ceiling);
  return svg_write (svg, path, error);
}
