/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstChildProxy of an element with a side chain: its pad, while there is one,
 * so that `sidechain::mute=true` can be written wherever properties are.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* For G_IMPLEMENT_INTERFACE. */
void gst_mix_key_proxy_init (gpointer g_iface, gpointer iface_data);

/* The element has the pad; has had it. */
void gst_mix_key_proxy_added (GstElement *element, GstPad *pad);
void gst_mix_key_proxy_removed (GstElement *element, GstPad *pad);

G_END_DECLS
