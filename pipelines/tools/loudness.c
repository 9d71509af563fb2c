/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * loudness [options] FILE…: measures files by EBU R 128 with mixmeter, as a
 * table, as pictures and as points. The script `loudness` runs it and prints
 * its help.
 */
#include <gst/gst.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "loudness_picture.h"
#include "loudness_table.h"
#include "output.h"

#define DEFAULT_CEILING (-1.0) /* dBTP: what most destinations ask for */

typedef struct {
  gchar *target_text, *picture, *csv;
  gchar **files;
  gdouble ceiling;
  gboolean in_stereo;
  Target target;
  GHashTable *written; /* outputs so far */
} Job;

static const Target *
target_of (const Job *job)
{
  return job->target_text ? &job->target : NULL;
}

/* ---- Names of outputs --------------------------------------------------- */

static gboolean
is_folder (const gchar *path)
{
  return g_str_has_suffix (path, "/") || g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* The offset of the last dot in the path's last part, or its length. */
static gsize
stem_length (const gchar *path)
{
  const gchar *base = strrchr (path, '/');
  const gchar *dot = strrchr (base ? base + 1 : path, '.');
  return dot && dot != path && dot[-1] != '/' ? (gsize)(dot - path)
                                              : strlen (path);
}

/* A path that no other output of this run has. */
static gchar *
claim (Job *job, const gchar *stem, const gchar *extension)
{
  gchar *path = g_strconcat (stem, extension, NULL);
  for (guint i = 2; !g_hash_table_add (job->written, g_strdup (path)); i++) {
    g_free (path);
    path = g_strdup_printf ("%s-%u%s", stem, i, extension);
  }
  return path;
}

/* Where a file's output goes: into a folder under the file's name, to the path
 * itself for a single file, else to the path with the file's name in it. */
static gchar *
output_path (
    Job *job, const gchar *wanted, const gchar *extension, const gchar *file)
{
  g_autofree gchar *base = g_path_get_basename (file);
  g_autofree gchar *name = g_strndup (base, stem_length (base));
  g_autofree gchar *stem = g_strndup (wanted, stem_length (wanted));
  g_autofree gchar *in_folder = g_build_filename (wanted, name, NULL);
  g_autofree gchar *named = g_strdup_printf ("%s-%s", stem, name);
  if (is_folder (wanted))
    return claim (job, in_folder, extension);
  return claim (job, job->files[1] ? named : stem, wanted + strlen (stem));
}

/* ---- One file ----------------------------------------------------------- */

static gboolean
report (const gchar *path, GError *error)
{
  if (!error)
    return TRUE;
  g_printerr ("loudness: %s: %s\n", path, error->message);
  g_error_free (error);
  return FALSE;
}

static gboolean
write_outputs (Job *job, const Programme *programme)
{
  gboolean good = TRUE;
  if (job->picture) {
    GError *error = NULL;
    g_autofree gchar *path
        = output_path (job, job->picture, ".svg", programme->path);
    loudness_picture_write (
        programme, target_of (job), job->ceiling, path, &error);
    good &= report (path, error);
  }
  if (job->csv) {
    GError *error = NULL;
    g_autofree gchar *path
        = output_path (job, job->csv, ".csv", programme->path);
    loudness_table_write_csv (programme, path, &error);
    good &= report (path, error);
  }
  return good;
}

static void
print_remarks (const Job *job, const GPtrArray *programmes)
{
  const Target *target = target_of (job);
  if (target)
    g_print ("target %g LUFS%s%s, peaks to %g dBTP\n", target->loudness,
        target->who ? ", " : "", target->who ? target->who : "", job->ceiling);
  for (guint i = 0; i < programmes->len; i++)
    loudness_table_print_remark (programmes->pdata[i], target, job->ceiling);
}

/* FALSE when any file or output failed; the others are made nevertheless. */
static gboolean
run (Job *job)
{
  g_autoptr (GPtrArray) programmes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)programme_free);
  gboolean good = TRUE;
  for (gchar **file = job->files; *file; file++) {
    Programme *programme = programme_measure (*file, job->in_stereo ? 2 : 0);
    if (!programme) {
      good = FALSE;
      continue;
    }
    if (programmes->len == 0)
      loudness_table_print_head (target_of (job));
    g_ptr_array_add (programmes, programme);
    loudness_table_print_row (programme, target_of (job));
    good &= write_outputs (job, programme);
  }
  if (programmes->len > 0)
    print_remarks (job, programmes);
  return good;
}

/* ---- Arguments ---------------------------------------------------------- */

/* A path with another ending is more likely a file to measure. */
static gboolean
check_output (
    const gchar *option, const gchar *path, const gchar *const *endings)
{
  if (!path || g_strv_contains (endings, path + stem_length (path)))
    return TRUE;
  if (!is_folder (path)) {
    g_autofree gchar *list = g_strjoinv (" or ", (gchar **)endings);
    g_printerr ("loudness: %s wants a folder or a path that ends in %s: %s\n",
        option, list, path);
    return FALSE;
  }
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_printerr ("loudness: cannot make the folder %s\n", path);
  return FALSE;
}

static gboolean
check (Job *job)
{
  if (!job->files || !job->files[0]) {
    g_printerr ("loudness: no file was named; --help tells how\n");
    return FALSE;
  }
  if (job->target_text && !target_parse (job->target_text, &job->target)) {
    g_autofree gchar *list = target_list ();
    g_printerr ("loudness: '%s' is no target, but a number of LUFS from -70 to "
                "0 is, or one of\n%s",
        job->target_text, list);
    return FALSE;
  }
  if (isnan (job->ceiling))
    job->ceiling = job->target_text ? job->target.ceiling : DEFAULT_CEILING;
  return check_output ("--picture", job->picture,
             (const gchar *const[]){ ".svg", ".png", NULL })
         && check_output (
             "--csv", job->csv, (const gchar *const[]){ ".csv", NULL });
}

static gboolean
read_arguments (Job *job, int *argc, char ***argv)
{
  GOptionEntry entries[] = {
    { "target", 't', 0, G_OPTION_ARG_STRING, &job->target_text,
        "What it should have: a number, or one of the names below", "LUFS" },
    { "ceiling", 'c', 0, G_OPTION_ARG_DOUBLE, &job->ceiling,
        "Highest true peak (the target's, else -1)", "DBTP" },
    { "picture", 'p', 0, G_OPTION_ARG_FILENAME, &job->picture,
        "Draw loudness over time: .svg, .png or a folder", "PATH" },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &job->csv,
        "Write loudness over time as numbers: .csv or a folder", "PATH" },
    { "stereo", 0, 0, G_OPTION_ARG_NONE, &job->in_stereo,
        "As two loudspeakers play it: mono on both, surround folded", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job->files, NULL,
        "FILE…" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree gchar *list = target_list ();
  g_autofree gchar *below = g_strdup_printf (
      "Targets:\n%s\n"
      "Of several files each has its picture: in a folder (made, if the path "
      "ends in /)\nas NAME.svg, else under the path with -NAME before its "
      "extension. The same\nholds for --csv.",
      list);
  g_option_context_set_summary (context,
      "Measures how loud files are, by EBU R 128: integrated loudness, range, "
      "highest\nmomentary (0.4 s) and short-term (3 s) loudness, true peak.");
  g_option_context_set_description (context, below);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, argc, argv, &error)) {
    g_printerr ("loudness: %s\n", error->message);
    return FALSE;
  }
  return check (job);
}

int
main (int argc, char **argv)
{
  Job job = { .ceiling = NAN };
  int status = 2;
  setlocale (LC_CTYPE, ""); /* names as the terminal shows them */
  job.written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (read_arguments (&job, &argc, &argv))
    status = run (&job) ? 0 : 1;
  g_hash_table_unref (job.written);
  g_strfreev (job.files);
  g_free (job.target_text);
  g_free (job.picture);
  g_free (job.csv);
  return output_finish (status);
}
