/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Streams with holes, beside a dry branch in a real audiomixer: whatever is
 * missing, what is there stays where it was.
 */
#include <math.h>

#include "client.h"

#define RATE 48000
#define PACKET 48 /* 1 ms */
#define FRAMES (3 * RATE)
#define CLICK 130007

static const gchar *const effects[] = { "identity", "mixeq phase=linear",
  "mixlimiter", "mixlimiter look-ahead=20",
  "mixcompressor threshold=0 look-ahead=20", "mixmeter", NULL };

typedef struct {
  gdouble loss;            /* of packets, 0 … 1 */
  gboolean marks;          /* DISCONT after a hole, as jitter buffers do */
  GstClockTime gap_before; /* a GAP event before the first buffer */
} Holes;

static GstBuffer *
new_packet (guint first)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, PACKET * 4, NULL);
  gst_buffer_memset (buffer, 0, 0, PACKET * 4);
  if (CLICK >= first && CLICK < first + PACKET) {
    const gfloat click = 0.01f;
    gst_buffer_fill (buffer, (CLICK - first) * 4, &click, 4);
  }
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (first, GST_SECOND, RATE);
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale (PACKET, GST_SECOND, RATE);
  return buffer;
}

static void
push (Client *client, const gchar *name, const Holes *holes)
{
  GstElement *source = client_get (client, name);
  GRand *random = g_rand_new_with_seed (5);
  gboolean after_hole = FALSE;
  guint first
      = (guint)gst_util_uint64_scale (holes->gap_before, RATE, GST_SECOND);
  for (; first < FRAMES; first += PACKET) {
    gboolean has_click = CLICK >= first && CLICK < first + PACKET;
    if (g_rand_double (random) < holes->loss && !has_click) {
      after_hole = TRUE;
      continue;
    }
    GstBuffer *buffer = new_packet (first);
    if (after_hole && holes->marks)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    after_hole = FALSE;
    gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
  }
  g_rand_free (random);
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  gst_object_unref (source);
}

/* ---- Probes ------------------------------------------------------------- */

/* Nothing has been heard yet: the first buffer that follows goes on. */
static GstPadProbeReturn
put_gap_before (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  const Holes *holes = data;
  GstBuffer *buffer
      = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  gst_pad_push_event (pad, gst_event_new_gap (0, holes->gap_before));
  return GST_PAD_PROBE_REMOVE;
}

typedef struct {
  GstClockTime end;
  guint jumps, unmarked;
} Watch;

/* DISCONT whenever the timestamps jump. */
static GstPadProbeReturn
watch_marks (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Watch *watch = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  (void)pad;
  if (GST_CLOCK_TIME_IS_VALID (watch->end)
      && ABS (GST_CLOCK_DIFF (watch->end, GST_BUFFER_PTS (buffer)))
             > GST_SECOND / RATE) {
    watch->jumps++;
    watch->unmarked += !GST_BUFFER_IS_DISCONT (buffer);
  }
  watch->end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (Client *client, const gchar *name, const gchar *pad_name,
    GstPadProbeCallback callback, gconstpointer data)
{
  GstElement *element = client_get (client, name);
  GstPad *pad = gst_element_get_static_pad (element, pad_name);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, callback, (gpointer)data, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

/* ---- Tests -------------------------------------------------------------- */

static void
assert_click (const Sound *sound)
{
  const gfloat *at = (const gfloat *)sound->samples->data;
  guint loudest = 0;
  for (guint i = 0; i < sound_frames (sound); i++)
    if (fabsf (at[i]) > fabsf (at[loudest]))
      loudest = i;
  client_figure ("click is late by", (gdouble)loudest - CLICK, 0, 0, "frames");
  client_figure ("click, of both", at[loudest], 0.0199, 0.0201, "");
}

static void
mix (const gchar *effect, const Holes *holes)
{
  Watch watch = { GST_CLOCK_TIME_NONE, 0, 0 };
  Client *client = client_new (
      "audiomixer name=mix ! " CLIENT_CAPS (48000,
          1) " !" OUT "appsrc name=wet format=time caps=" CLIENT_CAPS (48000,
          1) " ! %s name=dut ! queue ! mix. "
             "appsrc name=dry format=time caps=" CLIENT_CAPS (
                 48000, 1) " ! queue ! mix.",
      effect);
  Sound *sound = sound_new ();
  if (holes->gap_before)
    add_probe (client, "wet", "src", put_gap_before, holes);
  add_probe (client, "dut", "src", watch_marks, &watch);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  push (client, "wet", holes);
  push (client, "dry", holes);
  client_eos (client, 30);
  client_take (client, sound);
  client_free (client);
  assert_click (sound);
  client_figure ("jumps without DISCONT", watch.unmarked, 0, 0, "");
  g_test_message ("%u jumps", watch.jumps);
  sound_free (sound);
}

static void
test_gap_before (gconstpointer effect)
{
  const Holes holes = { 0, FALSE, 100 * GST_MSECOND };
  mix (effect, &holes);
}

static void
test_long_gap_before (gconstpointer effect)
{
  const Holes holes = { 0, FALSE, GST_SECOND };
  mix (effect, &holes);
}

static void
test_loss (gconstpointer effect)
{
  const Holes holes = { 0.05, TRUE, 0 };
  mix (effect, &holes);
}

static void
test_heavy_loss (gconstpointer effect)
{
  const Holes holes = { 0.4, TRUE, 0 };
  mix (effect, &holes);
}

/* Nearer to the end than the look-ahead is long: what comes first comes from
 * the drain at the end, and is marked all the same. */
static void
test_seek_near_the_end (gconstpointer effect)
{
  g_autofree gchar *path = client_path ("tone.wav");
  Client *client
      = client_new ("filesrc location=%s ! wavparse ! audioconvert ! %s !" OUT,
          path, (const gchar *)effect);
  client_state (client, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek_simple (client->pipeline, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 3990 * GST_MSECOND));
  client_state (client, GST_STATE_PLAYING);
  client_eos (client, 20);
  GstSample *sample = gst_app_sink_try_pull_sample (client->out, 0);
  g_assert_nonnull (sample);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  client_figure ("first sound", (gdouble)GST_BUFFER_PTS (buffer) / GST_MSECOND,
      3989.99, 3990.03, "ms");
  g_assert_true (GST_BUFFER_IS_DISCONT (buffer));
  gst_sample_unref (sample);
  Sound *rest = sound_new ();
  client_take (client, rest);
  sound_free (rest);
  client_free (client);
}

int
main (int argc, char **argv)
{
  client_init (&argc, &argv);
  client_write_tone ("tone.wav", 440, 0, 4 * RATE, RATE);
  client_add_each ("/holes/gap-before", effects, test_gap_before);
  client_add_each ("/holes/long-gap-before", effects, test_long_gap_before);
  client_add_each ("/holes/loss", effects, test_loss);
  client_add_each ("/holes/heavy-loss", effects, test_heavy_loss);
  client_add_each ("/holes/seek-near-the-end", effects, test_seek_near_the_end);
  return client_run (NULL);
}
