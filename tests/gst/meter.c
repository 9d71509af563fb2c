/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mixmeter as an element: its last message, resets, new caps, its arrays. */
#include <math.h>

#include "rig.h"

#define RATE 48000

/* The next message on the bus; NULL when there is none. */
static GstStructure *
next_message (Rig *rig)
{
  GstMessage *message = rig_message (rig, GST_MESSAGE_ELEMENT);
  if (!message)
    return NULL;
  GstStructure *s = gst_structure_copy (gst_message_get_structure (message));
  gst_message_unref (message);
  g_assert_true (gst_structure_has_name (s, "mixmeter"));
  return s;
}

static gdouble
number (const GstStructure *s, const gchar *field)
{
  gdouble value = NAN;
  g_assert_true (gst_structure_get_double (s, field, &value));
  return value;
}

static void
assert_final (const GstStructure *s, gboolean expected, gdouble ms)
{
  gboolean final = !expected;
  guint64 duration = 0;
  g_assert_nonnull (s);
  g_assert_true (gst_structure_get_boolean (s, "final", &final));
  g_assert_cmpint (final, ==, expected);
  g_assert_true (gst_structure_get_uint64 (s, "duration", &duration));
  g_assert_cmpfloat_with_epsilon (duration / 1e6, ms, 0.001);
}

/* Half the time 20 dB quieter: loudness is gated, peaks are of the whole. */
static void
test_final (gconstpointer interval)
{
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *loud = rig_sine (5 * RATE, 2, RATE, 1000, 0.1f);
  gfloat *soft = rig_sine (5 * RATE, 2, RATE, 1000, 0.01f);
  guint messages
      = GPOINTER_TO_UINT (interval) ? 10000 / GPOINTER_TO_UINT (interval) : 0;
  gdouble integrated;
  g_object_set (rig->element, "meter-interval",
      (gdouble)GPOINTER_TO_UINT (interval), NULL);
  rig_push_all (rig, loud, 5 * RATE, 1000);
  rig_push_all (rig, soft, 5 * RATE, 1000);
  rig_finish (rig);
  for (guint i = 0; i < messages; i++) {
    GstStructure *s = next_message (rig);
    assert_final (s, FALSE, GPOINTER_TO_UINT (interval));
    gst_structure_free (s);
  }
  GstStructure *s = next_message (rig);
  assert_final (s, TRUE, 10000);
  /* one block in four of the fall is above the gate still */
  g_assert_cmpfloat_with_epsilon (number (s, "integrated"), -20, 0.15);
  g_assert_cmpfloat_with_epsilon (number (s, "true-peak"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "sample-peak"), -20, 0.01);
  g_assert_cmpfloat_with_epsilon (number (s, "momentary"), -40, 0.05);
  g_assert_cmpfloat_with_epsilon (number (s, "max-momentary"), -20, 0.05);
  g_assert_cmpfloat_with_epsilon (number (s, "correlation"), 1, 1e-6);
  const GValue *rms = gst_structure_get_value (s, "rms");
  g_assert_true (GST_VALUE_HOLDS_ARRAY (rms));
  g_assert_cmpuint (gst_value_array_get_size (rms), ==, 2);
  for (guint c = 0; c < 2; c++)
    g_assert_cmpfloat_with_epsilon (
        g_value_get_double (gst_value_array_get_value (rms, c)),
        -20 - 3.01 + 10 * log10 (0.505), 0.01);
  g_object_get (rig->element, "integrated", &integrated, NULL);
  g_assert_cmpfloat (integrated, ==, number (s, "integrated"));
  gst_structure_free (s);
  g_assert_null (next_message (rig));
  rig_free (rig);
  g_free (loud);
  g_free (soft);
}

/* As the property shows it: no channels before the caps. */
static void
test_array_property (void)
{
  Rig *rig = rig_new ("mixmeter mode=file", RATE, 6);
  gfloat *sine = rig_sine (RATE, 6, RATE, 1000, 0.5f);
  for (guint pass = 0; pass < 2; pass++) {
    GValue value = G_VALUE_INIT;
    g_value_init (&value, GST_TYPE_ARRAY);
    g_object_get_property (G_OBJECT (rig->element), "peak", &value);
    g_assert_cmpuint (gst_value_array_get_size (&value), ==, pass ? 6 : 0);
    for (guint c = 0; c < gst_value_array_get_size (&value); c++)
      g_assert_cmpfloat_with_epsilon (
          g_value_get_double (gst_value_array_get_value (&value, c)), -6.02,
          0.01);
    g_value_unset (&value);
    rig_push_all (rig, sine, RATE, 480);
  }
  rig_free (rig);
  g_free (sine);
}

/* Each `reset=true` starts anew; the property goes back; what came before is
 * in no figure and not in the duration. */
static void
test_reset (void)
{
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *loud = rig_sine (2 * RATE, 2, RATE, 1000, 1);
  gfloat *soft = rig_sine (2 * RATE, 2, RATE, 1000, 0.1f);
  gboolean reset;
  for (guint i = 0; i < 2; i++) {
    rig_push_all (rig, loud, 2 * RATE, 1000);
    g_object_set (rig->element, "reset", TRUE, NULL);
    rig_push_all (rig, soft, 2 * RATE, 1000);
    g_object_get (rig->element, "reset", &reset, NULL);
    g_assert_false (reset);
  }
  g_assert_null (next_message (rig));
  rig_finish (rig);
  GstStructure *s = next_message (rig);
  assert_final (s, TRUE, 2000);
  g_assert_cmpfloat_with_epsilon (number (s, "integrated"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "max-momentary"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "true-peak"), -20, 0.1);
  gst_structure_free (s);
  rig_free (rig);
  g_free (loud);
  g_free (soft);
}

/* Two stretches at two rates, with a new track between or not. */
static Rig *
play_at_two_rates (const gchar *description, gboolean new_track)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *loud = rig_sine (2 * RATE, 2, RATE, 1000, 1);
  gfloat *soft = rig_sine (2 * 44100, 1, 44100, 1000, 0.1f);
  rig_push_all (rig, loud, 2 * RATE, 1000);
  if (new_track)
    rig_event (rig, gst_event_new_stream_start ("second"));
  rig_caps (rig, 44100, 1);
  rig_push_all (rig, soft, 2 * 44100, 1000);
  rig_finish (rig);
  g_free (loud);
  g_free (soft);
  return rig;
}

static void
assert_loudness (Rig *rig, gdouble ms, gdouble integrated, gdouble peak)
{
  GstStructure *s = next_message (rig);
  assert_final (s, TRUE, ms);
  g_assert_cmpfloat_with_epsilon (number (s, "integrated"), integrated, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "true-peak"), peak, 0.1);
  gst_structure_free (s);
}

/* One message a track, about that track alone. */
static void
test_new_track (void)
{
  Rig *rig = play_at_two_rates ("mixmeter", TRUE);
  assert_loudness (rig, 2000, 0, 0);
  assert_loudness (rig, 2000, -23, -20);
  g_assert_null (next_message (rig));
  rig_free (rig);
}

/* A programme outlives its format; whole, it outlives tracks, too. */
static void
test_one_programme (gconstpointer whole)
{
  Rig *rig = play_at_two_rates (
      whole ? "mixmeter programme=whole" : "mixmeter", whole != NULL);
  assert_loudness (rig, 4000, 0, 0); /* the soft half is under the gate */
  g_assert_null (next_message (rig));
  rig_free (rig);
}

/* A seek loses nothing of what was measured. */
static void
test_seek (void)
{
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *loud = rig_sine (2 * RATE, 2, RATE, 1000, 1);
  gfloat *soft = rig_sine (2 * RATE, 2, RATE, 1000, 0.1f);
  GstSegment segment;
  rig_push_all (rig, loud, 2 * RATE, 1000);
  rig_event (rig, gst_event_new_flush_start ());
  rig_event (rig, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  rig_event (rig, gst_event_new_segment (&segment));
  rig_push_all (rig, soft, 2 * RATE, 1000);
  rig_finish (rig);
  assert_loudness (rig, 4000, 0, 0);
  g_assert_null (next_message (rig));
  rig_free (rig);
  g_free (loud);
  g_free (soft);
}

/* A bad sample is counted as silence; the measurement goes on. */
static void
test_bad_sample (void)
{
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *sine = rig_sine (4 * RATE, 2, RATE, 1000, 0.1f);
  sine[4 * RATE + 1] = NAN;
  rig_push_all (rig, sine, 4 * RATE, 1000);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  rig_finish (rig);
  GstStructure *s = next_message (rig);
  assert_final (s, TRUE, 4000);
  g_assert_cmpfloat_with_epsilon (number (s, "integrated"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "max-short-term"), -20, 0.1);
  gst_structure_free (s);
  rig_free (rig);
  g_free (sine);
}

/* Paused while full scale plays: it passes, and is in no figure. */
static void
test_pause (void)
{
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *soft = rig_sine (4 * RATE, 2, RATE, 1000, 0.1f);
  gfloat *loud = rig_sine (4 * RATE, 2, RATE, 1000, 1);
  gdouble momentary, integrated;
  rig_push_all (rig, soft, 4 * RATE, 1000);
  g_object_set (rig->element, "pause", TRUE, NULL);
  rig_push_all (rig, loud, 4 * RATE, 1000);
  g_object_get (
      rig->element, "momentary", &momentary, "integrated", &integrated, NULL);
  g_assert_cmpfloat_with_epsilon (momentary, 0, 0.1);
  g_assert_cmpfloat_with_epsilon (integrated, -20, 0.1);
  g_object_set (rig->element, "pause", FALSE, NULL);
  rig_push_all (rig, soft, 4 * RATE, 1000);
  rig_finish (rig);
  GstStructure *s = next_message (rig);
  g_assert_cmpfloat_with_epsilon (number (s, "integrated"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "max-short-term"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "true-peak"), -20, 0.1);
  g_assert_cmpfloat_with_epsilon (number (s, "range"), 0, 0.1);
  gst_structure_free (s);
  for (guint i = 0; i < 4 * RATE; i++)
    g_assert_cmpfloat (rig_sample (rig, 4 * RATE + i, 0), ==, loud[2 * i]);
  rig_free (rig);
  g_free (loud);
  g_free (soft);
}

/* Nothing, and less than a block: no figure is a NaN. */
static void
test_short (gconstpointer frames)
{
  static const gchar *const fields[]
      = { "momentary", "short-term", "integrated", "range", "true-peak",
          "sample-peak", "max-momentary", "max-short-term", "correlation" };
  Rig *rig = rig_new ("mixmeter", RATE, 2);
  gfloat *sine = rig_sine (RATE, 2, RATE, 1000, 0.1f);
  rig_push_all (rig, sine, GPOINTER_TO_UINT (frames), 480);
  rig_finish (rig);
  GstStructure *s = next_message (rig);
  if (GPOINTER_TO_UINT (frames) == 0) {
    g_assert_null (s);
  } else {
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
      g_assert_true (isfinite (number (s, fields[i])));
    g_assert_cmpfloat (number (s, "integrated"), ==, -70);
    g_assert_cmpfloat (number (s, "sample-peak"), <, -19.9);
    gst_structure_free (s);
  }
  rig_free (rig);
  g_free (sine);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_data_func ("/meter/final/0", GUINT_TO_POINTER (0), test_final);
  g_test_add_data_func ("/meter/final/100", GUINT_TO_POINTER (100), test_final);
  g_test_add_func ("/meter/array-property", test_array_property);
  g_test_add_func ("/meter/reset", test_reset);
  g_test_add_func ("/meter/new-track", test_new_track);
  g_test_add_data_func ("/meter/programme/new-caps", NULL, test_one_programme);
  g_test_add_data_func ("/meter/programme/whole", "", test_one_programme);
  g_test_add_func ("/meter/seek", test_seek);
  g_test_add_func ("/meter/bad-sample", test_bad_sample);
  g_test_add_data_func ("/meter/short/0", GUINT_TO_POINTER (0), test_short);
  g_test_add_data_func ("/meter/short/1", GUINT_TO_POINTER (1), test_short);
  g_test_add_data_func (
      "/meter/short/19199", GUINT_TO_POINTER (19199), test_short);
  g_test_add_func ("/meter/pause", test_pause);
  return rig_run ();
}
