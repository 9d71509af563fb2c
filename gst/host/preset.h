/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Presets: the sound of an element by a name. GStreamer's own loader would do
 * but for three things: it writes texts escaped and reads them raw, so that a
 * text with a space in it does not come back; it skips what it does not
 * understand without a warning; and it sets one property after the other.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* GInterfaceInitFunc of GstPreset; the object implements GstMixElement. */
void gst_mix_preset_init (gpointer g_iface, gpointer iface_data);

G_END_DECLS
