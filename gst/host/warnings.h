/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an element reports about its settings.
 *
 * A warning is posted at once or, while there is no bus, when the element
 * leaves the NULL state (gst-launch sets properties before it).
 * A refusal is of a value that a property cannot have: a warning while the
 * element plays; before the start, an error that refuses the start unless the
 * property has been set to something valid in the meantime.
 * A remark is a unit's own, on settings that do not apply in a format.
 *
 * `advice` is what to do about it; `format` names the element and ends without
 * a full stop.
 */
#pragma once

#include <gst/gst.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixHost GstMixHost;

/* warnings.c */
typedef struct {
  /* under the object lock */
  GList *pending; /* text and advice in turn, until there is a bus */
  GList *refusals;
  /* of the streaming thread */
  const gchar *remarks[8]; /* format strings of those that were posted */
} GstMixWarnings;

void gst_mix_host_warn (GstMixHost *host, const gchar *advice,
    const gchar *format, ...) G_GNUC_PRINTF (3, 4);

/* A property that sizes memory has been changed: warns if that is too late. */
void gst_mix_host_warn_if_late (GstMixHost *host, const MixRow *row);

/* The property stays as it was. `property` is copied. */
void gst_mix_host_refuse (GstMixHost *host, const gchar *property,
    const gchar *advice, const gchar *format, ...) G_GNUC_PRINTF (4, 5);

/* Refuses a number that is none of a choice's; `row` may be of a band, and
 * `property` is its path. */
void gst_mix_host_refuse_choice (GstMixHost *host, const gchar *property,
    const MixRow *row, const GValue *value);

/* The property (NULL: every property) has been set to something valid. */
void gst_mix_host_clear_refusals (GstMixHost *host, const gchar *property);
gboolean gst_mix_host_has_refusals (GstMixHost *host);

/* Posts an error and returns TRUE when a refusal is still there. */
gboolean gst_mix_host_post_refusal (GstMixHost *host);

/* There is a bus now. */
void gst_mix_host_post_pending_warnings (GstMixHost *host);

/* Posts the remarks on these settings that were not posted before: each once,
 * or once more after gst_mix_host_forget_remarks(). Streaming thread. */
void gst_mix_host_post_remarks (
    GstMixHost *host, gconstpointer params, const MixFormat *format);
void gst_mix_host_forget_remarks (GstMixHost *host);

void gst_mix_host_free_warnings (GstMixHost *host);

G_END_DECLS
