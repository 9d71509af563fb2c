/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * launch [--name NAME] [--messages] LINE…: runs a line as gst-launch-1.0 takes
 * it, for scripts, which need to know what became of it. It ends with 0 only
 * when the end of the sound was seen and every file is whole (record.h); what
 * elements warn of is said once (run.h); a signal ends it by that signal, and
 * an older file is still there. NAME is who speaks. With --messages what
 * elements tell is printed, a line each: the element's name, then the
 * structure.
 */
#include <locale.h>

#include "output.h"
#include "record.h"
#include "run.h"

static void
print_message (gpointer data, GstMessage *message)
{
  g_autofree gchar *text
      = gst_structure_to_string (gst_message_get_structure (message));
  (void)data;
  g_print ("%s %s\n", GST_MESSAGE_SRC_NAME (message), text);
}

static void
stay_silent (gpointer data, GstMessage *message)
{
  (void)data, (void)message;
}

/* A line of one element is no pipeline yet. */
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
  Run run = { .pipeline = pipeline,
    .take = has_messages ? print_message : stay_silent };
  Record *record = record_new (pipeline);
  gboolean good = record && run_to_end (&run) && record_keep (record);
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
  run_catch_signals ();
  GstElement *pipeline
      = argc > at ? make_pipeline ((const gchar **)argv + at) : NULL;
  gboolean good = pipeline && launch (pipeline, has_messages);
  gst_clear_object (&pipeline);
  run_obey_signal ();
  return output_finish (good ? 0 : 1);
}
