/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements of a pipeline by their factory's name. */
#pragma once

#include <gst/gst.h>

gboolean element_is (GstElement *element, const gchar *factory);
/* All elements in a bin and in its bins, or those of one factory: an array of
 * references, to be freed. NULL for `factory`: all. */
GPtrArray *element_find (GstElement *bin, const gchar *factory);
