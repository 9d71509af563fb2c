/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gapless joins: one 55 Hz tone in two halves, or in a loop, through the ways
 * in which players join files. Nothing ends at the seam, so nothing is heard
 * there: what lies over 1 kHz is as soft as elsewhere.
 */
#include <math.h>

#include "client.h"

#define RATE 48000
#define HALF 72200 /* the seam is away from a zero crossing */
#define LOOP 96000 /* whole cycles */

static const gchar *const elements[] = {
  "identity",
  "mixeq phase=linear bands=\"low-cut 30 slope=24; bell 200 gain=3\"",
  "mixeq bands=\"low-cut 30 slope=24; bell 200 gain=3\"",
  "mixlimiter drive=14",
  "mixcompressor look-ahead=5 threshold=-30",
  "mixcompressor threshold=-30",
  "mixreverb",
  "mixdelay",
  "mixleveler",
  "miximager spread=60 haas=15",
  "mixmultiband look-ahead=5",
  "mixmultiband phase=linear",
  NULL,
};

/* What is heard over 1 kHz at the seam against elsewhere; what is softer than
 * −110 dBFS is nothing. Float samples in the files: no dither hides it. */
static void
assert_seamless (const Sound *sound, gdouble seam)
{
  gdouble elsewhere = sound_peak_above (sound, 1000, seam - 0.7, seam - 0.2);
  gdouble there = sound_peak_above (sound, 1000, seam - 0.1, seam + 0.15);
  g_test_message ("%g dBFS at %g s, %g dBFS elsewhere", there, seam, elsewhere);
  client_figure (
      "seam over elsewhere", there - MAX (elsewhere, -110), -INFINITY, 6, "dB");
  client_figure (
      "level", sound_level (sound, seam - 0.5, seam + 0.3), -30, 0, "dBFS");
}

static gboolean
rings (const gchar *element)
{
  return g_str_has_prefix (element, "mixreverb")
         || g_str_has_prefix (element, "mixdelay")
         || g_str_has_prefix (element, "miximager");
}

static void
assert_whole (const Sound *sound, const gchar *element, guint frames)
{
  g_assert_cmpuint (sound->breaks, ==, 0);
  if (rings (element))
    g_assert_cmpuint (sound_frames (sound), >=, frames);
  else
    client_figure ("frames", sound_frames (sound), frames, frames, "");
}

/* ---- Playlists ---------------------------------------------------------- */

static void
test_concat (gconstpointer element)
{
  g_autofree gchar *first = client_path ("first.wav");
  g_autofree gchar *second = client_path ("second.wav");
  Sound *sound = client_play (
      "concat name=list ! audioconvert ! " CLIENT_CAPS (
          48000, 2) " ! %s !" OUT "filesrc location=%s ! wavparse ! list. "
                    "filesrc location=%s ! wavparse ! list.",
      (const gchar *)element, first, second);
  assert_seamless (sound, (gdouble)HALF / RATE);
  assert_whole (sound, element, 2 * HALF);
  sound_free (sound);
}

static void
play_the_second (GstElement *player, gpointer played)
{
  g_autofree gchar *uri = client_uri ("second.wav");
  if (g_atomic_int_add ((gint *)played, 1) == 0)
    g_object_set (player, "uri", uri, NULL);
}

static GstElement *
new_output (void)
{
  GstElement *out = gst_element_factory_make ("appsink", NULL);
  GstCaps *caps = gst_caps_from_string (CLIENT_CAPS (48000, 2));
  g_object_set (out, "sync", FALSE, "wait-on-eos", FALSE, "caps", caps, NULL);
  gst_caps_unref (caps);
  return out;
}

/* playbin 1.22 at times takes itself down in the wrong order at the end, with
 * whatever filter, and complains of it: that is no fault of the join. */
static Client *
start_player (const gchar *player, const gchar *element, gint *played)
{
  GError *error = NULL;
  g_autofree gchar *uri = client_uri ("first.wav");
  GstElement *playbin = gst_element_factory_make (player, NULL);
  GstElement *filter = gst_parse_launch (element, &error);
  GstElement *out = new_output ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_assert_no_error (error);
  g_object_set (playbin, "uri", uri, "audio-filter", filter, "audio-sink", out,
      "flags", 2 /* audio */, NULL);
  g_signal_connect (
      playbin, "about-to-finish", G_CALLBACK (play_the_second), played);
  Client *client
      = client_of (gst_object_ref_sink (playbin), gst_object_ref (out));
  gst_element_set_state (playbin, GST_STATE_PLAYING);
  return client;
}

/* playbin3 1.22 never starts once in a hundred times, with identity as well:
 * then another one is asked. */
static void
gapless (const gchar *player, const gchar *element)
{
  enum { TRIES = 3 };
  gint played;
  GstMessage *end = NULL;
  Client *client = NULL;
  for (guint i = 0; i < TRIES && !end; i++) {
    played = 0;
    g_clear_pointer (&client, client_free);
    client = start_player (player, element, &played);
    end = client_wait (client, GST_MESSAGE_EOS, i + 1 < TRIES ? 10 : 40);
  }
  g_assert_true (end && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS);
  g_clear_pointer (&end, gst_message_unref);
  Sound *sound = sound_new ();
  client_take (client, sound);
  client_free (client);
  assert_seamless (sound, (gdouble)HALF / RATE);
  assert_whole (sound, element, 2 * HALF);
  sound_free (sound);
}

static void
test_playbin (gconstpointer element)
{
  gapless ("playbin", element);
}

static void
test_playbin3 (gconstpointer element)
{
  gapless ("playbin3", element);
}

/* ---- Loops -------------------------------------------------------------- */

static void
seek_whole (Client *client, GstSeekFlags flags)
{
  g_assert_true (gst_element_seek (client->pipeline, 1, GST_FORMAT_TIME, flags,
      GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 2 * GST_SECOND));
}

/* The whole file three times, as loops are played: a seek that does not flush
 * at each SEGMENT_DONE. */
static void
test_loop (gconstpointer element)
{
  g_autofree gchar *path = client_path ("loop.wav");
  Client *client
      = client_new ("filesrc location=%s ! wavparse ! audioconvert ! "
                    "%s !" OUT,
          path, (const gchar *)element);
  Sound *sound = sound_new ();
  client_state (client, GST_STATE_PAUSED);
  seek_whole (client, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT);
  client_state (client, GST_STATE_PLAYING);
  for (guint i = 0; i < 2; i++) {
    GstMessage *done = client_wait (client, GST_MESSAGE_SEGMENT_DONE, 20);
    g_assert_nonnull (done);
    g_clear_pointer (&done, gst_message_unref);
    seek_whole (client, i ? GST_SEEK_FLAG_NONE : GST_SEEK_FLAG_SEGMENT);
  }
  client_eos (client, 40);
  client_take (client, sound);
  client_free (client);
  for (guint i = 1; i < 3; i++)
    assert_seamless (sound, 2.0 * i);
  /* the last pass is cut by its stop: nothing rings on */
  g_assert_cmpuint (sound->breaks, ==, 0);
  client_figure ("frames", sound_frames (sound), 3 * LOOP, 3 * LOOP, "");
  sound_free (sound);
}

/* ---- Buffers ------------------------------------------------------------ */

typedef enum { DISCONT, SEGMENT, SEGMENT_OF_ITS_OWN_TIME } Join;

/* Contiguous sound with a mark in the middle of it. */
static void
push_joined (GstElement *in, const gfloat *tone, Join join)
{
  GstCaps *caps = gst_caps_from_string (CLIENT_CAPS (48000, 2));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint done = 0, n; done < 2 * HALF; done += n) {
    guint64 start = 0;
    n = 722;
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 8, NULL);
    gst_buffer_fill (buffer, 0, tone + 2 * done, n * 8);
    if (done == HALF && join == DISCONT)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    if (done == HALF && join == SEGMENT)
      segment.position = gst_util_uint64_scale (HALF, GST_SECOND, RATE);
    if (done >= HALF && join == SEGMENT_OF_ITS_OWN_TIME) {
      segment.base = gst_util_uint64_scale (HALF, GST_SECOND, RATE);
      start = HALF;
    }
    GST_BUFFER_PTS (buffer)
        = gst_util_uint64_scale (done - start, GST_SECOND, RATE);
    GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, RATE);
    GstSample *sample = gst_sample_new (buffer, caps, &segment, NULL);
    gst_app_src_push_sample (GST_APP_SRC (in), sample);
    gst_sample_unref (sample);
    gst_buffer_unref (buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (in));
  gst_caps_unref (caps);
}

static void
push (const gchar *element, Join join)
{
  g_autofree gfloat *tone = rig_sine (2 * HALF, 2, RATE, 55, 0.25f);
  Client *client = client_new (
      "appsrc name=in format=time handle-segment-change=true ! %s !" OUT,
      element);
  GstElement *in = client_get (client, "in");
  Sound *sound = sound_new ();
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  push_joined (in, tone, join);
  gst_object_unref (in);
  client_eos (client, 40);
  client_take (client, sound);
  client_free (client);
  assert_seamless (sound, (gdouble)HALF / RATE);
  assert_whole (sound, element, 2 * HALF);
  sound_free (sound);
}

static void
test_discont (gconstpointer element)
{
  push (element, DISCONT);
}

static void
test_segment (gconstpointer element)
{
  push (element, SEGMENT);
}

static void
test_segment_of_its_own_time (gconstpointer element)
{
  push (element, SEGMENT_OF_ITS_OWN_TIME);
}

/* ---- All of it ---------------------------------------------------------- */

int
main (int argc, char **argv)
{
  client_init (&argc, &argv);
  client_write_tone ("first.wav", 55, 0, HALF, RATE);
  client_write_tone ("second.wav", 55, HALF, HALF, RATE);
  client_write_tone ("loop.wav", 55, 218, LOOP, RATE);
  client_add_each ("/joins/concat", elements, test_concat);
  client_add_each ("/joins/playbin", elements, test_playbin);
  client_add_each ("/joins/playbin3", elements, test_playbin3);
  client_add_each ("/joins/loop", elements, test_loop);
  client_add_each ("/joins/discont", elements, test_discont);
  client_add_each ("/joins/segment", elements, test_segment);
  client_add_each (
      "/joins/segment-of-its-own-time", elements, test_segment_of_its_own_time);
  return client_run (NULL);
}
