/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "float_decoder.h"

#include <gst/audio/audio.h>

#include "element.h"

#define LOSSY                                                                  \
  "audio/mpeg; audio/x-opus; audio/x-vorbis; audio/x-ac3; audio/x-eac3; "      \
  "audio/x-dts; audio/x-wma; audio/x-atrac; audio/x-musepack"
#define FLOATS "audio/x-raw, format={ F32LE, F32BE, F64LE, F64BE }"

/* ---- Factories ---------------------------------------------------------- */

static gboolean
has_caps (GstElementFactory *factory, GstPadDirection direction,
    const gchar *wanted_caps)
{
  g_autoptr (GstCaps) wanted = gst_caps_from_string (wanted_caps);
  const GList *item = gst_element_factory_get_static_pad_templates (factory);
  for (; item; item = item->next) {
    GstStaticPadTemplate *pad = item->data;
    g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (pad);
    if (pad->direction == direction && !gst_caps_is_any (caps)
        && gst_caps_can_intersect (caps, wanted))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_lossy (GstElementFactory *factory)
{
  return gst_element_factory_list_is_type (
             factory, GST_ELEMENT_FACTORY_TYPE_DECODER
                          | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO)
         && has_caps (factory, GST_PAD_SINK, LOSSY);
}

/* decodebin tries the highest rank first. The order of float decoders among
 * themselves stays. */
static gpointer
rank_floats_first (gpointer unused)
{
  GList *all = gst_element_factory_list_get_elements (
      GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO,
      GST_RANK_MARGINAL);
  for (GList *item = all; item; item = item->next) {
    GstPluginFeature *feature = item->data;
    if (is_lossy (item->data) && has_caps (item->data, GST_PAD_SRC, FLOATS))
      gst_plugin_feature_set_rank (feature,
          gst_plugin_feature_get_rank (feature) + 2 * GST_RANK_PRIMARY);
  }
  gst_plugin_feature_list_free (all);
  return unused;
}

/* ---- decodebin's signals --------------------------------------------------
 */

/* A decoder of several formats uses the first that downstream accepts. While
 * decodebin builds its chain nothing is downstream, so the caps query is
 * answered here, float formats first. */
static gboolean
answer_query (GstElement *bin, GstPad *pad, GstElement *decoder,
    GstQuery *query, gpointer unused)
{
  GstElementFactory *factory = gst_element_get_factory (decoder);
  GstCaps *filter;
  (void)bin, (void)pad, (void)unused;
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS || !factory
      || !is_lossy (factory) || !has_caps (factory, GST_PAD_SRC, FLOATS))
    return FALSE;
  g_autoptr (GstCaps) any = gst_caps_from_string (FLOATS "; audio/x-raw");
  gst_query_parse_caps (query, &filter);
  g_autoptr (GstCaps) caps
      = filter ? gst_caps_intersect_full (any, filter, GST_CAPS_INTERSECT_FIRST)
               : gst_caps_ref (any);
  gst_query_set_caps_result (query, caps);
  return TRUE;
}

/* Offsets in the head of an Opus stream (RFC 7845, 5.1): the output gain and
 * the channel mapping. */
#define OPUS_GAIN 16
#define OPUS_MAPPING 18

static gboolean
has_opus_gain_or_mapping (const GstStructure *caps)
{
  const GValue *list = gst_structure_get_value (caps, "streamheader");
  guint8 head[OPUS_MAPPING + 1] = { 0 };
  if (!list || !GST_VALUE_HOLDS_ARRAY (list)
      || gst_value_array_get_size (list) == 0)
    return FALSE;
  GstBuffer *buffer
      = gst_value_get_buffer (gst_value_array_get_value (list, 0));
  gst_buffer_extract (buffer, 0, head, sizeof head);
  return GST_READ_UINT16_LE (head + OPUS_GAIN) != 0 || head[OPUS_MAPPING] != 0;
}

/* libav's Opus decoder is not given the head, so it would apply neither. */
static gint
select_factory (GstElement *bin, GstPad *pad, GstCaps *caps,
    GstElementFactory *factory, gpointer unused)
{
  enum { TRY, EXPOSE, SKIP };
  const GstStructure *fields = gst_caps_get_structure (caps, 0);
  (void)bin, (void)pad, (void)unused;
  return g_str_equal (GST_OBJECT_NAME (factory), "avdec_opus")
                 && has_opus_gain_or_mapping (fields)
             ? SKIP
             : TRY;
}

void
float_decoder_prefer (GstElement *pipeline)
{
  static GOnce once = G_ONCE_INIT;
  g_autoptr (GPtrArray) decoders = element_find (pipeline, "decodebin");
  g_once (&once, rank_floats_first, NULL);
  for (guint i = 0; i < decoders->len; i++)
    g_object_connect (decoders->pdata[i], "signal::autoplug-query",
        G_CALLBACK (answer_query), NULL, "signal::autoplug-select",
        G_CALLBACK (select_factory), NULL, NULL);
}

static gboolean
puts_out_integers (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;
  GstAudioInfo info;
  return caps && factory && is_lossy (factory)
         && gst_audio_info_from_caps (&info, caps)
         && GST_AUDIO_INFO_IS_INTEGER (&info);
}

gboolean
float_decoder_is_missing (GstElement *pipeline)
{
  g_autoptr (GPtrArray) elements = element_find (pipeline, NULL);
  for (guint i = 0; i < elements->len; i++)
    if (puts_out_integers (elements->pdata[i]))
      return TRUE;
  return FALSE;
}
