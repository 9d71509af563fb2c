/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixKeyPad: a sink pad that takes any raw audio into a GstMixKeyInput. No
 * event or buffer goes on from it. Property `mute`: the key counts as silence.
 */
#pragma once

#include <gst/gst.h>

#include "input.h"

G_BEGIN_DECLS

#define GST_TYPE_MIX_KEY_PAD (gst_mix_key_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstMixKeyPad, gst_mix_key_pad, GST, MIX_KEY_PAD, GstPad)

/* Floating. `input` is reset. */
GstPad *gst_mix_key_pad_new (
    const gchar *name, GstPadTemplate *template, GstMixKeyInput *input);

/* The pad, which is inactive and unlinked, knows its input no more. */
void gst_mix_key_pad_leave_input (GstMixKeyPad *pad);

G_END_DECLS
