/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stream half of GstMixFilter, shared by stream.c (buffers), ends.c
 * (events) and negotiate.c (caps). All of it runs in the streaming thread, with
 * no lock held: it pushes and posts.
 */
#pragma once

#include "filter-private.h"

G_BEGIN_DECLS

/* Frames of the buffers that are made here: drained sound, tails, gaps. */
#define GST_MIX_SILENCE_FRAMES 1024

static inline guint
gst_mix_stream_rate (GstMixFilter *self)
{
  return GST_AUDIO_FILTER_RATE (self);
}

static inline guint
gst_mix_stream_frame_size (GstMixFilter *self)
{
  return GST_AUDIO_FILTER_BPF (self);
}

static inline GstBaseTransformClass *
gst_mix_stream_parent_class (void)
{
  return GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_AUDIO_FILTER));
}

/* Sound or a gap comes in at that timestamp (and sample number; both may be
 * NONE): settings are applied, and what is inside is played out unless the
 * running time goes on without a hole. */
GstFlowReturn gst_mix_stream_enter (
    GstMixFilter *self, GstClockTime pts, guint64 offset, gboolean discont);

/* Frames of silence come in as a part of the stream, and what leaves is pushed.
 * `fade` has them leave in a fade-out from full level to nothing. */
GstFlowReturn gst_mix_stream_extend (
    GstMixFilter *self, guint frames, gboolean fade);

/* Gets out all that came in, and the events behind it. */
GstFlowReturn gst_mix_stream_drain (GstMixFilter *self);

/* An event in its place between the frames: passed on when all frames before it
 * have left. Takes the event. */
gboolean gst_mix_stream_pass_event (GstMixFilter *self, GstEvent *event);

/* Passes on events whose place has come; frees the list. */
void gst_mix_stream_push_events (GstMixFilter *self, GList *events);

/* Forgets all frames inside and begins anew with the next. */
void gst_mix_stream_restart (GstMixFilter *self);

/* Frees what is inside: events and the timeline. */
void gst_mix_stream_clear (GstMixStream *stream);

/* Vfuncs, each file's own. */
void gst_mix_stream_class_init (GstMixFilterClass *klass);
void gst_mix_ends_class_init (GstMixFilterClass *klass);
void gst_mix_negotiate_class_init (GstMixFilterClass *klass);

G_END_DECLS
