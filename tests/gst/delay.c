/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mixdelay as an element: its echoes to the last, its warnings, its presets. */
#include <math.h>

#include "rig.h"

static const guint rates[] = { 44100, 48000, 96000 };

/* An impulse, then the end of the stream: what comes out is all of the echoes
 * and nothing else, until they are under -100 dBFS. */
static void
test_tail (void)
{
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    Rig *rig = rig_new ("mixdelay time=90 feedback=50 wet=0", rates[r], 2);
    guint delay = rates[r] * 9 / 100, last = 0;
    gfloat impulse[2] = { 1, 1 };
    rig_push (rig, impulse, 1, 0);
    rig_finish (rig);
    for (guint i = 0; i < rig_frames (rig); i++) {
      gdouble echo = i == 0 ? 1 : i % delay ? 0 : pow (0.5, i / delay - 1.0);
      g_assert_cmpfloat_with_epsilon (rig_sample (rig, i, 1), echo, 1e-6);
      if (fabsf (rig_sample (rig, i, 0)) > 1e-5f)
        last = i;
    }
    /* 0.5^16 is the last over -100 dB */
    g_assert_cmpuint (last, ==, 17 * delay);
    g_test_message ("%u Hz: %u frames of tail, last echo at %u", rates[r],
        rig_frames (rig), last);
    g_assert_cmpuint (rig_frames (rig), <, 20 * delay);
    rig_free (rig);
  }
}

/* 99 % would ring for minutes. */
static void
test_tail_max (void)
{
  Rig *rig = rig_new ("mixdelay feedback=99 tail-max=1500", 48000, 2);
  gfloat impulse[2] = { 1, 1 };
  rig_push (rig, impulse, 1, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 1 + 72000);
  rig_free (rig);
}

static void
assert_warning (Rig *rig, const gchar *part)
{
  GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;
  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_nonnull (strstr (error->message, GST_OBJECT_NAME (rig->element)));
  g_assert_nonnull (strstr (error->message, part));
  gst_message_unref (message);
}

static void
test_warnings (void)
{
  Rig *rig = rig_new ("mixdelay max-delay=1000 tempo=120", 48000, 2);
  gdouble ms;
  rig_push (rig, NULL, 4800, 0);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_get (rig->element, "echo-time", &ms, NULL);
  g_assert_cmpfloat (ms, ==, 500);
  gst_util_set_object_arg (G_OBJECT (rig->element), "division", "1/1");
  rig_push (rig, NULL, 4800, 0);
  assert_warning (rig, "max-delay");
  g_object_get (rig->element, "echo-time", &ms, NULL);
  g_assert_cmpfloat (ms, ==, 1000);
  rig_free (rig);

  rig = rig_new ("mixdelay ping-pong=true", 48000, 1);
  rig_push (rig, NULL, 4800, 0);
  assert_warning (rig, "stereo");
  rig_free (rig);
}

/* Bound to a line from 100 to 300 ms, a 1 kHz tone stays a 1 kHz tone. */
static void
test_automation (void)
{
  Rig *rig = rig_new ("mixdelay dry=-100 wet=0", 48000, 2);
  gfloat *tone = rig_sine (72000, 2, 48000, 1000, 0.5f);
  gdouble most = 0;
  for (guint i = 0; i < 4800; i++) /* lest its start is what is heard */
    tone[2 * i] *= 0.5f - 0.5f * cosf ((gfloat)G_PI * i / 4800);
  rig_bind (GST_OBJECT (rig->element), "time", 100, 300);
  rig_push_all (rig, tone, 72000, 0);
  rig_finish (rig);
  for (guint i = 4; i < 72000; i++) {
    /* a sine is 2 cos (w) times the frame before less the one before that */
    gdouble bend = rig_sample (rig, i, 0)
                   - 2 * cos (2 * G_PI / 48) * rig_sample (rig, i - 1, 0)
                   + rig_sample (rig, i - 2, 0);
    most = MAX (most, fabs (bend));
  }
  g_test_message ("largest bend %g", most);
  g_assert_cmpfloat (most, <, 5e-4);
  rig_free (rig);
  g_free (tone);
}

/* What a preset is for can be heard in it. */
static void
test_presets (void)
{
  static const struct {
    const gchar *name;
    guint least_echoes, most_echoes; /* frames over -40 dB, in pieces */
    gdouble first_ms;
  } presets[] = { { "slap", 1, 1, 110 }, { "ping-pong", 3, 20, 375 },
    { "dub", 4, 40, 1200 }, { "doubler", 1, 2, 23 } };
  for (guint p = 0; p < G_N_ELEMENTS (presets); p++) {
    Rig *rig = rig_new ("mixdelay", 48000, 2);
    gfloat impulse[2] = { 1, 1 };
    guint echoes = 0, last = 0, first = 0;
    g_assert_true (
        gst_preset_load_preset (GST_PRESET (rig->element), presets[p].name));
    rig_push (rig, impulse, 1, 0);
    rig_finish (rig);
    for (guint i = 1; i < rig_frames (rig); i++) {
      gfloat level = MAX (
          fabsf (rig_sample (rig, i, 0)), fabsf (rig_sample (rig, i, 1)));
      if (level < 0.003f)
        continue;
      first = first ? first : i;
      echoes += last == 0 || i - last > 240;
      last = i;
    }
    g_test_message ("%s: %u echoes, the first at %.1f ms", presets[p].name,
        echoes, first / 48.0);
    g_assert_cmpuint (echoes, >=, presets[p].least_echoes);
    g_assert_cmpuint (echoes, <=, presets[p].most_echoes);
    g_assert_cmpfloat_with_epsilon (first / 48.0, presets[p].first_ms, 3);
    rig_free (rig);
  }
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/delay/tail", test_tail);
  g_test_add_func ("/delay/tail-max", test_tail_max);
  g_test_add_func ("/delay/warnings", test_warnings);
  g_test_add_func ("/delay/automation", test_automation);
  g_test_add_func ("/delay/presets", test_presets);
  return rig_run ();
}
