/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue of spans and the arithmetic of timestamps by themselves. */
#include "stream/timeline.h"

#define S GST_SECOND
#define NONE GST_CLOCK_TIME_NONE
#define NO_OFFSET GST_BUFFER_OFFSET_NONE

static GstSegment segment;

static void
open_at (GstMixTimeline *t, GstClockTime pts, guint64 offset)
{
  gst_mix_timeline_open (t, pts, offset, &segment, FALSE, NULL);
}

static GstClockTime
time_of (const GstMixTimeline *t, gint64 frame)
{
  gint64 end;
  const GstMixSpan *span = gst_mix_timeline_find (t, frame, &end);
  return span ? gst_mix_timeline_time (t, span, frame) : NONE;
}

static GstMixPiece
leave (GstMixTimeline *t, guint most)
{
  GstMixPiece piece;
  gst_mix_timeline_leave (t, most, &piece);
  return piece;
}

/* What audiomixer computes from a timestamp must be the frame it belongs to,
 * at every rate and however long the stream. */
static void
test_rounding (void)
{
  static const guint rates[]
      = { 8000, 11025, 44100, 48000, 88200, 96000, 192000, 384000 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    GstMixTimeline t = { 0 };
    gst_mix_timeline_restart (&t, rates[r], 0);
    open_at (&t, 0, 0);
    const GstMixSpan *span = t.spans.tail->data;
    for (gint64 frame = 0; frame < 4000000000; frame += 12345677) {
      GstClockTime time = gst_mix_timeline_time (&t, span, frame);
      g_assert_cmpuint (gst_util_uint64_scale (time, rates[r], S), ==, frame);
    }
    gst_mix_timeline_clear (&t);
  }
}

/* A look-ahead gives out its own length of padding first. */
static void
test_look_ahead (void)
{
  GstMixTimeline t = { 0 };
  gst_mix_timeline_restart (&t, 48000, 100);
  g_assert_false (gst_mix_timeline_holds_sound (&t));
  open_at (&t, 10 * S, 700);
  gst_mix_timeline_feed (&t, 300);
  g_assert_true (gst_mix_timeline_holds_sound (&t));
  GstMixPiece piece = leave (&t, 300);
  g_assert_true (piece.is_padding);
  g_assert_cmpuint (piece.frames, ==, 100);
  piece = leave (&t, 200);
  g_assert_false (piece.is_padding);
  g_assert_cmpuint (piece.frames, ==, 200);
  g_assert_cmpuint (piece.pts, ==, 10 * S);
  g_assert_cmpuint (piece.offset, ==, 700);
  g_assert_cmpint (t.in - t.out, ==, 100);
  gst_mix_timeline_clear (&t);
}

/* The anchor follows upstream's clock, for what is inside as well. */
static void
test_anchor (void)
{
  GstMixTimeline t = { 0 };
  gst_mix_timeline_restart (&t, 48000, 0);
  open_at (&t, 10 * S, 0);
  gst_mix_timeline_feed (&t, 48000);
  g_assert_cmpuint (time_of (&t, 24000), ==, 10 * S + S / 2);
  gst_mix_timeline_follow (&t, 11 * S + GST_MSECOND, NO_OFFSET);
  gst_mix_timeline_feed (&t, 48000);
  g_assert_cmpuint (time_of (&t, 24000), ==, 10 * S + S / 2 + GST_MSECOND);
  g_assert_cmpuint (t.next_pts, ==, 12 * S + GST_MSECOND);
  gst_mix_timeline_clear (&t);
}

/* Shorter spans than the look-ahead, with silence between that is nobody's:
 * each frame has its own time, each span its own flag. */
static void
test_short_spans (void)
{
  GstMixTimeline t = { 0 };
  guint64 taken = 0;
  gst_mix_timeline_restart (&t, 1000, 50);
  for (guint i = 0; i < 40; i++) {
    gst_mix_timeline_open_padding (&t);
    gst_mix_timeline_feed (&t, 3);
    gst_mix_timeline_open (&t, i * S, 7000 + i, &segment, TRUE, NULL);
    gst_mix_timeline_feed (&t, 10);
    for (guint left = 13; left > 0;) {
      GstMixPiece piece = leave (&t, left);
      left -= piece.frames;
      if (piece.is_padding)
        continue;
      guint64 at = taken % 10;
      g_assert_cmpuint (piece.pts, ==, taken / 10 * S + at * GST_MSECOND);
      g_assert_cmpuint (piece.offset, ==, 7000 + taken / 10 + at);
      g_assert_cmpint (piece.discont, ==, at == 0);
      taken += piece.frames;
    }
    g_assert_cmpint (t.in - t.out, ==, 50);
  }
  g_assert_cmpuint (taken, ==, 400 - 40); /* inside: 3 spans and 11 frames */
  gst_mix_timeline_clear (&t);
}

/* An event leaves before the frame it came before; an empty span loses none. */
static void
test_events (void)
{
  GstMixTimeline t = { 0 };
  gst_mix_timeline_restart (&t, 48000, 10);
  open_at (&t, 0, 0);
  gst_mix_timeline_feed (&t, 20);
  leave (&t, 10);
  g_assert_cmpuint (leave (&t, 10).frames, ==, 10);
  gst_mix_timeline_open (&t, S, 0, &segment, FALSE,
      g_list_append (NULL, gst_event_new_stream_start ("a")));
  gst_mix_timeline_open (&t, S, 0, &segment, FALSE,
      g_list_append (NULL, gst_event_new_stream_start ("b")));
  gst_mix_timeline_feed (&t, 20);
  GstMixPiece piece = leave (&t, 20);
  g_assert_null (piece.events);
  g_assert_cmpuint (piece.frames, ==, 10);
  piece = leave (&t, 10);
  g_assert_cmpuint (g_list_length (piece.events), ==, 2);
  g_assert_cmpuint (piece.pts, ==, S);
  g_list_free_full (piece.events, (GDestroyNotify)gst_event_unref);
  gst_mix_timeline_clear (&t);
}

/* A year of 10 ms buffers that are each stamped 100 ns late adds nothing up. */
static void
test_no_drift (void)
{
  GstMixTimeline t = { 0 };
  gst_mix_timeline_restart (&t, 44100, 0);
  open_at (&t, 0, 0);
  for (guint64 i = 0; i < 3000000; i++) {
    GstClockTime pts
        = gst_util_uint64_scale (i * 441, S, 44100) + (i % 7) * 100;
    gst_mix_timeline_follow (&t, pts, i * 441);
    gst_mix_timeline_feed (&t, 441);
    GstMixPiece piece = leave (&t, 441);
    g_assert_cmpint (ABS ((gint64)piece.pts - (gint64)pts), <, S / 44100);
  }
  gst_mix_timeline_clear (&t);
}

static void
test_stamp (void)
{
  GstMixTimeline t = { 0 };
  gst_mix_timeline_restart (&t, 48000, 0);
  open_at (&t, S, 100);
  gst_mix_timeline_feed (&t, 4800);
  GstMixPiece piece = leave (&t, 4800);
  g_assert_cmpuint (piece.pts, ==, S);
  g_assert_cmpuint (piece.duration, ==, S / 10);
  g_assert_cmpuint (piece.offset, ==, 100);
  g_assert_false (piece.discont);
  open_at (&t, NONE, NO_OFFSET); /* goes on */
  gst_mix_timeline_feed (&t, 4800);
  piece = leave (&t, 4800);
  g_assert_cmpuint (piece.pts, ==, S + S / 10);
  g_assert_cmpuint (piece.offset, ==, 4900);
  open_at (&t, 2 * S, 9000);
  gst_mix_timeline_feed (&t, 4800);
  piece = leave (&t, 4800);
  g_assert_true (piece.discont);
  g_assert_cmpuint (piece.offset, ==, 9000);
  gst_mix_timeline_clear (&t);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  g_test_add_func ("/timeline/rounding", test_rounding);
  g_test_add_func ("/timeline/look-ahead", test_look_ahead);
  g_test_add_func ("/timeline/anchor", test_anchor);
  g_test_add_func ("/timeline/short-spans", test_short_spans);
  g_test_add_func ("/timeline/events", test_events);
  g_test_add_func ("/timeline/no-drift", test_no_drift);
  g_test_add_func ("/timeline/stamp", test_stamp);
  return g_test_run ();
}
