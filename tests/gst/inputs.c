/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bad and unusual input: never a crash, a hang, or lost audio. */
#include <math.h>
#include <string.h>

#include "rig.h"

static void
assert_finite (Rig *rig)
{
  for (guint i = 0; i < rig->samples->len; i++)
    g_assert_true (isfinite (g_array_index (rig->samples, gfloat, i)));
}

static void
test_rates_and_channels (gconstpointer description)
{
  static const guint rates[] = { 8000, 11025, 22050, 44100, 48000, 88200, 96000,
    192000, 384000, 1, 7, 12345 };
  static const guint channels[] = { 1, 2, 3, 6, 8, 64 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint c = 0; c < G_N_ELEMENTS (channels); c++) {
      if (r > 0 && r != 8 && c > 1)
        continue;
      guint frames = MIN (rates[r], 20000);
      Rig *rig = rig_new (description, rates[r], channels[c]);
      gfloat *noise = rig_noise (frames, channels[c], 0.7f);
      if (rig_has_tail (rig))
        g_object_set (rig->element, "tail-max", 100.0, NULL);
      rig_push_all (rig, noise, frames, 1024);
      rig_finish (rig);
      g_assert_cmpuint (rig_frames (rig), >=, frames);
      assert_finite (rig);
      rig_free (rig);
      g_free (noise);
    }
}

/* Stereo, quadraphonic without positions, upside-down 5.1: any mask goes. */
static void
test_any_mask (gconstpointer description)
{
  static const gchar *const caps[] = {
    "channels=2, channel-mask=(bitmask)0x0",
    "channels=4, channel-mask=(bitmask)0x0",
    "channels=2, channel-mask=(bitmask)0xc",
    "channels=6, channel-mask=(bitmask)0x60f",
    "channels=3, channel-mask=(bitmask)0xb",
  };
  for (guint i = 0; i < G_N_ELEMENTS (caps); i++) {
    Rig *rig = rig_new (description, 48000, 2);
    g_autofree gchar *text
        = g_strconcat ("audio/x-raw, format=" GST_AUDIO_NE (
                           F32) ", layout=interleaved, rate=48000, ",
            caps[i], NULL);
    GstCaps *parsed = gst_caps_from_string (text);
    gst_structure_get_int (
        gst_caps_get_structure (parsed, 0), "channels", (gint *)&rig->channels);
    rig_event (rig, gst_event_new_caps (parsed));
    gst_caps_unref (parsed);
    gfloat *noise = rig_noise (4800, rig->channels, 0.7f);
    rig_push_all (rig, noise, 4800, 1024);
    rig_finish (rig);
    g_assert_cmpuint (rig_frames (rig), >=, 4800);
    rig_free (rig);
    g_free (noise);
  }
}

/* Bad samples become silence, cause one warning, and leave no trace in what
 * follows. */
static void
test_bad_samples (gconstpointer description)
{
  const gfloat bad[] = { NAN, INFINITY, -INFINITY, 1e30f };
  Rig *rig = rig_new (description, 48000, 2);
  Rig *clean = rig_new (description, 48000, 2);
  gfloat *noise = rig_noise (48000, 2, 0.5f);
  gfloat *spoilt = g_memdup2 (noise, 48000 * 8);
  for (guint i = 0; i < 4; i++)
    spoilt[9600 + i * 12345] = bad[i];
  rig_push_all (rig, spoilt, 48000, 0);
  rig_finish (rig);
  rig_push_all (clean, noise, 48000, 0);
  rig_finish (clean);
  assert_finite (rig);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  if (g_str_equal (description, "mixtestecho"))
    for (guint i = 4801; i < 5200; i++) /* nothing of it but that sample */
      g_assert_cmpfloat (rig_sample (rig, i, 0), ==, noise[2 * i]);
  if (!rig_has_tail (rig))
    for (guint i = 43200; i < 47000; i++)
      g_assert_cmpfloat_with_epsilon (
          rig_sample (rig, i, 1), rig_sample (clean, i, 1), 0.01);
  rig_free (rig);
  rig_free (clean);
  g_free (noise);
  g_free (spoilt);
}

/* Nothing but NaN, a full second: as fast as anything else. */
static void
test_all_bad (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 2);
  gfloat *bad = g_new (gfloat, 96000);
  for (guint i = 0; i < 96000; i++)
    bad[i] = NAN;
  rig_push_all (rig, bad, 48000, 1024);
  rig_finish (rig);
  for (guint i = 0; i < rig->samples->len; i++)
    g_assert_cmpfloat (g_array_index (rig->samples, gfloat, i), ==, 0);
  rig_free (rig);
  g_free (bad);
}

static void
test_bad_while_bypassed (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 1);
  gfloat *noise = rig_noise (9600, 1, 0.5f);
  noise[5000] = NAN;
  g_object_set (rig->element, "bypass", TRUE, NULL);
  rig_push_all (rig, noise, 9600, 1024);
  rig_finish (rig);
  assert_finite (rig);
  g_assert_cmpfloat (rig_sample (rig, 5001, 0), ==, noise[5001]);
  rig_free (rig);
  g_free (noise);
}

static void
test_sizes (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 2);
  gfloat *noise = rig_noise (480000, 2, 0.5f);
  rig_push (rig, NULL, 0, 0);
  rig_push_all (rig, noise, 480000, 480000);
  rig_push (rig, NULL, 0, 0);
  rig_push_all (rig, noise, 10, 1);
  rig_push (rig, NULL, 0, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 480010);
  assert_finite (rig);
  rig_free (rig);
  g_free (noise);
}

/* Denormals must cost nothing: a second of silence after sound is not slower
 * than the sound was, by far. */
static void
test_silence_is_cheap (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 2);
  gfloat *noise = rig_noise (480000, 2, 0.5f);
  gint64 start = g_get_monotonic_time (), sound, silence;
  rig_push_all (rig, noise, 480000, 1024);
  sound = g_get_monotonic_time () - start;
  memset (noise, 0, 480000 * 8);
  start = g_get_monotonic_time ();
  rig_push_all (rig, noise, 480000, 1024);
  silence = g_get_monotonic_time () - start;
  g_test_message ("sound %ld us, silence %ld us", (long)sound, (long)silence);
  g_assert_cmpint (silence, <, 5 * sound + 20000);
  rig_free (rig);
  g_free (noise);
}

/* Half of the smallest normal number is flushed, and the thread's own mode is
 * as it was. */
/* A damaged header's rate is refused before any memory is taken, and why. */
static void
test_absurd_rate (gconstpointer description)
{
  static const gint rates[] = { 768001, 100000000, G_MAXINT };
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    Rig *rig = rig_new (description, 48000, 1);
    GError *error = NULL;
    rig_count_messages (rig, GST_MESSAGE_WARNING);
    GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
        GST_AUDIO_NE (F32), "layout", G_TYPE_STRING, "interleaved", "rate",
        G_TYPE_INT, rates[i], "channels", G_TYPE_INT, 1, NULL);
    rig_event (rig, gst_event_new_caps (caps));
    gst_caps_unref (caps);
    g_assert_cmpint (rig_push (rig, NULL, 10, 0), ==, GST_FLOW_NOT_NEGOTIATED);
    GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
    g_assert_nonnull (message);
    gst_message_parse_warning (message, &error, NULL);
    g_assert_nonnull (strstr (error->message, "Hz, only up to 768000"));
    g_clear_error (&error);
    gst_message_unref (message);
    rig_free (rig);
  }
}

/* The same when a converter asks before it tries. */
static void
test_absurd_rate_asked (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 1);
  GstPad *pad = gst_element_get_static_pad (rig->element, "sink");
  GstCaps *wanted
      = gst_caps_from_string ("audio/x-raw, rate=100000000, channels=1");
  rig_count_messages (rig, GST_MESSAGE_WARNING);
  for (guint i = 0; i < 2; i++) {
    GstCaps *possible = gst_pad_query_caps (pad, wanted);
    g_assert_true (gst_caps_is_empty (possible));
    gst_caps_unref (possible);
  }
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  gst_caps_unref (wanted);
  gst_object_unref (pad);
  rig_free (rig);
}

/* Nothing to map, nothing to play. */
static void
test_empty_buffers (gconstpointer description)
{
  Rig *rig = rig_new (description, 48000, 2);
  rig_push (rig, NULL, 0, GST_BUFFER_FLAG_GAP);
  rig_push (rig, NULL, 1000, 0);
  rig_push (rig, NULL, 0, GST_BUFFER_FLAG_GAP | GST_BUFFER_FLAG_DISCONT);
  rig_push (rig, NULL, 0, 0);
  rig_push (rig, NULL, 1000, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 2000);
  for (guint i = 1; i < rig->buffers->len; i++)
    g_assert_cmpuint (
        rig_buffer (rig, i)->offset, ==, rig_buffer (rig, i - 1)->offset_end);
  rig_free (rig);
}

static void
test_denormals (void)
{
  volatile gfloat smallest = 1.2e-38f;
  gfloat click[100] = { smallest };
  Rig *rig = rig_new ("mixtestecho", 48000, 1);
  rig_push (rig, click, 100, 0);
  rig_push (rig, NULL, 9600, 0);
  rig_pull (rig);
  g_assert_cmpfloat (rig_sample (rig, 0, 0), ==, smallest);
  g_assert_cmpfloat (rig_sample (rig, 4800, 0), ==, 0);
  volatile gfloat half = smallest / 2;
  g_assert_cmpfloat (half, !=, 0);
  rig_free (rig);
}

static void
test_states (gconstpointer description)
{
  for (guint i = 0; i < 3; i++) {
    Rig *rig = rig_new (description, 48000, 2);
    for (guint k = 0; k < 3; k++) {
      gst_element_set_state (rig->element, GST_STATE_NULL);
      gst_element_set_state (rig->element, GST_STATE_PLAYING);
    }
    rig_free (rig);
  }
  GstElement *unused = rig_launch (description);
  gst_object_unref (unused);
}

/* A band outlives its element. */
static void
test_orphan_band (void)
{
  GstElement *eq = gst_element_factory_make ("mixeq", NULL);
  gdouble gain;
  GObject *band
      = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (eq), "band0");
  gst_object_unref (gst_object_ref_sink (eq));
  g_object_set (band, "gain", 3.0, NULL);
  g_object_get (band, "gain", &gain, NULL);
  g_assert_cmpfloat (gain, ==, 3);
  g_object_unref (band);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  rig_add_each ("/inputs/rates-and-channels", test_rates_and_channels);
  rig_add_each ("/inputs/any-mask", test_any_mask);
  rig_add_each ("/inputs/bad-samples", test_bad_samples);
  rig_add_each ("/inputs/all-bad", test_all_bad);
  rig_add_each ("/inputs/bad-while-bypassed", test_bad_while_bypassed);
  rig_add_each ("/inputs/sizes", test_sizes);
  rig_add_each ("/inputs/silence-is-cheap", test_silence_is_cheap);
  rig_add_each ("/inputs/states", test_states);
  rig_add_each ("/inputs/absurd-rate", test_absurd_rate);
  rig_add_each ("/inputs/absurd-rate-asked", test_absurd_rate_asked);
  rig_add_each ("/inputs/empty-buffers", test_empty_buffers);
  g_test_add_func ("/inputs/denormals", test_denormals);
  g_test_add_func ("/inputs/orphan-band", test_orphan_band);
  return rig_run ();
}
