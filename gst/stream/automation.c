/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "automation.h"

/* Units glide to a new value: half way takes some 2 to 10 ms. Values are read
 * this much earlier, so that half way lies near where they were keyed. */
#define LEAD (4 * GST_MSECOND)

gboolean
gst_mix_automation_is_of_input (GstMixHost *host)
{
  return (gst_mix_host_unit (host)->flags & MIX_UNIT_SETS_ENTERING) != 0;
}

gboolean
gst_mix_automation_is_active (GstMixHost *host)
{
  guint count = gst_mix_host_count_bands (host);
  gboolean active
      = gst_object_has_active_control_bindings (GST_OBJECT (host->element));
  for (guint i = 0; i < count && !active; i++)
    active
        = gst_object_has_active_control_bindings (gst_mix_host_band (host, i));
  return active;
}

void
gst_mix_automation_sync (
    GstMixHost *host, const GstSegment *segment, GstClockTime pts)
{
  GstClockTime time = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID (pts))
    time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  if (!gst_mix_automation_is_of_input (host))
    time += LEAD;
  gst_object_sync_values (GST_OBJECT (host->element), time);
  guint count = gst_mix_host_count_bands (host);
  for (guint i = 0; i < count; i++) {
    GstObject *band = gst_mix_host_band (host, i);
    if (gst_object_has_active_control_bindings (band))
      gst_object_sync_values (band, time);
  }
}
