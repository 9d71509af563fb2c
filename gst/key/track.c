/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "track.h"

#include <string.h>

#include "stream/layout.h"
#include "stream/timeline.h"

void
gst_mix_key_track_clear (GstMixKeyTrack *track)
{
  g_clear_pointer (&track->resampler, gst_audio_resampler_free);
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

/* ---- The key's format --------------------------------------------------- */

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

/* Channels that are kept. */
static guint
lanes_of (const GstMixKeyTrack *track)
{
  return track->is_folded ? 1 : track->format.channels;
}

static gsize
frame_size (const GstMixKeyTrack *track)
{
  return lanes_of (track) * sizeof *track->frames;
}

static GstAudioResampler *
make_resampler (gint from, gint to, guint channels)
{
  GstStructure *options = gst_structure_new_empty ("resampler");
  gst_audio_resampler_options_set_quality (GST_AUDIO_RESAMPLER_METHOD_KAISER,
      GST_AUDIO_RESAMPLER_QUALITY_DEFAULT, from, to, options);
  GstAudioResampler *resampler = gst_audio_resampler_new (
      GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_RESAMPLER_FLAG_NONE,
      GST_AUDIO_FORMAT_F32, (gint)channels, from, to, options);
  gst_structure_free (options);
  return resampler;
}

static void
set_key_format (GstMixKeyTrack *track, const GstAudioInfo *info)
{
  const MixFormat key = gst_mix_layout_format (info);
  const gint from = GST_AUDIO_INFO_RATE (info);
  const gint to = (gint)track->format.rate;
  const gboolean folds = !mix_format_has_same_channels (&key, &track->format);
  if (folds != track->is_folded) /* other frames: they need other room */
    track->count = track->capacity = 0;
  track->is_folded = folds;
  fold (&key, track->share);
  g_clear_pointer (&track->resampler, gst_audio_resampler_free);
  if (from != to)
    track->resampler = make_resampler (from, to, lanes_of (track));
  track->info = *info;
  track->added = 0;
  track->is_broken = TRUE;
}

/* ---- Conversion --------------------------------------------------------- */

static gsize
held_frames (const GstMixKeyTrack *track)
{
  return track->resampler
             ? gst_audio_resampler_get_max_latency (track->resampler)
             : 0;
}

GstClockTime
gst_mix_key_track_lag (const GstMixKeyTrack *track)
{
  if (!track->resampler)
    return 0;
  return gst_util_uint64_scale_ceil (held_frames (track), GST_SECOND,
      (guint64)GST_AUDIO_INFO_RATE (&track->info));
}

static void
make_room (GstMixKeyTrack *track, gsize frames)
{
  if (track->count + frames <= track->capacity)
    return;
  track->capacity = 2 * (track->count + frames);
  track->frames
      = g_realloc_n (track->frames, track->capacity, frame_size (track));
}

/* Samples of any format as floats: GStreamer unpacks to double or to int. */
static gfloat *
unpack (const GstAudioInfo *info, gconstpointer data, gsize frames)
{
  const GstAudioFormatInfo *from = info->finfo;
  const gsize n = frames * (gsize)GST_AUDIO_INFO_CHANNELS (info);
  gfloat *samples = g_new (gfloat, MAX (1, n));
  gdouble *wide = g_new (gdouble, MAX (1, n));
  const gint32 *whole = (const gint32 *)wide;
  from->unpack_func (
      from, GST_AUDIO_PACK_FLAG_NONE, wide, (gpointer)data, (gint)n);
  for (gsize i = 0; i < n; i++)
    samples[i] = from->unpack_format == GST_AUDIO_FORMAT_F64
                     ? (gfloat)wide[i]
                     : (gfloat)whole[i] / 2147483648.f;
  g_free (wide);
  return samples;
}

/* To one channel, in place. */
static void
fold_samples (const GstMixKeyTrack *track, gfloat *samples, gsize frames)
{
  const gsize channels = (gsize)GST_AUDIO_INFO_CHANNELS (&track->info);
  for (gsize i = 0; i < frames; i++) {
    gfloat sum = 0;
    for (gsize c = 0; c < channels; c++)
      sum += track->share[c] * samples[i * channels + c];
    samples[i] = sum;
  }
}

/* `samples` NULL: silence, only for a resampler. */
static void
append (GstMixKeyTrack *track, const gfloat *samples, gsize frames)
{
  gsize out = track->resampler ? gst_audio_resampler_get_out_frames (
                  track->resampler, frames)
                               : frames;
  make_room (track, out);
  gpointer from[] = { (gpointer)samples };
  gpointer to[] = { track->frames + track->count * lanes_of (track) };
  if (track->resampler)
    gst_audio_resampler_resample (
        track->resampler, samples ? from : NULL, frames, to, out);
  else
    memcpy (to[0], samples, out * frame_size (track));
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
  track->count -= frames;
  track->first += (gint64)frames;
  if (track->count > 0)
    memmove (track->frames, track->frames + frames * lanes_of (track),
        track->count * frame_size (track));
}

/* The running time of the end of what was added. */
static GstClockTime
end_of (const GstMixKeyTrack *track)
{
  return track->anchor
         + gst_util_uint64_scale_round (track->added, GST_SECOND,
             (guint64)GST_AUDIO_INFO_RATE (&track->info));
}

/* What the resampler still holds of the key before a break. */
static void
finish_run (GstMixKeyTrack *track)
{
  if (!track->resampler)
    return;
  if (track->added > 0) {
    append (track, NULL, held_frames (track));
    /* silence behind the end is not part of the key */
    gint64 over = track->first + (gint64)track->count
                  - frame_at (track, end_of (track));
    track->count -= (gsize)CLAMP (over, 0, (gint64)track->count);
  }
  gst_audio_resampler_reset (track->resampler);
}

/* The next frame that is added lies at `start`. */
static void
begin_run (GstMixKeyTrack *track, GstClockTime start)
{
  if (track->count > 0) {
    gint64 hole = frame_at (track, start) - track->first - (gint64)track->count;
    if (hole < 0) {
      track->count -= MIN (track->count, (gsize)-hole);
    } else {
      make_room (track, (gsize)hole);
      memset (track->frames + track->count * lanes_of (track), 0,
          (gsize)hole * frame_size (track));
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
  if (!gst_audio_info_is_equal (&track->info, info))
    set_key_format (track, info);
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  if (!follows (track, buffer, start)) {
    finish_run (track);
    begin_run (track, start);
  }
  gsize frames = map.size / (gsize)GST_AUDIO_INFO_BPF (info);
  gfloat *samples = unpack (info, map.data, frames);
  if (track->is_folded)
    fold_samples (track, samples, frames);
  append (track, samples, frames);
  g_free (samples);
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

/* A folded key goes to all channels. */
static void
copy_out (const GstMixKeyTrack *track, gsize n, gfloat *out)
{
  const gsize channels = track->format.channels;
  if (!track->is_folded && n > 0)
    memcpy (out, track->frames, n * frame_size (track));
  for (gsize i = 0; track->is_folded && i < n; i++)
    for (gsize c = 0; c < channels; c++)
      out[i * channels + c] = track->frames[i];
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
  memset (out, 0, frames * channels * sizeof *out);
  copy_out (track, n, out + before * channels);
  drop (track, n);
}
