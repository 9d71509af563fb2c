/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "readings.h"

#include <string.h>

#include "host.h"
#include "schema.h"

static const MixTable *
table_of (GstMixHost *host)
{
  return &gst_mix_host_unit (host)->readings;
}

void
gst_mix_host_init_readings (GstMixHost *host)
{
  const MixTable *table = table_of (host);
  host->readings.values = g_malloc0 (MAX (1, table->size));
  for (guint i = 0; i < table->count; i++)
    if (table->rows[i].kind != MIX_DOUBLES) /* no channels yet */
      mix_row_put (
          &table->rows[i], host->readings.values, table->rows[i].initial);
}

void
gst_mix_host_free_readings (GstMixHost *host)
{
  g_free (host->readings.values);
}

void
gst_mix_host_get_reading (GstMixHost *host, const MixRow *row, GValue *value)
{
  gsize size = table_of (host)->size;
  g_autofree gchar *copy = g_malloc (size);
  GST_OBJECT_LOCK (host->element);
  memcpy (copy, host->readings.values, size);
  GST_OBJECT_UNLOCK (host->element);
  gst_mix_schema_read_value (row, copy, value);
}

void
gst_mix_host_publish_readings (GstMixHost *host, gconstpointer readings)
{
  GST_OBJECT_LOCK (host->element);
  memcpy (host->readings.values, readings, table_of (host)->size);
  GST_OBJECT_UNLOCK (host->element);
}

static GstStructure *
structure_for (GstMixHost *host, const GstMixInterval *interval)
{
  return gst_structure_new (host->klass->element, "timestamp", G_TYPE_UINT64,
      interval->timestamp, "stream-time", G_TYPE_UINT64, interval->stream_time,
      "running-time", G_TYPE_UINT64, interval->running_time, "duration",
      G_TYPE_UINT64, interval->duration, NULL);
}

void
gst_mix_host_post_readings (GstMixHost *host, gconstpointer readings,
    const GstMixInterval *interval, gboolean is_final)
{
  const MixTable *table = table_of (host);
  GstStructure *fields = structure_for (host, interval);
  if (gst_mix_host_unit (host)->sum_up)
    gst_structure_set (fields, "final", G_TYPE_BOOLEAN, is_final, NULL);
  for (guint i = 0; i < table->count; i++) {
    GValue value = G_VALUE_INIT;
    if ((table->rows[i].flags & MIX_OF_KEY) && !host->klass->has_key)
      continue;
    g_value_init (&value, gst_mix_schema_type (&table->rows[i],
                              G_OBJECT_TYPE_NAME (host->element)));
    gst_mix_schema_read_value (&table->rows[i], readings, &value);
    gst_structure_take_value (fields, table->rows[i].name, &value);
  }
  gst_element_post_message (host->element,
      gst_message_new_element (GST_OBJECT (host->element), fields));
}
