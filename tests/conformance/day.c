/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Twenty-five hours without a stop, as fast as it goes: mixmeter and mixleveler
 * one after the other, in mono at 48 kHz, so that the count of frames passes
 * 2^32. The programme is ten minutes of pink noise again and again: talk,
 * music, pauses with and without the tone of a room, at levels that suit a day
 * of anything. libebur128 tells what is right.
 */
#include <ebur128.h>
#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"

#define RATE 48000
#define ROUNDS_AN_HOUR 6
#define HOURS 25
#define BUFFER (RATE / 2)
#define TARGET -23.0

static const struct {
  unsigned seconds;
  double dbfs; /* RMS; silence under -200 */
} parts[] = { { 120, -20 }, { 20, -60 }, { 90, -29 }, { 10, -300 },
  { 180, -14 }, { 40, -35 }, { 100, -24 }, { 40, -62 } };

/* ---- The programme ------------------------------------------------------ */

/* As buffers that are lent again and again. */
static GPtrArray *
make_round (void)
{
  GPtrArray *buffers
      = g_ptr_array_new_with_free_func ((GDestroyNotify)gst_buffer_unref);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint k = 0; k < 2 * parts[i].seconds; k++) {
      gfloat *noise = g_new (gfloat, BUFFER);
      check_pink (
          noise, BUFFER, mix_gain_from_db (parts[i].dbfs), 1000 * i + k);
      g_ptr_array_add (
          buffers, gst_buffer_new_wrapped (noise, BUFFER * sizeof (gfloat)));
    }
  return buffers;
}

static void
measure (ebur128_state *state, GstBuffer *buffer)
{
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  ebur128_add_frames_float (
      state, (const float *)map.data, map.size / sizeof (float));
  gst_buffer_unmap (buffer, &map);
}

static double
integrated (ebur128_state *state)
{
  double lufs;
  ebur128_loudness_global (state, &lufs);
  ebur128_destroy (&state);
  return lufs;
}

static ebur128_state *
new_meter (void)
{
  return ebur128_init (1, RATE, EBUR128_MODE_I);
}

/* Of an hour: rounds are whole, a day of them comes to no more. */
static double
loudness_of_rounds (const GPtrArray *round)
{
  ebur128_state *state = new_meter ();
  for (guint k = 0; k < ROUNDS_AN_HOUR; k++)
    for (guint i = 0; i < round->len; i++)
      measure (state, g_ptr_array_index (round, i));
  return integrated (state);
}

/* ---- The day ------------------------------------------------------------ */

typedef struct {
  GstHarness *harness;
  guint64 frames;
  gint64 memory, most_memory; /* bytes: after two hours, and from then on */
  ebur128_state *second_hour, *last_hour;
  GstClockTime end;
  guint64 offset_end;
  guint jumps; /* buffers that do not begin where the last one ended */
} Day;

/* Bytes that are resident. */
static gint64
memory_now (void)
{
  long pages = 0, resident = 0;
  FILE *file = fopen ("/proc/self/statm", "r");
  if (file && fscanf (file, "%ld %ld", &pages, &resident) != 2)
    resident = 0;
  if (file)
    fclose (file);
  return (gint64)resident * sysconf (_SC_PAGESIZE);
}

static GstBuffer *
stamped (Day *day, GstBuffer *buffer)
{
  GstBuffer *copy = gst_buffer_copy (buffer); /* shares the samples */
  guint64 end = day->frames + BUFFER;
  GST_BUFFER_PTS (copy) = gst_util_uint64_scale (day->frames, GST_SECOND, RATE);
  GST_BUFFER_DURATION (copy)
      = gst_util_uint64_scale (end, GST_SECOND, RATE) - GST_BUFFER_PTS (copy);
  GST_BUFFER_OFFSET (copy) = day->frames;
  GST_BUFFER_OFFSET_END (copy) = end;
  day->frames = end;
  return copy;
}

static void
play_round (Day *day, const GPtrArray *round, ebur128_state *meter)
{
  for (guint i = 0; i < round->len; i++) {
    GstBuffer *got = gst_harness_push_and_pull (
        day->harness, stamped (day, g_ptr_array_index (round, i)));
    day->jumps += GST_BUFFER_PTS (got) != day->end
                  || GST_BUFFER_OFFSET (got) != day->offset_end
                  || (GST_BUFFER_IS_DISCONT (got) && day->frames > BUFFER);
    day->end = GST_BUFFER_PTS (got) + GST_BUFFER_DURATION (got);
    day->offset_end = GST_BUFFER_OFFSET_END (got);
    if (meter)
      measure (meter, got);
    gst_buffer_unref (got);
  }
}

static void
play_day (Day *day, const GPtrArray *round)
{
  for (guint hour = 0; hour < HOURS; hour++) {
    ebur128_state *meter = hour == 1           ? day->second_hour
                           : hour == HOURS - 1 ? day->last_hour
                                               : NULL;
    for (guint i = 0; i < ROUNDS_AN_HOUR; i++)
      play_round (day, round, meter);
    if (hour == 1)
      day->memory = memory_now ();
    /* the last hour's meter grows, too */
    if (hour > 1 && hour < HOURS - 1)
      day->most_memory = MAX (day->most_memory, memory_now ());
  }
}

/* ---- What has become of it ---------------------------------------------- */

static double
reading (Day *day, const gchar *element, const gchar *name)
{
  double value = NAN;
  GstElement *bin = gst_harness_find_element (day->harness, element);
  g_object_get (bin, name, &value, NULL);
  gst_object_unref (bin);
  return value;
}

static void
check_day (Day *day, double expected)
{
  double second = integrated (day->second_hour);
  double last = integrated (day->last_hour);
  double hours = (double)day->frames / RATE / 3600;
  check_figure ("hours played", hours, HOURS, HOURS, "h");
  check_figure ("memory grown from the 2nd hour to the 24th",
      (double)(day->most_memory - day->memory) / 1e6, -INFINITY, 1, "MB");
  check_figure ("mixmeter, integrated, from what libebur128 has for rounds",
      reading (day, "mixmeter", "integrated") - expected, -0.02, 0.02, "LU");
  check_figure ("mixleveler, integrated-before, from the same",
      reading (day, "mixleveler", "integrated-before") - expected, -0.02, 0.02,
      "LU");
  check_figure (
      "the second hour, off the target", second - TARGET, -0.5, 0.5, "LU");
  check_figure (
      "the last hour, off the second", last - second, -0.05, 0.05, "LU");
  check_figure ("mixleveler, integrated-after, off the last hour",
      reading (day, "mixleveler", "integrated-after") - last, -0.05, 0.05,
      "LU");
  check_figure ("jumps of timestamps or offsets", day->jumps, 0, 0, "");
  check_figure ("end of the last buffer, off the hours",
      (double)GST_CLOCK_DIFF (HOURS * 3600 * GST_SECOND, day->end), 0, 0, "ns");
  check_figure ("its last offset, off the frames played",
      (double)day->offset_end - (double)day->frames, 0, 0, "frames");
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  Day day = { .second_hour = new_meter (), .last_hour = new_meter () };
  GPtrArray *round = make_round ();
  day.harness = gst_harness_new_parse ("mixmeter ! mixleveler target=-23");
  gst_harness_set_src_caps_str (
      day.harness, "audio/x-raw, format=" GST_AUDIO_NE (
                       F32) ", layout=interleaved, rate=48000, channels=1");
  play_day (&day, round);
  check_day (&day, loudness_of_rounds (round));
  gst_harness_teardown (day.harness);
  g_ptr_array_unref (round);
  return check_end ();
}
