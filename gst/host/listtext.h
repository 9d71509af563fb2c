/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A parameter of several numbers (MIX_LIST) as the text of a property: "0 -3
 * 0", with spaces, commas or semicolons between, a decimal point in every
 * locale. Numbers at the end that are the row's default are left out in
 * writing; an empty text is all defaults.
 */
#pragma once

#include <glib.h>

#include "table.h"

G_BEGIN_DECLS

/* On a mistake returns FALSE, leaves `list` as it was, and `error` says which
 * word is none. */
gboolean gst_mix_list_parse (
    const MixRow *row, const gchar *text, MixDoubles *list, GError **error);

/* To be freed with g_free(). */
gchar *gst_mix_list_print (const MixRow *row, const MixDoubles *list);

G_END_DECLS
