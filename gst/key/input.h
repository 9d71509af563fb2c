/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixKeyInput: the queue between the thread that brings the key signal and
 * the streaming thread of the main sound, by running time.
 *
 * The main sound waits until the key is known up to the time that it needs: by
 * buffers, or because there is nothing to wait for (no pad, nothing linked to
 * it, muted, at EOS). In a live pipeline it waits up to a deadline. The key
 * thread waits while more than GST_MIX_KEY_MOST of the key is ahead of the main
 * sound; in a live pipeline it never waits, and what is older is dropped, so
 * that a main source that stalls does not hold up what else the key goes to. A
 * muted key goes on at the same pace, and is taken as silence.
 *
 * Any thread; nobody calls with a lock held that the other side may need.
 */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

#define GST_MIX_KEY_MOST (1 * GST_SECOND)

/* A piece of the key. */
typedef struct {
  GstBuffer *buffer; /* NULL: silence */
  GstAudioInfo info;
  GstClockTime start, end; /* running time */
} GstMixKeyItem;

/* input.c, under its lock */
typedef struct {
  GMutex lock;
  GCond changed;
  GQueue items; /* GstMixKeyItem, in order */

  /* the key */
  gboolean is_linked, is_muted, has_ended, is_flushing;
  GstSegment segment;
  GstAudioInfo info;
  GstClockTime end;     /* the key is known up to here; NONE: not at all */
  GThread *thread;      /* that brings it */
  guint32 flush_seqnum; /* of its latest flush */
  GstClockTime late;    /* how much in a row came too late */

  /* the main sound */
  gboolean is_interrupted; /* it must not wait: flush or stop */
  gboolean main_has_ended; /* no key is needed */
  gboolean is_live;
  gboolean is_seeking; /* both are about to be flushed, the key first */
  GstClockTime wanted; /* it waits for the key up to here; NONE: it does not */
} GstMixKeyInput;

/* `input` is zeroed memory. */
void gst_mix_key_input_init (GstMixKeyInput *input);
void gst_mix_key_input_clear (GstMixKeyInput *input);

/* ---- The key's side ------------------------------------------------------ */

/* A pad comes, goes, is linked or muted. */
void gst_mix_key_input_reset (GstMixKeyInput *input);
void gst_mix_key_input_set_linked (GstMixKeyInput *input, gboolean is_linked);
void gst_mix_key_input_set_muted (GstMixKeyInput *input, gboolean is_muted);

void gst_mix_key_input_begin_stream (GstMixKeyInput *input);
gboolean gst_mix_key_input_set_caps (GstMixKeyInput *input, GstCaps *caps);
void gst_mix_key_input_set_segment (
    GstMixKeyInput *input, const GstSegment *segment);
void gst_mix_key_input_set_flushing (
    GstMixKeyInput *input, gboolean is_flushing);
void gst_mix_key_input_note_flush (GstMixKeyInput *input, guint32 seqnum);
void gst_mix_key_input_end (GstMixKeyInput *input);

/* Takes the buffer; may wait. */
GstFlowReturn gst_mix_key_input_push (GstMixKeyInput *input, GstBuffer *buffer);
/* A gap event; may wait. */
GstFlowReturn gst_mix_key_input_push_gap (
    GstMixKeyInput *input, GstClockTime pts, GstClockTime duration);

/* ---- The main sound's side ----------------------------------------------- */

typedef enum {
  GST_MIX_KEY_KNOWN,       /* up to the time asked for, or nothing will come */
  GST_MIX_KEY_TIMEOUT,     /* not before the deadline */
  GST_MIX_KEY_INTERRUPTED, /* by a flush or stop of the main sound */
  GST_MIX_KEY_DEADLOCK,    /* it comes from the calling thread */
} GstMixKeyWait;

/* Before a start and after a flush or stop. */
void gst_mix_key_input_set_interrupted (
    GstMixKeyInput *input, gboolean is_interrupted);
void gst_mix_key_input_set_main_ended (GstMixKeyInput *input, gboolean ended);
void gst_mix_key_input_set_live (GstMixKeyInput *input, gboolean is_live);

/* While a seek that flushes goes up both ways: the main sound of before waits,
 * so that it takes nothing of the key of after. */
void gst_mix_key_input_set_seeking (GstMixKeyInput *input, gboolean is_seeking);

/* Waits until the key is known up to `until`; `deadline` is a monotonic time in
 * microseconds. */
GstMixKeyWait gst_mix_key_input_wait (
    GstMixKeyInput *input, GstClockTime until, gint64 deadline);

/* After waiting: takes out the next item if it begins before `until`; drops
 * what ends by `from`. Its buffer is the caller's. */
gboolean gst_mix_key_input_take (GstMixKeyInput *input, GstClockTime from,
    GstClockTime until, GstMixKeyItem *item);

/* The main sound goes on at this time; does not wait. */
void gst_mix_key_input_skip (GstMixKeyInput *input, GstClockTime until);

/* There is no key, rather than a silent one: no pad, no link, muted, or its end
 * was taken. */
gboolean gst_mix_key_input_is_absent (GstMixKeyInput *input);

/* Whether the latest flush of the key has this sequence number. */
gboolean gst_mix_key_input_was_flushed_by (
    GstMixKeyInput *input, guint32 seqnum);

/* How much of the key came too late, without a pause, by now. */
GstClockTime gst_mix_key_input_late (GstMixKeyInput *input);

G_END_DECLS
