/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markup, numbers and files of SVG. */
#pragma once

#include <glib.h>

/* Appends markup. */
#define svg_add g_string_append_printf

/* Appends a text with its baseline at y, escaped. */
void svg_add_text (
    GString *svg, gdouble x, gdouble y, const gchar *class, const gchar *text);

/* Rounded to a hundredth, with a typographic minus, "∞" and "–" for no number;
 * to be freed. */
gchar *svg_number (const gchar *format, gdouble value);

/* A time in a programme of this length (all in seconds): in seconds under 10 s,
 * else m:ss or h:mm:ss; `step` is the smallest difference to show. To be freed.
 */
gchar *svg_time (gdouble time, gdouble step, gdouble length);

/* To a file; a path that ends in .png is made by rsvg-convert. */
gboolean svg_write (const gchar *svg, const gchar *path, GError **error);
