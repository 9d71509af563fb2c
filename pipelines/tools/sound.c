/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sound.h"

#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <math.h>

#include "decode.h"

typedef struct {
  GstAudioInfo info;
  GArray *samples; /* of gfloat */
  gdouble most_s;
  gboolean is_cut;
} Reading;

/* In a chain of streams the format may change: what follows is not read. */
static gboolean
has_format (Reading *self, GstSample *sample)
{
  GstAudioInfo info;
  if (!gst_audio_info_from_caps (&info, gst_sample_get_caps (sample)))
    return FALSE;
  if (!GST_AUDIO_INFO_IS_VALID (&self->info))
    self->info = info;
  return info.rate == self->info.rate && info.channels == self->info.channels;
}

/* FALSE when there is enough. */
static gboolean
take_sample (Reading *self, GstSample *sample)
{
  GstMapInfo map;
  self->is_cut = TRUE;
  if (!has_format (self, sample)
      || !gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ))
    return FALSE;
  gsize most
      = (gsize)(self->most_s * self->info.rate) * (gsize)self->info.channels;
  gsize count = map.size / sizeof (gfloat);
  self->is_cut = self->samples->len + count > most;
  count = MIN (count, most - self->samples->len);
  g_array_append_vals (self->samples, map.data, (guint)count);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  return !self->is_cut;
}

static GstFlowReturn
pull (GstAppSink *sink, gpointer data)
{
  GstSample *sample = gst_app_sink_pull_sample (sink);
  gboolean goes_on = sample && take_sample (data, sample);
  if (sample)
    gst_sample_unref (sample);
  if (goes_on)
    return GST_FLOW_OK;
  pipeline_stop (GST_ELEMENT (sink));
  return GST_FLOW_EOS;
}

/* Until the end or `most_s`; FALSE after an error, which has been reported. */
static gboolean
pull_all (Reading *self, GstElement *pipeline, const gchar *path)
{
  GstAppSinkCallbacks callbacks = { .new_sample = pull };
  PipelineRun run = { .pipeline = pipeline, .path = path };
  g_autoptr (GstElement) sink
      = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  if (!pipeline_run (&run))
    return FALSE;
  if (self->samples->len == 0)
    pipeline_report (path, NO_SOUND);
  return self->samples->len > 0;
}

Sound *
sound_read (const gchar *path, gdouble most_s)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  Reading reading = { .samples = samples, .most_s = most_s };
  g_autoptr (GstElement) pipeline = decode_new (
      path, "audio/x-raw,layout=interleaved,format=" GST_AUDIO_NE (
                F32) " ! appsink name=sink sync=false");
  gst_audio_info_init (&reading.info);
  if (!pipeline || !pull_all (&reading, pipeline, path))
    return NULL;
  Sound *self = g_new0 (Sound, 1);
  gsize count;
  self->path = g_strdup (path);
  self->is_cut = reading.is_cut;
  self->rate = (guint)reading.info.rate;
  self->channels = (guint)reading.info.channels;
  self->samples = (gfloat *)(void *)g_array_steal (samples, &count);
  self->frames = count / self->channels;
  return self;
}

void
sound_free (Sound *self)
{
  g_free (self->path);
  g_free (self->samples);
  g_free (self);
}

gdouble
sound_seconds (const Sound *self)
{
  return (gdouble)self->frames / self->rate;
}

gfloat
sound_at (const Sound *self, gsize frame, guint channel)
{
  return self->samples[frame * self->channels + channel];
}

gfloat
sound_mono (const Sound *self, gsize frame)
{
  gfloat sum = 0;
  for (guint c = 0; c < self->channels; c++)
    sum += sound_at (self, frame, c);
  return sum / (gfloat)self->channels;
}

gfloat
sound_right (const Sound *self, gsize frame)
{
  return sound_at (self, frame, self->channels > 1 ? 1 : 0);
}

gdouble
sound_power (const Sound *self, gsize from, gsize to)
{
  gdouble sum = 0;
  gsize end = MIN (to, self->frames);
  for (gsize i = from * self->channels; i < end * self->channels; i++)
    sum += (gdouble)self->samples[i] * self->samples[i];
  return to > from ? sum / (gdouble)(to - from) : 0;
}

gdouble
sound_peak_db (const Sound *self)
{
  gdouble most = 0;
  for (gsize i = 0; i < self->frames * self->channels; i++)
    most = MAX (most, fabs ((gdouble)self->samples[i]));
  return db_of_power (most * most);
}

gdouble
db_of_power (gdouble power)
{
  return power > 0 ? 10 * log10 (power) : -HUGE_VAL;
}
