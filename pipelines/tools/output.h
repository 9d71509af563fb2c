/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that are whole or not there: what is written goes to a private file in
 * the same folder, which takes the place of an older file once all of it is
 * written. Devices, pipes and folders are no places for it and are refused.
 */
#pragma once

#include <glib.h>

typedef struct {
  gchar *path;    /* as it was asked for, links followed */
  gchar *private; /* where to write to until then */
  guint mode;     /* permissions that it gets */
} Output;

/* Makes the private file, empty. */
Output *output_new (const gchar *path, GError **error);
/* What is in the private file takes its place. */
gboolean output_keep (Output *self, GError **error);
/* Removes what was not kept. */
void output_free (Output *self);

/* All of it at once; a length of -1 is that of a string. */
gboolean output_write (
    const gchar *path, const gchar *bytes, gssize length, GError **error);

/* What a program ends with: `status`, or 1 when standard output did not take
 * all that was printed, which is said. */
int output_finish (int status);
