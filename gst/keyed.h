/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixKeyedFilter: a GstMixFilter whose unit measures another sound, the key,
 * that comes in through the request pad `sidechain`. All that GstMixFilter
 * guarantees for its stream holds: the key has no say in caps, segments, time
 * or ends, and is never heard.
 *
 * The key is aligned to the main sound by running time, to the sample, whatever
 * its rate, channels and format (key/track.h). Without a pad, without a link,
 * muted, in gaps, at EOS, and where a live pipeline's key does not arrive in
 * time, it is silence: the gain lets go. (A gate would close for good: of
 * these, where there is no key at all it is kept open,
 * MIX_UNIT_LOUD_WITHOUT_KEY.)
 *
 * In a live pipeline the element waits for a key that is late as long as the
 * latency allows that both inputs have upstream, and reports the length of a
 * buffer of the main sound more: the key of its last frame is there no earlier.
 * Otherwise it waits until the key is there (key/input.h).
 *
 *   GST_MIX_KEYED_FILTER_DEFINE (GstMixDuck, gst_mix_duck, mixduck, mix_duck,
 *       "Ducker", "Filter/Effect/Audio")
 */
#pragma once

#include "filter.h"

G_BEGIN_DECLS

#define GST_TYPE_MIX_KEYED_FILTER (gst_mix_keyed_filter_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstMixKeyedFilter, gst_mix_keyed_filter, GST,
    MIX_KEYED_FILTER, GstMixFilter)

struct _GstMixKeyedFilterClass {
  GstMixFilterClass parent_class;
};

#define GST_MIX_KEYED_FILTER_DEFINE(                                           \
    TypeName, type_name, element, unit, long_name, classification)             \
  GST_MIX_ELEMENT_DEFINE (TypeName, type_name, GstMixKeyedFilter,              \
      GST_TYPE_MIX_KEYED_FILTER, element, unit, long_name, classification)

G_END_DECLS
