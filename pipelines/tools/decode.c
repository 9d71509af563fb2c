/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decode.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* The first track is used; when a chain of streams goes on to the next, that
 * one is. */
static void
link_track (GstElement *decoder, GstPad *track, gpointer converter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (converter, "sink");
  (void)decoder;
  if (!gst_pad_is_linked (pad))
    gst_pad_link (track, pad);
}

/* With these caps decodebin decodes no video. */
GstElement *
decode_new (const gchar *path, const gchar *rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text = g_strconcat (
      "filesrc name=file ! decodebin name=decoder caps=audio/x-raw "
      "expose-all-streams=false audioconvert name=converter ! ",
      rest, NULL);
  if (g_access (path, R_OK) != 0) { /* GStreamer does not say why */
    pipeline_report (path, g_strerror (errno));
    return NULL;
  }
  GstElement *pipeline = gst_parse_launch (text, &error);
  if (error) {
    pipeline_report (path, error->message);
    gst_clear_object (&pipeline);
    return NULL;
  }
  GstBin *bin = GST_BIN (pipeline);
  g_autoptr (GstElement) file = gst_bin_get_by_name (bin, "file");
  g_autoptr (GstElement) decoder = gst_bin_get_by_name (bin, "decoder");
  g_autoptr (GstElement) converter = gst_bin_get_by_name (bin, "converter");
  g_object_set (file, "location", path, NULL);
  g_signal_connect_object (
      decoder, "pad-added", G_CALLBACK (link_track), converter, 0);
  return pipeline;
}
