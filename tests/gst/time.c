/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Time: a sample leaves with the timestamp it came with. */
#include <math.h>
#include <string.h>

#include "rig.h"

#define RATE 44100
#define CLICK 20000

static guint64
latency_frames (Rig *rig)
{
  gdouble ms;
  g_object_get (rig->element, "latency", &ms, NULL);
  return (guint64)round (ms * rig->rate / 1000);
}

/* Every buffer begins where the one before ended and is stamped completely. */
static void
assert_seamless (Rig *rig)
{
  for (guint i = 0; i < rig->buffers->len; i++) {
    RigBuffer *b = rig_buffer (rig, i);
    guint64 frame = gst_util_uint64_scale_round (b->pts, rig->rate, GST_SECOND);
    g_assert_cmpuint (frame, ==, b->first);
    g_assert_cmpuint (b->offset, ==, b->first);
    g_assert_cmpuint (b->offset_end, ==, b->first + b->frames);
    g_assert_true (GST_CLOCK_TIME_IS_VALID (b->duration));
    g_assert_true (i == 0 || !b->discont);
    /* rounding up: the frame that audiomixer computes by rounding down */
    g_assert_cmpuint (
        gst_util_uint64_scale (b->pts, rig->rate, GST_SECOND), ==, b->first);
  }
}

static void
test_timestamps (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (RATE, 2, 0.1f);
  rig_push_all (rig, noise, RATE, 0);
  rig_pull (rig);
  g_assert_cmpuint (rig_frames (rig), ==, RATE - latency_frames (rig));
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, RATE);
  g_assert_cmpuint (rig_buffer (rig, 0)->pts, ==, 0);
  assert_seamless (rig);
  if (!rig_has_tail (rig))
    g_assert_cmpuint (rig_frames (rig), ==, RATE);
  rig_free (rig);
  g_free (noise);
}

/* The click is where it was, to the frame. */
static void
test_click (gconstpointer description)
{
  static const guint rates[] = { 44100, 48000, 96000 };
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    Rig *rig = rig_new (description, rates[r], 2);
    gfloat *data = g_new0 (gfloat, 2 * rates[r]);
    guint loudest = 0;
    data[2 * CLICK] = data[2 * CLICK + 1] = 0.01f;
    rig_push_all (rig, data, rates[r], 1000);
    rig_finish (rig);
    for (guint i = 0; i < rig_frames (rig); i++)
      if (fabsf (rig_sample (rig, i, 0)) > fabsf (rig_sample (rig, loudest, 0)))
        loudest = i;
    g_assert_cmpuint (loudest, ==, CLICK);
    rig_free (rig);
    g_free (data);
  }
}

static void
test_latency_query (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  GstClockTime upstream = 10 * GST_MSECOND;
  rig_push (rig, NULL, 4096, 0);
  GstClockTime own
      = gst_util_uint64_scale_ceil (latency_frames (rig), GST_SECOND, RATE);
  if (rig->key) /* its last frame is there no earlier in a live pipeline */
    upstream += gst_util_uint64_scale_round (4096, GST_SECOND, RATE);
  gst_harness_set_upstream_latency (rig->harness, 10 * GST_MSECOND);
  g_assert_cmpuint (
      gst_harness_query_latency (rig->harness), ==, upstream + own);
  if (own > 0 && !rig->key) /* whose pad has it asked again */
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_LATENCY), ==, 1);
  rig_free (rig);
}

/* A new latency in mid-stream: a latency message, no frame lost or doubled. */
static void
test_latency_change (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  gfloat *noise = rig_noise (30000, 1, 0.01f);
  GParamSpec *pspec = g_object_class_find_property (
      G_OBJECT_GET_CLASS (rig->element), "look-ahead");
  gdouble steps[] = { 3, 12, 0.7, 5 };
  if (pspec && !(pspec->flags & GST_PARAM_MUTABLE_PLAYING))
    pspec = NULL; /* it waits for the next start */
  for (guint i = 0; pspec && i < 5; i++) {
    rig_push_all (rig, noise + i * 6000, 6000, i % 2 ? 1024 : 64);
    if (i < 4)
      g_object_set (rig->element, "look-ahead", steps[i], NULL);
  }
  if (pspec) {
    rig_finish (rig);
    g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_LATENCY), >=, 4);
    g_assert_cmpuint (rig_frames (rig), >=, 30000);
    assert_seamless (rig);
  }
  rig_free (rig);
  g_free (noise);
}

/* The same to the sample, and while something else is automated. */
static void
test_no_sample_lost (gconstpointer automated)
{
  Rig *rig = rig_new ("mixtestecho feedback=0 look-ahead=2", RATE, 1);
  if (automated)
    rig_bind (GST_OBJECT (rig->element), "gain", 0, 0);
  gfloat *noise = rig_noise (30000, 1, 0.5f);
  rig_push_all (rig, noise, 10000, 1024);
  g_object_set (rig->element, "look-ahead", 20.0, NULL);
  rig_push_all (rig, noise + 10000, 10000, 1024);
  g_object_set (rig->element, "look-ahead", 1.0, NULL);
  rig_push_all (rig, noise + 20000, 10000, 1024);
  rig_finish (rig);
  for (guint i = 0; i < 30000; i++)
    g_assert_cmpfloat (rig_sample (rig, i, 0), ==, noise[i]);
  assert_seamless (rig);
  rig_free (rig);
  g_free (noise);
}

/* Bound itself, the latency moves from buffer to buffer. */
static void
test_latency_automated (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=0", RATE, 1);
  gfloat *noise = rig_noise (RATE, 1, 0.5f);
  gdouble ms;
  rig_bind (GST_OBJECT (rig->element), "look-ahead", 5, 20);
  rig_push_all (rig, noise, RATE, 1024);
  g_object_get (rig->element, "latency", &ms, NULL);
  g_assert_cmpfloat_with_epsilon (ms, 20, 0.8);
  rig_finish (rig);
  for (guint i = 0; i < RATE; i++)
    g_assert_cmpfloat (rig_sample (rig, i, 0), ==, noise[i]);
  rig_free (rig);
  g_free (noise);
}

/* Stopped and started, perhaps in another pipeline: the latency is posted
 * again. */
static void
test_latency_again (void)
{
  Rig *rig = rig_new ("mixtestecho look-ahead=7", RATE, 1);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_LATENCY), ==, 1);
  gst_element_set_state (rig->element, GST_STATE_NULL);
  gst_element_set_bus (rig->element, rig->bus); /* NULL flushed it */
  gst_bus_set_flushing (rig->bus, FALSE);
  gst_element_set_state (rig->element, GST_STATE_PLAYING);
  rig_event (rig, gst_event_new_stream_start ("again"));
  rig_caps (rig, RATE, 1);
  g_assert_cmpuint (rig_count_messages (rig, GST_MESSAGE_LATENCY), ==, 1);
  rig_free (rig);
}

/* What is inside leaves in the segment it came in. */
static void
test_segment (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  GstSegment segment;
  gfloat *noise = rig_noise (8192, 2, 0.1f);
  rig_push_all (rig, noise, 8192, 1024);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = 5 * GST_SECOND;
  rig_event (rig, gst_event_new_segment (&segment));
  rig_push_at (rig, noise, 8192, 5 * GST_SECOND, 0);
  rig_finish (rig);
  guint before = 0;
  while (rig_buffer (rig, before)->pts < GST_SECOND)
    before++;
  g_assert_cmpuint (rig_buffer (rig, before)->pts, ==, 5 * GST_SECOND);
  g_assert_cmpuint (rig_buffer (rig, before)->first, ==, 8192);
  g_assert_cmpuint (rig_frames (rig), >=, 2 * 8192);
  rig_free (rig);
  g_free (noise);
}

/* The same clock with another end, or the same segment again: no break. */
static void
test_segment_goes_on (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  Rig *plain = rig_new (description, RATE, 1);
  GstSegment segment;
  gfloat *noise = rig_noise (8192, 1, 0.1f);
  rig_push_all (plain, noise, 8192, 1024);
  rig_finish (plain);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 8; i++) {
    rig_push_all (rig, noise + i * 1024, 1024, 1024);
    segment.stop = (i + 1) * GST_SECOND;
    rig_event (rig, gst_event_new_segment (&segment));
  }
  rig_finish (rig);
  g_assert_cmpmem (rig->samples->data, rig->samples->len * 4,
      plain->samples->data, plain->samples->len * 4);
  rig_free (rig);
  rig_free (plain);
  g_free (noise);
}

static void
test_discont (gconstpointer description)
{
  for (guint flagged = 0; flagged < 2; flagged++) {
    Rig *rig = rig_new (description, RATE, 2);
    gfloat *noise = rig_noise (8192, 2, 0.1f);
    rig_push_all (rig, noise, 8192, 1024);
    rig_push_at (rig, noise, 8192, 2 * GST_SECOND,
        flagged ? GST_BUFFER_FLAG_DISCONT : 0);
    rig_finish (rig);
    guint i = 0;
    while (rig_buffer (rig, i)->pts < GST_SECOND)
      i++;
    g_assert_cmpuint (rig_buffer (rig, i)->pts, ==, 2 * GST_SECOND);
    g_assert_cmpuint (rig_buffer (rig, i)->first, ==, 8192);
    g_assert_true (rig_buffer (rig, i)->discont);
    rig_free (rig);
    g_free (noise);
  }
}

static void
test_caps_change (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (8192, 2, 0.1f);
  rig_push_all (rig, noise, 8192, 1024);
  GstCaps *same = gst_pad_get_current_caps (rig->harness->srcpad);
  rig_event (rig, gst_event_new_caps (same)); /* nothing happens */
  gst_caps_unref (same);
  rig_caps (rig, 48000, 1);
  guint received = 0;
  GstBuffer *buffer;
  while ((buffer = gst_harness_try_pull (rig->harness))) {
    received += (guint)(gst_buffer_get_size (buffer) / 8);
    gst_buffer_unref (buffer);
  }
  g_assert_cmpuint (received, ==, 8192);
  rig->pushed = 0;
  rig_push_all (rig, noise, 8192, 1024);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 8192);
  rig_free (rig);
  g_free (noise);
}

/* Timestamps that jitter by parts of a millisecond (Matroska's) are followed,
 * not taken for jumps; NONE goes on from before. */
static void
test_jitter (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  gfloat *noise = rig_noise (441, 1, 0.1f);
  for (guint i = 0; i < 50; i++)
    rig_push_at (rig, noise, 441,
        i == 7 ? GST_CLOCK_TIME_NONE
               : (GstClockTime)(i * 10000 + (i % 2) * 300) * GST_USECOND,
        0);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, 50 * 441);
  for (guint i = 1; i < rig->buffers->len; i++)
    g_assert_false (rig_buffer (rig, i)->discont);
  rig_free (rig);
  g_free (noise);
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  rig_add_each ("/time/timestamps", test_timestamps);
  rig_add_each ("/time/click", test_click);
  rig_add_each ("/time/latency-query", test_latency_query);
  rig_add_each ("/time/latency-change", test_latency_change);
  g_test_add_data_func ("/time/no-sample-lost", NULL, test_no_sample_lost);
  g_test_add_data_func (
      "/time/no-sample-lost/automated", "", test_no_sample_lost);
  g_test_add_func ("/time/latency-automated", test_latency_automated);
  g_test_add_func ("/time/latency-again", test_latency_again);
  rig_add_each ("/time/segment", test_segment);
  rig_add_each ("/time/segment-goes-on", test_segment_goes_on);
  rig_add_each ("/time/discont", test_discont);
  rig_add_each ("/time/caps-change", test_caps_change);
  rig_add_each ("/time/jitter", test_jitter);
  return rig_run ();
}
