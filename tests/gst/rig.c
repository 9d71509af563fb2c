/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rig.h"

#include <glib/gstdio.h>
#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <math.h>
#include <string.h>

#include "echo.h"

GST_PLUGIN_STATIC_DECLARE (mix);

/* Presets that a user has saved are none of the tests' business: a folder of
 * its own for each program, shared with the processes that it starts. */
static gchar *home;

static void
make_home (void)
{
  if (g_getenv ("MIX_TEST_HOME"))
    return;
  home = g_dir_make_tmp ("mix-test-XXXXXX", NULL);
  g_assert_nonnull (home);
  g_setenv ("MIX_TEST_HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
}

static void
remove_folder (const gchar *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  for (const gchar *name; folder && (name = g_dir_read_name (folder));) {
    g_autofree gchar *inside = g_build_filename (path, name, NULL);
    remove_folder (inside);
  }
  if (folder)
    g_dir_close (folder);
  g_remove (path);
}

void
rig_init (int *argc, char ***argv)
{
  make_home ();
  gst_init (argc, argv);
  g_test_init (argc, argv, NULL);
  g_test_set_nonfatal_assertions ();
  GST_PLUGIN_STATIC_REGISTER (mix);
  test_echo_register ();
  /* warnings posted by bad input are wanted; criticals never are */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
}

int
rig_run (void)
{
  int result = g_test_run ();
  if (home)
    remove_folder (home);
  g_clear_pointer (&home, g_free);
  gst_deinit ();
  return result;
}

static gboolean
is_listed (GPtrArray *list, const gchar *element)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (list, i), element))
      return TRUE;
  return FALSE;
}

const gchar *const *
rig_elements (void)
{
  static GPtrArray *list; /* for the life of the program */
  if (list)
    return (const gchar *const *)list->pdata;
  static const gchar *const settings[] = {
    "mixtestecho",
    "mixtestecho look-ahead=7",
    "mixeq bands=\"low-cut 60; bell 1000 gain=6; high-shelf 8000 gain=-3\"",
    "mixeq phase=linear bands=\"bell 1000 gain=6\"",
    "mixcompressor threshold=-30",
    "mixcompressor threshold=-30 look-ahead=5",
    "mixkeyedcompressor threshold=-30 look-ahead=5" RIG_KEY,
    "mixduck threshold=-60 depth=1 look-ahead=5" RIG_KEY,
    "mixduck band=speech depth=1 look-ahead=3" RIG_KEY,
    "mixgate threshold=-60 look-ahead=5",
    "mixkeyedgate threshold=-60 look-ahead=5" RIG_KEY,
    "mixlimiter drive=6",
    "mixmeter mode=file",
    "mixleveler target=-10",
    "mixleveler mode=static static-gain=6",
    "mixdelay",
    ("mixdelay time=90 ping-pong=true low-cut=80 high-cut=6000 modulation=50 "
     "duck=12"),
    "miximager",
    "miximager width=150 pan=30 rotation=-20 swap=true",
    "miximager spread=60 haas=15 mono-below=120 guard=true",
    "mixreverb decay=0.3 modulation=0",
    /* low corners: the all-passes of high ones delay the peak of a click */
    ("mixmultiband crossover0=60 crossover1=300 "
     "bands=\"threshold=-30; threshold=-30 gain=3; ratio=1\""),
    ("mixmultiband num-bands=4 crossover0=40 crossover1=90 crossover2=250 "
     "slope=48 look-ahead=5 couple=30 gate=-40"),
    "mixmultiband phase=linear",
  };
  list = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    g_ptr_array_add (list, (gpointer)settings[i]);
  GList *features
      = gst_registry_get_feature_list_by_plugin (gst_registry_get (), "mix");
  for (GList *l = features; l; l = l->next)
    if (!is_listed (list, gst_plugin_feature_get_name (l->data)))
      g_ptr_array_add (list, g_strdup (gst_plugin_feature_get_name (l->data)));
  gst_plugin_feature_list_free (features);
  g_ptr_array_add (list, NULL);
  return (const gchar *const *)list->pdata;
}

void
rig_add_each (const gchar *path, GTestDataFunc test)
{
  const gchar *const *elements = rig_elements ();
  for (guint i = 0; elements[i]; i++) {
    g_autofree gchar *numbered = g_strdup_printf ("%s/%u", path, i);
    g_test_add_data_func (numbered, elements[i], test);
  }
}

gchar *
rig_line (const gchar *description)
{
  gsize length = strlen (description);
  if (g_str_has_suffix (description, RIG_KEY))
    length -= strlen (RIG_KEY);
  return g_strndup (description, length);
}

GstElement *
rig_launch (const gchar *description)
{
  g_autofree gchar *line = rig_line (description);
  GError *error = NULL;
  GstElement *element = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  return g_object_ref_sink (element);
}

Rig *
rig_new (const gchar *description, guint rate, guint channels)
{
  Rig *rig = g_new0 (Rig, 1);
  rig->element = rig_launch (description);
  rig->bus = gst_bus_new ();
  gst_element_set_bus (rig->element, rig->bus);
  rig->harness = gst_harness_new_with_element (rig->element, "sink", "src");
  if (g_str_has_suffix (description, RIG_KEY))
    rig->key = gst_harness_new_with_element (rig->element, "sidechain", NULL);
  rig->samples = g_array_new (FALSE, FALSE, sizeof (gfloat));
  rig->buffers = g_array_new (FALSE, FALSE, sizeof (RigBuffer));
  rig_caps (rig, rate, channels);
  return rig;
}

void
rig_free (Rig *rig)
{
  gst_element_set_bus (rig->element, NULL);
  if (rig->key)
    gst_harness_teardown (rig->key);
  gst_harness_teardown (rig->harness);
  gst_object_unref (rig->element);
  gst_object_unref (rig->bus);
  g_array_unref (rig->samples);
  g_array_unref (rig->buffers);
  g_free (rig);
}

gboolean
rig_has_tail (Rig *rig)
{
  return g_object_class_find_property (
             G_OBJECT_GET_CLASS (rig->element), "tail-max")
         != NULL;
}

void
rig_caps (Rig *rig, guint rate, guint channels)
{
  GstAudioInfo info;
  GstAudioChannelPosition positions[64];
  gboolean usual
      = channels <= 8
        && gst_audio_channel_positions_from_mask (channels,
            gst_audio_channel_get_fallback_mask ((gint)channels), positions);
  for (guint i = 0; !usual && i < channels; i++)
    positions[i] = GST_AUDIO_CHANNEL_POSITION_NONE;
  if (channels == 1)
    positions[0] = GST_AUDIO_CHANNEL_POSITION_MONO;
  gst_audio_info_set_format (
      &info, GST_AUDIO_FORMAT_F32, (gint)rate, (gint)channels, positions);
  rig->rate = rate;
  rig->channels = channels;
  GstCaps *caps = gst_audio_info_to_caps (&info);
  if (rig->harness->srcpad && gst_pad_has_current_caps (rig->harness->srcpad))
    rig_event (rig, gst_event_new_caps (caps));
  else {
    if (rig->key)
      gst_harness_set_src_caps (rig->key, gst_caps_ref (caps));
    gst_harness_set_src_caps (rig->harness, gst_caps_ref (caps));
  }
  gst_caps_unref (caps);
}

GstFlowReturn
rig_push_at (Rig *rig, const gfloat *data, guint frames, GstClockTime pts,
    GstBufferFlags flags)
{
  gsize size = (gsize)frames * rig->channels * sizeof (gfloat);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);
  if (data)
    gst_buffer_fill (buffer, 0, data, size);
  else
    gst_buffer_memset (buffer, 0, 0, size);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale (frames, GST_SECOND, rig->rate);
  GST_BUFFER_FLAG_SET (buffer, flags);
  rig->pushed += frames;
  if (rig->key)
    gst_harness_push (rig->key, gst_buffer_ref (buffer));
  return gst_harness_push (rig->harness, buffer);
}

GstFlowReturn
rig_push (Rig *rig, const gfloat *data, guint frames, GstBufferFlags flags)
{
  return rig_push_at (rig, data, frames,
      gst_util_uint64_scale (rig->pushed, GST_SECOND, rig->rate), flags);
}

void
rig_push_all (Rig *rig, const gfloat *data, guint frames, guint size)
{
  static const guint odd[] = { 1, 777, 31, 33, 1024, 5, 64, 4096 };
  for (guint done = 0, n, i = 0; done < frames; done += n, i++) {
    n = MIN (size ? size : odd[i % G_N_ELEMENTS (odd)], frames - done);
    g_assert_cmpint (rig_push (rig, data + (gsize)done * rig->channels, n, 0),
        ==, GST_FLOW_OK);
  }
}

void
rig_event (Rig *rig, GstEvent *event)
{
  if (rig->key)
    gst_harness_push_event (rig->key, gst_event_ref (event));
  g_assert_true (gst_harness_push_event (rig->harness, event));
}

static void
take_buffer (Rig *rig, GstBuffer *buffer)
{
  GstMapInfo map;
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  guint frames = (guint)(map.size / sizeof (gfloat) / rig->channels);
  RigBuffer entry = { GST_BUFFER_PTS (buffer), GST_BUFFER_DURATION (buffer),
    GST_BUFFER_OFFSET (buffer), GST_BUFFER_OFFSET_END (buffer), frames,
    rig_frames (rig), GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP),
    GST_BUFFER_IS_DISCONT (buffer) };
  g_array_append_val (rig->buffers, entry);
  g_array_append_vals (
      rig->samples, map.data, (guint)(map.size / sizeof (gfloat)));
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
}

void
rig_pull (Rig *rig)
{
  GstBuffer *buffer;
  GstEvent *event;
  while ((buffer = gst_harness_try_pull (rig->harness)))
    take_buffer (rig, buffer);
  while ((event = gst_harness_try_pull_event (rig->harness))) {
    GstClockTime pts, duration;
    if (GST_EVENT_TYPE (event) == GST_EVENT_GAP) {
      gst_event_parse_gap (event, &pts, &duration);
      gst_event_parse_gap_flags (event, &rig->gap_flags);
      rig->gap_frames += (guint)gst_util_uint64_scale_round (
          duration, rig->rate, GST_SECOND);
    }
    gst_event_unref (event);
  }
}

void
rig_finish (Rig *rig)
{
  rig_event (rig, gst_event_new_eos ());
  rig_pull (rig);
}

gfloat
rig_sample (Rig *rig, guint frame, guint channel)
{
  g_assert_cmpuint (frame, <, rig_frames (rig));
  return g_array_index (rig->samples, gfloat, frame * rig->channels + channel);
}

guint
rig_frames (Rig *rig)
{
  return rig->samples->len / rig->channels;
}

RigBuffer *
rig_buffer (Rig *rig, guint index)
{
  g_assert_cmpuint (index, <, rig->buffers->len);
  return &g_array_index (rig->buffers, RigBuffer, index);
}

GstMessage *
rig_message (Rig *rig, GstMessageType type)
{
  return gst_bus_pop_filtered (rig->bus, type);
}

guint
rig_count_messages (Rig *rig, GstMessageType type)
{
  guint count = 0;
  GstMessage *message;
  while ((message = rig_message (rig, type))) {
    count++;
    gst_message_unref (message);
  }
  return count;
}

void
rig_bind (GstObject *object, const gchar *property, gdouble from, gdouble to)
{
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstTimedValueControlSource *timed = GST_TIMED_VALUE_CONTROL_SOURCE (source);
  g_object_set (source, "mode", GST_INTERPOLATION_MODE_LINEAR, NULL);
  gst_timed_value_control_source_set (timed, 0, from);
  gst_timed_value_control_source_set (timed, GST_SECOND, to);
  g_assert_true (gst_object_add_control_binding (object,
      gst_direct_control_binding_new_absolute (object, property, source)));
  gst_object_unref (source);
}

gfloat *
rig_noise (guint frames, guint channels, gfloat amplitude)
{
  gfloat *data = g_new (gfloat, (gsize)frames * channels);
  GRand *random = g_rand_new_with_seed (1);
  for (gsize i = 0; i < (gsize)frames * channels; i++)
    data[i] = (gfloat)g_rand_double_range (random, -amplitude, amplitude);
  g_rand_free (random);
  return data;
}

gfloat *
rig_sine (
    guint frames, guint channels, guint rate, gdouble hz, gfloat amplitude)
{
  gfloat *data = g_new (gfloat, (gsize)frames * channels);
  for (guint i = 0; i < frames; i++)
    for (guint c = 0; c < channels; c++)
      data[i * channels + c]
          = amplitude * (gfloat)sin (2 * G_PI * hz * i / rate);
  return data;
}
