/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixTimeline: gives each frame that leaves an element the timestamp it came
 * with, whatever the look-ahead in between.
 *
 * The frames inside the element are a queue of spans. A span is a run of frames
 * of one segment of the stream, without a hole; or it is padding, frames that
 * are not part of the stream and are dropped as they leave: the first L output
 * frames of a look-ahead of L, and silence that is fed to drain the look-ahead.
 * Events that came in front of a span leave in front of it. The lengths of all
 * spans always add up to L: whoever feeds n frames takes n frames out.
 *
 * Times are counted from an anchor, the timestamp of one input buffer, so that
 * rounding errors do not add up; the anchor is moved when upstream's clock
 * drifts. Times are rounded up: audiomixer rounds them down to frames, and a
 * time one nanosecond early would land a whole frame early there.
 *
 * Owned by the streaming thread; no lock. Only opening a span allocates.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A timestamp further than this from the expected one is another place in the
 * stream, not jitter (the default alignment-threshold of audiomixer).
 */
#define GST_MIX_TIMELINE_JUMP (40 * GST_MSECOND)

typedef struct {
  gint64 first;        /* input frame at which it begins */
  gboolean is_padding; /* dropped as it leaves */
  gboolean discont;    /* its first frame does not follow what left before */
  GstClockTime pts;    /* anchor: timestamp, NONE when there is none, … */
  gint64 pts_frame;    /* … of this input frame */
  guint64 offset;      /* sample number of its first frame */
  GstSegment segment;  /* of the timestamps */
  GList *events;       /* GstEvent, to be pushed before its first frame */
} GstMixSpan;

typedef struct {
  guint rate;
  gint64 in, out; /* next frame to come in, to leave; out lags by the latency */
  GQueue spans;   /* GstMixSpan; the first holds `out`, the last ends at `in` */
  GstClockTime next_pts; /* expected of the next buffer, NONE if unknown, … */
  guint64 next_offset;
  GstSegment segment;   /* … and the segment of next_pts */
  GstClockTime out_end; /* end of what left last, NONE before */
} GstMixTimeline;

/* Frames that leave together. */
typedef struct {
  guint frames;
  gint64 first; /* input frame */
  gboolean is_padding, discont;
  GstClockTime pts, duration;
  guint64 offset;
  GList *events; /* to be pushed before and freed */
} GstMixPiece;

/* `timeline` is zeroed memory or was used before. It then holds nothing but
 * `latency` frames of padding. */
void gst_mix_timeline_restart (
    GstMixTimeline *timeline, guint rate, guint latency);
void gst_mix_timeline_clear (GstMixTimeline *timeline);

/* The look-ahead changes; only padding may be inside. */
void gst_mix_timeline_set_latency (GstMixTimeline *timeline, guint latency);

/* Whether frames of the stream are inside. */
gboolean gst_mix_timeline_holds_sound (const GstMixTimeline *timeline);

/* Whether frames of the stream came in and are inside or have left. */
gboolean gst_mix_timeline_has_begun (const GstMixTimeline *timeline);

/* Begins a span at the next input frame. `pts` and `offset` may be NONE: then
 * they continue those before. Takes the events. */
void gst_mix_timeline_open (GstMixTimeline *timeline, GstClockTime pts,
    guint64 offset, const GstSegment *segment, gboolean discont, GList *events);

/* Begins a span of padding at the next input frame. */
void gst_mix_timeline_open_padding (GstMixTimeline *timeline);

/* The next buffer of the open span has this timestamp and sample number, or
 * NONE: the anchor moves when they are off by more than half a frame. */
void gst_mix_timeline_follow (
    GstMixTimeline *timeline, GstClockTime pts, guint64 offset);

/* Counts frames that come in, as part of the open span. */
void gst_mix_timeline_feed (GstMixTimeline *timeline, guint frames);

/* The span of a frame and the frame behind that span's last. NULL when the
 * frame is not inside. */
const GstMixSpan *gst_mix_timeline_find (
    const GstMixTimeline *timeline, gint64 frame, gint64 *end);

/* Whether the open span is padding. */
gboolean gst_mix_timeline_is_padding (const GstMixTimeline *timeline);

/* Timestamp of a frame of a span; NONE without an anchor. */
GstClockTime gst_mix_timeline_time (
    const GstMixTimeline *timeline, const GstMixSpan *span, gint64 frame);

/* Takes the next frames out, at most `most` and all of one span. The caller
 * pushes and frees piece->events before anything else. */
void gst_mix_timeline_leave (
    GstMixTimeline *timeline, guint most, GstMixPiece *piece);

G_END_DECLS
