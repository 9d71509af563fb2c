/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "listtext.h"

#include <math.h>

/* Without what is the default at the end. */
static guint
count_of (const MixRow *row, const MixDoubles *list)
{
  guint count = list->count;
  while (count > 0 && list->values[count - 1] == row->initial)
    count--;
  return count;
}

static gboolean
parse_word (
    const MixRow *row, const gchar *word, gdouble *number, GError **error)
{
  gchar *end;
  *number = g_ascii_strtod (word, &end);
  if (end == word || *end != '\0' || *number != *number) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "'%s' is not a number", word);
    return FALSE;
  }
  if ((row->flags & MIX_WHOLE) && *number != floor (*number)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s is not a whole number", word);
    return FALSE;
  }
  if (*number < row->minimum || *number > row->maximum) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s is not within %g to %g", word, row->minimum, row->maximum);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_mix_list_parse (
    const MixRow *row, const gchar *text, MixDoubles *list, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text ? text : "", " ,;\t\n", -1);
  MixDoubles read = { 0 };
  for (guint i = 0; words[i]; i++) {
    if (*words[i] == '\0')
      continue;
    if (read.count == MIX_MAX_VALUES) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "there are more than %d numbers", MIX_MAX_VALUES);
      return FALSE;
    }
    if (!parse_word (row, words[i], &read.values[read.count], error))
      return FALSE;
    read.count++;
  }
  *list = read;
  list->count = count_of (row, list);
  return TRUE;
}

gchar *
gst_mix_list_print (const MixRow *row, const MixDoubles *list)
{
  GString *text = g_string_new (NULL);
  const guint count = count_of (row, list);
  for (guint i = 0; i < count; i++) {
    gchar number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd (number, sizeof number, "%.10g", list->values[i]);
    g_string_append_printf (text, "%s%s", i ? " " : "", number);
  }
  return g_string_free (text, FALSE);
}
