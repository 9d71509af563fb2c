/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preset.h"

#include <gst/gst.h>
#include <string.h>

#include "bandtext.h"
#include "host.h"
#include "listtext.h"
#include "schema.h"

/* One preset on its way into the settings. */
typedef struct {
  GstMixHost *host;
  const MixUnit *unit;
  GKeyFile *file;
  const gchar *name;
  gpointer before, after; /* the unit's parameters */
} Load;

static const MixUnit *
unit_of (gpointer self)
{
  return gst_mix_host_unit (gst_mix_host_of (self));
}

/* ---- What a preset holds ------------------------------------------------ */

/* Not the number of bands, which their text gives, and no triggers. */
static gboolean
is_kept (const MixUnit *unit, const MixRow *row)
{
  return (row->flags & MIX_TRIGGER) == 0
         && (!unit->group || !g_str_equal (row->name, unit->group->count_name));
}

/* A preset holds the unit's parameters, with its bands as one line of text, and
 * not how the element is run (bypass, meters). */
static gchar **
get_property_names (GstPreset *preset)
{
  const MixUnit *unit = unit_of (preset);
  GPtrArray *names = g_ptr_array_new ();
  for (guint i = 0; i < unit->params.count; i++)
    if (is_kept (unit, &unit->params.rows[i]))
      g_ptr_array_add (names, g_strdup (unit->params.rows[i].name));
  if (unit->group)
    g_ptr_array_add (names, gst_mix_bands_property (unit));
  g_ptr_array_add (names, NULL);
  return (gchar **)g_ptr_array_free (names, FALSE);
}

/* ---- Reading ------------------------------------------------------------ */

/* GstPreset keeps the merged files of a type as qdata of the type. There is no
 * public access to a text as it was written (the same in 1.22 and in the source
 * of 1.30), so the private qdata is read. */
static GKeyFile *
stored_presets (GstPreset *preset)
{
  g_auto (GStrv) read = gst_preset_get_preset_names (preset);
  GQuark quark = g_quark_try_string ("GstPreset::presets");
  return quark && read ? g_type_get_qdata (G_OBJECT_TYPE (preset), quark)
                       : NULL;
}

/* Accepts a value as save_preset writes it (escaped twice, by GstValue and by
 * GKeyFile), and as people write it, with or without quotes. `value` has the
 * property's type. */
static gboolean
read_value (const Load *load, const gchar *key, GValue *value)
{
  g_autofree gchar *raw
      = g_key_file_get_value (load->file, load->name, key, NULL);
  g_autofree gchar *text
      = g_key_file_get_string (load->file, load->name, key, NULL);
  if (text && gst_value_deserialize (value, text))
    return TRUE;
  return raw && gst_value_deserialize (value, raw);
}

/* Clamps `value` to the row's range, with a warning. */
static gdouble
limit (const Load *load, const MixRow *row, gdouble value)
{
  gdouble within = CLAMP (value, row->minimum, row->maximum);
  if (row->kind != MIX_CHOICE && row->kind != MIX_BOOL && within != value)
    gst_mix_host_warn (load->host, "correct the preset's file",
        "Preset '%s' of %s has %s=%g, which becomes %g (%g to %g)", load->name,
        gst_mix_host_name (load->host), row->name, value, within, row->minimum,
        row->maximum);
  return within;
}

static gboolean
refuse_value (const Load *load, const gchar *property, const gchar *why)
{
  g_autofree gchar *raw
      = g_key_file_get_value (load->file, load->name, property, NULL);
  gst_mix_host_warn (load->host, "correct the preset's file, or save it anew",
      "Preset '%s' is not loaded by %s: its %s, '%s', %s", load->name,
      gst_mix_host_name (load->host), property, raw ? raw : "", why);
  return FALSE;
}

static gboolean
read_list (const Load *load, const MixRow *row)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_value_init (&value, G_TYPE_STRING);
  if (!read_value (load, row->name, &value))
    return refuse_value (load, row->name, "is no text");
  if (!gst_mix_list_parse (row, g_value_get_string (&value),
          mix_row_doubles (row, load->after), &error))
    return refuse_value (load, row->name, error->message);
  return TRUE;
}

static gboolean
read_row (const Load *load, const MixRow *row)
{
  GType type
      = gst_mix_schema_type (row, G_OBJECT_TYPE_NAME (load->host->element));
  g_auto (GValue) value = G_VALUE_INIT;
  gdouble number;
  if (!g_key_file_has_key (load->file, load->name, row->name, NULL))
    return TRUE;
  if (row->kind == MIX_LIST)
    return read_list (load, row);
  g_value_init (&value, type);
  if (!read_value (load, row->name, &value)
      || !gst_mix_schema_number (row, &value, &number)) {
    g_autofree gchar *possible = gst_mix_schema_possible (row);
    g_autofree gchar *why = g_strconcat ("is none of: ", possible, NULL);
    return refuse_value (load, row->name, why);
  }
  mix_row_put (row, load->after, limit (load, row, number));
  return TRUE;
}

static gboolean
read_bands (const Load *load)
{
  g_autofree gchar *property = gst_mix_bands_property (load->unit);
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  if (!property || !g_key_file_has_key (load->file, load->name, property, NULL))
    return TRUE;
  g_value_init (&value, G_TYPE_STRING);
  if (!read_value (load, property, &value))
    return refuse_value (load, property, "is no text");
  const gchar *text = g_value_get_string (&value);
  if (!gst_mix_band_text_parse (
          load->unit, text ? text : "", load->after, &error))
    return refuse_value (load, property, error->message);
  return TRUE;
}

static void
warn_of_unknown (const Load *load)
{
  g_auto (GStrv) keys
      = g_key_file_get_keys (load->file, load->name, NULL, NULL);
  g_auto (GStrv) names = get_property_names (GST_PRESET (load->host->element));
  for (guint i = 0; keys && keys[i]; i++) {
    const MixRow *row = mix_table_find (&load->unit->params, keys[i]);
    if (!row && !g_str_has_prefix (keys[i], "_meta/")
        && !g_strv_contains ((const gchar *const *)names, keys[i]))
      gst_mix_host_warn (load->host, "correct the preset's file",
          "Preset '%s' names '%s', which %s does not have", load->name, keys[i],
          gst_mix_host_name (load->host));
  }
}

static gboolean
read_preset (const Load *load)
{
  const MixTable *table = &load->unit->params;
  for (guint i = 0; i < table->count; i++)
    if (is_kept (load->unit, &table->rows[i])
        && !read_row (load, &table->rows[i]))
      return FALSE;
  if (!read_bands (load))
    return FALSE;
  warn_of_unknown (load);
  return TRUE;
}

/* ---- Applying ----------------------------------------------------------- */

static void
warn_of_overwritten (const Load *load, const gchar *property)
{
  gst_mix_host_warn (load->host,
      "a preset is a whole sound, and gst-launch applies it after all "
      "properties: leave one of the two out, or set the property later",
      "Preset '%s' overrides %s, which was set on %s before", load->name,
      property, gst_mix_host_name (load->host));
}

/* Before the start, a property that was set beside a preset is overridden
 * against the user's intention. Later, a preset just follows other changes. */
static void
warn_of_conflicts (const Load *load)
{
  GstMixSettings *settings = load->host->settings;
  const MixTable *table = &load->unit->params;
  if (GST_STATE (load->host->element) > GST_STATE_READY)
    return;
  for (guint i = 0; i < table->count; i++) {
    const MixRow *row = &table->rows[i];
    if (gst_mix_settings_is_touched (settings, row)
        && !mix_row_is_equal (row, load->before, load->after))
      warn_of_overwritten (load, row->name);
  }
  if (!load->unit->group || !gst_mix_settings_is_touched (settings, NULL))
    return;
  g_autofree gchar *property = gst_mix_bands_property (load->unit);
  g_autofree gchar *was = gst_mix_band_text_print (load->unit, load->before);
  g_autofree gchar *is = gst_mix_band_text_print (load->unit, load->after);
  if (!g_str_equal (was, is))
    warn_of_overwritten (load, property);
}

static void
notify_changes (const Load *load)
{
  const MixTable *table = &load->unit->params;
  g_autofree gchar *bands = gst_mix_bands_property (load->unit);
  for (guint i = 0; i < table->count; i++) {
    const MixRow *row = &table->rows[i];
    if (mix_row_is_equal (row, load->before, load->after))
      continue;
    g_object_notify (G_OBJECT (load->host->element), row->name);
    gst_mix_host_warn_if_late (load->host, row);
  }
  if (bands)
    g_object_notify (G_OBJECT (load->host->element), bands);
}

/* All at once: streaming uses all old settings or all new ones. */
static void
apply (const Load *load)
{
  guint old_count = gst_mix_host_count_bands (load->host);
  warn_of_conflicts (load);
  gst_mix_settings_set_all (load->host->settings, load->after);
  gst_mix_host_clear_refusals (load->host, NULL);
  if (load->unit->group)
    gst_mix_host_bands_changed (load->host, old_count);
  notify_changes (load);
}

/* ---- The interface ------------------------------------------------------ */

static GstPresetInterface *
base_class (void)
{
  return g_type_default_interface_peek (GST_TYPE_PRESET);
}

/* A preset is complete: what it does not name gets its default, not the value
 * that the preset before it set. One with a mistake changes nothing. */
static gboolean
load_preset (GstPreset *preset, const gchar *name)
{
  const MixUnit *unit = unit_of (preset);
  GKeyFile *file = stored_presets (preset);
  if (!file)
    return base_class ()->load_preset (preset, name);
  if (*name == '_' || !g_key_file_has_group (file, name))
    return FALSE;
  g_autofree gchar *before = g_malloc (unit->params.size);
  g_autofree gchar *after = g_malloc (unit->params.size);
  const Load load
      = { gst_mix_host_of (preset), unit, file, name, before, after };
  gst_mix_settings_get_all (load.host->settings, before);
  mix_unit_defaults (unit, after);
  if (!read_preset (&load))
    return FALSE;
  apply (&load);
  return TRUE;
}

/* A name is the name of a group in a key file: it cannot have brackets or
 * control characters; a leading underscore is reserved by GstPreset. */
static gboolean
is_possible (GstPreset *preset, const gchar *name)
{
  gboolean good
      = *name != '\0' && *name != '_' && g_utf8_validate (name, -1, NULL);
  for (const gchar *c = name; good && *c; c++)
    good = *c != '[' && *c != ']' && !g_ascii_iscntrl (*c);
  if (good)
    return TRUE;
  g_autofree gchar *shown = g_utf8_make_valid (name, -1);
  gst_mix_host_warn (gst_mix_host_of (preset), "choose another name",
      "%s cannot keep a preset by the name '%s': no brackets, line breaks or "
      "tabs, and no underscore in front",
      GST_OBJECT_NAME (preset), shown);
  return FALSE;
}

static gboolean
save_preset (GstPreset *preset, const gchar *name)
{
  return is_possible (preset, name)
         && base_class ()->save_preset (preset, name);
}

static gboolean
rename_preset (GstPreset *preset, const gchar *old_name, const gchar *new_name)
{
  return is_possible (preset, new_name)
         && base_class ()->rename_preset (preset, old_name, new_name);
}

/* A line break would end the value in the file and make the file unreadable. */
static gboolean
set_meta (
    GstPreset *preset, const gchar *name, const gchar *tag, const gchar *value)
{
  g_autofree gchar *line = g_strdup (value);
  for (gchar *c = line; c && *c; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return is_possible (preset, name)
         && base_class ()->set_meta (preset, name, tag, line);
}

void
gst_mix_preset_init (gpointer g_iface, gpointer iface_data)
{
  GstPresetInterface *iface = g_iface;
  (void)iface_data;
  iface->get_property_names = get_property_names;
  iface->load_preset = load_preset;
  iface->save_preset = save_preset;
  iface->rename_preset = rename_preset;
  iface->set_meta = set_meta;
}
