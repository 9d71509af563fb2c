/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input_file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "element.h"

#define HAS_SOUND "mix-has-sound" /* marks a decodebin */

static gchar *
location_of (GstElement *element)
{
  gchar *location = NULL;
  if (element && element_is (element, "filesrc"))
    g_object_get (element, "location", &location, NULL);
  return location;
}

/* The element's own file, or that of the filesrc in front of it. */
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
input_file_of (GstObject *element)
{
  gchar *file = NULL;
  for (; GST_IS_ELEMENT (element) && !file;
       element = GST_OBJECT_PARENT (element))
    file = file_of (GST_ELEMENT (element));
  return file;
}

/* ---- Whether sound came ------------------------------------------------- */

/* Where a file is cut between two of its chunks, wavparse sends empty buffers
 * without end and without a segment: they are dropped, and are no sound. */
static GstPadProbeReturn
mark_decoder (GstPad *pad, GstPadProbeInfo *info, gpointer decoder)
{
  (void)pad;
  if (gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)) == 0)
    return GST_PAD_PROBE_DROP;
  if (!g_object_get_data (decoder, HAS_SOUND))
    g_object_set_data (decoder, HAS_SOUND, GINT_TO_POINTER (TRUE));
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *decoder, GstPad *pad, gpointer unused)
{
  (void)unused;
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, mark_decoder, decoder, NULL);
}

void
input_file_monitor (GstElement *pipeline)
{
  g_autoptr (GPtrArray) decoders = element_find (pipeline, "decodebin");
  for (guint i = 0; i < decoders->len; i++)
    g_signal_connect (
        decoders->pdata[i], "pad-added", G_CALLBACK (add_probe), NULL);
}

/* Adds the files of all elements of a factory that have no mark. */
static void
add_files (GPtrArray *files, GstElement *pipeline, const gchar *factory)
{
  g_autoptr (GPtrArray) elements = element_find (pipeline, factory);
  for (guint i = 0; i < elements->len; i++) {
    GstElement *element = elements->pdata[i];
    gchar *file = g_object_get_data (G_OBJECT (element), HAS_SOUND)
                      ? NULL
                      : file_of (element);
    if (file)
      g_ptr_array_add (files, file);
  }
}

gchar *
input_file_without_sound (GstElement *pipeline)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  add_files (files, pipeline, "decodebin");
  if (files->len == 0)
    add_files (files, pipeline, "filesrc");
  if (files->len == 0)
    return NULL;
  g_ptr_array_add (files, NULL);
  return g_strjoinv (", ", (gchar **)files->pdata);
}

/* ---- Whether it is too long --------------------------------------------- */

/* wavparse takes a size over 2 GiB for a wrong one, in RF64 too, and looks for
 * more chunks behind the first 2 GiB. */
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
input_file_too_long (GstElement *pipeline)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  add_files (files, pipeline, "filesrc");
  for (guint i = 0; i < files->len; i++)
    if (is_long_wav (files->pdata[i]))
      return g_strdup (files->pdata[i]);
  return NULL;
}
