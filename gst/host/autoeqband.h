/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A filter of EqualizerAPO as one band of ours, or as two. */
#pragma once

#include <glib.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixAutoeqKind GstMixAutoeqKind;

/* A filter as its line says it; NAN is what the line does not name. */
typedef struct {
  const GstMixAutoeqKind *kind;
  gboolean is_on;
  const gchar *channels; /* choice of a band: "all", "left", "right" */
  gdouble frequency, gain, q, octaves, slope;
} GstMixAutoeqFilter;

/* The bands so far. */
typedef struct {
  const MixUnit *unit;
  gpointer params;
  guint count;
} GstMixAutoeqBands;

/* By the name they use ("PK"); NULL when there is none. */
const GstMixAutoeqKind *gst_mix_autoeq_kind (const gchar *name);
gboolean gst_mix_autoeq_is_shelf (const GstMixAutoeqKind *kind);

/* Appends a filter. FALSE for one that cannot be, or has no room: `mistake`
 * says why, to be freed with g_free(). */
gboolean gst_mix_autoeq_add (GstMixAutoeqBands *bands,
    const GstMixAutoeqFilter *filter, gchar **mistake);

G_END_DECLS
