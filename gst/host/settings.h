/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixSettings: what users have set. The unit's plain parameter struct behind
 * a lock of its own, shared by an element and its band objects, which may
 * outlive the element.
 *
 * The lock is held only to copy, so property access never waits for DSP, and
 * streaming never waits for more than a copy.
 */
#pragma once

#include <glib-object.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixSettings GstMixSettings;

GstMixSettings *gst_mix_settings_new (const MixUnit *unit);
GstMixSettings *gst_mix_settings_ref (GstMixSettings *settings);
void gst_mix_settings_unref (GstMixSettings *settings);

/* Sets one member to a number as of mix_row_put(): a row of the unit when
 * `group_index` < 0, else of that element of its group. Returns whether the
 * value changed. */
gboolean gst_mix_settings_set (GstMixSettings *settings, const MixRow *row,
    gint group_index, gdouble number);

/* The same for a row of the unit that is a list. */
gboolean gst_mix_settings_set_list (
    GstMixSettings *settings, const MixRow *row, const MixDoubles *list);

/* The value's type is the one of gst_mix_schema_pspec(). */
void gst_mix_settings_get (GstMixSettings *settings, const MixRow *row,
    gint group_index, GValue *value);

/* How many elements of the group are in use; 0 without a group. Raising makes
 * the count at least `count` and returns the old one. */
guint gst_mix_settings_count (GstMixSettings *settings);
guint gst_mix_settings_raise_count (GstMixSettings *settings, guint count);

/* Whether a row of the unit, or anything in the group (NULL), has been set
 * since gst_mix_settings_set_all(). */
gboolean gst_mix_settings_is_touched (
    GstMixSettings *settings, const MixRow *row);

/* Whether the default of a row of the unit is another with this count of the
 * group's elements than with that: as long as nobody has set it, it is kept at
 * its default. */
gboolean gst_mix_settings_follows_count (
    const MixUnit *unit, const MixRow *row, guint count, guint other);

/* Replaces, or copies out, the whole struct (unit->params.size bytes). */
void gst_mix_settings_set_all (GstMixSettings *settings, gconstpointer params);
void gst_mix_settings_get_all (GstMixSettings *settings, gpointer params);

/* Copies the group from `after`, and those of the unit's own rows in which
 * `after` differs from `before` (its count, a preamp). */
void gst_mix_settings_set_group (
    GstMixSettings *settings, gconstpointer before, gconstpointer after);

/* Sets all triggers back to false; returns whether any was true. */
gboolean gst_mix_settings_release_triggers (
    const MixUnit *unit, gpointer params);

/* For streaming: copies the struct out if it has changed since the last take,
 * else returns FALSE and leaves `params` alone. Each trigger is copied once. */
gboolean gst_mix_settings_take (GstMixSettings *settings, gpointer params);

G_END_DECLS
