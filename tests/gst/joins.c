/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Joins, cuts and holes: where the stream goes on nothing is heard; where an
 * application cuts, the sound ends; what is missing moves nothing. */
#include <math.h>
#include <string.h>

#include "rig.h"

#define RATE 48000
#define HALF 24000

static void
segment_event (
    Rig *rig, GstClockTime start, GstClockTime stop, GstClockTime base)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = start;
  segment.stop = stop;
  segment.base = base;
  rig_event (rig, gst_event_new_segment (&segment));
}

/* Ways to come to the second half, whose running time goes on. */
typedef enum {
  UNBROKEN,
  NEW_TRACK,    /* as concat and playbin send it */
  SEGMENT_LOOP, /* SEGMENT_DONE, then the same piece of the file again */
  DISCONT_FLAG,
  WAYS
} Way;

static void
go_on (Rig *rig, Way way)
{
  if (way == NEW_TRACK) {
    rig_event (rig, gst_event_new_stream_start ("second"));
    segment_event (rig, 0, GST_CLOCK_TIME_NONE, GST_SECOND / 2);
    rig->pushed = 0;
  } else if (way == SEGMENT_LOOP) {
    rig_event (rig, gst_event_new_segment_done (GST_FORMAT_TIME, HALF));
    segment_event (rig, 0, GST_CLOCK_TIME_NONE, GST_SECOND / 2);
    rig->pushed = 0;
  }
}

static Rig *
play_halves (const gchar *description, const gfloat *sound, Way way)
{
  Rig *rig = rig_new (description, RATE, 2);
  rig_push_all (rig, sound, HALF, 1000);
  go_on (rig, way);
  rig_push (rig, sound + 2 * HALF, 1000,
      way == DISCONT_FLAG ? GST_BUFFER_FLAG_DISCONT : 0);
  rig_push_all (rig, sound + 2 * (HALF + 1000), HALF - 1000, 1000);
  rig_finish (rig);
  return rig;
}

/* In every bit as if it were one piece. */
static void
test_join (gconstpointer description)
{
  gfloat *sound = rig_sine (2 * HALF, 2, RATE, 55, 0.5f);
  Rig *plain = play_halves (description, sound, UNBROKEN);
  for (Way way = NEW_TRACK; way < WAYS; way++) {
    Rig *rig = play_halves (description, sound, way);
    g_assert_cmpmem (rig->samples->data, rig->samples->len * 4,
        plain->samples->data, plain->samples->len * 4);
    rig_free (rig);
  }
  rig_free (plain);
  g_free (sound);
}

/* The events leave in front of the frame they came before, with its times. */
static void
test_events_in_place (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *sound = rig_sine (2 * HALF, 2, RATE, 55, 0.5f);
  rig_push_all (rig, sound, HALF, 1000);
  rig_event (rig, gst_event_new_stream_start ("second"));
  rig_event (rig,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "second", NULL)));
  segment_event (rig, 3 * GST_SECOND, GST_CLOCK_TIME_NONE, GST_SECOND / 2);
  for (guint i = 0; i < HALF; i += 1000)
    rig_push_at (rig, sound + 2 * i, 1000,
        3 * GST_SECOND + gst_util_uint64_scale (i, GST_SECOND, RATE), 0);
  rig_finish (rig);
  for (guint i = 0; i < rig->buffers->len; i++) {
    RigBuffer *b = rig_buffer (rig, i);
    if (b->first < HALF) {
      g_assert_cmpuint (b->first + b->frames, <=, HALF);
      g_assert_cmpuint (b->pts, <, GST_SECOND / 2);
    } else if (b->first < 2 * HALF) {
      guint64 expected
          = 3 * GST_SECOND
            + gst_util_uint64_scale_ceil (b->first - HALF, GST_SECOND, RATE);
      g_assert_cmpuint (b->pts, ==, expected);
    }
  }
  rig_free (rig);
  g_free (sound);
}

typedef struct {
  guint frames, at; /* that left before the tags */
} TagWatch;

static GstPadProbeReturn
watch_tags (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  TagWatch *watch = data;
  (void)pad;
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    watch->frames += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info)) / 8;
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_TAG)
    watch->at = watch->frames;
  return GST_PAD_PROBE_OK;
}

/* A title in mid-stream stays with its sound, and the stream with itself. */
static void
test_tags_in_place (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *sound = rig_sine (2 * HALF, 2, RATE, 55, 0.5f);
  Rig *plain = play_halves (description, sound, UNBROKEN);
  TagWatch watch = { 0, 0 };
  GstPad *pad = gst_element_get_static_pad (rig->element, "src");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      watch_tags, &watch, NULL);
  rig_push_all (rig, sound, HALF, 1000);
  rig_event (
      rig, gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "next", NULL)));
  rig_push_all (rig, sound + 2 * HALF, HALF, 1000);
  rig_finish (rig);
  g_assert_cmpuint (watch.at, ==, HALF);
  g_assert_cmpmem (rig->samples->data, rig->samples->len * 4,
      plain->samples->data, plain->samples->len * 4);
  for (guint i = 1; i < rig->buffers->len; i++)
    g_assert_false (rig_buffer (rig, i)->discont);
  gst_object_unref (pad);
  rig_free (rig);
  rig_free (plain);
  g_free (sound);
}

/* Held events that describe the stream outlive a flush. */
static void
test_flush_keeps_tags (void)
{
  Rig *rig = rig_new ("mixtestecho look-ahead=7", RATE, 1);
  rig_push (rig, NULL, 1000, 0);
  rig_event (rig, gst_event_new_stream_start ("second"));
  rig_event (rig,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "second", NULL)));
  rig_event (rig, gst_event_new_flush_start ());
  rig_event (rig, gst_event_new_flush_stop (TRUE));
  GstEvent *start = gst_pad_get_sticky_event (
      rig->harness->sinkpad, GST_EVENT_STREAM_START, 0);
  GstEvent *tag
      = gst_pad_get_sticky_event (rig->harness->sinkpad, GST_EVENT_TAG, 0);
  const gchar *id;
  gst_event_parse_stream_start (start, &id);
  g_assert_cmpstr (id, ==, "second");
  g_assert_nonnull (tag);
  gst_event_unref (start);
  gst_event_unref (tag);
  rig_free (rig);
}

/* ---- Cuts ---------------------------------------------------------------- */

static void
test_sound_beyond_stop (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (RATE, 2, 0.5f);
  segment_event (rig, 0, GST_SECOND / 2 + 11 * GST_MSECOND, 0);
  rig_push_all (rig, noise, RATE, 1000);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, HALF + 528);
  rig_free (rig);
  g_free (noise);
}

/* What a source does with a seek: the segment has its number. */
static void
test_seek_with_stop (gconstpointer description)
{
  for (guint has_stop = 0; has_stop < 2; has_stop++) {
    Rig *rig = rig_new (description, RATE, 2);
    gfloat *noise = rig_noise (HALF, 2, 0.5f);
    GstSegment segment;
    GstEvent *seek = gst_event_new_seek (1, GST_FORMAT_TIME,
        GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET, 0,
        has_stop ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE,
        has_stop ? (gint64)GST_SECOND / 2 : -1);
    guint32 seqnum = gst_event_get_seqnum (seek);
    gst_harness_push_upstream_event (rig->harness, seek);
    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.stop = GST_SECOND / 2;
    GstEvent *event = gst_event_new_segment (&segment);
    gst_event_set_seqnum (event, seqnum);
    rig_event (rig, event);
    rig_push_all (rig, noise, HALF, 1000);
    rig_finish (rig);
    if (has_stop || !rig_has_tail (rig))
      g_assert_cmpuint (rig_frames (rig), ==, HALF);
    else
      g_assert_cmpuint (rig_frames (rig), >=, HALF);
    rig_free (rig);
    g_free (noise);
  }
}

/* ---- Tails --------------------------------------------------------------- */

/* Steady sound that would ring on for long ends in 20 ms, not at once. */
static void
test_tail_fades (void)
{
  Rig *rig = rig_new ("mixtestecho feedback=99 tail-max=700", RATE, 1);
  gfloat *ones = g_new (gfloat, HALF);
  for (guint i = 0; i < HALF; i++)
    ones[i] = 0.001f;
  rig_push_all (rig, ones, HALF, 1000);
  rig_finish (rig);
  const guint end = HALF + 33600, fade = 960;
  g_assert_cmpuint (rig_frames (rig), ==, end);
  gfloat level = rig_sample (rig, end - fade - 1, 0);
  g_assert_cmpfloat (level, >, 0.0005f);
  g_assert_cmpfloat_with_epsilon (
      rig_sample (rig, end - fade / 2, 0), level / 2, level / 10);
  g_assert_cmpfloat_with_epsilon (rig_sample (rig, end - 1, 0), 0, level / 100);
  rig_free (rig);
  g_free (ones);
}

typedef struct {
  Rig *rig;
  guint buffers;
  const gchar *way; /* a property to set, or NULL for a seek */
} Interruption;

static GstPadProbeReturn
interrupt (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Interruption *at = data;
  (void)pad;
  (void)info;
  if (++at->buffers != 10)
    return GST_PAD_PROBE_OK;
  if (at->way)
    gst_util_set_object_arg (G_OBJECT (at->rig->element), at->way,
        g_str_equal (at->way, "bypass") ? "true" : "0");
  else
    gst_pad_send_event (
        pad, gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_NONE,
                 GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1));
  return GST_PAD_PROBE_OK;
}

/* tail-max set to 0 while the tail runs, bypass, or a seek that waits for it.
 */
static void
test_tail_is_interrupted (gconstpointer way)
{
  Rig *rig = rig_new ("mixtestecho feedback=99", RATE, 1);
  gfloat click = 1;
  Interruption at = { rig, 0, way };
  rig_push (rig, &click, 1, 0);
  GstPad *pad = gst_element_get_static_pad (rig->element, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, interrupt, &at, NULL);
  rig_finish (rig);
  g_assert_cmpuint (at.buffers, ==, 11); /* the fade */
  gst_object_unref (pad);
  rig_free (rig);
}

/* What is not heard does not ring. */
static void
test_no_tail (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (HALF, 2, 0.5f);
  rig_push_all (rig, noise, HALF, 1000);
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), ==, HALF);
  rig_free (rig);
  g_free (noise);
}

static void
test_bypass_has_no_tail (gconstpointer description)
{
  g_autofree gchar *line = rig_line (description);
  g_autofree gchar *bypassed = g_strconcat (line, " bypass=true", NULL);
  test_no_tail (bypassed);
}

/* ---- Gaps and holes ------------------------------------------------------ */

/* A gap in front moves nothing, whether or not the first buffer is flagged. */
static void
test_leading_gap (gconstpointer description)
{
  for (guint flagged = 0; flagged < 2; flagged++) {
    Rig *rig = rig_new (description, RATE, 2);
    gfloat *click = g_new0 (gfloat, 2 * HALF);
    guint loudest = 0;
    click[4000] = click[4001] = 0.01f;
    rig_event (rig, gst_event_new_gap (0, GST_SECOND));
    rig_push_at (
        rig, click, HALF, GST_SECOND, flagged ? GST_BUFFER_FLAG_DISCONT : 0);
    rig_finish (rig);
    for (guint i = 0; i < rig_frames (rig); i++)
      if (fabsf (rig_sample (rig, i, 0)) > fabsf (rig_sample (rig, loudest, 0)))
        loudest = i;
    guint b = 0;
    while (rig_buffer (rig, b)->first + rig_buffer (rig, b)->frames <= loudest)
      b++;
    g_assert_cmpuint (
        gst_util_uint64_scale (rig_buffer (rig, b)->pts, RATE, GST_SECOND)
            + loudest - rig_buffer (rig, b)->first,
        ==, RATE + 2000);
    rig_free (rig);
    g_free (click);
  }
}

/* 1 ms packets of which every 20th is lost: each frame keeps its time. */
static void
test_lost_packets (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 1);
  gfloat *noise = rig_noise (48, 1, 0.1f);
  guint pushed = 0;
  for (guint i = 0; i < 1000; i++) {
    if (i % 20 == 7)
      continue;
    rig_push_at (rig, noise, 48, i * GST_MSECOND,
        i % 20 == 8 ? GST_BUFFER_FLAG_DISCONT : 0);
    pushed += 48;
  }
  rig_finish (rig);
  g_assert_cmpuint (rig_frames (rig), >=, pushed);
  guint flags = 0, expected = 0;
  GstClockTime last_end = 0;
  for (guint i = 0; i < rig->buffers->len; i++) {
    RigBuffer *b = rig_buffer (rig, i);
    if (b->pts >= GST_SECOND)
      break; /* a tail */
    flags += b->discont;
    expected += i > 0 && b->pts > last_end + GST_MSECOND / 2;
    /* 19 packets, a hole of one */
    guint64 ms = b->pts / GST_MSECOND, packets = b->first / 48;
    g_assert_cmpuint (ms, ==, packets + (packets + 12) / 19);
    last_end = b->pts + b->duration;
  }
  g_assert_cmpuint (flags, ==, 50);
  g_assert_cmpuint (expected, ==, 50);
  rig_free (rig);
  g_free (noise);
}

/* A seek near the end: less comes than the look-ahead is long. */
static void
test_discont_of_a_short_rest (gconstpointer description)
{
  Rig *rig = rig_new (description, RATE, 2);
  gfloat *noise = rig_noise (HALF, 2, 0.1f);
  rig_push_all (rig, noise, HALF, 1000);
  rig_event (rig, gst_event_new_flush_start ());
  rig_event (rig, gst_event_new_flush_stop (TRUE));
  rig_pull (rig);
  guint before = rig->buffers->len;
  segment_event (rig, 9 * GST_SECOND, GST_CLOCK_TIME_NONE, 0);
  rig_push_at (rig, noise, 20, 9 * GST_SECOND, GST_BUFFER_FLAG_DISCONT);
  rig_finish (rig);
  g_assert_true (rig_buffer (rig, before)->discont);
  g_assert_cmpuint (rig_buffer (rig, before)->pts, ==, 9 * GST_SECOND);
  rig_free (rig);
  g_free (noise);
}

/* ---- Metas --------------------------------------------------------------- */

static gboolean
keeps_level_meta (const gchar *description)
{
  GstHarness *h = gst_harness_new_parse (description);
  gst_harness_set_src_caps_str (
      h, "audio/x-raw,format=" GST_AUDIO_NE (
             F32) ",layout=interleaved,rate=48000,channels=1");
  GstBuffer *out = NULL;
  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = gst_harness_create_buffer (h, 4096);
    gst_buffer_memset (buffer, 0, 0x3c, 4096); /* 0.0115 */
    gst_buffer_add_audio_level_meta (buffer, 33, FALSE);
    GST_BUFFER_PTS (buffer)
        = gst_util_uint64_scale (i * 1024, GST_SECOND, 48000);
    gst_clear_buffer (&out);
    out = gst_harness_push_and_pull (h, buffer);
  }
  gboolean kept = gst_buffer_get_audio_level_meta (out) != NULL;
  gst_buffer_unref (out);
  gst_harness_teardown (h);
  return kept;
}

static void
test_level_meta (void)
{
  g_assert_true (keeps_level_meta ("mixmeter"));
  g_assert_true (keeps_level_meta ("mixcompressor bypass=true"));
  g_assert_true (keeps_level_meta ("mixreverb bypass=true"));
  g_assert_false (keeps_level_meta ("mixcompressor threshold=-60"));
  g_assert_false (keeps_level_meta ("mixtestecho gain=6"));
}

int
main (int argc, char **argv)
{
  rig_init (&argc, &argv);
  rig_add_each ("/joins/join", test_join);
  rig_add_each ("/joins/events-in-place", test_events_in_place);
  rig_add_each ("/joins/tags-in-place", test_tags_in_place);
  g_test_add_func ("/joins/flush-keeps-tags", test_flush_keeps_tags);
  rig_add_each ("/joins/sound-beyond-stop", test_sound_beyond_stop);
  rig_add_each ("/joins/seek-with-stop", test_seek_with_stop);
  g_test_add_func ("/joins/tail-fades", test_tail_fades);
  g_test_add_data_func (
      "/joins/tail-interrupted/tail-max", "tail-max", test_tail_is_interrupted);
  g_test_add_data_func (
      "/joins/tail-interrupted/bypass", "bypass", test_tail_is_interrupted);
  g_test_add_data_func (
      "/joins/tail-interrupted/seek", NULL, test_tail_is_interrupted);
  g_test_add_data_func (
      "/joins/no-tail/reverb", "mixreverb wet=-100", test_no_tail);
  g_test_add_data_func (
      "/joins/no-tail/delay", "mixdelay wet=-100 feedback=90", test_no_tail);
  rig_add_each ("/joins/no-tail/bypass", test_bypass_has_no_tail);
  rig_add_each ("/joins/leading-gap", test_leading_gap);
  rig_add_each ("/joins/lost-packets", test_lost_packets);
  rig_add_each ("/joins/short-rest", test_discont_of_a_short_rest);
  g_test_add_func ("/joins/level-meta", test_level_meta);
  return rig_run ();
}
