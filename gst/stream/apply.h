/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the settings that users change to the parameters that the engine uses.
 * Between buffers everything may change; within a buffer or a tail, what moves
 * the latency waits. What sizes memory waits for gst_mix_stream_prepare().
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GstMixStream GstMixStream;

/* apply.c; plain parameter structs of the unit */
typedef struct {
  gpointer params; /* in use */
  gpointer wanted; /* the newest copy of the settings */
  gboolean waits;  /* something in `wanted` moves the latency and waits */
} GstMixApplied;

void gst_mix_apply_init (GstMixStream *stream);
void gst_mix_apply_clear (GstMixStream *stream);

/* Copies all settings for the engine to be prepared with. */
gconstpointer gst_mix_apply_take (GstMixStream *stream);

/* Whether users have set something new, which then takes effect by
 * gst_mix_apply_settings(). When `moves` says that it moves the latency, what
 * is inside must be drained before; what moves it and was set since waits,
 * unless `is_drained`. Between buffers only. FALSE from settings: memory is
 * short, and an error was posted. */
gboolean gst_mix_apply_is_due (GstMixStream *stream, gboolean *moves);
gboolean gst_mix_apply_settings (GstMixStream *stream, gboolean is_drained);

void gst_mix_apply_within_buffer (GstMixStream *stream);

G_END_DECLS
