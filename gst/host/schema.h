/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the rows of a unit's tables to GObject: property specs, enum types and
 * values. Not realtime-safe, except gst_mix_schema_number().
 */
#pragma once

#include <gst/gst.h>

#include "table.h"

G_BEGIN_DECLS

/* A property for a row. `owner` begins the name of an enum type made for a
 * choice: GstMixEqBand + type → GstMixEqBandType. Readings pass
 * G_PARAM_READABLE, parameters G_PARAM_READWRITE. Floating. */
GParamSpec *gst_mix_schema_pspec (
    const MixRow *row, const gchar *owner, GParamFlags access);

/* The type of its values, which belongs to the property that was made for the
 * row and this `owner`. */
GType gst_mix_schema_type (const MixRow *row, const gchar *owner);

/* A property's value as the number that mix_row_put() takes, and back. FALSE
 * for a number that is none of a choice's: the property specs let those pass,
 * because GObject would replace them by the default without a warning. */
gboolean gst_mix_schema_number (
    const MixRow *row, const GValue *value, gdouble *number);
void gst_mix_schema_set_value (const MixRow *row, double number, GValue *value);

/* The values that a row accepts, as a text: "6, 12, 24" or "0 to 99". */
gchar *gst_mix_schema_possible (const MixRow *row);

/* A member of the plain struct `base`, to a value of gst_mix_schema_type();
 * doubles become a GstValueArray, a list a text. */
void gst_mix_schema_read_value (
    const MixRow *row, gconstpointer base, GValue *value);

/* "low-shelf" → "LowShelf". */
gchar *gst_mix_schema_camel_case (const gchar *name);

G_END_DECLS
