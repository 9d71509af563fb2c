/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record.h"

#include <glib/gstdio.h>
#include <gst/audio/audio.h>
#include <string.h>

#include "element.h"
#include "output.h"
#include "pipeline.h"

#define RIFF_MOST G_MAXUINT32
/* By how much a reported duration may be too short, and the longest tail. */
#define MARGIN 1.02
#define TAIL (60 * GST_SECOND)

/* One filesink and its file. */
typedef struct {
  gchar *name; /* as the line gives it */
  GstElement *sink;
  Output *output;
  GstElement *form; /* the capsfilter behind a wavenc, else NULL */
  guint64 at, end;  /* where in the file the next byte goes; its length */
  gboolean is_long; /* an RF64 */
} File;

struct Record {
  GPtrArray *files;
  gboolean failed;
};

static void
file_free (gpointer data)
{
  File *self = data;
  g_clear_pointer (&self->output, output_free);
  gst_clear_object (&self->sink);
  g_free (self->name);
  g_free (self);
}

/* ---- While it is written ------------------------------------------------ */

static void
take_event (File *self, GstEvent *event)
{
  const GstSegment *segment;
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEGMENT)
    return;
  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_BYTES)
    self->at = segment->start;
}

static GstPadProbeReturn
count_bytes (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  File *self = data;
  (void)pad;
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    take_event (self, GST_PAD_PROBE_INFO_EVENT (info));
    return GST_PAD_PROBE_OK;
  }
  self->at += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  self->end = MAX (self->end, self->at);
  if (!self->form || self->is_long || self->end <= RIFF_MOST)
    return GST_PAD_PROBE_OK;
  GST_ELEMENT_ERROR (self->sink, RESOURCE, NO_SPACE_LEFT,
      ("a WAV holds 4 GiB, and this is longer than its sources said"), (NULL));
  return GST_PAD_PROBE_DROP;
}

/* ---- WAV or RF64 -------------------------------------------------------- */

/* The bytes to expect by upstream's duration; 0 where it is unknown. */
static gdouble
predict (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstAudioInfo info;
  gint64 duration = 0;
  if (!caps || !gst_audio_info_from_caps (&info, caps)
      || !gst_pad_peer_query_duration (pad, GST_FORMAT_TIME, &duration))
    return 0;
  return ((gdouble)duration * MARGIN + TAIL) / GST_SECOND * info.rate
         * info.bpf;
}

/* wavenc negotiates its format at the first buffer, so it is chosen here. */
static GstPadProbeReturn
choose_form (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  File *self = data;
  (void)info;
  if (predict (pad) > RIFF_MOST) {
    g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-rf64");
    g_object_set (self->form, "caps", caps, NULL);
    self->is_long = TRUE;
  }
  return GST_PAD_PROBE_REMOVE;
}

/* Puts a capsfilter between a wavenc and its filesink. */
static void
prepare_form (File *self, GstPad *pad)
{
  g_autoptr (GstPad) from = gst_pad_get_peer (pad);
  g_autoptr (GstElement) writer
      = from ? gst_pad_get_parent_element (from) : NULL;
  GstObject *bin = GST_OBJECT_PARENT (self->sink);
  if (!writer || !element_is (writer, "wavenc"))
    return;
  self->form = gst_element_factory_make ("capsfilter", NULL);
  gst_bin_add (GST_BIN (bin), self->form);
  gst_element_unlink (writer, self->sink);
  gst_element_link_many (writer, self->form, self->sink, NULL);
  g_autoptr (GstPad) in = gst_element_get_static_pad (writer, "sink");
  gst_pad_add_probe (in, GST_PAD_PROBE_TYPE_BUFFER, choose_form, self, NULL);
}

/* ---- Before ------------------------------------------------------------- */

static void
report_error (const gchar *path, GError *error)
{
  g_autofree gchar *text
      = g_strdup_printf ("cannot write to it: %s", error->message);
  pipeline_report (path, text);
  g_error_free (error);
}

static void
add_file (Record *self, GstElement *sink, gchar *name)
{
  GError *error = NULL;
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  File *file = g_new0 (File, 1);
  file->name = name;
  file->sink = gst_object_ref (sink);
  file->output = output_new (name, &error);
  g_ptr_array_add (self->files, file);
  if (error) {
    report_error (name, error);
    self->failed = TRUE;
    return;
  }
  g_object_set (sink, "location", file->output->private, NULL);
  prepare_form (file, pad);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      count_bytes, file, NULL);
}

Record *
record_new (GstElement *pipeline)
{
  Record *self = g_new0 (Record, 1);
  g_autoptr (GPtrArray) sinks = element_find (pipeline, "filesink");
  self->files = g_ptr_array_new_with_free_func (file_free);
  for (guint i = 0; i < sinks->len; i++) {
    gchar *name = NULL;
    g_object_get (sinks->pdata[i], "location", &name, NULL);
    if (name)
      add_file (self, sinks->pdata[i], name);
  }
  if (self->failed)
    g_clear_pointer (&self, record_free);
  return self;
}

/* ---- After -------------------------------------------------------------- */

/* The file's length by the head of a WAV; 0 when it is none. */
static guint64
length_in_head (const gchar *path)
{
  guint8 head[28] = { 0 };
  FILE *file = g_fopen (path, "rb");
  gsize count = file ? fread (head, 1, sizeof head, file) : 0;
  if (file)
    fclose (file);
  if (count < sizeof head)
    return 0;
  if (memcmp (head, "RIFF", 4) == 0)
    return (guint64)GST_READ_UINT32_LE (head + 4) + 8;
  return memcmp (head, "RF64", 4) == 0 ? GST_READ_UINT64_LE (head + 20) + 8 : 0;
}

/* FALSE, after a report, when it is not complete. */
static gboolean
is_complete (const File *self)
{
  GStatBuf is;
  const gchar *path = self->output->private;
  if (g_stat (path, &is) != 0 || (guint64)is.st_size != self->end
      || self->end == 0) {
    pipeline_report (self->name, "not all of it could be written");
    return FALSE;
  }
  if (!self->form || length_in_head (path) == self->end)
    return TRUE;
  pipeline_report (self->name, "its head could not be written");
  return FALSE;
}

gboolean
record_keep (Record *self)
{
  for (guint i = 0; i < self->files->len; i++) {
    File *file = self->files->pdata[i];
    GError *error = NULL;
    if (!is_complete (file))
      return FALSE;
    if (!output_keep (file->output, &error)) {
      report_error (file->name, error);
      return FALSE;
    }
  }
  return TRUE;
}

void
record_free (Record *self)
{
  g_ptr_array_unref (self->files);
  g_free (self);
}
