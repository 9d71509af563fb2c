/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caps and memory, the latency query, the end of streaming. */
#include "stream.h"

#include <string.h>

#include "layout.h"
#include "render.h"

static void
lack_memory (GstMixFilter *self, const MixFormat *format)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT,
      ("%s has not enough memory for %u channels at %u Hz.",
          GST_OBJECT_NAME (self), format->channels, format->rate),
      (NULL));
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
}

/* What a unit knows of a programme stays in the engine. */
static gboolean
gst_mix_filter_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstMixFilter *self = GST_MIX_FILTER (filter);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  MixFormat format = gst_mix_layout_format (info);

  if (stream->engine)
    gst_mix_render_leave_rate (self);
  if (!gst_mix_settings_take (priv->settings, stream->params))
    gst_mix_settings_get_all (priv->settings, stream->params);
  if (!stream->engine)
    stream->engine = gst_mix_engine_new (GST_MIX_FILTER_GET_CLASS (self)->unit);
  if (!stream->engine
      || !gst_mix_engine_prepare (stream->engine, &format, stream->params)) {
    lack_memory (self, &format);
    return FALSE;
  }
  gst_mix_timeline_restart (
      &stream->timeline, format.rate, gst_mix_engine_latency (stream->engine));
  stream->held_back = FALSE;
  stream->resumes = TRUE;
  stream->is_fresh = TRUE;
  stream->interval.frames = 0;
  memset (stream->told, 0, sizeof stream->told);
  return TRUE;
}

/* After GstAudioFilter has stored the new format, which messages need. */
static gboolean
gst_mix_filter_set_caps (
    GstBaseTransform *trans, GstCaps *in_caps, GstCaps *out_caps)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (!gst_mix_stream_parent_class ()->set_caps (trans, in_caps, out_caps))
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

/* What upstream would have if it could: NULL when it got it. */
static const GstCaps *
refused_caps (GstQuery *query)
{
  GstCaps *wanted, *possible;
  gboolean accepted;
  if (GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_parse_accept_caps (query, &wanted);
    gst_query_parse_accept_caps_result (query, &accepted);
    return accepted ? NULL : wanted;
  }
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return NULL;
  gst_query_parse_caps (query, &wanted);
  gst_query_parse_caps_result (query, &possible);
  return possible && gst_caps_is_empty (possible) ? wanted : NULL;
}

/* A header that claims a rate or a number of channels that no memory holds. The
 * refusal alone reads "not negotiated". */
static void
explain_refusal (GstMixFilter *self, GstQuery *query)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const GstCaps *caps = refused_caps (query);
  gint rate = 0, channels = 0;
  if (!caps || stream->warned_refusal || gst_caps_get_size (caps) == 0)
    return;
  const GstStructure *first = gst_caps_get_structure (caps, 0);
  gst_structure_get_int (first, "rate", &rate);
  gst_structure_get_int (first, "channels", &channels);
  if (rate <= GST_MIX_MAX_RATE && channels <= MIX_MAX_CHANNELS)
    return;
  gboolean is_rate = rate > GST_MIX_MAX_RATE;
  stream->warned_refusal = TRUE;
  gst_mix_filter_warn (self,
      "put audioresample or audioconvert in front, or look at the file: its "
      "header may be damaged",
      "%s cannot play %d %s, only up to %d", GST_OBJECT_NAME (self),
      is_rate ? rate : channels, is_rate ? "Hz" : "channels",
      is_rate ? GST_MIX_MAX_RATE : MIX_MAX_CHANNELS);
}

static gboolean
gst_mix_filter_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  GstMixFilter *self = GST_MIX_FILTER (trans);
  if (direction == GST_PAD_SRC && GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return answer_latency (self, query);
  gboolean answered
      = gst_mix_stream_parent_class ()->query (trans, direction, query);
  if (direction == GST_PAD_SINK)
    explain_refusal (self, query);
  return answered;
}

static gboolean
gst_mix_filter_stop (GstBaseTransform *trans)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (trans));
  GstMixStream *stream = &priv->stream;
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
  gst_mix_stream_clear (stream);
  stream->warned_bad_samples = stream->warned_refusal = FALSE;
  stream->programme = (GstMixStretch){ 0 };
  memset (stream->told, 0, sizeof stream->told);
  GST_OBJECT_LOCK (trans);
  priv->latency_time = 0; /* the next pipeline is to be told anew */
  priv->latency_ms = 0;
  GST_OBJECT_UNLOCK (trans);
  return TRUE;
}

void
gst_mix_negotiate_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GST_AUDIO_FILTER_CLASS (klass)->setup = gst_mix_filter_setup;
  trans_class->set_caps = gst_mix_filter_set_caps;
  trans_class->query = gst_mix_filter_query;
  trans_class->stop = gst_mix_filter_stop;
}
