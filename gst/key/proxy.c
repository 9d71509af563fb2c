/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proxy.h"

#include "pad.h"

/* Returns the pad with a reference, or NULL. */
static GObject *
ref_key_pad (GstChildProxy *proxy)
{
  GstElement *element = GST_ELEMENT (proxy);
  GObject *found = NULL;
  GST_OBJECT_LOCK (element);
  for (GList *l = element->sinkpads; l && !found; l = l->next)
    if (GST_IS_MIX_KEY_PAD (l->data))
      found = g_object_ref (l->data);
  GST_OBJECT_UNLOCK (element);
  return found;
}

static guint
get_children_count (GstChildProxy *proxy)
{
  g_autoptr (GObject) pad = ref_key_pad (proxy);
  return pad ? 1 : 0;
}

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  return index == 0 ? ref_key_pad (proxy) : NULL;
}

void
gst_mix_key_proxy_init (gpointer g_iface, gpointer iface_data)
{
  GstChildProxyInterface *iface = g_iface;
  (void)iface_data;
  iface->get_children_count = get_children_count;
  iface->get_child_by_index = get_child_by_index;
}

void
gst_mix_key_proxy_added (GstElement *element, GstPad *pad)
{
  gst_child_proxy_child_added (
      GST_CHILD_PROXY (element), G_OBJECT (pad), GST_OBJECT_NAME (pad));
}

void
gst_mix_key_proxy_removed (GstElement *element, GstPad *pad)
{
  gst_child_proxy_child_removed (
      GST_CHILD_PROXY (element), G_OBJECT (pad), GST_OBJECT_NAME (pad));
}
