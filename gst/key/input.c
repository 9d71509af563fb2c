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
  input->position = input->wanted = GST_CLOCK_TIME_NONE;
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
  if (is_muted)
    g_queue_clear_full (&input->items, free_item);
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
  begin (input);
  GstClockTime start
      = gst_segment_to_running_time (segment, GST_FORMAT_TIME, segment->start);
  input->segment = *segment;
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

/* Nobody will read what ends by then. */
static gboolean
is_past (const GstMixKeyInput *input, GstClockTime end)
{
  return input->main_has_ended || input->is_muted
         || (GST_CLOCK_TIME_IS_VALID (input->position)
             && end <= input->position);
}

static void
drop_past (GstMixKeyInput *input)
{
  GstMixKeyItem *item;
  while (
      (item = g_queue_peek_head (&input->items)) && is_past (input, item->end))
    free_item (g_queue_pop_head (&input->items));
}

/* How much is queued up to `end`. */
static GstClockTime
queued (GstMixKeyInput *input, GstClockTime end)
{
  const GstMixKeyItem *first = g_queue_peek_head (&input->items);
  GstClockTime start = first ? first->start : end;
  if (GST_CLOCK_TIME_IS_VALID (input->position))
    start = MAX (start, input->position);
  return end > start ? end - start : 0;
}

/* A main sound that waits for the key is never kept waiting. */
static gboolean
is_full (GstMixKeyInput *input)
{
  const GstMixKeyItem *last = g_queue_peek_tail (&input->items);
  if (!last || input->is_live || !input->is_linked)
    return FALSE;
  if (GST_CLOCK_TIME_IS_VALID (input->wanted) && last->end < input->wanted)
    return FALSE;
  return queued (input, last->end) > GST_MIX_KEY_MOST;
}

static void
count_late (GstMixKeyInput *input, const GstMixKeyItem *item)
{
  gboolean is_late = GST_CLOCK_TIME_IS_VALID (input->position)
                     && item->end <= input->position;
  input->late = is_late ? input->late + item->end - item->start : 0;
}

/* Takes the item. */
static GstFlowReturn
push_item (GstMixKeyInput *input, GstMixKeyItem *item)
{
  input->thread = g_thread_self ();
  input->end = item->end;
  count_late (input, item);
  g_cond_broadcast (&input->changed);
  while (!input->is_flushing && !is_past (input, item->end) && is_full (input))
    g_cond_wait (&input->changed, &input->lock);
  if (input->is_flushing || is_past (input, item->end)) {
    free_item (item);
    return input->is_flushing ? GST_FLOW_FLUSHING : GST_FLOW_OK;
  }
  g_queue_push_tail (&input->items, item);
  while (input->is_live && queued (input, item->end) > LIVE_MOST)
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
  input->position = input->wanted = GST_CLOCK_TIME_NONE;
  end (input);
}

void
gst_mix_key_input_set_main_ended (GstMixKeyInput *input, gboolean ended)
{
  begin (input);
  input->main_has_ended = ended;
  input->position = GST_CLOCK_TIME_NONE; /* may begin anew */
  drop_past (input);
  end (input);
}

void
gst_mix_key_input_set_live (GstMixKeyInput *input, gboolean is_live)
{
  begin (input);
  input->is_live = is_live;
  end (input);
}

void
gst_mix_key_input_set_position (GstMixKeyInput *input, GstClockTime position)
{
  begin (input);
  input->position = position;
  drop_past (input);
  end (input);
}

static gboolean
is_known (const GstMixKeyInput *input, GstClockTime until)
{
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

gboolean
gst_mix_key_input_take (
    GstMixKeyInput *input, GstClockTime until, GstMixKeyItem *item)
{
  begin (input);
  GstMixKeyItem *first = g_queue_peek_head (&input->items);
  gboolean taken = first && first->start < until;
  if (taken) {
    *item = *first;
    g_free (g_queue_pop_head (&input->items));
  }
  end (input);
  return taken;
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
