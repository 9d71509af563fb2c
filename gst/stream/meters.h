/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Meter messages: when they are due, and which part of the stream they are
 * about. Intervals are of what leaves, so a message is about exactly that part
 * of the stream, whatever the look-ahead.
 */
#pragma once

#include "timeline.h"

G_BEGIN_DECLS

typedef struct _GstMixStream GstMixStream;

/* Frames that left, and where the first of them stands. */
typedef struct {
  guint64 frames;       /* at the rate of now */
  GstClockTime elapsed; /* before them, at other rates */
  GstClockTime timestamp, running_time, stream_time;
} GstMixPeriod;

/* meters.c */
typedef struct {
  GstMixPeriod interval;  /* what left in the meter interval so far */
  GstMixPeriod programme; /* and since a measurement began */
  gpointer readings;      /* of the unit, as read last */
} GstMixMeters;

void gst_mix_meters_init (GstMixStream *stream);
void gst_mix_meters_clear (GstMixStream *stream);

/* Frames between two messages as it is set now, 0 for no messages; and how many
 * are left of that interval, G_MAXUINT64 without one. */
guint64 gst_mix_meters_interval (GstMixStream *stream);
guint64 gst_mix_meters_left (const GstMixStream *stream, guint64 interval);

/* Counts `n` frames of a span that leave, `frame` the first; ends the interval
 * when it is complete. */
void gst_mix_meters_count (GstMixStream *stream, const GstMixSpan *span,
    gint64 frame, guint n, guint64 interval);

/* Ends an interval before its time, because the stream does not go on; or
 * forgets it. */
void gst_mix_meters_finish_interval (GstMixStream *stream);
void gst_mix_meters_drop_interval (GstMixStream *stream);

/* Ends a whole measurement, with its last message; a unit that cannot sum up
 * has none. The engine must be reset after. */
void gst_mix_meters_finish_programme (GstMixStream *stream);

/* A measurement begins with the next frame that leaves. */
void gst_mix_meters_restart_programme (GstMixStream *stream);

/* Before the rate changes: what was counted so far becomes time. */
void gst_mix_meters_leave_rate (GstMixStream *stream);

G_END_DECLS
