/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All bands of a unit in one line of text, as the property `bands`:
 *
 *   low-cut 80 slope=24; bell 3000 gain=-3 q=1.4; high-shelf 8000 gain=2
 *
 * A band is its type, its frequency, and any other of its properties as
 * name=value in any order; bands are separated by semicolons or line breaks.
 * What is not named has its default. Numbers have a decimal point in every
 * locale, may end in "k" for thousands ("8k"), and bools are true or false.
 *
 * The text that AutoEq and EqualizerAPO write is understood too, see autoeq.h.
 *
 * That is for groups with the rows "type" and "frequency". A band of any other
 * group is name=value alone:
 *
 *   threshold=-24 ratio=3; threshold=-20 ratio=2 gain=1; threshold=-18
 *
 * and is written with its first property even when that has its default.
 */
#pragma once

#include <glib.h>

#include "unit.h"

G_BEGIN_DECLS

/* Of the property. */
const gchar *gst_mix_band_text_blurb (const MixGroup *group);
/* The advice that goes with a mistake. */
const gchar *gst_mix_band_text_advice (const MixGroup *group);

/* Overwrites the group and its count in `params` (unit->params.size bytes), and
 * `output-gain` if the text has a preamp. On a mistake returns FALSE, leaves
 * `params` as it was, and `error` names the character (from 1) and what was
 * expected there. An empty text sets all bands to their defaults and keeps
 * their count. */
gboolean gst_mix_band_text_parse (
    const MixUnit *unit, const gchar *text, gpointer params, GError **error);

/* The text that parses into the bands of `params`, without what equals the
 * defaults. To be freed with g_free(). */
gchar *gst_mix_band_text_print (const MixUnit *unit, gconstpointer params);

G_END_DECLS
