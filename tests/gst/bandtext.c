/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The `bands` property and the band objects of mixeq. */
#include <locale.h>
#include <string.h>

#include "host/bandtext.h"
#include "rig.h"
#include "units/units.h"

static gchar *
get_bands (GstElement *eq)
{
  gchar *text;
  g_object_get (eq, "bands", &text, NULL);
  return text;
}

static void
assert_becomes (const gchar *written, const gchar *read)
{
  Rig *rig = rig_new ("mixeq", 48000, 2);
  g_object_set (rig->element, "bands", written, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_autofree gchar *is = get_bands (rig->element);
  g_assert_cmpstr (is, ==, read);
  g_object_set (rig->element, "bands", is, NULL);
  g_autofree gchar *again = get_bands (rig->element);
  g_assert_cmpstr (again, ==, is);
  rig_free (rig);
}

static void
test_round_trip (void)
{
  assert_becomes ("low-cut 80 slope=24; bell 3000 gain=-3 q=1.4; "
                  "high-shelf 8000 gain=2",
      "low-cut 80 slope=24; bell 3000 gain=-3 q=1.4; high-shelf 8000 gain=2");
  assert_becomes ("  bell\t1k   gain=0.1;;\n low-shelf 120 ; ",
      "bell 1000 gain=0.1; low-shelf 120");
  assert_becomes ("bell 440 q=2 gain=1 enabled=no channels=mid solo=true",
      "bell 440 gain=1 q=2 channels=mid enabled=false solo=true");
  assert_becomes ("bell 6800 gain=-6 threshold=-30 ratio=4 attack=1 release=60",
      "bell 6800 gain=-6 threshold=-30 ratio=4 attack=1 release=60");
}

static void
test_sets_the_bands (void)
{
  Rig *rig = rig_new ("mixeq", 48000, 2);
  GstChildProxy *proxy = GST_CHILD_PROXY (rig->element);
  gdouble frequency, gain;
  gint type;
  g_object_set (rig->element, "bands", "bell 100 gain=3; high-cut 5k", NULL);
  g_assert_cmpuint (gst_child_proxy_get_children_count (proxy), ==, 2);
  gst_child_proxy_get (proxy, "band0::frequency", &frequency, "band0::gain",
      &gain, "band1::type", &type, NULL);
  g_assert_cmpfloat (frequency, ==, 100);
  g_assert_cmpfloat (gain, ==, 3);
  g_assert_cmpint (type, ==, 4);
  gst_child_proxy_set (proxy, "band1::frequency", 7000.0, NULL);
  g_autofree gchar *text = get_bands (rig->element);
  g_assert_cmpstr (text, ==, "bell 100 gain=3; high-cut 7000");
  rig_free (rig);
}

static void
test_empty_is_flat (void)
{
  Rig *rig = rig_new ("mixeq", 48000, 2);
  g_autofree gchar *flat = get_bands (rig->element);
  g_object_set (rig->element, "num-bands", 3, NULL);
  gst_child_proxy_set (
      GST_CHILD_PROXY (rig->element), "band1::gain", 6.0, NULL);
  g_object_set (rig->element, "bands", "", "num-bands", 8, NULL);
  g_autofree gchar *is = get_bands (rig->element);
  g_assert_cmpstr (is, ==, flat);
  rig_free (rig);
}

/* A mistake: a warning that names the element and the character, and the curve
 * as it was. */
static void
test_mistakes (void)
{
  static const struct {
    const gchar *text, *says;
  } cases[] = {
    { "bel 100", "character 1: expected a type" },
    { "bell", "character 5: expected a frequency" },
    { "bell x", "character 6: expected a number for frequency" },
    { "bell 100 gain", "character 10: expected name=value" },
    { "bell 100 gian=3", "character 10: a band has no property 'gian'" },
    { "bell 100 gain=40", "character 15: gain must be -36 to 36" },
    { "bell 100; low-cut 80 slope=13", "character 28: expected a slope" },
    { "bell 100 gain=nan", "character 15: expected a number" },
    { "bell 100 gain=3dB", "character 15: expected a number" },
    { "bell 1,5", "character 6: expected a number" },
    { "bell 100 enabled=maybe", "character 18: enabled is true or false" },
    { "bell 5", "character 6: frequency must be 10 to 40000" },
  };
  Rig *rig = rig_new ("mixeq", 48000, 2);
  g_object_set (rig->element, "bands", "notch 50 q=20", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GError *error;
    g_object_set (rig->element, "bands", cases[i].text, NULL);
    GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
    g_assert_nonnull (message);
    gst_message_parse_warning (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, cases[i].says));
    g_assert_nonnull (strstr (error->message, GST_OBJECT_NAME (rig->element)));
    g_error_free (error);
    gst_message_unref (message);
    g_autofree gchar *is = get_bands (rig->element);
    g_assert_cmpstr (is, ==, "notch 50 q=20");
  }
  rig_free (rig);
}

/* ---- Groups without types and frequencies ------------------------------- */

static void
test_plain_bands (void)
{
  static const struct {
    const gchar *written, *read;
  } cases[] = {
    { "threshold=-24 ratio=3; threshold=-20 ratio=2 gain=1; threshold=-18",
        "threshold=-24 ratio=3; threshold=-20 ratio=2 gain=1; threshold=-18" },
    { " solo=yes;mode=both\tknee=0 ", "threshold=-18 solo=true; "
                                      "threshold=-18 knee=0 mode=both" },
  };
  static const struct {
    const gchar *text, *says;
  } mistakes[] = {
    { "threshold=-24", "character 14: expected at least 2 bands" },
    { "bell 100; ratio=2", "character 1: expected name=value, found 'bell'" },
    { "ratio=2; q=1", "character 10: a band has no property 'q'" },
    { "Preamp: 3 dB", "character 1: expected name=value" },
  };
  Rig *rig = rig_new ("mixmultiband", 48000, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_object_set (rig->element, "bands", cases[i].written, NULL);
    g_autofree gchar *is = get_bands (rig->element);
    g_assert_cmpstr (is, ==, cases[i].read);
    g_object_set (rig->element, "bands", is, NULL);
    g_autofree gchar *again = get_bands (rig->element);
    g_assert_cmpstr (again, ==, is);
  }
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    GError *error;
    g_object_set (rig->element, "bands", mistakes[i].text, NULL);
    GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
    g_assert_nonnull (message);
    gst_message_parse_warning (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, mistakes[i].says));
    g_error_free (error);
    gst_message_unref (message);
  }
  rig_free (rig);
}

static void
assert_crossover (GstElement *element, const gchar *name, gdouble expected)
{
  gdouble is;
  g_object_get (element, name, &is, NULL);
  g_assert_cmpfloat (is, ==, expected);
}

static void
count_notify (GObject *object, GParamSpec *spec, gpointer count)
{
  (void)object;
  (void)spec;
  ++*(guint *)count;
}

/* However the number of bands changes, a crossover that nobody has set goes to
 * its default for it, and one that somebody has set stays. */
static void
test_defaults_follow (void)
{
  Rig *rig = rig_new ("mixmultiband", 48000, 2);
  GstElement *element = rig->element;
  guint notified = 0;
  g_signal_connect (
      element, "notify::crossover1", G_CALLBACK (count_notify), &notified);
  assert_crossover (element, "crossover1", 3000);
  g_object_set (element, "num-bands", 5, NULL);
  assert_crossover (element, "crossover0", 200);
  assert_crossover (element, "crossover1", 1000);
  assert_crossover (element, "crossover2", 3500);
  assert_crossover (element, "crossover3", 6500);
  g_assert_cmpuint (notified, ==, 1);
  g_object_set (element, "crossover1", 1000.0, "num-bands", 2, NULL);
  assert_crossover (element, "crossover0", 500);
  assert_crossover (element, "crossover1", 1000);
  gst_child_proxy_set (GST_CHILD_PROXY (element), "band3::gain", 1.0, NULL);
  assert_crossover (element, "crossover0", 120);
  assert_crossover (element, "crossover1", 1000);
  assert_crossover (element, "crossover2", 5000);
  g_object_set (
      element, "bands", "ratio=1; ratio=1; ratio=1; ratio=1; ratio=1", NULL);
  assert_crossover (element, "crossover0", 200);
  assert_crossover (element, "crossover2", 3500);
  assert_crossover (element, "crossover3", 6500);
  rig_free (rig);
}

/* A mistake before the start refuses the start, until it is put right. */
static void
assert_start (const gchar *first, const gchar *then, const gchar *says)
{
  GstElement *eq = gst_element_factory_make ("mixeq", "tone");
  GstBus *bus = gst_bus_new ();
  g_autoptr (GError) error = NULL;
  gst_object_ref_sink (eq);
  g_object_set (eq, "bands", first, NULL);
  gst_element_set_bus (eq, bus);
  gst_element_set_state (eq, GST_STATE_READY);
  if (then)
    g_object_set (eq, "bands", then, NULL);
  g_assert_cmpint (gst_element_set_state (eq, GST_STATE_PAUSED), ==,
      says ? GST_STATE_CHANGE_FAILURE : GST_STATE_CHANGE_SUCCESS);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message) {
    gst_message_parse_error (message, &error, NULL);
    gst_message_unref (message);
  }
  g_test_message ("%s: %s", first, error ? error->message : "starts");
  if (says) {
    g_assert_nonnull (strstr (error ? error->message : "", says));
    g_assert_nonnull (strstr (error ? error->message : "", "tone"));
  } else {
    g_assert_no_error (error);
  }
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING));
  gst_element_set_state (eq, GST_STATE_NULL);
  gst_element_set_bus (eq, NULL);
  gst_object_unref (bus);
  gst_object_unref (eq);
}

static void
test_early_mistake (void)
{
  assert_start ("bell 100", NULL, NULL);
  assert_start ("Peak 1000 gain=6", NULL, "character 1: expected a type");
  assert_start ("bell 100", "bell", "character 5");
  assert_start ("bell", "bell 100", NULL);
  assert_start ("bell", "", NULL);
}

/* As gst-launch does it, which leaks the band (1.22). */
static void
set_text (GstElement *element, const gchar *path, const gchar *text)
{
  const gchar *property = strstr (path, "::");
  if (!property) {
    gst_util_set_object_arg (G_OBJECT (element), path, text);
    return;
  }
  g_autofree gchar *name = g_strndup (path, (gsize)(property - path));
  GObject *child
      = gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (element), name);
  gst_util_set_object_arg (child, property + 2, text);
  g_object_unref (child);
}

/* The same for a choice that there is not, of the element and of a band; text
 * with a number in it is a number. */
static void
test_wrong_numbers (void)
{
  static const gchar *const cases[][4]
      = { { "mixdelay", "division", "7", "1/8 (8)" },
          { "mixeq", "band3::slope", "7", "6, 12, 18, 24, 36" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstElement *element = gst_element_factory_make (cases[i][0], NULL);
    GstBus *bus = gst_bus_new ();
    g_autoptr (GError) error = NULL;
    gst_object_ref_sink (element);
    set_text (element, cases[i][1], cases[i][2]);
    gst_element_set_bus (element, bus);
    g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
        GST_STATE_CHANGE_FAILURE);
    GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    g_assert_nonnull (message);
    gst_message_parse_error (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, cases[i][3]));
    gst_message_unref (message);
    gst_element_set_state (element, GST_STATE_NULL);
    gst_element_set_bus (element, NULL);
    gst_object_unref (bus);
    gst_object_unref (element);
  }
}

/* From code while it plays: the number is dB per octave, or a warning. */
static void
test_slopes_as_numbers (void)
{
  static const gint slopes[] = { 6, 12, 18, 24, 36, 48, 72, 96 };
  Rig *rig = rig_new ("mixeq bands=\"low-cut 80 slope=24\"", 48000, 2);
  GObject *band
      = gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (rig->element), 0);
  gint is;
  g_object_get (band, "slope", &is, NULL);
  g_assert_cmpint (is, ==, 24);
  for (guint i = 0; i < G_N_ELEMENTS (slopes); i++) {
    g_object_set (band, "slope", slopes[i], NULL);
    g_object_get (band, "slope", &is, NULL);
    g_assert_cmpint (is, ==, slopes[i]);
    g_autofree gchar *text = get_bands (rig->element);
    g_autofree gchar *wanted
        = g_strdup_printf ("low-cut 80 slope=%d", slopes[i]);
    g_assert_cmpstr (text, ==, slopes[i] == 12 ? "low-cut 80" : wanted);
  }
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  for (gint wrong = 1; wrong < 6; wrong++) {
    g_object_set (band, "slope", wrong, NULL);
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
    g_object_get (band, "slope", &is, NULL);
    g_assert_cmpint (is, ==, 96);
  }
  g_object_unref (band);
  rig_free (rig);
}

/* Setting a band beyond the count raises the count; a band beyond the most that
 * there can be causes a warning. */
static void
test_beyond_the_count (void)
{
  Rig *rig = rig_new ("mixeq", 48000, 2);
  GstChildProxy *proxy = GST_CHILD_PROXY (rig->element);
  guint count;
  gst_child_proxy_set (proxy, "band9::gain", 3.0, NULL);
  g_object_get (rig->element, "num-bands", &count, NULL);
  g_assert_cmpuint (count, ==, 10);
  g_assert_null (gst_child_proxy_get_child_by_name (proxy, "band32"));
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  rig_free (rig);
}

static void
test_too_many (void)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < 33; i++)
    g_string_append (text, "bell 100;");
  Rig *rig = rig_new ("mixeq", 48000, 2);
  g_object_set (rig->element, "bands", text->str, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_string_truncate (text, 32 * 9);
  g_object_set (rig->element, "bands", text->str, NULL);
  g_assert_cmpuint (
      gst_child_proxy_get_children_count (GST_CHILD_PROXY (rig->element)), ==,
      32);
  g_string_free (text, TRUE);
  rig_free (rig);
}

/* Damaged text never does harm, and what is understood is written back as the
 * same bands. */
static void
test_damage (void)
{
  const gchar *good
      = "low-cut 80 slope=24; bell 3k gain=-3.5 q=1.4 channels=mid"
        "; high-shelf 8000 gain=2 threshold=-30 enabled=false";
  const gchar letters[] = "abelq0159.-+=; \n\te\x01\xc3k";
  GRand *random = g_rand_new_with_seed (7);
  guchar *params = g_malloc (mix_eq.params.size);
  guchar *again = g_malloc (mix_eq.params.size);
  guint understood = 0;
  for (guint i = 0; i < 50000; i++) {
    g_autofree gchar *text = g_strdup (good);
    for (gint n = g_rand_int_range (random, 1, 4); n > 0; n--)
      text[g_rand_int_range (random, 0, (gint)strlen (good))]
          = letters[g_rand_int_range (random, 0, sizeof letters - 1)];
    g_autoptr (GError) error = NULL;
    mix_unit_defaults (&mix_eq, params);
    if (!gst_mix_band_text_parse (&mix_eq, text, params, &error)) {
      g_assert_nonnull (error);
      continue;
    }
    understood++;
    g_autofree gchar *printed = gst_mix_band_text_print (&mix_eq, params);
    mix_unit_defaults (&mix_eq, again);
    g_assert_true (gst_mix_band_text_parse (&mix_eq, printed, again, NULL));
    g_assert_cmpmem (params, mix_eq.params.size, again, mix_eq.params.size);
  }
  g_assert_cmpuint (understood, >, 100);
  g_rand_free (random);
  g_free (params);
  g_free (again);
}

static void
count_signal (GstChildProxy *proxy, GObject *child, gchar *name, gint *count)
{
  (void)proxy;
  (void)child;
  (void)name;
  (*count)++;
}

static void
test_child_signals (void)
{
  Rig *rig = rig_new ("mixeq", 48000, 2);
  gint added = 0, removed = 0;
  g_signal_connect (
      rig->element, "child-added", G_CALLBACK (count_signal), &added);
  g_signal_connect (
      rig->element, "child-removed", G_CALLBACK (count_signal), &removed);
  g_object_set (rig->element, "num-bands", 12, NULL);
  g_object_set (rig->element, "bands", "bell 100; bell 200", NULL);
  g_assert_cmpint (added, ==, 4);
  g_assert_cmpint (removed, ==, 10);
  rig_free (rig);
}

/* A band of which nothing reaches below half the rate has no effect, and that
 * is said once. */
static void
test_over_nyquist (void)
{
  Rig *rig = rig_new ("mixeq bands=\"bell 30000 gain=3 q=40\"", 22050, 1);
  gfloat *noise = rig_noise (22050, 1, 0.1f);
  rig_push_all (rig, noise, 22050, 1024);
  g_object_set (rig->element, "bands", "bell 40000 gain=3 q=40", NULL);
  rig_push_all (rig, noise, 22050, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_assert_cmpmem (rig->samples->data, 22050 * 4, noise, 22050 * 4);
  rig_free (rig);

  rig = rig_new ("mixeq", 8000, 1); /* flat: nobody expects anything */
  rig_push_all (rig, noise, 8000, 1024);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  rig_free (rig);
  g_free (noise);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/bands/round-trip", test_round_trip);
  g_test_add_func ("/bands/sets-the-bands", test_sets_the_bands);
  g_test_add_func ("/bands/empty-is-flat", test_empty_is_flat);
  g_test_add_func ("/bands/mistakes", test_mistakes);
  g_test_add_func ("/bands/early-mistake", test_early_mistake);
  g_test_add_func ("/bands/wrong-numbers", test_wrong_numbers);
  g_test_add_func ("/bands/slopes-as-numbers", test_slopes_as_numbers);
  g_test_add_func ("/bands/beyond-the-count", test_beyond_the_count);
  g_test_add_func ("/bands/damage", test_damage);
  g_test_add_func ("/bands/too-many", test_too_many);
  g_test_add_func ("/bands/child-signals", test_child_signals);
  g_test_add_func ("/bands/over-nyquist", test_over_nyquist);
  g_test_add_func ("/bandtext/plain-bands", test_plain_bands);
  g_test_add_func ("/bandtext/defaults-follow", test_defaults_follow);
  return rig_run ();
}
