/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mixlimiter on recorded music, measured by libebur128 (ITU-R BS.1770): the
 * ceiling holds at every drive, and what is pushed stays nearly as loud as a
 * plain sample-peak limiter of the fastest useful release can make it.
 */
#include <ebur128.h>
#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define RATE 48000
#define CEILING_DB -1.0
#define LOOK_AHEAD 240 /* frames of the plain limiter */
#define RELEASE_MS 10.0

typedef struct {
  double loudness, true_peak, sample_peak;
  guint frames;
} Measured;

/* All that a pipeline description that ends before the sink gives, as stereo
 * float frames. */
static GArray *
play (const gchar *description)
{
  g_autofree gchar *text
      = g_strdup_printf ("%s ! audio/x-raw, format=" GST_AUDIO_NE (
                             F32) ", channels=2, rate=%d ! "
                                  "appsink name=out sync=false",
          description, RATE);
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  if (error) {
    fprintf (stderr, "%s: %s\n", text, error->message);
    exit (1);
  }
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GArray *frames = g_array_new (FALSE, FALSE, 2 * sizeof (gfloat));
  GstSample *sample;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink)))) {
    GstMapInfo map;
    gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
    g_array_append_vals (frames, map.data, (guint)(map.size / 8));
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  return frames;
}

static Measured
measure (const GArray *frames)
{
  Measured m = { .frames = frames->len };
  ebur128_state *state
      = ebur128_init (2, RATE, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
  ebur128_add_frames_float (state, (const float *)frames->data, frames->len);
  ebur128_loudness_global (state, &m.loudness);
  for (unsigned c = 0; c < 2; c++) {
    double true_peak, sample_peak;
    ebur128_true_peak (state, c, &true_peak);
    ebur128_sample_peak (state, c, &sample_peak);
    m.true_peak = fmax (m.true_peak, true_peak);
    m.sample_peak = fmax (m.sample_peak, sample_peak);
  }
  m.true_peak = mix_db_from_gain (m.true_peak);
  m.sample_peak = mix_db_from_gain (m.sample_peak);
  ebur128_destroy (&state);
  return m;
}

/* The plainest limiter that holds its samples: least gain over the look-ahead,
 * one-pole release, moving average over the look-ahead. */
static void
limit_plainly (GArray *frames, double drive_db)
{
  float *io = (float *)frames->data;
  guint n = frames->len;
  double drive = mix_gain_from_db (drive_db);
  double ceiling = mix_gain_from_db (CEILING_DB), now = 1, sum = LOOK_AHEAD;
  double back = 1 - mix_decay_per_frames (RELEASE_MS, 1, RATE);
  double *need = g_new (double, n + LOOK_AHEAD);
  double *gain = g_new (double, n + LOOK_AHEAD);
  for (guint i = 0; i < n + LOOK_AHEAD; i++) {
    double peak
        = i < n ? drive * fmax (fabs (io[2 * i]), fabs (io[2 * i + 1])) : 0;
    need[i] = peak > ceiling ? ceiling / peak : 1;
  }
  for (guint i = 0; i < n + LOOK_AHEAD; i++) {
    double least = 1;
    for (guint k = i > LOOK_AHEAD ? i - LOOK_AHEAD : 0; k <= i; k++)
      least = fmin (least, need[k]);
    now = fmin (least, now + (1 - now) * back);
    gain[i] = now;
    sum += now - (i >= LOOK_AHEAD ? gain[i - LOOK_AHEAD] : 1);
    if (i >= LOOK_AHEAD) {
      io[2 * (i - LOOK_AHEAD)] *= (float)(drive * sum / LOOK_AHEAD);
      io[2 * (i - LOOK_AHEAD) + 1] *= (float)(drive * sum / LOOK_AHEAD);
    }
  }
  g_free (need);
  g_free (gain);
}

static gchar *
source (const gchar *stems, const gchar *name)
{
  if (!g_str_equal (name, "all seven"))
    return g_strdup_printf ("filesrc location=\"%s/%s.flac\" ! decodebin ! "
                            "audioconvert ! audioresample",
        stems, name);
  GString *text = g_string_new ("audiomixer name=sum ! volume volume=0.6");
  const gchar *all[]
      = { "drums", "bass", "guitar", "piano", "choir", "tabla", "lead" };
  GString *branches = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_string_append_printf (branches,
        "filesrc location=\"%s/%s.flac\" ! decodebin ! audioconvert ! "
        "audio/x-raw, format=" GST_AUDIO_NE (
            F32) ", channels=2 ! queue ! sum. ",
        stems, all[i]);
  g_string_prepend (text, branches->str);
  g_string_free (branches, TRUE);
  return g_string_free (text, FALSE);
}

static void
check_piece (const gchar *stems, const gchar *name, double least_db)
{
  g_autofree gchar *from = source (stems, name);
  GArray *dry = play (from);
  for (gdouble drive = 0; drive <= 24; drive += 12) {
    g_autofree gchar *limited = g_strdup_printf (
        "%s ! mixlimiter drive=%g ceiling=%g", from, drive, CEILING_DB);
    GArray *wet = play (limited);
    Measured m = measure (wet);
    g_autofree gchar *peak = g_strdup_printf (
        "%s at +%g dB, true peak over the ceiling", name, drive);
    g_autofree gchar *sample = g_strdup_printf (
        "%s at +%g dB, sample peak over the ceiling", name, drive);
    check_figure (peak, m.true_peak - CEILING_DB, -INFINITY, 0.05, "dB");
    check_figure (sample, m.sample_peak - CEILING_DB, -INFINITY, 1e-6, "dB");
    CHECK (m.frames == dry->len, "%u frames became %u", dry->len, m.frames);
    if (drive == 12) {
      g_autofree gchar *loud = g_strdup_printf (
          "%s at +12 dB, loudness against a plain sample-peak limiter", name);
      limit_plainly (dry, drive);
      check_figure (
          loud, m.loudness - measure (dry).loudness, least_db, INFINITY, "LU");
    }
    g_array_unref (wet);
  }
  g_array_unref (dry);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 2)
    return 2;
  check_piece (argv[1], "all seven", -0.5);
  check_piece (argv[1], "drums", -0.5);
  check_piece (argv[1], "tabla", -0.5);
  check_piece (argv[1], "piano", -0.5);
  check_piece (argv[1], "lead", -0.5);
  check_piece (argv[1], "bass", -0.5);
  return check_end ();
}
