/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A little SVG, and figures as text for it. */
#pragma once

#include <glib.h>

/* Appends markup. */
void svg_add (GString *svg, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

/* Appends a text with its baseline at y; it is escaped. */
void svg_add_text (
    GString *svg, gdouble x, gdouble y, const gchar *class, const gchar *text);

/* To a hundredth at most, with a real minus, and signs for what is no number;
 * to be freed. */
gchar *svg_number (const gchar *format, gdouble value);

/* A moment of a programme of this length (all in seconds): in seconds under
 * 10 s, else m:ss or h:mm:ss; `step` is what there is to tell apart. To be
 * freed. */
gchar *svg_time (gdouble time, gdouble step, gdouble length);

/* To a file; a path that ends in .png is made by rsvg-convert. */
gboolean svg_write (const gchar *svg, const gchar *path, GError **error);
