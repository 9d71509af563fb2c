/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstPreset: what is saved is loaded, by the process that saved it and by the
 * next one; hand-written files; what is wrong in them; what a preset overrides.
 */
#include <string.h>

#include "rig.h"

#define RATE 48000

/* Names that people give, and what a key file might trip over. */
static const gchar *const names[] = { "mine", "my voice 2",
  "K\xc3\xbc"
  "che \xc2\xbb"
  "laut\xc2\xab",
  "it's \"loud\"", "a=b;c#d", "back\\slash", "# no comment", " between ",
  "100%", NULL };

/* ---- Properties --------------------------------------------------------- */

static GstElement *
new_element (const gchar *factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);
  return gst_object_ref_sink (element);
}

static GParamSpec *
spec_of (gpointer object, const gchar *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);
}

static void
set_random_enum (GObject *object, GParamSpec *spec, GRand *random)
{
  GEnumClass *klass = G_PARAM_SPEC_ENUM (spec)->enum_class;
  gint index = g_rand_int_range (random, 0, (gint)klass->n_values);
  g_object_set (object, spec->name, klass->values[index].value, NULL);
}

static void
set_random (GObject *object, const gchar *name, GRand *random)
{
  GParamSpec *spec = spec_of (object, name);
  if (G_IS_PARAM_SPEC_DOUBLE (spec))
    g_object_set (object, name,
        g_rand_double_range (random, G_PARAM_SPEC_DOUBLE (spec)->minimum,
            G_PARAM_SPEC_DOUBLE (spec)->maximum),
        NULL);
  else if (G_IS_PARAM_SPEC_UINT (spec))
    g_object_set (object, name,
        g_rand_int_range (random, (gint)G_PARAM_SPEC_UINT (spec)->minimum,
            (gint)G_PARAM_SPEC_UINT (spec)->maximum),
        NULL);
  else if (G_IS_PARAM_SPEC_BOOLEAN (spec))
    g_object_set (object, name, g_rand_boolean (random), NULL);
  else if (G_IS_PARAM_SPEC_ENUM (spec))
    set_random_enum (object, spec, random);
}

static void
set_random_bands (GstElement *element, GRand *random)
{
  GstChildProxy *proxy = GST_CHILD_PROXY (element);
  GParamSpecUInt *counts = G_PARAM_SPEC_UINT (spec_of (element, "num-bands"));
  guint count = (guint)g_rand_int_range (
      random, (gint)counts->minimum, (gint)counts->maximum + 1);
  g_object_set (element, "bands", "", "num-bands", count, NULL);
  for (guint b = 0; b < count; b++) {
    GObject *band = gst_child_proxy_get_child_by_index (proxy, b);
    guint n;
    GParamSpec **specs
        = g_object_class_list_properties (G_OBJECT_GET_CLASS (band), &n);
    for (guint i = 0; i < n; i++)
      set_random (band, specs[i]->name, random);
    g_free (specs);
    g_object_unref (band);
  }
}

/* In ascending order: else a warning says that they are not. */
static void
set_random_crossovers (GstElement *element, GRand *random)
{
  gdouble hz = 20;
  for (guint i = 0;; i++) {
    g_autofree gchar *name = g_strdup_printf ("crossover%u", i);
    if (!spec_of (element, name))
      return;
    hz *= g_rand_double_range (random, 1, 4);
    g_object_set (element, name, hz, NULL);
  }
}

/* Random values for all that a preset holds, but for what needs a restart. */
static void
randomize (GstElement *element, GRand *random)
{
  g_auto (GStrv) properties
      = gst_preset_get_property_names (GST_PRESET (element));
  for (guint i = 0; properties[i]; i++)
    if ((spec_of (element, properties[i])->flags & GST_PARAM_MUTABLE_PLAYING)
        && !g_str_has_prefix (properties[i], "crossover"))
      set_random (G_OBJECT (element), properties[i], random);
  set_random_crossovers (element, random);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "num-bands"))
    set_random_bands (element, random);
}

static void
assert_same (GstElement *a, GstElement *b)
{
  g_auto (GStrv) properties = gst_preset_get_property_names (GST_PRESET (a));
  for (guint i = 0; properties[i]; i++) {
    GValue of_a = G_VALUE_INIT, of_b = G_VALUE_INIT;
    g_value_init (&of_a, spec_of (a, properties[i])->value_type);
    g_value_init (&of_b, spec_of (a, properties[i])->value_type);
    g_object_get_property (G_OBJECT (a), properties[i], &of_a);
    g_object_get_property (G_OBJECT (b), properties[i], &of_b);
    g_autofree gchar *text_a = g_strdup_value_contents (&of_a);
    g_autofree gchar *text_b = g_strdup_value_contents (&of_b);
    g_assert_cmpstr (text_a, ==, text_b);
    g_value_unset (&of_a);
    g_value_unset (&of_b);
  }
}

/* ---- Round trips -------------------------------------------------------- */

/* Saved by an element that does not run, loaded by one that does not and by
 * one that plays, where nothing is late: what needs a restart is unchanged. */
static void
test_round_trip (gconstpointer factory)
{
  GRand *random = g_rand_new_with_seed (11);
  for (guint i = 0; names[i]; i++) {
    GstElement *from = new_element (factory), *to = new_element (factory);
    Rig *playing = rig_new (factory, RATE, 2);
    randomize (from, random);
    g_assert_true (gst_preset_save_preset (GST_PRESET (from), names[i]));
    g_assert_true (gst_preset_load_preset (GST_PRESET (to), names[i]));
    assert_same (from, to);
    rig_push (playing, NULL, 100, 0);
    g_assert_true (
        gst_preset_load_preset (GST_PRESET (playing->element), names[i]));
    assert_same (from, playing->element);
    g_assert_cmpuint (rig_count_messages (playing, GST_MESSAGE_WARNING), ==, 0);
    rig_push (playing, NULL, 100, 0);
    rig_free (playing);
    gst_object_unref (from);
    gst_object_unref (to);
  }
  g_rand_free (random);
}

static void
test_saved_while_playing (void)
{
  Rig *from = rig_new ("mixeq", RATE, 2);
  GstElement *to = new_element ("mixeq");
  g_object_set (from->element, "bands", "bell 1500 gain=-12", NULL);
  rig_push (from, NULL, 100, 0);
  g_assert_true (gst_preset_save_preset (GST_PRESET (from->element), "live"));
  g_assert_true (gst_preset_load_preset (GST_PRESET (to), "live"));
  assert_same (from->element, to);
  rig_free (from);
  gst_object_unref (to);
}

/* The next process reads the file: run by the test below. */
static void
test_load_in_next_process (void)
{
  if (!g_test_subprocess ())
    return;
  const gchar *const *factory
      = (const gchar *const[]){ "mixeq", "mixdelay", "mixcompressor", NULL };
  for (; *factory; factory++) {
    GRand *random = g_rand_new_with_seed (12);
    GstElement *wanted = new_element (*factory), *is = new_element (*factory);
    randomize (wanted, random);
    g_assert_true (gst_preset_load_preset (GST_PRESET (is), "kept \"so\""));
    assert_same (wanted, is);
    gst_object_unref (wanted);
    gst_object_unref (is);
    g_rand_free (random);
  }
}

static void
test_next_process (void)
{
  const gchar *const *factory
      = (const gchar *const[]){ "mixeq", "mixdelay", "mixcompressor", NULL };
  for (; *factory; factory++) {
    GRand *random = g_rand_new_with_seed (12);
    GstElement *from = new_element (*factory);
    randomize (from, random);
    g_assert_true (gst_preset_save_preset (GST_PRESET (from), "kept \"so\""));
    /* a comment of several lines must not spoil the file */
    g_assert_true (gst_preset_set_meta (
        GST_PRESET (from), "kept \"so\"", "comment", "two\nlines"));
    gst_object_unref (from);
    g_rand_free (random);
  }
  g_test_trap_subprocess ("/presets/load-in-next-process", 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_rename_and_delete (void)
{
  GstElement *from = new_element ("mixeq"), *to = new_element ("mixeq");
  g_object_set (from, "bands", "bell 1500 gain=-12", NULL);
  g_assert_true (gst_preset_save_preset (GST_PRESET (from), "old"));
  g_assert_true (gst_preset_rename_preset (GST_PRESET (from), "old", "n w"));
  g_assert_false (gst_preset_load_preset (GST_PRESET (to), "old"));
  g_assert_true (gst_preset_load_preset (GST_PRESET (to), "n w"));
  assert_same (from, to);
  g_assert_true (gst_preset_delete_preset (GST_PRESET (from), "n w"));
  g_assert_false (gst_preset_load_preset (GST_PRESET (to), "n w"));
  gst_object_unref (from);
  gst_object_unref (to);
}

/* A key file cannot hold these: refused instead of lost. */
static void
test_impossible_names (void)
{
  static const gchar *const impossible[]
      = { "", "[a]", "a]b", "a\nb", "a\tb", "_hidden", "\xff" };
  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++) {
    Rig *rig = rig_new ("mixlimiter", RATE, 1);
    GstPreset *preset = GST_PRESET (rig->element);
    g_assert_false (gst_preset_save_preset (preset, impossible[i]));
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
    g_assert_true (gst_preset_save_preset (preset, "possible"));
    g_assert_false (
        gst_preset_rename_preset (preset, "possible", impossible[i]));
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
    g_assert_true (gst_preset_load_preset (preset, "possible"));
    rig_free (rig);
  }
}

/* ---- While playing ------------------------------------------------------ */

/* Told when it changes, and only then; the default in between is no change. */
static void
test_late_phase (void)
{
  static const struct {
    const gchar *saved, *playing;
    guint warnings;
  } cases[] = { { "minimum", "minimum", 0 }, { "linear", "linear", 0 },
    { "linear", "minimum", 1 }, { "minimum", "linear", 1 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Rig *from = rig_new ("mixeq", RATE, 1), *to = rig_new ("mixeq", RATE, 1);
    gst_element_set_state (from->element, GST_STATE_READY);
    gst_element_set_state (to->element, GST_STATE_READY);
    gst_util_set_object_arg (G_OBJECT (from->element), "phase", cases[i].saved);
    gst_util_set_object_arg (G_OBJECT (to->element), "phase", cases[i].playing);
    g_assert_true (
        gst_preset_save_preset (GST_PRESET (from->element), "phase"));
    gst_element_set_state (to->element, GST_STATE_PLAYING);
    g_assert_true (gst_preset_load_preset (GST_PRESET (to->element), "phase"));
    g_assert_cmpuint (
        rig_count_messages (to, GST_MESSAGE_WARNING), ==, cases[i].warnings);
    g_assert_true (gst_preset_load_preset (GST_PRESET (to->element), "phase"));
    g_assert_cmpuint (rig_count_messages (to, GST_MESSAGE_WARNING), ==, 0);
    rig_free (from);
    rig_free (to);
  }
}

/* The same by hand: a set that changes nothing is not late. */
static void
test_late_set_of_the_same (void)
{
  Rig *rig = rig_new ("mixdelay", RATE, 1);
  g_object_set (rig->element, "max-delay", 5000.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  g_object_set (rig->element, "max-delay", 4000.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 1);
  g_object_set (rig->element, "max-delay", 4000.0, NULL);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  rig_free (rig);
}

/* ---- Files written by hand ---------------------------------------------- */

/* mixleveler's and mixdelay's user files in this program; mixeq's lies in the
 * folder of an application, which is merged with what is saved. */
static const gchar by_hand_eq[]
    = "[_presets_]\nversion=0.1\nelement-name=GstMixEq\n"
      "[raw]\nbands=low-cut 80 slope=24; bell 3k gain=-3\noutput-gain=1\n"
      "[quoted]\nbands=\"low-cut 80 slope=24; bell 3k gain=-3\"\n"
      "output-gain=1\n"
      "[escaped]\nbands=\"low-cut\\\\ 80\\\\ slope\\\\=24\\\\;\\\\ bell\\\\ "
      "3000\\\\ gain\\\\=-3\"\noutput-gain=1\n"
      "[broken]\nbands=low-cut 80; bel 3k gain=-3\noutput-gain=2\n"
      "[unended]\nbands=\"low-cut 80\noutput-gain=2\n"
      "[partial]\noutput-gain=2\n";
static const gchar by_hand_delay[]
    = "[_presets_]\nversion=0.1\nelement-name=GstMixDelay\n"
      "[nick]\ntempo=120\ndivision=1/8d\n"
      "[number]\ntempo=120\ndivision=8\n"
      "[label]\ntempo=120\ndivision=1/8 triplet\n"
      "[no-number]\ntempo=120\ndivision=7\n"
      "[no-nick]\ntempo=120\ndivision=1/7\n"
      "[no-double]\ntempo=fast\n"
      "[unknown]\ntempo=120\nfeedbakc=20\n"
      "[beyond]\ntempo=120\nfeedback=120\n";

static void
write_user_file (const gchar *type, const gchar *text)
{
  g_autofree gchar *folder = g_build_filename (
      g_get_user_data_dir (), "gstreamer-1.0", "presets", NULL);
  g_autofree gchar *file = g_strconcat (type, ".prs", NULL);
  g_autofree gchar *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_by_hand (void)
{
  static const gchar *const forms[] = { "raw", "quoted", "escaped" };
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    GstElement *eq = new_element ("mixeq");
    g_autofree gchar *bands = NULL;
    gdouble gain;
    g_assert_true (gst_preset_load_preset (GST_PRESET (eq), forms[i]));
    g_object_get (eq, "bands", &bands, "output-gain", &gain, NULL);
    g_assert_cmpstr (bands, ==, "low-cut 80 slope=24; bell 3000 gain=-3");
    g_assert_cmpfloat (gain, ==, 1);
    gst_object_unref (eq);
  }
}

/* FALSE, a word about what is wrong, and the sound as it was. */
static void
assert_refused (const gchar *factory, const gchar *name, const gchar *says)
{
  Rig *rig = rig_new (factory, RATE, 1);
  GstElement *untouched = new_element (factory);
  g_autoptr (GError) error = NULL;
  g_assert_false (gst_preset_load_preset (GST_PRESET (rig->element), name));
  assert_same (untouched, rig->element);
  GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  if (message) {
    gst_message_parse_warning (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, name));
    g_assert_nonnull (strstr (error->message, says));
    g_assert_nonnull (strstr (error->message, GST_OBJECT_NAME (rig->element)));
    gst_message_unref (message);
  }
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_WARNING), ==, 0);
  gst_object_unref (untouched);
  rig_free (rig);
}

static void
test_broken (void)
{
  assert_refused ("mixeq", "broken", "character 13");
  assert_refused ("mixeq", "unended", "bands");
  assert_refused ("mixdelay", "no-nick", "1/7");
  assert_refused ("mixdelay", "no-number", "division");
  assert_refused ("mixdelay", "no-double", "fast");
}

static void
test_numbers (void)
{
  static const struct {
    const gchar *name;
    gdouble ms;
  } cases[] = { { "nick", 375 }, { "number", 250 }, { "label", 500. / 3 } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Rig *rig = rig_new ("mixdelay", RATE, 1);
    gdouble ms;
    g_assert_true (
        gst_preset_load_preset (GST_PRESET (rig->element), cases[i].name));
    rig_push (rig, NULL, 4800, 0);
    g_object_get (rig->element, "echo-time", &ms, NULL);
    g_assert_cmpfloat_with_epsilon (ms, cases[i].ms, 0.02);
    rig_free (rig);
  }
}

/* A warning names an unknown property and a value out of range; the rest of the
 * preset is loaded. */
static void
test_half_understood (void)
{
  static const gchar *const cases[][2]
      = { { "unknown", "feedbakc" }, { "beyond", "feedback" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Rig *rig = rig_new ("mixdelay", RATE, 1);
    g_autoptr (GError) error = NULL;
    gdouble tempo;
    g_assert_true (
        gst_preset_load_preset (GST_PRESET (rig->element), cases[i][0]));
    g_object_get (rig->element, "tempo", &tempo, NULL);
    g_assert_cmpfloat (tempo, ==, 120);
    GstMessage *message = rig_message (rig, GST_MESSAGE_WARNING);
    g_assert_nonnull (message);
    if (message) {
      gst_message_parse_warning (message, &error, NULL);
      g_assert_nonnull (strstr (error->message, cases[i][1]));
      gst_message_unref (message);
    }
    rig_free (rig);
  }
}

/* What a preset does not name has its default. */
static void
test_partial (void)
{
  GstElement *is = new_element ("mixeq"), *wanted = new_element ("mixeq");
  g_object_set (is, "bands", "bell 1500 gain=-12", NULL);
  g_object_set (wanted, "output-gain", 2.0, NULL);
  g_assert_true (gst_preset_load_preset (GST_PRESET (is), "partial"));
  assert_same (is, wanted);
  gst_object_unref (is);
  gst_object_unref (wanted);
}

/* ---- What is set beside a preset ---------------------------------------- */

static gchar *
first_warning (GstBus *bus)
{
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  GError *error = NULL;
  if (!message)
    return NULL;
  gst_message_parse_warning (message, &error, NULL);
  gchar *text = g_strdup (error->message);
  g_error_free (error);
  gst_message_unref (message);
  return text;
}

/* As gst-launch does it: the preset last, whatever the order in the line. */
static void
assert_beside (const gchar *line, const gchar *says)
{
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_launch (line, &error);
  GstBus *bus = gst_bus_new ();
  g_assert_no_error (error);
  gst_object_ref_sink (element);
  gst_element_set_bus (element, bus);
  gst_element_set_state (element, GST_STATE_READY);
  g_autofree gchar *text = first_warning (bus), *more = first_warning (bus);
  g_test_message ("%s: %s", line, text ? text : "nothing");
  if (says) {
    g_assert_nonnull (text);
    g_assert_nonnull (strstr (text ? text : "", says));
  } else {
    g_assert_null (text);
  }
  g_assert_null (more);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
}

static void
test_beside (void)
{
  assert_beside ("mixcompressor @preset=vocal threshold=-40", "threshold");
  assert_beside ("mixcompressor threshold=-40 @preset=vocal", "threshold");
  assert_beside ("mixcompressor @preset=vocal threshold=-22", NULL);
  assert_beside ("mixcompressor @preset=vocal bypass=true", NULL);
  assert_beside ("mixcompressor @preset=vocal hold=500", "hold");
  assert_beside ("mixlimiter @preset=cd name=last", NULL);
  assert_beside ("mixeq @preset=raw bands=\"bell 100\"", "bands");
  assert_beside ("mixeq @preset=raw output-gain=1", NULL);
}

/* A band set by itself is part of the bands. */
static void
test_beside_a_band (void)
{
  GstElement *eq = new_element ("mixeq");
  GstBus *bus = gst_bus_new ();
  gst_element_set_bus (eq, bus);
  gst_child_proxy_set (GST_CHILD_PROXY (eq), "band1::gain", 3.0, NULL);
  g_assert_true (gst_preset_load_preset (GST_PRESET (eq), "raw"));
  g_autofree gchar *text = first_warning (bus), *more = first_warning (bus);
  g_assert_nonnull (strstr (text ? text : "", "bands"));
  g_assert_null (more);
  gst_element_set_bus (eq, NULL);
  gst_object_unref (bus);
  gst_object_unref (eq);
}

/* Presets one after the other, and a hand on the controls in between, are what
 * applications do all day. */
static void
test_in_a_row (void)
{
  GstElement *e = new_element ("mixcompressor");
  GstBus *bus = gst_bus_new ();
  gst_element_set_bus (e, bus);
  g_assert_true (gst_preset_load_preset (GST_PRESET (e), "vocal"));
  g_assert_true (gst_preset_load_preset (GST_PRESET (e), "bass"));
  gst_element_set_state (e, GST_STATE_READY);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING));
  gst_element_set_state (e, GST_STATE_PAUSED);
  g_object_set (e, "threshold", -41.0, NULL);
  g_assert_true (gst_preset_load_preset (GST_PRESET (e), "vocal"));
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING));
  gst_element_set_state (e, GST_STATE_NULL);
  gst_element_set_bus (e, NULL);
  gst_object_unref (bus);
  gst_object_unref (e);
}

/* ---- The user's own folder ---------------------------------------------- */

static void
test_own_folder (void)
{
  g_autofree gchar *home
      = g_build_filename (g_get_home_dir (), ".local", "share", NULL);
  g_assert_cmpstr (g_get_user_data_dir (), !=, home);
}

int
main (int argc, char **argv)
{
  static const gchar *const factories[]
      = { "mixautomix", "mixcompressor", "mixdeesser", "mixdelay", "mixduck",
          "mixeq", "mixgate", "miximager", "mixkeyedcompressor", "mixkeyedgate",
          "mixleveler", "mixlimiter", "mixmeter", "mixmultiband", "mixreverb" };
  rig_init (&argc, &argv);
  if (!g_test_subprocess ()) {
    write_user_file ("GstMixEq", by_hand_eq);
    write_user_file ("GstMixDelay", by_hand_delay);
  }
  g_test_add_func ("/presets/own-folder", test_own_folder);
  g_test_add_func ("/presets/by-hand", test_by_hand);
  g_test_add_func ("/presets/numbers", test_numbers);
  g_test_add_func ("/presets/broken", test_broken);
  g_test_add_func ("/presets/half-understood", test_half_understood);
  g_test_add_func ("/presets/partial", test_partial);
  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    g_autofree gchar *path
        = g_strconcat ("/presets/round-trip/", factories[i], NULL);
    g_test_add_data_func (path, factories[i], test_round_trip);
  }
  g_test_add_func ("/presets/saved-while-playing", test_saved_while_playing);
  g_test_add_func ("/presets/next-process", test_next_process);
  g_test_add_func ("/presets/load-in-next-process", test_load_in_next_process);
  g_test_add_func ("/presets/rename-and-delete", test_rename_and_delete);
  g_test_add_func ("/presets/impossible-names", test_impossible_names);
  g_test_add_func ("/presets/late-phase", test_late_phase);
  g_test_add_func ("/presets/late-same", test_late_set_of_the_same);
  g_test_add_func ("/presets/beside", test_beside);
  g_test_add_func ("/presets/beside-a-band", test_beside_a_band);
  g_test_add_func ("/presets/in-a-row", test_in_a_row);
  return rig_run ();
}
