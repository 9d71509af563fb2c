/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How sound that comes in stands to the sound before it. */
#pragma once

#include "timeline.h"

G_BEGIN_DECLS

typedef enum {
  GST_MIX_JOIN_FOLLOWS,   /* the next buffer of the same run */
  GST_MIX_JOIN_JOINS,     /* the running time goes on without a hole */
  GST_MIX_JOIN_HOLE,      /* sound is missing before it */
  GST_MIX_JOIN_ELSEWHERE, /* anything else */
} GstMixJoin;

/* Of sound at `pts` of `segment`, which may be NONE. `may_break` says that an
 * event or a flag lets it be elsewhere; without, jitter is allowed. `hole` is
 * the distance in nanoseconds of running time, 0 if unknown. */
GstMixJoin gst_mix_join_find (const GstMixTimeline *timeline,
    const GstSegment *segment, GstClockTime pts, gboolean may_break,
    gint64 *hole);

G_END_DECLS
