/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Automation lands on the sound it was keyed to, whatever the look-ahead. */
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <math.h>

#include "rig.h"

#define RATE 48000
#define STEP_MS 500
#define WINDOW 240 /* frames of one level: 5 ms, five periods of the tone */

typedef struct {
  const gchar *description, *child, *property;
  gdouble before, after; /* of the property, in its units */
} Case;

static const Case cases[] = {
  { "mixeq phase=linear num-bands=1", NULL, "output-gain", 0, -12 },
  { "mixeq phase=linear bands=\"bell 1000 gain=0.1\"", "band0", "gain", 0.1,
      -12 },
  { "mixeq", NULL, "output-gain", 0, -12 },
  { "mixcompressor look-ahead=20 threshold=0", NULL, "makeup", 0, -12 },
  { "mixcompressor look-ahead=20 ratio=100 knee=0 attack=0.01", NULL,
      "threshold", 0, -24 },
  { "mixreverb wet=-100", NULL, "dry", 0, -20 },
  { "mixdelay wet=-100", NULL, "dry", 0, -20 },
  { "mixleveler mode=static", NULL, "static-gain", 0, -12 },
  { "mixcompressor look-ahead=20", NULL, "makeup", 0, 12 },
  { "mixlimiter look-ahead=20", NULL, "drive", 0, -12 },
  { "mixlimiter", NULL, "ceiling", 0, -18 },
  { "mixlimiter look-ahead=20", NULL, "ceiling", 0, -18 },
  { "mixtestecho look-ahead=20 feedback=0", NULL, "gain", 0, -12 },
};

/* A step in mid-stream, as the values from 0 to 1 that a binding maps. */
static void
bind_step (GstObject *object, const Case *c)
{
  GParamSpecDouble *pspec = G_PARAM_SPEC_DOUBLE (
      g_object_class_find_property (G_OBJECT_GET_CLASS (object), c->property));
  gdouble span = pspec->maximum - pspec->minimum;
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstTimedValueControlSource *values = GST_TIMED_VALUE_CONTROL_SOURCE (source);
  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  gst_timed_value_control_source_set (
      values, 0, (c->before - pspec->minimum) / span);
  gst_timed_value_control_source_set (
      values, STEP_MS * GST_MSECOND, (c->after - pspec->minimum) / span);
  gst_object_add_control_binding (
      object, gst_direct_control_binding_new (object, c->property, source));
  gst_object_unref (source);
}

static gdouble
level_at (Rig *rig, guint frame)
{
  gdouble sum = 0;
  for (guint i = 0; i < WINDOW; i++) {
    gfloat x = rig_sample (rig, frame + i - WINDOW / 2, 0);
    sum += (gdouble)x * x;
  }
  return 10 * log10 (sum / WINDOW + 1e-20);
}

static void
test_step (gconstpointer data)
{
  const Case *c = data;
  Rig *rig = rig_new (c->description, RATE, 1);
  gfloat *tone = rig_sine (RATE, 1, RATE, 1000, 0.5f);
  GObject *child = c->child ? gst_child_proxy_get_child_by_name (
                       GST_CHILD_PROXY (rig->element), c->child)
                            : NULL;
  bind_step (child ? GST_OBJECT (child) : GST_OBJECT (rig->element), c);
  rig_push_all (rig, tone, RATE, 1024);
  rig_finish (rig);
  gdouble from = level_at (rig, RATE / 4), to = level_at (rig, RATE * 3 / 4);
  g_assert_cmpfloat (fabs (to - from), >, 6);
  guint at = RATE / 4;
  while (at < RATE * 3 / 4
         && fabs (level_at (rig, at) - from) < fabs (to - from) / 2)
    at += 8;
  gdouble off = at * 1000.0 / RATE - STEP_MS;
  g_test_message (
      "%s %s: half way at %+.1f ms", c->description, c->property, off);
  g_assert_cmpfloat (fabs (off), <=, 10);
  g_clear_object (&child);
  rig_free (rig);
  g_free (tone);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = g_strdup_printf ("/automation/step/%u", i);
    g_test_add_data_func (path, &cases[i], test_step);
  }
  return rig_run ();
}
