/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream.h"

#include <string.h>

#include "automation.h"

/* Frames a block of silence that is fed to the unit. */
#define SILENCE_BLOCK 1024

/* Feeding longer silence than this changes nothing any more: envelopes and
 * tails are at rest. */
#define LONG_SILENCE_S 10

#define GST_CAT_DEFAULT (stream->host->klass->category)

void
gst_mix_stream_init (GstMixStream *stream, GstMixHost *host)
{
  stream->host = host;
  gst_mix_apply_init (stream);
  gst_mix_meters_init (stream);
}

void
gst_mix_stream_clear (GstMixStream *stream)
{
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
  gst_mix_timeline_clear (&stream->timeline);
  gst_mix_apply_clear (stream);
  gst_mix_meters_clear (stream);
}

/* ---- Begin and end ------------------------------------------------------ */

static void
report_no_memory (GstMixStream *stream, const MixFormat *format)
{
  GST_ELEMENT_ERROR (stream->host->element, RESOURCE, NO_SPACE_LEFT,
      ("%s has not enough memory for %u channels at %u Hz.",
          gst_mix_host_name (stream->host), format->channels, format->rate),
      (NULL));
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
}

gboolean
gst_mix_stream_prepare (GstMixStream *stream, const MixFormat *format)
{
  gconstpointer params = gst_mix_apply_take (stream);
  if (stream->engine)
    gst_mix_meters_leave_rate (stream);
  else
    stream->engine = gst_mix_engine_new (gst_mix_host_unit (stream->host));
  if (!stream->engine
      || !gst_mix_engine_prepare (stream->engine, format, params)) {
    report_no_memory (stream, format);
    return FALSE;
  }
  stream->format = *format;
  gst_mix_stream_restart (stream);
  gst_mix_host_forget_remarks (stream->host);
  gst_mix_host_set_latency (
      stream->host, gst_mix_engine_latency (stream->engine), format->rate);
  gst_mix_host_post_remarks (stream->host, params, format);
  return TRUE;
}

void
gst_mix_stream_restart (GstMixStream *stream)
{
  gst_mix_timeline_restart (&stream->timeline, stream->format.rate,
      gst_mix_engine_latency (stream->engine));
  gst_mix_meters_drop_interval (stream);
  stream->is_fresh = TRUE;
}

gboolean
gst_mix_stream_start (
    GstMixStream *stream, const GstSegment *segment, GstClockTime pts)
{
  if (!stream->is_fresh)
    return TRUE;
  if (gst_mix_automation_is_active (stream->host))
    gst_mix_automation_sync (stream->host, segment, pts);
  if (!gst_mix_apply_settings (stream, TRUE))
    return FALSE;
  gst_mix_engine_flush (stream->engine);
  stream->is_fresh = FALSE;
  return TRUE;
}

void
gst_mix_stream_end_programme (GstMixStream *stream)
{
  gst_mix_meters_finish_programme (stream);
  gst_mix_engine_end_programme (stream->engine);
}

void
gst_mix_stream_stop (GstMixStream *stream)
{
  g_clear_pointer (&stream->engine, gst_mix_engine_free);
  gst_mix_timeline_clear (&stream->timeline);
  gst_mix_meters_restart_programme (stream);
  stream->warned_bad_samples = FALSE;
  gst_mix_host_forget_remarks (stream->host);
  gst_mix_host_forget_latency (stream->host); /* is posted at the next start */
}

/* ---- Processing --------------------------------------------------------- */

static void
warn_of_bad_samples (GstMixStream *stream)
{
  guint64 bad = gst_mix_engine_take_bad_samples (stream->engine);
  if (bad == 0 || stream->warned_bad_samples)
    return;
  stream->warned_bad_samples = TRUE;
  GST_ELEMENT_WARNING (stream->host->element, STREAM, FORMAT,
      ("%s got samples that are no audio (NaN, infinite or beyond +180 dBFS) "
       "and plays silence for them.",
          gst_mix_host_name (stream->host)),
      ("%" G_GUINT64_FORMAT " in this buffer; look at what is upstream, this "
       "is said only once",
          bad));
}

/* The frame that leaves while input frame `frame` comes in. */
static gint64
leaving (const GstMixStream *stream, gint64 frame)
{
  return frame - gst_mix_engine_latency (stream->engine);
}

/* Settings take effect at input frame `frame` that are bound for the sound they
 * act on: what comes in, or what leaves then, whatever the look-ahead. */
static void
follow_automation (GstMixStream *stream, gint64 frame)
{
  gint64 end;
  if (!gst_mix_automation_is_of_input (stream->host))
    frame = leaving (stream, frame);
  const GstMixSpan *span
      = gst_mix_timeline_find (&stream->timeline, frame, &end);
  if (!span || span->is_padding)
    return;
  gst_mix_automation_sync (stream->host, &span->segment,
      gst_mix_timeline_time (&stream->timeline, span, frame));
  gst_mix_apply_within_buffer (stream);
}

/* The length of a slice: up to the next read of automation, the end of what
 * leaves together, the end of a meter interval. */
static guint
slice_length (guint most, gint64 first, gboolean automated,
    guint64 left_of_span, guint64 left_of_interval)
{
  guint64 n = MIN (most, left_of_span);
  if (automated)
    n = MIN (n, MIX_TICK - (guint64)(first % MIX_TICK));
  n = MIN (n, left_of_interval);
  return (guint)n;
}

/* In slices: meter intervals end exactly, and automation is read on a grid of
 * MIX_TICK frames however the stream is cut. */
void
gst_mix_stream_process (GstMixStream *stream, gfloat *data, const gfloat *key,
    guint frames, gint64 first, gboolean silent)
{
  const guint channels = stream->format.channels;
  const gboolean automated = gst_mix_automation_is_active (stream->host);
  const guint64 interval = gst_mix_meters_interval (stream);

  for (guint done = 0, n; done < frames; done += n) {
    gint64 at = first + done, end;
    const GstMixSpan *span
        = gst_mix_timeline_find (&stream->timeline, leaving (stream, at), &end);
    if (automated && at % MIX_TICK == 0)
      follow_automation (stream, at);
    n = slice_length (frames - done, at, automated,
        (guint64)(end - leaving (stream, at)),
        gst_mix_meters_left (stream, interval));
    gst_mix_engine_process (stream->engine, data + (gsize)done * channels,
        key ? key + (gsize)done * channels : NULL, n,
        gst_mix_host_is_bypassed (stream->host), silent);
    if (!span->is_padding)
      gst_mix_meters_count (stream, span, leaving (stream, at), n, interval);
  }
  if (interval == 0)
    gst_mix_meters_finish_interval (stream);
  warn_of_bad_samples (stream);
}

/* ---- Gaps --------------------------------------------------------------- */

/* The state of the unit advances; its output is not needed. */
static void
feed_silence (GstMixStream *stream, guint frames)
{
  const gsize frame_size = gst_mix_stream_frame_size (stream);
  const guint64 most = (guint64)LONG_SILENCE_S * stream->format.rate;
  gfloat *data = g_malloc (SILENCE_BLOCK * frame_size);
  guint64 left = MIN (frames, most);
  for (guint n; left > 0; left -= n) {
    n = (guint)MIN (left, SILENCE_BLOCK);
    memset (data, 0, n * frame_size);
    gst_mix_engine_process (stream->engine, data, NULL, n,
        gst_mix_host_is_bypassed (stream->host), TRUE);
  }
  g_free (data);
}

void
gst_mix_stream_skip (GstMixStream *stream, guint frames)
{
  GstMixTimeline *timeline = &stream->timeline;
  gst_mix_meters_finish_interval (stream);
  gst_mix_timeline_feed (timeline, frames);
  if (gst_mix_automation_is_active (stream->host)) {
    gst_mix_automation_sync (
        stream->host, &timeline->segment, timeline->next_pts);
    gst_mix_apply_within_buffer (stream);
  }
  feed_silence (stream, frames);
}
