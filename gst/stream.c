/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers: in, through the engine, and out, each frame with the timestamp it
 * came with (timeline.h).
 *
 * "Draining" feeds as much silence as the look-ahead is long, so that all that
 * came in has left. It is heard (a filter with look-ahead sees the sound end),
 * so it is done only where the stream does end or has a hole. Where the running
 * time goes on without a hole, the sound behind a new segment or track follows
 * the sound before it through the engine, and the events wait in the timeline
 * for the frame they stand before.
 */
#include "stream.h"

#include <string.h>

#include "render.h"

/* A hole that is shorter is a rounding of timestamps (Matroska's are whole
 * milliseconds), not missing sound. */
#define JOIN (2 * GST_MSECOND)

/* Sound that goes on for longer than this beyond the end of its segment was
 * cut; less is the rest of a decoder's last block. */
#define LAST_BLOCK (100 * GST_MSECOND)

/* ---- Buffers out --------------------------------------------------------- */

/* Cuts `drop` frames off the front and leaves `keep`. */
static void
trim_buffer (GstMixFilter *self, GstBuffer *buffer, guint drop, guint keep)
{
  const guint frame_size = gst_mix_stream_frame_size (self);
  gsize size = (gsize)keep * frame_size;
  GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (size == gst_buffer_get_size (buffer))
    return;
  gst_buffer_resize (buffer, (gssize)drop * frame_size, (gssize)size);
  if (meta)
    meta->samples = keep;
}

/* The level that upstream noted holds only for the same sound in the same
 * buffer. */
static void
drop_level_meta (GstMixFilter *self, GstBuffer *buffer)
{
  const GstMixEngine *engine = gst_mix_filter_private (self)->stream.engine;
  GstAudioLevelMeta *meta = gst_buffer_get_audio_level_meta (buffer);
  if (meta && !gst_mix_engine_is_transparent (engine))
    gst_buffer_remove_meta (buffer, (GstMeta *)meta);
}

/* Other clocks' times are of the buffer's first frame, too. */
static void
shift_reference_times (GstMixFilter *self, GstBuffer *buffer, gint64 frames)
{
  gpointer state = NULL;
  GstMeta *meta;
  GstClockTime by = gst_util_uint64_scale (
      (guint64)ABS (frames), GST_SECOND, gst_mix_stream_rate (self));
  while ((meta = gst_buffer_iterate_meta_filtered (
              buffer, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE))) {
    GstReferenceTimestampMeta *time = (GstReferenceTimestampMeta *)meta;
    if (frames >= 0)
      time->timestamp += by;
    else
      time->timestamp -= MIN (by, time->timestamp);
  }
}

static void
stamp_buffer (GstBuffer *buffer, const GstMixPiece *piece)
{
  GST_BUFFER_PTS (buffer) = piece->pts;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = piece->duration;
  GST_BUFFER_OFFSET (buffer) = piece->offset;
  GST_BUFFER_OFFSET_END (buffer) = piece->offset + piece->frames;
  if (piece->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  else
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
}

/* Makes `buffer`, whose first frame is input frame `first`, the piece of it
 * that begins `at` frames later. */
static void
make_piece (GstMixFilter *self, GstBuffer *buffer, gint64 first, guint at,
    const GstMixPiece *piece)
{
  trim_buffer (self, buffer, at, piece->frames);
  drop_level_meta (self, buffer);
  shift_reference_times (self, buffer, piece->first - first);
  stamp_buffer (buffer, piece);
}

void
gst_mix_stream_push_events (GstMixFilter *self, GList *events)
{
  for (GList *l = events; l; l = l->next)
    gst_mix_stream_parent_class ()->sink_event (
        GST_BASE_TRANSFORM (self), l->data);
  g_list_free (events);
}

static GstFlowReturn
push_copy (GstMixFilter *self, GstBuffer *buffer, gint64 first, guint at,
    const GstMixPiece *piece)
{
  GstBuffer *copy = gst_buffer_copy (buffer);
  make_piece (self, copy, first, at, piece);
  return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), copy);
}

/* What leaves while `frames` came in: pushes all pieces but the last, which
 * `buffer` becomes. DROPPED when the last is not heard. */
static GstFlowReturn
let_leave (GstMixFilter *self, GstBuffer *buffer, guint frames, gint64 first)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  GstMixPiece piece = { 0 };
  for (guint at = 0; at < frames; at += piece.frames) {
    gst_mix_timeline_leave (&stream->timeline, frames - at, &piece);
    gst_mix_stream_push_events (self, piece.events);
    if (!piece.heard || flow != GST_FLOW_OK)
      continue;
    if (at + piece.frames < frames) {
      flow = push_copy (self, buffer, first, at, &piece);
    } else {
      make_piece (self, buffer, first, at, &piece);
      return GST_FLOW_OK;
    }
  }
  return flow != GST_FLOW_OK ? flow : GST_BASE_TRANSFORM_FLOW_DROPPED;
}

static void
mark_gap (GstMixFilter *self, GstBuffer *buffer, guint frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (gst_mix_engine_is_quiet (stream->engine, frames)) {
    gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  } else {
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  }
}

static void
fade_out (gfloat *data, guint frames, guint channels)
{
  for (guint i = 0; i < frames; i++) {
    gfloat gain = (gfloat)(frames - 1 - i) / frames;
    for (guint c = 0; c < channels; c++)
      data[(gsize)i * channels + c] *= gain;
  }
}

/* ---- Buffers through ----------------------------------------------------- */

/* Processes a writable buffer as the next frames that come in, and has leave
 * what leaves; see let_leave(). An empty buffer holds nothing to pass on. */
static GstFlowReturn
process_buffer (GstMixFilter *self, GstBuffer *buffer, gboolean fade)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  gboolean silent = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  gint64 first = stream->timeline.in;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
        ("%s cannot write to an audio buffer.", GST_OBJECT_NAME (self)),
        ("mapping failed"));
    return GST_FLOW_ERROR;
  }
  guint frames = (guint)(map.size / gst_mix_stream_frame_size (self));
  if (silent && frames > 0)
    memset (map.data, 0, map.size);
  gst_mix_timeline_feed (&stream->timeline, frames);
  gst_mix_render (self, (gfloat *)map.data, frames, first, silent);
  if (fade)
    fade_out ((gfloat *)map.data, frames, GST_AUDIO_FILTER_CHANNELS (self));
  gst_buffer_unmap (buffer, &map);
  mark_gap (self, buffer, frames);
  return let_leave (self, buffer, frames, first);
}

static GstFlowReturn
push_silence (GstMixFilter *self, guint frames, gboolean fade)
{
  gsize size = (gsize)frames * gst_mix_stream_frame_size (self);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = process_buffer (self, buffer, fade);
  if (flow == GST_FLOW_OK)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), buffer);
  gst_buffer_unref (buffer);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

GstFlowReturn
gst_mix_stream_extend (GstMixFilter *self, guint frames, gboolean fade)
{
  GstMixTimeline *timeline = &gst_mix_filter_private (self)->stream.timeline;
  gst_mix_render_apply_within (self);
  if (!gst_mix_timeline_is_heard (timeline))
    gst_mix_timeline_open (timeline, GST_CLOCK_TIME_NONE,
        GST_BUFFER_OFFSET_NONE, &timeline->segment, FALSE, NULL);
  return push_silence (self, frames, fade);
}

/* Silence that is none of the stream's. All of it is fed, whatever becomes of
 * what leaves: the engine and the timeline stay in step. */
static GstFlowReturn
feed_unheard (GstMixFilter *self, guint frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  gst_mix_timeline_open_unheard (&stream->timeline);
  for (guint n; frames > 0; frames -= n) {
    n = MIN (frames, GST_MIX_SILENCE_FRAMES);
    GstFlowReturn pushed = push_silence (self, n, FALSE);
    flow = flow == GST_FLOW_OK ? pushed : flow;
  }
  return flow;
}

/* ---- Events in their place ----------------------------------------------- */

static GList *
take_held (GstMixStream *stream)
{
  GList *events = stream->held.head;
  g_queue_init (&stream->held);
  return events;
}

gboolean
gst_mix_stream_pass_event (GstMixFilter *self, GstEvent *event)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (stream->engine && gst_mix_timeline_holds_sound (&stream->timeline)) {
    g_queue_push_tail (&stream->held, event);
    return TRUE;
  }
  return gst_mix_stream_parent_class ()->sink_event (
      GST_BASE_TRANSFORM (self), event);
}

GstFlowReturn
gst_mix_stream_drain (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  if (!stream->engine)
    return GST_FLOW_OK;
  if (gst_mix_timeline_holds_sound (&stream->timeline)) {
    guint latency = gst_mix_engine_latency (stream->engine);
    GST_DEBUG_OBJECT (self, "draining %u frames", latency);
    flow = feed_unheard (self, latency);
  }
  gst_mix_render_finish_interval (self);
  gst_mix_stream_push_events (self, take_held (stream));
  return flow;
}

/* ---- Joins and holes ----------------------------------------------------- */

typedef enum {
  FOLLOWS,   /* the next buffer of the same run */
  JOINS,     /* the running time goes on without a hole */
  HOLE,      /* sound is missing before it */
  ELSEWHERE, /* anything else */
} Relation;

/* No stream lasts for a century: beyond it a running time is garbage, and the
 * difference of two would overflow. */
#define LONGEST_DISTANCE (G_GUINT64_CONSTANT (100) * 366 * 86400 * GST_SECOND)

static gboolean
running_time (const GstSegment *segment, GstClockTime pts, gint64 *time)
{
  guint64 distance = 0;
  gint sign = segment->format == GST_FORMAT_TIME
                  ? gst_segment_to_running_time_full (
                      segment, GST_FORMAT_TIME, pts, &distance)
                  : 0;
  if (sign == 0 || distance > LONGEST_DISTANCE)
    return FALSE;
  *time = sign * (gint64)distance;
  return TRUE;
}

/* How what comes at `pts` stands to what came last; `hole` in nanoseconds. */
static Relation
relate (GstMixFilter *self, GstClockTime pts, gboolean discont, gint64 *hole)
{
  const GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const GstMixTimeline *timeline = &stream->timeline;
  gboolean may_break = stream->resumes || discont;
  gint64 expected, got;
  *hole = 0;
  if (!GST_CLOCK_TIME_IS_VALID (pts)
      || !GST_CLOCK_TIME_IS_VALID (timeline->next_pts)
      || !running_time (&timeline->segment, timeline->next_pts, &expected)
      || !running_time (&stream->segment, pts, &got)
      || timeline->segment.rate * stream->segment.rate < 0)
    return may_break ? ELSEWHERE : FOLLOWS;
  *hole = got - expected;
  if (!may_break && ABS (*hole) <= (gint64)GST_MIX_TIMELINE_JUMP)
    return FOLLOWS;
  if (may_break && ABS (*hole) <= (gint64)JOIN)
    return JOINS;
  return *hole > 0 ? HOLE : ELSEWHERE;
}

/* A hole sounds as the silence that it is, as far as the look-ahead sees. */
static GstFlowReturn
feed_hole (GstMixFilter *self, gint64 hole)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 frames = gst_util_uint64_scale_round (
      (guint64)hole, gst_mix_stream_rate (self), GST_SECOND);
  guint latency = gst_mix_engine_latency (stream->engine);
  if (frames >= latency)
    return gst_mix_stream_drain (self);
  return feed_unheard (self, (guint)frames);
}

/* Between buffers: new settings take effect whole. */
static GstFlowReturn
apply_settings (GstMixFilter *self)
{
  gboolean moves;
  GstFlowReturn flow = GST_FLOW_OK;
  if (!gst_mix_render_has_settings (self, &moves))
    return GST_FLOW_OK;
  if (moves)
    flow = gst_mix_stream_drain (self);
  return gst_mix_render_apply (self, moves) ? flow : GST_FLOW_ERROR;
}

static void
open_span (GstMixFilter *self, GstClockTime pts, guint64 offset,
    gboolean is_same_clock, gboolean discont)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GList *events = NULL;
  if (gst_mix_timeline_holds_sound (&stream->timeline))
    events = take_held (stream);
  else
    gst_mix_stream_push_events (self, take_held (stream));
  gst_mix_timeline_open (&stream->timeline,
      is_same_clock ? GST_CLOCK_TIME_NONE : pts, offset, &stream->segment,
      discont, events);
  if (is_same_clock)
    gst_mix_timeline_follow (&stream->timeline, pts, offset);
}

GstFlowReturn
gst_mix_stream_enter (
    GstMixFilter *self, GstClockTime pts, guint64 offset, gboolean discont)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  gboolean is_same_clock = !stream->resumes;
  gint64 hole;
  if (stream->is_fresh && !gst_mix_render_start (self, pts))
    return GST_FLOW_ERROR;
  GstFlowReturn flow = apply_settings (self);
  if (flow != GST_FLOW_OK)
    return flow;

  Relation relation = relate (self, pts, discont, &hole);
  if (relation == FOLLOWS && g_queue_is_empty (&stream->held)
      && gst_mix_timeline_is_heard (&stream->timeline)) {
    gst_mix_timeline_follow (&stream->timeline, pts, offset);
    return GST_FLOW_OK;
  }
  if (relation == HOLE)
    flow = feed_hole (self, hole);
  else if (relation == ELSEWHERE)
    flow = gst_mix_stream_drain (self);
  open_span (self, pts, offset,
      is_same_clock && (relation == FOLLOWS || relation == JOINS),
      discont || relation == HOLE);
  stream->resumes = FALSE;
  return flow;
}

/* ---- Buffers in ---------------------------------------------------------- */

/* How many frames from `pts` on lie before the end of the segment. */
static guint64
room_before_stop (GstMixFilter *self, GstClockTime pts)
{
  const GstSegment *segment = &gst_mix_filter_private (self)->stream.segment;
  if (!GST_CLOCK_TIME_IS_VALID (segment->stop))
    return G_MAXUINT64;
  if (pts >= segment->stop)
    return 0;
  return gst_util_uint64_scale_round (
      segment->stop - pts, gst_mix_stream_rate (self), GST_SECOND);
}

/* How many frames from `pts` on lie before the start of the segment. */
static guint64
frames_before_start (GstMixFilter *self, GstClockTime pts)
{
  const GstSegment *segment = &gst_mix_filter_private (self)->stream.segment;
  if (!GST_CLOCK_TIME_IS_VALID (segment->start) || pts >= segment->start)
    return 0;
  return gst_util_uint64_scale_round (
      segment->start - pts, gst_mix_stream_rate (self), GST_SECOND);
}

static void
note_cut (GstMixFilter *self, GstClockTime end)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (end > stream->segment.stop && end - stream->segment.stop > LAST_BLOCK)
    stream->is_cut = TRUE;
}

/* Cuts off what lies outside of the segment it came in, which the segment that
 * GstAudioFilter knows lags behind. NULL when all of it does. */
static GstBuffer *
clip (GstMixFilter *self, GstBuffer *buffer)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const guint rate = gst_mix_stream_rate (self);
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  if (stream->segment.format != GST_FORMAT_TIME || stream->segment.rate < 0
      || !stream->engine || !GST_CLOCK_TIME_IS_VALID (pts))
    return buffer;
  guint64 frames
      = gst_buffer_get_size (buffer) / gst_mix_stream_frame_size (self);
  guint64 skip = frames_before_start (self, pts);
  guint64 room = room_before_stop (self, pts);
  if (frames > room)
    note_cut (self, pts + gst_util_uint64_scale (frames, GST_SECOND, rate));
  if (skip == 0 && frames <= room)
    return buffer;
  if (skip >= MIN (frames, room)) {
    gst_buffer_unref (buffer);
    return NULL;
  }
  buffer = gst_buffer_make_writable (buffer);
  trim_buffer (self, buffer, (guint)skip, (guint)(MIN (frames, room) - skip));
  GST_BUFFER_PTS (buffer) += gst_util_uint64_scale (skip, GST_SECOND, rate);
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  if (skip > 0 && GST_BUFFER_OFFSET_IS_VALID (buffer))
    GST_BUFFER_OFFSET (buffer) += skip;
  return buffer;
}

/* GstAudioFilter would clip here too, by the segment that left last. */
static GstFlowReturn
gst_mix_filter_submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  buffer = clip (GST_MIX_FILTER (trans), buffer);
  if (!buffer)
    return GST_FLOW_OK;
  return GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_BASE_TRANSFORM))
      ->submit_input_buffer (trans, is_discont, buffer);
}

static GstFlowReturn
gst_mix_filter_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (!gst_mix_filter_private (self)->stream.engine)
    return GST_FLOW_NOT_NEGOTIATED;
  GstFlowReturn flow = gst_mix_stream_enter (self, GST_BUFFER_PTS (buffer),
      GST_BUFFER_OFFSET (buffer), GST_BUFFER_IS_DISCONT (buffer));
  return flow == GST_FLOW_OK ? process_buffer (self, buffer, FALSE) : flow;
}

/* Pushed here: GstBaseTransform would put the DISCONT of a buffer that came in
 * on whatever leaves next, which with a look-ahead came in before. */
static GstFlowReturn
gst_mix_filter_generate_output (GstBaseTransform *trans, GstBuffer **buffer)
{
  GstFlowReturn flow
      = gst_mix_stream_parent_class ()->generate_output (trans, buffer);
  GstBuffer *out = g_steal_pointer (buffer);
  if (flow == GST_FLOW_OK && out)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (trans), out);
  gst_clear_buffer (&out);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

void
gst_mix_stream_restart (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!stream->engine)
    return;
  gst_mix_timeline_restart (&stream->timeline, gst_mix_stream_rate (self),
      gst_mix_engine_latency (stream->engine));
  stream->resumes = TRUE;
  stream->is_fresh = TRUE;
  stream->interval.frames = 0;
}

void
gst_mix_stream_clear (GstMixStream *stream)
{
  gst_mix_timeline_clear (&stream->timeline);
  g_queue_clear_full (&stream->held, (GDestroyNotify)gst_event_unref);
}

void
gst_mix_stream_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  trans_class->submit_input_buffer = gst_mix_filter_submit_input_buffer;
  trans_class->transform_ip = gst_mix_filter_transform_ip;
  trans_class->generate_output = gst_mix_filter_generate_output;
}
