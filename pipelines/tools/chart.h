/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A panel of a picture: two axes and what is drawn between them, which is cut
 * off at the axes. Where a value is not finite a curve has a gap. Of a long
 * curve each column of the panel shows the lowest and the highest value, so
 * that no peak is lost.
 *
 * For looks see picture.h. A name goes to the legend; NULL: to none.
 */
#pragma once

#include "picture.h"

typedef enum {
  AXIS_LINEAR, /* multiples of 1, 2 or 5 */
  AXIS_TIME,   /* seconds; m:ss from 10 s on */
  AXIS_HZ,     /* logarithmic */
  AXIS_PLAIN   /* linear, without a scale */
} AxisKind;

typedef struct {
  AxisKind kind;
  gdouble low, high;
  const gchar *name; /* a unit above the y axis, a text below the x axis */
} Axis;

typedef struct Chart Chart;

/* In the next panel of the picture's row. */
Chart *chart_new (Picture *picture, Axis x, Axis y);
/* Puts it into the picture. */
void chart_free (Chart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chart, chart_free)

/* A look that begins with "area" is filled down to the bottom. */
void chart_add_curve (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count);
/* Vertical bars from the bottom up to the values. */
void chart_add_bars (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count);
void chart_add_dots (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, const gdouble *y, guint count);
/* Triangles above the panel; in ascending order, close ones become one. */
void chart_add_marks (Chart *self, const gchar *look, const gchar *name,
    const gdouble *x, guint count);
/* A rectangle and a straight line; an infinite end goes up to the axis. */
void chart_add_band (Chart *self, const gchar *look, const gchar *name,
    gdouble left, gdouble right, gdouble low, gdouble high);
void chart_add_line (Chart *self, const gchar *look, const gchar *name,
    gdouble left, gdouble right, gdouble from, gdouble to);
/* A text with its baseline at y; `class` is "small" and perhaps "right" or
 * "middle". */
void chart_add_text (
    Chart *self, const gchar *class, gdouble x, gdouble y, const gchar *text);
