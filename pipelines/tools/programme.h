/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file measured by mixmeter. Loudness is in LUFS, peaks are in dBTP; both are
 * -HUGE_VAL in silence and NAN where a programme is too short for them. Times
 * are in seconds from its start.
 */
#pragma once

#include <glib.h>

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

/* Measures any file that decode.h decodes. NULL after the reason has been
 * reported. `channels` to fold it to or spread it over: 1 for the mono sum, 2
 * as two loudspeakers play it, 0 for its own. */
Programme *programme_measure (const gchar *path, guint channels);
void programme_free (Programme *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Programme, programme_free)

const Point *programme_point (const Programme *self, guint i);
/* Momentary loudness wherever it is over `floor`, the quietest first: an array
 * of doubles, to be freed. */
GArray *programme_sort_momentary (const Programme *self, gdouble floor);
