/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What users have set, apart from what the stream is doing (as state): the
 * unit's plain parameter struct behind a lock of its own, shared by an element
 * and its band objects, which may outlive it.
 *
 * Nothing is done under the lock but copying, so property access never waits
 * for DSP and streaming never waits for more than a copy.
 */
#pragma once

#include <glib-object.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixSettings GstMixSettings;

GstMixSettings *gst_mix_settings_new (const MixUnit *unit);
GstMixSettings *gst_mix_settings_ref (GstMixSettings *settings);
void gst_mix_settings_unref (GstMixSettings *settings);

/* One member, `group_index` < 0 for the unit's own rows, else the element of
 * its group, as the number that mix_row_put() takes. Returns whether it is
 * another than before. */
gboolean gst_mix_settings_set (GstMixSettings *settings, const MixRow *row,
    gint group_index, gdouble number);

/* The value's type is the one of gst_mix_schema_pspec(). */
void gst_mix_settings_get (GstMixSettings *settings, const MixRow *row,
    gint group_index, GValue *value);

/* How many elements of the group are in use; 0 without a group. Raising makes
 * the count at least `count` and returns what it was before. */
guint gst_mix_settings_count (GstMixSettings *settings);
guint gst_mix_settings_raise_count (GstMixSettings *settings, guint count);

/* Whether a row of the unit, or anything in the group (NULL), has been set by
 * itself since the whole was replaced. */
gboolean gst_mix_settings_is_touched (
    GstMixSettings *settings, const MixRow *row);

/* Replaces, or copies out, the whole struct (unit->params.size bytes). */
void gst_mix_settings_set_all (GstMixSettings *settings, gconstpointer params);
void gst_mix_settings_get_all (GstMixSettings *settings, gpointer params);

/* Takes the group over from `after`, and of the unit's own rows those in which
 * it differs from `before`: its count, mostly. */
void gst_mix_settings_set_group (
    GstMixSettings *settings, gconstpointer before, gconstpointer after);

/* Takes all triggers back to false; were there any? */
gboolean gst_mix_settings_release_triggers (
    const MixUnit *unit, gpointer params);

/* For streaming: copies the struct out when it has changed since the last
 * take; FALSE and untouched otherwise. Triggers are taken once only. */
gboolean gst_mix_settings_take (GstMixSettings *settings, gpointer params);

G_END_DECLS
