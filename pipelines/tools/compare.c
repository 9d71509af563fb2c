/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compare VIEW [options] BEFORE AFTER: what an effect changed, as a table and
 * as a picture. The scenes' scripts run it.
 */
#include "compare.h"

#include <locale.h>
#include <math.h>

#include "output.h"

#define MOST_S 600.0 /* what is held in memory */

typedef gboolean (*Draw) (const Comparison *self, Page *page);

typedef struct {
  const gchar *name;
  Draw draw;
  gboolean wants_response, wants_leader;
} View;

static const View views[] = {
  { "spectrum", view_spectrum, FALSE, FALSE },
  { "levels", view_levels, FALSE, FALSE },
  { "hall", view_hall, TRUE, FALSE },
  { "distance", view_distance, TRUE, TRUE },
  { "echoes", view_echoes, TRUE, FALSE },
  { "width", view_width, FALSE, FALSE },
};

typedef struct {
  const View *view;
  gchar *title, *picture, *click, *response, *leader;
  gchar **words; /* the view's name and both files */
  Comparison comparison;
} Job;

static const View *
find_view (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i].name, name))
      return &views[i];
  return NULL;
}

/* ---- What is told besides figures --------------------------------------- */

static void
print_remarks (const Comparison *self)
{
  gdouble before = sound_peak_db (self->before);
  gdouble after = sound_peak_db (self->after);
  if (self->before->is_cut)
    g_print ("! figures are of the first ten minutes\n");
  if (!isfinite (before))
    g_print ("! there is nothing but silence in %s\n", self->before->path);
  else if (after > 0)
    g_print ("! peaks go to %+.2f dBFS: turn it down before it is played or "
             "made integer, or put mixlimiter behind it\n",
        after);
}

static gboolean
write_picture (const Job *job, Page *page)
{
  g_autoptr (GError) error = NULL;
  if (!job->picture
      || page_write (page, job->title ? job->title : "", job->picture, &error))
    return TRUE;
  g_printerr ("compare: %s: %s\n", job->picture, error->message);
  return FALSE;
}

static gboolean
show (const Job *job)
{
  Page *page = page_new ();
  gboolean good = job->view->draw (&job->comparison, page);
  if (good) {
    page_print (page);
    print_remarks (&job->comparison);
    good = write_picture (job, page);
  }
  page_free (page);
  return good;
}

/* ---- Files -------------------------------------------------------------- */

static gboolean
run (Job *job)
{
  Comparison *c = &job->comparison;
  Sound *click = job->click ? sound_read (job->click, MOST_S) : NULL;
  Sound *answer = job->response ? sound_read (job->response, MOST_S) : NULL;
  c->before = sound_read (job->words[1], MOST_S);
  c->after = c->before ? sound_read (job->words[2], MOST_S) : NULL;
  c->leader = job->leader ? sound_read (job->leader, MOST_S) : NULL;
  c->response = click && answer ? response_new (click, answer) : NULL;
  gboolean good = c->before && c->after
                  && (c->response || !job->view->wants_response)
                  && (c->leader || !job->view->wants_leader) && show (job);
  response_free (c->response);
  sound_free (c->before);
  sound_free (c->after);
  sound_free (c->leader);
  sound_free (click);
  sound_free (answer);
  return good;
}

/* ---- What was asked for ------------------------------------------------- */

static gboolean
check (Job *job)
{
  guint count = job->words ? g_strv_length (job->words) : 0;
  job->view = count > 0 ? find_view (job->words[0]) : NULL;
  if (job->view && count == 3)
    return TRUE;
  g_printerr ("usage: compare [options] VIEW BEFORE AFTER\nviews:");
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    g_printerr (" %s", views[i].name);
  g_printerr ("\n");
  return FALSE;
}

static gboolean
read_arguments (Job *job, int *argc, char ***argv)
{
  GOptionEntry entries[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &job->title, "Of the picture",
        "TEXT" },
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &job->picture,
        "Draw it: .svg or .png", "PATH" },
    { "click", 0, 0, G_OPTION_ARG_FILENAME, &job->click,
        "A click that went through the same chain", "FILE" },
    { "response", 0, 0, G_OPTION_ARG_FILENAME, &job->response,
        "And what came of it", "FILE" },
    { "leader", 0, 0, G_OPTION_ARG_FILENAME, &job->leader,
        "Whom the two stand behind", "FILE" },
    { "below", 0, 0, G_OPTION_ARG_DOUBLE, &job->comparison.below,
        "Under this nothing shall be left", "HZ" },
    { "above", 0, 0, G_OPTION_ARG_DOUBLE, &job->comparison.above,
        "Over this nothing shall be left", "HZ" },
    { "beat", 0, 0, G_OPTION_ARG_DOUBLE, &job->comparison.beat, "Of the music",
        "MS" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job->words, NULL,
        "VIEW BEFORE AFTER" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (g_option_context_parse (context, argc, argv, &error))
    return check (job);
  g_printerr ("compare: %s\n", error->message);
  return FALSE;
}

int
main (int argc, char **argv)
{
  Job job = { 0 };
  int status = 2;
  setlocale (LC_CTYPE, "");
  if (read_arguments (&job, &argc, &argv))
    status = run (&job) ? 0 : 1;
  g_strfreev (job.words);
  g_free (job.title);
  g_free (job.picture);
  g_free (job.click);
  g_free (job.response);
  g_free (job.leader);
  return output_finish (status);
}
