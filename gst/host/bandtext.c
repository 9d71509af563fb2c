/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bandtext.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "autoeq.h"

typedef struct {
  const MixGroup *group;
  guint least; /* bands */
  const gchar *text, *at;
  GError **error;
} Parser;

#define BLANKS " \t"
#define ENDS ";\n\r"

/* Whether bands begin with their type and frequency. */
static gboolean
has_filters (const MixGroup *group)
{
  return mix_table_find (&group->table, "type")
         && mix_table_find (&group->table, "frequency");
}

const gchar *
gst_mix_band_text_blurb (const MixGroup *group)
{
  return has_filters (group)
             ? "The whole curve: for each band its type, frequency and "
               "name=value pairs, separated by semicolons, or the text of "
               "AutoEq and EqualizerAPO with its preamp; sets the number of "
               "bands too"
             : "All bands: for each its name=value pairs, separated by "
               "semicolons; sets the number of bands too";
}

const gchar *
gst_mix_band_text_advice (const MixGroup *group)
{
  return has_filters (group)
             ? "write each band as: type frequency name=value …; separated by "
               "semicolons; or give the lines of EqualizerAPO"
             : "write each band as: name=value …; separated by semicolons";
}

static gboolean fail (Parser *p, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (Parser *p, const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree gchar *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (p->error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "at character %u: %s",
      (guint)g_utf8_strlen (p->text, p->at - p->text) + 1, what);
  return FALSE;
}

static void
skip (Parser *p, const gchar *characters)
{
  p->at += strspn (p->at, characters);
}

static gboolean
at_band_end (const Parser *p)
{
  return *p->at == '\0' || strchr (ENDS, *p->at);
}

static gchar *
choices_of (const MixRow *row)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; row->choices[i].nick; i++)
    g_string_append_printf (list, "%s%s", i ? ", " : "", row->choices[i].nick);
  return g_string_free (list, FALSE);
}

static gboolean
find_word (const gchar *const *words, const gchar *word, gdouble *index)
{
  for (guint i = 0; words[i]; i++)
    if (g_str_equal (words[i], word)) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_choice (Parser *p, const MixRow *row, const gchar *word, gdouble *value)
{
  for (guint i = 0; row->choices[i].nick; i++)
    if (g_str_equal (row->choices[i].nick, word)) {
      *value = i;
      return TRUE;
    }
  g_autofree gchar *choices = choices_of (row);
  return fail (p, "expected a %s (%s), found '%s'", row->name, choices, word);
}

static gboolean
read_bool (Parser *p, const MixRow *row, const gchar *word, gdouble *value)
{
  static const gchar *const words[]
      = { "false", "true", "0", "1", "no", "yes", NULL };
  if (!find_word (words, word, value))
    return fail (p, "%s is true or false, found '%s'", row->name, word);
  *value = fmod (*value, 2);
  return TRUE;
}

static gboolean
read_number (Parser *p, const MixRow *row, const gchar *word, gdouble *value)
{
  gchar *end;
  *value = g_ascii_strtod (word, &end);
  if (*end == 'k' || *end == 'K') {
    *value *= 1000;
    end++;
  }
  if (*word == '\0' || *end != '\0' || !isfinite (*value))
    return fail (p, "expected a number for %s, found '%s'", row->name, word);
  if (*value < row->minimum || *value > row->maximum)
    return fail (p, "%s must be %g to %g, found %s", row->name, row->minimum,
        row->maximum, word);
  return TRUE;
}

/* Reads the word at the parser into a band's member. */
static gboolean
read_value (Parser *p, const MixRow *row, gpointer band)
{
  gsize length = strcspn (p->at, BLANKS ENDS);
  g_autofree gchar *word = g_strndup (p->at, length);
  gdouble value = 0;
  gboolean good = row->kind == MIX_CHOICE ? read_choice (p, row, word, &value)
                  : row->kind == MIX_BOOL ? read_bool (p, row, word, &value)
                                          : read_number (p, row, word, &value);
  if (!good)
    return FALSE;
  mix_row_put (row, band, value);
  p->at += length;
  skip (p, BLANKS);
  return TRUE;
}

static gboolean
read_assignment (Parser *p, gpointer band)
{
  gsize length = strcspn (p->at, "=" BLANKS ENDS);
  g_autofree gchar *name = g_strndup (p->at, length);
  const MixRow *row = mix_table_find (&p->group->table, name);
  if (p->at[length] != '=')
    return fail (p, "expected name=value, found '%s'", name);
  if (!row)
    return fail (p, "a band has no property '%s'", name);
  p->at += length + 1;
  return read_value (p, row, band);
}

static gboolean
read_filter (Parser *p, gpointer band)
{
  const MixTable *table = &p->group->table;
  if (!read_value (p, mix_table_find (table, "type"), band))
    return FALSE;
  if (at_band_end (p))
    return fail (p, "expected a frequency after the band's type");
  return read_value (p, mix_table_find (table, "frequency"), band);
}

static gboolean
read_band (Parser *p, gpointer band)
{
  if (has_filters (p->group) && !read_filter (p, band))
    return FALSE;
  while (!at_band_end (p))
    if (!read_assignment (p, band))
      return FALSE;
  return TRUE;
}

static void
put_count (const MixUnit *unit, gpointer params, guint count)
{
  const MixRow *row = mix_table_find (&unit->params, unit->group->count_name);
  mix_row_put (row, params, count);
}

/* A copy of `params` whose group has its defaults. */
static gpointer
copy_with_default_bands (const MixUnit *unit, gconstpointer params)
{
  const MixGroup *group = unit->group;
  guchar *copy = g_malloc (unit->params.size);
  guchar *defaults = g_malloc (unit->params.size);
  memcpy (copy, params, unit->params.size);
  mix_unit_defaults (unit, defaults);
  memcpy (copy + group->offset, defaults + group->offset,
      group->table.size * group->most);
  g_free (defaults);
  return copy;
}

static gboolean
read_bands (Parser *p, gpointer params, guint *count)
{
  for (skip (p, BLANKS ENDS); *p->at; skip (p, BLANKS ENDS)) {
    if (*count == p->group->most)
      return fail (p, "more than %u bands", p->group->most);
    if (!read_band (p, mix_group_at (p->group, params, *count)))
      return FALSE;
    (*count)++;
  }
  if (*count > 0 && *count < p->least)
    return fail (p, "expected at least %u bands", p->least);
  return TRUE;
}

static guint
least_bands (const MixUnit *unit)
{
  return (guint)mix_table_find (&unit->params, unit->group->count_name)
      ->minimum;
}

gboolean
gst_mix_band_text_parse (
    const MixUnit *unit, const gchar *text, gpointer params, GError **error)
{
  Parser p = { unit->group, least_bands (unit), text, text, error };
  g_autofree gchar *copy = copy_with_default_bands (unit, params);
  guint count = 0;
  gboolean is_autoeq
      = has_filters (unit->group) && gst_mix_autoeq_is_text (text);
  gboolean good = is_autoeq
                      ? gst_mix_autoeq_parse (unit, text, copy, &count, error)
                      : read_bands (&p, copy, &count);
  if (!good)
    return FALSE;
  if (count > 0)
    put_count (unit, copy, count);
  memcpy (params, copy, unit->params.size);
  return TRUE;
}

/* The fewest digits that read back as the same number. */
static void
print_number (GString *text, gdouble value)
{
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (digits, sizeof digits, "%.6g", value);
  if (g_ascii_strtod (digits, NULL) != value)
    g_ascii_dtostr (digits, sizeof digits, value);
  g_string_append (text, digits);
}

static void
print_value (GString *text, const MixRow *row, gdouble value)
{
  if (row->kind == MIX_CHOICE)
    g_string_append (text, row->choices[(guint)value].nick);
  else if (row->kind == MIX_BOOL)
    g_string_append (text, value != 0 ? "true" : "false");
  else
    print_number (text, value);
}

/* What a band begins with; what it is written with even at its defaults. */
static void
print_head (GString *text, const MixGroup *group, const void *band)
{
  const MixTable *table = &group->table;
  const MixRow *first
      = has_filters (group) ? mix_table_find (table, "type") : table->rows;
  if (!has_filters (group))
    g_string_append_printf (text, "%s=", first->name);
  print_value (text, first, mix_row_get (first, band));
  if (!has_filters (group))
    return;
  const MixRow *frequency = mix_table_find (table, "frequency");
  g_string_append_c (text, ' ');
  print_value (text, frequency, mix_row_get (frequency, band));
}

static gboolean
is_in_head (const MixGroup *group, const MixRow *row)
{
  if (!has_filters (group))
    return row == group->table.rows;
  return g_str_equal (row->name, "type")
         || g_str_equal (row->name, "frequency");
}

static void
print_band (GString *text, const MixGroup *group, const void *band,
    const void *defaults)
{
  print_head (text, group, band);
  for (guint i = 0; i < group->table.count; i++) {
    const MixRow *row = &group->table.rows[i];
    gdouble value = mix_row_get (row, band);
    if (is_in_head (group, row) || value == mix_row_get (row, defaults))
      continue;
    g_string_append_printf (text, " %s=", row->name);
    print_value (text, row, value);
  }
}

gchar *
gst_mix_band_text_print (const MixUnit *unit, gconstpointer params)
{
  const MixGroup *group = unit->group;
  const MixRow *count_row = mix_table_find (&unit->params, group->count_name);
  guint count = (guint)mix_row_get (count_row, params);
  GString *text = g_string_new (NULL);
  g_autofree gchar *defaults = g_malloc (unit->params.size);
  mix_unit_defaults (unit, defaults);
  for (guint i = 0; i < count; i++) {
    if (i > 0)
      g_string_append (text, "; ");
    print_band (text, group, mix_group_at (group, params, i),
        mix_group_at (group, defaults, i));
  }
  return g_string_free (text, FALSE);
}
