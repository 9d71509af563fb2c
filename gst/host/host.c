/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host as a whole: its class, its life, states and latency. */
#include "host.h"

#include "preset.h"

#define GST_CAT_DEFAULT (host->klass->category)

G_DEFINE_INTERFACE (GstMixElement, gst_mix_element, GST_TYPE_ELEMENT)

static void
gst_mix_element_default_init (GstMixElementInterface *iface)
{
  (void)iface;
}

GstMixHost *
gst_mix_host_of (gpointer object)
{
  return GST_MIX_ELEMENT_GET_IFACE (object)->get_host (object);
}

/* ---- The class ---------------------------------------------------------- */

void
gst_mix_host_class_set_unit (GstMixHostClass *klass,
    GstElementClass *element_class, const MixUnit *unit, const gchar *element,
    const gchar *long_name, const gchar *classification)
{
  klass->unit = unit;
  klass->element = element;
  GST_DEBUG_CATEGORY_INIT (klass->category, element, 0, unit->summary);
  gst_element_class_set_static_metadata (element_class, long_name,
      classification, unit->summary, "The gst-plugins-mix developers");
  gst_mix_host_install_properties (
      G_OBJECT_CLASS (element_class), unit, klass->has_key);
}

void
gst_mix_host_add_interfaces (GType type, const MixUnit *unit)
{
  const GInterfaceInfo preset_info = { gst_mix_preset_init, NULL, NULL };
  const GInterfaceInfo proxy_info = { gst_mix_bands_proxy_init, NULL, NULL };
  g_type_add_interface_static (type, GST_TYPE_PRESET, &preset_info);
  if (unit->group)
    g_type_add_interface_static (type, GST_TYPE_CHILD_PROXY, &proxy_info);
}

/* ---- Life --------------------------------------------------------------- */

void
gst_mix_host_init (
    GstMixHost *host, GstElement *element, const GstMixHostClass *klass)
{
  host->element = element;
  host->klass = klass;
  host->settings = gst_mix_settings_new (klass->unit);
  gst_mix_host_init_controls (host);
  gst_mix_host_init_readings (host);
  gst_mix_host_init_bands (host);
}

void
gst_mix_host_dispose (GstMixHost *host)
{
  gst_mix_host_free_bands (host);
}

void
gst_mix_host_clear (GstMixHost *host)
{
  gst_mix_host_free_warnings (host);
  gst_mix_host_free_readings (host);
  gst_mix_settings_unref (host->settings);
}

gboolean
gst_mix_host_change_state (GstMixHost *host, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_NULL_TO_READY)
    gst_mix_host_post_pending_warnings (host);
  return transition != GST_STATE_CHANGE_READY_TO_PAUSED
         || !gst_mix_host_post_refusal (host);
}

/* ---- Latency ------------------------------------------------------------ */

void
gst_mix_host_set_latency (GstMixHost *host, guint frames, guint rate)
{
  GstClockTime time = gst_util_uint64_scale_ceil (frames, GST_SECOND, rate);
  GST_OBJECT_LOCK (host->element);
  gboolean changed = host->latency_time != time;
  host->latency_time = time;
  host->latency_ms = frames * 1000.0 / rate;
  GST_OBJECT_UNLOCK (host->element);
  if (!changed)
    return;
  GST_DEBUG_OBJECT (host->element, "latency is now %u frames", frames);
  g_object_notify (G_OBJECT (host->element), "latency");
  gst_element_post_message (
      host->element, gst_message_new_latency (GST_OBJECT (host->element)));
}

void
gst_mix_host_forget_latency (GstMixHost *host)
{
  GST_OBJECT_LOCK (host->element);
  host->latency_time = 0;
  host->latency_ms = 0;
  GST_OBJECT_UNLOCK (host->element);
}

GstClockTime
gst_mix_host_latency (GstMixHost *host)
{
  GST_OBJECT_LOCK (host->element);
  GstClockTime time = host->latency_time;
  GST_OBJECT_UNLOCK (host->element);
  return time;
}

gdouble
gst_mix_host_latency_ms (GstMixHost *host)
{
  GST_OBJECT_LOCK (host->element);
  gdouble ms = host->latency_ms;
  GST_OBJECT_UNLOCK (host->element);
  return ms;
}
