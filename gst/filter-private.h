/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared by the parts of GstMixFilter: filter.c (properties), bands.c, preset.c
 * and warnings.c, which are the object; stream.c (buffers), ends.c (events),
 * negotiate.c (caps, memory, latency) and render.c (settings, automation,
 * meters), which are the stream.
 */
#pragma once

#include "engine.h"
#include "filter.h"
#include "timeline.h"

G_BEGIN_DECLS

/* Every element logs to its own category. */
#define GST_CAT_DEFAULT (GST_MIX_FILTER_GET_CLASS (self)->category)

/* Higher rates are no audio: a damaged header would take all memory. */
#define GST_MIX_MAX_RATE 768000

/* Frames that left, and where the first of them stands. */
typedef struct {
  guint64 frames;       /* at the rate of now */
  GstClockTime elapsed; /* before them, at other rates */
  GstClockTime pts, running, position;
} GstMixStretch;

/* Owned by the streaming thread; no lock. */
typedef struct {
  GstMixEngine *engine; /* NULL while there are no caps */
  gpointer params;      /* what the engine plays by */
  gpointer wanted;      /* the newest take of the settings */
  gboolean held_back;   /* `wanted` waits for the next buffer */
  gboolean is_fresh;    /* nothing was heard yet: values stand at once */

  GstMixTimeline timeline;
  GstSegment segment; /* the newest that came in */
  gboolean is_cut;    /* sound ends at segment.stop, without a tail */
  gboolean resumes;   /* an event says that what comes may be elsewhere */
  GQueue held;        /* GstEvent behind the last frame that came in */

  gboolean warned_bad_samples, warned_refusal;
  const gchar *told[8];    /* format strings of the remarks posted */
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
  gint tail_runs; /* a tail is being pushed … */
  gint tail_ends; /* … and shall end now */

  /* under the object lock */
  gdouble meter_interval_ms;
  gdouble tail_max_ms;
  gpointer readings;
  GList *early_warnings; /* text and advice in turn, until there is a bus */
  GList *mistakes;       /* see warnings.c */
  GstClockTime latency_time;
  gdouble latency_ms;
  guint32 cut_seqnum; /* of the newest seek that has a stop */
} GstMixFilterPrivate;

GstMixFilterPrivate *gst_mix_filter_private (GstMixFilter *self);

/* filter.c: a property that sizes memory was changed; a choice was set to a
 * number that is none. */
void gst_mix_filter_warn_if_late (GstMixFilter *self, const MixRow *row);
void gst_mix_filter_refuse_choice (GstMixFilter *self, const gchar *property,
    const MixRow *row, const GValue *value);

/* bands.c: how many bands the settings say are in use, 0 without a group; and
 * what the rest is made of: for units with a group only. */
guint gst_mix_filter_count_bands (GstMixFilter *self);
void gst_mix_bands_proxy_init (gpointer g_iface, gpointer iface_data);
void gst_mix_bands_new (GstMixFilter *self);
void gst_mix_bands_free (GstMixFilter *self);
GParamSpec *gst_mix_bands_pspec (const MixUnit *unit);
void gst_mix_bands_set_text (GstMixFilter *self, const gchar *text);
gchar *gst_mix_bands_get_text (GstMixFilter *self);

/* preset.c */
void gst_mix_preset_init (gpointer g_iface, gpointer iface_data);

/* warnings.c: see gst_mix_filter_warn() and gst_mix_filter_refuse(). Posts an
 * error and returns TRUE when a mistake is still there. */
gboolean gst_mix_filter_is_refused (GstMixFilter *self);
gboolean gst_mix_filter_has_mistakes (GstMixFilter *self);
void gst_mix_filter_post_early_warnings (GstMixFilter *self);
void gst_mix_filter_free_warnings (GstMixFilter *self);

G_END_DECLS
