/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline.h"

static void
free_span (gpointer data)
{
  GstMixSpan *span = data;
  g_list_free_full (span->events, (GDestroyNotify)gst_event_unref);
  g_free (span);
}

static GstMixSpan *
append_span (GstMixTimeline *self)
{
  GstMixSpan *span = g_new0 (GstMixSpan, 1);
  span->first = span->pts_frame = self->in;
  span->pts = GST_CLOCK_TIME_NONE;
  g_queue_push_tail (&self->spans, span);
  return span;
}

void
gst_mix_timeline_clear (GstMixTimeline *self)
{
  g_queue_clear_full (&self->spans, free_span);
}

void
gst_mix_timeline_restart (GstMixTimeline *self, guint rate, guint latency)
{
  gst_mix_timeline_clear (self);
  self->rate = rate;
  self->in = self->out = 0;
  self->next_pts = self->out_end = GST_CLOCK_TIME_NONE;
  self->next_offset = 0;
  gst_mix_timeline_set_latency (self, latency);
}

void
gst_mix_timeline_set_latency (GstMixTimeline *self, guint latency)
{
  g_return_if_fail (!gst_mix_timeline_holds_sound (self));
  gst_mix_timeline_clear (self);
  self->out = self->in - latency;
  GstMixSpan *span = append_span (self);
  span->is_padding = TRUE;
  span->first = self->out;
}

/* The frame behind the last of a span in the queue. */
static gint64
end_of (const GstMixTimeline *self, const GList *link)
{
  return link->next ? ((const GstMixSpan *)link->next->data)->first : self->in;
}

gboolean
gst_mix_timeline_holds_sound (const GstMixTimeline *self)
{
  for (const GList *l = self->spans.head; l; l = l->next) {
    const GstMixSpan *span = l->data;
    if (!span->is_padding && end_of (self, l) > MAX (span->first, self->out))
      return TRUE;
  }
  return FALSE;
}

gboolean
gst_mix_timeline_has_begun (const GstMixTimeline *self)
{
  return self->in > 0
         && (GST_CLOCK_TIME_IS_VALID (self->out_end)
             || gst_mix_timeline_holds_sound (self));
}

gboolean
gst_mix_timeline_is_padding (const GstMixTimeline *self)
{
  return ((const GstMixSpan *)self->spans.tail->data)->is_padding;
}

/* An open span that is still empty is dropped; the next takes its events. */
static GList *
take_empty_span (GstMixTimeline *self)
{
  GstMixSpan *last = g_queue_peek_tail (&self->spans);
  GList *events = NULL;
  if (!last || last->first < self->in)
    return NULL;
  events = g_steal_pointer (&last->events);
  free_span (g_queue_pop_tail (&self->spans));
  return events;
}

void
gst_mix_timeline_open (GstMixTimeline *self, GstClockTime pts, guint64 offset,
    const GstSegment *segment, gboolean discont, GList *events)
{
  events = g_list_concat (take_empty_span (self), events);
  GstMixSpan *span = append_span (self);
  span->discont = discont;
  span->events = events;
  span->segment = self->segment = *segment;
  span->pts = GST_CLOCK_TIME_IS_VALID (pts) ? pts : self->next_pts;
  span->offset = offset != GST_BUFFER_OFFSET_NONE ? offset : self->next_offset;
  self->next_pts = span->pts;
  self->next_offset = span->offset;
}

void
gst_mix_timeline_open_padding (GstMixTimeline *self)
{
  GList *events = take_empty_span (self);
  GstMixSpan *span = append_span (self);
  span->is_padding = TRUE;
  span->events = events;
}

static GstClockTime
distance (GstClockTime a, GstClockTime b)
{
  return a > b ? a - b : b - a;
}

void
gst_mix_timeline_follow (GstMixTimeline *self, GstClockTime pts, guint64 offset)
{
  GstMixSpan *span = g_queue_peek_tail (&self->spans);
  if (GST_CLOCK_TIME_IS_VALID (pts)
      && (!GST_CLOCK_TIME_IS_VALID (self->next_pts)
          || distance (pts, self->next_pts) > GST_SECOND / 2 / self->rate)) {
    span->pts = self->next_pts = pts;
    span->pts_frame = self->in;
  }
  if (offset != GST_BUFFER_OFFSET_NONE) {
    /* unsigned wrap-around serves a number that went back as well */
    span->offset = offset - (guint64)(self->in - span->first);
    self->next_offset = offset;
  }
}

void
gst_mix_timeline_feed (GstMixTimeline *self, guint frames)
{
  const GstMixSpan *span = g_queue_peek_tail (&self->spans);
  self->in += frames;
  if (span->is_padding)
    return;
  self->next_pts = gst_mix_timeline_time (self, span, self->in);
  self->next_offset += frames;
}

const GstMixSpan *
gst_mix_timeline_find (const GstMixTimeline *self, gint64 frame, gint64 *end)
{
  for (const GList *l = self->spans.head; l; l = l->next) {
    const GstMixSpan *span = l->data;
    *end = end_of (self, l);
    if (frame >= span->first && frame < *end)
      return span;
  }
  return NULL;
}

/* Rounded up, before the anchor too. */
GstClockTime
gst_mix_timeline_time (
    const GstMixTimeline *self, const GstMixSpan *span, gint64 frame)
{
  if (!GST_CLOCK_TIME_IS_VALID (span->pts))
    return GST_CLOCK_TIME_NONE;
  if (frame >= span->pts_frame)
    return span->pts
           + gst_util_uint64_scale_ceil (
               frame - span->pts_frame, GST_SECOND, self->rate);
  GstClockTime before
      = gst_util_uint64_scale (span->pts_frame - frame, GST_SECOND, self->rate);
  return span->pts > before ? span->pts - before : 0;
}

static void
stamp (GstMixTimeline *self, const GstMixSpan *span, GstMixPiece *piece)
{
  GstClockTime end
      = gst_mix_timeline_time (self, span, self->out + piece->frames);
  piece->pts = gst_mix_timeline_time (self, span, self->out);
  piece->duration = GST_CLOCK_TIME_IS_VALID (piece->pts) ? end - piece->pts
                                                         : GST_CLOCK_TIME_NONE;
  piece->offset = span->offset + (guint64)(self->out - span->first);
  piece->discont
      = (span->discont && self->out == span->first)
        || (GST_CLOCK_TIME_IS_VALID (piece->pts)
            && GST_CLOCK_TIME_IS_VALID (self->out_end)
            && distance (piece->pts, self->out_end) > GST_MIX_TIMELINE_JUMP);
  self->out_end = end;
}

/* Frees spans that have left completely, except the open one. */
static void
drop_spent_spans (GstMixTimeline *self)
{
  while (self->spans.length > 1) {
    const GstMixSpan *span = self->spans.head->data;
    if (end_of (self, self->spans.head) > self->out || span->events)
      return;
    free_span (g_queue_pop_head (&self->spans));
  }
}

void
gst_mix_timeline_leave (GstMixTimeline *self, guint most, GstMixPiece *piece)
{
  drop_spent_spans (self);
  GstMixSpan *span = g_queue_peek_head (&self->spans);
  gint64 left = end_of (self, self->spans.head) - self->out;
  *piece = (GstMixPiece){ .frames = (guint)MIN ((gint64)most, left),
    .first = self->out,
    .is_padding = span->is_padding,
    .pts = GST_CLOCK_TIME_NONE,
    .duration = GST_CLOCK_TIME_NONE,
    .events = g_steal_pointer (&span->events) };
  if (!span->is_padding)
    stamp (self, span, piece);
  self->out += piece->frames;
  drop_spent_spans (self);
}
