/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a pipeline reads (its filesrc elements), for error messages.
 * All results are to be freed; NULL: none. */
#pragma once

#include <gst/gst.h>

/* The file that an element reads, or is a part of the decoder of. */
gchar *input_file_of (GstObject *element);
/* A WAV of more than 2 GiB, of which GStreamer would play only the beginning,
 * without an error. */
gchar *input_file_too_long (GstElement *pipeline);

/* Before the pipeline starts: records which decoders put out sound. */
void input_file_monitor (GstElement *pipeline);
/* The files of which no sound has come, else all. */
gchar *input_file_without_sound (GstElement *pipeline);
