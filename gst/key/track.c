/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "track.h"

#include <string.h>

#include "stream/layout.h"
#include "stream/timeline.h"

void
gst_mix_key_track_clear (GstMixKeyTrack *track)
{
  g_clear_pointer (&track->converter, gst_audio_converter_free);
  g_free (track->frames);
  *track = (GstMixKeyTrack){ 0 };
}

void
gst_mix_key_track_prepare (GstMixKeyTrack *track, const MixFormat *format)
{
  gst_mix_key_track_clear (track);
  track->format = *format;
  track->is_broken = TRUE;
}

/* ---- Channels ----------------------------------------------------------- */

/* How much of each channel of the key is in the folded signal. */
static void
fold (const MixFormat *key, gfloat share[MIX_MAX_CHANNELS])
{
  const MixRoles roles = mix_format_roles (key);
  memset (share, 0, sizeof *share * MIX_MAX_CHANNELS);
  for (guint i = 0; i < roles.pairs; i++)
    share[roles.pair[i].left] = share[roles.pair[i].right] = 0.5f;
  for (guint i = 0; i < roles.lone; i++)
    share[roles.lone_channel[i]] = 1;
}

/* The form that GST_AUDIO_CONVERTER_OPT_MIX_MATRIX has: an array for each
 * output channel. */
static void
make_matrix (const MixFormat *key, guint channels, GValue *matrix)
{
  gfloat share[MIX_MAX_CHANNELS];
  fold (key, share);
  g_value_init (matrix, GST_TYPE_ARRAY);
  for (guint to = 0; to < channels; to++) {
    GValue row = G_VALUE_INIT;
    g_value_init (&row, GST_TYPE_ARRAY);
    for (guint from = 0; from < key->channels; from++) {
      GValue value = G_VALUE_INIT;
      g_value_init (&value, G_TYPE_FLOAT);
      g_value_set_float (&value, share[from]);
      gst_value_array_append_and_take_value (&row, &value);
    }
    gst_value_array_append_and_take_value (matrix, &row);
  }
}

/* ---- The converter ------------------------------------------------------ */

/* Channel positions of the output do not matter: channels are equal or a matrix
 * is given. */
static GstAudioInfo
info_of_output (const MixFormat *format, const GstAudioInfo *key)
{
  gboolean is_same = format->channels == (guint)GST_AUDIO_INFO_CHANNELS (key);
  GstAudioInfo info;
  gst_audio_info_init (&info);
  gst_audio_info_set_format (&info, GST_AUDIO_FORMAT_F32, (gint)format->rate,
      (gint)format->channels,
      is_same && !GST_AUDIO_INFO_IS_UNPOSITIONED (key) ? key->position : NULL);
  return info;
}

static void
set_key_format (GstMixKeyTrack *track, const GstAudioInfo *info)
{
  const MixFormat key = gst_mix_layout_format (info);
  GstAudioInfo from = *info, to = info_of_output (&track->format, info);
  GstStructure *config = gst_structure_new_empty ("converter");
  if (!mix_format_has_same_channels (&key, &track->format)) {
    GValue matrix = G_VALUE_INIT;
    make_matrix (&key, track->format.channels, &matrix);
    gst_structure_take_value (
        config, GST_AUDIO_CONVERTER_OPT_MIX_MATRIX, &matrix);
  }
  g_clear_pointer (&track->converter, gst_audio_converter_free);
  track->converter = gst_audio_converter_new (
      GST_AUDIO_CONVERTER_FLAG_NONE, &from, &to, config);
  track->info = *info;
  track->added = 0;
  track->is_broken = TRUE;
}

GstClockTime
gst_mix_key_track_lag (const GstMixKeyTrack *track)
{
  if (!track->converter
      || (guint)GST_AUDIO_INFO_RATE (&track->info) == track->format.rate)
    return 0;
  return gst_util_uint64_scale_ceil (
      gst_audio_converter_get_max_latency (track->converter), GST_SECOND,
      (guint64)GST_AUDIO_INFO_RATE (&track->info));
}

static void
make_room (GstMixKeyTrack *track, gsize frames)
{
  if (track->count + frames <= track->capacity)
    return;
  track->capacity = 2 * (track->count + frames);
  track->frames = g_renew (
      gfloat, track->frames, track->capacity * track->format.channels);
}

/* `data` may be NULL for silence. */
static void
convert (GstMixKeyTrack *track, gpointer data, gsize frames)
{
  gsize out = gst_audio_converter_get_out_frames (track->converter, frames);
  make_room (track, out);
  gpointer from[] = { data };
  gpointer to[] = { track->frames + track->count * track->format.channels };
  gst_audio_converter_samples (track->converter, GST_AUDIO_CONVERTER_FLAG_NONE,
      data ? from : NULL, frames, to, out);
  track->count += out;
}

/* ---- Alignment ---------------------------------------------------------- */

/* `time` in frames behind the anchor, to the nearest. */
static gint64
frame_at (const GstMixKeyTrack *track, GstClockTime time)
{
  gboolean is_later = time >= track->anchor;
  gint64 frames = (gint64)gst_util_uint64_scale_round (
      is_later ? time - track->anchor : track->anchor - time,
      track->format.rate, GST_SECOND);
  return is_later ? frames : -frames;
}

static void
drop (GstMixKeyTrack *track, gsize frames)
{
  const gsize channels = track->format.channels;
  track->count -= frames;
  track->first += (gint64)frames;
  memmove (track->frames, track->frames + frames * channels,
      track->count * channels * sizeof *track->frames);
}

/* The running time of the end of what was added. */
static GstClockTime
end_of (const GstMixKeyTrack *track)
{
  return track->anchor
         + gst_util_uint64_scale_round (track->added, GST_SECOND,
             (guint64)GST_AUDIO_INFO_RATE (&track->info));
}

/* What the converter still holds of the key before a break. */
static void
finish_run (GstMixKeyTrack *track)
{
  gsize held = gst_audio_converter_get_max_latency (track->converter);
  if (held > 0 && track->added > 0) {
    convert (track, NULL, held);
    /* silence behind the end is not part of the key */
    gint64 over = track->first + (gint64)track->count
                  - frame_at (track, end_of (track));
    track->count -= (gsize)CLAMP (over, 0, (gint64)track->count);
  }
  gst_audio_converter_reset (track->converter);
}

/* The next frame that is added lies at `start`. */
static void
begin_run (GstMixKeyTrack *track, GstClockTime start)
{
  const gsize channels = track->format.channels;
  if (track->count > 0) {
    gint64 hole = frame_at (track, start) - track->first - (gint64)track->count;
    if (hole < 0) {
      track->count -= MIN (track->count, (gsize)-hole);
    } else {
      make_room (track, (gsize)hole);
      memset (track->frames + track->count * channels, 0,
          (gsize)hole * channels * sizeof *track->frames);
      track->count += (gsize)hole;
    }
  }
  track->anchor = start;
  track->first = -(gint64)track->count;
  track->added = 0;
  track->is_broken = FALSE;
}

/* Timestamps that are off by less are jitter. */
static gboolean
follows (const GstMixKeyTrack *track, GstBuffer *buffer, GstClockTime start)
{
  GstClockTime most = GST_BUFFER_IS_DISCONT (buffer)
                          ? GST_SECOND / (2 * track->format.rate)
                          : GST_MIX_TIMELINE_JUMP;
  GstClockTimeDiff off = GST_CLOCK_DIFF (end_of (track), start);
  return !track->is_broken && (GstClockTime)ABS (off) <= most;
}

void
gst_mix_key_track_add (GstMixKeyTrack *track, GstBuffer *buffer,
    const GstAudioInfo *info, GstClockTime start)
{
  GstMapInfo map;
  if (!track->converter || !gst_audio_info_is_equal (&track->info, info))
    set_key_format (track, info);
  if (!track->converter || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  if (!follows (track, buffer, start)) {
    finish_run (track);
    begin_run (track, start);
  }
  gsize frames = map.size / (gsize)GST_AUDIO_INFO_BPF (info);
  convert (track, map.data, frames);
  track->added += frames;
  gst_buffer_unmap (buffer, &map);
}

void
gst_mix_key_track_break (GstMixKeyTrack *track)
{
  track->is_broken = TRUE;
}

void
gst_mix_key_track_forget (GstMixKeyTrack *track, GstClockTime start)
{
  gint64 ahead = frame_at (track, start) - track->first;
  if (ahead > 0)
    drop (track, MIN (track->count, (gsize)ahead));
}

void
gst_mix_key_track_read (
    GstMixKeyTrack *track, GstClockTime start, guint frames, gfloat *out)
{
  const gsize channels = track->format.channels;
  gst_mix_key_track_forget (track, start);
  gint64 ahead = frame_at (track, start) - track->first;
  gsize before = ahead < 0 ? MIN (frames, (gsize)-ahead) : 0;
  gsize n = MIN (frames - before, track->count);
  memset (out, 0, before * channels * sizeof *out);
  if (n > 0)
    memcpy (out + before * channels, track->frames, n * channels * sizeof *out);
  memset (out + (before + n) * channels, 0,
      (frames - before - n) * channels * sizeof *out);
  drop (track, n);
}
