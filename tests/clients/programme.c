/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programmes: what a leveler has learned outlives a change of format and a
 * seek; a meter gives an account a track, or one of them all.
 */
#include <math.h>

#include "client.h"

/* ---- mixleveler --------------------------------------------------------- */

static void
load_night_mode (Client *client)
{
  GstElement *dut = client_get (client, "dut");
  g_assert_true (gst_preset_load_preset (GST_PRESET (dut), "night-mode"));
  gst_object_unref (dut);
}

/* Seconds of the first file that came out, by the clock: the rates differ. */
#define SOURCE(rate, level, buffers)                                           \
  "audiotestsrc wave=pink-noise volume=" #level " samplesperbuffer=" #rate     \
  " num-buffers=" #buffers " ! " CLIENT_CAPS (rate, 2) " ! list. "

/* What left before the second rate came, and what after. */
typedef struct {
  gdouble before_db, after_db; /* RMS over half a second on each side */
} Seam;

static Seam
play_seam (const gchar *sources)
{
  Client *client = client_new (
      "concat name=list ! mixleveler name=dut ! appsink name=out sync=false "
      "wait-on-eos=false %s",
      sources);
  GstSample *sample;
  Sound *sounds[2] = { sound_new (), sound_new () };
  load_night_mode (client);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_eos (client, 60);
  while ((sample = gst_app_sink_try_pull_sample (client->out, 0))) {
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    GstClockTime time
        = gst_segment_to_running_time (gst_sample_get_segment (sample),
            GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
    client_take_sample (sounds[time >= 20 * GST_SECOND - 1000], sample);
    gst_sample_unref (sample);
  }
  gdouble end = sound_seconds (sounds[0]);
  Seam seam = { sound_level (sounds[0], end - 0.5, end),
    sound_level (sounds[1], 0, 0.5) };
  client_figure ("length of the first", end, 19.99, 20.01, "s");
  sound_free (sounds[0]);
  sound_free (sounds[1]);
  client_free (client);
  return seam;
}

/* Pink noise that goes on at another rate, or in another track. */
static void
test_leveler_at_a_seam (gconstpointer sources)
{
  Seam seam = play_seam (sources);
  g_test_message ("%g dBFS, then %g", seam.before_db, seam.after_db);
  client_figure (
      "change at the seam", seam.after_db - seam.before_db, -2, 2, "dB");
}

/* In quiet music: 8 s after a flushing seek, and at once. */
static void
test_leveler_after_a_seek (void)
{
  const guint rate = 48000;
  g_autofree gfloat *noise = rig_noise (30 * rate, 2, 0.01f);
  client_write_wav ("quiet.wav", noise, 30 * rate, rate, 2);
  g_autofree gchar *path = client_path ("quiet.wav");
  Client *client
      = client_new ("filesrc location=%s ! wavparse ! audioconvert ! "
                    "mixleveler name=dut ! appsink name=out "
                    "sync=false wait-on-eos=false max-buffers=4",
          path);
  Sound *before = sound_new (), *after = sound_new ();
  GstSample *sample;
  load_night_mode (client);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  while (sound_seconds (before) < 20
         && (sample
             = gst_app_sink_try_pull_sample (client->out, 10 * GST_SECOND))) {
    client_take_sample (before, sample);
    gst_sample_unref (sample);
  }
  g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 3 * GST_SECOND));
  while (sound_seconds (after) < 3
         && (sample
             = gst_app_sink_try_pull_sample (client->out, 10 * GST_SECOND))) {
    client_take_sample (after, sample);
    gst_sample_unref (sample);
  }
  gdouble level = sound_level (before, 19, 20);
  client_figure ("change after a seek, first 0.5 s",
      sound_level (after, 0, 0.5) - level, -2, 2, "dB");
  client_figure ("change after a seek, third second",
      sound_level (after, 2, 3) - level, -2, 2, "dB");
  sound_free (before);
  sound_free (after);
  client_free (client);
}

/* ---- mixmeter ----------------------------------------------------------- */

typedef struct {
  guint finals;
  gdouble integrated[4];
} Account;

static Account
account (const gchar *meter, const gchar *sources)
{
  Account account = { 0, { 0 } };
  GstMessage *message;
  Client *client = client_new (
      "concat name=list ! mixmeter mode=file %s name=dut ! fakesink %s", meter,
      sources);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  while ((message
             = client_wait (client, GST_MESSAGE_EOS | GST_MESSAGE_ELEMENT, 30))
         && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
    const GstStructure *s = gst_message_get_structure (message);
    gboolean final = FALSE;
    if (gst_structure_get_boolean (s, "final", &final) && final
        && account.finals < 4)
      gst_structure_get_double (
          s, "integrated", &account.integrated[account.finals++]);
    gst_message_unref (message);
  }
  g_assert_nonnull (message);
  g_clear_pointer (&message, gst_message_unref);
  client_free (client);
  return account;
}

/* Tracks 12 dB apart, so that each account is told from that of all. */
#define SAME_RATE SOURCE (48000, 0.4, 6) SOURCE (48000, 0.1, 6)
#define OTHER_RATE SOURCE (44100, 0.4, 6) SOURCE (48000, 0.1, 6)

static void
test_an_account_a_track (gconstpointer sources)
{
  Account tracks = account ("", sources);
  client_figure ("final messages", tracks.finals, 2, 2, "");
  client_figure ("between the tracks",
      tracks.integrated[0] - tracks.integrated[1], 11.5, 12.5, "LU");
}

static gboolean
has_property (const gchar *property)
{
  GstElement *meter = gst_element_factory_make ("mixmeter", NULL);
  gboolean has
      = g_object_class_find_property (G_OBJECT_GET_CLASS (meter), property)
        != NULL;
  gst_object_unref (gst_object_ref_sink (meter));
  return has;
}

static void
test_an_account_of_all (gconstpointer sources)
{
  if (!has_property ("programme")) {
    g_test_skip ("this mixmeter has no programme");
    return;
  }
  Account tracks = account ("", sources);
  Account all = account ("programme=whole", sources);
  client_figure ("final messages", all.finals, 1, 1, "");
  /* half the power, and the −10 LU gate takes the soft half away or not */
  client_figure ("under the loud track",
      tracks.integrated[0] - all.integrated[0], -0.1, 3.1, "LU");
}

/* Paused over the loud track, the account is of the soft one alone. */
static void
test_pause (void)
{
  if (!has_property ("pause")) {
    g_test_skip ("this mixmeter cannot pause");
    return;
  }
  g_autofree gfloat *noise = rig_noise (10 * 48000, 2, 0.05f);
  for (guint i = 2 * 4 * 48000; i < 2 * 6 * 48000; i++)
    noise[i] *= 10;
  client_write_wav ("loud.wav", noise, 10 * 48000, 48000, 2);
  g_autofree gchar *path = client_path ("loud.wav");
  gdouble integrated[2];
  for (guint paused = 0; paused < 2; paused++) {
    Client *client
        = client_new ("filesrc location=%s ! wavparse ! audioconvert "
                      "! mixmeter mode=file name=dut !" OUT,
            path);
    GstElement *dut = client_get (client, "dut");
    if (paused)
      client_bind_steps (GST_OBJECT (dut), "pause",
          (const gdouble[]){ 0, 4, 6 }, (const gdouble[]){ 0, 1, 0 }, 3);
    gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
    client_eos (client, 30);
    g_object_get (dut, "integrated", &integrated[paused], NULL);
    gst_object_unref (dut);
    client_free (client);
  }
  /* 20 dB between them, and the gate leaves the soft part out */
  client_figure ("louder without the pause", integrated[0] - integrated[1], 19,
      20.1, "LU");
}

int
main (int argc, char **argv)
{
  client_init (&argc, &argv);
  g_test_add_data_func ("/programme/leveler/new-rate",
      SOURCE (44100, 0.8, 20) SOURCE (48000, 0.8, 5), test_leveler_at_a_seam);
  g_test_add_data_func ("/programme/leveler/new-rate-quiet",
      SOURCE (44100, 0.02, 20) SOURCE (48000, 0.02, 5), test_leveler_at_a_seam);
  g_test_add_data_func ("/programme/leveler/new-track",
      SOURCE (48000, 0.8, 20) SOURCE (48000, 0.8, 5), test_leveler_at_a_seam);
  g_test_add_func ("/programme/leveler/seek", test_leveler_after_a_seek);
  g_test_add_data_func (
      "/programme/meter/same-rate", SAME_RATE, test_an_account_a_track);
  g_test_add_data_func (
      "/programme/meter/other-rate", OTHER_RATE, test_an_account_a_track);
  g_test_add_data_func (
      "/programme/meter/whole", SAME_RATE, test_an_account_of_all);
  g_test_add_data_func (
      "/programme/meter/whole-other-rate", OTHER_RATE, test_an_account_of_all);
  g_test_add_func ("/programme/meter/pause", test_pause);
  return client_run (NULL);
}
