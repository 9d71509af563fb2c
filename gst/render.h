/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From buffers to the engine: settings, automation and meters, each at its exact
 * frame. For stream.c; streaming thread only.
 */
#pragma once

#include "filter-private.h"

G_BEGIN_DECLS

/* Audio of `frames` frames whose first is input frame `first`, in place.
 * `silent` says that it is known to be zeros. */
void gst_mix_render (GstMixFilter *self, gfloat *data, guint frames,
    guint64 first, gboolean silent);

/* Takes what users have set since the last call; it is `stream.wanted` then and
 * takes effect by gst_mix_render_apply(). When it moves the latency, returns
 * TRUE in `drains`: what is inside must be drained before. FALSE when there is
 * nothing new. Between buffers only. */
gboolean gst_mix_render_take_settings (GstMixFilter *self, gboolean *drains);
void gst_mix_render_apply (GstMixFilter *self);

/* Tells the properties, and by a message the pipeline, of a new latency. */
void gst_mix_render_publish_latency (GstMixFilter *self);

/* Gives the element its chance to warn. */
void gst_mix_render_tell_applied (GstMixFilter *self);

/* Frames between two messages, 0 for no messages; and the message itself. */
guint64 gst_mix_render_interval (GstMixFilter *self);
void gst_mix_render_finish_interval (GstMixFilter *self);

G_END_DECLS
