/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the program `compare` share: two files, and a view for
 * each way in which they may differ. */
#pragma once

#include "loudness.h"
#include "page.h"
#include "response.h"
#include "sound.h"
#include "spectrum.h"

typedef struct {
  Sound *before, *after;
  Sound *leader;        /* whom the two stand behind; else NULL */
  Response *response;   /* of the chain between the two; else NULL */
  gdouble below, above; /* Hz: the ends that shall go; 0 for none */
  gdouble beat;         /* ms; 0 for none */
} Comparison;

/* Each adds its figures and its plots to the page; FALSE after the reason has
 * been said. */
gboolean view_spectrum (const Comparison *self, Page *page);
gboolean view_levels (const Comparison *self, Page *page);
gboolean view_hall (const Comparison *self, Page *page);
gboolean view_distance (const Comparison *self, Page *page);
gboolean view_echoes (const Comparison *self, Page *page);
gboolean view_width (const Comparison *self, Page *page);

/* ---- What several of them draw or tell (view.c) ------------------------- */

/* Integrated loudness of both, folded to or spread over that many channels; 0
 * for those that they have. */
gboolean add_loudness (
    const Comparison *self, Page *page, guint channels, const gchar *what);

/* How long both files are; how long the second rings on besides. */
void add_length (const Comparison *self, Page *page);
void add_tail (const Comparison *self, Page *page);

/* The levels of both around the end of the first. */
void draw_end (const Comparison *self, Page *page, const Chart *place);

/* Third octaves of two spectra against the power of the first. */
void draw_spectra (
    const Chart *chart, const Spectrum *before, const Spectrum *after);
