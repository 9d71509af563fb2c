/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the program `loudness` share: a measured programme, where
 * it is to go, and what can be made of both.
 *
 * Loudness is in LUFS, peaks are in dBTP; both are -HUGE_VAL in silence and NAN
 * where a programme is too short for them. Times are in seconds from its start.
 */
#pragma once

#include <gst/gst.h>

/* ---- Measuring (programme.c) -------------------------------------------- */

/* Windows of momentary and short-term loudness (EBU Tech 3341). */
#define MOMENTARY_S 0.4
#define SHORT_TERM_S 3.0

/* The meter at one moment: its windows end at `time`; the peak is the highest
 * since the point before. */
typedef struct {
  gdouble time;
  gdouble momentary, short_term, integrated, peak;
} Point;

typedef struct {
  gchar *path;
  gchar *label;   /* the path, fit for display and XML */
  gchar *name;    /* the label without folders */
  GArray *points; /* of Point, one every 100 ms and one at the end */
  gdouble integrated, range /* LU */, max_momentary, max_short_term, peak;
  gdouble seconds;
  gboolean is_clipped; /* by its decoder: its peak was higher */
} Programme;

/* Measures a file of any type that GStreamer decodes. NULL after the reason has
 * been said on standard error; warnings go there too. `channels` to fold it to
 * or spread it over: 1 for the mono sum, 2 as two loudspeakers play it, 0 for
 * those that it has. */
Programme *programme_measure (const gchar *path, guint channels);
void programme_free (Programme *self);

const Point *programme_point (const Programme *self, guint i);
/* Momentary loudness wherever it is over `floor`, the quietest first: an array
 * of doubles, to be freed. */
GArray *programme_sort_momentary (const Programme *self, gdouble floor);

/* ---- Targets (target.c) ------------------------------------------------- */

typedef struct {
  const gchar *name;           /* as on the command line; NULL for a number */
  const gchar *who;            /* the document */
  gdouble loudness, tolerance; /* 0 where the document gives none */
  gdouble ceiling;
} Target;

/* Takes a number or a destination's name. */
gboolean target_parse (const gchar *text, Target *target);
/* All destinations, a line each; to be freed. */
gchar *target_list (void);

/* ---- What is made of it (table.c, picture.c) ---------------------------- */

/* The gain that brings the programme to its target, in dB; NAN when there is
 * none. */
gdouble gain_to (const Programme *programme, const Target *target);

/* `target` is NULL where there is none; so below. */
void table_print_head (const Target *target);
void table_print_row (const Programme *programme, const Target *target);
/* What a row cannot tell: peaks over the ceiling, now or after the gain. */
void table_print_remark (
    const Programme *programme, const Target *target, gdouble ceiling);

/* The points as comma-separated values, with a head. */
gboolean csv_write (
    const Programme *programme, const gchar *path, GError **error);

/* The curves over time. A path that ends in .png is made by rsvg-convert, any
 * other is SVG. */
gboolean picture_write (const Programme *programme, const Target *target,
    gdouble ceiling, const gchar *path, GError **error);
