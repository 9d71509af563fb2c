/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mixmeter on recorded music, against libebur128: the last message of the
 * element, and what libebur128 says of the audio that left it.
 */
#include <ebur128.h>
#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

typedef struct {
  guint rate, channels;
  GArray *frames;
  GstStructure *last; /* of the meter */
} Played;

static void
take_messages (GstElement *pipeline, Played *played)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT))) {
    const GstStructure *s = gst_message_get_structure (message);
    if (gst_structure_has_name (s, "mixmeter")) {
      g_clear_pointer (&played->last, gst_structure_free);
      played->last = gst_structure_copy (s);
    }
    gst_message_unref (message);
  }
  gst_object_unref (bus);
}

static void
take_sample (GstSample *sample, Played *played)
{
  GstAudioInfo info;
  GstMapInfo map;
  gst_audio_info_from_caps (&info, gst_sample_get_caps (sample));
  played->rate = (guint)GST_AUDIO_INFO_RATE (&info);
  played->channels = (guint)GST_AUDIO_INFO_CHANNELS (&info);
  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  g_array_append_vals (played->frames, map.data, (guint)(map.size / 4));
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  gst_sample_unref (sample);
}

static Played
play (const gchar *source, guint rate, guint channels)
{
  g_autofree gchar *text = g_strdup_printf (
      "%s ! audioconvert ! audioresample ! audio/x-raw, format=" GST_AUDIO_NE (
          F32) ", rate=%u, channels=%u ! mixmeter ! appsink name=out "
               "sync=false",
      source, rate, channels);
  GError *error = NULL;
  Played played = { .frames = g_array_new (FALSE, FALSE, sizeof (gfloat)) };
  GstElement *pipeline = gst_parse_launch (text, &error);
  if (error) {
    fprintf (stderr, "%s: %s\n", text, error->message);
    exit (1);
  }
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GstSample *sample;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))))
    take_sample (sample, &played);
  take_messages (pipeline, &played);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  return played;
}

typedef struct {
  double integrated, range, max_momentary, max_short_term, true_peak,
      sample_peak;
} Measured;

static void
peaks_by_libebur128 (ebur128_state *state, Measured *m)
{
  for (unsigned c = 0; c < state->channels; c++) {
    double peak;
    ebur128_true_peak (state, c, &peak);
    m->true_peak = fmax (m->true_peak, peak);
    ebur128_sample_peak (state, c, &peak);
    m->sample_peak = fmax (m->sample_peak, peak);
  }
  m->true_peak = mix_db_from_gain (m->true_peak);
  m->sample_peak = mix_db_from_gain (m->sample_peak);
}

/* Read every 10 ms. */
static Measured
by_libebur128 (const Played *played)
{
  const float *at = (const float *)played->frames->data;
  guint frames = played->frames->len / played->channels;
  guint step = played->rate / 100;
  Measured m = { .max_momentary = -INFINITY, .max_short_term = -INFINITY };
  ebur128_state *state = ebur128_init (played->channels, played->rate,
      EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
  for (guint done = 0; done < frames; done += step) {
    double now;
    guint n = MIN (step, frames - done);
    ebur128_add_frames_float (state, at + (gsize)done * played->channels, n);
    if (n < step)
      break;
    ebur128_loudness_momentary (state, &now);
    m.max_momentary = fmax (m.max_momentary, now);
    ebur128_loudness_shortterm (state, &now);
    m.max_short_term = fmax (m.max_short_term, now);
  }
  ebur128_loudness_global (state, &m.integrated);
  ebur128_loudness_range (state, &m.range);
  peaks_by_libebur128 (state, &m);
  ebur128_destroy (&state);
  return m;
}

static void
check_field (const Played *played, const gchar *what, const gchar *field,
    double theirs, double low, double high, const char *unit)
{
  gdouble ours = NAN;
  gst_structure_get_double (played->last, field, &ours);
  g_autofree gchar *name = g_strdup_printf (
      "%s, %u Hz, %u channels, %s: %.3f, libebur128 %.3f, apart", what,
      played->rate, played->channels, field, ours, theirs);
  check_figure (name, ours - theirs, low, high, unit);
}

static void
check_piece (const gchar *stems, const gchar *name, guint rate, guint channels)
{
  g_autofree gchar *source = g_strdup_printf (
      "filesrc location=\"%s/%s.flac\" ! decodebin", stems, name);
  Played played = play (source, rate, channels);
  if (CHECK (played.last != NULL, "%s: no message", name)) {
    Measured m = by_libebur128 (&played);
    check_field (&played, name, "integrated", m.integrated, -0.01, 0.01, "LU");
    check_field (&played, name, "range", m.range, -0.01, 0.01, "LU");
    check_field (
        &played, name, "max-momentary", m.max_momentary, -0.01, 0.01, "LU");
    check_field (
        &played, name, "max-short-term", m.max_short_term, -0.01, 0.01, "LU");
    check_field (
        &played, name, "sample-peak", m.sample_peak, -1e-6, 1e-6, "dB");
    /* its twelve taps and four points a sample see less */
    check_field (&played, name, "true-peak", m.true_peak, -0.1, 0.7, "dB");
  }
  g_clear_pointer (&played.last, gst_structure_free);
  g_array_unref (played.frames);
}

int
main (int argc, char **argv)
{
  static const gchar *const names[]
      = { "drums", "bass", "guitar", "piano", "choir", "tabla", "lead" };
  gst_init (&argc, &argv);
  if (argc != 2)
    return 2;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    check_piece (argv[1], names[i], 48000, 2);
  check_piece (argv[1], "choir", 44100, 2);
  check_piece (argv[1], "drums", 96000, 2);
  check_piece (argv[1], "lead", 192000, 2);
  check_piece (argv[1], "piano", 44100, 1);
  check_piece (argv[1], "choir", 48000, 6);
  return check_end ();
}
