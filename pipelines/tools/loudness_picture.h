/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loudness over time as a picture. */
#pragma once

#include "chart.h"
#include "target.h"

typedef enum {
  LOUDNESS_MOMENTARY,
  LOUDNESS_SHORT_TERM,
  LOUDNESS_INTEGRATED
} LoudnessCurve;

/* A curve of a programme, from where its window is full (or, of a programme
 * that is shorter, all of it); each value at the end of its window, or in its
 * middle, then full windows only. */
void loudness_picture_add_curve (Chart *chart, const gchar *look,
    const gchar *name, const Programme *programme, LoudnessCurve curve,
    gboolean is_centred);

/* All curves and figures. `target` may be NULL; a path that ends in .png is
 * made by rsvg-convert, any other is SVG. */
gboolean loudness_picture_write (const Programme *programme,
    const Target *target, gdouble ceiling, const gchar *path, GError **error);
