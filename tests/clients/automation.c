/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Automation lands on the sound it was keyed to, whatever the look-ahead: a
 * step at 2.000 s of the stream is heard within 10 ms of it.
 */
#include <math.h>

#include "client.h"

#define RATE 48000
#define KEY_S 2.0

typedef struct {
  const gchar *element, *child, *property;
  gdouble from, to;  /* of the property */
  gdouble change_db; /* of a 1 kHz tone of −12 dBFS */
  gdouble early_ms;  /* how far ahead it may begin to move */
} Step;

static const Step steps[] = {
  { "mixeq", NULL, "output-gain", 0, -12, -12, 10 },
  { "mixeq phase=linear bands=\"bell 1000 gain=0.01\"", NULL, "output-gain", 0,
      -12, -12, 10 },
  { "mixeq phase=linear bands=\"bell 1000\"", "band0", "gain", 0, -12, -12,
      10 },
  { "mixeq phase=linear bands=\"bell 1000 gain=-12\"", "band0", "gain", -12, 0,
      12, 10 },
  { "mixeq phase=linear output-gain=-12", NULL, "bypass", 0, 1, 12, 10 },
  { "mixcompressor look-ahead=20 threshold=0", NULL, "makeup", 0, 12, 12, 10 },
  { "mixcompressor look-ahead=20 threshold=0 makeup=12", NULL, "mix", 100, 0,
      -12, 10 },
  { "mixcompressor look-ahead=20 threshold=0 makeup=12", NULL, "bypass", 0, 1,
      -12, 10 },
  { "mixlimiter look-ahead=20", NULL, "drive", 0, -12, -12, 10 },
  { "mixlimiter", NULL, "ceiling", -1, -24, -12, 10 },
  /* it must be down in time: the gain moves over the look-ahead */
  { "mixlimiter look-ahead=20", NULL, "ceiling", -1, -24, -12, 20 },
};

static GstObject *
target_of (GstElement *element, const gchar *child)
{
  if (!child)
    return gst_object_ref (GST_OBJECT (element));
  return GST_OBJECT (
      gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (element), child));
}

static void
bind_step (GstElement *element, const Step *step)
{
  GstObject *target = target_of (element, step->child);
  g_assert_nonnull (target);
  client_bind_steps (target, step->property, (const gdouble[]){ 0, KEY_S },
      (const gdouble[]){ step->from, step->to }, 2);
  gst_object_unref (target);
}

/* When the level, over whole periods of the tone, has passed that. */
static gdouble
find_level (const Sound *sound, gdouble db, gboolean falls)
{
  for (gdouble at = 0.2; at < sound_seconds (sound) - 0.1; at += 0.0005) {
    gdouble level = sound_level (sound, at - 0.0005, at + 0.0005);
    if (falls ? level < db : level > db)
      return at;
  }
  return -1;
}

/* From `from_s` on by a seek, when that is not 0. */
static Sound *
play_step (const Step *step, gdouble from_s)
{
  g_autofree gchar *path = client_path ("tone.wav");
  Client *client = client_new (
      "filesrc location=%s ! wavparse ! audioconvert ! %s name=dut !" OUT, path,
      step->element);
  GstElement *dut = client_get (client, "dut");
  Sound *sound = sound_new ();
  bind_step (dut, step);
  client_state (client, GST_STATE_PAUSED);
  if (from_s > 0)
    g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
        (gint64)(from_s * GST_SECOND)));
  client_state (client, GST_STATE_PLAYING);
  client_eos (client, 30);
  client_take (client, sound);
  gst_object_unref (dut);
  client_free (client);
  return sound;
}

static void
assert_step (const Step *step, gdouble from_s)
{
  const gdouble before = -15.05; /* RMS of amplitude 0.25 */
  Sound *sound = play_step (step, from_s);
  const gdouble start
      = sound_level (sound, KEY_S - from_s - 0.45, KEY_S - from_s - 0.4);
  const gdouble end
      = sound_level (sound, KEY_S - from_s + 0.5, KEY_S - from_s + 0.9);
  g_test_message (
      "%s, %s: %g to %g dBFS", step->element, step->property, start, end);
  client_figure ("change", end - start, step->change_db - 1.1,
      step->change_db + 1.1, "dB");
  const gboolean falls = step->change_db < 0;
  const gdouble key = KEY_S - from_s;
  /* a tenth of it, which says when it begins whatever smooths it */
  client_figure ("step begins after its key",
      1e3 * (find_level (sound, start + 0.1 * (end - start), falls) - key),
      -step->early_ms, 10, "ms");
  client_figure ("step is half done after its key",
      1e3 * (find_level (sound, start + 0.5 * (end - start), falls) - key),
      -step->early_ms, 20, "ms");
  g_assert_cmpfloat (MAX (start, end), <, before + 13);
  sound_free (sound);
}

static void
test_step (gconstpointer step)
{
  assert_step (step, 0);
}

static void
test_step_after_a_seek (gconstpointer step)
{
  assert_step (step, 1.5);
}

/* ---- Look-ahead while it plays ------------------------------------------ */

typedef struct {
  GstElement *element;
  gdouble to;
} Change;

static GstPadProbeReturn
change_at_the_key (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Change *change = data;
  (void)pad;
  if (GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)) < KEY_S * GST_SECOND)
    return GST_PAD_PROBE_OK;
  g_object_set (change->element, "look-ahead", change->to, NULL);
  return GST_PAD_PROBE_REMOVE;
}

static void
assert_no_click (const gchar *element, gdouble to)
{
  g_autofree gchar *path = client_path ("low.wav");
  Client *client = client_new (
      "filesrc location=%s ! wavparse ! audioconvert ! %s name=dut !" OUT, path,
      element);
  Change change = { client_get (client, "dut"), to };
  GstPad *sink = gst_element_get_static_pad (change.element, "sink");
  Sound *sound = sound_new ();
  gst_pad_add_probe (
      sink, GST_PAD_PROBE_TYPE_BUFFER, change_at_the_key, &change, NULL);
  client_state (client, GST_STATE_PLAYING);
  client_eos (client, 30);
  client_take (client, sound);
  gdouble elsewhere = sound_peak_above (sound, 6000, 1, KEY_S - 0.2);
  gdouble there = sound_peak_above (sound, 6000, KEY_S - 0.1, KEY_S + 0.3);
  g_test_message ("over 6 kHz: %g dBFS, elsewhere %g", there, elsewhere);
  g_autofree gchar *name = g_strdup_printf ("%s to %g ms", element, to);
  client_figure (name, there - MAX (elsewhere, -90), -INFINITY, 10, "dB");
  client_figure ("frames", sound_frames (sound), 4 * RATE, 4 * RATE, "");
  sound_free (sound);
  gst_object_unref (sink);
  gst_object_unref (change.element);
  client_free (client);
}

static void
test_look_ahead (void)
{
  assert_no_click ("mixlimiter drive=20 look-ahead=20", 1);
  assert_no_click ("mixlimiter drive=20 look-ahead=2", 15);
  assert_no_click ("mixlimiter look-ahead=20", 1);
  assert_no_click ("mixcompressor threshold=-40 look-ahead=20", 0);
  assert_no_click ("mixcompressor threshold=-40", 15);
}

int
main (int argc, char **argv)
{
  client_init (&argc, &argv);
  client_write_tone ("tone.wav", 1000, 0, 4 * RATE, RATE);
  client_write_tone ("low.wav", 110, 0, 4 * RATE, RATE);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autofree gchar *name
        = client_test_path ("/automation/step", steps[i].element, i);
    g_autofree gchar *seek
        = client_test_path ("/automation/after-a-seek", steps[i].element, i);
    g_test_add_data_func (name, steps + i, test_step);
    g_test_add_data_func (seek, steps + i, test_step_after_a_seek);
  }
  g_test_add_func ("/automation/look-ahead", test_look_ahead);
  return client_run (NULL);
}
