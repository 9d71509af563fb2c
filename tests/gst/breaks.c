/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the unit processes where the stream is not continuous: at a hole, a
 * jump, an end, a gap. */
#include <math.h>

#include "rig.h"

#define RATE 48000

static GstClockTime
time_of (guint frames)
{
  return gst_util_uint64_scale (frames, GST_SECOND, RATE);
}

/* The frame, by the timestamps, of the loudest sample at or after `from`. */
static guint
loudest_after (Rig *rig, guint from)
{
  guint at = 0;
  gfloat most = 0;
  for (guint b = 0; b < rig->buffers->len; b++) {
    const RigBuffer *buffer = rig_buffer (rig, b);
    for (guint i = 0; i < buffer->frames; i++) {
      guint frame
          = (guint)gst_util_uint64_scale_round (buffer->pts, RATE, GST_SECOND)
            + i;
      gfloat level = fabsf (rig_sample (rig, buffer->first + i, 0));
      if (frame >= from && level > most) {
        most = level;
        at = frame;
      }
    }
  }
  return at;
}

/* A hole of 5 ms is 5 ms of silence to the unit, even if the look-ahead is
 * longer: an echo across it comes in time. */
static void
test_short_hole (void)
{
  Rig *rig = rig_new ("mixtestecho look-ahead=20 time=100", RATE, 1);
  gfloat *click = g_new0 (gfloat, 2400);
  click[0] = 0.5f;
  rig_push_at (rig, click, 2400, 0, GST_BUFFER_FLAG_DISCONT);
  rig_push_at (rig, NULL, 4800, time_of (2400 + 240), GST_BUFFER_FLAG_DISCONT);
  rig_finish (rig);
  g_assert_cmpuint (loudest_after (rig, 0), ==, 0);
  g_assert_cmpuint (loudest_after (rig, 1), ==, RATE / 10);
  rig_free (rig);
  g_free (click);
}

/* Before a jump all that came in leaves, and does not wait for more. */
static void
test_jump_back (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (RATE / 2, 2, 0.1f);
  rig_push_at (rig, noise, RATE / 2, 5 * GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  rig_push_at (rig, noise, 10, GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  rig_pull (rig);
  g_assert_cmpuint (rig_frames (rig), >=, RATE / 2);
  rig_free (rig);
  g_free (noise);
}

static void
begin_stream (Rig *rig)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  rig_event (rig, gst_event_new_stream_start ("next"));
  rig_event (rig, gst_event_new_segment (&segment));
  rig->pushed = 0;
}

/* What was set between EOS and the next stream stands at its first sample. */
static void
test_set_after_eos (void)
{
  Rig *rig = rig_new ("mixcompressor threshold=0", RATE, 1);
  Rig *fresh = rig_new ("mixcompressor threshold=0 makeup=12", RATE, 1);
  gfloat *noise = rig_noise (4800, 1, 0.1f);
  rig_push_all (rig, noise, 4800, 1000);
  rig_finish (rig);
  guint before = rig_frames (rig);
  g_object_set (rig->element, "makeup", 12.0, NULL);
  begin_stream (rig);
  rig_push_all (rig, noise, 4800, 1000);
  rig_push_all (fresh, noise, 4800, 1000);
  rig_finish (rig);
  rig_finish (fresh);
  for (guint i = 0; i < 4800; i++)
    g_assert_cmpfloat (
        rig_sample (rig, before + i, 0), ==, rig_sample (fresh, i, 0));
  rig_free (rig);
  rig_free (fresh);
  g_free (noise);
}

/* A gap event that is passed on takes its time in the unit: the gain recovers
 * as it does over silence. */
static void
test_release_in_gap (void)
{
  Rig *rig = rig_new (
      "mixcompressor threshold=-40 ratio=10 release=200 knee=0", RATE, 1);
  gfloat *loud = rig_sine (RATE, 1, RATE, 1000, 0.5f);
  gfloat *soft = rig_sine (4800, 1, RATE, 1000, 0.001f);
  rig_push_all (rig, loud, RATE, 1000);
  rig_event (rig, gst_event_new_gap (GST_SECOND, 5 * GST_SECOND));
  rig_push_at (rig, soft, 4800, 6 * GST_SECOND, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig->gap_frames, ==, 5 * RATE);
  for (guint i = 0; i < 480; i++)
    g_assert_cmpfloat_with_epsilon (
        rig_sample (rig, RATE + i, 0), soft[i], 0.00002);
  rig_free (rig);
  g_free (loud);
  g_free (soft);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  g_test_add_func ("/breaks/short-hole", test_short_hole);
  rig_add_each ("/breaks/jump-back", test_jump_back);
  g_test_add_func ("/breaks/set-after-eos", test_set_after_eos);
  g_test_add_func ("/breaks/release-in-gap", test_release_in_gap);
  return rig_run ();
}
