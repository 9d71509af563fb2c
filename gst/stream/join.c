/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "join.h"

/* A hole that is shorter is a rounding of timestamps (Matroska's are whole
 * milliseconds), not missing sound. */
#define LONGEST_ROUNDING (2 * GST_MSECOND)

/* No stream lasts for a century: beyond it a running time is garbage, and the
 * difference of two would overflow. */
#define LONGEST_DISTANCE (G_GUINT64_CONSTANT (100) * 366 * 86400 * GST_SECOND)

static gboolean
running_time (const GstSegment *segment, GstClockTime pts, gint64 *time)
{
  guint64 distance = 0;
  gint sign = segment->format == GST_FORMAT_TIME
                  ? gst_segment_to_running_time_full (
                      segment, GST_FORMAT_TIME, pts, &distance)
                  : 0;
  if (sign == 0 || distance > LONGEST_DISTANCE)
    return FALSE;
  *time = sign * (gint64)distance;
  return TRUE;
}

GstMixJoin
gst_mix_join_find (const GstMixTimeline *timeline, const GstSegment *segment,
    GstClockTime pts, gboolean may_break, gint64 *hole)
{
  gint64 expected, got;
  *hole = 0;
  if (!GST_CLOCK_TIME_IS_VALID (pts)
      || !GST_CLOCK_TIME_IS_VALID (timeline->next_pts)
      || !running_time (&timeline->segment, timeline->next_pts, &expected)
      || !running_time (segment, pts, &got)
      || timeline->segment.rate * segment->rate < 0)
    return may_break ? GST_MIX_JOIN_ELSEWHERE : GST_MIX_JOIN_FOLLOWS;
  *hole = got - expected;
  if (!may_break && ABS (*hole) <= (gint64)GST_MIX_TIMELINE_JUMP)
    return GST_MIX_JOIN_FOLLOWS;
  if (may_break && ABS (*hole) <= (gint64)LONGEST_ROUNDING)
    return GST_MIX_JOIN_JOINS;
  return *hole > 0 ? GST_MIX_JOIN_HOLE : GST_MIX_JOIN_ELSEWHERE;
}
