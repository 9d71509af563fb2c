/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ends and gaps: nothing that came in is lost, nothing stale comes out. */
#include <math.h>
#include <string.h>

#include "rig.h"

#define RATE 48000

/* The echo's output for an impulse at 0, from the definition. */
static gfloat
echo_at (guint frame, guint time, gdouble feedback)
{
  return frame % time == 0 ? (gfloat)pow (feedback, frame / time) : 0;
}

static void
push_impulse (Rig *rig, guint frames, GstBufferFlags flags)
{
  gfloat *data = g_new0 (gfloat, (gsize)frames * rig->channels);
  for (guint c = 0; c < rig->channels; c++)
    data[c] = 1;
  rig_push (rig, data, frames, flags);
  g_free (data);
}

static void
assert_echo (Rig *rig, guint from, guint to, guint time, gdouble feedback)
{
  for (guint i = from; i < to; i++)
    g_assert_cmpfloat_with_epsilon (
        rig_sample (rig, i, 0), echo_at (i, time, feedback), 2e-5);
}

static void
test_tail_until_silent (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  push_impulse (rig, 100, 0);
  rig_finish (rig);
  /* 0.5^17 is under -100 dB; the pause after it and a buffer may follow */
  g_assert_cmpuint (rig_frames (rig), >, 17 * 4800);
  g_assert_cmpuint (rig_frames (rig), <, 20 * 4800);
  assert_echo (rig, 0, rig_frames (rig), 4800, 0.5);
  for (guint i = 1; i < rig->buffers->len; i++)
    g_assert_cmpuint (rig_buffer (rig, i)->frames, <=, 1024);
  rig_free (rig);
}

static void
test_tail_max (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=99 tail-max=700", RATE, 1);
  push_impulse (rig, 100, 0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 100 + 33600);
  rig_free (rig);
}

static GstPadProbeReturn
refuse (GstPad *pad, GstPadProbeInfo *info, gpointer count)
{
  (void)pad;
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_EOS;
  (*(guint *)count)++;
  return GST_PAD_PROBE_HANDLED;
}

/* The delayed side comes out whole; what does not ring adds nothing. */
static void
test_late_side_is_played_out (void)
{
  Rig *rig = rig_new ("miximager haas=30", RATE, 2);
  Rig *still = rig_new ("miximager width=150", RATE, 2);
  gfloat *noise = rig_noise (4800, 2, 0.5f);
  const guint late = RATE * 30 / 1000;
  rig_push_all (rig, noise, 4800, 0);
  rig_finish (rig);
  rig_push_all (still, noise, 4800, 0);
  rig_finish (still);
  g_assert_cmpuint (rig_frames (still), ==, 4800);
  g_assert_cmpuint (rig_frames (rig), >=, 4800 + late);
  for (guint i = 0; i < 4800; i++) {
    g_assert_cmpfloat (rig_sample (rig, i, 0), ==, noise[2 * i]);
    g_assert_cmpfloat (rig_sample (rig, i + late, 1), ==, noise[2 * i + 1]);
  }
  rig_free (rig);
  rig_free (still);
  g_free (noise);
}

static void
test_tail_stops_when_refused (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=99", RATE, 1);
  guint count = 0;
  GstPad *pad = gst_element_get_static_pad (rig->element, "src");
  push_impulse (rig, 100, 0);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, refuse, &count, NULL);
  rig_finish (rig);
  g_assert_cmpuint (count, ==, 1);
  gst_object_unref (pad);
  rig_free (rig);
}

static void
test_segment_keeps_tail (void)
{
  Rig *rig = rig_new ("mixtestecho", RATE, 1);
  GstSegment segment;
  push_impulse (rig, 1000, 0);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.base = 1000 * GST_SECOND / RATE; /* goes on, but not by the clock */
  rig_event (rig, gst_event_new_segment (&segment));
  rig_push (rig, NULL, 10000, 0);
  rig_pull (rig);
  assert_echo (rig, 0, 11000, 4800, 0.5);
  rig_free (rig);
}

/* audiomixer clips to the segment: one that ends would cut the tail. */
static void
test_tail_outlives_segment (void)
{
  Rig *rig = rig_new ("mixtestecho", RATE, 1);
  GstSegment segment;
  const GstSegment *passed;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = GST_SECOND / 10;
  rig_event (rig, gst_event_new_segment (&segment));
  push_impulse (rig, 4800, 0);
  rig_finish (rig);
  GstEvent *event
      = gst_pad_get_sticky_event (rig->harness->sinkpad, GST_EVENT_SEGMENT, 0);
  gst_event_parse_segment (event, &passed);
  g_assert_cmpuint (passed->stop, ==, GST_CLOCK_TIME_NONE);
  g_assert_cmpuint (rig_frames (rig), >, 17 * 4800);
  gst_event_unref (event);
  rig_free (rig);
}

/* What is inside leaves before these, too, and before EOS when others came
 * between. */
static void
test_drained_by (gconstpointer description)
{
  for (guint i = 0; i < 3; i++) {
    Rig *rig = rig_new (description, RATE, 2);
    gfloat *noise = rig_noise (4800, 2, 0.1f);
    g_object_set (rig->element, "bypass", TRUE, NULL); /* no tail */
    rig_push_all (rig, noise, 4800, 1000);
    rig_event (rig,
        i == 0   ? gst_event_new_segment_done (GST_FORMAT_TIME, 0)
        : i == 1 ? gst_event_new_stream_group_done (1)
                 : gst_event_new_gap (GST_SECOND / 10, GST_CLOCK_TIME_NONE));
    if (i < 2)
      rig_event (rig, gst_event_new_eos ());
    rig_pull (rig);
    g_assert_cmpuint (rig_frames (rig), ==, 4800);
    rig_free (rig);
    g_free (noise);
  }
}

/* Too little memory is an error, not a crash at the next event. */
static void
test_starved (void)
{
  Rig *rig = rig_new ("mixtestecho starved=true", RATE, 1);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_ERROR), >=, 1);
  gst_harness_push_event (rig->harness, gst_event_new_flush_start ());
  gst_harness_push_event (rig->harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (rig->harness, gst_event_new_eos ());
  rig_free (rig);
}

static void
test_eos_without_data (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 0);
  rig_free (rig);
}

/* Shorter than any look-ahead: all of it must come. */
static void
test_short_stream (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (10, 2, 0.1f);
  rig_push_all (rig, noise, 10, 1);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 10);
  if (!rig_has_tail (rig))
    g_assert_cmpuint (rig_frames (rig), ==, 10);
  rig_free (rig);
  g_free (noise);
}

/* After a flush the element is as new: nothing pushed, nothing remembered. */
static void
test_flush (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  Rig *fresh = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (9600, 2, 0.5f);
  GstSegment segment;
  rig_push_all (rig, noise, 9600, 1024);
  rig_pull (rig);
  guint before = rig_frames (rig);
  rig_event (rig, gst_event_new_flush_start ());
  rig_event (rig, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  rig_event (rig, gst_event_new_segment (&segment));
  rig_pull (rig);
  g_assert_cmpuint (rig_frames (rig), ==, before);

  rig->pushed = 0;
  rig_push_all (rig, noise, 9600, 1024);
  rig_finish (rig);
  rig_push_all (fresh, noise, 9600, 1024);
  rig_finish (fresh);
  g_assert_cmpuint (rig_frames (rig) - before, ==, rig_frames (fresh));
  g_assert_cmpmem (&g_array_index (rig->samples, gfloat, before * 2),
      rig_frames (fresh) * 8, fresh->samples->data, rig_frames (fresh) * 8);
  rig_free (rig);
  rig_free (fresh);
  g_free (noise);
}

/* An element that came to its EOS can play again as if new. */
static void
test_after_eos (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (4800, 2, 0.5f);
  GstSegment segment;
  rig_push_all (rig, noise, 4800, 1024);
  rig_finish (rig);
  guint once = rig_frames (rig);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  rig_event (rig, gst_event_new_stream_start ("again"));
  rig_event (rig, gst_event_new_segment (&segment));
  rig->pushed = 0;
  rig_push_all (rig, noise, 4800, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 2 * once);
  g_assert_cmpmem (&g_array_index (rig->samples, gfloat, once * 2), once * 8,
      rig->samples->data, once * 8);
  rig_free (rig);
  g_free (noise);
}

/* Flagged silence stays flagged when nothing sounds. */
static void
test_gap_buffers_silent (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  for (guint i = 0; i < 20; i++)
    rig_push (rig, NULL, 1000, GST_BUFFER_FLAG_GAP);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, 20000);
  for (guint i = 0; i < rig->buffers->len; i++)
    g_assert_true (rig_buffer (rig, i)->gap);
  rig_free (rig);
}

/* audiomixer skips flagged buffers: what rings in them must not be flagged;
 * what does not ring any more must be. What lies in a flagged buffer counts as
 * zeros. */
static void
test_gap_buffers_ringing (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  gfloat *garbage = rig_noise (1000, 1, 1);
  push_impulse (rig, 1000, 0);
  for (guint i = 0; i < 150; i++)
    rig_push (rig, garbage, 1000, GST_BUFFER_FLAG_GAP);
  rig_pull (rig);
  assert_echo (rig, 0, rig_frames (rig), 4800, 0.5);
  guint flagged = 0;
  for (guint i = 0; i < rig->buffers->len; i++) {
    RigBuffer *b = rig_buffer (rig, i);
    flagged += b->gap;
    if (b->first < 16 * 4800)
      g_assert_false (b->gap);
  }
  g_assert_true (rig_buffer (rig, rig->buffers->len - 1)->gap);
  g_assert_cmpuint (flagged, >, 10);
  rig_free (rig);
  g_free (garbage);
}

static void
test_gap_events (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  rig_push (rig, NULL, 4800, GST_BUFFER_FLAG_GAP);
  rig_event (rig, gst_event_new_gap (100 * GST_MSECOND, GST_SECOND));
  rig->pushed += RATE;
  rig_pull (rig);
  g_assert_cmpuint (rig->gap_frames, >, 0);
  gfloat *noise = rig_noise (4800, 1, 0.1f);
  rig_push_all (rig, noise, 4800, 1000);
  rig_finish (rig);
  RigBuffer *last = rig_buffer (rig, rig->buffers->len - 1);
  guint end = 4800 + RATE + 4800;
  g_assert_cmpuint (rig_frames (rig) + rig->gap_frames, >=, end);
  g_assert_cmpuint (last->offset_end, >=, end);
  rig_free (rig);
  g_free (noise);
}

/* A gap event while an echo rings becomes sound. */
static void
test_gap_event_ringing (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  push_impulse (rig, 4800, 0);
  GstEvent *gap = gst_event_new_gap (100 * GST_MSECOND, 5 * GST_SECOND);
  gst_event_set_gap_flags (gap, GST_GAP_FLAG_MISSING_DATA);
  rig_event (rig, gap);
  rig_finish (rig);
  g_assert_cmpint (rig->gap_flags, ==, GST_GAP_FLAG_MISSING_DATA);
  g_assert_cmpuint (rig_frames (rig), >, 17 * 4800);
  assert_echo (rig, 0, rig_frames (rig), 4800, 0.5);
  g_assert_cmpuint (rig_frames (rig) + rig->gap_frames, ==, 4800 + 5 * RATE);
  rig_free (rig);
}

static void
add_echo (const gchar *name, GTestDataFunc test)
{
  g_autofree gchar *plain = g_strdup_printf ("/ends/%s/plain", name);
  g_autofree gchar *ahead = g_strdup_printf ("/ends/%s/look-ahead", name);
  g_test_add_data_func (plain, "mixtestecho", test);
  g_test_add_data_func (ahead, "mixtestecho look-ahead=7", test);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  add_echo ("tail-until-silent", test_tail_until_silent);
  g_test_add_func ("/ends/tail-max", test_tail_max);
  g_test_add_func ("/ends/late-side", test_late_side_is_played_out);
  g_test_add_func ("/ends/tail-refused", test_tail_stops_when_refused);
  g_test_add_func ("/ends/segment-keeps-tail", test_segment_keeps_tail);
  g_test_add_func ("/ends/tail-outlives-segment", test_tail_outlives_segment);
  g_test_add_func ("/ends/starved", test_starved);
  rig_add_each ("/ends/drained-by", test_drained_by);
  rig_add_each ("/ends/eos-without-data", test_eos_without_data);
  rig_add_each ("/ends/short-stream", test_short_stream);
  rig_add_each ("/ends/flush", test_flush);
  rig_add_each ("/ends/after-eos", test_after_eos);
  rig_add_each ("/ends/gap-buffers-silent", test_gap_buffers_silent);
  add_echo ("gap-buffers-ringing", test_gap_buffers_ringing);
  rig_add_each ("/ends/gap-events", test_gap_events);
  add_echo ("gap-event-ringing", test_gap_event_ringing);
  return rig_run ();
}
