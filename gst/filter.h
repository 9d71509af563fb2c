/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixFilter, the base class of elements with one stream: a host with the
 * unit (host/host.h), a stream that the unit processes (stream/stream.h), and
 * GstAudioFilter around both. An element only names its unit:
 *
 *   GST_MIX_FILTER_DEFINE (GstMixDelay, gst_mix_delay, mixdelay, mix_delay,
 *       "Delay", "Filter/Effect/Audio")
 *
 * From the unit's declaration come the properties, the enum types, the band
 * objects and the property `bands` that is all of them, the readings and the
 * messages; every element also has `bypass`, `meter-interval`, `latency` and,
 * for units with a tail, `tail-max`.
 *
 * What it guarantees (time, ends, gaps, parameters, bypass, meters, metas) is
 * described in docs/architecture.md.
 */
#pragma once

#include <gst/audio/gstaudiofilter.h>
#include <gst/gst.h>

#include "host/host.h"
#include "unit.h"

G_BEGIN_DECLS

#define GST_TYPE_MIX_FILTER (gst_mix_filter_get_type ())
G_DECLARE_DERIVABLE_TYPE (
    GstMixFilter, gst_mix_filter, GST, MIX_FILTER, GstAudioFilter)

struct _GstMixFilterClass {
  GstAudioFilterClass parent_class;

  GstMixHostClass host;

  /* For subclasses with a key, NULL otherwise. Streaming thread, no lock held.
   * Points `key` to as many frames of the key signal, in the format of the
   * stream, as come in with the sound at that running time (NONE: right behind
   * the last); may wait for them. Without frames: the sound goes on at that
   * time, what lies before is not asked for any more. */
  GstFlowReturn (*read_key) (GstMixFilter *self, GstClockTime running_time,
      guint frames, const gfloat **key);

  /* Answers a latency query with what is upstream of all sink pads. */
  gboolean (*query_upstream_latency) (GstMixFilter *self, GstQuery *query);
};

/* For GST_MIX_FILTER_DEFINE: class_init of a subclass. */
void gst_mix_filter_class_set_unit (GstMixFilterClass *klass,
    const MixUnit *unit, const gchar *element, const gchar *long_name,
    const gchar *classification);

/* Defines a complete element. The instance struct holds nothing of its own. */
#define GST_MIX_FILTER_DEFINE(                                                 \
    TypeName, type_name, element, unit, long_name, classification)             \
  GST_MIX_ELEMENT_DEFINE (TypeName, type_name, GstMixFilter,                   \
      GST_TYPE_MIX_FILTER, element, unit, long_name, classification)

/* The same with another parent class, which is or derives from GstMixFilter. */
#define GST_MIX_ELEMENT_DEFINE(TypeName, type_name, Parent, PARENT_TYPE,       \
    element, unit, long_name, classification)                                  \
  typedef struct {                                                             \
    Parent parent;                                                             \
  } TypeName;                                                                  \
  typedef struct {                                                             \
    Parent##Class parent_class;                                                \
  } TypeName##Class;                                                           \
  GType type_name##_get_type (void);                                           \
  G_DEFINE_TYPE_WITH_CODE (TypeName, type_name, PARENT_TYPE,                   \
      gst_mix_host_add_interfaces (g_define_type_id, &unit))                   \
  static void type_name##_class_init (TypeName##Class *klass)                  \
  {                                                                            \
    gst_mix_filter_class_set_unit (GST_MIX_FILTER_CLASS (klass), &unit,        \
        #element, long_name, classification);                                  \
  }                                                                            \
  static void type_name##_init (TypeName *self) { (void)self; }                \
  GST_ELEMENT_REGISTER_DECLARE (element);                                      \
  GST_ELEMENT_REGISTER_DEFINE (                                                \
      element, #element, GST_RANK_NONE, type_name##_get_type ())

G_END_DECLS
