/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, int number, const gchar *text)
{
  g_set_error_literal (
      error, G_FILE_ERROR, (gint)g_file_error_from_errno (number), text);
  return FALSE;
}

static gboolean
fail_with_errno (GError **error)
{
  int number = errno;
  return fail (error, number, g_strerror (number));
}

/* ---- One file ----------------------------------------------------------- */

/* TRUE when the path is a regular file that may be replaced, or nothing. */
static gboolean
check_place (const gchar *path, guint *mode, GError **error)
{
  struct stat is;
  mode_t mask = umask (0);
  umask (mask);
  *mode = 0666 & ~mask;
  if (stat (path, &is) != 0)
    return lstat (path, &is) == 0
               ? fail (error, ENOENT, "it is a link to what is not there")
               : TRUE;
  *mode = is.st_mode & 0777;
  if (S_ISDIR (is.st_mode))
    return fail (error, EISDIR, "it is a folder");
  if (!S_ISREG (is.st_mode))
    return fail (error, EINVAL, "it is a device or a pipe, not a file");
  return access (path, W_OK) == 0 || fail_with_errno (error);
}

static gchar *
resolve_links (const gchar *path)
{
  char *real = realpath (path, NULL);
  gchar *result = g_strdup (real ? real : path);
  free (real);
  return result;
}

static gboolean
make_private (Output *self, GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname (self->path);
  gchar *name = g_build_filename (folder, ".mix-XXXXXX", NULL);
  int handle = g_mkstemp (name);
  if (handle < 0) {
    g_free (name);
    return fail_with_errno (error);
  }
  self->private = name;
  return close (handle) == 0 || fail_with_errno (error);
}

Output *
output_new (const gchar *path, GError **error)
{
  Output *self = g_new0 (Output, 1);
  self->path = resolve_links (path);
  if (!check_place (path, &self->mode, error) || !make_private (self, error))
    g_clear_pointer (&self, output_free);
  return self;
}

gboolean
output_keep (Output *self, GError **error)
{
  if (chmod (self->private, self->mode) != 0
      || rename (self->private, self->path) != 0)
    return fail_with_errno (error);
  g_clear_pointer (&self->private, g_free);
  return TRUE;
}

void
output_free (Output *self)
{
  if (self->private)
    g_unlink (self->private);
  g_free (self->private);
  g_free (self->path);
  g_free (self);
}

/* ---- At once ------------------------------------------------------------ */

static gboolean
fill (const gchar *path, const gchar *bytes, gsize length, GError **error)
{
  FILE *file = g_fopen (path, "wb");
  if (!file)
    return fail_with_errno (error);
  gboolean good
      = fwrite (bytes, 1, length, file) == length && fflush (file) == 0;
  int number = errno;
  if (fclose (file) == 0 && good)
    return TRUE;
  errno = good ? errno : number;
  return fail_with_errno (error);
}

gboolean
output_write (
    const gchar *path, const gchar *bytes, gssize length, GError **error)
{
  Output *output = output_new (path, error);
  gboolean good = output
                  && fill (output->private, bytes,
                      length < 0 ? strlen (bytes) : (gsize)length, error)
                  && output_keep (output, error);
  g_clear_pointer (&output, output_free);
  return good;
}

int
output_finish (int status)
{
  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  g_printerr ("%s: cannot print the result: %s\n", g_get_prgname (),
      errno ? g_strerror (errno) : "standard output is full or closed");
  return status ? status : 1;
}
