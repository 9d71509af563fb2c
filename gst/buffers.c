/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buffers: in, through the stream, and out, each frame with the timestamp it
 * came with (stream/timeline.h).
 *
 * Draining feeds as much silence as the look-ahead is long, so that all frames
 * that came in have left. It is audible, because to a unit with look-ahead the
 * sound ends there, so it is done only where the stream ends or has a hole.
 * Where the running time is continuous, the sound of a new segment or track
 * directly follows the sound before it through the engine, and events wait in
 * the timeline for the frame that they precede.
 */
#include <string.h>

#include "filter-private.h"
#include "stream/buffer.h"
#include "stream/join.h"

/* If sound reaches further than this beyond the end of its segment, the segment
 * is a cut; less is the rest of a decoder's last block. */
#define LAST_BLOCK (100 * GST_MSECOND)

static GstMixStream *
stream_of (GstMixFilter *self)
{
  return &gst_mix_filter_private (self)->stream;
}

/* ---- Buffers out -------------------------------------------------------- */

void
gst_mix_filter_push_events (GstMixFilter *self, GList *events)
{
  for (GList *l = events; l; l = l->next)
    gst_mix_filter_parent_transform ()->sink_event (
        GST_BASE_TRANSFORM (self), l->data);
  g_list_free (events);
}

static GstFlowReturn
push_copy (GstMixFilter *self, GstBuffer *buffer, gint64 first, guint at,
    const GstMixPiece *piece)
{
  GstBuffer *copy = gst_buffer_copy (buffer);
  gst_mix_buffer_make_piece (stream_of (self), copy, first, at, piece);
  return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), copy);
}

/* Takes out as many frames as came in: pushes all pieces but the last, which
 * `buffer` becomes. DROPPED when the last is padding. */
static GstFlowReturn
take_out (GstMixFilter *self, GstBuffer *buffer, guint frames, gint64 first)
{
  GstMixStream *stream = stream_of (self);
  GstFlowReturn flow = GST_FLOW_OK;
  GstMixPiece piece = { 0 };
  for (guint at = 0; at < frames; at += piece.frames) {
    gst_mix_timeline_leave (&stream->timeline, frames - at, &piece);
    gst_mix_filter_push_events (self, piece.events);
    if (piece.is_padding || flow != GST_FLOW_OK)
      continue;
    if (at + piece.frames < frames) {
      flow = push_copy (self, buffer, first, at, &piece);
    } else {
      gst_mix_buffer_make_piece (stream, buffer, first, at, &piece);
      return GST_FLOW_OK;
    }
  }
  return flow != GST_FLOW_OK ? flow : GST_BASE_TRANSFORM_FLOW_DROPPED;
}

/* ---- Buffers through ---------------------------------------------------- */

/* The running time of the next frame that comes in, NONE if unknown. */
static GstClockTime
running_time_in (const GstMixTimeline *timeline)
{
  const GstMixSpan *span = g_queue_peek_tail ((GQueue *)&timeline->spans);
  return gst_segment_to_running_time (&span->segment, GST_FORMAT_TIME,
      gst_mix_timeline_time (timeline, span, timeline->in));
}

/* The key signal of the next frames that come in. It has no part in padding,
 * which is silence to the unit in all its inputs. */
static GstFlowReturn
read_key (GstMixFilter *self, guint frames, const gfloat **key)
{
  const GstMixFilterClass *klass = GST_MIX_FILTER_GET_CLASS (self);
  const GstMixTimeline *timeline = &stream_of (self)->timeline;
  *key = NULL;
  if (!klass->read_key || frames == 0 || gst_mix_timeline_is_padding (timeline))
    return GST_FLOW_OK;
  return klass->read_key (self, running_time_in (timeline), frames, key);
}

void
gst_mix_filter_skip_key (GstMixFilter *self)
{
  const GstMixFilterClass *klass = GST_MIX_FILTER_GET_CLASS (self);
  if (klass->read_key)
    klass->read_key (
        self, running_time_in (&stream_of (self)->timeline), 0, NULL);
}

/* Processes a writable buffer, whose frames come in next, and takes out as
 * many; see take_out(). An empty buffer is dropped. */
static GstFlowReturn
process_buffer (GstMixFilter *self, GstBuffer *buffer, gboolean fade)
{
  GstMixStream *stream = stream_of (self);
  guint frames = (guint)(gst_buffer_get_size (buffer)
                         / gst_mix_stream_frame_size (stream));
  const gfloat *key;
  GstFlowReturn flow = read_key (self, frames, &key);
  gboolean silent = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  gint64 first = stream->timeline.in;
  GstMapInfo map;

  if (flow != GST_FLOW_OK)
    return flow;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
        ("%s cannot write to an audio buffer.", GST_OBJECT_NAME (self)),
        ("mapping failed"));
    return GST_FLOW_ERROR;
  }
  gfloat *data = (gfloat *)map.data;
  if (silent && frames > 0)
    memset (map.data, 0, map.size);
  gst_mix_timeline_feed (&stream->timeline, frames);
  gst_mix_stream_process (stream, data, key, frames, first, silent);
  if (fade)
    gst_mix_buffer_fade_out (data, frames, stream->format.channels);
  gst_buffer_unmap (buffer, &map);
  gst_mix_buffer_mark_gap (stream, buffer, frames);
  return take_out (self, buffer, frames, first);
}

static GstFlowReturn
push_silence (GstMixFilter *self, guint frames, gboolean fade)
{
  gsize size = (gsize)frames * gst_mix_stream_frame_size (stream_of (self));
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = process_buffer (self, buffer, fade);
  if (flow == GST_FLOW_OK)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), buffer);
  gst_buffer_unref (buffer);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

GstFlowReturn
gst_mix_filter_extend (GstMixFilter *self, guint frames, gboolean fade)
{
  GstMixStream *stream = stream_of (self);
  GstMixTimeline *timeline = &stream->timeline;
  gst_mix_apply_within_buffer (stream);
  if (gst_mix_timeline_is_padding (timeline))
    gst_mix_timeline_open (timeline, GST_CLOCK_TIME_NONE,
        GST_BUFFER_OFFSET_NONE, &timeline->segment, FALSE, NULL);
  return push_silence (self, frames, fade);
}

/* Feeds silence that is not part of the stream. All of it is fed, even if a
 * push fails, so that the engine and the timeline stay in step. */
static GstFlowReturn
feed_padding (GstMixFilter *self, guint frames)
{
  GstFlowReturn flow = GST_FLOW_OK;
  gst_mix_timeline_open_padding (&stream_of (self)->timeline);
  for (guint n; frames > 0; frames -= n) {
    n = MIN (frames, GST_MIX_SILENCE_FRAMES);
    GstFlowReturn pushed = push_silence (self, n, FALSE);
    flow = flow == GST_FLOW_OK ? pushed : flow;
  }
  return flow;
}

/* ---- Events in their place ---------------------------------------------- */

static GList *
take_held (GstMixFilter *self)
{
  GQueue *held = &gst_mix_filter_private (self)->held;
  GList *events = held->head;
  g_queue_init (held);
  return events;
}

gboolean
gst_mix_filter_pass_event (GstMixFilter *self, GstEvent *event)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  if (stream->engine && gst_mix_timeline_holds_sound (&stream->timeline)) {
    g_queue_push_tail (&priv->held, event);
    return TRUE;
  }
  return gst_mix_filter_parent_transform ()->sink_event (
      GST_BASE_TRANSFORM (self), event);
}

GstFlowReturn
gst_mix_filter_drain (GstMixFilter *self)
{
  GstMixStream *stream = stream_of (self);
  GstFlowReturn flow = GST_FLOW_OK;
  if (!stream->engine)
    return GST_FLOW_OK;
  if (gst_mix_timeline_holds_sound (&stream->timeline)) {
    guint latency = gst_mix_engine_latency (stream->engine);
    GST_DEBUG_OBJECT (self, "draining %u frames", latency);
    flow = feed_padding (self, latency);
  }
  gst_mix_meters_finish_interval (stream);
  gst_mix_filter_push_events (self, take_held (self));
  return flow;
}

/* ---- Joins and holes ---------------------------------------------------- */

/* A hole is fed as silence, up to the length of the look-ahead. */
static GstFlowReturn
feed_hole (GstMixFilter *self, gint64 hole)
{
  GstMixStream *stream = stream_of (self);
  guint64 frames = gst_util_uint64_scale_round (
      (guint64)hole, gst_mix_stream_rate (stream), GST_SECOND);
  guint latency = gst_mix_engine_latency (stream->engine);
  if (frames >= latency)
    return gst_mix_filter_drain (self);
  return feed_padding (self, (guint)frames);
}

/* Between buffers all new settings may take effect. */
static GstFlowReturn
apply_settings (GstMixFilter *self)
{
  GstMixStream *stream = stream_of (self);
  gboolean moves;
  GstFlowReturn flow = GST_FLOW_OK;
  if (!gst_mix_apply_is_due (stream, &moves))
    return GST_FLOW_OK;
  if (moves)
    flow = gst_mix_filter_drain (self);
  return gst_mix_apply_settings (stream, moves) ? flow : GST_FLOW_ERROR;
}

static void
open_span (GstMixFilter *self, GstClockTime pts, guint64 offset,
    gboolean is_same_clock, gboolean discont)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixTimeline *timeline = &priv->stream.timeline;
  GList *events = NULL;
  if (gst_mix_timeline_holds_sound (timeline))
    events = take_held (self);
  else
    gst_mix_filter_push_events (self, take_held (self));
  gst_mix_timeline_open (timeline, is_same_clock ? GST_CLOCK_TIME_NONE : pts,
      offset, &priv->segment, discont, events);
  if (is_same_clock)
    gst_mix_timeline_follow (timeline, pts, offset);
}

GstFlowReturn
gst_mix_filter_enter (
    GstMixFilter *self, GstClockTime pts, guint64 offset, gboolean discont)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixTimeline *timeline = &priv->stream.timeline;
  gboolean is_same_clock = !priv->resumes;
  gint64 hole;
  if (!gst_mix_stream_start (&priv->stream, &priv->segment, pts))
    return GST_FLOW_ERROR;
  GstFlowReturn flow = apply_settings (self);
  if (flow != GST_FLOW_OK)
    return flow;

  GstMixJoin join = gst_mix_join_find (
      timeline, &priv->segment, pts, priv->resumes || discont, &hole);
  if (join == GST_MIX_JOIN_FOLLOWS && g_queue_is_empty (&priv->held)
      && !gst_mix_timeline_is_padding (timeline)) {
    gst_mix_timeline_follow (timeline, pts, offset);
    return GST_FLOW_OK;
  }
  if (join == GST_MIX_JOIN_HOLE)
    flow = feed_hole (self, hole);
  else if (join == GST_MIX_JOIN_ELSEWHERE)
    flow = gst_mix_filter_drain (self);
  open_span (self, pts, offset,
      is_same_clock
          && (join == GST_MIX_JOIN_FOLLOWS || join == GST_MIX_JOIN_JOINS),
      discont || join == GST_MIX_JOIN_HOLE);
  priv->resumes = FALSE;
  return flow;
}

/* ---- Buffers in --------------------------------------------------------- */

/* Skips GstAudioFilter, which would clip by the segment that left last instead
 * of the one that the buffer came in. */
static GstFlowReturn
gst_mix_filter_submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (trans));
  GstClockTime beyond;
  buffer = gst_mix_buffer_clip (&priv->stream, buffer, &priv->segment, &beyond);
  if (beyond > LAST_BLOCK)
    priv->is_cut = TRUE;
  if (!buffer)
    return GST_FLOW_OK;
  return GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_BASE_TRANSFORM))
      ->submit_input_buffer (trans, is_discont, buffer);
}

static GstFlowReturn
gst_mix_filter_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (!stream_of (self)->engine)
    return GST_FLOW_NOT_NEGOTIATED;
  GstFlowReturn flow = gst_mix_filter_enter (self, GST_BUFFER_PTS (buffer),
      GST_BUFFER_OFFSET (buffer), GST_BUFFER_IS_DISCONT (buffer));
  return flow == GST_FLOW_OK ? process_buffer (self, buffer, FALSE) : flow;
}

/* Pushes the output itself: GstBaseTransform would set the DISCONT flag of the
 * buffer that came in on the frames that leave next, which with a look-ahead
 * came in earlier. */
static GstFlowReturn
gst_mix_filter_generate_output (GstBaseTransform *trans, GstBuffer **buffer)
{
  GstFlowReturn flow
      = gst_mix_filter_parent_transform ()->generate_output (trans, buffer);
  GstBuffer *out = g_steal_pointer (buffer);
  if (flow == GST_FLOW_OK && out)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (trans), out);
  gst_clear_buffer (&out);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

void
gst_mix_filter_restart (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  if (!priv->stream.engine)
    return;
  gst_mix_stream_restart (&priv->stream);
  priv->resumes = TRUE;
}

void
gst_mix_buffers_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  trans_class->submit_input_buffer = gst_mix_filter_submit_input_buffer;
  trans_class->transform_ip = gst_mix_filter_transform_ip;
  trans_class->generate_output = gst_mix_filter_generate_output;
}
