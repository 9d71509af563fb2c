/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * launch [--name NAME] [--messages] LINE…: runs a line of gst-launch-1.0's
 * syntax, for scripts, which need its result. The exit status is 0 only when
 * the end of the sound was reached and every file is complete (record.h); each
 * warning is printed once (pipeline.h); a signal ends it by that signal and
 * leaves an older file in place. NAME stands in front of reports. With
 * --messages the elements' messages are printed, a line each: the element's
 * name, then the structure.
 */
#include <locale.h>

#include "output.h"
#include "pipeline.h"
#include "record.h"

static void
print_message (gpointer data, GstMessage *message)
{
  g_autofree gchar *text
      = gst_structure_to_string (gst_message_get_structure (message));
  (void)data;
  g_print ("%s %s\n", GST_MESSAGE_SRC_NAME (message), text);
}

static void
ignore_message (gpointer data, GstMessage *message)
{
  (void)data, (void)message;
}

/* A line of a single element is parsed to that element, not to a pipeline. */
static GstElement *
make_pipeline (const gchar **words)
{
  g_autoptr (GError) error = NULL;
  GstElement *line = gst_parse_launchv_full (
      words, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!line) {
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
    return NULL;
  }
  if (GST_IS_PIPELINE (line))
    return line;
  GstElement *pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (pipeline), line);
  return pipeline;
}

static gboolean
launch (GstElement *pipeline, gboolean has_messages)
{
  PipelineRun run = { .pipeline = pipeline,
    .take = has_messages ? print_message : ignore_message };
  Record *record = record_new (pipeline);
  gboolean good = record && pipeline_run (&run) && record_keep (record);
  g_clear_pointer (&record, record_free);
  return good;
}

int
main (int argc, char **argv)
{
  gboolean has_messages = FALSE;
  const gchar *name = "launch";
  int at = 1;
  setlocale (LC_CTYPE, "");
  gst_init (NULL, NULL);
  if (argc > at + 1 && g_str_equal (argv[at], "--name")) {
    name = argv[at + 1];
    at += 2;
  }
  if (argc > at && g_str_equal (argv[at], "--messages")) {
    has_messages = TRUE;
    at++;
  }
  g_set_prgname (name);
  pipeline_catch_signals ();
  GstElement *pipeline
      = argc > at ? make_pipeline ((const gchar **)argv + at) : NULL;
  gboolean good = pipeline && launch (pipeline, has_messages);
  gst_clear_object (&pipeline);
  pipeline_raise_signal ();
  return output_finish (good ? 0 : 1);
}
