/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "element.h"

gboolean
element_is (GstElement *element, const gchar *name)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  return factory && g_str_equal (GST_OBJECT_NAME (factory), name);
}

GPtrArray *
element_find (GstElement *bin, const gchar *factory)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (gst_object_unref);
  GstIterator *all = gst_bin_iterate_recurse (GST_BIN (bin));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next (all, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    if (!factory || element_is (element, factory))
      g_ptr_array_add (found, gst_object_ref (element));
    g_value_reset (&item);
  }
  gst_iterator_free (all);
  return found;
}
