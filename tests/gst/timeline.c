/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arithmetic of timestamps by itself. */
#include "timeline.h"

#define S GST_SECOND

/* What audiomixer computes from a timestamp must be the frame it belongs to,
 * at every rate and however long the stream. */
static void
test_rounding (void)
{
  static const guint rates[]
      = { 8000, 11025, 44100, 48000, 88200, 96000, 192000, 384000 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    GstMixTimeline t;
    gst_mix_timeline_init (&t, rates[r]);
    gst_mix_timeline_push (&t, 0, 0, 1, TRUE);
    for (guint64 frame = 0; frame < 4000000000u; frame += 12345677) {
      GstClockTime time = gst_mix_timeline_time (&t, frame);
      g_assert_cmpuint (gst_util_uint64_scale (time, rates[r], S), ==, frame);
    }
  }
}

static void
test_anchor_before_and_after (void)
{
  GstMixTimeline t;
  gst_mix_timeline_init (&t, 48000);
  g_assert_false (GST_CLOCK_TIME_IS_VALID (gst_mix_timeline_time (&t, t.out)));
  gst_mix_timeline_push (&t, 10 * S, 700, 48000, TRUE);
  g_assert_cmpuint (gst_mix_timeline_time (&t, t.out), ==, 10 * S);
  g_assert_cmpuint (gst_mix_timeline_time (&t, 24000), ==, 10 * S + S / 2);
  /* half a second of look-ahead, upstream's clock went 1 ms ahead */
  GstClockTime pts, duration;
  gst_mix_timeline_leave (&t, 24000, &pts, &duration);
  g_assert_cmpuint (pts, ==, 10 * S);
  g_assert_cmpuint (duration, ==, S / 2);
  gst_mix_timeline_push (&t, 11 * S + GST_MSECOND, 48700, 48000, FALSE);
  g_assert_cmpuint (
      gst_mix_timeline_time (&t, t.out), ==, 10 * S + S / 2 + GST_MSECOND);
}

static void
test_jumps (void)
{
  GstMixTimeline t;
  gst_mix_timeline_init (&t, 48000);
  g_assert_false (gst_mix_timeline_is_jump (&t, 5 * S));
  gst_mix_timeline_push (&t, 5 * S, GST_BUFFER_OFFSET_NONE, 480, FALSE);
  g_assert_false (gst_mix_timeline_is_jump (&t, 5 * S + 10 * GST_MSECOND));
  g_assert_false (gst_mix_timeline_is_jump (&t, 5 * S + 49 * GST_MSECOND));
  g_assert_true (gst_mix_timeline_is_jump (&t, 5 * S + 51 * GST_MSECOND));
  g_assert_true (gst_mix_timeline_is_jump (&t, 4 * S));
  g_assert_false (gst_mix_timeline_is_jump (&t, GST_CLOCK_TIME_NONE));
}

/* A year of 10 ms buffers that are each stamped 100 ns late adds nothing up. */
static void
test_no_drift (void)
{
  GstMixTimeline t;
  GstClockTime pts = 0, out, duration;
  gst_mix_timeline_init (&t, 44100);
  for (guint64 i = 0; i < 3000000; i++) {
    pts = gst_util_uint64_scale (i * 441, S, 44100) + (i % 7) * 100;
    gst_mix_timeline_push (&t, pts, i * 441, 441, FALSE);
    gst_mix_timeline_leave (&t, 441, &out, &duration);
    g_assert_cmpint (ABS ((gint64)out - (gint64)pts), <, S / 44100);
  }
  g_assert_cmpuint (t.in, ==, t.out);
}

static void
test_stamp (void)
{
  GstMixTimeline t;
  GstBuffer *buffer = gst_buffer_new ();
  gst_mix_timeline_init (&t, 48000);
  gst_mix_timeline_push (&t, S, 100, 4800, TRUE);
  gst_mix_timeline_stamp (&t, buffer, 4800);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, S);
  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, S / 10);
  g_assert_cmpuint (GST_BUFFER_OFFSET (buffer), ==, 100);
  g_assert_cmpuint (GST_BUFFER_OFFSET_END (buffer), ==, 4900);
  g_assert_false (GST_BUFFER_IS_DISCONT (buffer));
  gst_mix_timeline_push (&t, 2 * S, 9000, 4800, TRUE);
  gst_mix_timeline_stamp (&t, buffer, 4800);
  g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  g_assert_cmpuint (GST_BUFFER_OFFSET (buffer), ==, 9000);
  gst_buffer_unref (buffer);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline/rounding", test_rounding);
  g_test_add_func ("/timeline/anchor", test_anchor_before_and_after);
  g_test_add_func ("/timeline/jumps", test_jumps);
  g_test_add_func ("/timeline/no-drift", test_no_drift);
  g_test_add_func ("/timeline/stamp", test_stamp);
  return g_test_run ();
}
