/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readings of a unit as readable properties and as element messages. The
 * streaming thread publishes; any thread gets.
 */
#pragma once

#include <gst/gst.h>

#include "unit.h"

G_BEGIN_DECLS

typedef struct _GstMixHost GstMixHost;

/* readings.c */
typedef struct {
  gpointer values; /* what was published last; under the object lock */
} GstMixReadings;

/* The part of the stream that a message is about; NONE where unknown. */
typedef struct {
  GstClockTime timestamp, stream_time, running_time, duration;
} GstMixInterval;

void gst_mix_host_init_readings (GstMixHost *host);
void gst_mix_host_free_readings (GstMixHost *host);

/* One of those published last. */
void gst_mix_host_get_reading (
    GstMixHost *host, const MixRow *row, GValue *value);

/* `readings` is the unit's plain struct. They become the properties' values. */
void gst_mix_host_publish_readings (GstMixHost *host, gconstpointer readings);

/* Posts them as an element message, named after the element: all readings and
 * the times. `is_final` fills the field `final`, which units that sum up have.
 */
void gst_mix_host_post_readings (GstMixHost *host, gconstpointer readings,
    const GstMixInterval *interval, gboolean is_final);

G_END_DECLS
