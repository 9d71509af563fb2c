/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One plot with its scales in an SVG. Curves are clipped to it; where a value
 * is not finite a curve has a gap. */
#pragma once

#include "svg.h"

typedef struct {
  GString *svg;
  const gchar *id;                  /* of its own in the picture */
  gdouble left, right, top, bottom; /* where it lies */
  gdouble x_low, x_high, y_low, y_high;
  gboolean is_log; /* x is */
} Chart;

gdouble chart_x (const Chart *self, gdouble x);
gdouble chart_y (const Chart *self, gdouble y);

/* Lines at each multiple of `step`, their values beside and `unit` above. */
void chart_add_y_scale (const Chart *self, gdouble step, const gchar *unit);
/* Marks at each of the values, with their texts; `name` stands below. */
void chart_add_x_mark (const Chart *self, gdouble x, const gchar *text);
void chart_add_x_name (const Chart *self, const gchar *name);
/* Marks from 50 Hz to 10 kHz. */
void chart_add_octaves (const Chart *self);
/* Marks in seconds, at most six. */
void chart_add_seconds (const Chart *self);
void chart_add_frame (const Chart *self);

/* A line through points; with `is_area` filled down to the bottom. */
void chart_add_curve (const Chart *self, const gchar *class, const gdouble *x,
    const gdouble *y, guint count, gboolean is_area);
/* A vertical line at each, from the bottom up to the value. */
void chart_add_stems (const Chart *self, const gchar *class, const gdouble *x,
    const gdouble *y, guint count);
/* A rectangle over the full height or the full width. */
void chart_add_x_range (
    const Chart *self, const gchar *class, gdouble from, gdouble to);
void chart_add_y_range (
    const Chart *self, const gchar *class, gdouble from, gdouble to);
/* A line down from the top with a text at it. */
void chart_add_x_line (
    const Chart *self, const gchar *class, gdouble x, const gchar *text);
