/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file through mixmeter, as fast as it goes: its messages are the points. */
#include "loudness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

#include "decode.h"
#include "run.h"

/* mixmeter's figures for silence; integrated loudness stops at the gate. */
#define NO_LOUDNESS (-119.9)
#define NO_INTEGRATED (-70.0)
#define NO_PEAK (-399.9)

#define FULL_SCALE (-0.001) /* dBFS; of 16 bits the highest is -0.0003 */

typedef struct {
  Programme *programme;
  GstElement *pipeline;
  gboolean is_measured; /* the last message came */
} Hearing;

static gdouble
reading (const GstStructure *fields, const gchar *name, gdouble none)
{
  gdouble value = -HUGE_VAL;
  gst_structure_get_double (fields, name, &value);
  return value <= none ? -HUGE_VAL : value;
}

static gdouble
seconds_of (const GstStructure *fields, const gchar *name)
{
  guint64 time = 0;
  gst_structure_get_uint64 (fields, name, &time);
  return (gdouble)time / GST_SECOND;
}

static void
take_point (Programme *self, const GstStructure *fields)
{
  self->seconds += seconds_of (fields, "duration");
  Point point = { .time = self->seconds,
    .momentary = reading (fields, "momentary", NO_LOUDNESS),
    .short_term = reading (fields, "short-term", NO_LOUDNESS),
    .integrated = reading (fields, "integrated", NO_INTEGRATED),
    .peak = reading (fields, "true-peak", NO_PEAK) };
  g_array_append_val (self->points, point);
}

static void
take_figures (Programme *self, const GstStructure *fields)
{
  self->max_momentary = reading (fields, "max-momentary", NO_LOUDNESS);
  self->max_short_term = reading (fields, "max-short-term", NO_LOUDNESS);
  self->peak = reading (fields, "true-peak", NO_PEAK);
  self->seconds = seconds_of (fields, "duration");
  if (self->seconds >= MOMENTARY_S)
    self->integrated = reading (fields, "integrated", NO_INTEGRATED);
  if (self->seconds >= SHORT_TERM_S && isfinite (self->integrated))
    self->range = reading (fields, "range", -1);
}

/* A sample at full scale out of a decoder of 16 bits was more before. */
static void
take_message (gpointer data, GstMessage *message)
{
  Hearing *self = data;
  const GstStructure *fields = gst_message_get_structure (message);
  gboolean final = FALSE;
  if (!gst_structure_has_name (fields, "mixmeter"))
    return;
  gst_structure_get_boolean (fields, "final", &final);
  if (!final) {
    take_point (self->programme, fields);
    return;
  }
  take_figures (self->programme, fields);
  self->programme->is_clipped
      = reading (fields, "sample-peak", NO_PEAK) > FULL_SCALE
        && decode_is_integer (self->pipeline);
  self->is_measured = TRUE;
}

/* The first track is heard; when a chain of streams goes on to the next, that
 * one is. */
static void
link_track (GstElement *decoder, GstPad *track, gpointer converter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (converter, "sink");
  (void)decoder;
  if (!gst_pad_is_linked (pad))
    gst_pad_link (track, pad);
}

/* Only what is sound is decoded. */
static GstElement *
make_pipeline (const gchar *path, guint channels)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *format
      = channels > 0 ? g_strdup_printf ("audio/x-raw,channels=%u ! ", channels)
                     : g_strdup ("");
  g_autofree gchar *text = g_strconcat (
      "filesrc name=file ! decodebin name=decoder caps=audio/x-raw "
      "expose-all-streams=false audioconvert name=converter ! ",
      format,
      "mixmeter programme=whole meter-interval=100 ! fakesink sync=false",
      NULL);
  GstElement *pipeline = gst_parse_launch (text, &error);
  if (error) {
    run_say (path, error->message);
    gst_clear_object (&pipeline);
    return NULL;
  }
  g_autoptr (GstElement) file
      = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_autoptr (GstElement) decoder
      = gst_bin_get_by_name (GST_BIN (pipeline), "decoder");
  g_autoptr (GstElement) converter
      = gst_bin_get_by_name (GST_BIN (pipeline), "converter");
  g_object_set (file, "location", path, NULL);
  g_signal_connect_object (
      decoder, "pad-added", G_CALLBACK (link_track), converter, 0);
  return pipeline;
}

static gboolean
hear (Hearing *self)
{
  const gchar *path = self->programme->path;
  Run run = {
    .pipeline = self->pipeline, .path = path, .take = take_message, .data = self
  };
  if (!run_to_end (&run))
    return FALSE;
  if (self->is_measured)
    return TRUE;
  run_say (path, NO_SOUND);
  return FALSE;
}

/* GStreamer would not say why not. */
static gboolean
is_readable (const gchar *path)
{
  if (g_access (path, R_OK) == 0)
    return TRUE;
  run_say (path, g_strerror (errno));
  return FALSE;
}

/* Control characters are no part of XML 1.0, escaped or not. */
static gchar *
printable (const gchar *path)
{
  gchar *text = g_filename_display_name (path);
  for (gchar *c = text; *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return text;
}

static Programme *
programme_new (const gchar *path)
{
  Programme *self = g_new0 (Programme, 1);
  self->path = g_strdup (path);
  self->label = printable (path);
  self->name = g_path_get_basename (self->label);
  self->points = g_array_new (FALSE, FALSE, sizeof (Point));
  self->integrated = self->range = NAN;
  return self;
}

Programme *
programme_measure (const gchar *path, guint channels)
{
  Hearing hearing = { .programme = programme_new (path),
    .pipeline = is_readable (path) ? make_pipeline (path, channels) : NULL };
  if (!hearing.pipeline || !hear (&hearing))
    g_clear_pointer (&hearing.programme, programme_free);
  gst_clear_object (&hearing.pipeline);
  return hearing.programme;
}

void
programme_free (Programme *self)
{
  g_array_unref (self->points);
  g_free (self->name);
  g_free (self->label);
  g_free (self->path);
  g_free (self);
}

const Point *
programme_point (const Programme *self, guint i)
{
  return &g_array_index (self->points, Point, i);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;
  return (x > y) - (x < y);
}

GArray *
programme_sort_momentary (const Programme *self, gdouble floor)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (gdouble));
  for (guint i = 0; i < self->points->len; i++) {
    const Point *point = programme_point (self, i);
    if (point->time >= MOMENTARY_S && point->momentary > floor)
      g_array_append_val (values, point->momentary);
  }
  g_array_sort (values, compare);
  return values;
}
