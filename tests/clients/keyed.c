/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Elements with a side chain in real pipelines: what the key may be, where it
 * acts, and that the main sound goes on whatever becomes of it.
 *
 * The main sound is a tone of -20 dBFS, under the threshold of -18 dBFS; the
 * key turns it down.
 */
#include <math.h>
#include <string.h>

#include "client.h"

#define MAIN(seconds, rate, channels)                                          \
  "audiotestsrc freq=440 volume=0.1 samplesperbuffer=480 "                     \
  "num-buffers=" #seconds                                                      \
  "00 ! audio/x-raw,format=" GST_AUDIO_NE (F32) ",channels=" #channels         \
                                                ",rate=" #rate " ! "
#define DUT "mixkeyedcompressor name=dut meter-interval=100 "
#define STEREO CLIENT_CAPS (48000, 2)

static gboolean
is_equal (const Sound *a, const Sound *b)
{
  return a->samples->len == b->samples->len
         && memcmp (a->samples->data, b->samples->data,
                a->samples->len * sizeof (gfloat))
                == 0;
}

/* The first sample that differs, as a frame; the length if none does. */
static guint
first_difference (const Sound *a, const Sound *b)
{
  const guint n = MIN (a->samples->len, b->samples->len);
  for (guint i = 0; i < n; i++)
    if (g_array_index (a->samples, gfloat, i)
        != g_array_index (b->samples, gfloat, i))
      return i / a->channels;
  return n / a->channels;
}

static guint
warnings (Client *client)
{
  guint count = 0;
  GstMessage *message;
  while ((message = gst_bus_pop_filtered (client->bus, GST_MESSAGE_WARNING))) {
    count++;
    gst_message_unref (message);
  }
  return count;
}

/* Without a key 440 Hz at -20 dBFS has this RMS level. */
#define DRY_DB (-23.01)

/* ---- The same sound as key ----------------------------------------------- */

/* Against the filter, bit by bit: noise that changes in level. */
static void
test_own_key (gconstpointer data)
{
  const gchar *settings = data;
  static const guint rates[] = { 44100, 48000, 96000 };
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autofree gfloat *noise = rig_noise (rates[i], 2, 0.5f);
    g_autofree gchar *path = client_path ("noise.wav");
    client_write_wav ("noise.wav", noise, rates[i], rates[i], 2);
    g_autofree gchar *source = g_strdup_printf (
        "filesrc location=%s blocksize=%u ! wavparse ! ", path, 3000 + 777 * i);
    Sound *filter = client_play ("%s mix%s !" OUT, source, settings);
    Sound *keyed = client_play (
        "%s tee name=t  t. ! queue ! dut.sidechain  t. ! queue ! "
        "mixkeyed%s name=dut !" OUT,
        source, settings);
    g_assert_true (is_equal (filter, keyed));
    g_assert_cmpuint (keyed->breaks, ==, 0);
    g_assert_cmpuint (keyed->start, ==, filter->start);
    sound_free (filter);
    sound_free (keyed);
  }
}

/* ---- No key ---------------------------------------------------------------
 */

/* A gate without a key is open, one with a silent key closed. */
static void
test_gate_without_key (void)
{
  static const gchar *const keys[]
      = { "", "audiotestsrc num-buffers=0 ! dut.sidechain",
          "audiotestsrc wave=silence num-buffers=100 ! dut.sidechain" };
  for (guint i = 0; i < 3; i++) {
    Sound *out = client_play (
        MAIN (2, 48000, 2) "mixkeyedgate name=dut !" OUT "%s", keys[i]);
    gboolean closes = i == 2;
    client_figure ("level", sound_level (out, 0.5, 1.5),
        closes ? DRY_DB - 60.1 : DRY_DB - 0.01,
        closes ? DRY_DB - 59.9 : DRY_DB + 0.01, "dBFS");
    sound_free (out);
  }
}

/* Bit by bit what came in. */
static void
test_no_key (gconstpointer key)
{
  Sound *dry = client_play (MAIN (2, 48000, 2) "identity !" OUT);
  Sound *out = client_play (
      MAIN (2, 48000, 2) DUT "look-ahead=5 !" OUT "%s", (const gchar *)key);
  g_assert_true (is_equal (dry, out));
  g_assert_cmpuint (out->breaks, ==, 0);
  sound_free (dry);
  sound_free (out);
}

static GstPadProbeReturn
mute_but_in_second_two (GstPad *pad, GstPadProbeInfo *info, gpointer dut)
{
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  (void)pad;
  gst_child_proxy_set (GST_CHILD_PROXY (dut), "sidechain::mute",
      pts < GST_SECOND || pts >= 2 * GST_SECOND, NULL);
  return GST_PAD_PROBE_OK;
}

/* A key that nobody else plays goes on while it is muted, no faster than the
 * main sound: from the frame on at which it is not, it is where it should be.
 */
static void
test_mute (void)
{
  Sound *dry = client_play (MAIN (3, 48000, 2) "identity !" OUT);
  Client *client = client_new (
      MAIN (3, 48000, 2) "identity sleep-time=500 ! mixkeyedcompressor "
                         "name=dut sidechain::mute=true !" OUT
                         "audiotestsrc volume=0.5 samplesperbuffer=480 "
                         "num-buffers=250 ! " STEREO " ! dut.sidechain");
  Sound *out = sound_new ();
  GstElement *dut = client_get (client, "dut");
  GstPad *sink = gst_element_get_static_pad (dut, "sink");
  gst_pad_add_probe (
      sink, GST_PAD_PROBE_TYPE_BUFFER, mute_but_in_second_two, dut, NULL);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_take_all (client, out);
  client_figure (
      "turned down from", first_difference (dry, out) / 48000.0, 1, 1.001, "s");
  client_figure ("level", sound_level (out, 1.5, 1.9), -35, DRY_DB - 5, "dBFS");
  client_figure ("level when muted again", sound_level (out, 2.8, 3),
      DRY_DB - 0.1, DRY_DB + 0.1, "dBFS");
  g_assert_cmpuint (warnings (client), ==, 0);
  gst_object_unref (sink);
  gst_object_unref (dut);
  sound_free (dry);
  sound_free (out);
  client_free (client);
}

/* ---- Formats --------------------------------------------------------------
 */

typedef struct {
  const gchar *caps;
  gdouble level_db; /* of the folded key of -6 dBFS in each channel */
} Format;

static void
test_format (gconstpointer data)
{
  const Format *format = data;
  gdouble level, reduction = (format->level_db + 18) * 0.75;
  Client *client = client_new (MAIN (2, 48000, 2) DUT
      "detector=peak knee=0 ! " OUT "audiotestsrc freq=1000 volume=0.5 "
      "samplesperbuffer=777 num-buffers=300 ! %s ! dut.sidechain",
      format->caps);
  Sound *sound = sound_new ();
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_take_all (client, sound);
  GstElement *dut = client_get (client, "dut");
  g_object_get (dut, "key-level", &level, NULL);
  client_figure ("key-level", level, format->level_db - 0.1,
      format->level_db + 0.1, "dBFS");
  client_figure ("level", sound_level (sound, 1, 1.9), DRY_DB - reduction - 0.1,
      DRY_DB - reduction + 0.1, "dBFS");
  gst_object_unref (dut);
  sound_free (sound);
  client_free (client);
}

/* What comes out is no matter of which thread is faster, or of how the key is
 * cut; its first buffer may be as long as the main sound's. */
static void
test_slow_key (void)
{
  static const struct {
    guint main_us, key_us, key_frames;
  } cases[] = { { 0, 0, 4410 }, { 0, 2000, 441 }, { 2000, 0, 441 } };
  Sound *first = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Sound *out = client_play (
        MAIN (2, 48000, 2) "identity sleep-time=%u ! " DUT
                           "attack=0.1 release=5 !" OUT
                           "audiotestsrc wave=saw freq=50 volume=0.5 "
                           "samplesperbuffer=%u num-buffers=%u ! " CLIENT_CAPS (
                               44100, 1) " ! identity sleep-time=%u ! "
                                         "dut.sidechain",
        cases[i].main_us, cases[i].key_frames, 88200 / cases[i].key_frames,
        cases[i].key_us);
    first = first ? first : out;
    g_assert_true (is_equal (first, out));
    if (out != first)
      sound_free (out);
  }
  sound_free (first);
}

/* A key of another rate, listened to: a clean tone, without a hole where two
 * buffers meet. */
static void
test_heard (void)
{
  Sound *sound = client_play (MAIN (3, 48000, 2) DUT
      "sidechain-listen=true !" OUT
      "audiotestsrc freq=1000 volume=0.5 samplesperbuffer=777 num-buffers=300 "
      "! " CLIENT_CAPS (44100, 1) " ! dut.sidechain");
  client_figure ("level", sound_level (sound, 0.5, 2.5), -9.04, -9.02, "dBFS");
  client_figure ("over 4 kHz", sound_peak_above (sound, 4000, 0.5, 2.5),
      -INFINITY, -70, "dBFS");
  sound_free (sound);
}

/* ---- Alignment ------------------------------------------------------------
 */

/* Where the reduction begins, for a key that begins at `start`. */
static guint
onset (const gchar *key_caps, GstClockTime start, const Sound *dry)
{
  Sound *out = client_play (MAIN (2, 48000, 2) DUT
      "attack=0.01 threshold=-60 !" OUT
      "audiotestsrc wave=square freq=100 volume=0.5 samplesperbuffer=333 "
      "num-buffers=20 timestamp-offset=%" G_GUINT64_FORMAT
      " ! %s ! dut.sidechain",
      start, key_caps);
  guint frame = first_difference (dry, out);
  sound_free (out);
  return frame;
}

/* A key of the same rate is moved by whole frames, another by the nearest. */
static void
test_alignment (void)
{
  Sound *dry = client_play (MAIN (2, 48000, 2) "identity !" OUT);
  const guint first = onset (STEREO, 0, dry);
  g_assert_cmpuint (first, <=, 2);
  static const guint frames[] = { 1, 479, 480, 12345, 48000 };
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    GstClockTime start
        = gst_util_uint64_scale_ceil (frames[i], GST_SECOND, 48000);
    g_assert_cmpuint (onset (STEREO, start, dry), ==, frames[i] + first);
    guint other = onset (CLIENT_CAPS (44100, 1), start, dry);
    /* a resampler rings before a step */
    client_figure ("key of 44.1 kHz is early by",
        (gdouble)frames[i] + first - other, -1, 40, "frames");
  }
  sound_free (dry);
}

/* ---- Times ----------------------------------------------------------------
 */

/* Untouched up to the minute, turned down behind it. */
static void
test_late_start (void)
{
  Sound *dry = client_play (MAIN (62, 48000, 1) "identity !" OUT);
  Sound *out = client_play (
      MAIN (62, 48000, 1) DUT "!" OUT "audiotestsrc volume=0.5 num-buffers=40 "
                              "timestamp-offset=60000000000 ! dut.sidechain");
  client_figure ("turned down from", first_difference (dry, out) / 48000.0, 60,
      60.01, "s");
  client_figure (
      "level", sound_level (out, 60.5, 60.8), -35, DRY_DB - 5, "dBFS");
  sound_free (dry);
  sound_free (out);
}

/* What ends first: the voice is heard to its end, by the mixer that the music
 * goes to too; and the music to its own. */
static void
test_ends (gconstpointer data)
{
  const guint *seconds = data;
  Sound *out = client_play (
      "audiomixer name=mix ! " STEREO " !" OUT
      "audiotestsrc freq=1000 volume=0.25 num-buffers=%u samplesperbuffer=480 "
      "! " STEREO " ! tee name=v  v. ! queue ! dut.sidechain "
      "v. ! queue ! mix. "
      "audiotestsrc freq=440 volume=0.1 num-buffers=%u samplesperbuffer=480 "
      "! " STEREO " ! " DUT "look-ahead=20 ! queue ! mix.",
      seconds[0] * 100, seconds[1] * 100);
  client_figure ("length", sound_seconds (out), MAX (seconds[0], seconds[1]),
      MAX (seconds[0], seconds[1]) + 0.011, "s");
  g_assert_cmpuint (out->breaks, ==, 0);
  sound_free (out);
}

/* A seek moves the key too: it is a tone between 5 and 6 s of a file that
 * nobody else plays. */
static void
test_seek (gconstpointer data)
{
  g_autofree gfloat *key = rig_sine (8 * 48000, 1, 48000, 1000, 0.5f);
  memset (key, 0, 5 * 48000 * sizeof *key);
  memset (key + 6 * 48000, 0, 2 * 48000 * sizeof *key);
  client_write_wav ("key.wav", key, 8 * 48000, 48000, 1);
  client_write_tone ("main.wav", 440, 0, 8 * 48000, 48000);
  g_autofree gchar *key_path = client_path ("key.wav");
  g_autofree gchar *main_path = client_path ("main.wav");
  Client *client = client_new (
      "filesrc location=%s ! wavparse ! mixkeyedcompressor name=dut "
      "threshold=-40 attack=1 release=10 ! "
      "identity sleep-time=300 ! appsink name=out sync=false "
      "wait-on-eos=false "
      "filesrc location=%s ! wavparse ! queue ! dut.sidechain",
      main_path, key_path);
  Sound *sound = sound_new ();
  const guint round = GPOINTER_TO_UINT (data);
  if (round % 2) {
    gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
    g_usleep (round * 3000);
    client_state (client, GST_STATE_PAUSED);
  } else {
    client_state (client, GST_STATE_PAUSED);
  }
  for (guint i = 0; i <= round % 3; i++)
    g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 4500 * GST_MSECOND));
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_take_all (client, sound);
  client_figure ("length", sound_seconds (sound), 3.5, 3.5, "s");
  client_figure (
      "before the key", sound_level (sound, 0, 0.49), -15.1, -15, "dBFS");
  client_figure (
      "with the key", sound_level (sound, 0.6, 1.45), -60, -35, "dBFS");
  client_figure (
      "after the key", sound_level (sound, 1.7, 3.4), -15.1, -15, "dBFS");
  sound_free (sound);
  client_free (client);
}

/* Again and again: as the first time, and without a warning. */
static void
test_restart (void)
{
  Client *client = client_new (MAIN (
      1, 48000, 2) "tee name=t  t. ! queue ! dut.sidechain  t. ! queue ! " DUT
                   "threshold=-30 ! " OUT);
  gdouble first = 0;
  for (guint i = 0; i < 20; i++) {
    Sound *sound = sound_new ();
    gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
    client_take_all (client, sound);
    gdouble level = sound_level (sound, 0.5, 0.9);
    first = i == 0 ? level : first;
    g_assert_cmpfloat_with_epsilon (level, first, 1e-6);
    g_assert_cmpuint (warnings (client), ==, 0);
    gst_element_set_state (client->pipeline, GST_STATE_NULL);
    sound_free (sound);
  }
  client_free (client);
}

/* ---- Mistakes --------------------------------------------------------------
 */

static void
test_second_pad (void)
{
  GstElement *element = gst_element_factory_make ("mixkeyedcompressor", NULL);
  GstBus *bus = gst_bus_new ();
  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  gst_element_set_state (element, GST_STATE_READY);
  for (guint i = 0; i < 3; i++) { /* and again after it was released */
    GstPad *pad = gst_element_request_pad_simple (element, "sidechain");
    g_assert_nonnull (pad);
    g_assert_null (gst_element_request_pad (
        element, GST_PAD_PAD_TEMPLATE (pad), NULL, NULL));
    GstMessage *warning = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
    g_assert_nonnull (warning);
    gst_message_unref (warning);
    gst_element_release_request_pad (element, pad);
    g_object_set (pad, "mute", TRUE, NULL); /* late, and no crash */
    gst_object_unref (pad);
  }
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
}

/* One thread for both: said, and nothing hangs or is lost. */
static void
test_one_thread (void)
{
  Client *client = client_new (
      MAIN (2, 48000, 2) "tee name=t  t. ! " DUT "! " OUT "t. ! dut.sidechain");
  Sound *sound = sound_new ();
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_take_all (client, sound);
  client_figure ("length", sound_seconds (sound), 2, 2, "s");
  g_assert_cmpuint (warnings (client), ==, 1);
  sound_free (sound);
  client_free (client);
}

static void
push_key (GstAppSrc *source, guint index, gfloat value)
{
  gfloat data[480];
  guint frames = index % 3 == 1 ? 0 : 480;
  for (guint i = 0; i < 480; i++)
    data[i] = value;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, frames * 4, NULL);
  gst_buffer_fill (buffer, 0, data, frames * 4);
  GST_BUFFER_PTS (buffer) = index * 10 * GST_MSECOND;
  gst_app_src_push_buffer (source, buffer);
}

/* NaN and empty buffers in the key: silence, a warning once, no lost frame. */
static void
test_bad_key (void)
{
  Client *client = client_new (MAIN (2, 48000, 2) DUT
      "!" OUT "appsrc name=key format=time ! " CLIENT_CAPS (
          48000, 1) " ! dut.sidechain");
  Sound *dry = client_play (MAIN (2, 48000, 2) "identity !" OUT);
  Sound *sound = sound_new ();
  GstElement *key = client_get (client, "key");
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 200; i++)
    push_key (GST_APP_SRC (key), i, NAN);
  gst_app_src_end_of_stream (GST_APP_SRC (key));
  client_take_all (client, sound);
  g_assert_true (is_equal (dry, sound));
  g_assert_cmpuint (warnings (client), ==, 1);
  gst_object_unref (key);
  sound_free (dry);
  sound_free (sound);
  client_free (client);
}

/* ---- Live ------------------------------------------------------------------
 */

#define LIVE_MAIN                                                              \
  "audiotestsrc is-live=true freq=440 volume=0.1 samplesperbuffer=480 "        \
  "! " STEREO " ! "
#define LIVE_OUT                                                               \
  "! tee name=both  both. ! queue ! fakesink name=clock sync=true "            \
  "max-lateness=15000000 qos=true  both. ! queue !" OUT

/* What came late for a sink that plays in time. */
static guint64
dropped (Client *client)
{
  GstElement *sink = client_get (client, "clock");
  GstStructure *stats;
  guint64 count;
  g_object_get (sink, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "dropped", &count));
  gst_structure_free (stats);
  gst_object_unref (sink);
  return count;
}

static Sound *
end_live (Client *client, gdouble seconds)
{
  Sound *sound = sound_new ();
  gst_element_send_event (client->pipeline, gst_event_new_eos ());
  client_take_all (client, sound);
  client_figure (
      "length", sound_seconds (sound), seconds - 0.3, seconds + 0.5, "s");
  client_figure ("buffers out of place", sound->breaks, 0, 0, "");
  /* beside other tests the machine itself is late now and then */
  client_figure ("buffers too late", (gdouble)dropped (client), 0,
      g_getenv ("MIX_LIVE_SECONDS") ? 0 : 10, "");
  client_free (client);
  return sound;
}

/* The level that the key leaves: of a live source that plays, and of one that
 * is there and says nothing. */
static void
test_live (gconstpointer data)
{
  const gchar *key = data;
  const gboolean plays = strstr (key, "volume") != NULL;
  Client *client = client_new (
      LIVE_MAIN "mixkeyedcompressor name=dut look-ahead=5 " LIVE_OUT "%s", key);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  g_usleep (1500000);
  Sound *sound = end_live (client, 1.5);
  client_figure ("level", sound_level (sound, 0.5, 1.2),
      plays ? -33.1 : DRY_DB - 0.01, plays ? -31 : DRY_DB + 0.01, "dBFS");
  sound_free (sound);
}

typedef struct {
  Client *client;
  GstElement *dut, *source, *queue;
  GstPad *pad;
} Guest;

static GstElement *
add (Client *client, const gchar *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);
  g_assert_true (gst_bin_add (GST_BIN (client->pipeline), element));
  return element;
}

static void
come (Guest *guest)
{
  guest->pad = gst_element_request_pad_simple (guest->dut, "sidechain");
  guest->source = add (guest->client, "audiotestsrc");
  guest->queue = add (guest->client, "queue");
  g_object_set (guest->source, "is-live", TRUE, "volume", 0.5, NULL);
  GstPad *src = gst_element_get_static_pad (guest->queue, "src");
  g_assert_true (gst_element_link (guest->source, guest->queue));
  g_assert_cmpint (gst_pad_link (src, guest->pad), ==, GST_PAD_LINK_OK);
  gst_object_unref (src);
  gst_element_sync_state_with_parent (guest->queue);
  gst_element_sync_state_with_parent (guest->source);
}

/* Ended, flushed, or just cut off. */
static void
go (Guest *guest, guint how)
{
  GstPad *src = gst_element_get_static_pad (guest->source, "src");
  if (how % 3 == 0)
    gst_element_send_event (guest->source, gst_event_new_eos ());
  if (how % 3 == 1) {
    gst_pad_push_event (src, gst_event_new_flush_start ());
    gst_pad_push_event (src, gst_event_new_flush_stop (FALSE));
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (src, gst_event_new_segment (&segment));
  }
  g_usleep (20000);
  gst_object_unref (src);
  gst_element_release_request_pad (guest->dut, guest->pad);
  gst_object_unref (guest->pad);
  GstElement *elements[] = { guest->source, guest->queue };
  for (guint i = 0; i < 2; i++) {
    gst_object_ref (elements[i]);
    gst_bin_remove (GST_BIN (guest->client->pipeline), elements[i]);
    gst_element_set_state (elements[i], GST_STATE_NULL);
    gst_object_unref (elements[i]);
  }
}

/* For so long as the environment says, 4 s by default: keys come and go. */
static void
test_guests (void)
{
  const gchar *asked = g_getenv ("MIX_LIVE_SECONDS");
  const gdouble seconds = asked ? g_ascii_strtod (asked, NULL) : 4;
  Guest guest = { 0 };
  guest.client = client_new (
      LIVE_MAIN "mixkeyedcompressor name=dut look-ahead=5 " LIVE_OUT);
  guest.dut = client_get (guest.client, "dut");
  gint64 begin = g_get_monotonic_time ();
  gst_element_set_state (guest.client->pipeline, GST_STATE_PLAYING);
  g_usleep (300000);
  for (guint i = 0; g_get_monotonic_time () - begin < seconds * 1e6; i++) {
    come (&guest);
    g_usleep (100000 + i % 5 * 40000);
    go (&guest, i);
    g_usleep (30000);
  }
  gst_object_unref (guest.dut);
  gdouble ran = (gdouble)(g_get_monotonic_time () - begin) * 1e-6;
  sound_free (end_live (guest.client, ran));
}

int
main (int argc, char **argv)
{
  static const gchar *const settings[] = { "compressor threshold=-30",
    "compressor threshold=-30 look-ahead=5 link=0",
    "compressor threshold=-40 mode=upward", "gate threshold=-10",
    "gate threshold=-8 hold=0 release=1 link=0", NULL };
  static const gchar *const keys[] = { "", /* no pad */
    "audiotestsrc wave=silence num-buffers=80 ! dut.sidechain",
    "audiotestsrc volume=1 num-buffers=100 ! volume mute=true ! dut.sidechain",
    "audiotestsrc num-buffers=0 ! dut.sidechain", NULL };
  static const Format formats[] = { { CLIENT_CAPS (48000, 2), -6.02 },
    { CLIENT_CAPS (44100, 1), -6.02 }, { CLIENT_CAPS (96000, 2), -6.02 },
    { "audio/x-raw,format=S16LE,rate=8000,channels=1", -6.02 },
    { "audio/x-raw,format=U8,rate=48000,channels=2", -6.02 },
    { "audio/x-raw,format=S24BE,rate=48000,channels=1", -6.02 },
    /* front pair, centre and rear pair, each as loud as the key: 9.54 dB more
     */
    { "audio/x-raw,format=F64LE,rate=48000,channels=6,"
      "channel-mask=(bitmask)0x3f",
        3.52 } };
  static const guint ends[][2] = { { 1, 3 }, { 9, 1 }, { 2, 2 } };
  static const gchar *const live[]
      = { "audiotestsrc is-live=true volume=0.5 ! queue ! dut.sidechain",
          "audiotestsrc is-live=true volume=0.5 samplesperbuffer=4410 ! "
          "audio/x-raw,rate=44100 ! queue ! dut.sidechain",
          "appsrc is-live=true format=time ! " STEREO " ! dut.sidechain",
          NULL };
  client_init (&argc, &argv);
  client_add_each ("/keyed/own-key", settings, test_own_key);
  for (guint i = 0; keys[i]; i++) {
    g_autofree gchar *path = g_strdup_printf ("/keyed/no-key/%u", i);
    g_test_add_data_func (path, keys[i], test_no_key);
  }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autofree gchar *path = g_strdup_printf ("/keyed/format/%u", i);
    g_test_add_data_func (path, &formats[i], test_format);
  }
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree gchar *path = g_strdup_printf ("/keyed/ends/%u", i);
    g_test_add_data_func (path, ends[i], test_ends);
  }
  g_test_add_func ("/keyed/mute", test_mute);
  g_test_add_func ("/keyed/gate-without-key", test_gate_without_key);
  g_test_add_func ("/keyed/heard", test_heard);
  g_test_add_func ("/keyed/slow-key", test_slow_key);
  g_test_add_func ("/keyed/alignment", test_alignment);
  g_test_add_func ("/keyed/late-start", test_late_start);
  for (guint i = 0; i < 6; i++) {
    g_autofree gchar *path = g_strdup_printf ("/keyed/seek/%u", i);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_seek);
  }
  g_test_add_func ("/keyed/restart", test_restart);
  g_test_add_func ("/keyed/second-pad", test_second_pad);
  g_test_add_func ("/keyed/one-thread", test_one_thread);
  g_test_add_func ("/keyed/bad-key", test_bad_key);
  client_add_each ("/keyed/live", live, test_live);
  g_test_add_func ("/keyed/guests", test_guests);
  return client_run (NULL);
}
