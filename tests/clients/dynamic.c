/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Effects put into a playing live pipeline and taken out again, as mixers and
 * radio stations do it: nothing hangs, and not a sample of a tone that passes
 * through is lost, doubled or moved.
 */
#include <math.h>

#include "client.h"

#define ROUNDS 5

typedef struct {
  GMutex lock;
  GCond cond;
  gboolean is_reached;
} Signal;

static void
reach (Signal *signal)
{
  g_mutex_lock (&signal->lock);
  signal->is_reached = TRUE;
  g_cond_signal (&signal->cond);
  g_mutex_unlock (&signal->lock);
}

static gboolean
wait_for (Signal *signal)
{
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  g_mutex_lock (&signal->lock);
  while (!signal->is_reached
         && g_cond_wait_until (&signal->cond, &signal->lock, end))
    ;
  gboolean reached = signal->is_reached;
  g_mutex_unlock (&signal->lock);
  return reached;
}

static GstPadProbeReturn
block (GstPad *pad, GstPadProbeInfo *info, gpointer signal)
{
  (void)pad;
  (void)info;
  reach (signal);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
swallow_eos (GstPad *pad, GstPadProbeInfo *info, gpointer signal)
{
  (void)pad;
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  reach (signal);
  return GST_PAD_PROBE_DROP;
}

typedef struct {
  Client *client;
  GstElement *above, *below;
  GstPad *pad; /* above's, which is blocked while things change */
} Live;

static gulong
hold (Live *live)
{
  Signal blocked = { 0 };
  gulong probe = gst_pad_add_probe (
      live->pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, block, &blocked, NULL);
  g_assert_true (wait_for (&blocked));
  return probe;
}

static GstElement *
insert (Live *live, const gchar *effect)
{
  GError *error = NULL;
  GstElement *element = gst_parse_launch (effect, &error);
  g_assert_no_error (error);
  gst_bin_add (GST_BIN (live->client->pipeline), element);
  gulong probe = hold (live);
  gst_element_unlink (live->above, live->below);
  g_assert_true (
      gst_element_link_many (live->above, element, live->below, NULL));
  g_assert_true (gst_element_sync_state_with_parent (element));
  gst_pad_remove_probe (live->pad, probe);
  gst_bin_recalculate_latency (GST_BIN (live->client->pipeline));
  return element;
}

/* What is inside leaves by an EOS that goes no further. */
static void
empty (GstElement *element)
{
  Signal ended = { 0 };
  GstPad *sink = gst_element_get_static_pad (element, "sink");
  GstPad *src = gst_element_get_static_pad (element, "src");
  gulong probe = gst_pad_add_probe (
      src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, swallow_eos, &ended, NULL);
  gst_pad_send_event (sink, gst_event_new_eos ());
  g_assert_true (wait_for (&ended));
  gst_pad_remove_probe (src, probe);
  gst_object_unref (sink);
  gst_object_unref (src);
}

static void
take_out (Live *live, GstElement *element)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "tail-max"))
    g_object_set (element, "tail-max", 0.0, NULL);
  gulong probe = hold (live);
  empty (element);
  gst_element_unlink_many (live->above, element, live->below, NULL);
  gst_object_ref (element);
  gst_bin_remove (GST_BIN (live->client->pipeline), element);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
  g_assert_true (gst_element_link (live->above, live->below));
  gst_pad_remove_probe (live->pad, probe);
  gst_bin_recalculate_latency (GST_BIN (live->client->pipeline));
}

static Sound *
change_live (const gchar *effect)
{
  Live live;
  live.client = client_new (
      "audiotestsrc is-live=true freq=440 volume=0.25 samplesperbuffer=480 "
      "name=source ! " CLIENT_CAPS (48000,
          2) " ! identity name=above ! identity name=below ! appsink name=out "
             "wait-on-eos=false sync=true");
  Sound *sound = sound_new ();
  live.above = client_get (live.client, "above");
  live.below = client_get (live.client, "below");
  live.pad = gst_element_get_static_pad (live.above, "src");
  gst_element_set_state (live.client->pipeline, GST_STATE_PLAYING);
  g_usleep (600000);
  for (guint i = 0; i < ROUNDS; i++) {
    GstElement *element = insert (&live, effect);
    g_usleep (150000 + 37000 * i);
    take_out (&live, element);
    g_usleep (90000);
  }
  gst_element_send_event (live.client->pipeline, gst_event_new_eos ());
  client_eos (live.client, 10);
  client_take (live.client, sound);
  gst_object_unref (live.pad);
  gst_object_unref (live.above);
  gst_object_unref (live.below);
  client_free (live.client);
  return sound;
}

static void
test_transparent (gconstpointer effect)
{
  Sound *sound = change_live (effect);
  const gdouble end = sound_seconds (sound);
  client_figure ("buffers out of place", sound->breaks, 0, 0, "");
  client_figure ("length", end, 1.8, 5, "s");
  client_figure ("over 4 kHz", sound_peak_above (sound, 4000, 0.3, end - 0.05),
      -INFINITY, -90, "dBFS");
  client_figure (
      "level", sound_level (sound, 0.3, end), -15.06, -15.04, "dBFS");
  sound_free (sound);
}

/* What colours it may click as it comes and goes, but stays in time. */
static void
test_coloured (gconstpointer effect)
{
  Sound *sound = change_live (effect);
  client_figure ("buffers out of place", sound->breaks, 0, 0, "");
  client_figure ("length", sound_seconds (sound), 1.8, 5, "s");
  client_figure (
      "level", sound_level (sound, 0.3, sound_seconds (sound)), -24, 0, "dBFS");
  sound_free (sound);
}

int
main (int argc, char **argv)
{
  static const gchar *const transparent[]
      = { "identity", "mixeq", "mixeq phase=linear", "mixlimiter",
          "mixlimiter look-ahead=20", "mixcompressor threshold=0 look-ahead=10",
          "mixmeter", "mixleveler mode=static", "miximager",
          "mixreverb wet=-100", "mixdelay bypass=true", NULL };
  static const gchar *const coloured[] = { "mixreverb",
    "mixdelay time=50 feedback=70",
    "mixeq phase=linear bands=\"bell 440 gain=6\"", "mixlimiter drive=12",
    "miximager haas=20", "mixleveler", "mixmultiband look-ahead=5", NULL };
  client_init (&argc, &argv);
  client_add_each ("/dynamic/transparent", transparent, test_transparent);
  client_add_each ("/dynamic/coloured", coloured, test_coloured);
  return client_run (NULL);
}
