/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tails: none where nothing rings, an end that is faded, and gone at once when
 * an application takes the element out.
 */
#include <math.h>
#include <string.h>

#include "client.h"

#define RATE 48000

/* ---- Files -------------------------------------------------------------- */

static Sound *
play (const gchar *effect)
{
  g_autofree gchar *path = client_path ("tone.wav");
  return client_play (
      "filesrc location=%s ! wavparse ! audioconvert ! %s !" OUT, path, effect);
}

/* What sounds as it came lasts as long as it came. */
static void
test_no_tail (gconstpointer effect)
{
  Sound *sound = play (effect);
  client_figure ("frames", sound_frames (sound), 8 * RATE, 8 * RATE, "");
  sound_free (sound);
}

static void
test_tail (gconstpointer effect)
{
  Sound *sound = play (effect);
  client_figure ("length", sound_seconds (sound), 8.0199, 39, "s");
  sound_free (sound);
}

/* The last sample is close to nothing, and what came 20 ms before is not; the
 * fade is even: no step in it is heard over 5 kHz. */
static void
test_tail_ends_in_a_fade (gconstpointer effect)
{
  Sound *sound = play (effect);
  const gdouble end = sound_seconds (sound);
  const gdouble before = sound_level (sound, end - 0.12, end - 0.025);
  const guint last = sound->samples->len - 2;
  client_figure ("length", end, 8.99, 9.001, "s");
  client_figure ("before the fade", before, -50, 12, "dBFS");
  client_figure ("last sample",
      20 * log10 (fabs (g_array_index (sound->samples, gfloat, last)) + 1e-9)
          - before,
      -INFINITY, -30, "dB");
  client_figure ("last 2 ms", sound_level (sound, end - 0.002, end) - before,
      -INFINITY, -15, "dB");
  client_figure ("over 5 kHz against before the fade",
      sound_peak_above (sound, 5000, end - 0.05, end) - before, -INFINITY, -50,
      "dB");
  sound_free (sound);
}

/* ---- While it runs ------------------------------------------------------ */

/* Plays to the end of the file in real time, does something 0.5 s into the
 * tail and says how long it takes until EOS. */
static gdouble
time_until_eos (
    const gchar *effect, void (*act) (GstElement *, gdouble), gdouble value)
{
  g_autofree gchar *path = client_path ("tone.wav");
  Client *client = client_new ("filesrc location=%s ! wavparse ! audioconvert "
                               "! %s name=dut ! fakesink sync=true",
      path, effect);
  GstElement *dut = client_get (client, "dut");
  client_state (client, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 79 * GST_SECOND / 10));
  client_state (client, GST_STATE_PLAYING);
  g_usleep (600000);
  gint64 begin = g_get_monotonic_time ();
  act (dut, value);
  client_eos (client, 40);
  gdouble seconds = (gdouble)(g_get_monotonic_time () - begin) / 1e6;
  gst_object_unref (dut);
  client_free (client);
  return seconds;
}

static void
set_tail_max (GstElement *element, gdouble ms)
{
  g_object_set (element, "tail-max", ms, NULL);
}

static void
set_wet (GstElement *element, gdouble db)
{
  g_object_set (element, "wet", db, NULL);
}

static void
set_bypass (GstElement *element, gdouble bypass)
{
  g_object_set (element, "bypass", bypass > 0, NULL);
}

static void
test_tail_max_is_obeyed (gconstpointer effect)
{
  client_figure ("EOS after tail-max=0",
      time_until_eos (effect, set_tail_max, 0), 0, 0.3, "s");
  client_figure ("EOS after tail-max=1000",
      time_until_eos (effect, set_tail_max, 1000), 0.2, 0.9, "s");
}

static void
test_silenced_tail_ends (gconstpointer effect)
{
  client_figure ("EOS after wet=-100", time_until_eos (effect, set_wet, -100),
      0, 0.7, "s");
  client_figure ("EOS after bypass=true",
      time_until_eos (effect, set_bypass, 1), 0, 0.7, "s");
}

/* ---- Taken out of a live pipeline --------------------------------------- */

typedef struct {
  GMutex lock;
  GCond cond;
  GstElement *element;
  gboolean is_blocked, has_ended;
} Removal;

static GstPadProbeReturn
see_eos (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Removal *removal = data;
  (void)pad;
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_PASS;
  g_mutex_lock (&removal->lock);
  removal->has_ended = TRUE;
  g_cond_signal (&removal->cond);
  g_mutex_unlock (&removal->lock);
  return GST_PAD_PROBE_DROP;
}

/* As in GStreamer's manual, "Changing elements in a pipeline". */
static GstPadProbeReturn
send_eos (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Removal *removal = data;
  GstPad *src = gst_element_get_static_pad (removal->element, "src");
  GstPad *sink = gst_element_get_static_pad (removal->element, "sink");
  gst_pad_remove_probe (pad, GST_PAD_PROBE_INFO_ID (info));
  gst_pad_add_probe (src,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, see_eos,
      removal, NULL);
  gst_pad_send_event (sink, gst_event_new_eos ());
  gst_object_unref (src);
  gst_object_unref (sink);
  return GST_PAD_PROBE_OK;
}

/* Waits until what was inside has left; the seconds that took, to be freed.
 */
static gpointer
remove_live (gpointer element)
{
  gdouble *seconds = g_new (gdouble, 1);
  Removal removal = { .element = element };
  GstPad *sink = gst_element_get_static_pad (element, "sink");
  GstPad *above = gst_pad_get_peer (sink);
  gint64 begin = g_get_monotonic_time (), end = begin + 20 * G_TIME_SPAN_SECOND;
  gst_pad_add_probe (
      above, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, send_eos, &removal, NULL);
  g_mutex_lock (&removal.lock);
  while (!removal.has_ended
         && g_cond_wait_until (&removal.cond, &removal.lock, end))
    ;
  g_mutex_unlock (&removal.lock);
  g_assert_true (removal.has_ended);
  gst_object_unref (sink);
  gst_object_unref (above);
  *seconds = (gdouble)(g_get_monotonic_time () - begin) / 1e6;
  return seconds;
}

static void
test_removal (gconstpointer effect)
{
  Client *client
      = client_new ("audiotestsrc is-live=true volume=0.2 ! " CLIENT_CAPS (
                        48000, 2) " ! %s name=dut ! fakesink sync=true",
          (const gchar *)effect);
  GstElement *dut = client_get (client, "dut");
  client_state (client, GST_STATE_PLAYING);
  g_usleep (500000);
  g_object_set (dut, "tail-max", 0.0, NULL);
  g_autofree gdouble *seconds = remove_live (dut);
  client_figure ("gone after", *seconds, 0, 0.3, "s");
  gst_object_unref (dut);
  client_free (client);
}

/* A tail that runs as the sink's clock allows is stopped as well. */
static void
test_removal_in_the_tail (gconstpointer effect)
{
  Client *client
      = client_new ("audiotestsrc is-live=true volume=0.2 ! " CLIENT_CAPS (
                        48000, 2) " ! %s name=dut ! fakesink sync=true",
          (const gchar *)effect);
  GstElement *dut = client_get (client, "dut");
  client_state (client, GST_STATE_PLAYING);
  g_usleep (500000);
  GThread *patient = g_thread_new ("patient", remove_live, dut);
  g_usleep (500000);
  g_object_set (dut, "tail-max", 0.0, NULL);
  g_autofree gdouble *seconds = g_thread_join (patient);
  client_figure ("gone after", *seconds, 0.4, 0.9, "s");
  gst_object_unref (dut);
  client_free (client);
}

/* ---- All of it ---------------------------------------------------------- */

int
main (int argc, char **argv)
{
  static const gchar *const silent[]
      = { "mixreverb bypass=true", "mixreverb wet=-100", "mixdelay bypass=true",
          "mixdelay wet=-100", "miximager haas=20 bypass=true",
          "mixreverb tail-max=0", "mixdelay tail-max=0", NULL };
  static const gchar *const ringing[]
      = { "mixreverb", "mixdelay", "miximager haas=20 name=x", NULL };
  static const gchar *const cut[] = { "mixreverb decay=5 wet=0 tail-max=1000",
    "mixdelay feedback=95 wet=0 tail-max=1000", NULL };
  static const gchar *const endless[]
      = { "mixreverb decay=20 wet=0", "mixdelay feedback=95 wet=0", NULL };
  client_init (&argc, &argv);
  client_write_tone ("tone.wav", 440, 0, 8 * RATE, RATE);
  client_add_each ("/tails/none", silent, test_no_tail);
  client_add_each ("/tails/some", ringing, test_tail);
  client_add_each ("/tails/fade", cut, test_tail_ends_in_a_fade);
  client_add_each ("/tails/tail-max", endless, test_tail_max_is_obeyed);
  client_add_each ("/tails/silenced", endless, test_silenced_tail_ends);
  client_add_each ("/tails/removal", endless, test_removal);
  client_add_each (
      "/tails/removal-in-the-tail", endless, test_removal_in_the_tail);
  return client_run (NULL);
}
