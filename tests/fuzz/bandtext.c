/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of bands. A text is taken or refused; refused, it changes nothing
 * and says why; taken, what is printed of it parses into the same bands and
 * prints the same again. The element's property is tried with the same text.
 */
#include <gst/gst.h>
#include <string.h>

#include "host/bandtext.h"
#include "fuzz.h"

GST_PLUGIN_STATIC_DECLARE (mix);

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  gst_init (argc, argv);
  GST_PLUGIN_STATIC_REGISTER (mix);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  gst_debug_set_default_threshold (GST_LEVEL_NONE);
  return 0;
}

static const gchar *const words[] = { "bell", "low-cut", "high-shelf", "notch",
  "tilt", "peak", "80", "1000", "8k", "1e400", "-1e400", "nan", "inf", "0x10",
  "-3", ".5", "5.", "-", "+", "1,5", "=", "gain=", "q=", "slope=", "slope=24",
  "slope=25", "channels=", "side", "enabled=", "true", "false", "solo=true",
  "threshold=-20", "attack=1", "type=", "frequency=", ";", ";", "\n", "\r\n",
  "\t", "#", "\303\251", "\377", "\"", "'", "\\", "%s%n", "Preamp: -6.2 dB",
  "Preamp:", "Filter 1: ON PK Fc 105 Hz Gain 5.5 dB Q 0.70", "Filter",
  "2:", "ON", "OFF", "LSC", "HP", "Fc", "Hz", "Gain", "dB", "Q", "BW Oct",
  "None", "ratio=2", "width=", "mute=true" };

/* Bytes as they are, or words of the grammar beside each other. */
static gchar *
choose_text (Fuzz *fuzz)
{
  GString *text = g_string_new (NULL);
  gboolean raw = fuzz_below (fuzz, 4) == 0;
  while (!fuzz_is_empty (fuzz) && text->len < 600) {
    guint byte = fuzz_byte (fuzz);
    if (raw)
      g_string_append_c (text, (gchar)MAX (byte, 1));
    else
      g_string_append (text, words[byte % G_N_ELEMENTS (words)]);
    if (!raw && byte < 200)
      g_string_append_c (text, ' ');
  }
  return g_string_free (text, FALSE);
}

static gpointer
defaults (const MixUnit *unit)
{
  gpointer params = g_malloc0 (unit->params.size);
  mix_unit_defaults (unit, params);
  return params;
}

static void
check_same_bands (const MixUnit *unit, gconstpointer a, gconstpointer b)
{
  const MixGroup *group = unit->group;
  const MixRow *count = mix_table_find (&unit->params, group->count_name);
  FUZZ_CHECK (mix_row_get (count, a) == mix_row_get (count, b), "count");
  for (guint k = 0; k < group->most; k++)
    for (guint i = 0; i < group->table.count; i++) {
      const MixRow *row = &group->table.rows[i];
      gdouble x = mix_row_get (row, mix_group_at (group, a, k));
      gdouble y = mix_row_get (row, mix_group_at (group, b, k));
      FUZZ_CHECK (x == y && x >= row->minimum && x <= row->maximum,
          "band %u %s: %g, %g", k, row->name, x, y);
    }
}

static void
check_printed (const MixUnit *unit, gconstpointer params)
{
  g_autofree gchar *printed = gst_mix_band_text_print (unit, params);
  g_autofree gpointer again = defaults (unit);
  g_autoptr (GError) error = NULL;
  FUZZ_CHECK (gst_mix_band_text_parse (unit, printed, again, &error),
      "\"%s\": %s", printed, error ? error->message : "no error");
  check_same_bands (unit, params, again);
  g_autofree gchar *printed_again = gst_mix_band_text_print (unit, again);
  FUZZ_CHECK (strcmp (printed, printed_again) == 0, "\"%s\", \"%s\"", printed,
      printed_again);
}

static void
try_parser (const MixUnit *unit, const gchar *text)
{
  g_autofree gpointer params = defaults (unit);
  g_autofree gpointer before = g_memdup2 (params, unit->params.size);
  g_autoptr (GError) error = NULL;
  if (gst_mix_band_text_parse (unit, text, params, &error)) {
    FUZZ_CHECK (error == NULL, "\"%s\": %s", text, error->message);
    check_printed (unit, params);
  } else {
    FUZZ_CHECK (error && error->message, "\"%s\"", text);
    FUZZ_CHECK (
        memcmp (params, before, unit->params.size) == 0, "\"%s\"", text);
  }
}

static void
try_property (const gchar *text)
{
  GstElement *element = gst_element_factory_make ("mixeq", NULL);
  gst_object_ref_sink (element);
  g_autofree gchar *got = NULL, *again = NULL;
  g_object_set (element, "bands", text, NULL);
  g_object_get (element, "bands", &got, NULL);
  FUZZ_CHECK (got, "\"%s\"", text);
  g_object_set (element, "bands", got, NULL);
  g_object_get (element, "bands", &again, NULL);
  FUZZ_CHECK (g_strcmp0 (got, again) == 0, "\"%s\", \"%s\"", got, again);
  gst_object_unref (element);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Fuzz fuzz = { data, data + size };
  g_autofree gchar *text = choose_text (&fuzz);
  try_parser (mix_unit_find ("eq"), text);
  try_parser (mix_unit_find ("multiband"), text);
  try_property (text);
  return 0;
}
