/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page.h"

#include <math.h>

#define WIDTH 900
#define HEIGHT 530
#define MARGIN 24
#define TITLE 38 /* baselines */
#define VALUES 80
#define LEGEND 512
#define MOST_VALUES 4

typedef struct {
  const gchar *what, *unit;
  gdouble before, after;
} Figure;

static const gchar style[]
    = "text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu "
      "Sans',sans-serif;fill:#222;font-size:16px}\n"
      ".title{font-size:23px;font-weight:bold}\n"
      ".value{font-size:19px;font-weight:bold;fill:#14568f}\n"
      ".value tspan{font-weight:normal;fill:#777}\n"
      ".small{font-size:14px;fill:#666}\n"
      ".grid{stroke:#ddd;stroke-width:1}\n"
      ".axis{stroke:#888;stroke-width:1;fill:none}\n"
      ".right{text-anchor:end}\n"
      ".middle{text-anchor:middle}\n"
      ".area{fill:#c4c4c4;stroke:#a8a8a8;stroke-width:1}\n"
      ".before,.after,.dots,.fit,.third{fill:none;stroke-linejoin:round;"
      "stroke-linecap:round}\n"
      ".before{stroke:#a0a0a0;stroke-width:2.5}\n"
      ".after{stroke:#1668b0;stroke-width:2.5}\n"
      ".third{stroke:#c2571a;stroke-width:2.5}\n"
      ".stems{stroke:#1668b0;stroke-width:4;fill:none}\n"
      ".stems.old{stroke:#a0a0a0}\n"
      ".stems.other{stroke:#c2571a}\n"
      ".beat{stroke:#999;stroke-width:1;stroke-dasharray:1 4}\n"
      ".dots{stroke:#1668b0;stroke-width:2.2;opacity:.6}\n"
      ".dots.old{stroke:#808080}\n"
      ".fit{stroke:#c2571a;stroke-width:2;stroke-dasharray:7 5}\n"
      ".gone{fill:#c2571a;opacity:.1}\n"
      ".span{fill:#1668b0;opacity:.13}\n"
      ".span.old{fill:#777;opacity:.18}\n"
      ".end{stroke:#444;stroke-width:1.5;stroke-dasharray:3 4}\n";

Page *
page_new (void)
{
  Page *self = g_new0 (Page, 1);
  self->svg = g_string_new (NULL);
  self->figures = g_array_new (FALSE, FALSE, sizeof (Figure));
  self->key = PAGE_LEFT;
  return self;
}

void
page_free (Page *self)
{
  g_string_free (self->svg, TRUE);
  g_array_unref (self->figures);
  g_free (self);
}

void
page_add_figure (Page *self, const gchar *what, gdouble before, gdouble after,
    const gchar *unit)
{
  Figure figure = { what, unit, before, after };
  g_array_append_val (self->figures, figure);
}

/* ---- The table ---------------------------------------------------------- */

static gchar *
cell (gdouble value)
{
  if (isnan (value))
    return g_strdup ("-");
  return g_strdup_printf ("%.2f", round (value * 100) / 100 + 0.0);
}

void
page_print (const Page *self)
{
  g_print ("%9s %9s\n", "before", "after");
  for (guint i = 0; i < self->figures->len; i++) {
    const Figure *f = &g_array_index (self->figures, Figure, i);
    g_autofree gchar *before = cell (f->before), *after = cell (f->after);
    g_autofree gchar *unit = g_strdup_printf ("%-5s", f->unit);
    g_print ("%9s %9s %s %s\n", before, after, unit, f->what);
  }
}

/* ---- The picture -------------------------------------------------------- */

static void
add_key (Page *self, const gchar *class, const gchar *shape, const gchar *text)
{
  svg_add (self->svg,
      "<path transform=\"translate(%.1f %d)\" class=\"%s\" d=\"%s\"/>\n",
      self->key, LEGEND - 5, class, shape);
  svg_add_text (self->svg, self->key + 32, LEGEND, "small", text);
  self->key += 32 + 7.5 * (gdouble)g_utf8_strlen (text, -1) + 22;
}

void
page_add_key (Page *self, const gchar *class, const gchar *text)
{
  add_key (self, class, "M0 0h24", text);
}

void
page_add_key_area (Page *self, const gchar *class, const gchar *text)
{
  add_key (self, class, "M0 -6h24v12h-24Z", text);
}

static void
add_values (const Page *self, GString *svg)
{
  guint count = MIN (self->figures->len, MOST_VALUES);
  for (guint i = 0; i < count; i++) {
    const Figure *f = &g_array_index (self->figures, Figure, i);
    gdouble x = MARGIN + i * (WIDTH - MARGIN) / (gdouble)count;
    const gchar *format
        = MAX (fabs (f->before), fabs (f->after)) < 10 ? "%.2f" : "%.1f";
    g_autofree gchar *before = svg_number (format, f->before);
    g_autofree gchar *after = svg_number (format, f->after);
    g_autofree gchar *from = isnan (f->before)
                                 ? g_strdup ("")
                                 : g_strconcat (before, " →\u00a0", NULL);
    svg_add (svg,
        "<text x=\"%.1f\" y=\"%d\" class=\"value\"><tspan>%s</tspan>%s "
        "<tspan>%s</tspan></text>\n",
        x, VALUES, from, after, f->unit);
    svg_add_text (svg, x, VALUES + 22, "small", f->what);
  }
}

gboolean
page_write (Page *self, const gchar *title, const gchar *path, GError **error)
{
  g_autoptr (GString) svg = g_string_new (NULL);
  g_autofree gchar *escaped = g_markup_escape_text (title, -1);
  svg_add (svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n"
      "<style>\n%s</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
      WIDTH, HEIGHT, WIDTH, HEIGHT, escaped, style, WIDTH, HEIGHT);
  svg_add_text (svg, MARGIN, TITLE, "title", title);
  add_values (self, svg);
  g_string_append_len (svg, self->svg->str, (gssize)self->svg->len);
  svg_add (svg, "</svg>\n");
  return svg_write (svg->str, path, error);
}
