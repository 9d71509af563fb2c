/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixHost: what any element needs of a unit, whatever its pads are. It
 * keeps the settings and offers them as properties, band objects and presets;
 * it keeps the readings and posts them as messages; it posts warnings, and
 * refuses the start after an invalid setting.
 *
 * An element class uses it like this (see filter.c):
 *
 *   class struct   has a GstMixHostClass; class_init of each concrete type
 *                  calls gst_mix_host_class_set_unit(), and the code of its
 *                  G_DEFINE_TYPE gst_mix_host_add_interfaces()
 *   instance       has a GstMixHost; constructed(), dispose() and finalize()
 *                  call gst_mix_host_init(), _dispose() and _clear(), and
 *                  change_state() first asks gst_mix_host_change_state()
 *   GstMixElement  is an interface that the element class implements: through
 *                  it properties, bands and presets find the host
 *
 * Each member of the struct belongs to the file that is named with it; others
 * use functions. Unless stated otherwise any thread may call them, no lock may
 * be held, and they are not realtime-safe.
 */
#pragma once

#include <gst/gst.h>

#include "bands.h"
#include "properties.h"
#include "readings.h"
#include "settings.h"
#include "unit.h"
#include "warnings.h"

G_BEGIN_DECLS

/* The same for all instances of a concrete element type. */
typedef struct {
  const MixUnit *unit;
  const gchar *element; /* "mixeq": also the name of its messages */
  GstDebugCategory *category;
  gboolean
      has_key; /* readings with MIX_OF_KEY are shown; a base class says so */
} GstMixHostClass;

struct _GstMixHost {
  /* constant, for everybody */
  GstElement *element; /* the owner, without a reference */
  const GstMixHostClass *klass;
  GstMixSettings *settings;

  GstMixBands bands;
  GstMixControls controls; /* properties.c */
  GstMixReadings readings;
  GstMixWarnings warnings;

  /* host.c; under the object lock */
  GstClockTime latency_time;
  gdouble latency_ms;
};

#define GST_TYPE_MIX_ELEMENT (gst_mix_element_get_type ())
G_DECLARE_INTERFACE (
    GstMixElement, gst_mix_element, GST, MIX_ELEMENT, GstElement)

struct _GstMixElementInterface {
  GTypeInterface parent;
  GstMixHost *(*get_host) (GstMixElement *self);
};

/* The host of an element, or of another object that implements GstMixElement.
 */
GstMixHost *gst_mix_host_of (gpointer object);

/* Fills in `klass`, the element's metadata, its debug category, its properties
 * and the vfuncs set_property and get_property. All strings are static. */
void gst_mix_host_class_set_unit (GstMixHostClass *klass,
    GstElementClass *element_class, const MixUnit *unit, const gchar *element,
    const gchar *long_name, const gchar *classification);

/* Adds GstPreset and, for a unit with a group, GstChildProxy. */
void gst_mix_host_add_interfaces (GType type, const MixUnit *unit);

/* `host` is zeroed memory. */
void gst_mix_host_init (
    GstMixHost *host, GstElement *element, const GstMixHostClass *klass);
void gst_mix_host_dispose (GstMixHost *host);
void gst_mix_host_clear (GstMixHost *host);

/* To be called before the parent class's change_state: FALSE means that the
 * change fails, and an error was posted. */
gboolean gst_mix_host_change_state (
    GstMixHost *host, GstStateChange transition);

/* Publishes a look-ahead of so many frames: sets the property `latency` and,
 * when the time is another than before, notifies and posts a latency message.
 * After gst_mix_host_forget_latency() any latency but 0 is another. */
void gst_mix_host_set_latency (GstMixHost *host, guint frames, guint rate);
void gst_mix_host_forget_latency (GstMixHost *host);
GstClockTime gst_mix_host_latency (GstMixHost *host);
gdouble gst_mix_host_latency_ms (GstMixHost *host);

static inline const MixUnit *
gst_mix_host_unit (const GstMixHost *host)
{
  return host->klass->unit;
}

/* Of the element; constant once it is in a bin. */
static inline const gchar *
gst_mix_host_name (const GstMixHost *host)
{
  return GST_OBJECT_NAME (host->element);
}

G_END_DECLS
