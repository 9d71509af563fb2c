/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared by the parts of GstMixFilter: filter.c (the object: properties, bands,
 * presets), stream.c (time, ends, gaps) and render.c (settings, automation,
 * meters).
 */
#pragma once

#include "engine.h"
#include "filter.h"
#include "timeline.h"

G_BEGIN_DECLS

/* Every element logs to its own category. */
#define GST_CAT_DEFAULT (GST_MIX_FILTER_GET_CLASS (self)->category)

/* Frames that left, and where the first of them stands. */
typedef struct {
  guint64 frames;
  GstClockTime pts, running, position;
} GstMixStretch;

/* Owned by the streaming thread; no lock. */
typedef struct {
  GstMixEngine *engine; /* NULL while there are no caps */
  gpointer params;      /* what the engine plays by */
  gpointer wanted;      /* the newest take of the settings */
  gboolean held_back;   /* `wanted` waits for the next buffer */
  GstMixTimeline timeline;
  guint to_drop;      /* output frames of a look-ahead just (re)started */
  gboolean restarts;  /* the next timestamp is another place in the stream */
  GstFlowReturn flow; /* of what was drained in before_transform */
  gboolean warned_bad_samples;
  const gchar *told[8]; /* format strings of the remarks posted */
  gboolean
      is_fresh; /* nothing was heard yet: values are taken, not glided to */
  GstMixStretch interval;  /* what left in the meter interval so far */
  GstMixStretch programme; /* and since the start or restart of a measurement */
  gpointer readings;       /* scratch of one read */
} GstMixStream;

typedef struct {
  GstMixSettings *settings;
  GstObject **bands; /* group->most of them, NULL without a group */
  GstMixStream stream;

  /* atomic */
  gint bypass;

  /* under the object lock */
  gdouble meter_interval_ms;
  gdouble tail_max_ms;
  gpointer readings;
  GList *early_warnings; /* text and advice in turn, until there is a bus */
  GstClockTime latency_time;
  gdouble latency_ms;
} GstMixFilterPrivate;

GstMixFilterPrivate *gst_mix_filter_private (GstMixFilter *self);

/* stream.c */
void gst_mix_stream_class_init (GstMixFilterClass *klass);

/* How many bands the settings say are in use; 0 without a group. */
guint gst_mix_filter_count_bands (GstMixFilter *self);

G_END_DECLS
