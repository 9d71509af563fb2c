/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * measure FILE…: a line for each file with its integrated loudness, loudness
 * range and true peak (EBU R 128, measured by libebur128, which knows nothing
 * of our elements) and its length. Any type that GStreamer decodes.
 */
#include <ebur128.h>
#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <math.h>

typedef struct {
  ebur128_state *meter;
  GstAudioInfo info;
  guint64 frames;
} Programme;

static gboolean
start_meter (Programme *self, GstCaps *caps)
{
  if (!gst_audio_info_from_caps (&self->info, caps))
    return FALSE;
  self->meter = ebur128_init (GST_AUDIO_INFO_CHANNELS (&self->info),
      GST_AUDIO_INFO_RATE (&self->info),
      EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
  return self->meter != NULL;
}

static GstFlowReturn
take_sample (GstAppSink *sink, gpointer user_data)
{
  Programme *self = user_data;
  GstSample *sample = gst_app_sink_pull_sample (sink);
  GstFlowReturn flow = GST_FLOW_ERROR;
  GstMapInfo map;

  if (!sample)
    return GST_FLOW_EOS;
  if ((self->meter || start_meter (self, gst_sample_get_caps (sample)))
      && gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ)) {
    gsize frames = map.size / GST_AUDIO_INFO_BPF (&self->info);
    ebur128_add_frames_float (self->meter, (const float *)map.data, frames);
    self->frames += frames;
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    flow = GST_FLOW_OK;
  }
  gst_sample_unref (sample);
  return flow;
}

/* Plays the file into the meter, as fast as it goes. */
static gboolean
hear (Programme *self, const gchar *path)
{
  GstAppSinkCallbacks callbacks = { .new_sample = take_sample };
  GstElement *pipeline = gst_parse_launch (
      "filesrc name=file ! decodebin ! audioconvert ! "
      "audio/x-raw,layout=interleaved,format=" GST_AUDIO_NE (
          F32) " ! "
               "appsink name=sink sync=false",
      NULL);
  GstElement *file, *sink;
  GstMessage *message;
  gboolean heard;

  if (!pipeline)
    return FALSE;
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (file, "location", path, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (GST_ELEMENT_BUS (pipeline),
      GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  heard = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS && self->meter;
  gst_message_unref (message);
  gst_object_unref (file);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  return heard;
}

static gdouble
true_peak (Programme *self)
{
  gdouble most = 0, peak = 0;
  for (guint c = 0; c < self->meter->channels; c++)
    if (ebur128_true_peak (self->meter, c, &peak) == EBUR128_SUCCESS)
      most = MAX (most, peak);
  return most > 0 ? 20 * log10 (most) : -HUGE_VAL;
}

static gboolean
measure (const gchar *path)
{
  Programme self = { 0 };
  gdouble loudness = 0, range = 0;
  gboolean heard = hear (&self, path);

  if (heard) {
    ebur128_loudness_global (self.meter, &loudness);
    ebur128_loudness_range (self.meter, &range);
    g_print ("%7.2f %6.2f %7.2f %9.3f %9" G_GUINT64_FORMAT "  %s\n", loudness,
        range, true_peak (&self),
        (gdouble)self.frames / GST_AUDIO_INFO_RATE (&self.info), self.frames,
        path);
  } else {
    g_printerr ("measure: cannot read sound from %s\n", path);
  }
  if (self.meter)
    ebur128_destroy (&self.meter);
  return heard;
}

int
main (int argc, char **argv)
{
  gboolean all = TRUE;

  gst_init (NULL, NULL);
  if (argc < 2) {
    g_printerr ("usage: measure FILE…\n");
    return 2;
  }
  g_print ("%7s %6s %7s %9s %9s\n", "LUFS", "LU", "dBTP", "seconds", "frames");
  for (int i = 1; i < argc; i++)
    all &= measure (argv[i]);
  return all ? 0 : 1;
}
