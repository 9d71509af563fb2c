/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recordings.h"

#include <glob.h>
#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_S 180.0
#define LONG_PAUSES 0.08 /* of all */

typedef struct {
  const gchar *kind;
  gdouble start_s, length_s; /* of each file */
  gdouble least_pause_s, most_pause_s;
  gboolean has_long_pauses;
  gdouble tone_db;   /* 0 is none */
  gsize least_bytes; /* shorter files are no sentences */
} Joining;

static const Joining joinings[] = {
  { "speech", 0, LONGEST_S, 0.2, 1.5, TRUE, -62, 25000 },
  { "talkshow", 0, LONGEST_S, 0.1, 0.7, TRUE, -65, 8000 },
  { "jingles", 60, 10, 0.5, 0.5, FALSE, 0, 0 },
  { NULL, 0, LONGEST_S, 0, 0, FALSE, 0, 0 },
};

#define QUIET_VOICE_DB -9.0

static void
die (const gchar *what, const gchar *name)
{
  printf ("FAIL: %s: %s\n", name, what);
  exit (1);
}

static gsize
frames_of (gdouble seconds)
{
  return (gsize)(seconds * RECORDING_RATE);
}

/* ---- The list ----------------------------------------------------------- */

static void
recording_free (gpointer data)
{
  Recording *r = data;
  g_free (r->half);
  g_free (r->kind);
  g_free (r->name);
  g_free (r->path);
  g_free (r);
}

/* half kind name package licence path; the path may have spaces. */
static Recording *
parse_line (const gchar *line, const gchar *folder)
{
  gchar half[32], kind[32], name[64], package[64], licence[64];
  int at = 0;
  if (sscanf (line, "%31s %31s %63s %63s %63s %n", half, kind, name, package,
          licence, &at)
          != 5
      || !line[at])
    die ("not a line of a list of recordings", line);
  Recording *r = g_new0 (Recording, 1);
  r->half = g_strdup (half);
  r->kind = g_strdup (kind);
  r->name = g_strdup (name);
  r->path = g_build_filename (folder, package, line + at, NULL);
  return r;
}

GPtrArray *
recordings_read (const gchar *list, const gchar *folder)
{
  g_autofree gchar *text = NULL;
  if (!g_file_get_contents (list, &text, NULL, NULL))
    die ("cannot be read", list);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  GPtrArray *recordings = g_ptr_array_new_with_free_func (recording_free);
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] && lines[i][0] != '#')
      g_ptr_array_add (recordings, parse_line (lines[i], folder));
  return recordings;
}

/* ---- Files -------------------------------------------------------------- */

/* Returns FALSE once the last frame that is wanted has come. */
static gboolean
take_sample (GstSample *sample, GArray *frames, gsize *skip, gsize most)
{
  GstMapInfo map;
  gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
  gsize n = map.size / sizeof (RecordingFrame), from = MIN (n, *skip);
  gsize take = MIN (n - from, most - frames->len);
  g_array_append_vals (
      frames, (const RecordingFrame *)map.data + from, (guint)take);
  *skip -= from;
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
  gst_sample_unref (sample);
  return frames->len < most;
}

static GArray *
decode (const gchar *path, const Joining *joining)
{
  g_autofree gchar *text = g_strdup_printf (
      "filesrc name=in ! decodebin ! audioconvert ! audioresample ! "
      "audio/x-raw, format=" GST_AUDIO_NE (
          F32) ", channels=2, rate=%d ! "
               "appsink name=out sync=false max-buffers=50",
      RECORDING_RATE);
  GstElement *pipeline = gst_parse_launch (text, NULL);
  if (!pipeline)
    die ("no pipeline", text);
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (RecordingFrame));
  gsize skip = frames_of (joining->start_s);
  GstSample *sample;
  g_object_set (source, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))))
    if (!take_sample (sample, frames, &skip, frames_of (joining->length_s)))
      break;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (source);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  if (frames->len == 0)
    die ("no sound", path);
  return frames;
}

static gsize
size_of (const gchar *path)
{
  g_autofree gchar *bytes = NULL;
  gsize length = 0;
  g_file_get_contents (path, &bytes, &length, NULL);
  return length;
}

/* In the order of their names. */
static GPtrArray *
find_files (const gchar *pattern, const Joining *joining)
{
  glob_t found;
  if (glob (pattern, GLOB_BRACE, NULL, &found) != 0)
    die ("no such files", pattern);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < found.gl_pathc; i++)
    if (joining->least_bytes == 0
        || size_of (found.gl_pathv[i]) > joining->least_bytes)
      g_ptr_array_add (files, g_strdup (found.gl_pathv[i]));
  globfree (&found);
  return files;
}

/* ---- Joining ------------------------------------------------------------ */

static gboolean
is_quiet_voice (const gchar *path)
{
  return strstr (path, "-m-") != NULL;
}

/* Which of the files left comes next: one of the voice that has the word, which
 * it keeps for one to three files. */
static guint
next_turn (GPtrArray *files, GRand *random, gboolean *quiet_turn, gint *turns)
{
  if (--*turns < 0) {
    *quiet_turn = !*quiet_turn;
    *turns = g_rand_int_range (random, 0, 3);
  }
  for (guint i = 0; i < files->len; i++)
    if (is_quiet_voice (g_ptr_array_index (files, i)) == *quiet_turn)
      return i;
  return 0;
}

static void
append_scaled (GArray *to, const GArray *from, gdouble db)
{
  gfloat gain = (gfloat)pow (10, db / 20);
  for (guint i = 0; i < from->len; i++) {
    RecordingFrame f = g_array_index (from, RecordingFrame, i);
    f.left *= gain;
    f.right *= gain;
    g_array_append_val (to, f);
  }
}

static void
append_pause (GArray *to, const Joining *joining, GRand *random)
{
  gdouble seconds = joining->least_pause_s
                    + g_rand_double (random)
                          * (joining->most_pause_s - joining->least_pause_s);
  if (joining->has_long_pauses && g_rand_double (random) < LONG_PAUSES)
    seconds = g_rand_double_range (random, 3, 12);
  guint from = to->len;
  g_array_set_size (to, from + (guint)frames_of (seconds));
  memset (&g_array_index (to, RecordingFrame, from), 0,
      (to->len - from) * sizeof (RecordingFrame));
}

/* White and the same on both sides. */
static void
add_tone (GArray *frames, gdouble db, GRand *random)
{
  gdouble amplitude = pow (10, db / 20) * sqrt (3);
  for (guint i = 0; i < frames->len; i++) {
    RecordingFrame *f = &g_array_index (frames, RecordingFrame, i);
    gfloat x = (gfloat)g_rand_double_range (random, -amplitude, amplitude);
    f->left += x;
    f->right += x;
  }
}

static const Joining *
find_joining (const gchar *kind)
{
  const Joining *joining = joinings;
  while (joining->kind && !g_str_equal (joining->kind, kind))
    joining++;
  return joining;
}

/* Whole hundredths of a second, to the most. */
static void
cut (GArray *frames)
{
  guint length = (guint)MIN (frames->len, frames_of (LONGEST_S));
  g_array_set_size (frames, length - length % (RECORDING_RATE / 100));
}

GArray *
recording_frames (const Recording *recording)
{
  const Joining *joining = find_joining (recording->kind);
  gboolean is_talk = g_str_equal (recording->kind, "talkshow"), quiet = FALSE;
  gint turns = 0;
  GRand *random = g_rand_new_with_seed (1);
  GPtrArray *files = find_files (recording->path, joining);
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (RecordingFrame));
  while (files->len > 0 && frames->len < frames_of (LONGEST_S)) {
    guint next = is_talk ? next_turn (files, random, &quiet, &turns) : 0;
    const gchar *path = g_ptr_array_index (files, next);
    GArray *file = decode (path, joining);
    append_scaled (
        frames, file, is_talk && is_quiet_voice (path) ? QUIET_VOICE_DB : 0);
    append_pause (frames, joining, random);
    g_array_unref (file);
    g_ptr_array_remove_index (files, next);
  }
  cut (frames);
  if (joining->tone_db < 0)
    add_tone (frames, joining->tone_db, random);
  g_ptr_array_unref (files);
  g_rand_free (random);
  return frames;
}
