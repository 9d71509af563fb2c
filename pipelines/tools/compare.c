/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compare VIEW [options] BEFORE AFTER: what an effect changed, as a table and
 * as a picture. The scenes' scripts run it.
 */
#include "compare.h"

#include <gst/gst.h>
#include <locale.h>
#include <math.h>

#include "output.h"

#define MOST_SHOWN 4 /* figures in the picture */
#define MOST_S 600.0 /* what is held in memory */

typedef gboolean (*Draw) (const Comparison *self);

typedef struct {
  const gchar *name;
  Draw draw;
  gboolean needs_response, needs_leader;
} View;

static const View views[] = {
  { "spectrum", view_spectrum, FALSE, FALSE },
  { "levels", view_levels, FALSE, FALSE },
  { "hall", view_hall, TRUE, FALSE },
  { "distance", view_distance, TRUE, TRUE },
  { "echoes", view_echoes, TRUE, FALSE },
  { "width", view_width, FALSE, FALSE },
  { "ducking", view_ducking, FALSE, TRUE },
  { "floor", view_floor, FALSE, FALSE },
  { "master", view_master, FALSE, FALSE },
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

/* ---- Results ------------------------------------------------------------ */

static gchar *
cell (gdouble value)
{
  if (isnan (value))
    return g_strdup ("-");
  return g_strdup_printf ("%.2f", round (value * 100) / 100 + 0.0);
}

/* Two columns and what they mean. */
static void
print_changes (const Comparison *self)
{
  g_print ("%9s %9s\n", "before", "after");
  for (guint i = 0; i < self->changes->len; i++) {
    const Change *c = &g_array_index (self->changes, Change, i);
    g_autofree gchar *before = cell (c->before), *after = cell (c->after);
    g_autofree gchar *unit = g_strdup_printf ("%-5s", c->unit);
    g_print ("%9s %9s %s %s\n", before, after, unit, c->what);
  }
}

/* The first four, as key figures of the picture. */
static void
show_changes (const Comparison *self)
{
  for (guint i = 0; i < MIN (self->changes->len, MOST_SHOWN); i++) {
    const Change *c = &g_array_index (self->changes, Change, i);
    const gchar *format
        = MAX (fabs (c->before), fabs (c->after)) < 10 ? "%.2f" : "%.1f";
    g_autofree gchar *before = svg_number (format, c->before);
    g_autofree gchar *after = svg_number (format, c->after);
    picture_add_figure (self->picture, c->what,
        isnan (c->before) ? NULL : before, after, c->unit, FALSE);
  }
}

static void
print_remarks (const Comparison *self)
{
  gdouble before = sound_peak_db (self->before);
  gdouble after = sound_peak_db (self->after);
  gdouble seconds = sound_seconds (self->before);
  if (self->before->is_cut && seconds < MOST_S)
    g_print ("! figures are of the first %.1f s: there the format changes\n",
        seconds);
  else if (self->before->is_cut)
    g_print ("! figures are of the first ten minutes\n");
  if (!isfinite (before))
    g_print ("! there is nothing but silence in %s\n", self->before->path);
  else if (after > 0)
    g_print ("! peaks go to %+.2f dBFS: turn it down before it is played or "
             "made integer, or put mixlimiter behind it\n",
        after);
}

static gboolean
write_picture (const Job *job)
{
  g_autoptr (GError) error = NULL;
  const Comparison *c = &job->comparison;
  if (!job->picture)
    return TRUE;
  show_changes (c);
  if (picture_write (c->picture, job->picture, &error))
    return TRUE;
  g_printerr ("compare: %s: %s\n", job->picture, error->message);
  return FALSE;
}

static gboolean
show (Job *job)
{
  Comparison *c = &job->comparison;
  c->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  c->picture = picture_new (job->title ? job->title : "");
  gboolean good = job->view->draw (c);
  if (good) {
    print_changes (c);
    print_remarks (c);
    good = write_picture (job);
  }
  g_array_unref (c->changes);
  picture_free (c->picture);
  return good;
}

static gboolean
run (Job *job)
{
  Comparison *c = &job->comparison;
  g_autoptr (Sound) click = job->click ? sound_read (job->click, MOST_S) : NULL;
  g_autoptr (Sound) answer
      = job->response ? sound_read (job->response, MOST_S) : NULL;
  g_autoptr (Sound) before = sound_read (job->words[1], MOST_S);
  g_autoptr (Sound) after = before ? sound_read (job->words[2], MOST_S) : NULL;
  g_autoptr (Sound) leader
      = job->leader ? sound_read (job->leader, MOST_S) : NULL;
  g_autoptr (Response) response
      = click && answer ? response_new (click, answer) : NULL;
  c->before = before;
  c->after = after;
  c->leader = leader;
  c->response = response;
  return before && after && (response || !job->view->needs_response)
         && (leader || !job->view->needs_leader) && show (job);
}

/* ---- Arguments ---------------------------------------------------------- */

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
