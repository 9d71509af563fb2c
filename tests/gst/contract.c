/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names, ranges and defaults that users, presets and other programs rely
 * on, written down a second time on purpose: a change here is a break.
 */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

typedef struct {
  const gchar *name;
  gdouble minimum, maximum, initial; /* choices: 0, last, default */
} Row;

static const Row common[] = {
  { "bypass", 0, 1, 0 },
  { "meter-interval", 0, 10000, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixeq[] = {
  { "num-bands", 1, 32, 8 },
  { "output-gain", -36, 36, 0 },
  { "phase", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row band[] = {
  { "type", 0, 8, 0 },
  { "frequency", 10, 40000, 1000 },
  { "gain", -36, 36, 0 },
  { "q", 0.1, 40, 0.7071 },
  { "slope", 6, 96, 12 },
  { "channels", 0, 4, 0 },
  { "enabled", 0, 1, 1 },
  { "solo", 0, 1, 0 },
  { "threshold", -80, 0, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixcompressor[] = {
  { "threshold", -80, 0, -18 },
  { "ratio", 1, 100, 4 },
  { "knee", 0, 48, 6 },
  { "attack", 0.01, 500, 10 },
  { "release", 1, 5000, 100 },
  { "hold", 0, 1000, 0 },
  { "auto-release", 0, 1, 0 },
  { "mode", 0, 2, 0 },
  { "detector", 0, 1, 0 },
  { "rms-window", 1, 250, 10 },
  { "look-ahead", 0, 20, 0 },
  { "link", 0, 100, 100 },
  { "source", 0, 3, 0 },
  { "sidechain-listen", 0, 1, 0 },
  { "range", 0, 80, 80 },
  { "makeup", -24, 48, 0 },
  { "auto-makeup", 0, 1, 0 },
  { "mix", 0, 100, 100 },
  { NULL, 0, 0, 0 },
};

static const Row mixlimiter[] = {
  { "ceiling", -24, 0, -1 },
  { "drive", -20, 40, 0 },
  { "look-ahead", 0.5, 20, 5 },
  { "release", 1, 2000, 60 },
  { "auto-release", 0, 1, 1 },
  { "true-peak", 0, 1, 1 },
  { "link", 0, 100, 100 },
  { NULL, 0, 0, 0 },
};

static const Row mixleveler[] = {
  { "target", -60, 0, -23 },
  { "max-boost", 0, 40, 12 },
  { "max-cut", 0, 60, 24 },
  { "rise", 0.1, 60, 2 },
  { "fall", 0.1, 60, 6 },
  { "gate", -90, -20, -50 },
  { "range", 0, 40, 10 },
  { "measure", 0, 1, 0 },
  { "converge", 0, 1, 1 },
  { "mode", 0, 1, 0 },
  { "static-gain", -60, 40, 0 },
  { "reset", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixmeter[] = {
  { "mode", 0, 1, 0 },
  { "reset", 0, 1, 0 },
  { "channel-weights", 0, 1, 0 },
  { "dual-mono", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixdelay[] = {
  { "time", 1, 5000, 375 },
  { "offset", -100, 100, 0 },
  { "tempo", 0, 999, 0 },
  { "division", 1, 2032, 4 },
  { "feedback", 0, 99, 35 },
  { "ping-pong", 0, 1, 0 },
  { "low-cut", 0, 20000, 0 },
  { "high-cut", 0, 20000, 0 },
  { "modulation", 0, 100, 0 },
  { "duck", 0, 40, 0 },
  { "max-delay", 10, 10000, 5000 },
  { "dry", -100, 0, 0 },
  { "wet", -100, 12, -6 },
  { "width", 0, 200, 100 },
  { NULL, 0, 0, 0 },
};

static const Row mixgate[] = {
  { "threshold", -80, 0, -45 },
  { "hysteresis", 0, 24, 4 },
  { "ratio", 1, 100, 100 },
  { "range", 0, 100, 60 },
  { "knee", 0, 24, 3 },
  { "attack", 0.01, 500, 1 },
  { "hold", 0, 5000, 80 },
  { "release", 1, 5000, 150 },
  { "look-ahead", 0, 20, 2 },
  { "sidechain-low-cut", 0, 20000, 0 },
  { "sidechain-high-cut", 0, 20000, 0 },
  { "sidechain-listen", 0, 1, 0 },
  { "source", 0, 3, 0 },
  { "link", 0, 100, 100 },
  { NULL, 0, 0, 0 },
};

static const Row miximager[] = {
  { "width", 0, 400, 100 },
  { "multiband", 0, 1, 0 },
  { "low-width", 0, 400, 100 },
  { "mid-width", 0, 400, 100 },
  { "high-width", 0, 400, 100 },
  { "low-crossover", 20, 20000, 200 },
  { "high-crossover", 20, 20000, 4000 },
  { "mono-below", 0, 1000, 0 },
  { "balance", -100, 100, 0 },
  { "pan", -100, 100, 0 },
  { "rotation", -90, 90, 0 },
  { "haas", -40, 40, 0 },
  { "spread", 0, 100, 0 },
  { "mid-gain", -100, 24, 0 },
  { "side-gain", -100, 24, 0 },
  { "swap", 0, 1, 0 },
  { "invert-left", 0, 1, 0 },
  { "invert-right", 0, 1, 0 },
  { "guard", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixreverb[] = {
  { "space", 0, 4, 2 },
  { "decay", 0.1, 60, 1.8 },
  { "pre-delay", 0, 500, 20 },
  { "size", 1, 100, 20 },
  { "diffusion", 0, 100, 80 },
  { "low-frequency", 20, 1000, 200 },
  { "low-ratio", 0.2, 4, 1.1 },
  { "high-frequency", 1000, 20000, 5000 },
  { "high-ratio", 0.05, 2, 0.5 },
  { "modulation", 0, 100, 20 },
  { "low-cut", 0, 20000, 0 },
  { "high-cut", 0, 20000, 0 },
  { "early", -100, 12, 0 },
  { "late", -100, 12, 0 },
  { "dry", -100, 0, 0 },
  { "wet", -100, 12, -12 },
  { "width", 0, 200, 100 },
  { "distance", 0, 100, 0 },
  { "freeze", 0, 1, 0 },
  { "tail-max", 0, 60000, 30000 },
  { NULL, 0, 0, 0 },
};

static void
assert_row (GParamSpec *spec, const Row *row)
{
  gdouble low = 0, high = 1, initial = 0;
  if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    low = G_PARAM_SPEC_DOUBLE (spec)->minimum;
    high = G_PARAM_SPEC_DOUBLE (spec)->maximum;
    initial = G_PARAM_SPEC_DOUBLE (spec)->default_value;
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    low = G_PARAM_SPEC_UINT (spec)->minimum;
    high = G_PARAM_SPEC_UINT (spec)->maximum;
    initial = G_PARAM_SPEC_UINT (spec)->default_value;
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    low = G_PARAM_SPEC_ENUM (spec)->enum_class->minimum;
    high = G_PARAM_SPEC_ENUM (spec)->enum_class->maximum;
    initial = G_PARAM_SPEC_ENUM (spec)->default_value;
  } else {
    g_assert_true (G_IS_PARAM_SPEC_BOOLEAN (spec));
    initial = G_PARAM_SPEC_BOOLEAN (spec)->default_value;
  }
  g_assert_cmpfloat (low, ==, row->minimum);
  g_assert_cmpfloat (high, ==, row->maximum);
  g_assert_cmpfloat (initial, ==, row->initial);
}

static void
assert_rows (GObject *object, const Row *rows)
{
  for (; rows->name; rows++) {
    GParamSpec *spec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (object), rows->name);
    g_test_message ("%s", rows->name);
    g_assert_nonnull (spec);
    assert_row (spec, rows);
  }
}

static const Row mixmultiband[] = {
  { "num-bands", 2, 6, 3 },
  { "crossover0", 20, 20000, 200 },
  { "crossover1", 20, 20000, 3000 },
  { "crossover4", 20, 20000, 12000 },
  { "slope", 24, 48, 24 },
  { "phase", 0, 1, 0 },
  { "look-ahead", 0, 20, 0 },
  { "couple", 0, 100, 0 },
  { "gate", -70, -10, -70 },
  { "mix", 0, 100, 100 },
  { "output-gain", -36, 36, 0 },
  { NULL, 0, 0, 0 },
};

static const Row multiband_band[] = {
  { "threshold", -80, 0, -18 },
  { "ratio", 1, 100, 4 },
  { "knee", 0, 48, 6 },
  { "attack", 0.01, 500, 10 },
  { "release", 1, 5000, 100 },
  { "mode", 0, 2, 0 },
  { "range", 0, 80, 80 },
  { "gain", -36, 36, 0 },
  { "width", 0, 400, 100 },
  { "solo", 0, 1, 0 },
  { "mute", 0, 1, 0 },
  { "enabled", 0, 1, 1 },
  { NULL, 0, 0, 0 },
};

static void
assert_readings (GObject *object, const gchar *const *names)
{
  for (; *names; names++) {
    GParamSpec *spec
        = g_object_class_find_property (G_OBJECT_GET_CLASS (object), *names);
    g_assert_nonnull (spec);
    g_assert_cmpint (spec->flags & G_PARAM_READWRITE, ==, G_PARAM_READABLE);
  }
}

static GObject *
make (const gchar *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);
  g_assert_nonnull (element);
  assert_rows (G_OBJECT (element), common);
  return g_object_ref_sink (G_OBJECT (element));
}

static void
test_eq (void)
{
  static const gchar *const readings[] = { "latency", NULL };
  static const gchar *const names[]
      = { "band0::type", "bell", "low-shelf", "high-shelf", "low-cut",
          "high-cut", "band-pass", "notch", "all-pass", "tilt", NULL };
  GObject *eq = make ("mixeq");
  GObject *first
      = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (eq), "band0");
  assert_rows (eq, mixeq);
  assert_rows (first, band);
  assert_readings (eq, readings);
  for (gint i = 1; names[i]; i++) {
    gint is;
    gst_util_set_object_arg (first, "type", names[i]);
    g_object_get (first, "type", &is, NULL);
    g_assert_cmpint (is, ==, i - 1);
  }
  static const gchar *const slopes[]
      = { "6", "12", "18", "24", "36", "48", "72", "96" };
  for (gint i = 0; i < 8; i++) {
    gint is;
    gst_util_set_object_arg (first, "slope", slopes[i]);
    g_object_get (first, "slope", &is, NULL);
    g_assert_cmpint (is, ==, atoi (slopes[i]));
  }
  g_object_unref (first);
  g_object_unref (eq);
}

static void
test_compressor (void)
{
  static const gchar *const readings[]
      = { "latency", "gain-reduction", "input-level", "output-level", NULL };
  GObject *element = make ("mixcompressor");
  assert_rows (element, mixcompressor);
  assert_readings (element, readings);
  g_object_unref (element);
}

static void
test_limiter (void)
{
  static const gchar *const readings[]
      = { "latency", "gain-reduction", "true-peak-level", NULL };
  GObject *element = make ("mixlimiter");
  assert_rows (element, mixlimiter);
  assert_readings (element, readings);
  g_object_unref (element);
}

static void
test_meter (void)
{
  static const gchar *const readings[] = { "latency", "momentary", "short-term",
    "integrated", "range", "true-peak", "sample-peak", "max-momentary",
    "max-short-term", "correlation", "rms", "peak", NULL };
  static const gchar *const modes[] = { "live", "file" };
  GObject *element = make ("mixmeter");
  assert_rows (element, mixmeter);
  assert_readings (element, readings);
  for (gint i = 0; i < 2; i++) {
    gint is;
    gst_util_set_object_arg (element, "mode", modes[i]);
    g_object_get (element, "mode", &is, NULL);
    g_assert_cmpint (is, ==, i);
  }
  g_object_unref (element);
}

static void
test_leveler (void)
{
  static const gchar *const readings[] = { "latency", "momentary-before",
    "short-term-before", "integrated-before", "range-before", "momentary-after",
    "short-term-after", "integrated-after", "range-after", "gain", "peak-after",
    NULL };
  static const gchar *const choices[][3] = { { "mode", "dynamic", "static" },
    { "measure", "short-term", "momentary" } };
  GObject *element = make ("mixleveler");
  assert_rows (element, mixleveler);
  assert_readings (element, readings);
  for (gint i = 0; i < 4; i++) {
    gint is;
    gst_util_set_object_arg (
        element, choices[i / 2][0], choices[i / 2][1 + i % 2]);
    g_object_get (element, choices[i / 2][0], &is, NULL);
    g_assert_cmpint (is, ==, i % 2);
  }
  g_object_unref (element);
}

static void
test_delay (void)
{
  static const gchar *const readings[]
      = { "latency", "echo-time", "ducking", NULL };
  /* the number of a note is its denominator, not a place in a list; the time
   * is that of the echo at 120 BPM */
  static const struct {
    const gchar *nick;
    gint number;
    gdouble ms;
  } divisions[] = { { "1/1", 1, 2000 }, { "1/1d", 1001, 3000 },
    { "1/1t", 2001, 4000. / 3 }, { "1/2", 2, 1000 }, { "1/2d", 1002, 1500 },
    { "1/2t", 2002, 2000. / 3 }, { "1/4", 4, 500 }, { "1/4d", 1004, 750 },
    { "1/4t", 2004, 1000. / 3 }, { "1/8", 8, 250 }, { "1/8d", 1008, 375 },
    { "1/8t", 2008, 500. / 3 }, { "1/16", 16, 125 }, { "1/16d", 1016, 187.5 },
    { "1/16t", 2016, 250. / 3 }, { "1/32", 32, 62.5 }, { "1/32d", 1032, 93.75 },
    { "1/32t", 2032, 125. / 3 } };
  GObject *element = make ("mixdelay");
  Rig *rig = rig_new ("mixdelay tempo=120", 48000, 1);
  assert_rows (element, mixdelay);
  assert_readings (element, readings);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (divisions); i++) {
    guint which = i / 2;
    gdouble ms;
    gint is;
    if (i % 2)
      g_object_set (rig->element, "division", divisions[which].number, NULL);
    else
      gst_util_set_object_arg (
          G_OBJECT (rig->element), "division", divisions[which].nick);
    g_object_get (rig->element, "division", &is, NULL);
    g_assert_cmpint (is, ==, divisions[which].number);
    rig_push (rig, NULL, 4800, 0);
    g_object_get (rig->element, "echo-time", &ms, NULL);
    g_assert_cmpfloat_with_epsilon (ms, divisions[which].ms, 0.5 / 48);
  }
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_set (rig->element, "division", 5, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  rig_free (rig);
  g_object_unref (element);
}

static void
test_reverb (void)
{
  static const gchar *const readings[] = { "latency", "wet-level", NULL };
  static const gchar *const spaces[]
      = { "room", "chamber", "hall", "plate", "ambience" };
  GObject *element = make ("mixreverb");
  assert_rows (element, mixreverb);
  assert_readings (element, readings);
  for (gint i = 0; i < 5; i++) {
    gint is;
    gst_util_set_object_arg (element, "space", spaces[i]);
    g_object_get (element, "space", &is, NULL);
    g_assert_cmpint (is, ==, i);
  }
  g_object_unref (element);
}

static void
test_imager (void)
{
  static const gchar *const readings[]
      = { "latency", "correlation", "width-in", "width-out", NULL };
  GObject *element = make ("miximager");
  assert_rows (element, miximager);
  assert_readings (element, readings);
  g_object_unref (element);
}

static const Row mixduck[] = {
  { "mode", 0, 1, 0 },
  { "depth", 0, 60, 12 },
  { "behind", 0, 30, 10 },
  { "threshold", -80, 0, -45 },
  { "attack", 1, 1000, 50 },
  { "hold", 0, 5000, 400 },
  { "release", 10, 10000, 800 },
  { "look-ahead", 0, 500, 100 },
  { "sidechain-low-cut", 0, 20000, 120 },
  { "sidechain-high-cut", 0, 20000, 6000 },
  { "band", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixdeesser[] = {
  { "frequency", 2000, 16000, 6500 },
  { "threshold", -24, 12, -4 },
  { "range", 0, 24, 8 },
  { "mode", 0, 1, 0 },
  { "attack", 0.1, 20, 1 },
  { "release", 5, 500, 60 },
  { "look-ahead", 0, 5, 2 },
  { "sidechain-listen", 0, 1, 0 },
  { NULL, 0, 0, 0 },
};

static const Row mixautomix[] = {
  { "depth", 0, 60, 40 },
  { "attack", 1, 500, 10 },
  { "release", 10, 2000, 200 },
  { "sidechain-low-cut", 0, 20000, 150 },
  { NULL, 0, 0, 0 },
};

static void
assert_element (
    const gchar *name, const Row *rows, const gchar *const *readings)
{
  GObject *element = make (name);
  assert_rows (element, rows);
  assert_readings (element, readings);
  g_object_unref (element);
}

static void
test_duck (void)
{
  static const gchar *const readings[]
      = { "latency", "ducking", "key-level", NULL };
  assert_element ("mixduck", mixduck, readings);
}

static void
test_deesser (void)
{
  static const gchar *const readings[]
      = { "latency", "gain-reduction", "sibilance", NULL };
  assert_element ("mixdeesser", mixdeesser, readings);
}

static void
test_automix (void)
{
  static const gchar *const readings[] = { "latency", "gains", "open", NULL };
  assert_element ("mixautomix", mixautomix, readings);
}

/* As the plain ones, and a reading of the key, which those do not have. */
static void
test_keyed (void)
{
  static const gchar *const compressor[] = { "latency", "gain-reduction",
    "input-level", "output-level", "key-level", NULL };
  static const gchar *const gate[] = { "latency", "gain-reduction",
    "input-level", "open", "key-level", NULL };
  static const gchar *const plain[] = { "mixcompressor", "mixgate" };
  assert_element ("mixkeyedcompressor", mixcompressor, compressor);
  assert_element ("mixkeyedgate", mixgate, gate);
  for (guint i = 0; i < 2; i++) {
    GObject *element = make (plain[i]);
    g_assert_null (g_object_class_find_property (
        G_OBJECT_GET_CLASS (element), "key-level"));
    g_object_unref (element);
  }
}

static void
test_gate (void)
{
  static const gchar *const readings[]
      = { "latency", "gain-reduction", "input-level", "open", NULL };
  GObject *element = make ("mixgate");
  assert_rows (element, mixgate);
  assert_readings (element, readings);
  g_object_unref (element);
}

static void
test_multiband (void)
{
  static const gchar *const readings[]
      = { "latency", "gain-reduction", "input-level", "output-level", NULL };
  GObject *element = make ("mixmultiband");
  GObject *first
      = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (element), "band0");
  assert_rows (element, mixmultiband);
  assert_rows (first, multiband_band);
  assert_readings (element, readings);
  g_object_unref (first);
  g_object_unref (element);
}

/* What the tools show of every element of the plugin. */
static void
test_conventions (void)
{
  GList *features
      = gst_registry_get_feature_list_by_plugin (gst_registry_get (), "mix");
  g_assert_cmpuint (g_list_length (features), >=, 3);
  for (GList *l = features; l; l = l->next) {
    GstElement *element = gst_element_factory_create (l->data, NULL);
    guint count;
    g_assert_true (GST_IS_PRESET (element));
    GParamSpec **specs
        = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
    for (guint i = 0; i < count; i++) {
      if (specs[i]->owner_type != G_OBJECT_TYPE (element))
        continue;
      g_assert_cmpint (strlen (g_param_spec_get_blurb (specs[i])), >, 10);
      if ((specs[i]->flags & G_PARAM_WRITABLE) == 0
          || specs[i]->value_type == G_TYPE_STRING)
        continue;
      g_assert_true ((specs[i]->flags & GST_PARAM_MUTABLE_READY)
                     || (specs[i]->flags & GST_PARAM_CONTROLLABLE));
    }
    g_free (specs);
    gst_object_unref (element);
  }
  gst_plugin_feature_list_free (features);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/contract/mixeq", test_eq);
  g_test_add_func ("/contract/mixcompressor", test_compressor);
  g_test_add_func ("/contract/mixlimiter", test_limiter);
  g_test_add_func ("/contract/mixmeter", test_meter);
  g_test_add_func ("/contract/mixleveler", test_leveler);
  g_test_add_func ("/contract/mixdelay", test_delay);
  g_test_add_func ("/contract/miximager", test_imager);
  g_test_add_func ("/contract/mixreverb", test_reverb);
  g_test_add_func ("/contract/mixgate", test_gate);
  g_test_add_func ("/contract/mixduck", test_duck);
  g_test_add_func ("/contract/mixdeesser", test_deesser);
  g_test_add_func ("/contract/mixautomix", test_automix);
  g_test_add_func ("/contract/keyed", test_keyed);
  g_test_add_func ("/contract/mixmultiband", test_multiband);
  g_test_add_func ("/contract/conventions", test_conventions);
  return rig_run ();
}
