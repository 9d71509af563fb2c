/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "levelling.h"

#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <math.h>

#define BUFFER 4800
#define SPAN (RECORDING_RATE / 100)
/* The gain cannot be told from what rounding leaves of less. */
#define LEAST 1e-20f

struct _Levelling {
  GstHarness *harness;
  guint64 frames;
  LevellingGain gain;
  gfloat last;      /* gain of the frame before, 0 when not known */
  gfloat most_step; /* as a ratio less 1 */
  gdouble span_db;  /* gain where the span before began, or NAN */
};

Levelling *
levelling_new (const gchar *description)
{
  Levelling *l = g_new0 (Levelling, 1);
  g_autofree gchar *caps
      = g_strdup_printf ("audio/x-raw, format=" GST_AUDIO_NE (
                             F32) ", layout=interleaved, rate=%d, "
                                  "channels=2, channel-mask=(bitmask)0x3",
          RECORDING_RATE);
  l->harness = gst_harness_new_parse (description);
  gst_harness_set_src_caps_str (l->harness, caps);
  l->gain = (LevellingGain){ .low = INFINITY, .high = -INFINITY };
  l->span_db = NAN;
  return l;
}

void
levelling_free (Levelling *l)
{
  gst_harness_teardown (l->harness);
  g_free (l);
}

ebur128_state *
levelling_meter (void)
{
  return ebur128_init (2, RECORDING_RATE, EBUR128_MODE_I | EBUR128_MODE_LRA);
}

LevellingLoudness
levelling_measured (ebur128_state *meter)
{
  LevellingLoudness l;
  ebur128_loudness_global (meter, &l.integrated);
  ebur128_loudness_range (meter, &l.range);
  ebur128_destroy (&meter);
  return l;
}

LevellingLoudness
levelling_measure (const GArray *frames, guint from)
{
  ebur128_state *meter = levelling_meter ();
  ebur128_add_frames_float (meter,
      &g_array_index (frames, RecordingFrame, from).left, frames->len - from);
  return levelling_measured (meter);
}

/* ---- The gain ----------------------------------------------------------- */

static gfloat
gain_of (RecordingFrame in, RecordingFrame out)
{
  return fabsf (in.left) >= LEAST ? out.left / in.left : 0;
}

/* From span to span. */
static void
watch_speed (Levelling *l, gfloat gain)
{
  gdouble db = gain > 0 ? 20 * log10 ((gdouble)gain) : NAN;
  gdouble speed = (db - l->span_db) * RECORDING_RATE / SPAN;
  l->gain.up = fmax (l->gain.up, speed); /* fmax and fmin drop a NaN */
  l->gain.down = fmax (l->gain.down, -speed);
  l->gain.low = fmin (l->gain.low, db);
  l->gain.high = fmax (l->gain.high, db);
  l->gain.spans += !isnan (db);
  l->gain.at_boost += db > MOST_BOOST_DB - 0.01;
  l->gain.still += fabs (db) < 1;
  l->span_db = db;
}

static void
watch_steps (
    Levelling *l, const RecordingFrame *in, const RecordingFrame *out, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gfloat gain = gain_of (in[i], out[i]);
    if (gain > 0 && l->last > 0)
      l->most_step = MAX (l->most_step, fabsf (gain / l->last - 1));
    l->last = gain;
  }
}

LevellingGain
levelling_gain (const Levelling *l)
{
  LevellingGain gain = l->gain;
  gain.step = 20 * log10 (1 + (gdouble)l->most_step);
  return gain;
}

/* ---- Playing ------------------------------------------------------------ */

static GstBuffer *
make_buffer (Levelling *l, const RecordingFrame *frames, gsize n, gfloat gain)
{
  GstBuffer *buffer
      = gst_buffer_new_allocate (NULL, n * sizeof (RecordingFrame), NULL);
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  RecordingFrame *to = (RecordingFrame *)map.data;
  for (gsize i = 0; i < n; i++)
    to[i] = (RecordingFrame){ frames[i].left * gain, frames[i].right * gain };
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer)
      = gst_util_uint64_scale (l->frames, GST_SECOND, RECORDING_RATE);
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale (n, GST_SECOND, RECORDING_RATE);
  l->frames += n;
  return buffer;
}

static void
play_buffer (Levelling *l, const RecordingFrame *frames, gsize n, gfloat gain,
    ebur128_state *meter)
{
  GstBuffer *sent = make_buffer (l, frames, n, gain);
  GstBuffer *kept = gst_buffer_copy_deep (sent);
  GstBuffer *got = gst_harness_push_and_pull (l->harness, sent);
  GstMapInfo in, out;
  gst_buffer_map (kept, &in, GST_MAP_READ);
  gst_buffer_map (got, &out, GST_MAP_READ);
  g_assert_cmpuint (in.size, ==, out.size);
  const RecordingFrame *from = (const RecordingFrame *)in.data;
  const RecordingFrame *to = (const RecordingFrame *)out.data;
  for (gsize i = 0; i < n; i += SPAN)
    watch_speed (l, gain_of (from[i], to[i]));
  watch_steps (l, from, to, n);
  if (meter)
    ebur128_add_frames_float (meter, &to->left, n);
  gst_buffer_unmap (got, &out);
  gst_buffer_unmap (kept, &in);
  gst_buffer_unref (got);
  gst_buffer_unref (kept);
}

void
levelling_play (Levelling *l, const RecordingFrame *frames, gsize count,
    gdouble db, ebur128_state *meter)
{
  gfloat gain = (gfloat)pow (10, db / 20);
  for (gsize at = 0; at < count; at += BUFFER)
    play_buffer (l, frames + at, MIN (BUFFER, count - at), gain, meter);
}
