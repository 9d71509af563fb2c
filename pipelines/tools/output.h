/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that are complete or not there: the bytes go to a private file in the
 * same folder, which replaces an older file once all of it is written. Devices,
 * pipes and folders are refused.
 */
#pragma once

#include <glib.h>

typedef struct {
  gchar *path;    /* with links resolved */
  gchar *private; /* where to write until then */
  guint mode;     /* its permissions */
} Output;

/* Makes the private file, empty. */
Output *output_new (const gchar *path, GError **error);
/* Renames the private file to the path. */
gboolean output_keep (Output *self, GError **error);
/* Removes what was not kept. */
void output_free (Output *self);

/* All of it at once; a length of -1 is that of a string. */
gboolean output_write (
    const gchar *path, const gchar *bytes, gssize length, GError **error);

/* The exit status of a program: `status`, or 1, after a report, when standard
 * output could not be written. */
int output_finish (int status);
