/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client.h"

#include <glib/gstdio.h>
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <math.h>
#include <string.h>

#include "check.h"

static gchar *folder;

/* ---- Sound -------------------------------------------------------------- */

Sound *
sound_new (void)
{
  Sound *sound = g_new0 (Sound, 1);
  sound->samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  sound->start = sound->end = GST_CLOCK_TIME_NONE;
  return sound;
}

void
sound_free (Sound *sound)
{
  g_array_unref (sound->samples);
  g_free (sound);
}

guint
sound_frames (const Sound *sound)
{
  return sound->channels ? sound->samples->len / sound->channels : 0;
}

gdouble
sound_seconds (const Sound *sound)
{
  return sound->rate ? (gdouble)sound_frames (sound) / sound->rate : 0;
}

/* The first channel from one time to another, as far as it goes. */
static gfloat *
copy_span (const Sound *sound, gdouble from_s, gdouble to_s, guint *frames)
{
  guint first = (guint)MIN (from_s * sound->rate, sound_frames (sound));
  guint last = (guint)MIN (to_s * sound->rate, sound_frames (sound));
  *frames = last > first ? last - first : 0;
  gfloat *data = g_new (gfloat, *frames + 1);
  for (guint i = 0; i < *frames; i++)
    data[i] = g_array_index (
        sound->samples, gfloat, (gsize)(first + i) * sound->channels);
  return data;
}

gdouble
sound_level (const Sound *sound, gdouble from_s, gdouble to_s)
{
  guint frames;
  g_autofree gfloat *data = copy_span (sound, from_s, to_s, &frames);
  return 20 * log10 (frames ? check_rms (data, frames) + 1e-15 : 1e-15);
}

/* With half a second in front of it, in which the filter comes to rest. */
static gfloat *
high_passed (const Sound *sound, gdouble hz, gdouble from_s, gdouble to_s,
    guint *skip, guint *frames)
{
  gdouble lead = MIN (from_s, 0.5);
  gfloat *data = copy_span (sound, from_s - lead, to_s, frames);
  *skip = (guint)MIN (lead * sound->rate, *frames);
  check_high_pass (data, data, *frames, hz, sound->rate);
  return data;
}

gdouble
sound_level_above (const Sound *sound, gdouble hz, gdouble from_s, gdouble to_s)
{
  guint skip, frames;
  g_autofree gfloat *data
      = high_passed (sound, hz, from_s, to_s, &skip, &frames);
  return 20 * log10 (check_rms (data + skip, frames - skip) + 1e-15);
}

gdouble
sound_peak_above (const Sound *sound, gdouble hz, gdouble from_s, gdouble to_s)
{
  guint skip, frames;
  g_autofree gfloat *data
      = high_passed (sound, hz, from_s, to_s, &skip, &frames);
  return 20 * log10 (check_peak (data + skip, frames - skip) + 1e-15);
}

gdouble
sound_onset_above (const Sound *sound, gdouble hz, gdouble dbfs, gdouble from_s)
{
  guint skip, frames;
  const gdouble level = pow (10, dbfs / 20);
  g_autofree gfloat *data
      = high_passed (sound, hz, from_s, G_MAXUINT, &skip, &frames);
  for (guint i = skip; i < frames; i++)
    if (fabsf (data[i]) > level)
      return from_s + (gdouble)(i - skip) / sound->rate;
  return -1;
}

gdouble
sound_end (const Sound *sound, gdouble dbfs)
{
  const gdouble level = pow (10, dbfs / 20);
  for (guint i = sound->samples->len; i > 0; i--)
    if (fabsf (g_array_index (sound->samples, gfloat, i - 1)) > level)
      return (gdouble)((i - 1) / sound->channels + 1) / sound->rate;
  return 0;
}

/* ---- Files -------------------------------------------------------------- */

gchar *
client_path (const gchar *name)
{
  return g_build_filename (folder, name, NULL);
}

gchar *
client_uri (const gchar *name)
{
  g_autofree gchar *path = client_path (name);
  return g_filename_to_uri (path, NULL, NULL);
}

static void
append_u16 (GByteArray *bytes, guint value)
{
  guint16 le = GUINT16_TO_LE ((guint16)value);
  g_byte_array_append (bytes, (const guint8 *)&le, 2);
}

static void
append_u32 (GByteArray *bytes, guint value)
{
  guint32 le = GUINT32_TO_LE (value);
  g_byte_array_append (bytes, (const guint8 *)&le, 4);
}

static void
append_tag (GByteArray *bytes, const gchar *tag)
{
  g_byte_array_append (bytes, (const guint8 *)tag, 4);
}

/* RIFF, format 3 (IEEE float). */
void
client_write_wav (const gchar *name, const gfloat *data, guint frames,
    guint rate, guint channels)
{
  g_autofree gchar *path = client_path (name);
  GByteArray *bytes = g_byte_array_new ();
  const guint size = frames * channels * 4;
  append_tag (bytes, "RIFF");
  append_u32 (bytes, 36 + size);
  append_tag (bytes, "WAVE");
  append_tag (bytes, "fmt ");
  append_u32 (bytes, 16);
  append_u16 (bytes, 3);
  append_u16 (bytes, channels);
  append_u32 (bytes, rate);
  append_u32 (bytes, rate * channels * 4);
  append_u16 (bytes, channels * 4);
  append_u16 (bytes, 32);
  append_tag (bytes, "data");
  append_u32 (bytes, size);
  for (guint i = 0; i < frames * channels; i++) {
    guint32 bits;
    memcpy (&bits, data + i, 4);
    append_u32 (bytes, bits);
  }
  g_assert_true (g_file_set_contents (
      path, (const gchar *)bytes->data, (gssize)bytes->len, NULL));
  g_byte_array_unref (bytes);
}

void
client_write_tone (
    const gchar *name, gdouble hz, guint first, guint frames, guint rate)
{
  g_autofree gfloat *all = rig_sine (first + frames, 2, rate, hz, 0.25f);
  client_write_wav (name, all + (gsize)2 * first, frames, rate, 2);
}

/* Whatever it is. */
Sound *
client_read (const gchar *name)
{
  g_autofree gchar *uri = client_uri (name);
  return client_play ("uridecodebin uri=%s ! audioconvert ! "
                      "audio/x-raw,format=" GST_AUDIO_NE (F32) " !" OUT,
      uri);
}

/* ---- Pipelines ---------------------------------------------------------- */

Client *
client_of (GstElement *pipeline, GstElement *out)
{
  Client *client = g_new0 (Client, 1);
  client->pipeline = pipeline;
  client->bus = gst_element_get_bus (pipeline);
  client->out = (GstAppSink *)out;
  return client;
}

static Client *
new_from (const gchar *format, va_list args)
{
  GError *error = NULL;
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  GstElement *out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  return client_of (pipeline, out);
}

Client *
client_new (const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  Client *client = new_from (format, args);
  va_end (args);
  return client;
}

void
client_free (Client *client)
{
  gint64 begin = g_get_monotonic_time ();
  gst_element_set_state (client->pipeline, GST_STATE_NULL);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_TIME_SPAN_SECOND);
  gst_clear_object (&client->out);
  gst_object_unref (client->bus);
  gst_object_unref (client->pipeline);
  g_free (client);
}

void
client_state (Client *client, GstState state)
{
  GstState now;
  gst_element_set_state (client->pipeline, state);
  gst_element_get_state (client->pipeline, &now, NULL, 20 * GST_SECOND);
  g_assert_cmpint (now, ==, state);
}

GstMessage *
client_wait (Client *client, GstMessageType types, gdouble seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64)(seconds * 1e6);
  GstMessage *message = NULL;
  while (!message && g_get_monotonic_time () < end) {
    message = gst_bus_timed_pop_filtered (
        client->bus, 10 * GST_MSECOND, types | GST_MESSAGE_ERROR);
    while (g_main_context_iteration (NULL, FALSE)) /* GES lives there */
      ;
  }
  if (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gst_message_parse_error (message, &error, NULL);
    g_test_message ("%s", error->message);
    g_test_fail ();
    g_error_free (error);
  }
  return message;
}

void
client_eos (Client *client, gdouble seconds)
{
  GstMessage *message = client_wait (client, GST_MESSAGE_EOS, seconds);
  g_assert_true (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  g_clear_pointer (&message, gst_message_unref);
}

void
client_take_sample (Sound *sound, GstSample *sample)
{
  GstAudioInfo info;
  GstMapInfo map;
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstClockTime time
      = gst_segment_to_running_time (gst_sample_get_segment (sample),
          GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  gst_audio_info_from_caps (&info, gst_sample_get_caps (sample));
  sound->rate = (guint)info.rate;
  sound->channels = (guint)info.channels;
  if (!GST_CLOCK_TIME_IS_VALID (sound->start))
    sound->start = time;
  else if (ABS (GST_CLOCK_DIFF (time, sound->end))
           > (GstClockTimeDiff)(GST_SECOND / sound->rate))
    sound->breaks++;
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_array_append_vals (sound->samples, map.data, (guint)(map.size / 4));
  sound->end = time
               + gst_util_uint64_scale (
                   map.size / 4 / sound->channels, GST_SECOND, sound->rate);
  gst_buffer_unmap (buffer, &map);
}

void
client_take (Client *client, Sound *sound)
{
  GstSample *sample;
  while ((sample = gst_app_sink_try_pull_sample (client->out, 0))) {
    client_take_sample (sound, sample);
    gst_sample_unref (sample);
  }
}

gboolean
client_try_take_all (Client *client, Sound *sound)
{
  GstSample *sample;
  while (
      (sample = gst_app_sink_try_pull_sample (client->out, 20 * GST_SECOND))) {
    client_take_sample (sound, sample);
    gst_sample_unref (sample);
  }
  return gst_app_sink_is_eos (client->out);
}

void
client_take_all (Client *client, Sound *sound)
{
  g_assert_true (client_try_take_all (client, sound));
}

Sound *
client_play (const gchar *format, ...)
{
  va_list args;
  va_start (args, format);
  Client *client = new_from (format, args);
  va_end (args);
  Sound *sound = sound_new ();
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);
  client_eos (client, 60);
  client_take (client, sound);
  client_free (client);
  return sound;
}

void
client_bind_steps (GstObject *object, const gchar *property,
    const gdouble *at_s, const gdouble *values, guint count)
{
  GstControlSource *source = gst_interpolation_control_source_new ();
  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  for (guint i = 0; i < count; i++)
    gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source),
        (GstClockTime)(at_s[i] * GST_SECOND), values[i]);
  g_assert_true (gst_object_add_control_binding (object,
      gst_direct_control_binding_new_absolute (object, property, source)));
  gst_object_unref (source);
}

GstElement *
client_get (Client *client, const gchar *name)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (client->pipeline), name);
  g_assert_nonnull (element);
  return element;
}

/* ---- Figures ------------------------------------------------------------ */

void
client_figure (const gchar *name, gdouble measured, gdouble low, gdouble high,
    const gchar *unit)
{
  gboolean good = measured >= low && measured <= high;
  g_test_message ("figure: %s: %s: measured %.6g %s (allowed %g … %g)  %s",
      g_test_get_path (), name, measured, unit, low, high,
      good ? "ok" : "FAIL");
  if (!good)
    g_test_fail ();
}

gchar *
client_test_path (const gchar *path, const gchar *description, guint number)
{
  gsize length = strcspn (description, " ");
  return g_strdup_printf ("%s/%.*s-%u", path, (int)length, description, number);
}

void
client_add_each (
    const gchar *path, const gchar *const *descriptions, GTestDataFunc test)
{
  for (guint i = 0; descriptions[i]; i++) {
    g_autofree gchar *name = client_test_path (path, descriptions[i], i);
    g_test_add_data_func (name, descriptions[i], test);
  }
}

/* The user's own presets are not for the tests. */
void
client_init (int *argc, char ***argv)
{
  folder = g_dir_make_tmp ("mix-clients-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  rig_init (argc, argv);
}

static void
remove_folder (const gchar *path)
{
  const gchar *name;
  GDir *dir = g_dir_open (path, 0, NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree gchar *inside = g_build_filename (path, name, NULL);
    if (g_file_test (inside, G_FILE_TEST_IS_DIR))
      remove_folder (inside);
    else
      g_unlink (inside);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

int
client_run (void (*end) (void))
{
  int result = g_test_run ();
  remove_folder (folder);
  g_clear_pointer (&folder, g_free);
  if (end)
    end ();
  gst_deinit ();
  return result;
}
