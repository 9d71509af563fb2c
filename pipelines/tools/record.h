/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files that a pipeline writes. Each filesink writes to a private file,
 * which gets its name only once all that was sent there is found in it. A WAV
 * that would pass 4 GiB becomes an RF64 (EBU Tech 3306), its head with longer
 * numbers.
 */
#pragma once

#include <gst/gst.h>

typedef struct Record Record;

/* Before it starts; NULL after the reason has been said. */
Record *record_new (GstElement *pipeline);
/* After its end; FALSE after the reason has been said. */
gboolean record_keep (Record *self);
/* Removes what was not kept. */
void record_free (Record *self);
