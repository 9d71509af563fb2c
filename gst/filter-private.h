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

/* Higher rates are no audio: a damaged header would take all memory. */
#define GST_MIX_MAX_RATE 768000

/* Frames of the buffers that are made here: drained sound, tails, gaps. */
#define GST_MIX_SILENCE_FRAMES 1024

typedef struct {
  GstMixHost host;
  GstMixStream stream;

  /* of the streaming thread */
  GstSegment segment; /* the newest that came in */
  gboolean is_cut;    /* sound ends at segment.stop, without a tail */
  gboolean resumes;   /* an event says that what comes may be elsewhere */
  GQueue held;        /* GstEvent behind the last frame that came in */
  gboolean warned_refusal;

  /* atomic */
  gint tail_runs; /* a tail is being pushed … */
  gint tail_ends; /* … and shall end now */

  /* under the object lock */
  guint32 cut_seqnum; /* of the newest seek that has a stop */
} GstMixFilterPrivate;

GstMixFilterPrivate *gst_mix_filter_private (GstMixFilter *self);
GstBaseTransformClass *gst_mix_filter_parent_transform (void);

/* Sound or a gap comes in at that timestamp (and sample number; both may be
 * NONE): settings are applied, and what is inside is played out unless the
 * running time goes on without a hole. */
GstFlowReturn gst_mix_filter_enter (
    GstMixFilter *self, GstClockTime pts, guint64 offset, gboolean discont);

/* Frames of silence come in as a part of the stream, and what leaves is pushed.
 * `fade` has them leave in a fade-out from full level to nothing. */
GstFlowReturn gst_mix_filter_extend (
    GstMixFilter *self, guint frames, gboolean fade);

/* Gets out all that came in, and the events behind it. */
GstFlowReturn gst_mix_filter_drain (GstMixFilter *self);

/* An event in its place between the frames: passed on when all frames before it
 * have left. Takes the event. */
gboolean gst_mix_filter_pass_event (GstMixFilter *self, GstEvent *event);

/* Passes on events whose place has come; frees the list. */
void gst_mix_filter_push_events (GstMixFilter *self, GList *events);

/* Forgets all frames inside and begins anew with the next. */
void gst_mix_filter_restart (GstMixFilter *self);

/* Vfuncs, each file's own. */
void gst_mix_buffers_class_init (GstMixFilterClass *klass);
void gst_mix_ends_class_init (GstMixFilterClass *klass);
void gst_mix_negotiate_class_init (GstMixFilterClass *klass);

G_END_DECLS
