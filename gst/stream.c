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
#include "filter-private.h"

#include <math.h>
#include <string.h>

/* Frames of the buffers that are made here: drained sound, tails, gaps. */
#define SILENCE_FRAMES 1024

/* Feeding longer silence than this changes nothing any more: envelopes and
 * tails are at rest. */
#define LONG_SILENCE_S 10

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

/* ---- Settings ------------------------------------------------------------ */

static void
publish_latency (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  guint frames = gst_mix_engine_latency (priv->stream.engine);
  guint rate = rate_of (self);
  GstClockTime time = gst_util_uint64_scale_ceil (frames, GST_SECOND, rate);
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = priv->latency_time != time;
  priv->latency_time = time;
  priv->latency_ms = frames * 1000.0 / rate;
  GST_OBJECT_UNLOCK (self);
  if (!changed)
    return;
  GST_DEBUG_OBJECT (self, "latency is now %u frames", frames);
  gst_element_post_message (
      GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
}

static void
tell_applied (GstMixFilter *self)
{
  GstMixFilterClass *klass = GST_MIX_FILTER_GET_CLASS (self);
  if (klass->settings_applied)
    klass->settings_applied (self,
        gst_mix_filter_private (self)->stream.params,
        GST_AUDIO_FILTER_INFO (self));
}

/* Gives the rows that move the latency their old values and says whether any
 * was to change. */
static gboolean
hold_back_latency (const MixUnit *unit, gconstpointer old, gpointer wanted)
{
  gboolean differs = FALSE;
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if ((row->flags & MIX_MOVES_LATENCY) == 0 ||
        mix_row_get (row, old) == mix_row_get (row, wanted))
      continue;
    differs = TRUE;
    mix_row_put (row, wanted, mix_row_get (row, old));
  }
  return differs;
}

/* Between buffers everything may change; within one, a new latency waits. */
static void
apply_within_buffer (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (!gst_mix_settings_take (priv->settings, stream->wanted))
    return;
  stream->held_back |=
      hold_back_latency (unit, stream->params, stream->wanted);
  memcpy (stream->params, stream->wanted, unit->params.size);
  gst_mix_engine_set (stream->engine, stream->params);
  tell_applied (self);
}

/* ---- Meters -------------------------------------------------------------- */

static void
post_readings (GstMixFilter *self, guint64 frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const MixTable *table = &GST_MIX_FILTER_GET_CLASS (self)->unit->readings;
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  guint64 lag = frames + gst_mix_engine_latency (stream->engine);
  GstClockTime pts = gst_mix_timeline_time (&stream->timeline,
      stream->metered_end > lag ? stream->metered_end - lag : 0);
  GstClockTime running = GST_CLOCK_TIME_NONE, position = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID (pts)) {
    running = gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
    position = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  }
  GstStructure *fields = gst_structure_new (
      GST_MIX_FILTER_GET_CLASS (self)->category->name, "timestamp",
      G_TYPE_UINT64, pts, "stream-time", G_TYPE_UINT64, position,
      "running-time", G_TYPE_UINT64, running, "duration", G_TYPE_UINT64,
      gst_util_uint64_scale (frames, GST_SECOND, rate_of (self)), NULL);
  for (guint i = 0; i < table->count; i++) {
    GValue value = G_VALUE_INIT;
    GParamSpec *pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (self), table->rows[i].name);
    g_value_init (&value, pspec->value_type);
    g_object_get_property (G_OBJECT (self), pspec->name, &value);
    gst_structure_take_value (fields, pspec->name, &value);
  }
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), fields));
}

static void
publish_readings (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (unit->readings.count == 0)
    return;
  gst_mix_engine_read (priv->stream.engine, priv->stream.readings);
  GST_OBJECT_LOCK (self);
  memcpy (priv->readings, priv->stream.readings, unit->readings.size);
  GST_OBJECT_UNLOCK (self);
}

/* Frames between two messages, 0 for no messages. */
static guint64
meter_frames (GstMixFilter *self)
{
  gdouble ms;
  GST_OBJECT_LOCK (self);
  ms = gst_mix_filter_private (self)->meter_interval_ms;
  GST_OBJECT_UNLOCK (self);
  return ms > 0 ? MAX (1, (guint64) (ms * rate_of (self) / 1000 + 0.5)) : 0;
}

static void
finish_meter_interval (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  publish_readings (self);
  post_readings (self, stream->metered);
  stream->metered = 0;
}

/* ---- Processing ---------------------------------------------------------- */

static gboolean
is_automated (GstMixFilter *self)
{
  GstObject **bands = gst_mix_filter_private (self)->bands;
  guint count = bands ? gst_mix_filter_count_bands (self) : 0;
  gboolean automated =
      gst_object_has_active_control_bindings (GST_OBJECT (self));
  for (guint i = 0; i < count && !automated; i++)
    automated = gst_object_has_active_control_bindings (bands[i]);
  return automated;
}

/* `frame` is the input frame the values are for. */
static void
sync_automation (GstMixFilter *self, guint64 frame)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  GstClockTime pts = gst_mix_timeline_time (&priv->stream.timeline, frame);
  GstClockTime time = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME)
    time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  gst_object_sync_values (GST_OBJECT (self), time);
  guint count = priv->bands ? gst_mix_filter_count_bands (self) : 0;
  for (guint i = 0; i < count; i++)
    if (gst_object_has_active_control_bindings (priv->bands[i]))
      gst_object_sync_values (priv->bands[i], time);
  apply_within_buffer (self);
}

static void
warn_of_bad_samples (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 bad = gst_mix_engine_take_bad_samples (stream->engine);
  if (bad == 0 || stream->warned_bad_samples)
    return;
  stream->warned_bad_samples = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, FORMAT,
      ("%s got samples that are no audio (NaN, infinite or beyond +180 dBFS) "
       "and plays silence for them.",
          GST_OBJECT_NAME (self)),
      ("%" G_GUINT64_FORMAT " in this buffer; look at what is upstream, this "
       "is said only once",
          bad));
}

/* Audio of `frames` frames whose first is input frame `first`, in place.
 * Walked in slices: meter intervals end exactly, and automation is read on a
 * grid of MIX_TICK frames however the stream is cut. */
static void
process_frames (GstMixFilter *self, gfloat *data, guint frames, guint64 first,
    gboolean silent)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  guint channels = GST_AUDIO_FILTER_CHANNELS (self);
  gboolean automated = is_automated (self);
  guint64 interval = meter_frames (self);

  for (guint done = 0, n; done < frames; done += n) {
    guint tick_left = MIX_TICK - (guint) ((first + done) % MIX_TICK);
    n = frames - done;
    if (automated) {
      if (tick_left == MIX_TICK)
        sync_automation (self, first + done);
      n = MIN (n, tick_left);
    }
    if (interval > 0)
      n = (guint) MIN (n, interval - MIN (stream->metered, interval - 1));
    gst_mix_engine_process (stream->engine, data + (gsize) done * channels, n,
        g_atomic_int_get (&priv->bypass), silent);
    stream->metered += n;
    stream->metered_end = first + done + n;
    if (interval > 0 && stream->metered >= interval)
      finish_meter_interval (self);
  }
  if (interval == 0 && frames > 0)
    publish_readings (self);
  warn_of_bad_samples (self);
}

/* The channel positions that the units know. */
static MixSpeaker
speaker_of (GstAudioChannelPosition position)
{
  switch (position) {
    case GST_AUDIO_CHANNEL_POSITION_NONE:
      return MIX_SPEAKER_NONE;
    case GST_AUDIO_CHANNEL_POSITION_MONO:
      return MIX_SPEAKER_MONO;
    case GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT:
      return MIX_SPEAKER_FRONT_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT:
      return MIX_SPEAKER_FRONT_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_FRONT_CENTER:
      return MIX_SPEAKER_FRONT_CENTER;
    case GST_AUDIO_CHANNEL_POSITION_LFE1:
    case GST_AUDIO_CHANNEL_POSITION_LFE2:
      return MIX_SPEAKER_LFE;
    case GST_AUDIO_CHANNEL_POSITION_REAR_LEFT:
      return MIX_SPEAKER_REAR_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_REAR_RIGHT:
      return MIX_SPEAKER_REAR_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_REAR_CENTER:
      return MIX_SPEAKER_REAR_CENTER;
    case GST_AUDIO_CHANNEL_POSITION_SIDE_LEFT:
    case GST_AUDIO_CHANNEL_POSITION_SURROUND_LEFT:
      return MIX_SPEAKER_SIDE_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_SIDE_RIGHT:
    case GST_AUDIO_CHANNEL_POSITION_SURROUND_RIGHT:
      return MIX_SPEAKER_SIDE_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT_OF_CENTER:
      return MIX_SPEAKER_FRONT_LEFT_OF_CENTER;
    case GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT_OF_CENTER:
      return MIX_SPEAKER_FRONT_RIGHT_OF_CENTER;
    case GST_AUDIO_CHANNEL_POSITION_TOP_FRONT_LEFT:
      return MIX_SPEAKER_TOP_FRONT_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_TOP_FRONT_RIGHT:
      return MIX_SPEAKER_TOP_FRONT_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_TOP_REAR_LEFT:
      return MIX_SPEAKER_TOP_REAR_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_TOP_REAR_RIGHT:
      return MIX_SPEAKER_TOP_REAR_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_TOP_SIDE_LEFT:
      return MIX_SPEAKER_TOP_SIDE_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_TOP_SIDE_RIGHT:
      return MIX_SPEAKER_TOP_SIDE_RIGHT;
    case GST_AUDIO_CHANNEL_POSITION_WIDE_LEFT:
      return MIX_SPEAKER_WIDE_LEFT;
    case GST_AUDIO_CHANNEL_POSITION_WIDE_RIGHT:
      return MIX_SPEAKER_WIDE_RIGHT;
    default:
      return MIX_SPEAKER_OTHER;
  }
}

static MixFormat
format_of (const GstAudioInfo *info)
{
  MixFormat format = { .rate = (guint) GST_AUDIO_INFO_RATE (info),
    .channels = (guint) GST_AUDIO_INFO_CHANNELS (info) };
  for (guint i = 0; i < format.channels; i++)
    format.speakers[i] = speaker_of (GST_AUDIO_INFO_POSITION (info, i));
  return format;
}

/* ---- Buffers ------------------------------------------------------------- */

/* Cuts `drop` frames off the front and leaves `keep`. */
static void
trim_buffer (GstMixFilter *self, GstBuffer *buffer, guint drop, guint keep)
{
  gsize size = (gsize) keep * frame_size (self);
  GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (size == gst_buffer_get_size (buffer))
    return;
  gst_buffer_resize (buffer, (gssize) drop * frame_size (self), (gssize) size);
  if (meta)
    meta->samples = keep;
}

/* The level that upstream noted is not the level any more. */
static void
remove_level_meta (GstBuffer *buffer)
{
  GstAudioLevelMeta *meta = gst_buffer_get_audio_level_meta (buffer);
  if (meta)
    gst_buffer_remove_meta (buffer, (GstMeta *) meta);
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
  guint frames = (guint) (map.size / frame_size (self));
  if (silent)
    memset (map.data, 0, map.size);
  process_frames (self, (gfloat *) map.data, frames, first, silent);
  gst_buffer_unmap (buffer, &map);

  guint drop = MIN (stream->to_drop, frames), keep = frames - drop;
  stream->to_drop -= drop;
  if (frames > 0 && keep == 0)
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  trim_buffer (self, buffer, drop, keep);
  remove_level_meta (buffer);
  mark_gap (self, buffer, frames);
  gst_mix_timeline_stamp (&stream->timeline, buffer, keep);
  return GST_FLOW_OK;
}

/* Processes `frames` of silence from input frame `first` on and pushes what
 * comes out. */
static GstFlowReturn
push_silence (GstMixFilter *self, guint frames, guint64 first)
{
  gsize size = (gsize) frames * frame_size (self);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = process_buffer (self, buffer, first);
  if (flow == GST_FLOW_OK)
    return gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), buffer);
  gst_buffer_unref (buffer);
  return flow == GST_BASE_TRANSFORM_FLOW_DROPPED ? GST_FLOW_OK : flow;
}

/* Gets out all that came in; the look-ahead starts anew after. */
static GstFlowReturn
drain (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  if (!stream->engine || stream->timeline.in == stream->timeline.out)
    return GST_FLOW_OK;
  guint left = gst_mix_engine_latency (stream->engine);
  GST_DEBUG_OBJECT (self, "draining %u frames", left);
  for (guint n; left > 0 && flow == GST_FLOW_OK; left -= n) {
    n = MIN (left, SILENCE_FRAMES);
    flow = push_silence (self, n, stream->timeline.in);
  }
  stream->timeline.out = stream->timeline.in;
  stream->to_drop = gst_mix_engine_latency (stream->engine);
  return flow;
}

/* Between buffers: new settings take effect whole. */
static GstFlowReturn
apply_between_buffers (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  GstFlowReturn flow = GST_FLOW_OK;

  if (stream->held_back)
    gst_mix_settings_get_all (priv->settings, stream->wanted);
  if (!gst_mix_settings_take (priv->settings, stream->wanted) &&
      !stream->held_back)
    return GST_FLOW_OK;
  stream->held_back = FALSE;
  gpointer held = g_memdup2 (stream->wanted, unit->params.size);
  if (hold_back_latency (unit, stream->params, held))
    flow = drain (self);
  g_free (held);
  memcpy (stream->params, stream->wanted, unit->params.size);
  guint old_latency = gst_mix_engine_latency (stream->engine);
  gst_mix_engine_set (stream->engine, stream->params);
  if (gst_mix_engine_latency (stream->engine) != old_latency) {
    stream->to_drop = gst_mix_engine_latency (stream->engine);
    publish_latency (self);
  }
  tell_applied (self);
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
  gboolean jumps = GST_BUFFER_IS_DISCONT (buffer) ||
      gst_mix_timeline_is_jump (&stream->timeline, pts);
  GstFlowReturn drained = jumps ? drain (self) : GST_FLOW_OK;
  GstFlowReturn applied = apply_between_buffers (self);
  stream->flow = drained != GST_FLOW_OK ? drained : applied;
  gst_mix_timeline_push (&stream->timeline, pts, GST_BUFFER_OFFSET (buffer),
      gst_buffer_get_size (buffer) / frame_size (self),
      jumps || stream->restarts);
  stream->restarts = FALSE;
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

/* ---- Ends and gaps ------------------------------------------------------- */

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
  gst_mix_timeline_push (timeline, GST_CLOCK_TIME_NONE, GST_BUFFER_OFFSET_NONE,
      frames, FALSE);
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
  guint64 left = (guint64) (ms * rate_of (self) / 1000);
  while (left > 0 && flow == GST_FLOW_OK && !has_stopped_ringing (self)) {
    guint n = (guint) MIN (left, SILENCE_FRAMES);
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
  stream->metered = 0;
}

static void
finish (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!stream->engine)
    return;
  gboolean started = GST_CLOCK_TIME_IS_VALID (stream->timeline.pts) ||
      stream->timeline.in > 0;
  drain (self);
  if (started &&
      (GST_MIX_FILTER_GET_CLASS (self)->unit->flags & MIX_UNIT_TAIL))
    push_tail (self);
  if (stream->metered > 0 && meter_frames (self) > 0)
    finish_meter_interval (self);
  restart (self);
}

/* What is inside stays aware of the time that passes, up to a length after
 * which everything is at rest. Nothing is pushed. */
static void
pass_time (GstMixFilter *self, guint64 frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 left = MIN (frames, (guint64) LONG_SILENCE_S * rate_of (self));
  gfloat *data = g_malloc ((gsize) SILENCE_FRAMES * frame_size (self));
  for (guint n; left > 0; left -= n) {
    n = (guint) MIN (left, SILENCE_FRAMES);
    memset (data, 0, (gsize) n * frame_size (self));
    gst_mix_engine_process (stream->engine, data, n,
        g_atomic_int_get (&gst_mix_filter_private (self)->bypass), TRUE);
  }
  g_free (data);
}

/* The rest of a gap as an event, on the timeline of what leaves. */
static gboolean
forward_gap (GstMixFilter *self, guint64 frames)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstClockTime pts, duration;
  guint drop = (guint) MIN (stream->to_drop, frames);
  pass_time (self, frames);
  gst_mix_timeline_push (&stream->timeline, GST_CLOCK_TIME_NONE,
      GST_BUFFER_OFFSET_NONE, frames, FALSE);
  stream->to_drop -= drop;
  if (frames == drop)
    return TRUE;
  gst_mix_timeline_leave (&stream->timeline, frames - drop, &pts, &duration);
  return gst_pad_push_event (
      GST_BASE_TRANSFORM_SRC_PAD (self), gst_event_new_gap (pts, duration));
}

/* While something rings, a gap becomes buffers that carry it; the rest is
 * forwarded. */
static gboolean
handle_gap (GstMixFilter *self, GstClockTime pts, GstClockTime duration)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstFlowReturn flow = GST_FLOW_OK;
  guint64 left = gst_util_uint64_scale_round (
      duration, rate_of (self), GST_SECOND);
  gboolean jumps = gst_mix_timeline_is_jump (&stream->timeline, pts);
  if (jumps)
    flow = drain (self);
  gst_mix_timeline_push (&stream->timeline, pts, GST_BUFFER_OFFSET_NONE, 0,
      jumps || stream->restarts);
  stream->restarts = FALSE;
  while (left > 0 && flow == GST_FLOW_OK && !has_stopped_ringing (self)) {
    guint n = (guint) MIN (left, SILENCE_FRAMES);
    flow = extend_by_silence (self, n);
    left -= n;
  }
  return flow == GST_FLOW_OK && (left == 0 || forward_gap (self, left));
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
  GstClockTime pts, duration;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_EOS:
      finish (self);
      break;
    case GST_EVENT_CAPS:
      if (is_new_caps (trans, event))
        drain (self);
      break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT:
      drain (self);
      stream->restarts = TRUE;
      break;
    case GST_EVENT_FLUSH_STOP:
      restart (self);
      break;
    case GST_EVENT_GAP:
      gst_event_parse_gap (event, &pts, &duration);
      if (!stream->engine || !GST_CLOCK_TIME_IS_VALID (duration))
        break;
      gst_event_unref (event);
      return handle_gap (self, pts, duration);
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (
      g_type_class_peek (GST_TYPE_AUDIO_FILTER))
      ->sink_event (trans, event);
}

/* ---- Negotiation, queries, states ---------------------------------------- */

static gboolean
gst_mix_filter_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstMixFilter *self = GST_MIX_FILTER (filter);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  MixFormat format = format_of (info);

  if (!gst_mix_settings_take (priv->settings, stream->params))
    gst_mix_settings_get_all (priv->settings, stream->params);
  if (!stream->engine)
    stream->engine =
        gst_mix_engine_new (GST_MIX_FILTER_GET_CLASS (self)->unit);
  if (!gst_mix_engine_prepare (stream->engine, &format, stream->params)) {
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT,
        ("%s has not enough memory for %u channels at %u Hz.",
            GST_OBJECT_NAME (self), format.channels, format.rate),
        (NULL));
    return FALSE;
  }
  gst_mix_timeline_init (&stream->timeline, format.rate);
  stream->to_drop = gst_mix_engine_latency (stream->engine);
  stream->held_back = FALSE;
  stream->restarts = TRUE;
  stream->metered = 0;
  stream->flow = GST_FLOW_OK;
  return TRUE;
}

/* After GstAudioFilter has stored the new format, which messages need. */
static gboolean
gst_mix_filter_set_caps (
    GstBaseTransform *trans, GstCaps *in_caps, GstCaps *out_caps)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (!GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_AUDIO_FILTER))
           ->set_caps (trans, in_caps, out_caps))
    return FALSE;
  publish_latency (self);
  tell_applied (self);
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
  return GST_BASE_TRANSFORM_CLASS (g_type_class_peek (GST_TYPE_AUDIO_FILTER))
      ->query (trans, direction, query);
}

static gboolean
gst_mix_filter_stop (GstBaseTransform *trans)
{
  GstMixStream *stream =
      &gst_mix_filter_private (GST_MIX_FILTER (trans))->stream;
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
  stream->warned_bad_samples = FALSE;
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
  trans_class->sink_event = gst_mix_filter_sink_event;
  trans_class->query = gst_mix_filter_query;
  trans_class->stop = gst_mix_filter_stop;
}
