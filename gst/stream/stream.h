/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixStream: a unit on a stream of sound, whichever element class the
 * buffers come through. It brings together what each has its own file:
 *
 *   engine    the unit on interleaved audio, with the bypass cross-fade
 *   timeline  the frames inside, their timestamps and events
 *   apply     from the settings to the engine
 *   automation, meters
 *
 * and processes audio so that settings, automation and meters act at their
 * exact frames. It knows the host, and neither pads nor the class of the
 * element. Streaming thread only, with no lock held.
 */
#pragma once

#include "apply.h"
#include "engine.h"
#include "host/host.h"
#include "meters.h"
#include "timeline.h"
#include "unit.h"

G_BEGIN_DECLS

struct _GstMixStream {
  GstMixHost *host; /* constant */

  /* stream.c; read by all */
  GstMixEngine *engine; /* NULL while there is no format */
  MixFormat format;
  gboolean is_fresh; /* nothing was processed yet: settings do not glide */
  gboolean warned_bad_samples;

  GstMixTimeline timeline;
  GstMixApplied applied; /* apply.c */
  GstMixMeters meters;
};

/* `stream` is zeroed memory. */
void gst_mix_stream_init (GstMixStream *stream, GstMixHost *host);
void gst_mix_stream_clear (GstMixStream *stream);

/* A format begins; all frames of another must have left. What the unit knows of
 * a programme stays. FALSE: memory is short, an error was posted and there is
 * no engine. */
gboolean gst_mix_stream_prepare (GstMixStream *stream, const MixFormat *format);

/* Discards all frames inside; the next one begins a new timeline. */
void gst_mix_stream_restart (GstMixStream *stream);

/* To be called before the next frame comes in, which stands at `pts` of
 * `segment`: if it is the first, all settings take effect at once, automation
 * included, without a glide from what was set before a seek or by default.
 * FALSE: memory is short, and an error was posted. */
gboolean gst_mix_stream_start (
    GstMixStream *stream, const GstSegment *segment, GstClockTime pts);

/* Processes `frames` frames in place; the first is input frame `first`, and the
 * timeline counts them already. `key` is the key signal beside them or NULL.
 * `silent` says that `data` is known to be zeros. */
void gst_mix_stream_process (GstMixStream *stream, gfloat *data,
    const gfloat *key, guint frames, gint64 first, gboolean silent);

/* Frames of a gap come in and are not processed as buffers: the unit and the
 * timeline count them, automation stands where the gap ends. What leaves for
 * them is silence, and is still to be taken from the timeline. */
void gst_mix_stream_skip (GstMixStream *stream, guint frames);

/* The programme is over: its last message is posted, the unit begins a new one.
 */
void gst_mix_stream_end_programme (GstMixStream *stream);

/* Streaming is over; nothing is left but what init has set up. */
void gst_mix_stream_stop (GstMixStream *stream);

static inline guint
gst_mix_stream_rate (const GstMixStream *stream)
{
  return stream->format.rate;
}

static inline guint
gst_mix_stream_frame_size (const GstMixStream *stream)
{
  return stream->format.channels * (guint)sizeof (gfloat);
}

G_END_DECLS
