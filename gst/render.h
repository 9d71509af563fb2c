/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From buffers to the engine: settings, automation and meters, each at its
 * exact frame. For stream.c; streaming thread only.
 */
#pragma once

#include "filter-private.h"

G_BEGIN_DECLS

/* Audio of `frames` frames whose first is input frame `first`, in place; the
 * timeline counts them already. `silent` says that it is known to be zeros. */
void gst_mix_render (GstMixFilter *self, gfloat *data, guint frames,
    gint64 first, gboolean silent);

/* Whether users have set something new, which then takes effect by
 * gst_mix_render_apply(). When `moves` says that it moves the latency, what is
 * inside must be drained before; what moves it and was set since waits, unless
 * `is_drained`. Between buffers only. FALSE from apply: memory is short, and an
 * error was posted. */
gboolean gst_mix_render_has_settings (GstMixFilter *self, gboolean *moves);
gboolean gst_mix_render_apply (GstMixFilter *self, gboolean is_drained);

/* Within a buffer or a tail: what moves the latency waits. */
void gst_mix_render_apply_within (GstMixFilter *self);

/* Before the first sound, which stands at `pts`: all settings, automation
 * included, stand, with no glide from what was set before a seek or by default.
 * FALSE as above. */
gboolean gst_mix_render_start (GstMixFilter *self, GstClockTime pts);

/* A gap that is not rendered has been counted: automation stands where it ends
 * when sound comes again. */
void gst_mix_render_follow_gap (GstMixFilter *self);

/* Before the rate changes: what was counted so far becomes time. */
void gst_mix_render_leave_rate (GstMixFilter *self);

/* Tells the properties, and by a message the pipeline, of a new latency. */
void gst_mix_render_publish_latency (GstMixFilter *self);

/* Posts what the unit remarks on its settings and was not told before. */
void gst_mix_render_tell_remarks (GstMixFilter *self);

/* Ends a meter interval before its time, because the stream does not go on. */
void gst_mix_render_finish_interval (GstMixFilter *self);

/* The same for a whole measurement, with its last message; a unit that cannot
 * sum up has none. The engine must be reset after. */
void gst_mix_render_finish_programme (GstMixFilter *self);

G_END_DECLS
