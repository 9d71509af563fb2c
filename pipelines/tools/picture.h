/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A picture in SVG: a title, key figures, rows of panels, a legend. It follows
 * the viewer's light or dark scheme, and is narrow enough to be read on a
 * phone. chart.h draws into the panels.
 *
 * Why our own SVG and no library: only SVG with classes follows the scheme and
 * goes into an HTML page as it is. cairo has neither axes nor classes, so it
 * would replace svg.c alone (96 lines); gnuplot and matplotlib draw axes, but
 * colours are fixed in what they write, and figures and legend would be laid
 * out by hand all the same. To install (Debian 12, beside what a build needs):
 * 5, 3.5 and 336 MB. picture.c and chart.c have 570 lines.
 *
 * A look is a list of classes: a shape (line, area, band, bars, marks, dots),
 * perhaps thin, dashed or dotted, and a colour (ink, blue, pale, orange, green,
 * red, grey).
 */
#pragma once

#include "svg.h"

typedef struct Picture Picture;

typedef struct {
  gdouble left, right, top, bottom;
} Box;

Picture *picture_new (const gchar *title);
void picture_free (Picture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

/* A key figure above the panels: "before → value unit", and what it is below
 * it; `before` may be NULL. An alert is red. */
void picture_add_figure (Picture *self, const gchar *what, const gchar *before,
    const gchar *value, const gchar *unit, gboolean is_alert);

/* A row of panels of one width, below those that are there. */
void picture_add_row (Picture *self, gdouble height, guint panels);
/* The next panel of the row. */
Box picture_next_panel (Picture *self);
/* What is drawn in the panels. */
GString *picture_svg (Picture *self);

/* An entry of the legend, once for each name; its sample has that look. */
void picture_add_key (Picture *self, const gchar *look, const gchar *name);

/* To a path in .svg or .png. */
gboolean picture_write (const Picture *self, const gchar *path, GError **error);
