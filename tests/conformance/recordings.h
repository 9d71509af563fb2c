/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recorded programmes, made from the files that a list names (see `recordings`
 * for its columns): decoded by GStreamer to stereo float at 48 kHz, at most
 * three minutes each.
 *
 * How the files of a pattern become one programme depends on the kind:
 *
 *   speech    prompts with pauses of 0.2 … 1.5 s, now and then 3 … 12 s, over
 *             the tone of a room of -62 dBFS
 *   talkshow  two voices in turn (files with -m- and -v- in their names), the
 *             first 9 dB quieter, with short pauses, over -65 dBFS
 *   jingles   10 s of each, from its second minute, half a second between
 *   any other one after the other
 *
 * The same for the same list and files. What cannot be read ends the program.
 */
#pragma once

#include <glib.h>

#define RECORDING_RATE 48000

typedef struct {
  gfloat left, right;
} RecordingFrame;

typedef struct {
  gchar *half; /* "tuned" or "held" */
  gchar *kind, *name;
  gchar *path; /* a pattern as for glob(7), with {a,b} besides */
} Recording;

/* All lines of a list, paths made to begin with `folder`; g_ptr_array_unref()
 * it. */
GPtrArray *recordings_read (const gchar *list, const gchar *folder);

/* The programme as an array of RecordingFrame; g_array_unref() it. */
GArray *recording_frames (const Recording *recording);
