/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared by the files of GstMixFilter: filter.c (the object), buffers.c
 * (buffers in and out), ends.c (events) and negotiate.c (caps, queries). But
 * for the object, all runs in the streaming thread with no lock held: it
 * pushes and posts.
 */
#pragma once

#include "filter.h"
#include "stream/stream.h"

G_BEGIN_DECLS

/* Every element logs to its own category. */
#define GST_CAT_DEFAULT (GST_MIX_FILTER_GET_CLASS (self)->host.category)

/* Headers that claim more are damaged, and would take all memory. */
#define GST_MIX_MAX_RATE 768000

/* Frames per buffer of drained sound, tails and gaps. */
#define GST_MIX_SILENCE_FRAMES 1024

typedef struct {
  GstMixHost host;
  GstMixStream stream;

  /* of the streaming thread */
  GstSegment segment; /* the newest that came in */
  gboolean is_cut;    /* the sound ends at segment.stop, without a tail */
  gboolean resumes;   /* the next buffer may be elsewhere in the stream */
  GQueue held;        /* GstEvent behind the last frame that came in */
  gboolean warned_refusal;

  /* atomic */
  gint tail_runs; /* a tail is being pushed … */
  gint tail_ends; /* … and has to end now */

  /* under the object lock */
  guint32 cut_seqnum; /* of the newest seek that has a stop */
} GstMixFilterPrivate;

GstMixFilterPrivate *gst_mix_filter_private (GstMixFilter *self);
GstBaseTransformClass *gst_mix_filter_parent_transform (void);

/* To be called before sound or a gap comes in, at that timestamp and sample
 * number (or NONE): applies settings, and drains unless the running time is
 * continuous. */
GstFlowReturn gst_mix_filter_enter (
    GstMixFilter *self, GstClockTime pts, guint64 offset, gboolean discont);

/* Feeds frames of silence as a part of the stream, and pushes what leaves, with
 * `fade` faded out from full level to nothing. */
GstFlowReturn gst_mix_filter_extend (
    GstMixFilter *self, guint frames, gboolean fade);

/* Pushes all frames and events that are inside. */
GstFlowReturn gst_mix_filter_drain (GstMixFilter *self);

/* Passes an event on when all frames before it have left. Takes the event. */
gboolean gst_mix_filter_pass_event (GstMixFilter *self, GstEvent *event);

/* The stream goes on without the key's being read up to here. */
void gst_mix_filter_skip_key (GstMixFilter *self);

/* Passes events on at once; frees the list. */
void gst_mix_filter_push_events (GstMixFilter *self, GList *events);

/* Discards all frames inside. */
void gst_mix_filter_restart (GstMixFilter *self);

/* Vfuncs, each file's own. */
void gst_mix_buffers_class_init (GstMixFilterClass *klass);
void gst_mix_ends_class_init (GstMixFilterClass *klass);
void gst_mix_negotiate_class_init (GstMixFilterClass *klass);

G_END_DECLS
