/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixKeyTrack: the key signal in the format of the main sound, to be read
 * by running time. Whatever rate, channels and sample format the key has, it is
 * converted; each frame lies at the running time it came with, to the nearest
 * frame of the main sound.
 *
 * Channels: a key with the same channels as the main sound is taken channel by
 * channel. Any other key is folded to one signal that all channels get: half of
 * each channel of a stereo pair, all of each lone channel (so a voice in the
 * centre keeps its level), nothing of an LFE.
 *
 * Owned by the streaming thread of the main sound; no lock. Adding allocates.
 */
#pragma once

#include <gst/audio/audio.h>

#include "format.h"

G_BEGIN_DECLS

typedef struct {
  MixFormat format; /* of the main sound; rate 0: none yet */

  GstAudioInfo info;              /* of the key */
  gboolean is_folded;             /* to one channel … */
  gfloat share[MIX_MAX_CHANNELS]; /* … which has so much of each of the key's */
  GstAudioResampler *resampler;   /* NULL: the rates are equal */

  gfloat *frames;        /* converted, not read yet; interleaved */
  gsize count, capacity; /* in frames */
  GstClockTime anchor;   /* running time … */
  gint64 first;          /* … and how many frames behind it frames[0] lies */
  guint64 added;         /* frames of the key since the anchor */
  gboolean is_broken;    /* what is added next does not follow */
} GstMixKeyTrack;

/* `track` is zeroed memory or was used before; it then holds nothing. */
void gst_mix_key_track_prepare (GstMixKeyTrack *track, const MixFormat *format);
void gst_mix_key_track_clear (GstMixKeyTrack *track);

/* By how much the converter needs more input than it gives output. */
GstClockTime gst_mix_key_track_lag (const GstMixKeyTrack *track);

/* Adds a buffer of the key, whose first frame is at `start`. */
void gst_mix_key_track_add (GstMixKeyTrack *track, GstBuffer *buffer,
    const GstAudioInfo *info, GstClockTime start);

/* The key is silent from here on, until something is added. */
void gst_mix_key_track_break (GstMixKeyTrack *track);

/* Forgets what is earlier than `start`. */
void gst_mix_key_track_forget (GstMixKeyTrack *track, GstClockTime start);

/* Fills `out` with the key from `start` on, silence where there is none.
 * Forgets it and all that is earlier. */
void gst_mix_key_track_read (
    GstMixKeyTrack *track, GstClockTime start, guint frames, gfloat *out);

G_END_DECLS
