/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "schema.h"

gchar *
gst_mix_schema_camel_case (const gchar *name)
{
  GString *camel = g_string_new (NULL);
  gboolean upper = TRUE;
  for (; *name; name++) {
    if (*name == '-')
      upper = TRUE;
    else {
      g_string_append_c (camel, upper ? g_ascii_toupper (*name) : *name);
      upper = FALSE;
    }
  }
  return g_string_free (camel, FALSE);
}

static GType
choice_type (const MixRow *row, const gchar *owner)
{
  g_autofree gchar *camel = gst_mix_schema_camel_case (row->name);
  g_autofree gchar *name = g_strconcat (owner, camel, NULL);
  GType type = g_type_from_name (name);
  if (type)
    return type;

  /* GLib keeps the array for good */
  guint count = (guint)row->maximum + 1;
  GEnumValue *values = g_new0 (GEnumValue, count + 1);
  for (guint i = 0; i < count; i++)
    values[i] = (GEnumValue){ .value = (gint)i,
      .value_name = row->choices[i].label,
      .value_nick = row->choices[i].nick };
  type = g_enum_register_static (name, values);
  gst_type_mark_as_plugin_api (type, 0);
  return type;
}

static gchar *
blurb_with_unit (const MixRow *row)
{
  return *row->unit ? g_strdup_printf ("%s (%s)", row->blurb, row->unit)
                    : g_strdup (row->blurb);
}

GParamSpec *
gst_mix_schema_pspec (const MixRow *row, const gchar *owner, GParamFlags access)
{
  g_autofree gchar *blurb = blurb_with_unit (row);
  GParamFlags flags = access | (G_PARAM_STATIC_NAME | G_PARAM_STATIC_NICK);
  if (row->flags & MIX_SIZES_MEMORY)
    flags |= GST_PARAM_MUTABLE_READY;
  else if (access & G_PARAM_WRITABLE)
    flags |= GST_PARAM_MUTABLE_PLAYING | GST_PARAM_CONTROLLABLE;

  switch (row->kind) {
    case MIX_DOUBLES:
      return gst_param_spec_array (row->name, row->label, blurb,
          g_param_spec_double (row->name, row->label, blurb, row->minimum,
              row->maximum, row->initial, flags),
          flags);
    case MIX_BOOL:
      return g_param_spec_boolean (
          row->name, row->label, blurb, row->initial != 0, flags);
    case MIX_UINT:
      return g_param_spec_uint (row->name, row->label, blurb,
          (guint)row->minimum, (guint)row->maximum, (guint)row->initial, flags);
    case MIX_CHOICE:
      return g_param_spec_enum (row->name, row->label, blurb,
          choice_type (row, owner), (gint)row->initial, flags);
    case MIX_DOUBLE:
      break;
  }
  return g_param_spec_double (row->name, row->label, blurb, row->minimum,
      row->maximum, row->initial, flags);
}

double
gst_mix_schema_number (const MixRow *row, const GValue *value)
{
  switch (row->kind) {
    case MIX_BOOL:
      return g_value_get_boolean (value);
    case MIX_UINT:
      return g_value_get_uint (value);
    case MIX_CHOICE:
      return g_value_get_enum (value);
    case MIX_DOUBLE:
    case MIX_DOUBLES: /* of readings, which nobody sets */
      break;
  }
  return g_value_get_double (value);
}

void
gst_mix_schema_set_value (const MixRow *row, double number, GValue *value)
{
  switch (row->kind) {
    case MIX_BOOL:
      g_value_set_boolean (value, number != 0);
      break;
    case MIX_UINT:
      g_value_set_uint (value, (guint)number);
      break;
    case MIX_CHOICE:
      g_value_set_enum (value, (gint)number);
      break;
    case MIX_DOUBLE:
      g_value_set_double (value, number);
      break;
    case MIX_DOUBLES:
      break;
  }
}

static void
append_doubles (const MixDoubles *doubles, GValue *array)
{
  for (guint i = 0; i < doubles->count; i++) {
    GValue value = G_VALUE_INIT;
    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, doubles->values[i]);
    gst_value_array_append_and_take_value (array, &value);
  }
}

void
gst_mix_schema_read_value (const MixRow *row, gconstpointer base, GValue *value)
{
  if (row->kind == MIX_DOUBLES)
    append_doubles (
        (const MixDoubles *)((const gchar *)base + row->offset), value);
  else
    gst_mix_schema_set_value (row, mix_row_get (row, base), value);
}
