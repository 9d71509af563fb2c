/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caps, the latency query, the end of streaming. */
#include "filter-private.h"
#include "stream/layout.h"

static gboolean
gst_mix_filter_setup (GstAudioFilter *filter, const GstAudioInfo *info)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (filter));
  const MixFormat format = gst_mix_layout_format (info);
  priv->resumes = TRUE;
  return gst_mix_stream_prepare (&priv->stream, &format);
}

static gboolean
query_upstream_latency (GstMixFilter *self, GstQuery *query)
{
  return gst_pad_peer_query (GST_BASE_TRANSFORM_SINK_PAD (self), query);
}

static gboolean
answer_latency (GstMixFilter *self, GstQuery *query)
{
  GstClockTime least, most;
  gboolean live;
  if (!GST_MIX_FILTER_GET_CLASS (self)->query_upstream_latency (self, query))
    return FALSE;
  gst_query_parse_latency (query, &live, &least, &most);
  GstClockTime own
      = gst_mix_host_latency (&gst_mix_filter_private (self)->host);
  least += own;
  if (GST_CLOCK_TIME_IS_VALID (most))
    most += own;
  gst_query_set_latency (query, live, least, most);
  return TRUE;
}

/* The caps that upstream wants and cannot have, NULL if it can. */
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

/* Warns of a rate or a number of channels beyond the limits, as damaged headers
 * have. Without it the error is just "not negotiated". */
static void
explain_refusal (GstMixFilter *self, GstQuery *query)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const GstCaps *caps = refused_caps (query);
  gint rate = 0, channels = 0;
  if (!caps || priv->warned_refusal || gst_caps_get_size (caps) == 0)
    return;
  const GstStructure *first = gst_caps_get_structure (caps, 0);
  gst_structure_get_int (first, "rate", &rate);
  gst_structure_get_int (first, "channels", &channels);
  if (rate <= GST_MIX_MAX_RATE && channels <= MIX_MAX_CHANNELS)
    return;
  gboolean is_rate = rate > GST_MIX_MAX_RATE;
  priv->warned_refusal = TRUE;
  gst_mix_host_warn (&priv->host,
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
      = gst_mix_filter_parent_transform ()->query (trans, direction, query);
  if (direction == GST_PAD_SINK)
    explain_refusal (self, query);
  return answered;
}

static gboolean
gst_mix_filter_stop (GstBaseTransform *trans)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (trans));
  gst_mix_stream_stop (&priv->stream);
  g_queue_clear_full (&priv->held, (GDestroyNotify)gst_event_unref);
  priv->warned_refusal = FALSE;
  return TRUE;
}

void
gst_mix_negotiate_class_init (GstMixFilterClass *klass)
{
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);
  GST_AUDIO_FILTER_CLASS (klass)->setup = gst_mix_filter_setup;
  klass->query_upstream_latency = query_upstream_latency;
  trans_class->query = gst_mix_filter_query;
  trans_class->stop = gst_mix_filter_stop;
}
