/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Automation: control bindings of the element and of its bands. It belongs to
 * the sound it was keyed to; stream.c says which that is.
 */
#pragma once

#include "host/host.h"

G_BEGIN_DECLS

/* Whether anything is bound. */
gboolean gst_mix_automation_is_active (GstMixHost *host);

/* Whether settings act on the sound that comes in, not on that which leaves. */
gboolean gst_mix_automation_is_of_input (GstMixHost *host);

/* Properties take the values that are bound for the sound at `pts` of
 * `segment`. No lock may be held: this sets properties. */
void gst_mix_automation_sync (
    GstMixHost *host, const GstSegment *segment, GstClockTime pts);

G_END_DECLS
