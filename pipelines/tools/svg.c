/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "svg.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "output.h"

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
  g_snprintf (plain, sizeof plain, format, round (value * 100) / 100);
  if (plain[0] != '-')
    return g_strdup (plain);
  gboolean is_nothing = strspn (plain + 1, "0.") == strlen (plain + 1);
  return g_strconcat (is_nothing ? "" : "−", plain + 1, NULL);
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

/* (rsvg-convert does not always say that it could not write.) */
static gboolean
is_filled (const gchar *path, GError **error)
{
  GStatBuf is;
  if (g_stat (path, &is) == 0 && is.st_size > 0)
    return TRUE;
  g_set_error_literal (
      error, G_FILE_ERROR, G_FILE_ERROR_IO, "the picture could not be made");
  return FALSE;
}

static gboolean
write_png (const gchar *svg, const gchar *path, GError **error)
{
  g_autofree gchar *scratch = NULL;
  Output *output = output_new (path, error);
  gint handle
      = output ? g_file_open_tmp ("picture-XXXXXX.svg", &scratch, error) : -1;
  gboolean good = handle >= 0;
  if (good) {
    g_close (handle, NULL);
    good = g_file_set_contents (scratch, svg, -1, error)
           && convert (scratch, output->private, error)
           && is_filled (output->private, error) && output_keep (output, error);
    g_unlink (scratch);
  }
  g_clear_pointer (&output, output_free);
  return good;
}

gboolean
svg_write (const gchar *svg, const gchar *path, GError **error)
{
  return g_str_has_suffix (path, ".png") ? write_png (svg, path, error)
                                         : output_write (path, svg, -1, error);
}
