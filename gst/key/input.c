/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input.h"

/* Times that differ by less are equal: timestamps are rounded. */
#define TOLERANCE (10 * GST_USECOND)

/* Kept of the key in a live pipeline while the main sound stalls. */
#define LIVE_MOST (5 * GST_SECOND)

static void
free_item (gpointer data)
{
  GstMixKeyItem *item = data;
  gst_clear_buffer (&item->buffer);
  g_free (item);
}

/* ---- Life --------------------------------------------------------------- */

/* With the lock. */
static void
forget (GstMixKeyInput *input)
{
  g_queue_clear_full (&input->items, free_item);
  input->end = GST_CLOCK_TIME_NONE;
  input->has_ended = FALSE;
  input->late = 0;
  gst_segment_init (&input->segment, GST_FORMAT_TIME);
}

void
gst_mix_key_input_init (GstMixKeyInput *input)
{
  g_mutex_init (&input->lock);
  g_cond_init (&input->changed);
  g_queue_init (&input->items);
  gst_audio_info_init (&input->info);
  input->wanted = GST_CLOCK_TIME_NONE;
  forget (input);
}

void
gst_mix_key_input_clear (GstMixKeyInput *input)
{
  g_queue_clear_full (&input->items, free_item);
  g_mutex_clear (&input->lock);
  g_cond_clear (&input->changed);
}

/* Each function that changes something does it between these. */
static void
begin (GstMixKeyInput *input)
{
  g_mutex_lock (&input->lock);
}

static void
end (GstMixKeyInput *input)
{
  g_cond_broadcast (&input->changed);
  g_mutex_unlock (&input->lock);
}

/* ---- The key: events ---------------------------------------------------- */

void
gst_mix_key_input_reset (GstMixKeyInput *input)
{
  begin (input);
  forget (input);
  gst_audio_info_init (&input->info);
  input->is_linked = input->is_muted = input->is_flushing = FALSE;
  input->thread = NULL;
  input->flush_seqnum = GST_SEQNUM_INVALID;
  end (input);
}

void
gst_mix_key_input_set_linked (GstMixKeyInput *input, gboolean is_linked)
{
  begin (input);
  input->is_linked = is_linked;
  if (!is_linked)
    forget (input);
  end (input);
}

void
gst_mix_key_input_set_muted (GstMixKeyInput *input, gboolean is_muted)
{
  begin (input);
  input->is_muted = is_muted;
  end (input);
}

void
gst_mix_key_input_begin_stream (GstMixKeyInput *input)
{
  begin (input);
  input->has_ended = FALSE;
  input->thread = g_thread_self ();
  end (input);
}

gboolean
gst_mix_key_input_set_caps (GstMixKeyInput *input, GstCaps *caps)
{
  begin (input);
  gboolean valid = gst_audio_info_from_caps (&input->info, caps);
  end (input);
  return valid;
}

void
gst_mix_key_input_set_segment (GstMixKeyInput *input, const GstSegment *segment)
{
  GstSegment time;
  gst_segment_init (&time, GST_FORMAT_TIME);
  if (segment->format == GST_FORMAT_TIME)
    time = *segment;
  begin (input);
  GstClockTime start
      = gst_segment_to_running_time (&time, GST_FORMAT_TIME, time.start);
  input->segment = time;
  input->thread = g_thread_self ();
  if (GST_CLOCK_TIME_IS_VALID (start) && GST_CLOCK_TIME_IS_VALID (input->end)
      && start < input->end)
    input->end = start; /* begins anew */
  end (input);
}

void
gst_mix_key_input_set_flushing (GstMixKeyInput *input, gboolean is_flushing)
{
  begin (input);
  input->is_flushing = is_flushing;
  input->thread = NULL; /* it may have ended, and be another's address */
  forget (input);
  end (input);
}

void
gst_mix_key_input_note_flush (GstMixKeyInput *input, guint32 seqnum)
{
  begin (input);
  input->flush_seqnum = seqnum;
  end (input);
}

void
gst_mix_key_input_end (GstMixKeyInput *input)
{
  begin (input);
  input->has_ended = TRUE;
  end (input);
}

/* ---- The key: sound ----------------------------------------------------- */

static GstClockTime
queued (GstMixKeyInput *input)
{
  const GstMixKeyItem *first = g_queue_peek_head (&input->items);
  const GstMixKeyItem *last = g_queue_peek_tail (&input->items);
  return last && last->end > first->start ? last->end - first->start : 0;
}

/* A main sound that waits for the key is never kept waiting. */
static gboolean
is_full (GstMixKeyInput *input)
{
  if (input->is_live || !input->is_linked)
    return FALSE;
  if (GST_CLOCK_TIME_IS_VALID (input->wanted) && input->end < input->wanted)
    return FALSE;
  return queued (input) > GST_MIX_KEY_MOST;
}

/* Takes the item. */
static GstFlowReturn
push_item (GstMixKeyInput *input, GstMixKeyItem *item)
{
  input->thread = g_thread_self ();
  while (!input->is_flushing && !input->main_has_ended && is_full (input))
    g_cond_wait (&input->changed, &input->lock);
  if (input->is_flushing || input->main_has_ended) {
    free_item (item);
    return input->is_flushing ? GST_FLOW_FLUSHING : GST_FLOW_OK;
  }
  input->end = item->end;
  if (item->end <= item->start) {
    free_item (item); /* says how far the key is known, and no more */
    return GST_FLOW_OK;
  }
  g_queue_push_tail (&input->items, item);
  while (input->is_live && queued (input) > LIVE_MOST)
    free_item (g_queue_pop_head (&input->items));
  return GST_FLOW_OK;
}

/* Running time of what begins at `pts` of the segment; without a timestamp it
 * follows what was before. */
static GstClockTime
start_of (const GstMixKeyInput *input, GstClockTime pts)
{
  if (!GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (input->end))
    return input->end;
  GstClockTime time
      = gst_segment_to_running_time (&input->segment, GST_FORMAT_TIME,
          GST_CLOCK_TIME_IS_VALID (pts) ? pts : input->segment.start);
  return GST_CLOCK_TIME_IS_VALID (time) ? time : 0;
}

/* Takes the buffer. */
static GstFlowReturn
push_clipped (GstMixKeyInput *input, GstBuffer *buffer)
{
  const guint64 rate = (guint64)GST_AUDIO_INFO_RATE (&input->info);
  const gsize bpf = (gsize)GST_AUDIO_INFO_BPF (&input->info);
  GstMixKeyItem *item = g_new0 (GstMixKeyItem, 1);
  gsize frames = gst_buffer_get_size (buffer) / bpf;
  item->info = input->info;
  item->start = start_of (input, GST_BUFFER_PTS (buffer));
  item->end
      = item->start + gst_util_uint64_scale_round (frames, GST_SECOND, rate);
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP))
    gst_buffer_unref (buffer);
  else
    item->buffer = buffer;
  return push_item (input, item);
}

GstFlowReturn
gst_mix_key_input_push (GstMixKeyInput *input, GstBuffer *buffer)
{
  GstFlowReturn flow = GST_FLOW_OK;
  begin (input);
  if (!GST_AUDIO_INFO_IS_VALID (&input->info)) {
    gst_buffer_unref (buffer);
    flow = GST_FLOW_NOT_NEGOTIATED;
  } else {
    buffer = gst_audio_buffer_clip (buffer, &input->segment,
        GST_AUDIO_INFO_RATE (&input->info), GST_AUDIO_INFO_BPF (&input->info));
    if (buffer)
      flow = push_clipped (input, buffer);
  }
  end (input);
  return flow;
}

GstFlowReturn
gst_mix_key_input_push_gap (
    GstMixKeyInput *input, GstClockTime pts, GstClockTime duration)
{
  begin (input);
  GstMixKeyItem *item = g_new0 (GstMixKeyItem, 1);
  item->start = start_of (input, pts);
  item->end = item->start + (GST_CLOCK_TIME_IS_VALID (duration) ? duration : 0);
  GstFlowReturn flow = push_item (input, item);
  end (input);
  return flow;
}

/* ---- The main sound ----------------------------------------------------- */

void
gst_mix_key_input_set_interrupted (
    GstMixKeyInput *input, gboolean is_interrupted)
{
  begin (input);
  input->is_interrupted = is_interrupted;
  end (input);
}

void
gst_mix_key_input_set_seeking (GstMixKeyInput *input, gboolean is_seeking)
{
  begin (input);
  input->is_seeking = is_seeking;
  end (input);
}

void
gst_mix_key_input_set_main_ended (GstMixKeyInput *input, gboolean ended)
{
  begin (input);
  input->main_has_ended = ended;
  if (ended)
    g_queue_clear_full (&input->items, free_item);
  end (input);
}

void
gst_mix_key_input_set_live (GstMixKeyInput *input, gboolean is_live)
{
  begin (input);
  input->is_live = is_live;
  end (input);
}

static gboolean
is_known (const GstMixKeyInput *input, GstClockTime until)
{
  if (input->is_seeking)
    return FALSE;
  if (!input->is_linked || input->is_muted || input->has_ended)
    return TRUE;
  return GST_CLOCK_TIME_IS_VALID (input->end)
         && input->end + TOLERANCE >= until;
}

GstMixKeyWait
gst_mix_key_input_wait (
    GstMixKeyInput *input, GstClockTime until, gint64 deadline)
{
  GstMixKeyWait result = GST_MIX_KEY_KNOWN;
  begin (input);
  input->wanted = until;
  g_cond_broadcast (&input->changed);
  while (result == GST_MIX_KEY_KNOWN && !is_known (input, until)) {
    if (input->is_interrupted)
      result = GST_MIX_KEY_INTERRUPTED;
    else if (input->thread == g_thread_self ())
      result = GST_MIX_KEY_DEADLOCK;
    else if (!g_cond_wait_until (&input->changed, &input->lock, deadline))
      result = GST_MIX_KEY_TIMEOUT;
  }
  input->wanted = GST_CLOCK_TIME_NONE;
  end (input);
  return result;
}

static void
drop_first (GstMixKeyInput *input)
{
  const GstMixKeyItem *first = g_queue_peek_head (&input->items);
  if (!input->is_muted)
    input->late += first->end - first->start;
  free_item (g_queue_pop_head (&input->items));
}

gboolean
gst_mix_key_input_take (GstMixKeyInput *input, GstClockTime from,
    GstClockTime until, GstMixKeyItem *item)
{
  GstMixKeyItem *first;
  begin (input);
  while ((first = g_queue_peek_head (&input->items)) && first->end <= from)
    drop_first (input);
  gboolean taken = first && first->start < until;
  if (taken) {
    *item = *first;
    g_free (g_queue_pop_head (&input->items));
    if (input->is_muted)
      gst_clear_buffer (&item->buffer);
    input->late = 0;
  }
  end (input);
  return taken;
}

/* A key that is behind is left alone: it was flushed, and the main sound is
 * about to be. */
void
gst_mix_key_input_skip (GstMixKeyInput *input, GstClockTime until)
{
  const GstMixKeyItem *first;
  begin (input);
  while (is_known (input, until) && (first = g_queue_peek_head (&input->items))
         && first->end <= until)
    free_item (g_queue_pop_head (&input->items));
  end (input);
}

gboolean
gst_mix_key_input_is_absent (GstMixKeyInput *input)
{
  begin (input);
  gboolean absent = !input->is_linked || input->is_muted
                    || (input->has_ended && g_queue_is_empty (&input->items));
  end (input);
  return absent;
}

gboolean
gst_mix_key_input_was_flushed_by (GstMixKeyInput *input, guint32 seqnum)
{
  begin (input);
  gboolean was = input->flush_seqnum == seqnum;
  end (input);
  return was;
}

GstClockTime
gst_mix_key_input_late (GstMixKeyInput *input)
{
  begin (input);
  GstClockTime late = input->late;
  end (input);
  return late;
}
