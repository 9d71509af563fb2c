/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One element of a unit's group as a child object (band0, band1, …), so that
 * `band0::gain=3`, presets and control bindings reach it.
 */
#pragma once

#include <gst/gst.h>

#include "settings.h"

G_BEGIN_DECLS

/* The type of a unit's bands, registered by the first call; its properties are
 * the rows of the group. */
GType gst_mix_band_type (const MixUnit *unit);

/* A band at `index` that reads and writes `settings`; floating. */
GstObject *gst_mix_band_new (
    const MixUnit *unit, GstMixSettings *settings, guint index);

G_END_DECLS
