/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decode.h"

#include <glib/gstdio.h>
#include <gst/audio/audio.h>
#include <string.h>

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

/* decodebin takes the highest rank. Among floats nothing changes. */
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

/* ---- Formats ------------------------------------------------------------ */

/* A decoder of many formats takes the first that downstream takes; nothing is
 * downstream yet while decodebin puts it together. */
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

/* The head of an Opus stream (RFC 7845, 5.1): where its decoder finds a gain,
 * and a channel mapping. */
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

/* libav's decoder of Opus does not get the head: it knows of neither. */
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

static gboolean
is_made_by (GstElement *element, const gchar *name)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  return factory && g_str_equal (GST_OBJECT_NAME (factory), name);
}

/* ---- Whether anything came ---------------------------------------------- */

#define HEARD "mix-heard"

/* Where a file is cut between two of its chunks, wavparse sends empty buffers
 * for ever, and without a segment. They are no sound. */
static GstPadProbeReturn
hear (GstPad *pad, GstPadProbeInfo *info, gpointer decoder)
{
  (void)pad;
  if (gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)) == 0)
    return GST_PAD_PROBE_DROP;
  if (!g_object_get_data (decoder, HEARD))
    g_object_set_data (decoder, HEARD, GINT_TO_POINTER (TRUE));
  return GST_PAD_PROBE_OK;
}

static void
listen (GstElement *decoder, GstPad *pad, gpointer unused)
{
  (void)unused;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, hear, decoder, NULL);
}

static void
watch_decoder (const GValue *item, gpointer unused)
{
  GstElement *element = g_value_get_object (item);
  (void)unused;
  if (!is_made_by (element, "decodebin"))
    return;
  g_signal_connect (element, "autoplug-query", G_CALLBACK (answer_query), NULL);
  g_signal_connect (
      element, "autoplug-select", G_CALLBACK (select_factory), NULL);
  g_signal_connect (element, "pad-added", G_CALLBACK (listen), NULL);
}

static void
for_each (
    GstElement *pipeline, GstIteratorForeachFunction function, gpointer data)
{
  GstIterator *all = gst_bin_iterate_recurse (GST_BIN (pipeline));
  gst_iterator_foreach (all, function, data);
  gst_iterator_free (all);
}

void
decode_as_float (GstElement *pipeline)
{
  static GOnce once = G_ONCE_INIT;
  g_once (&once, rank_floats_first, NULL);
  for_each (pipeline, watch_decoder, NULL);
}

static void
look_at_decoder (const GValue *item, gpointer is_integer)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;
  GstAudioInfo info;
  if (caps && factory && is_lossy (factory)
      && gst_audio_info_from_caps (&info, caps)
      && GST_AUDIO_INFO_IS_INTEGER (&info))
    *(gboolean *)is_integer = TRUE;
}

gboolean
decode_is_integer (GstElement *pipeline)
{
  gboolean is_integer = FALSE;
  for_each (pipeline, look_at_decoder, &is_integer);
  return is_integer;
}

/* ---- Files -------------------------------------------------------------- */

static gchar *
location_of (GstElement *element)
{
  gchar *location = NULL;
  if (element && is_made_by (element, "filesrc"))
    g_object_get (element, "location", &location, NULL);
  return location;
}

/* Its own, or that of what feeds it. */
static gchar *
file_of (GstElement *element)
{
  gchar *file = location_of (element);
  g_autoptr (GstPad) pad
      = file ? NULL : gst_element_get_static_pad (element, "sink");
  g_autoptr (GstPad) peer = pad ? gst_pad_get_peer (pad) : NULL;
  g_autoptr (GstElement) source
      = peer ? gst_pad_get_parent_element (peer) : NULL;
  return file ? file : location_of (source);
}

gchar *
decode_file_of (GstObject *element)
{
  gchar *file = NULL;
  for (; GST_IS_ELEMENT (element) && !file;
       element = GST_OBJECT_PARENT (element))
    file = file_of (GST_ELEMENT (element));
  return file;
}

static void
add_file (const GValue *item, gpointer files)
{
  gchar *file = location_of (g_value_get_object (item));
  if (file)
    g_ptr_array_add (files, file);
}

static void
add_silent_file (const GValue *item, gpointer files)
{
  GstElement *element = g_value_get_object (item);
  gchar *file = is_made_by (element, "decodebin")
                        && !g_object_get_data (G_OBJECT (element), HEARD)
                    ? file_of (element)
                    : NULL;
  if (file)
    g_ptr_array_add (files, file);
}

gchar *
decode_silent_files (GstElement *pipeline)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  for_each (pipeline, add_silent_file, files);
  if (files->len == 0)
    for_each (pipeline, add_file, files);
  if (files->len == 0)
    return NULL;
  g_ptr_array_add (files, NULL);
  return g_strjoinv (", ", (gchar **)files->pdata);
}

/* wavparse takes what is over 2 GiB for a wrong size, in RF64 too, and looks
 * for more chunks behind the first 2 GiB. */
static gboolean
is_long_wav (const gchar *path)
{
  gchar head[4] = { 0 };
  GStatBuf is;
  FILE *file = g_stat (path, &is) == 0 && is.st_size > G_MAXINT32
                   ? g_fopen (path, "rb")
                   : NULL;
  if (!file)
    return FALSE;
  gsize count = fread (head, 1, sizeof head, file);
  fclose (file);
  return count == sizeof head
         && (memcmp (head, "RIFF", 4) == 0 || memcmp (head, "RF64", 4) == 0);
}

gchar *
decode_too_long (GstElement *pipeline)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  for_each (pipeline, add_file, files);
  for (guint i = 0; i < files->len; i++)
    if (is_long_wav (files->pdata[i]))
      return g_strdup (files->pdata[i]);
  return NULL;
}
