/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts frames in and out and gives each frame that leaves the timestamp it
 * came with, whatever the look-ahead between. Pure arithmetic: no GStreamer
 * object, no lock, realtime-safe.
 *
 * Times are counted from an anchor, one input buffer's timestamp, so that
 * rounding never adds up; the anchor follows when upstream's clock drifts.
 * Times are rounded up: audiomixer rounds down to frames, and a time one
 * nanosecond early would land a whole frame early there.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Further away than this is another place in the stream, not a jitter (the
 * default alignment-threshold of GstAudioAggregator). */
#define GST_MIX_TIMELINE_JUMP (40 * GST_MSECOND)

typedef struct {
  guint rate;
  guint64 in, out;      /* frames since the start; out lags by the look-ahead */
  GstClockTime pts;     /* anchor: timestamp … */
  guint64 frame;        /* … of this input frame; pts NONE before the first */
  guint64 offset;       /* sample number … */
  guint64 offset_frame; /* … of this input frame */
  GstClockTime out_end; /* end of what left last, NONE before */
} GstMixTimeline;

void gst_mix_timeline_init (GstMixTimeline *timeline, guint rate);

/* TRUE when a buffer of that timestamp is another place in the stream: what is
 * still inside must leave by the old anchor first. */
gboolean gst_mix_timeline_is_jump (
    const GstMixTimeline *timeline, GstClockTime pts);

/* Notes `frames` that come in. `pts` and `offset` may be NONE: then they go on
 * from before. `restart` takes the timestamp as it is, whatever was expected.
 */
void gst_mix_timeline_push (GstMixTimeline *timeline, GstClockTime pts,
    guint64 offset, guint64 frames, gboolean restart);

/* Time of an input frame, which need not have come in yet; NONE while there is
 * no anchor. */
GstClockTime gst_mix_timeline_time (
    const GstMixTimeline *timeline, guint64 frame);

/* Lets `frames` leave and stamps the buffer that holds them; DISCONT is set
 * when their time jumps. */
void gst_mix_timeline_stamp (
    GstMixTimeline *timeline, GstBuffer *buffer, guint64 frames);

/* The same without a buffer: returns the time span in `pts`, `duration`. */
void gst_mix_timeline_leave (GstMixTimeline *timeline, guint64 frames,
    GstClockTime *pts, GstClockTime *duration);

G_END_DECLS
