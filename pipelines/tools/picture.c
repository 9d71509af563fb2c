/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "picture.h"

#define WIDTH 640
#define MARGIN 20
#define INNER (WIDTH - 2.0 * MARGIN)
#define LETTER 0.56 /* mean width of a letter against its size */
#define BOLD 1.09   /* the same of a bold one against a plain one */

#define TITLE_SIZE 20
#define TITLE_HEIGHT 28 /* of a line */
#define FIGURE_SIZE 23
#define FIGURE_COLUMN (INNER / 4)
#define FIGURE_HEIGHT 58
#define SMALL_SIZE 15
#define SAMPLE_WIDTH 34 /* of a key's sample and the space behind it */
#define KEY_HEIGHT 26

/* Things side by side, in rows. */
typedef struct {
  GString *svg;
  gdouble x, y; /* of the next */
} Flow;

struct Picture {
  gchar *title;
  Flow figures, keys;
  GHashTable *names; /* of keys */
  GString *panels;
  gdouble top, bottom; /* of the last row of panels */
  guint count, next;   /* panels in it */
};

static const gchar style[]
    = ".picture{color:#222;background:#fff}\n"
      ".picture text{font-family:'Helvetica Neue',Helvetica,Arial,'DejaVu "
      "Sans',sans-serif;font-size:17px;fill:currentColor}\n"
      ".picture tspan{fill:currentColor}\n"
      ".picture .title{font-size:20px;font-weight:bold}\n"
      ".picture .value{font-size:23px;font-weight:bold}\n"
      ".picture .small{font-size:15px;font-weight:normal}\n"
      ".picture .before{font-size:20px;font-weight:normal}\n"
      ".picture .right{text-anchor:end}\n"
      ".picture .middle{text-anchor:middle}\n"
      ".picture .line,.picture .bars,.picture .dots,.picture .axis,"
      ".picture .grid{fill:none;stroke:currentColor}\n"
      ".picture .line{stroke-width:2.5;stroke-linejoin:round;"
      "stroke-linecap:round}\n"
      ".picture .thin{stroke-width:1.6}\n"
      ".picture .dashed{stroke-dasharray:7 5}\n"
      ".picture .dotted{stroke-dasharray:1 5}\n"
      ".picture .area{fill:currentColor;fill-opacity:.45;stroke:currentColor}\n"
      ".picture .band{fill:currentColor;fill-opacity:.2}\n"
      ".picture .bars{stroke-width:5}\n"
      ".picture .dots{stroke-width:2.4;stroke-linecap:round;"
      "stroke-opacity:.7}\n"
      ".picture .marks{fill:currentColor}\n"
      ".picture .paper{fill:#fff}\n"
      ".picture .small,.picture .before{color:#5c5c5c}\n"
      ".picture .grid{color:#ddd}\n"
      ".picture .axis,.picture .grey{color:#8a8a8a}\n"
      ".picture .blue{color:#14568f}\n"
      ".picture .pale{color:#7fb3e3}\n"
      ".picture .orange{color:#c2571a}\n"
      ".picture .green{color:#2e7d32}\n"
      ".picture .red{color:#c62828}\n"
      "@media screen and (prefers-color-scheme:dark){\n"
      ".picture{color:#e6e6e6;background:#16191d}\n"
      ".picture .paper{fill:#16191d}\n"
      ".picture .small,.picture .before{color:#aab0b8}\n"
      ".picture .grid{color:#343a42}\n"
      ".picture .axis,.picture .grey{color:#8d949e}\n"
      ".picture .blue{color:#7cc0fa}\n"
      ".picture .pale{color:#3d76a8}\n"
      ".picture .orange{color:#f39a62}\n"
      ".picture .green{color:#69c06e}\n"
      ".picture .red{color:#ff7369}\n"
      "}\n";

Picture *
picture_new (const gchar *title)
{
  Picture *self = g_new0 (Picture, 1);
  self->title = g_strdup (title);
  self->figures = (Flow){ g_string_new (NULL), MARGIN, 0 };
  self->keys = (Flow){ g_string_new (NULL), MARGIN, 0 };
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->panels = g_string_new (NULL);
  return self;
}

void
picture_free (Picture *self)
{
  g_free (self->title);
  g_string_free (self->figures.svg, TRUE);
  g_string_free (self->keys.svg, TRUE);
  g_string_free (self->panels, TRUE);
  g_hash_table_unref (self->names);
  g_free (self);
}

GString *
picture_svg (Picture *self)
{
  return self->panels;
}

/* ---- Panels ------------------------------------------------------------- */

void
picture_add_row (Picture *self, gdouble height, guint panels)
{
  self->top = self->bottom;
  self->bottom = self->top + height;
  self->count = panels;
  self->next = 0;
}

Box
picture_next_panel (Picture *self)
{
  gdouble width = INNER / self->count;
  gdouble left = MARGIN + width * self->next++;
  return (Box){ left, left + width, self->top, self->bottom };
}

/* ---- Figures and keys --------------------------------------------------- */

static gdouble
width_of (const gchar *text, gdouble size)
{
  return text ? LETTER * size * (gdouble)g_utf8_strlen (text, -1) : 0;
}

/* Where a thing begins that is so wide: in the next row if it has to be. */
static gdouble
flow_place (Flow *self, gdouble width, gdouble height)
{
  if (self->x > MARGIN && self->x + width > WIDTH - MARGIN + 1) {
    self->x = MARGIN;
    self->y += height;
  }
  self->x += width;
  return self->x - width;
}

/* As many columns wide as it needs. */
static gdouble
figure_width (const gchar *what, const gchar *before, const gchar *value,
    const gchar *unit)
{
  gdouble width = BOLD * width_of (value, FIGURE_SIZE)
                  + width_of (unit, SMALL_SIZE)
                  + (before ? width_of (before, 20) + 36 : 0);
  width = MAX (width, width_of (what, SMALL_SIZE)) + 8;
  return FIGURE_COLUMN * (width <= FIGURE_COLUMN ? 1 : 2);
}

void
picture_add_figure (Picture *self, const gchar *what, const gchar *before,
    const gchar *value, const gchar *unit, gboolean is_alert)
{
  GString *svg = self->figures.svg;
  gdouble x = flow_place (
      &self->figures, figure_width (what, before, value, unit), FIGURE_HEIGHT);
  svg_add (svg, "<text x=\"%.0f\" y=\"%.0f\" class=\"value%s\">", x,
      self->figures.y + 26, is_alert ? " red" : "");
  if (before)
    svg_add (svg, "<tspan class=\"before\">%s →</tspan> ", before);
  svg_add (svg, "%s <tspan class=\"small\">%s</tspan></text>\n", value, unit);
  svg_add_text (svg, x, self->figures.y + 46, "small", what);
}

static const gchar *
sample_of (const gchar *look)
{
  if (g_str_has_prefix (look, "area") || g_str_has_prefix (look, "band"))
    return "M0 -6h26v12h-26Z";
  return g_str_has_prefix (look, "marks") ? "M13 5l-5 -10h10Z" : "M0 0h26";
}

void
picture_add_key (Picture *self, const gchar *look, const gchar *name)
{
  if (!g_hash_table_add (self->names, g_strdup (name)))
    return;
  gdouble x = flow_place (
      &self->keys, SAMPLE_WIDTH + width_of (name, SMALL_SIZE) + 14, KEY_HEIGHT);
  svg_add (self->keys.svg,
      "<path transform=\"translate(%.1f %.1f)\" class=\"%s\" d=\"%s\"/>\n", x,
      self->keys.y + 13, look, sample_of (look));
  svg_add_text (
      self->keys.svg, x + SAMPLE_WIDTH, self->keys.y + 18, "small", name);
}

/* ---- The whole ---------------------------------------------------------- */

/* Lines of whole words; returns the bottom of the last. */
static gdouble
add_title (const Picture *self, GString *svg)
{
  g_auto (GStrv) words = g_strsplit (self->title, " ", -1);
  g_autoptr (GString) line = g_string_new (NULL);
  gdouble y = 6;
  for (gchar **word = words; *word; word++) {
    svg_add (line, "%s%s", line->len > 0 ? " " : "", *word);
    if (word[1]
        && width_of (line->str, BOLD * TITLE_SIZE)
                   + width_of (word[1], BOLD * TITLE_SIZE)
               <= INNER)
      continue;
    svg_add_text (svg, MARGIN, y += TITLE_HEIGHT, "title", line->str);
    g_string_truncate (line, 0);
  }
  return y + 14;
}

/* A part of the picture, its top moved to y; returns its bottom. */
static gdouble
add_part (GString *svg, const GString *part, gdouble y, gdouble height)
{
  svg_add (svg, "<g transform=\"translate(0 %.0f)\">\n%s</g>\n", y, part->str);
  return y + height;
}

gboolean
picture_write (const Picture *self, const gchar *path, GError **error)
{
  g_autoptr (GString) svg = g_string_new (NULL), body = g_string_new (NULL);
  g_autofree gchar *title = g_markup_escape_text (self->title, -1);
  gdouble y = add_title (self, body);
  y = add_part (body, self->figures.svg, y, self->figures.y + FIGURE_HEIGHT);
  y = add_part (body, self->panels, y, self->bottom);
  y = add_part (body, self->keys.svg, y, self->keys.y + KEY_HEIGHT + 8);
  svg_add (svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" "
      "width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" role=\"img\">\n"
      "<title>%s</title>\n<style>\n%s</style>\n"
      "<rect width=\"%d\" height=\"%.0f\" class=\"paper\"/>\n%s</svg>\n",
      WIDTH, y, WIDTH, y, title, style, WIDTH, y, body->str);
  return svg_write (svg->str, path, error);
}
