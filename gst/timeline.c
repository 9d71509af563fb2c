/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline.h"

void
gst_mix_timeline_init (GstMixTimeline *self, guint rate)
{
  *self = (GstMixTimeline){ .rate = rate,
    .pts = GST_CLOCK_TIME_NONE,
    .offset = GST_BUFFER_OFFSET_NONE,
    .out_end = GST_CLOCK_TIME_NONE };
}

/* Rounded up, before the anchor too. */
GstClockTime
gst_mix_timeline_time (const GstMixTimeline *self, guint64 frame)
{
  if (!GST_CLOCK_TIME_IS_VALID (self->pts))
    return GST_CLOCK_TIME_NONE;
  if (frame >= self->frame)
    return self->pts
           + gst_util_uint64_scale_ceil (
               frame - self->frame, GST_SECOND, self->rate);
  GstClockTime before
      = gst_util_uint64_scale (self->frame - frame, GST_SECOND, self->rate);
  return self->pts > before ? self->pts - before : 0;
}

static GstClockTime
distance (GstClockTime a, GstClockTime b)
{
  return a > b ? a - b : b - a;
}

static GstClockTime
half_a_frame (const GstMixTimeline *self)
{
  return GST_SECOND / 2 / self->rate;
}

gboolean
gst_mix_timeline_is_jump (const GstMixTimeline *self, GstClockTime pts)
{
  GstClockTime expected = gst_mix_timeline_time (self, self->in);
  return GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (expected)
         && distance (pts, expected) > GST_MIX_TIMELINE_JUMP;
}

void
gst_mix_timeline_push (GstMixTimeline *self, GstClockTime pts, guint64 offset,
    guint64 frames, gboolean restart)
{
  GstClockTime expected = gst_mix_timeline_time (self, self->in);
  if (GST_CLOCK_TIME_IS_VALID (pts)
      && (restart || !GST_CLOCK_TIME_IS_VALID (expected)
          || distance (pts, expected) > half_a_frame (self))) {
    self->pts = pts;
    self->frame = self->in;
  }
  if (offset != GST_BUFFER_OFFSET_NONE) {
    self->offset = offset;
    self->offset_frame = self->in;
  }
  self->in += frames;
}

static guint64
offset_of (const GstMixTimeline *self, guint64 frame)
{
  if (self->offset == GST_BUFFER_OFFSET_NONE)
    return frame;
  /* unsigned wrap-around serves frames before the anchor as well */
  return self->offset + (frame - self->offset_frame);
}

void
gst_mix_timeline_leave (GstMixTimeline *self, guint64 frames, GstClockTime *pts,
    GstClockTime *duration)
{
  GstClockTime end = gst_mix_timeline_time (self, self->out + frames);
  *pts = gst_mix_timeline_time (self, self->out);
  *duration = GST_CLOCK_TIME_IS_VALID (*pts) ? end - *pts : GST_CLOCK_TIME_NONE;
  self->out += frames;
  self->out_end = end;
}

void
gst_mix_timeline_stamp (GstMixTimeline *self, GstBuffer *buffer, guint64 frames)
{
  GstClockTime last_end = self->out_end;
  GST_BUFFER_OFFSET (buffer) = offset_of (self, self->out);
  GST_BUFFER_OFFSET_END (buffer) = offset_of (self, self->out + frames);
  gst_mix_timeline_leave (
      self, frames, &GST_BUFFER_PTS (buffer), &GST_BUFFER_DURATION (buffer));
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;

  GstClockTime pts = GST_BUFFER_PTS (buffer);
  if (GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (last_end)
      && distance (pts, last_end) > GST_MIX_TIMELINE_JUMP)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
}
