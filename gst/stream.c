/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stream half of the base: what happens to buffers and events. All of it
 * runs in the streaming thread; nothing is pushed or posted under a lock.
 *
 * Look-ahead of L frames: the engine's first L output frames belong to no input
 * and are dropped; every later frame leaves with the timestamp it came with
 * (timeline.h). "Draining" feeds L frames of silence so that all that came in
 * has left.
 */
#include <string.h>

#include "layout.h"
#include "render.h"

/* Frames of the buffers that are made here: drained sound, tails, gaps. */
#define SILENCE_FRAMES 1024

/* Feeding longer silence than this changes nothing any more: envelopes and
 * tails are at rest. */
#define LONG_SILENCE_S 10

static GstBaseTransformClass *
audio_filter_class (void)
{
  return GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_AUDIO_FILTER));
}

static guint
frame_size (GstMixFilter *self)
{
  return GST_AUDIO_FILTER_BPF (self);
}

static guint
rate_of (GstMixFilter *self)
{
  return GST_AUDIO_FILTER_RATE (self);
}

/* ---- Buffers ------------------------------------------------------------ */

/* Cuts `drop` frames off the front and leaves `keep`. */
static void
trim_buffer (GstMixFilter *self, GstBuffer *buffer, guint drop, guint keep)
{
  gsize size = (gsize)keep * frame_size (self);
  GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (size == gst_buffer_get_size (buffer))
    return;
  gst_buffer_resize (buffer, (gssize)drop * frame_size (self), (gssize)size);
  if (meta)
    meta->samples = keep;
}

/* The level that upstream noted is not the level any more. */
static void
remove_level_meta (GstBuffer *buffer)
{
  GstAudioLevelMeta *meta = gst_buffer_get_audio_level_meta (buffer);
  if (meta)
    gst_buffer_remove_meta (buffer, (GstMeta *)meta);
}

/* Other clocks' times are of the buffer's first frame too, which came earlier.
 */
static void
shift_reference_times (GstMixFilter *self, GstBuffer *buffer, guint64 first)
{
  guint64 out = gst_mix_filter_private (self)->stream.timeline.out;
  gpointer state = NULL;
  GstMeta *meta;
  while (first > out
         && (meta = gst_buffer_iterate_meta_filtered (
                 buffer, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE))) {
    GstReferenceTimestampMeta *time = (GstReferenceTimestampMeta *)meta;
    GstClockTime by
        = gst_util_uint64_scale (first - out, GST_SECOND, rate_of (self));
    time->timestamp -= MIN (by, time->timestamp);
  }
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

/* A writable buffer whose frames begin at input frame `first`: processed,
 * trimmed and stamped. DROPPED when all of it belongs to the look-ahead. */
static GstFlowReturn
process_buffer (GstMixFilter *self, GstBuffer *buffer, guint64 first)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  gboolean silent = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
        ("%s cannot write to an audio buffer.", GST_OBJECT_NAME (self)),
        ("mapping failed"));
    return GST_FLOW_ERROR;
  }
  guint frames = (guint)(map.size / frame_size (self));
  if (silent)
    memset (map.data, 0, map.size);
  gst_mix_render (self, (gfloat *)map.data, frames, first, silent);
  gst_buffer_unmap (buffer, &map);

  guint drop = MIN (stream->to_drop, frames), keep = frames - drop;
  stream->to_drop -= drop;
  if (frames > 0 && keep == 0)
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  trim_buffer (self, buffer, drop, keep);
  remove_level_meta (buffer);
  shift_reference_times (self, buffer, first);
  mark_gap (self, buffer, frames);
  gst_mix_timeline_stamp (&stream->timeline, buffer, keep);
  return GST_FLOW_OK;
}

/* Processes `frames` of silence from input frame `first` on and pushes what
 * comes out. */
static GstFlowReturn
push_silence (GstMixFilter *self, guint frames, guint64 first)
{
  gsize size = (gsize)frames * frame_size (self);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = process_buffer (self, buffer, first);
  if (flow == GST_FLOW_OK)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), buffer);
  gst_buffer_unref (buffer);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

static GstFlowReturn
push_look_ahead (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint latency = gst_mix_engine_latency (stream->engine);
  GstFlowReturn flow = GST_FLOW_OK;
  GST_DEBUG_OBJECT (self, "draining %u frames", latency);
  for (guint done = 0, n; done < latency && flow == GST_FLOW_OK; done += n) {
    n = MIN (latency - done, SILENCE_FRAMES);
    flow = push_silence (self, n, stream->timeline.in + done);
  }
  stream->timeline.out = stream->timeline.in;
  stream->to_drop = latency;
  return flow;
}

/* Gets out all that came in; the look-ahead starts anew after. */
static GstFlowReturn
drain (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  if (!stream->engine)
    return GST_FLOW_OK;
  if (stream->timeline.in != stream->timeline.out)
    flow = push_look_ahead (self);
  gst_mix_render_finish_interval (self);
  return flow;
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
    flow = drain (self);
  gst_mix_render_apply (self);
  return flow;
}

static void
gst_mix_filter_before_transform (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  if (!stream->engine)
    return;
  gboolean jumps = GST_BUFFER_IS_DISCONT (buffer)
                   || gst_mix_timeline_is_jump (&stream->timeline, pts);
  GstFlowReturn drained = jumps ? drain (self) : GST_FLOW_OK;
  GstFlowReturn applied = apply_settings (self);
  stream->flow = drained != GST_FLOW_OK ? drained : applied;
  guint64 first = stream->timeline.in;
  gst_mix_timeline_push (&stream->timeline, pts, GST_BUFFER_OFFSET (buffer),
      gst_buffer_get_size (buffer) / frame_size (self),
      jumps || stream->restarts);
  stream->restarts = FALSE;
  if (stream->is_fresh)
    gst_mix_render_start (self, first);
}

static GstFlowReturn
gst_mix_filter_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 frames = gst_buffer_get_size (buffer) / frame_size (self);
  if (stream->flow != GST_FLOW_OK)
    return stream->flow;
  return process_buffer (self, buffer, stream->timeline.in - frames);
}

/* What falls into the look-ahead is nothing lost: GstBaseTransform would mark
 * the next buffer DISCONT. */
static GstFlowReturn
gst_mix_filter_generate_output (GstBaseTransform *trans, GstBuffer **buffer)
{
  GstFlowReturn flow = audio_filter_class ()->generate_output (trans, buffer);
  if (flow != GST_BASE_TRANSFORM_FLOW_DROPPED)
    return flow;
  gst_clear_buffer (buffer);
  return GST_FLOW_OK;
}

/* ---- Ends and gaps ------------------------------------------------------ */

static gboolean
has_stopped_ringing (GstMixFilter *self)
{
  return gst_mix_engine_is_quiet (
      gst_mix_filter_private (self)->stream.engine, 0);
}

/* More of the stream, as silence. */
static GstFlowReturn
extend_by_silence (GstMixFilter *self, guint frames)
{
  GstMixTimeline *timeline = &gst_mix_filter_private (self)->stream.timeline;
  guint64 first = timeline->in;
  gst_mix_timeline_push (
      timeline, GST_CLOCK_TIME_NONE, GST_BUFFER_OFFSET_NONE, frames, FALSE);
  return push_silence (self, frames, first);
}

static void
push_tail (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  gdouble ms;

  GST_OBJECT_LOCK (self);
  ms = priv->tail_max_ms;
  GST_OBJECT_UNLOCK (self);
  stream->to_drop = 0; /* the drained look-ahead runs on without a break */
  guint64 left = (guint64)(ms * rate_of (self) / 1000);
  while (left > 0 && flow == GST_FLOW_OK && !has_stopped_ringing (self)) {
    guint n = (guint)MIN (left, SILENCE_FRAMES);
    flow = extend_by_silence (self, n);
    left -= n;
  }
}

static void
restart (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!stream->engine)
    return;
  gst_mix_engine_reset (stream->engine);
  gst_mix_timeline_init (&stream->timeline, rate_of (self));
  stream->to_drop = gst_mix_engine_latency (stream->engine);
  stream->restarts = TRUE;
  stream->is_fresh = TRUE;
  stream->interval.frames = 0;
  stream->programme.frames = 0;
}

static void
finish (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!stream->engine)
    return;
  gboolean started = GST_CLOCK_TIME_IS_VALID (stream->timeline.pts)
                     || stream->timeline.in > 0;
  drain (self);
  if (started && (GST_MIX_FILTER_GET_CLASS (self)->unit->flags & MIX_UNIT_TAIL))
    push_tail (self);
  gst_mix_render_finish_interval (self);
  gst_mix_render_finish_programme (self);
  restart (self);
}

/* What is inside stays aware of the time that passes, up to a length after
 * which everything is at rest. Nothing is pushed. */
static void
pass_time (GstMixFilter *self, guint64 frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 left = MIN (frames, (guint64)LONG_SILENCE_S * rate_of (self));
  gfloat *data = g_malloc ((gsize)SILENCE_FRAMES * frame_size (self));
  for (guint n; left > 0; left -= n) {
    n = (guint)MIN (left, SILENCE_FRAMES);
    memset (data, 0, (gsize)n * frame_size (self));
    gst_mix_engine_process (stream->engine, data, n,
        g_atomic_int_get (&gst_mix_filter_private (self)->bypass), TRUE);
  }
  g_free (data);
}

/* The rest of a gap as an event, on the timeline of what leaves. */
static gboolean
forward_gap (GstMixFilter *self, guint64 frames, GstEvent *original)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstClockTime pts, duration;
  guint drop = (guint)MIN (stream->to_drop, frames);
  gst_mix_render_finish_interval (self);
  pass_time (self, frames);
  gst_mix_timeline_push (&stream->timeline, GST_CLOCK_TIME_NONE,
      GST_BUFFER_OFFSET_NONE, frames, FALSE);
  stream->to_drop -= drop;
  if (frames == drop)
    return TRUE;
  gst_mix_timeline_leave (&stream->timeline, frames - drop, &pts, &duration);
  GstEvent *event = gst_event_new_gap (pts, duration);
  GstGapFlags flags;
  gst_event_parse_gap_flags (original, &flags);
  gst_event_set_gap_flags (event, flags);
  gst_event_set_seqnum (event, gst_event_get_seqnum (original));
  return gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self), event);
}

/* While something rings, a gap becomes buffers that carry it; the rest is
 * forwarded. */
static gboolean
handle_gap (GstMixFilter *self, GstEvent *event)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  GstClockTime pts, duration;
  gst_event_parse_gap (event, &pts, &duration);
  guint64 left
      = gst_util_uint64_scale_round (duration, rate_of (self), GST_SECOND);
  gboolean jumps = gst_mix_timeline_is_jump (&stream->timeline, pts);
  if (jumps)
    flow = drain (self);
  gst_mix_timeline_push (&stream->timeline, pts, GST_BUFFER_OFFSET_NONE, 0,
      jumps || stream->restarts);
  stream->restarts = FALSE;
  while (left > 0 && flow == GST_FLOW_OK && !has_stopped_ringing (self)) {
    guint n = (guint)MIN (left, SILENCE_FRAMES);
    flow = extend_by_silence (self, n);
    left -= n;
  }
  return flow == GST_FLOW_OK && (left == 0 || forward_gap (self, left, event));
}

/* A gap that says how long it is: at least a frame. */
static gboolean
is_measurable_gap (GstMixFilter *self, GstEvent *event)
{
  GstClockTime pts, duration;
  gst_event_parse_gap (event, &pts, &duration);
  return GST_CLOCK_TIME_IS_VALID (duration)
         && duration >= GST_SECOND / rate_of (self);
}

/* The same clock, perhaps with another end: nothing is between the two. */
static gboolean
is_continued (const GstSegment *old, const GstSegment *new)
{
  return old->format == new->format && old->rate == new->rate
         && old->applied_rate == new->applied_rate && old->base == new->base
         && old->offset == new->offset && old->start == new->start
         && old->time == new->time;
}

/* Returns the segment to pass on: a tail rings beyond the end of what came in,
 * and audiomixer cuts off all that lies after `stop`. */
static GstEvent *
enter_segment (GstMixFilter *self, GstEvent *event)
{
  GstSegment segment, old = GST_BASE_TRANSFORM (self)->segment;
  gst_event_copy_segment (event, &segment);
  if ((GST_MIX_FILTER_GET_CLASS (self)->unit->flags & MIX_UNIT_TAIL)
      && segment.format == GST_FORMAT_TIME && segment.rate > 0
      && GST_CLOCK_TIME_IS_VALID (segment.stop)) {
    guint32 seqnum = gst_event_get_seqnum (event);
    segment.stop = GST_CLOCK_TIME_NONE;
    gst_event_unref (event);
    event = gst_event_new_segment (&segment);
    gst_event_set_seqnum (event, seqnum);
  }
  if (!GST_BASE_TRANSFORM (self)->have_segment
      || !is_continued (&old, &segment)) {
    drain (self);
    gst_mix_filter_private (self)->stream.restarts = TRUE;
  }
  return event;
}

static gboolean
is_new_caps (GstBaseTransform *trans, GstEvent *event)
{
  GstCaps *old = gst_pad_get_current_caps (GST_BASE_TRANSFORM_SINK_PAD (trans));
  GstCaps *new;
  gst_event_parse_caps (event, &new);
  gboolean differs = !old || !gst_caps_is_equal (old, new);
  gst_clear_caps (&old);
  return differs;
}

static gboolean
gst_mix_filter_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_EOS:
      finish (self);
      break;
    case GST_EVENT_CAPS:
      if (is_new_caps (trans, event)) {
        drain (self);
        if (stream->engine)
          gst_mix_render_finish_programme (self);
      }
      break;
    case GST_EVENT_STREAM_START:
      drain (self);
      stream->restarts = TRUE;
      break;
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
      drain (self);
      break;
    case GST_EVENT_SEGMENT:
      event = enter_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      restart (self);
      break;
    case GST_EVENT_GAP:
      if (!stream->engine)
        break;
      if (is_measurable_gap (self, event)) {
        gboolean handled = handle_gap (self, event);
        gst_event_unref (event);
        return handled;
      }
      drain (self);
      break;
    default:
      break;
  }
  return audio_filter_class ()->sink_event (trans, event);
}

/* ---- Negotiation, queries, states --------------------------------------- */

static gboolean
gst_mix_filter_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstMixFilter *self = GST_MIX_FILTER (filter);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  MixFormat format = gst_mix_layout_format (info);
  gboolean is_new = stream->engine == NULL;

  if (!gst_mix_settings_take (priv->settings, stream->params))
    gst_mix_settings_get_all (priv->settings, stream->params);
  if (is_new)
    stream->engine = gst_mix_engine_new (GST_MIX_FILTER_GET_CLASS (self)->unit);
  if (!gst_mix_engine_prepare (stream->engine, &format, stream->params)) {
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT,
        ("%s has not enough memory for %u channels at %u Hz.",
            GST_OBJECT_NAME (self), format.channels, format.rate),
        (NULL));
    if (is_new)
      g_clear_pointer (&stream->engine, gst_mix_engine_free);
    return FALSE;
  }
  gst_mix_timeline_init (&stream->timeline, format.rate);
  stream->to_drop = gst_mix_engine_latency (stream->engine);
  stream->held_back = FALSE;
  stream->restarts = TRUE;
  stream->is_fresh = TRUE;
  stream->interval.frames = 0;
  stream->programme.frames = 0;
  stream->flow = GST_FLOW_OK;
  return TRUE;
}

/* After GstAudioFilter has stored the new format, which messages need. */
static gboolean
gst_mix_filter_set_caps (
    GstBaseTransform *trans, GstCaps *in_caps, GstCaps *out_caps)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (!audio_filter_class ()->set_caps (trans, in_caps, out_caps))
    return FALSE;
  gst_mix_render_publish_latency (self);
  gst_mix_render_tell_remarks (self);
  return TRUE;
}

static gboolean
answer_latency (GstMixFilter *self, GstQuery *query)
{
  GstClockTime least, most, own;
  gboolean live;
  if (!gst_pad_peer_query (GST_BASE_TRANSFORM_SINK_PAD (self), query))
    return FALSE;
  gst_query_parse_latency (query, &live, &least, &most);
  GST_OBJECT_LOCK (self);
  own = gst_mix_filter_private (self)->latency_time;
  GST_OBJECT_UNLOCK (self);
  least += own;
  if (GST_CLOCK_TIME_IS_VALID (most))
    most += own;
  gst_query_set_latency (query, live, least, most);
  return TRUE;
}

static gboolean
gst_mix_filter_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  if (direction == GST_PAD_SRC && GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return answer_latency (GST_MIX_FILTER (trans), query);
  return audio_filter_class ()->query (trans, direction, query);
}

static gboolean
gst_mix_filter_stop (GstBaseTransform *trans)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (trans));
  g_clear_pointer (&priv->stream.engine, gst_mix_engine_free);
  priv->stream.warned_bad_samples = FALSE;
  memset (priv->stream.told, 0, sizeof priv->stream.told);
  GST_OBJECT_LOCK (trans);
  priv->latency_time = 0; /* the next pipeline is to be told anew */
  priv->latency_ms = 0;
  GST_OBJECT_UNLOCK (trans);
  return TRUE;
}

void
gst_mix_stream_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GST_AUDIO_FILTER_CLASS (klass)->setup = gst_mix_filter_setup;
  trans_class->set_caps = gst_mix_filter_set_caps;
  trans_class->before_transform = gst_mix_filter_before_transform;
  trans_class->transform_ip = gst_mix_filter_transform_ip;
  trans_class->generate_output = gst_mix_filter_generate_output;
  trans_class->sink_event = gst_mix_filter_sink_event;
  trans_class->query = gst_mix_filter_query;
  trans_class->stop = gst_mix_filter_stop;
}
