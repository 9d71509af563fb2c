/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gives each frame that leaves an element the timestamp it came with, whatever
 * the look-ahead between, and says which frames leave unheard.
 *
 * The frames inside the element are a queue of spans. A span is a run of frames
 * of one segment of the stream, without a hole; or frames that are none of the
 * stream's (the first L output frames of a look-ahead of L, silence that was
 * fed to get sound out) and are dropped as they leave. Events that came in
 * front of a span leave in front of it. All frames of all spans together are
 * always L: whoever feeds n frames takes n frames out.
 *
 * Times are counted from an anchor, one input buffer's timestamp, so that
 * rounding never adds up; the anchor follows when upstream's clock drifts.
 * Times are rounded up: audiomixer rounds down to frames, and a time one
 * nanosecond early would land a whole frame early there.
 *
 * Owned by the streaming thread; no lock. Only opening a span allocates.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Further away than this is another place in the stream, not a jitter (the
 * default alignment-threshold of GstAudioAggregator). */
#define GST_MIX_TIMELINE_JUMP (40 * GST_MSECOND)

typedef struct {
  gint64 first;       /* input frame at which it begins */
  gboolean heard;     /* FALSE: dropped as it leaves */
  gboolean discont;   /* its first frame does not follow what left before */
  GstClockTime pts;   /* anchor: timestamp, NONE when there is none, … */
  gint64 pts_frame;   /* … of this input frame */
  guint64 offset;     /* sample number of its first frame */
  GstSegment segment; /* that the timestamps belong to */
  GList *events;      /* GstEvent, to be pushed before its first frame */
} GstMixSpan;

typedef struct {
  guint rate;
  gint64 in, out; /* next frame to come in, to leave; out lags by the latency */
  GQueue spans;   /* GstMixSpan; the first holds `out`, the last ends at `in` */
  GstClockTime next_pts; /* where the stream goes on, NONE if unknown … */
  guint64 next_offset;
  GstSegment segment;   /* … and the segment that next_pts belongs to */
  GstClockTime out_end; /* end of what left last, NONE before */
} GstMixTimeline;

/* Frames that leave together. */
typedef struct {
  guint frames;
  gint64 first; /* input frame */
  gboolean heard, discont;
  GstClockTime pts, duration;
  guint64 offset;
  GList *events; /* to be pushed before and freed */
} GstMixPiece;

/* `timeline` is zeroed memory or was used before. Nothing is inside but the
 * `latency` frames that a look-ahead gives out first. */
void gst_mix_timeline_restart (
    GstMixTimeline *timeline, guint rate, guint latency);
void gst_mix_timeline_clear (GstMixTimeline *timeline);

/* A look-ahead of another length begins; nothing that is heard may be inside.
 */
void gst_mix_timeline_set_latency (GstMixTimeline *timeline, guint latency);

/* Whether frames that will be heard are inside. */
gboolean gst_mix_timeline_holds_sound (const GstMixTimeline *timeline);

/* Whether frames of the stream came in and are inside or have left. */
gboolean gst_mix_timeline_has_begun (const GstMixTimeline *timeline);

/* Begins a span at the next input frame. `pts` and `offset` may be NONE: then
 * they go on from before. Takes the events. */
void gst_mix_timeline_open (GstMixTimeline *timeline, GstClockTime pts,
    guint64 offset, const GstSegment *segment, gboolean discont, GList *events);

/* Begins a span of frames that are none of the stream's. */
void gst_mix_timeline_open_unheard (GstMixTimeline *timeline);

/* The next buffer of the open span has this timestamp and sample number, or
 * NONE: the anchor moves when they are off by more than half a frame. */
void gst_mix_timeline_follow (
    GstMixTimeline *timeline, GstClockTime pts, guint64 offset);

/* Counts frames of the open span that come in. */
void gst_mix_timeline_feed (GstMixTimeline *timeline, guint frames);

/* The span of a frame and the frame behind that span's last. NULL when the
 * frame is not inside. */
const GstMixSpan *gst_mix_timeline_find (
    const GstMixTimeline *timeline, gint64 frame, gint64 *end);

/* Whether the span that is open is heard. */
gboolean gst_mix_timeline_is_heard (const GstMixTimeline *timeline);

/* Timestamp of a frame of a span; NONE without an anchor. */
GstClockTime gst_mix_timeline_time (
    const GstMixTimeline *timeline, const GstMixSpan *span, gint64 frame);

/* Lets the next frames leave, `most` at the most and all of one span. The
 * caller pushes and frees piece->events before anything else. */
void gst_mix_timeline_leave (
    GstMixTimeline *timeline, guint most, GstMixPiece *piece);

G_END_DECLS
