/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program `compare`: two files, and a view for each way in which they may
 * differ. */
#pragma once

#include "chart.h"
#include "programme.h"
#include "response.h"
#include "sound.h"
#include "spectrum.h"

typedef struct {
  const gchar *what, *unit;
  gdouble before, after; /* NAN where there is no figure */
} Change;

typedef struct {
  Sound *before, *after;
  Sound *leader;        /* the source in front of both, or NULL */
  Response *response;   /* of the chain between the two, or NULL */
  gdouble below, above; /* Hz: the ends to be removed; 0 for none */
  gdouble beat;         /* ms; 0 for none */
  GArray *changes;      /* the result, as figures */
  Picture *picture;     /* and as panels */
} Comparison;

/* Each adds its figures and its panels; FALSE after the reason has been
 * reported. */
gboolean view_spectrum (const Comparison *self);
gboolean view_levels (const Comparison *self);
gboolean view_hall (const Comparison *self);
gboolean view_distance (const Comparison *self);
gboolean view_echoes (const Comparison *self);
gboolean view_width (const Comparison *self);
gboolean view_ducking (const Comparison *self);
gboolean view_floor (const Comparison *self);
gboolean view_master (const Comparison *self);

/* ---- What several of them use (view.c) ---------------------------------- */

/* The texts are not copied. */
void add_figure (const Comparison *self, const gchar *what, gdouble before,
    gdouble after, const gchar *unit);

/* Integrated loudness of both, folded to or spread over that many channels; 0
 * for their own. */
gboolean add_loudness (
    const Comparison *self, guint channels, const gchar *what);

/* How long both files are; how long the tail of the second is. */
void add_length (const Comparison *self);
void add_tail (const Comparison *self);

/* LUFS, 35 LU up to the multiple of 5 over the maximum. */
Axis loudness_axis (gdouble most);

/* A panel with the levels of both around the end of the first. */
void draw_end (const Comparison *self);
/* A panel with third octaves of two spectra against the power of the first;
 * names are for the legend. */
Chart *draw_spectra (const Comparison *self, const Spectrum *before,
    const Spectrum *after, gdouble lowest_db, const gchar *names[2]);
