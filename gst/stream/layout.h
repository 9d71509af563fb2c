/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From GStreamer's audio format to the units' MixFormat. Realtime-safe. */
#pragma once

#include <gst/audio/audio.h>

#include "format.h"

G_BEGIN_DECLS

/* At most MIX_MAX_CHANNELS channels, which the pad templates guarantee. */
MixFormat gst_mix_layout_format (const GstAudioInfo *info);

G_END_DECLS
