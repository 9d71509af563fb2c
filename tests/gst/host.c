/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host in an element that is no audio filter and has no pads: what an element
 * class of another base gets from gst/host/. */
#include "host/host.h"
#include "rig.h"
#include "units/units.h"

typedef struct {
  GstElement parent;
  GstMixHost host;
} Bare;

typedef struct {
  GstElementClass parent_class;
  GstMixHostClass host;
} BareClass;

static GstMixHost *
get_host (GstMixElement *element)
{
  return &((Bare *)element)->host;
}

static void
element_init (GstMixElementInterface *iface)
{
  iface->get_host = get_host;
}

static GType bare_get_type (void);

G_DEFINE_TYPE_WITH_CODE (Bare, bare, GST_TYPE_ELEMENT,
    G_IMPLEMENT_INTERFACE (GST_TYPE_MIX_ELEMENT, element_init)
        gst_mix_host_add_interfaces (g_define_type_id, &mix_eq))

static void
bare_constructed (GObject *object)
{
  BareClass *klass
      = G_TYPE_INSTANCE_GET_CLASS (object, G_OBJECT_TYPE (object), BareClass);
  G_OBJECT_CLASS (bare_parent_class)->constructed (object);
  gst_mix_host_init (
      &((Bare *)object)->host, GST_ELEMENT (object), &klass->host);
}

static void
bare_dispose (GObject *object)
{
  gst_mix_host_dispose (&((Bare *)object)->host);
  G_OBJECT_CLASS (bare_parent_class)->dispose (object);
}

static void
bare_finalize (GObject *object)
{
  gst_mix_host_clear (&((Bare *)object)->host);
  G_OBJECT_CLASS (bare_parent_class)->finalize (object);
}

static GstStateChangeReturn
bare_change_state (GstElement *element, GstStateChange transition)
{
  if (!gst_mix_host_change_state (&((Bare *)element)->host, transition))
    return GST_STATE_CHANGE_FAILURE;
  return GST_ELEMENT_CLASS (bare_parent_class)
      ->change_state (element, transition);
}

static void
bare_class_init (BareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = bare_constructed;
  object_class->dispose = bare_dispose;
  object_class->finalize = bare_finalize;
  GST_ELEMENT_CLASS (klass)->change_state = bare_change_state;
  gst_mix_host_class_set_unit (&klass->host, GST_ELEMENT_CLASS (klass), &mix_eq,
      "bare", "Bare", "Filter/Effect/Audio");
}

static void
bare_init (Bare *self)
{
  (void)self;
}

/* ---- Tests -------------------------------------------------------------- */

static GstElement *
new_bare (GstBus **bus)
{
  GstElement *element = g_object_new (bare_get_type (), NULL);
  gst_object_ref_sink (element);
  *bus = gst_bus_new ();
  gst_element_set_bus (element, *bus);
  return element;
}

static void
free_bare (GstElement *element, GstBus *bus)
{
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_object_unref (element);
}

static void
test_properties (void)
{
  GstBus *bus;
  GstElement *element = new_bare (&bus);
  g_autofree gchar *text = NULL;
  gdouble gain = 0;
  guint count = 0;
  gst_child_proxy_set (GST_CHILD_PROXY (element), "band9::gain", 3.0, NULL);
  g_object_set (element, "output-gain", -6.0, "bypass", TRUE, NULL);
  g_object_get (element, "output-gain", &gain, "num-bands", &count, NULL);
  g_assert_cmpfloat (gain, ==, -6);
  g_assert_cmpuint (count, ==, 10);
  g_object_set (element, "bands", "bell 100 gain=2; notch 500", NULL);
  g_object_get (element, "bands", &text, NULL);
  g_assert_cmpstr (text, ==, "bell 100 gain=2; notch 500");
  g_assert_cmpint (
      gst_child_proxy_get_children_count (GST_CHILD_PROXY (element)), ==, 2);
  g_assert_true (gst_mix_host_is_bypassed (gst_mix_host_of (element)));
  free_bare (element, bus);
}

static void
test_preset (void)
{
  GstBus *bus;
  GstElement *element = new_bare (&bus);
  g_autofree gchar *text = NULL;
  g_object_set (element, "bands", "tilt 900 gain=2", NULL);
  g_assert_true (gst_preset_save_preset (GST_PRESET (element), "mine"));
  g_object_set (element, "bands", "bell 100", NULL);
  g_assert_true (gst_preset_load_preset (GST_PRESET (element), "mine"));
  g_object_get (element, "bands", &text, NULL);
  g_assert_cmpstr (text, ==, "tilt 900 gain=2");
  g_assert_true (gst_preset_delete_preset (GST_PRESET (element), "mine"));
  free_bare (element, bus);
}

static void
test_refusal (void)
{
  GstBus *bus;
  GstElement *element = new_bare (&bus);
  g_object_set (element, "bands", "bell", NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), ==,
      GST_STATE_CHANGE_FAILURE);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_unref (message);
  g_object_set (element, "bands", "bell 100", NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_PAUSED), !=,
      GST_STATE_CHANGE_FAILURE);
  free_bare (element, bus);
}

static void
test_messages (void)
{
  GstBus *bus;
  GstElement *element = new_bare (&bus);
  GstMixHost *host = gst_mix_host_of (element);
  const GstMixInterval interval = { 1, 2, 3, 4 };
  guint64 running_time = 0;
  gdouble ms = 0;
  gpointer readings = g_malloc0 (MAX (1, mix_eq.readings.size));
  gst_mix_host_publish_readings (host, readings);
  gst_mix_host_post_readings (host, readings, &interval, FALSE);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  const GstStructure *fields = gst_message_get_structure (message);
  g_assert_true (gst_structure_has_name (fields, "bare"));
  g_assert_true (
      gst_structure_get_uint64 (fields, "running-time", &running_time));
  g_assert_cmpuint (running_time, ==, 3);
  gst_message_unref (message);

  gst_mix_host_set_latency (host, 480, 48000);
  gst_mix_host_set_latency (host, 480, 48000);
  g_object_get (element, "latency", &ms, NULL);
  g_assert_cmpfloat (ms, ==, 10);
  g_assert_cmpuint (gst_mix_host_latency (host), ==, 10 * GST_MSECOND);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_LATENCY);
  g_assert_nonnull (message);
  gst_message_unref (message);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_LATENCY));
  g_free (readings);
  free_bare (element, bus);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/host/properties", test_properties);
  g_test_add_func ("/host/preset", test_preset);
  g_test_add_func ("/host/refusal", test_refusal);
  g_test_add_func ("/host/messages", test_messages);
  return rig_run ();
}
