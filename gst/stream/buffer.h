/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio buffers: cut to a part of them, stamped, with their metas and flags. */
#pragma once

#include "stream.h"

G_BEGIN_DECLS

/* Makes `buffer`, whose first frame is input frame `first`, the piece of it
 * that begins `at` frames later. */
void gst_mix_buffer_make_piece (GstMixStream *stream, GstBuffer *buffer,
    gint64 first, guint at, const GstMixPiece *piece);

/* Flags a processed buffer as a gap when all of it is silence, and only then.
 */
void gst_mix_buffer_mark_gap (
    GstMixStream *stream, GstBuffer *buffer, guint frames);

/* From full level to nothing. */
void gst_mix_buffer_fade_out (gfloat *data, guint frames, guint channels);

/* Cuts off what lies outside of the segment that it came in. Takes the buffer;
 * NULL when all of it does. `beyond` is how far it goes beyond segment->stop.
 */
GstBuffer *gst_mix_buffer_clip (GstMixStream *stream, GstBuffer *buffer,
    const GstSegment *segment, GstClockTime *beyond);

G_END_DECLS
