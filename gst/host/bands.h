/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All bands of an element, for units with a group: child objects (band.h), and
 * the property that is all of them as one text (bandtext.h).
 */
#pragma once

#include <gst/gst.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixHost GstMixHost;

/* bands.c */
typedef struct {
  GstObject **children; /* group->most of them, NULL without a group */
} GstMixBands;

void gst_mix_host_init_bands (GstMixHost *host);
void gst_mix_host_free_bands (GstMixHost *host);

/* How many the settings say are in use, 0 without a group; and one of those. */
guint gst_mix_host_count_bands (GstMixHost *host);
GstObject *gst_mix_host_band (GstMixHost *host, guint index);

/* Their count has changed from `old_count`: notifies, and emits child-added or
 * child-removed for each. */
void gst_mix_host_bands_changed (GstMixHost *host, guint old_count);

/* A text with a mistake is refused; see warnings.h. */
void gst_mix_host_set_bands_text (GstMixHost *host, const gchar *text);
gchar *gst_mix_host_get_bands_text (GstMixHost *host);

/* The property: its name, NULL without a group, and its spec. */
gchar *gst_mix_bands_property (const MixUnit *unit);
GParamSpec *gst_mix_bands_pspec (const MixUnit *unit);

/* GInterfaceInitFunc of GstChildProxy; the object implements GstMixElement. */
void gst_mix_bands_proxy_init (gpointer g_iface, gpointer iface_data);

G_END_DECLS
