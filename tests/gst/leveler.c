/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mixleveler as an element: what it must not do, whatever comes. All in mono,
 * where a sine of 997 Hz has 3 LU less than its peak in dBFS (ITU-R BS.1770-5).
 */
#include <math.h>

#include "rig.h"

#define RATE 48000
#define RISE 2.0 /* dB/s, the defaults */
#define FALL 6.0
#define NEAR_DB 2.0 /* faster from farther off, */
#define FASTEST 200.0

static gdouble
number (Rig *rig, const gchar *property)
{
  gdouble value = NAN;
  g_object_get (rig->element, property, &value, NULL);
  return value;
}

static void
assert_near (gdouble value, gdouble expected, gdouble tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

/* ---- Signals, in whole seconds: they go on in phase --------------------- */

static void
push_seconds (Rig *rig, gfloat *data, guint seconds)
{
  rig_push_all (rig, data, seconds * rig->rate, 4800);
  g_free (data);
}

static void
play_tone (Rig *rig, guint seconds, gdouble lufs)
{
  gfloat amplitude = (gfloat)pow (10, (lufs + 3.01) / 20);
  push_seconds (rig,
      rig_sine (seconds * rig->rate, rig->channels, rig->rate, 997, amplitude),
      seconds);
}

static void
play_room (Rig *rig, guint seconds, gdouble rms_db)
{
  gfloat amplitude = (gfloat)(pow (10, rms_db / 20) * sqrt (3));
  push_seconds (
      rig, rig_noise (seconds * rig->rate, rig->channels, amplitude), seconds);
}

static void
play_value (Rig *rig, guint seconds, gfloat value)
{
  gsize count = (gsize)seconds * rig->rate * rig->channels;
  gfloat *data = g_new (gfloat, count);
  for (gsize i = 0; i < count; i++)
    data[i] = value;
  push_seconds (rig, data, seconds);
}

/* A tone with one sample of full scale in its middle. */
static void
play_click (Rig *rig, guint seconds, gdouble lufs)
{
  gfloat amplitude = (gfloat)pow (10, (lufs + 3.01) / 20);
  gfloat *data = rig_sine (seconds * RATE, 1, RATE, 997, amplitude);
  data[seconds * RATE / 2] = 1;
  push_seconds (rig, data, seconds);
}

/* ---- What came out ------------------------------------------------------ */

/* RMS of a second, as LUFS of a tone. */
static gdouble
level_of_second (Rig *rig, guint second)
{
  gdouble power = 0;
  rig_pull (rig);
  for (guint i = second * RATE; i < (second + 1) * RATE; i++)
    power += pow (rig_sample (rig, i, 0), 2);
  return 10 * log10 (power / RATE);
}

static void
assert_speed (gdouble from, gdouble to, gdouble seconds)
{
  g_assert_cmpfloat (to - from, <=, RISE * seconds + 0.001);
  g_assert_cmpfloat (from - to, <=, FASTEST * seconds + 0.001);
}

/* With that far to go, at least. */
static gdouble
fall_from (gdouble away)
{
  return FALL * MAX (1, pow (away / NEAR_DB, 2));
}

/* ---- Next to nothing ---------------------------------------------------- */

static void
test_silence (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  for (guint i = 0; i < 20; i++) {
    play_value (rig, 1, 0);
    g_assert_cmpfloat (number (rig, "gain"), ==, 0);
  }
  g_assert_cmpfloat (number (rig, "integrated-before"), ==, -70);
  g_assert_cmpfloat (number (rig, "integrated-after"), ==, -70);
  g_assert_cmpfloat (number (rig, "range-after"), ==, 0);
  rig_finish (rig);
  for (guint i = 0; i < rig->samples->len; i++)
    g_assert_cmpfloat (g_array_index (rig->samples, gfloat, i), ==, 0);
  rig_free (rig);
}

/* Less than a block of 400 ms. */
static void
test_short (gconstpointer frames)
{
  static const gchar *const fields[]
      = { "momentary-before", "short-term-before", "integrated-before",
          "range-before", "momentary-after", "short-term-after",
          "integrated-after", "range-after", "gain", "peak-after" };
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  gfloat *sine = rig_sine (RATE, 1, RATE, 997, 0.1f);
  gdouble value;
  rig_push_all (rig, sine, GPOINTER_TO_UINT (frames), 480);
  rig_finish (rig);
  GstMessage *message = rig_message (rig, GST_MESSAGE_ELEMENT);
  g_assert_nonnull (message);
  const GstStructure *s = gst_message_get_structure (message);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_assert_true (gst_structure_get_double (s, fields[i], &value));
    g_assert_true (isfinite (value));
  }
  gst_structure_get_double (s, "integrated-before", &value);
  g_assert_cmpfloat (value, ==, -70);
  gst_structure_get_double (s, "gain", &value);
  assert_near (value, 0, 0.5);
  gst_message_unref (message);
  rig_free (rig);
  g_free (sine);
}

/* The weighting takes a constant away; what is left is its beginning, a click.
 */
static void
test_constant (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  play_value (rig, 60, 0.5f);
  g_test_message ("gain %.3f dB", number (rig, "gain"));
  assert_near (number (rig, "gain"), 0, 0.5);
  rig_free (rig);
}

/* ---- Clicks ------------------------------------------------------------- */

static void
test_click (gconstpointer lufs)
{
  gdouble level = GPOINTER_TO_INT (lufs), most = 0;
  g_autofree gchar *text = g_strdup_printf ("mixleveler target=%g", level);
  Rig *clicked = rig_new (text, RATE, 1), *clean = rig_new (text, RATE, 1);
  play_tone (clicked, 20, level);
  play_tone (clean, 20, level);
  play_click (clicked, 1, level);
  play_tone (clean, 1, level);
  for (guint i = 0; i < 60; i++) {
    most = MAX (most, fabs (number (clicked, "gain") - number (clean, "gain")));
    play_tone (clicked, 1, level);
    play_tone (clean, 1, level);
  }
  g_test_message ("a click at %g LUFS moves the gain by %.3f dB", level, most);
  g_assert_cmpfloat (most, <, 0.5);
  rig_free (clicked);
  rig_free (clean);
}

/* With nothing else to go by. */
static void
test_click_in_silence (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  play_value (rig, 2, 0);
  play_click (rig, 2, -120);
  play_value (rig, 20, 0);
  g_test_message ("a click moves the gain by %.3f dB", number (rig, "gain"));
  assert_near (number (rig, "gain"), 0, 0.5);
  rig_free (rig);
}

/* ---- Pauses ------------------------------------------------------------- */

#define PROGRAMME_S 60
#define PAUSE_S 60

static void
test_pause (gconstpointer rms_db)
{
  Rig *paused = rig_new ("mixleveler", RATE, 1);
  Rig *straight = rig_new ("mixleveler", RATE, 1);
  play_tone (paused, PROGRAMME_S, -20);
  play_tone (straight, PROGRAMME_S, -20);
  gdouble before = number (paused, "gain"), most = before;
  for (guint i = 0; i < PAUSE_S; i++) {
    play_room (paused, 1, GPOINTER_TO_INT (rms_db));
    most = MAX (most, number (paused, "gain"));
  }
  play_tone (paused, 1, -20);
  play_tone (straight, 1, -20);
  gdouble blast = level_of_second (paused, PROGRAMME_S + PAUSE_S)
                  - level_of_second (straight, PROGRAMME_S);
  g_test_message ("%d dBFS: the gain rises by %.3f dB, the next second is "
                  "%.3f LU louder",
      GPOINTER_TO_INT (rms_db), most - before, blast);
  g_assert_cmpfloat (most - before, <, 0.1);
  assert_near (blast, 0, 1);
  rig_free (paused);
  rig_free (straight);
}

/* ---- Changes while it plays --------------------------------------------- */

/* What was heard is forgotten, the gain goes on from where it is. */
static void
test_reset (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  play_tone (rig, 30, -40);
  gdouble before = number (rig, "gain");
  g_assert_cmpfloat (before, >, 10);
  g_object_set (rig->element, "reset", TRUE, NULL);
  for (guint i = 0; i < 10; i++) {
    gfloat *loud = rig_sine (480, 1, RATE, 1000, 0.45f);
    rig_push_all (rig, loud, 480, 480);
    assert_speed (before, number (rig, "gain"), 0.01);
    before = number (rig, "gain");
    g_free (loud);
  }
  for (guint i = 0; i < 10; i++) {
    play_tone (rig, 1, -10);
    assert_speed (before, number (rig, "gain"), 1);
    before = number (rig, "gain");
  }
  assert_near (number (rig, "integrated-before"), -10, 0.1);
  rig_free (rig);
}

typedef struct {
  gdouble from, to;
} Targets;

static void
test_late_target (gconstpointer data)
{
  const Targets *targets = data;
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  gdouble direction = targets->to > targets->from ? 1 : -1, over = 0, before;
  g_object_set (rig->element, "target", targets->from, NULL);
  play_tone (rig, 60, -20);
  g_object_set (rig->element, "target", targets->to, NULL);
  for (guint i = 0; i < 60; i++) {
    before = number (rig, "gain");
    play_tone (rig, 1, -20);
    assert_speed (before, number (rig, "gain"), 1);
    g_assert_cmpfloat (before - number (rig, "gain"), <=,
        fall_from (fabs (targets->to - targets->from) + 1));
    gdouble out = level_of_second (rig, 60 + i);
    over = MAX (over, direction * (out - targets->to));
    if (i >= 15)
      assert_near (out, targets->to, 1);
  }
  g_test_message ("%.2f LU over the target at most", over);
  g_assert_cmpfloat (over, <, 1);
  rig_free (rig);
}

/* Automated: the target runs to -16 LUFS in the first second. */
static void
test_bound_target (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  rig_bind (GST_OBJECT (rig->element), "target", -30, -16);
  play_tone (rig, 60, -20);
  assert_near (number (rig, "target"), -16, 0.01);
  assert_near (level_of_second (rig, 59), -16, 1);
  rig_free (rig);
}

/* Static is reached within its 5 ms, smoothly; dynamic goes on from there at
 * its own speed. Told from a constant, where the gain is what comes out. */
static void
test_mode (void)
{
  Rig *rig = rig_new ("mixleveler static-gain=-6", RATE, 1);
  gdouble most = 0, last = 0;
  for (guint i = 0; i < 6; i++) {
    gst_util_set_object_arg (
        G_OBJECT (rig->element), "mode", i % 2 ? "static" : "dynamic");
    play_value (rig, 1, 0.5f);
    rig_pull (rig);
    if (i % 2)
      assert_near (number (rig, "gain"), -6, 0.001);
  }
  for (guint i = 0; i < rig_frames (rig); i++) {
    gdouble db = 20 * log10 ((gdouble)rig_sample (rig, i, 0) / 0.5);
    most = MAX (most, fabs (db - last));
    last = db;
  }
  g_test_message ("largest step %.4f dB", most);
  g_assert_cmpfloat (most, >, 0);
  g_assert_cmpfloat (most, <, 0.1);
  rig_free (rig);
}

/* The programme goes on, from the gain that was; no sample is lost or spoilt.
 */
static void
test_new_caps (void)
{
  Rig *rig = rig_new ("mixleveler", RATE, 1);
  play_tone (rig, 20, -40);
  rig_pull (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 20 * RATE);
  rig_caps (rig, 44100, 2);
  gfloat *sine = rig_sine (44100, 2, 44100, 997, 0.1f);
  for (guint i = 0; i < 20; i++) {
    gdouble before = number (rig, "gain");
    rig_push_all (rig, sine, 44100, 4410);
    assert_speed (before, number (rig, "gain"), 1);
  }
  rig_finish (rig);
  g_assert_cmpuint (rig->samples->len, ==, 20 * RATE + 20 * 44100 * 2);
  for (guint i = 0; i < rig->samples->len; i++)
    g_assert_true (isfinite (g_array_index (rig->samples, gfloat, i)));
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_ELEMENT), ==, 1);
  rig_free (rig);
  g_free (sine);
}

int
main (int argc, char **argv)
{
  static const Targets up = { -23, -16 }, down = { -16, -23 };
  rig_init (&argc, &argv);
  g_test_add_func ("/leveler/silence", test_silence);
  g_test_add_data_func ("/leveler/short/1", GUINT_TO_POINTER (1), test_short);
  g_test_add_data_func (
      "/leveler/short/19199", GUINT_TO_POINTER (19199), test_short);
  g_test_add_func ("/leveler/constant", test_constant);
  g_test_add_data_func (
      "/leveler/click/-23", GINT_TO_POINTER (-23), test_click);
  g_test_add_data_func (
      "/leveler/click/-40", GINT_TO_POINTER (-40), test_click);
  g_test_add_func ("/leveler/click/silence", test_click_in_silence);
  g_test_add_data_func (
      "/leveler/pause/-60", GINT_TO_POINTER (-60), test_pause);
  g_test_add_data_func (
      "/leveler/pause/-48", GINT_TO_POINTER (-48), test_pause);
  g_test_add_func ("/leveler/reset", test_reset);
  g_test_add_data_func ("/leveler/late-target/up", &up, test_late_target);
  g_test_add_data_func ("/leveler/late-target/down", &down, test_late_target);
  g_test_add_func ("/leveler/bound-target", test_bound_target);
  g_test_add_func ("/leveler/mode", test_mode);
  g_test_add_func ("/leveler/new-caps", test_new_caps);
  return rig_run ();
}
