/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events: the ends of streams, tails, gaps, segments.
 *
 * EOS and new caps end the sound: it is drained. STREAM_START and SEGMENT do
 * not; the next buffer shows whether the running time is continuous
 * (buffers.c). SEGMENT_DONE does not either, because draining there would make
 * every loop audible: an application waits for it before it sends the next
 * segment.
 */
#include <string.h>

#include "filter-private.h"

/* Length of the fade-out of a tail that is cut short. */
#define TAIL_FADE_MS 20

static gboolean
has_tail (GstMixFilter *self)
{
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->host.unit;
  return (unit->flags & MIX_UNIT_TAIL) != 0;
}

static gboolean
has_died_away (const GstMixFilterPrivate *priv)
{
  return gst_mix_engine_is_quiet (priv->stream.engine, 0);
}

/* ---- The tail ------------------------------------------------------------ */

/* The current limit of the tail's length, in frames. */
static guint64
tail_limit (GstMixFilterPrivate *priv)
{
  gdouble ms = gst_mix_host_tail_max_ms (&priv->host);
  if (g_atomic_int_get (&priv->tail_ends)
      || gst_mix_host_is_bypassed (&priv->host))
    return 0;
  return (guint64)(ms * gst_mix_stream_rate (&priv->stream) / 1000);
}

/* The limit is read again for each buffer: an application that takes the
 * element out of a live pipeline need not wait. */
static void
push_tail (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const guint64 fade
      = (guint64)TAIL_FADE_MS * gst_mix_stream_rate (&priv->stream) / 1000;
  GstFlowReturn flow = GST_FLOW_OK;
  guint64 done = 0;
  while (flow == GST_FLOW_OK && !has_died_away (priv)) {
    guint64 limit = tail_limit (priv);
    guint64 last = done > 0 ? fade : MIN (fade, limit);
    if (done + last >= limit) {
      if (last > 0)
        gst_mix_filter_extend (self, (guint)last, TRUE);
      return;
    }
    guint64 n = MIN (GST_MIX_SILENCE_FRAMES, limit - last - done);
    flow = gst_mix_filter_extend (self, (guint)n, FALSE);
    done += n;
  }
}

/* Drains and then plays the tail, unless the end is a cut. */
static void
play_tail (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  guint latency = gst_mix_engine_latency (stream->engine);
  if (!has_tail (self) || priv->is_cut || gst_mix_host_is_bypassed (&priv->host)
      || !gst_mix_timeline_has_begun (&stream->timeline))
    return;
  g_atomic_int_set (&priv->tail_ends, FALSE);
  g_atomic_int_set (&priv->tail_runs, TRUE);
  if (latency > 0)
    gst_mix_filter_extend (self, latency, FALSE);
  push_tail (self);
  g_atomic_int_set (&priv->tail_runs, FALSE);
  /* what is inside now lies behind the end of the tail */
  gst_mix_timeline_restart (
      &stream->timeline, gst_mix_stream_rate (stream), latency);
}

/* ---- EOS ----------------------------------------------------------------- */

static void
finish (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!stream->engine)
    return;
  play_tail (self);
  gst_mix_filter_drain (self);
  gst_mix_stream_end_programme (stream);
  gst_mix_filter_restart (self);
}

/* ---- Gaps ---------------------------------------------------------------- */

static gboolean
push_gap (GstMixFilter *self, const GstMixPiece *piece, GstEvent *original)
{
  if (piece->is_padding || piece->frames == 0
      || !GST_CLOCK_TIME_IS_VALID (piece->pts))
    return TRUE;
  GstEvent *event = gst_event_new_gap (piece->pts, piece->duration);
  GstGapFlags flags;
  gst_event_parse_gap_flags (original, &flags);
  gst_event_set_gap_flags (event, flags);
  gst_event_set_seqnum (event, gst_event_get_seqnum (original));
  return gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self), event);
}

/* Forwards the rest of a gap as events, with the timestamps of what leaves. */
static gboolean
forward_gap (GstMixFilter *self, guint frames, GstEvent *original)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstMixPiece piece;
  gboolean pushed = TRUE;
  gst_mix_stream_skip (stream, frames);
  gst_mix_filter_skip_key (self);
  for (; frames > 0; frames -= piece.frames) {
    gst_mix_timeline_leave (&stream->timeline, frames, &piece);
    gst_mix_filter_push_events (self, piece.events);
    pushed = push_gap (self, &piece, original) && pushed;
  }
  return pushed;
}

/* The length of a gap in frames, up to the end of the segment. */
static guint
gap_frames (
    const GstMixFilterPrivate *priv, GstClockTime pts, GstClockTime duration)
{
  const GstSegment *segment = &priv->segment;
  if (segment->format == GST_FORMAT_TIME && segment->rate > 0
      && GST_CLOCK_TIME_IS_VALID (segment->stop))
    duration = pts < segment->stop ? MIN (duration, segment->stop - pts) : 0;
  guint64 frames = gst_util_uint64_scale_round (
      duration, gst_mix_stream_rate (&priv->stream), GST_SECOND);
  return (guint)MIN (frames, G_MAXINT);
}

/* While the unit rings, a gap becomes buffers; the rest is forwarded. */
static gboolean
handle_gap (GstMixFilter *self, GstEvent *event)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstClockTime pts, duration;
  gst_event_parse_gap (event, &pts, &duration);
  guint left = gap_frames (priv, pts, duration);
  GstFlowReturn flow
      = gst_mix_filter_enter (self, pts, GST_BUFFER_OFFSET_NONE, FALSE);
  while (left > 0 && flow == GST_FLOW_OK && !has_died_away (priv)) {
    guint n = MIN (left, GST_MIX_SILENCE_FRAMES);
    flow = gst_mix_filter_extend (self, n, FALSE);
    left -= n;
  }
  return flow == GST_FLOW_OK && (left == 0 || forward_gap (self, left, event));
}

/* Whether a gap has a duration of at least a frame. */
static gboolean
is_measurable_gap (const GstMixStream *stream, GstEvent *event)
{
  GstClockTime pts, duration;
  gst_event_parse_gap (event, &pts, &duration);
  return GST_CLOCK_TIME_IS_VALID (duration)
         && duration >= GST_SECOND / gst_mix_stream_rate (stream);
}

static gboolean
take_gap (GstMixFilter *self, GstEvent *event)
{
  const GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (stream->engine && is_measurable_gap (stream, event)) {
    gboolean handled = handle_gap (self, event);
    gst_event_unref (event);
    return handled;
  }
  gst_mix_filter_drain (self);
  return gst_mix_filter_pass_event (self, event);
}

/* ---- Segments and tracks ------------------------------------------------- */

/* Whether the segment's stop was set by an application, in a seek. A demuxer's
 * stop is just the end of its file. (Sound that comes in beyond a stop shows a
 * cut as well, see buffers.c.) */
static gboolean
is_cut (GstMixFilter *self, GstEvent *event)
{
  guint32 seqnum;
  GST_OBJECT_LOCK (self);
  seqnum = gst_mix_filter_private (self)->cut_seqnum;
  GST_OBJECT_UNLOCK (self);
  return seqnum == gst_event_get_seqnum (event);
}

/* Returns the segment to pass on, without a stop if a tail may follow it:
 * audiomixer drops all sound after the stop. */
static GstEvent *
enter_segment (GstMixFilter *self, GstEvent *event)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstSegment open;
  gst_event_copy_segment (event, &priv->segment);
  open = priv->segment;
  priv->resumes = TRUE;
  priv->is_cut = is_cut (self, event);
  if (!has_tail (self) || priv->is_cut || open.format != GST_FORMAT_TIME
      || open.rate < 0 || !GST_CLOCK_TIME_IS_VALID (open.stop))
    return event;
  guint32 seqnum = gst_event_get_seqnum (event);
  open.stop = GST_CLOCK_TIME_NONE;
  gst_event_unref (event);
  event = gst_event_new_segment (&open);
  gst_event_set_seqnum (event, seqnum);
  return event;
}

static void
enter_track (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  priv->resumes = TRUE;
  if (!stream->engine || !gst_mix_engine_track_ends (stream->engine))
    return;
  gst_mix_meters_finish_interval (stream);
  gst_mix_stream_end_programme (stream);
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

/* A flush discards the sound. Held sticky events, which describe the stream,
 * are kept. */
static gboolean
flush (GstMixFilter *self, GstEvent *event)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  if (priv->stream.engine)
    gst_mix_engine_flush (priv->stream.engine);
  gst_mix_filter_restart (self);
  gboolean passed
      = gst_mix_filter_parent_transform ()->sink_event (trans, event);
  while (!g_queue_is_empty (&priv->held)) {
    GstEvent *held = g_queue_pop_head (&priv->held);
    if (GST_EVENT_IS_STICKY (held)
        && GST_EVENT_TYPE (held) != GST_EVENT_SEGMENT)
      gst_mix_filter_parent_transform ()->sink_event (trans, held);
    else
      gst_event_unref (held);
  }
  return passed;
}

/* ---- Events in ----------------------------------------------------------- */

static gboolean
gst_mix_filter_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_EOS:
      finish (self);
      break;
    case GST_EVENT_CAPS:
      if (is_new_caps (trans, event))
        gst_mix_filter_drain (self);
      break;
    case GST_EVENT_FLUSH_STOP:
      return flush (self, event);
    case GST_EVENT_GAP:
      return take_gap (self, event);
    case GST_EVENT_STREAM_START:
      enter_track (self);
      return gst_mix_filter_pass_event (self, event);
    case GST_EVENT_SEGMENT:
      return gst_mix_filter_pass_event (self, enter_segment (self, event));
    case GST_EVENT_SEGMENT_DONE:
      break;
    default:
      if (GST_EVENT_IS_SERIALIZED (event))
        return gst_mix_filter_pass_event (self, event);
      break;
  }
  return gst_mix_filter_parent_transform ()->sink_event (trans, event);
}

/* A seek that does not flush waits for the streaming thread, so it ends a tail.
 */
static gboolean
gst_mix_filter_src_event (GstBaseTransform *trans, GstEvent *event)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (trans));
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK) {
    GstSeekType stop_type;
    gint64 stop;
    gst_event_parse_seek (
        event, NULL, NULL, NULL, NULL, NULL, &stop_type, &stop);
    GST_OBJECT_LOCK (trans);
    priv->cut_seqnum = stop_type != GST_SEEK_TYPE_NONE && stop >= 0
                           ? gst_event_get_seqnum (event)
                           : GST_SEQNUM_INVALID;
    GST_OBJECT_UNLOCK (trans);
    if (g_atomic_int_get (&priv->tail_runs))
      g_atomic_int_set (&priv->tail_ends, TRUE);
  }
  return gst_mix_filter_parent_transform ()->src_event (trans, event);
}

void
gst_mix_ends_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  trans_class->sink_event = gst_mix_filter_sink_event;
  trans_class->src_event = gst_mix_filter_src_event;
}
