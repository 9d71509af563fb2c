/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What GStreamer's decodebin makes of files, and of which. A lossy codec's
 * sound may go over full scale; a decoder that puts out 16 bits cuts it off
 * there, so those that put out float come first.
 */
#pragma once

#include <gst/gst.h>

/* Before it starts: all decodebins of the pipeline decode to float where they
 * can. */
void decode_as_float (GstElement *pipeline);
/* A file that is a WAV of which GStreamer would play only the beginning,
 * without a word; NULL: none. To be freed. */
gchar *decode_too_long (GstElement *pipeline);
/* While it runs: whether a lossy codec is decoded to integers all the same. */
gboolean decode_is_integer (GstElement *pipeline);

/* The file that an element reads, or is a part of the decoder of; NULL: none.
 * To be freed. */
gchar *decode_file_of (GstObject *element);
/* The files of which no sound has come, else all; NULL: none. To be freed. */
gchar *decode_silent_files (GstElement *pipeline);
