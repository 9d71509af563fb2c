/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table is for people and for scripts (columns between spaces, the file's
 * name last). */
#include "loudness_table.h"

#include <math.h>

#include "output.h"

#define FIGURE_SIZE 16

/* Rounded to two decimals; zero has no minus. */
static const gchar *
figure (gchar text[FIGURE_SIZE], const gchar *format, gdouble value)
{
  if (isnan (value))
    g_strlcpy (text, "-", FIGURE_SIZE);
  else
    g_snprintf (text, FIGURE_SIZE, format, round (value * 100) / 100 + 0.0);
  return text;
}

static const gchar *
length (gchar text[FIGURE_SIZE], gdouble seconds)
{
  guint64 hundredths = (guint64)(seconds * 100 + 0.5);
  guint minutes = (guint)(hundredths / 6000), rest = hundredths % 6000;
  if (minutes < 60)
    g_snprintf (
        text, FIGURE_SIZE, "%u:%02u.%02u", minutes, rest / 100, rest % 100);
  else
    g_snprintf (text, FIGURE_SIZE, "%u:%02u:%02u.%02u", minutes / 60,
        minutes % 60, rest / 100, rest % 100);
  return text;
}

void
loudness_table_print_head (const Target *target)
{
  g_print ("%10s %6s %8s %8s %7s %11s%s\n", "integrated", "range", "max mom.",
      "max sh.t", "peak", "length", target ? "    gain    then" : "");
  g_print ("%10s %6s %8s %8s %7s %11s%s\n", "LUFS", "LU", "LUFS", "LUFS",
      "dBTP", "m:s", target ? "      dB    dBTP" : "");
}

void
loudness_table_print_row (const Programme *p, const Target *target)
{
  gchar text[8][FIGURE_SIZE];
  gdouble gain = target_gain (target, p);

  g_print ("%10s %6s %8s %8s %7s %11s", figure (text[0], "%.2f", p->integrated),
      figure (text[1], "%.2f", p->range),
      figure (text[2], "%.2f", p->max_momentary),
      figure (text[3], "%.2f", p->max_short_term),
      figure (text[4], "%.2f", p->peak), length (text[5], p->seconds));
  if (target)
    g_print (" %7s %7s", figure (text[6], "%+.2f", gain),
        figure (text[7], "%.2f", p->peak + gain));
  g_print ("  %s\n", p->label);
}

void
loudness_table_print_remark (
    const Programme *p, const Target *target, gdouble ceiling)
{
  gchar text[2][FIGURE_SIZE];
  gdouble gain = target_gain (target, p);
  gdouble over = p->peak + (target ? gain : 0) - ceiling;

  if (isnan (p->integrated))
    g_print ("! %s: too short, loudness needs 0.4 s\n", p->name);
  else if (!isfinite (p->integrated))
    g_print ("! %s: nothing in it is over -70 LUFS\n", p->name);
  else if (over > 0.005 && target)
    g_print (
        "! %s: at %g LUFS its peak is %s dB over %g dBTP; have it limited: "
        "mixlimiter drive=%s ceiling=%g\n",
        p->name, target->loudness, figure (text[0], "%.2f", over), ceiling,
        figure (text[1], "%.2f", gain), ceiling);
  else if (over > 0.005)
    g_print ("! %s: its peak is %s dB over %g dBTP\n", p->name,
        figure (text[0], "%.2f", over), ceiling);
  if (p->is_clipped)
    g_print (
        "! %s: its peak is higher: it was decoded to 16 bits, which end at "
        "full scale; with gstreamer1.0-libav it is decoded to float\n",
        p->name);
}

/* A cell without a figure is empty. */
static void
append_cell (GString *csv, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_c (csv, ',');
  if (isfinite (value))
    g_string_append (csv, g_ascii_formatd (text, sizeof text, "%.2f", value));
}

gboolean
loudness_table_write_csv (const Programme *p, const gchar *path, GError **error)
{
  g_autoptr (GString) csv = g_string_new (
      "seconds,momentary LUFS,short-term LUFS,integrated LUFS,peak dBTP\n");
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint i = 0; i < p->points->len; i++) {
    const Point *point = programme_point (p, i);
    g_string_append (
        csv, g_ascii_formatd (text, sizeof text, "%.3f", point->time));
    append_cell (csv, point->momentary);
    append_cell (csv, point->short_term);
    append_cell (csv, point->integrated);
    append_cell (csv, point->peak);
    g_string_append_c (csv, '\n');
  }
  return output_write (path, csv->str, (gssize)csv->len, error);
}
