/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file is played through mixmeter without a clock; its messages are the
 * points. */
#include "programme.h"

#include <math.h>

#include "decode.h"
#include "float_decoder.h"

/* mixmeter's figures for silence; integrated loudness stops at the gate. */
#define NO_LOUDNESS (-119.9)
#define NO_INTEGRATED (-70.0)
#define NO_PEAK (-399.9)

#define FULL_SCALE (-0.001) /* dBFS; of 16 bits the highest is -0.0003 */

typedef struct {
  Programme *programme;
  GstElement *pipeline;
  gboolean is_measured; /* the last message came */
} Measurement;

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

/* A sample at full scale from a decoder of 16 bits was clipped. */
static void
take_message (gpointer data, GstMessage *message)
{
  Measurement *self = data;
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
        && float_decoder_is_missing (self->pipeline);
  self->is_measured = TRUE;
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

static gboolean
measure (Measurement *self)
{
  const gchar *path = self->programme->path;
  PipelineRun run = {
    .pipeline = self->pipeline, .path = path, .take = take_message, .data = self
  };
  if (!self->pipeline || !pipeline_run (&run))
    return FALSE;
  if (!self->is_measured)
    pipeline_report (path, NO_SOUND);
  return self->is_measured;
}

Programme *
programme_measure (const gchar *path, guint channels)
{
  g_autofree gchar *format
      = channels > 0 ? g_strdup_printf ("audio/x-raw,channels=%u ! ", channels)
                     : g_strdup ("");
  g_autofree gchar *rest = g_strconcat (format,
      "mixmeter programme=whole meter-interval=100 ! fakesink sync=false",
      NULL);
  g_autoptr (GstElement) pipeline = decode_new (path, rest);
  Measurement self
      = { .programme = programme_new (path), .pipeline = pipeline };
  if (!measure (&self))
    g_clear_pointer (&self.programme, programme_free);
  return self.programme;
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
