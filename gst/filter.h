/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The base of all elements: everything an element must do in GStreamer, done
 * once. An element only says which unit it wears:
 *
 *   GST_MIX_FILTER_DEFINE (GstMixDelay, gst_mix_delay, mixdelay, mix_delay,
 *       "Delay", "Filter/Effect/Audio")
 *
 * From the unit's declaration come the properties, the enum types, the band
 * objects and the property `bands` that is all of them, the readings and the
 * messages; the base adds `bypass`, `meter-interval`, `latency` and, for units
 * with a tail, `tail-max`.
 *
 * What it guarantees (time, ends, gaps, parameters, bypass, meters, metas) is
 * told in docs/architecture.md.
 */
#pragma once

#include <gst/audio/gstaudiofilter.h>
#include <gst/gst.h>

#include "settings.h"
#include "unit.h"

G_BEGIN_DECLS

#define GST_TYPE_MIX_FILTER (gst_mix_filter_get_type ())
G_DECLARE_DERIVABLE_TYPE (
    GstMixFilter, gst_mix_filter, GST, MIX_FILTER, GstAudioFilter)

struct _GstMixFilterClass {
  GstAudioFilterClass parent_class;

  const MixUnit *unit;
  const gchar *element; /* "mixeq": also the name of its messages */
  GstDebugCategory *category;
};

/* The settings, for elements with properties of their own. Not to be unreffed;
 * never NULL. */
GstMixSettings *gst_mix_filter_settings (GstMixFilter *filter);

/* Property ids that elements may use for their own properties start here. */
#define GST_MIX_FILTER_FIRST_OWN_PROPERTY 1000

/* Posts a warning message, or keeps it until there is a bus. `advice` says what
 * to do; `format` names the element and ends without a full stop. No lock may
 * be held; not realtime-safe. */
void gst_mix_filter_warn (GstMixFilter *filter, const gchar *advice,
    const gchar *format, ...) G_GNUC_PRINTF (3, 4);

/* A property cannot be what it was set to and stays as it was: a warning while
 * the element plays; before the start, an error that refuses the start unless
 * gst_mix_filter_forgive() has been called for the property (NULL: for all) in
 * the meantime. `property` is copied; the rest is as for a warning. */
void gst_mix_filter_refuse (GstMixFilter *filter, const gchar *property,
    const gchar *advice, const gchar *format, ...) G_GNUC_PRINTF (4, 5);
void gst_mix_filter_forgive (GstMixFilter *filter, const gchar *property);

/* For GST_MIX_FILTER_DEFINE: class_init and type code of a subclass. */
void gst_mix_filter_class_wear (GstMixFilterClass *klass, const MixUnit *unit,
    const gchar *element, const gchar *long_name, const gchar *classification);
void gst_mix_filter_type_wear (GType type, const MixUnit *unit);

/* Tells listeners about bands after their count has changed from `old_count`
 * (child-added, child-removed). No lock may be held. */
void gst_mix_filter_bands_changed (GstMixFilter *filter, guint old_count);

/* Defines a complete element. The instance struct holds nothing of its own. */
#define GST_MIX_FILTER_DEFINE(                                                 \
    TypeName, type_name, element, unit, long_name, classification)             \
  GST_MIX_FILTER_DEFINE_WITH_CODE (                                            \
      TypeName, type_name, element, unit, long_name, classification, {})

/* The same; CODE runs at the end of class_init with `klass` in scope. */
#define GST_MIX_FILTER_DEFINE_WITH_CODE(                                       \
    TypeName, type_name, element, unit, long_name, classification, CODE)       \
  typedef struct {                                                             \
    GstMixFilter parent;                                                       \
  } TypeName;                                                                  \
  typedef struct {                                                             \
    GstMixFilterClass parent_class;                                            \
  } TypeName##Class;                                                           \
  GType type_name##_get_type (void);                                           \
  G_DEFINE_TYPE_WITH_CODE (TypeName, type_name, GST_TYPE_MIX_FILTER,           \
      gst_mix_filter_type_wear (g_define_type_id, &unit))                      \
  static void type_name##_class_init (TypeName##Class *klass)                  \
  {                                                                            \
    gst_mix_filter_class_wear (GST_MIX_FILTER_CLASS (klass), &unit, #element,  \
        long_name, classification);                                            \
    CODE                                                                       \
  }                                                                            \
  static void type_name##_init (TypeName *self) { (void)self; }                \
  GST_ELEMENT_REGISTER_DECLARE (element);                                      \
  GST_ELEMENT_REGISTER_DEFINE (                                                \
      element, #element, GST_RANK_NONE, type_name##_get_type ())

G_END_DECLS
