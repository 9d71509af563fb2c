/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object: its class, its life, its states. */
#include "filter-private.h"

static void element_init (gpointer g_iface, gpointer iface_data);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstMixFilter, gst_mix_filter,
    GST_TYPE_AUDIO_FILTER,
    G_ADD_PRIVATE (GstMixFilter)
        G_IMPLEMENT_INTERFACE (GST_TYPE_MIX_ELEMENT, element_init))

GstMixFilterPrivate *
gst_mix_filter_private (GstMixFilter *self)
{
  return gst_mix_filter_get_instance_private (self);
}

GstBaseTransformClass *
gst_mix_filter_parent_transform (void)
{
  return GST_BASE_TRANSFORM_CLASS (gst_mix_filter_parent_class);
}

/* ---- GstMixElement ------------------------------------------------------ */

static GstMixHost *
get_host (GstMixElement *element)
{
  return &gst_mix_filter_private (GST_MIX_FILTER (element))->host;
}

static void
element_init (gpointer g_iface, gpointer iface_data)
{
  GstMixElementInterface *iface = g_iface;
  (void)iface_data;
  iface->get_host = get_host;
}

/* ---- Life --------------------------------------------------------------- */

static void
gst_mix_filter_constructed (GObject *object)
{
  GstMixFilter *self = GST_MIX_FILTER (object);
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->constructed (object);
  gst_mix_host_init (
      &priv->host, GST_ELEMENT (self), &GST_MIX_FILTER_GET_CLASS (self)->host);
  gst_mix_stream_init (&priv->stream, &priv->host);
}

static void
gst_mix_filter_dispose (GObject *object)
{
  gst_mix_host_dispose (
      &gst_mix_filter_private (GST_MIX_FILTER (object))->host);
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->dispose (object);
}

static void
gst_mix_filter_finalize (GObject *object)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (object));
  g_queue_clear_full (&priv->held, (GDestroyNotify)gst_event_unref);
  gst_mix_stream_clear (&priv->stream);
  gst_mix_host_clear (&priv->host);
  G_OBJECT_CLASS (gst_mix_filter_parent_class)->finalize (object);
}

static GstStateChangeReturn
gst_mix_filter_change_state (GstElement *element, GstStateChange transition)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (GST_MIX_FILTER (element));
  if (!gst_mix_host_change_state (&priv->host, transition))
    return GST_STATE_CHANGE_FAILURE;
  return GST_ELEMENT_CLASS (gst_mix_filter_parent_class)
      ->change_state (element, transition);
}

/* ---- The class ---------------------------------------------------------- */

void
gst_mix_filter_class_set_unit (GstMixFilterClass *klass, const MixUnit *unit,
    const gchar *element, const gchar *long_name, const gchar *classification)
{
  gst_mix_host_class_set_unit (&klass->host, GST_ELEMENT_CLASS (klass), unit,
      element, long_name, classification);
}

static void
add_pad_templates (GstAudioFilterClass *klass)
{
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      GST_AUDIO_NE (F32), "layout", G_TYPE_STRING, "interleaved", "rate",
      GST_TYPE_INT_RANGE, 1, GST_MIX_MAX_RATE, "channels", GST_TYPE_INT_RANGE,
      1, MIX_MAX_CHANNELS, NULL);
  gst_audio_filter_class_add_pad_templates (klass, caps);
  gst_caps_unref (caps);
}

static void
gst_mix_filter_class_init (GstMixFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = gst_mix_filter_constructed;
  object_class->dispose = gst_mix_filter_dispose;
  object_class->finalize = gst_mix_filter_finalize;
  GST_ELEMENT_CLASS (klass)->change_state = gst_mix_filter_change_state;
  add_pad_templates (GST_AUDIO_FILTER_CLASS (klass));
  gst_mix_buffers_class_init (klass);
  gst_mix_ends_class_init (klass);
  gst_mix_negotiate_class_init (klass);
  gst_type_mark_as_plugin_api (GST_TYPE_MIX_FILTER, 0);
}

static void
gst_mix_filter_init (GstMixFilter *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  gst_base_transform_set_in_place (trans, TRUE);
  gst_base_transform_set_gap_aware (trans, TRUE);
}
