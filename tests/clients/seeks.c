/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where an application cuts: seeks with and without a stop, segments that end.
 * With a stop, sound ends there; where a file merely ends, the tail rings on.
 */
#include <math.h>
#include <string.h>

#include "client.h"

#define RATE 48000

static const gchar *const ringing[]
    = { "mixreverb", "mixdelay time=200 feedback=70", NULL };

/* Plays "tone.<type>" from 1 s on through an effect, to `stop_s`; 0: no stop.
 */
static Sound *
play_from (const gchar *source, const gchar *effect, gdouble stop_s,
    GstSeekFlags flags)
{
  Client *client
      = client_new ("%s ! audioconvert ! audioresample ! " CLIENT_CAPS (
                        48000, 2) " ! %s !" OUT,
          source, effect);
  Sound *sound = sound_new ();
  client_state (client, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek (client->pipeline, 1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE | flags, GST_SEEK_TYPE_SET,
      GST_SECOND, stop_s > 0 ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE,
      stop_s > 0 ? (gint64)(stop_s * GST_SECOND) : -1));
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_eos (client, 30);
  client_take (client, sound);
  client_free (client);
  return sound;
}

static const gchar *const decoders[]
    = { "wavparse", "flacparse ! flacdec", "oggdemux ! vorbisdec" };
static const gchar *const files[] = { "tone.wav", "tone.flac", "tone.ogg" };

static gchar *
source (guint i)
{
  g_autofree gchar *path = client_path (files[i]);
  return g_strdup_printf ("filesrc location=%s ! %s", path, decoders[i]);
}

static void
test_stop (gconstpointer effect)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *from = source (i);
    Sound *sound = play_from (from, effect, 3, 0);
    client_figure (files[i], sound_seconds (sound), 1.999, 2.001, "s");
    client_figure (
        "level to the end", sound_level (sound, 1.9, 2), -30, -2, "dBFS");
    sound_free (sound);
  }
}

/* A stop at the very end of the file is a stop as well. */
static void
test_stop_at_the_end (gconstpointer effect)
{
  g_autofree gchar *from = source (0);
  Sound *sound = play_from (from, effect, 4, 0);
  client_figure ("length", sound_seconds (sound), 2.999, 3.001, "s");
  sound_free (sound);
}

static void
test_no_stop (gconstpointer effect)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *from = source (i);
    Sound *sound = play_from (from, effect, 0, 0);
    client_figure (files[i], sound_seconds (sound), 3.8, 33, "s");
    client_figure (
        "level after the file", sound_level (sound, 3.1, 3.3), -50, -8, "dBFS");
    sound_free (sound);
  }
}

/* From the start, without a seek: Ogg names a stop of its own. */
static void
test_plain (gconstpointer effect)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *from = source (i);
    Sound *sound = client_play (
        "%s ! audioconvert ! %s !" OUT, from, (const gchar *)effect);
    client_figure (files[i], sound_seconds (sound), 4.8, 34, "s");
    sound_free (sound);
  }
}

/* After a stop, a seek without one: the tail rings again. */
static void
test_stop_is_forgotten (gconstpointer effect)
{
  g_autofree gchar *from = source (0);
  Client *client = client_new (
      "%s ! audioconvert ! %s !" OUT, from, (const gchar *)effect);
  Sound *first = sound_new (), *second = sound_new ();
  client_state (client, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek (client->pipeline, 1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, GST_SECOND, GST_SEEK_TYPE_SET,
      2 * GST_SECOND));
  client_state (client, GST_STATE_PLAYING);
  client_eos (client, 30);
  client_take (client, first);
  g_assert_true (gst_element_seek_simple (
      client->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 3 * GST_SECOND));
  client_eos (client, 30);
  client_take (client, second);
  client_figure ("with a stop", sound_seconds (first), 0.999, 1.001, "s");
  client_figure ("without", sound_seconds (second), 1.8, 31, "s");
  client_free (client);
  sound_free (first);
  sound_free (second);
}

/* ---- What an application pushes ----------------------------------------- */

/* A segment of 1 s, and buffers over 1.5 s: 440 Hz, from its stop on 3 kHz. */
static Sound *
push_beyond (const gchar *effect)
{
  Client *client = client_new ("appsrc name=in format=time is-live=false "
                               "handle-segment-change=true ! %s !" OUT,
      effect);
  GstElement *in = client_get (client, "in");
  Sound *sound = sound_new ();
  g_autofree gfloat *tone = rig_sine (RATE * 3 / 2, 2, RATE, 440, 0.25f);
  g_autofree gfloat *beyond = rig_sine (RATE / 2, 2, RATE, 3000, 0.25f);
  memcpy (tone + 2 * RATE, beyond, sizeof (gfloat) * RATE);
  GstCaps *caps = gst_caps_from_string (CLIENT_CAPS (48000, 2));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = GST_SECOND;
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  for (guint done = 0; done < RATE * 3 / 2; done += 1000) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, 8000, NULL);
    gst_buffer_fill (buffer, 0, tone + 2 * done, 8000);
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (done, GST_SECOND, RATE);
    GST_BUFFER_DURATION (buffer)
        = gst_util_uint64_scale (1000, GST_SECOND, RATE);
    GstSample *sample = gst_sample_new (buffer, caps, &segment, NULL);
    gst_app_src_push_sample (GST_APP_SRC (in), sample);
    gst_sample_unref (sample);
    gst_buffer_unref (buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  client_eos (client, 40);
  client_take (client, sound);
  gst_caps_unref (caps);
  gst_object_unref (in);
  client_free (client);
  return sound;
}

static void
test_beyond_the_segment (gconstpointer effect)
{
  Sound *sound = push_beyond (effect);
  client_figure ("length", sound_seconds (sound), 0.999, 1.001, "s");
  client_figure (
      "level to the end", sound_level (sound, 0.9, 1), -24, -2, "dBFS");
  sound_free (sound);
}

/* No seek has set this stop, so the tail rings on; but of what came in only
 * what lies in the segment. The end of the tone itself clicks. */
static void
test_tail_beyond_the_segment (gconstpointer effect)
{
  Sound *sound = push_beyond (effect);
  client_figure ("what lies beyond", sound_level_above (sound, 2000, 1.2, 1.5),
      -INFINITY, -70, "dBFS");
  sound_free (sound);
}

/* ---- Seeks while it rings ----------------------------------------------- */

/* The file has ended and the tail runs at its natural pace: a seek that does
 * not flush must come back at once, and so must NULL. */
static void
test_seek_in_the_tail (gconstpointer effect)
{
  g_autofree gchar *path = client_path ("tone.wav");
  Client *client = client_new ("filesrc location=%s ! wavparse ! "
                               "audioconvert ! %s ! fakesink sync=true",
      path, (const gchar *)effect);
  client_state (client, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, 39 * GST_SECOND / 10));
  client_state (client, GST_STATE_PLAYING);
  g_usleep (500000);
  gint64 begin = g_get_monotonic_time ();
  gst_element_seek_simple (
      client->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_NONE, GST_SECOND);
  client_figure (
      "seek", (gdouble)(g_get_monotonic_time () - begin) / 1e6, 0, 1, "s");
  begin = g_get_monotonic_time ();
  gst_element_set_state (client->pipeline, GST_STATE_NULL);
  client_figure (
      "stop", (gdouble)(g_get_monotonic_time () - begin) / 1e6, 0, 1, "s");
  client_free (client);
}

/* ---- All of it ---------------------------------------------------------- */

static void
encode (const gchar *file, const gchar *encoder)
{
  g_autofree gchar *from = client_path ("tone.wav");
  g_autofree gchar *to = client_path (file);
  Client *client = client_new ("filesrc location=%s ! wavparse ! audioconvert "
                               "! %s ! filesink location=%s",
      from, encoder, to);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_eos (client, 30);
  client_free (client);
}

int
main (int argc, char **argv)
{
  static const gchar *const any[] = { "freeverb", "mixreverb",
    "mixdelay time=200 feedback=70", "mixlimiter", "mixeq phase=linear",
    "mixcompressor look-ahead=20", "mixmeter", "mixleveler", "miximager",
    "mixmultiband phase=linear", NULL };
  static const gchar *const ours[]
      = { "miximager", "mixlimiter", "mixmeter", "mixeq", "mixeq phase=linear",
          "mixcompressor", "mixleveler", "mixmultiband", NULL };
  static const gchar *const long_tails[]
      = { "mixreverb decay=10", "mixdelay feedback=95", NULL };
  client_init (&argc, &argv);
  client_write_tone ("tone.wav", 440, 0, 4 * RATE, RATE);
  encode ("tone.flac", "flacenc");
  encode ("tone.ogg", "vorbisenc ! oggmux");
  client_add_each ("/seeks/stop", any, test_stop);
  client_add_each ("/seeks/stop-at-the-end", any, test_stop_at_the_end);
  client_add_each ("/seeks/no-stop", ringing, test_no_stop);
  client_add_each ("/seeks/plain", ringing, test_plain);
  client_add_each ("/seeks/stop-is-forgotten", ringing, test_stop_is_forgotten);
  client_add_each ("/seeks/beyond-the-segment", ours, test_beyond_the_segment);
  client_add_each (
      "/seeks/tail-beyond-the-segment", ringing, test_tail_beyond_the_segment);
  client_add_each ("/seeks/in-the-tail", long_tails, test_seek_in_the_tail);
  return client_run (NULL);
}
