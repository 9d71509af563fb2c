/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files of presets. Whatever is in one, loading leaves every property within
 * its range, and what is saved then loads into another element as it was.
 */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "fuzz.h"
#include "unit.h"

GST_PLUGIN_STATIC_DECLARE (mix);

static gchar *home;

static void
remove_home (void)
{
  g_autofree gchar *data = g_build_filename (home, "gstreamer-1.0", NULL);
  g_autofree gchar *presets = g_build_filename (data, "presets", NULL);
  g_rmdir (presets);
  g_rmdir (data);
  g_rmdir (home);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  home = g_dir_make_tmp ("mix-presets-XXXXXX", NULL);
  FUZZ_CHECK (home, "no place for temporary files");
  atexit (remove_home);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  gst_init (argc, argv);
  GST_PLUGIN_STATIC_REGISTER (mix);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  gst_debug_set_default_threshold (GST_LEVEL_NONE);
  return 0;
}

/* ---- The file ----------------------------------------------------------- */

static const gchar *const values[] = { "0", "1", "-1", "3.5", "1e400", "-1e400",
  "nan", "inf", "true", "false", "TRUE", "minimum", "linear", "rms",
  "bell 1500", "bell 1500 gain=-12\\; notch 50 q=30", "\\\"bell 100\\\"",
  "\"bell 100\"", "", "\\", "\\s", "\\303\\251", "99999999999999999999",
  "-5e-324", "0x10", "(int)7", "[1,2]", "{a}", "1/4t", "12", "NULL" };

static GParamSpec *
choose_property (Fuzz *fuzz, GstElement *element)
{
  guint count;
  g_autofree GParamSpec **all
      = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
  return all[fuzz_below (fuzz, count)];
}

static gchar *
choose_file (Fuzz *fuzz, GstElement *element)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text,
      "[_presets_]\nversion=99.9\nelement-name=%s\n\n",
      fuzz_below (fuzz, 8) ? G_OBJECT_TYPE_NAME (element) : "GstMixOther");
  gsize head = text->len; /* without which GStreamer itself fails */
  for (guint preset = 0; preset < 3; preset++) {
    g_string_append_printf (text, "[preset %u]\n", preset);
    for (guint n = fuzz_below (fuzz, 12); n > 0; n--)
      g_string_append_printf (text, "%s=%s\n",
          fuzz_below (fuzz, 20) ? choose_property (fuzz, element)->name
                                : "no-such",
          values[fuzz_below (fuzz, G_N_ELEMENTS (values))]);
  }
  for (guint n = fuzz_below (fuzz, 5) == 0 ? 8 : 0; n > 0; n--)
    text->str[head + fuzz_below (fuzz, (guint)(text->len - head))]
        = (gchar)fuzz_byte (fuzz);
  return g_string_free (text, FALSE);
}

/* GStreamer reads the files of a type once in a process and keeps this. */
static void
forget_presets (GstElement *element)
{
  GQuark quark = g_quark_from_static_string ("GstPreset::presets");
  GKeyFile *kept = g_type_get_qdata (G_OBJECT_TYPE (element), quark);
  g_type_set_qdata (G_OBJECT_TYPE (element), quark, NULL);
  if (kept)
    g_key_file_free (kept);
}

static gchar *
file_of (GstElement *element)
{
  g_autofree gchar *name
      = g_strconcat (G_OBJECT_TYPE_NAME (element), ".prs", NULL);
  g_autofree gchar *folder
      = g_build_filename (home, "gstreamer-1.0", "presets", NULL);
  g_mkdir_with_parents (folder, 0700);
  return g_build_filename (folder, name, NULL);
}

/* ---- What must hold ----------------------------------------------------- */

static void
check_ranges (GstElement *element)
{
  guint count;
  g_autofree GParamSpec **all
      = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
  for (guint i = 0; i < count; i++) {
    if (!(all[i]->flags & G_PARAM_WRITABLE)
        || all[i]->owner_type == GST_TYPE_OBJECT)
      continue;
    GValue value = G_VALUE_INIT;
    g_value_init (&value, all[i]->value_type);
    g_object_get_property (G_OBJECT (element), all[i]->name, &value);
    FUZZ_CHECK (!g_param_value_validate (all[i], &value), "%s::%s is %s",
        G_OBJECT_TYPE_NAME (element), all[i]->name,
        g_strdup_value_contents (&value));
    g_value_unset (&value);
  }
}

static void
check_same (GstElement *a, GstElement *b)
{
  g_auto (GStrv) names = gst_preset_get_property_names (GST_PRESET (a));
  for (guint i = 0; names && names[i]; i++) {
    GValue x = G_VALUE_INIT, y = G_VALUE_INIT;
    GParamSpec *spec
        = g_object_class_find_property (G_OBJECT_GET_CLASS (a), names[i]);
    if (!spec)
      continue; /* a band's, which `bands` holds */
    g_value_init (&x, spec->value_type);
    g_value_init (&y, spec->value_type);
    g_object_get_property (G_OBJECT (a), names[i], &x);
    g_object_get_property (G_OBJECT (b), names[i], &y);
    FUZZ_CHECK (g_param_values_cmp (spec, &x, &y) == 0,
        "%s::%s saved %s loads %s", G_OBJECT_TYPE_NAME (a), names[i],
        g_strdup_value_contents (&x), g_strdup_value_contents (&y));
    g_value_unset (&x);
    g_value_unset (&y);
  }
}

static GstElement *
new_element (guint unit)
{
  g_autofree gchar *name = g_strconcat ("mix", mix_units[unit]->name, NULL);
  return gst_object_ref_sink (gst_element_factory_make (name, NULL));
}

static void
check_saved (GstElement *element, guint unit)
{
  GstElement *other = new_element (unit);
  if (gst_preset_save_preset (GST_PRESET (element), "saved")) {
    forget_presets (element);
    FUZZ_CHECK (gst_preset_load_preset (GST_PRESET (other), "saved"), "%s",
        G_OBJECT_TYPE_NAME (element));
    check_same (element, other);
  }
  gst_object_unref (other);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Fuzz fuzz = { data, data + size };
  guint units = 0;
  while (mix_units[units])
    units++;
  guint unit = fuzz_below (&fuzz, units);
  GstElement *element = new_element (unit);
  g_autofree gchar *file = file_of (element);
  g_autofree gchar *text = choose_file (&fuzz, element);
  FUZZ_CHECK (g_file_set_contents (file, text, -1, NULL), "%s", file);
  forget_presets (element);
  g_auto (GStrv) names = gst_preset_get_preset_names (GST_PRESET (element));
  for (guint i = 0; names && names[i]; i++) {
    gst_preset_load_preset (GST_PRESET (element), names[i]);
    check_ranges (element);
  }
  check_saved (element, unit);
  forget_presets (element);
  g_remove (file);
  gst_object_unref (element);
  return 0;
}
