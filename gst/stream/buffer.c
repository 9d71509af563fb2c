/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "buffer.h"

#include <gst/audio/audio.h>

/* Cuts `drop` frames off the front and leaves `keep`. */
static void
trim (GstMixStream *stream, GstBuffer *buffer, guint drop, guint keep)
{
  const guint frame_size = gst_mix_stream_frame_size (stream);
  gsize size = (gsize)keep * frame_size;
  GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);
  if (size == gst_buffer_get_size (buffer))
    return;
  gst_buffer_resize (buffer, (gssize)drop * frame_size, (gssize)size);
  if (meta)
    meta->samples = keep;
}

/* ---- Out ---------------------------------------------------------------- */

/* The level that upstream noted holds only for the same sound in the same
 * buffer. */
static void
drop_level_meta (GstMixStream *stream, GstBuffer *buffer)
{
  GstAudioLevelMeta *meta = gst_buffer_get_audio_level_meta (buffer);
  if (meta && !gst_mix_engine_is_transparent (stream->engine))
    gst_buffer_remove_meta (buffer, (GstMeta *)meta);
}

/* Other clocks' times are of the buffer's first frame, too. */
static void
shift_reference_times (GstMixStream *stream, GstBuffer *buffer, gint64 frames)
{
  gpointer state = NULL;
  GstMeta *meta;
  GstClockTime by = gst_util_uint64_scale (
      (guint64)ABS (frames), GST_SECOND, gst_mix_stream_rate (stream));
  while ((meta = gst_buffer_iterate_meta_filtered (
              buffer, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE))) {
    GstReferenceTimestampMeta *time = (GstReferenceTimestampMeta *)meta;
    if (frames >= 0)
      time->timestamp += by;
    else
      time->timestamp -= MIN (by, time->timestamp);
  }
}

static void
stamp (GstBuffer *buffer, const GstMixPiece *piece)
{
  GST_BUFFER_PTS (buffer) = piece->pts;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = piece->duration;
  GST_BUFFER_OFFSET (buffer) = piece->offset;
  GST_BUFFER_OFFSET_END (buffer) = piece->offset + piece->frames;
  if (piece->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  else
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
}

void
gst_mix_buffer_make_piece (GstMixStream *stream, GstBuffer *buffer,
    gint64 first, guint at, const GstMixPiece *piece)
{
  trim (stream, buffer, at, piece->frames);
  drop_level_meta (stream, buffer);
  shift_reference_times (stream, buffer, piece->first - first);
  stamp (buffer, piece);
}

void
gst_mix_buffer_mark_gap (GstMixStream *stream, GstBuffer *buffer, guint frames)
{
  if (gst_mix_engine_is_quiet (stream->engine, frames)) {
    gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  } else {
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  }
}

void
gst_mix_buffer_fade_out (gfloat *data, guint frames, guint channels)
{
  for (guint i = 0; i < frames; i++) {
    gfloat gain = (gfloat)(frames - 1 - i) / frames;
    for (guint c = 0; c < channels; c++)
      data[(gsize)i * channels + c] *= gain;
  }
}

/* ---- In ----------------------------------------------------------------- */

/* How many frames from `pts` on lie before the end of the segment. */
static guint64
room_before_stop (const GstSegment *segment, GstClockTime pts, guint rate)
{
  if (!GST_CLOCK_TIME_IS_VALID (segment->stop))
    return G_MAXUINT64;
  if (pts >= segment->stop)
    return 0;
  return gst_util_uint64_scale_round (segment->stop - pts, rate, GST_SECOND);
}

/* How many frames from `pts` on lie before the start of the segment. */
static guint64
frames_before_start (const GstSegment *segment, GstClockTime pts, guint rate)
{
  if (!GST_CLOCK_TIME_IS_VALID (segment->start) || pts >= segment->start)
    return 0;
  return gst_util_uint64_scale_round (segment->start - pts, rate, GST_SECOND);
}

GstBuffer *
gst_mix_buffer_clip (GstMixStream *stream, GstBuffer *buffer,
    const GstSegment *segment, GstClockTime *beyond)
{
  const guint rate = gst_mix_stream_rate (stream);
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  *beyond = 0;
  if (segment->format != GST_FORMAT_TIME || segment->rate < 0 || !stream->engine
      || !GST_CLOCK_TIME_IS_VALID (pts))
    return buffer;
  guint64 frames
      = gst_buffer_get_size (buffer) / gst_mix_stream_frame_size (stream);
  guint64 skip = frames_before_start (segment, pts, rate);
  guint64 room = room_before_stop (segment, pts, rate);
  if (frames > room) {
    GstClockTime end = pts + gst_util_uint64_scale (frames, GST_SECOND, rate);
    *beyond = end - MIN (end, segment->stop);
  }
  if (skip == 0 && frames <= room)
    return buffer;
  if (skip >= MIN (frames, room)) {
    gst_buffer_unref (buffer);
    return NULL;
  }
  buffer = gst_buffer_make_writable (buffer);
  trim (stream, buffer, (guint)skip, (guint)(MIN (frames, room) - skip));
  GST_BUFFER_PTS (buffer) += gst_util_uint64_scale (skip, GST_SECOND, rate);
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  if (skip > 0 && GST_BUFFER_OFFSET_IS_VALID (buffer))
    GST_BUFFER_OFFSET (buffer) += skip;
  return buffer;
}
