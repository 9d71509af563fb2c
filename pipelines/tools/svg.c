/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "svg.h"

#include <math.h>

void
svg_add (GString *svg, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (svg, format, args);
  va_end (args);
}

void
svg_add_text (
    GString *svg, gdouble x, gdouble y, const gchar *class, const gchar *text)
{
  g_autofree gchar *escaped = g_markup_escape_text (text, -1);
  svg_add (svg, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y,
      class, escaped);
}

gchar *
svg_number (const gchar *format, gdouble value)
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

gchar *
svg_time (gdouble time, gdouble step, gdouble length)
{
  gulong seconds = (gulong)(time + 0.5);
  if (length < 10)
    return g_strdup_printf ("%.*f s", step < 0.1 ? 2 : step < 1 ? 1 : 0, time);
  if (length < 3600)
    return g_strdup_printf ("%lu:%02lu", seconds / 60, seconds % 60);
  return g_strdup_printf (
      "%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60, seconds % 60);
}
