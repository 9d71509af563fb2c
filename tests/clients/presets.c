/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstPreset, as applications use it: what is saved of an element, whatever its
 * properties, is what another one has after loading it; before it plays and
 * while it plays.
 */
#include <math.h>
#include <string.h>

#include "client.h"

#define BANDS                                                                  \
  "low-cut 80 slope=24; bell 1500 gain=-12; bell 3000 gain=4.5 q=2 "           \
  "enabled=false; "                                                            \
  "high-shelf 9000 gain=3 channels=side"

static const gchar *const names[] = { "mine", "50 % louder; bass = 3",
  "Für \"Elise\"", "a\\b, c", " room ", "#1", NULL };

/* ---- Values ------------------------------------------------------------- */

/* `bands` says how many there are; `reset` is a button. */
static gboolean
is_of_preset (GParamSpec *pspec)
{
  return !g_str_equal (pspec->name, "num-bands")
         && !g_str_equal (pspec->name, "reset");
}

/* Far from the default, for every type. */
static void
set_other_value (GObject *object, GParamSpec *pspec)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_value_init (&value, pspec->value_type);
  if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    GParamSpecDouble *range = G_PARAM_SPEC_DOUBLE (pspec);
    g_value_set_double (
        &value, range->minimum + 0.37 * (range->maximum - range->minimum));
  } else if (G_IS_PARAM_SPEC_BOOLEAN (pspec)) {
    g_value_set_boolean (&value, !G_PARAM_SPEC_BOOLEAN (pspec)->default_value);
  } else if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    GEnumClass *choices = G_PARAM_SPEC_ENUM (pspec)->enum_class;
    g_value_set_enum (&value, choices->values[choices->n_values - 1].value);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    g_value_set_uint (&value, G_PARAM_SPEC_UINT (pspec)->minimum + 3);
  } else if (G_IS_PARAM_SPEC_INT (pspec)) {
    g_value_set_int (&value, G_PARAM_SPEC_INT (pspec)->minimum + 3);
  } else if (G_IS_PARAM_SPEC_STRING (pspec)) {
    if (!g_str_equal (pspec->name, "bands"))
      return;
    g_value_set_static_string (&value, BANDS);
  } else {
    g_test_message ("no value for %s", pspec->name);
    g_test_fail ();
  }
  g_object_set_property (object, pspec->name, &value);
}

static gchar *
value_text (GObject *object, const gchar *property)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_object_get_property (object, property, &value);
  return gst_value_serialize (&value);
}

/* Numbers are written with 17 digits or fewer; they differ by less. */
static gboolean
is_same (GObject *a, GObject *b, GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    gdouble x, y;
    g_object_get (a, pspec->name, &x, NULL);
    g_object_get (b, pspec->name, &y, NULL);
    return fabs (x - y) <= 1e-9 * fabs (x);
  }
  g_autofree gchar *x = value_text (a, pspec->name);
  g_autofree gchar *y = value_text (b, pspec->name);
  return g_strcmp0 (x, y) == 0;
}

static void
for_each_property (GstElement *element, GstElement *other,
    void (*act) (GstElement *, GstElement *, GParamSpec *))
{
  g_auto (GStrv) properties
      = gst_preset_get_property_names (GST_PRESET (element));
  g_assert_nonnull (properties);
  for (guint i = 0; properties[i]; i++) {
    GParamSpec *pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (element), properties[i]);
    if (pspec && is_of_preset (pspec))
      act (element, other, pspec);
  }
}

static void
set_one (GstElement *element, GstElement *other, GParamSpec *pspec)
{
  (void)other;
  set_other_value (G_OBJECT (element), pspec);
}

static void
compare_one (GstElement *element, GstElement *other, GParamSpec *pspec)
{
  if (is_same (G_OBJECT (element), G_OBJECT (other), pspec))
    return;
  g_autofree gchar *saved = value_text (G_OBJECT (element), pspec->name);
  g_autofree gchar *loaded = value_text (G_OBJECT (other), pspec->name);
  g_test_message ("%s: saved %s, loaded %s", pspec->name, saved, loaded);
  g_test_fail ();
}

/* ---- Round trips -------------------------------------------------------- */

static GstElement *
new_element (const gchar *factory)
{
  return gst_object_ref_sink (gst_element_factory_make (factory, NULL));
}

static void
test_save_and_load (gconstpointer factory)
{
  GstElement *saved = new_element (factory);
  for_each_property (saved, NULL, set_one);
  for (guint i = 0; names[i]; i++) {
    GstElement *loaded = new_element (factory);
    g_test_message ("preset \"%s\"", names[i]);
    g_assert_true (gst_preset_save_preset (GST_PRESET (saved), names[i]));
    g_assert_true (gst_preset_load_preset (GST_PRESET (loaded), names[i]));
    for_each_property (saved, loaded, compare_one);
    g_assert_true (gst_preset_delete_preset (GST_PRESET (saved), names[i]));
    gst_object_unref (loaded);
  }
  gst_object_unref (saved);
}

static Client *
play (GstElement *element)
{
  Client *client = client_new ("audiotestsrc is-live=true ! audioconvert ! "
                               "identity name=above ! fakesink name=below");
  GstElement *above = client_get (client, "above");
  GstElement *below = client_get (client, "below");
  gst_bin_add (GST_BIN (client->pipeline), element);
  gst_element_unlink (above, below);
  g_assert_true (gst_element_link_many (above, element, below, NULL));
  gst_object_unref (above);
  gst_object_unref (below);
  return client;
}

/* The same preset again, while it plays: nothing changes, so there is nothing
 * to warn of; not of what sizes memory either. */
static void
test_while_playing (gconstpointer factory)
{
  GstElement *saved = new_element (factory), *loaded = new_element (factory);
  for_each_property (saved, NULL, set_one);
  g_assert_true (gst_preset_save_preset (GST_PRESET (saved), "playing"));
  Client *client = play (loaded);
  client_state (client, GST_STATE_READY);
  g_assert_true (gst_preset_load_preset (GST_PRESET (loaded), "playing"));
  for_each_property (saved, loaded, compare_one);
  client_state (client, GST_STATE_PLAYING);
  while (gst_bus_have_pending (client->bus))
    gst_message_unref (gst_bus_pop (client->bus));
  g_assert_true (gst_preset_load_preset (GST_PRESET (loaded), "playing"));
  g_usleep (100000);
  for_each_property (saved, loaded, compare_one);
  GstMessage *warning = client_wait (client, GST_MESSAGE_WARNING, 0.05);
  if (warning) {
    GError *error = NULL;
    gst_message_parse_warning (warning, &error, NULL);
    g_test_message ("%s", error->message);
    g_test_fail ();
    g_error_free (error);
    gst_message_unref (warning);
  }
  client_free (client);
  gst_object_unref (saved);
  gst_object_unref (loaded);
}

/* Bands that were set one by one. */
static void
test_bands (void)
{
  GstElement *saved = new_element ("mixeq"), *loaded = new_element ("mixeq");
  gchar *text[2];
  gst_child_proxy_set (GST_CHILD_PROXY (saved), "band2::gain", -7.25,
      "band2::frequency", 1234.5, "band2::q", 3.3, "band0::threshold", -30.0,
      "band0::enabled", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (saved), "phase", "linear");
  g_assert_true (gst_preset_save_preset (GST_PRESET (saved), "bands"));
  g_assert_true (gst_preset_load_preset (GST_PRESET (loaded), "bands"));
  g_object_get (saved, "bands", &text[0], NULL);
  g_object_get (loaded, "bands", &text[1], NULL);
  g_test_message ("%s", text[0]);
  g_assert_cmpstr (text[1], ==, text[0]);
  for_each_property (saved, loaded, compare_one);
  g_free (text[0]);
  g_free (text[1]);
  gst_object_unref (saved);
  gst_object_unref (loaded);
}

int
main (int argc, char **argv)
{
  client_init (&argc, &argv);
  GList *features
      = gst_registry_get_feature_list_by_plugin (gst_registry_get (), "mix");
  for (GList *l = features; l; l = l->next) {
    const gchar *factory
        = g_intern_string (gst_plugin_feature_get_name (l->data));
    GstElement *element = new_element (factory);
    g_autofree gchar *path = g_strdup_printf ("/presets/saved/%s", factory);
    g_autofree gchar *playing
        = g_strdup_printf ("/presets/playing/%s", factory);
    if (GST_IS_PRESET (element)) {
      g_test_add_data_func (path, factory, test_save_and_load);
      g_test_add_data_func (playing, factory, test_while_playing);
    }
    gst_object_unref (element);
  }
  gst_plugin_feature_list_free (features);
  g_test_add_func ("/presets/bands", test_bands);
  return client_run (NULL);
}
