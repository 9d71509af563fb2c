/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In a mix: an impulse through every element beside a dry branch, joined by a
 * real audiomixer. The two must land on the same frame, and what rings must
 * arrive: audiomixer aligns by timestamps alone and skips GAP buffers.
 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <math.h>

#include "rig.h"

#define CLICK 20000
#define FRAMES 30000

typedef struct {
  GstElement *pipeline;
  GArray *samples;
} Mix;

static void
push_click (GstElement *pipeline, const gchar *name, guint rate)
{
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), name);
  for (guint done = 0; done < FRAMES; done += 1000) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, 4000, NULL);
    gst_buffer_memset (buffer, 0, 0, 4000);
    if (done == CLICK) {
      const gfloat click = 0.01f;
      gst_buffer_fill (buffer, 0, &click, 4);
    }
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (done, GST_SECOND, rate);
    GST_BUFFER_DURATION (buffer)
        = gst_util_uint64_scale (1000, GST_SECOND, rate);
    gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  gst_object_unref (source);
}

static GArray *
mix (const gchar *description, guint rate)
{
  g_autofree gchar *caps
      = g_strdup_printf ("audio/x-raw, format=" GST_AUDIO_NE (
                             F32) ", layout=interleaved, channels=1, rate=%u",
          rate);
  g_autofree gchar *element = rig_line (description);
  g_autofree gchar *line
      = g_str_has_suffix (description, RIG_KEY)
            ? g_strconcat ("tee name=key  key. ! queue ! dut.sidechain  key. ! "
                           "queue ! ",
                element, " name=dut", NULL)
            : g_strdup (element);
  g_autofree gchar *text = g_strdup_printf (
      "audiomixer name=mix ! %s ! appsink name=out sync=false "
      "appsrc name=wet format=time ! %s ! %s ! queue ! mix. "
      "appsrc name=dry format=time ! %s ! queue ! mix.",
      caps, caps, line, caps);
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  GstSample *sample;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  push_click (pipeline, "wet", rate);
  push_click (pipeline, "dry", rate);
  while ((sample = gst_app_sink_try_pull_sample (
              GST_APP_SINK (sink), 20 * GST_SECOND))) {
    GstMapInfo map;
    gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
    g_array_append_vals (samples, map.data, (guint)(map.size / 4));
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    gst_sample_unref (sample);
  }
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (sink)));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  return samples;
}

static void
test_alignment (gconstpointer description)
{
  static const guint rates[] = { 44100, 48000, 96000 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    GArray *samples = mix (description, rates[r]);
    gfloat *at = (gfloat *)samples->data;
    guint loudest = 0;
    for (guint i = 0; i < samples->len; i++)
      if (fabsf (at[i]) > fabsf (at[loudest]))
        loudest = i;
    g_test_message ("%s at %u Hz: dry %u, mixed peak %u (%g)",
        (const gchar *)description, rates[r], CLICK, loudest, at[loudest]);
    g_assert_cmpuint (samples->len, >=, FRAMES);
    g_assert_cmpuint (loudest, ==, CLICK);
    /* both on one frame: louder than one alone */
    g_assert_cmpfloat (at[loudest], >, 0.0105);
    g_array_unref (samples);
  }
}

/* Echoes fall into silence and past the end; all of them must be there. */
static void
test_tail_in_mix (gconstpointer description)
{
  GArray *samples = mix (description, 48000);
  gfloat *at = (gfloat *)samples->data;
  for (guint n = 1; n < 10; n++) {
    g_assert_cmpuint (samples->len, >, CLICK + n * 4800);
    g_assert_cmpfloat_with_epsilon (
        at[CLICK + n * 4800], 0.01 * pow (0.5, n), 1e-6);
  }
  g_array_unref (samples);
}

/* A live pipeline knows the look-ahead: the query goes up the stream and comes
 * back with it added. */
static void
test_live_latency (gconstpointer description)
{
  g_autofree gchar *line = rig_line (description);
  g_autofree gchar *text = g_strdup_printf (
      "audiotestsrc is-live=true ! audio/x-raw,rate=48000 ! %s name=dut ! "
      "fakesink name=sink sync=true",
      line);
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), "dut");
  GstPad *above = gst_element_get_static_pad (element, "sink");
  GstPad *below = gst_element_get_static_pad (sink, "sink");
  GstQuery *query = gst_query_new_latency ();
  GstClockTime with, without;
  gboolean live;
  gdouble ms;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_element_get_state (pipeline, NULL, NULL, 10 * GST_SECOND);
  g_assert_true (gst_pad_peer_query (above, query));
  gst_query_parse_latency (query, NULL, &without, NULL);
  g_assert_true (gst_pad_peer_query (below, query));
  gst_query_parse_latency (query, &live, &with, NULL);
  g_object_get (element, "latency", &ms, NULL);
  g_test_message ("%s: %g ms over %g ms", (const gchar *)description, ms,
      (gdouble)without / GST_MSECOND);
  g_assert_true (live);
  g_assert_cmpfloat_with_epsilon (
      (gdouble)(with - without) / GST_MSECOND, ms, 0.001);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_query_unref (query);
  gst_object_unref (above);
  gst_object_unref (below);
  gst_object_unref (element);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  rig_add_each ("/alignment/impulse", test_alignment);
  rig_add_each ("/alignment/live", test_live_latency);
  g_test_add_data_func ("/alignment/tail", "mixtestecho", test_tail_in_mix);
  g_test_add_data_func ("/alignment/tail-look-ahead",
      "mixtestecho look-ahead=7", test_tail_in_mix);
  return rig_run ();
}
