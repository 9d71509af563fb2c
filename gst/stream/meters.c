/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "meters.h"

#include "stream.h"

void
gst_mix_meters_init (GstMixStream *stream)
{
  gsize size = gst_mix_host_unit (stream->host)->readings.size;
  stream->meters.readings = g_malloc0 (MAX (1, size));
}

void
gst_mix_meters_clear (GstMixStream *stream)
{
  g_free (stream->meters.readings);
}

/* ---- Periods ------------------------------------------------------------ */

static GstClockTime
duration_of (const GstMixStream *stream, const GstMixPeriod *period)
{
  return period->elapsed
         + gst_util_uint64_scale_round (
             period->frames, GST_SECOND, stream->format.rate);
}

static gboolean
has_begun (const GstMixPeriod *period)
{
  return period->frames > 0 || period->elapsed > 0;
}

/* One that begins with a frame of a span; nothing is counted yet. */
static GstMixPeriod
period_from (const GstMixStream *stream, const GstMixSpan *span, gint64 frame)
{
  GstMixPeriod period
      = { 0, 0, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE };
  period.timestamp = gst_mix_timeline_time (&stream->timeline, span, frame);
  if (span->segment.format != GST_FORMAT_TIME
      || !GST_CLOCK_TIME_IS_VALID (period.timestamp))
    return period;
  period.running_time = gst_segment_to_running_time (
      &span->segment, GST_FORMAT_TIME, period.timestamp);
  period.stream_time = gst_segment_to_stream_time (
      &span->segment, GST_FORMAT_TIME, period.timestamp);
  return period;
}

void
gst_mix_meters_restart_programme (GstMixStream *stream)
{
  stream->meters.programme.frames = 0;
  stream->meters.programme.elapsed = 0;
}

void
gst_mix_meters_drop_interval (GstMixStream *stream)
{
  stream->meters.interval.frames = 0;
}

void
gst_mix_meters_leave_rate (GstMixStream *stream)
{
  GstMixPeriod *programme = &stream->meters.programme;
  if (programme->frames == 0)
    return;
  programme->elapsed = duration_of (stream, programme);
  programme->frames = 0;
}

/* ---- Messages ----------------------------------------------------------- */

static void
publish (GstMixStream *stream, gboolean is_final)
{
  gpointer readings = stream->meters.readings;
  if (gst_mix_host_unit (stream->host)->readings.count == 0)
    return;
  if (is_final)
    gst_mix_engine_sum_up (stream->engine, readings);
  else
    gst_mix_engine_read (stream->engine, readings);
  gst_mix_host_publish_readings (stream->host, readings);
}

static void
post (GstMixStream *stream, const GstMixPeriod *period, gboolean is_final)
{
  const GstMixInterval interval = { period->timestamp, period->stream_time,
    period->running_time, duration_of (stream, period) };
  gst_mix_host_post_readings (
      stream->host, stream->meters.readings, &interval, is_final);
}

guint64
gst_mix_meters_interval (GstMixStream *stream)
{
  gdouble ms = gst_mix_host_meter_interval_ms (stream->host);
  return ms > 0 ? MAX (1, (guint64)(ms * stream->format.rate / 1000 + 0.5)) : 0;
}

guint64
gst_mix_meters_left (const GstMixStream *stream, guint64 interval)
{
  guint64 past = stream->meters.interval.frames;
  return interval > 0 ? interval - MIN (past, interval - 1) : G_MAXUINT64;
}

void
gst_mix_meters_finish_interval (GstMixStream *stream)
{
  GstMixPeriod *interval = &stream->meters.interval;
  if (interval->frames == 0)
    return;
  publish (stream, FALSE);
  if (gst_mix_meters_interval (stream) > 0)
    post (stream, interval, FALSE);
  interval->frames = 0;
}

void
gst_mix_meters_finish_programme (GstMixStream *stream)
{
  if (!gst_mix_host_unit (stream->host)->sum_up
      || !has_begun (&stream->meters.programme))
    return;
  publish (stream, TRUE);
  post (stream, &stream->meters.programme, TRUE);
  gst_mix_meters_restart_programme (stream);
}

void
gst_mix_meters_count (GstMixStream *stream, const GstMixSpan *span,
    gint64 frame, guint n, guint64 interval)
{
  GstMixMeters *meters = &stream->meters;
  if (meters->interval.frames == 0)
    meters->interval = period_from (stream, span, frame);
  if (!has_begun (&meters->programme))
    meters->programme = period_from (stream, span, frame);
  meters->interval.frames += n;
  meters->programme.frames += n;
  if (interval > 0 && meters->interval.frames >= interval)
    gst_mix_meters_finish_interval (stream);
}
