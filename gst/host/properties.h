/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The properties of an element: the rows of its unit (parameters, then
 * readings), all bands as text, and what every element has besides: `bypass`,
 * `meter-interval`, `latency` and, for units with a tail, `tail-max`.
 */
#pragma once

#include <glib-object.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixHost GstMixHost;

/* How an element is run, apart from its sound; properties.c. */
typedef struct {
  gint bypass; /* atomic */
  /* under the object lock */
  gdouble meter_interval_ms;
  gdouble tail_max_ms;
} GstMixControls;

/* The class's instances implement GstMixElement. */
void gst_mix_host_install_properties (
    GObjectClass *object_class, const MixUnit *unit, gboolean has_key);
void gst_mix_host_init_controls (GstMixHost *host);

/* The values of now. Realtime-safe as far as the object lock is. */
gboolean gst_mix_host_is_bypassed (GstMixHost *host);
gdouble gst_mix_host_meter_interval_ms (GstMixHost *host); /* 0: no messages */
gdouble gst_mix_host_tail_max_ms (GstMixHost *host);

G_END_DECLS
