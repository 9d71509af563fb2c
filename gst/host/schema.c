/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "schema.h"

#include "listtext.h"

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

/* ---- Choices ------------------------------------------------------------ */

/* The number of a choice: 24 for 24 dB/octave. */
static gint
choice_number (const MixRow *row, guint index)
{
  return row->numbers ? row->numbers[index] : (gint)index;
}

static gboolean
find_choice (const MixRow *row, gint number, gdouble *index)
{
  for (guint i = 0; row->choices[i].nick; i++)
    if (choice_number (row, i) == number) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

/* Presets and launch lines contain nicks, not numbers. */
static gchar *
serialize_choice (const GValue *value)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  GEnumValue *choice = g_enum_get_value (klass, g_value_get_enum (value));
  return choice ? g_strdup (choice->value_nick) : NULL;
}

/* From a nick, a label or a number. Any number passes, so that the element can
 * refuse it and list the possible ones. */
static gboolean
deserialize_choice (GValue *value, const gchar *text)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  GEnumValue *choice = g_enum_get_value_by_nick (klass, text);
  gint64 number;
  if (!choice)
    choice = g_enum_get_value_by_name (klass, text);
  if (choice)
    number = choice->value;
  else if (!g_ascii_string_to_signed (
               text, 10, G_MININT, G_MAXINT, &number, NULL))
    return FALSE;
  g_value_set_enum (value, (gint)number);
  return TRUE;
}

static GType
choice_type (const MixRow *row, const gchar *owner)
{
  g_autofree gchar *camel = gst_mix_schema_camel_case (row->name);
  g_autofree gchar *name = g_strconcat (owner, camel, NULL);
  GType type = g_type_from_name (name);
  if (type)
    return type;

  /* kept for good: the array by GLib, the table by GStreamer */
  guint count = (guint)row->maximum + 1;
  GEnumValue *values = g_new0 (GEnumValue, count + 1);
  for (guint i = 0; i < count; i++)
    values[i] = (GEnumValue){ .value = choice_number (row, i),
      .value_name = row->choices[i].label,
      .value_nick = row->choices[i].nick };
  type = g_enum_register_static (name, values);
  gst_type_mark_as_plugin_api (type, 0);
  GstValueTable *texts = g_new0 (GstValueTable, 1);
  texts->type = type;
  texts->serialize = serialize_choice;
  texts->deserialize = deserialize_choice;
  gst_value_register (texts);
  return type;
}

/* By default GObject replaces a number that is none of the enum's by the
 * default value. */
static gboolean
accept_any (GParamSpec *pspec, GValue *value)
{
  (void)pspec;
  (void)value;
  return FALSE;
}

static void
choice_spec_class_init (gpointer g_class, gpointer class_data)
{
  GParamSpecClass *klass = g_class;
  (void)class_data;
  klass->value_validate = accept_any;
}

static GType
choice_spec_type (void)
{
  static gsize type;
  if (g_once_init_enter (&type)) {
    const GTypeInfo info = {
      .class_size = sizeof (GParamSpecClass),
      .class_init = choice_spec_class_init,
      .instance_size = sizeof (GParamSpecEnum),
    };
    g_once_init_leave (&type, g_type_register_static (G_TYPE_PARAM_ENUM,
                                  "GstMixParamChoice", &info, 0));
  }
  return type;
}

static GParamSpec *
choice_spec (const MixRow *row, const gchar *owner, const gchar *blurb,
    GParamFlags flags)
{
  GType type = choice_type (row, owner);
  GParamSpecEnum *spec = g_param_spec_internal (
      choice_spec_type (), row->name, row->label, blurb, flags);
  spec->enum_class = g_type_class_ref (type);
  spec->default_value = choice_number (row, (guint)row->initial);
  G_PARAM_SPEC (spec)->value_type = type;
  return G_PARAM_SPEC (spec);
}

/* ---- Properties --------------------------------------------------------- */

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
    flags |= GST_PARAM_MUTABLE_PLAYING
             | (row->kind == MIX_LIST ? 0 : GST_PARAM_CONTROLLABLE);

  switch (row->kind) {
    case MIX_DOUBLES:
      return gst_param_spec_array (row->name, row->label, blurb,
          g_param_spec_double (row->name, row->label, blurb, row->minimum,
              row->maximum, row->initial, flags),
          flags);
    case MIX_LIST:
      return g_param_spec_string (row->name, row->label, blurb, "", flags);
    case MIX_BOOL:
      return g_param_spec_boolean (
          row->name, row->label, blurb, row->initial != 0, flags);
    case MIX_UINT:
      return g_param_spec_uint (row->name, row->label, blurb,
          (guint)row->minimum, (guint)row->maximum, (guint)row->initial, flags);
    case MIX_CHOICE:
      return choice_spec (row, owner, blurb, flags);
    case MIX_DOUBLE:
      break;
  }
  return g_param_spec_double (row->name, row->label, blurb, row->minimum,
      row->maximum, row->initial, flags);
}

GType
gst_mix_schema_type (const MixRow *row, const gchar *owner)
{
  switch (row->kind) {
    case MIX_BOOL:
      return G_TYPE_BOOLEAN;
    case MIX_UINT:
      return G_TYPE_UINT;
    case MIX_CHOICE:
      return choice_type (row, owner);
    case MIX_DOUBLES:
      return GST_TYPE_ARRAY;
    case MIX_LIST:
      return G_TYPE_STRING;
    case MIX_DOUBLE:
      break;
  }
  return G_TYPE_DOUBLE;
}

gboolean
gst_mix_schema_number (const MixRow *row, const GValue *value, gdouble *number)
{
  switch (row->kind) {
    case MIX_BOOL:
      *number = g_value_get_boolean (value);
      return TRUE;
    case MIX_UINT:
      *number = g_value_get_uint (value);
      return TRUE;
    case MIX_CHOICE:
      return find_choice (row, g_value_get_enum (value), number);
    case MIX_DOUBLE:
    case MIX_DOUBLES: /* of readings, which nobody sets */
    case MIX_LIST:    /* is set by a text */
      break;
  }
  *number = g_value_get_double (value);
  return TRUE;
}

static gchar *
list_choices (const MixRow *row)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; row->choices[i].nick; i++) {
    g_autofree gchar *number = g_strdup_printf ("%d", choice_number (row, i));
    g_string_append_printf (list, "%s%s", i ? ", " : "", row->choices[i].nick);
    if (!g_str_equal (number, row->choices[i].nick))
      g_string_append_printf (list, " (%s)", number);
  }
  return g_string_free (list, FALSE);
}

gchar *
gst_mix_schema_possible (const MixRow *row)
{
  if (row->kind == MIX_CHOICE)
    return list_choices (row);
  if (row->kind == MIX_BOOL)
    return g_strdup ("true, false");
  return g_strdup_printf ("%g to %g", row->minimum, row->maximum);
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
      g_value_set_enum (value, choice_number (row, (guint)number));
      break;
    case MIX_DOUBLE:
      g_value_set_double (value, number);
      break;
    case MIX_DOUBLES:
    case MIX_LIST:
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
  else if (row->kind == MIX_LIST)
    g_value_take_string (
        value, gst_mix_list_print (row,
                   (const MixDoubles *)((const gchar *)base + row->offset)));
  else
    gst_mix_schema_set_value (row, mix_row_get (row, base), value);
}
