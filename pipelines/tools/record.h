/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files that a pipeline writes. Each filesink writes to a private file,
 * which gets its name once all bytes that were sent are found in it. A WAV that
 * would pass 4 GiB is written as RF64 (EBU Tech 3306), with 64-bit sizes.
 */
#pragma once

#include <gst/gst.h>

typedef struct Record Record;

/* Before the pipeline starts; NULL after the reason has been reported. */
Record *record_new (GstElement *pipeline);
/* After its end; FALSE after the reason has been reported. */
gboolean record_keep (Record *self);
/* Removes what was not kept. */
void record_free (Record *self);
