/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Streams through an element in a GstHarness. Legal ones (buffers one after the
 * other, some of them gaps, settings changed in between) must come out with no
 * frame lost, one timestamp after the other. Wild ones (any event, any time,
 * any caps, any size) must neither end the process nor hang, and what comes out
 * is finite. In both a second thread may turn all properties meanwhile.
 */
#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "unit.h"

GST_PLUGIN_STATIC_DECLARE (mix);

enum { MOST_STEPS = 30, MOST_FRAMES = 3000 };

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  gst_init (argc, argv);
  GST_PLUGIN_STATIC_REGISTER (mix);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  gst_debug_set_default_threshold (GST_LEVEL_NONE);
  return 0;
}

typedef struct {
  Fuzz *fuzz;
  const MixUnit *unit;
  GstElement *element;
  GstHarness *harness;
  guint rate, channels;
  gboolean legal;
  guint64 pushed, pulled; /* frames */
  GstClockTime next;      /* where the next buffer that comes out begins */
  Fuzz bytes;             /* for the second thread */
  gint turning;           /* atomic: the second thread goes on */
} Stream;

/* ---- Properties --------------------------------------------------------- */

static gboolean
choose_value (Fuzz *fuzz, GParamSpec *spec, GValue *value)
{
  gdouble part = fuzz_part (fuzz);
  if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *d = G_PARAM_SPEC_DOUBLE (spec);
    g_value_set_double (value, d->minimum + part * (d->maximum - d->minimum));
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *u = G_PARAM_SPEC_UINT (spec);
    g_value_set_uint (
        value, u->minimum + (guint)(part * (u->maximum - u->minimum)));
  } else if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_value_set_boolean (value, part > 0.5);
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    GEnumClass *enums = G_PARAM_SPEC_ENUM (spec)->enum_class;
    g_value_set_enum (
        value, enums->values[(guint)(part * (enums->n_values - 1))].value);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void
turn_property (Fuzz *fuzz, GstElement *element)
{
  guint count;
  g_autofree GParamSpec **all
      = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
  GParamSpec *spec = all[fuzz_below (fuzz, count)];
  GValue value = G_VALUE_INIT;
  if (!(spec->flags & G_PARAM_WRITABLE) || spec->owner_type == GST_TYPE_OBJECT
      || spec->owner_type == GST_TYPE_BASE_TRANSFORM)
    return;
  g_value_init (&value, spec->value_type);
  /* a tail of a minute is nothing new after a tenth of a second */
  if (strcmp (spec->name, "tail-max") == 0)
    g_value_set_double (&value, 200 * fuzz_part (fuzz));
  else if (!choose_value (fuzz, spec, &value)) {
    g_value_unset (&value);
    return;
  }
  g_object_set_property (G_OBJECT (element), spec->name, &value);
  g_value_unset (&value);
}

/* The second thread: the same bytes again and again. */
static gpointer
turn_all (gpointer data)
{
  Stream *stream = data;
  const Fuzz bytes = stream->bytes;
  while (g_atomic_int_get (&stream->turning)) {
    Fuzz fuzz = bytes;
    while (!fuzz_is_empty (&fuzz) && g_atomic_int_get (&stream->turning)) {
      turn_property (&fuzz, stream->element);
      g_usleep (50);
    }
  }
  return NULL;
}

/* ---- In and out --------------------------------------------------------- */

static GstCaps *
choose_caps (Stream *stream)
{
  static const guint rates[] = { 8000, 48000, 44100, 96000 };
  stream->rate = rates[fuzz_below (stream->fuzz, 4)];
  stream->channels = 1 + fuzz_below (stream->fuzz, 6);
  GstAudioInfo info;
  GstAudioChannelPosition positions[64];
  for (guint c = 0; c < 64; c++)
    positions[c] = GST_AUDIO_CHANNEL_POSITION_NONE;
  gst_audio_info_set_format (&info, GST_AUDIO_FORMAT_F32, (gint)stream->rate,
      (gint)stream->channels, stream->channels > 2 ? positions : NULL);
  return gst_audio_info_to_caps (&info);
}

static GstBuffer *
new_buffer (Stream *stream, guint frames)
{
  gsize size = (gsize)frames * stream->channels * sizeof (gfloat);
  gfloat *samples = g_malloc0 (size + 1);
  guint state = fuzz_word (stream->fuzz), level = fuzz_below (stream->fuzz, 4);
  for (gsize i = 0; level && i < size / sizeof (gfloat); i++) {
    state = state * 1664525 + 1013904223;
    samples[i] = (gfloat)((gint)state / 2147483648.0 * level / 2);
  }
  return gst_buffer_new_wrapped (samples, size);
}

static void
take_buffer (Stream *stream, GstBuffer *buffer)
{
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  const gfloat *samples = (const gfloat *)map.data;
  guint frames = (guint)(map.size / sizeof (gfloat) / stream->channels);
  for (gsize i = 0; i < map.size / sizeof (gfloat); i++)
    FUZZ_CHECK (isfinite (samples[i]), "%s", stream->unit->name);
  gst_buffer_unmap (buffer, &map);
  if (stream->legal) {
    GstClockTime pts = GST_BUFFER_PTS (buffer);
    FUZZ_CHECK (GST_CLOCK_TIME_IS_VALID (pts)
                    && ABS (GST_CLOCK_DIFF (stream->next, pts)) <= 2,
        "%s: %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT,
        stream->unit->name, pts, stream->next);
    stream->next = pts + GST_BUFFER_DURATION (buffer);
  }
  stream->pulled += frames;
  gst_buffer_unref (buffer);
}

static void
pull_all (Stream *stream)
{
  GstBuffer *buffer;
  GstEvent *event;
  while ((buffer = gst_harness_try_pull (stream->harness)))
    take_buffer (stream, buffer);
  while ((event = gst_harness_try_pull_event (stream->harness)))
    gst_event_unref (event);
}

static GstClockTime
time_of (Stream *stream, guint64 frame)
{
  return gst_util_uint64_scale (frame, GST_SECOND, stream->rate);
}

static void
push_next (Stream *stream)
{
  guint frames = 1 + fuzz_below (stream->fuzz, MOST_FRAMES);
  guint flags = fuzz_byte (stream->fuzz);
  GstBuffer *buffer = new_buffer (stream, frames);
  GST_BUFFER_PTS (buffer) = time_of (stream, stream->pushed);
  stream->pushed += frames;
  GST_BUFFER_DURATION (buffer)
      = time_of (stream, stream->pushed) - GST_BUFFER_PTS (buffer);
  if (flags % 8 == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (flags % 8 == 1 && stream->pushed == frames)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (stream->harness, buffer);
}

/* ---- Wild --------------------------------------------------------------- */

static GstClockTime
any_time (Fuzz *fuzz)
{
  guint kind = fuzz_below (fuzz, 8);
  return kind == 0   ? GST_CLOCK_TIME_NONE
         : kind == 1 ? 0
         : kind == 2 ? (GstClockTime)G_MAXINT64 - fuzz_word (fuzz)
                     : fuzz_word (fuzz) * 100 * GST_USECOND;
}

static void
push_any (Stream *stream)
{
  guint frames = fuzz_below (stream->fuzz, MOST_FRAMES);
  GstBuffer *buffer
      = new_buffer (stream, fuzz_below (stream->fuzz, 8) ? frames : 0);
  GST_BUFFER_PTS (buffer) = any_time (stream->fuzz);
  GST_BUFFER_DURATION (buffer) = any_time (stream->fuzz);
  GST_BUFFER_OFFSET (buffer) = any_time (stream->fuzz);
  guint flags = fuzz_byte (stream->fuzz);
  if (flags & 1)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (flags & 2)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  gst_harness_push (stream->harness, buffer);
}

static GstEvent *
any_segment (Fuzz *fuzz)
{
  static const gdouble rates[] = { 1, 1, 1, 2, 0.5, -1 };
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rates[fuzz_below (fuzz, 6)];
  segment.start = fuzz_word (fuzz) * GST_MSECOND;
  segment.time = segment.start;
  segment.base = fuzz_word (fuzz) * GST_MSECOND;
  if (segment.rate < 0 || fuzz_byte (fuzz) % 2)
    segment.stop = segment.start + fuzz_word (fuzz) * GST_MSECOND;
  segment.position = segment.start;
  if (fuzz_byte (fuzz) % 4 == 0)
    segment.flags |= GST_SEGMENT_FLAG_SEGMENT;
  return gst_event_new_segment (&segment);
}

static void
push_flush (Stream *stream)
{
  gst_harness_push_event (stream->harness, gst_event_new_flush_start ());
  gst_harness_push_event (
      stream->harness, gst_event_new_flush_stop (fuzz_byte (stream->fuzz) % 2));
  if (fuzz_byte (stream->fuzz) % 4)
    gst_harness_push_event (stream->harness, any_segment (stream->fuzz));
}

/* Refused after EOS, and then what follows is of another format than told. */
static void
push_caps (Stream *stream)
{
  GstCaps *caps = choose_caps (stream);
  gst_harness_push_event (stream->harness, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

static void
push_event (Stream *stream)
{
  Fuzz *fuzz = stream->fuzz;
  switch (fuzz_below (fuzz, 8)) {
    case 0:
      gst_harness_push_event (stream->harness, any_segment (fuzz));
      break;
    case 1:
      push_flush (stream);
      break;
    case 2: {
      GstClockTime start = any_time (fuzz);
      GstClockTime duration = fuzz_word (fuzz) * GST_USECOND * 20;
      if (GST_CLOCK_TIME_IS_VALID (start))
        gst_harness_push_event (
            stream->harness, gst_event_new_gap (start, duration));
      break;
    }
    case 3:
      gst_harness_push_event (
          stream->harness, gst_event_new_stream_start ("another"));
      break;
    case 4:
      gst_harness_push_event (stream->harness, gst_event_new_eos ());
      break;
    case 5:
      gst_harness_push_event (
          stream->harness, gst_event_new_segment_done (GST_FORMAT_TIME, 0));
      break;
    case 6:
      push_caps (stream);
      break;
    default:
      gst_harness_push_event (
          stream->harness, gst_event_new_tag (gst_tag_list_new_empty ()));
  }
}

/* ---- The stream --------------------------------------------------------- */

static void
run_steps (Stream *stream)
{
  for (guint i = 0; i < MOST_STEPS && !fuzz_is_empty (stream->fuzz); i++) {
    guint what = fuzz_below (stream->fuzz, 8);
    if (what < 2)
      turn_property (stream->fuzz, stream->element);
    else if (stream->legal)
      push_next (stream);
    else if (what < 5)
      push_any (stream);
    else
      push_event (stream);
    pull_all (stream);
  }
}

static void
run_stream (Stream *stream, gboolean two_threads)
{
  GThread *thread = NULL;
  stream->bytes = *stream->fuzz;
  stream->turning = two_threads;
  if (two_threads)
    thread = g_thread_new ("turn", turn_all, stream);
  run_steps (stream);
  g_atomic_int_set (&stream->turning, 0);
  if (thread)
    g_thread_join (thread);
  gst_harness_push_event (stream->harness, gst_event_new_eos ());
  pull_all (stream);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Fuzz fuzz = { data, data + size };
  guint units = 0;
  while (mix_units[units])
    units++;
  Stream stream = { .fuzz = &fuzz };
  stream.unit = mix_units[fuzz_below (&fuzz, units)];
  stream.legal = fuzz_byte (&fuzz) % 2;
  gboolean two_threads = fuzz_byte (&fuzz) % 4 == 0;
  g_autofree gchar *name = g_strconcat ("mix", stream.unit->name, NULL);
  stream.element = gst_object_ref_sink (gst_element_factory_make (name, NULL));
  if (stream.unit->flags & MIX_UNIT_TAIL)
    g_object_set (stream.element, "tail-max", 100.0, NULL);
  for (guint n = fuzz_below (&fuzz, 12); n > 0; n--)
    turn_property (&fuzz, stream.element);
  stream.harness = gst_harness_new_with_element (stream.element, "sink", "src");
  gst_harness_set_src_caps (stream.harness, choose_caps (&stream));
  run_stream (&stream, two_threads);
  if (stream.legal)
    FUZZ_CHECK (stream.unit->flags & MIX_UNIT_TAIL
                    ? stream.pulled >= stream.pushed
                    : stream.pulled == stream.pushed,
        "%s: %" G_GUINT64_FORMAT " frames in, %" G_GUINT64_FORMAT " out",
        stream.unit->name, stream.pushed, stream.pulled);
  gst_harness_teardown (stream.harness);
  gst_object_unref (stream.element);
  return 0;
}
