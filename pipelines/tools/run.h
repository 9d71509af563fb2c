/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pipeline from its start to its end, watched: what elements warn of is said
 * once each, an error ends it, and so does it when nothing moves any more (20
 * s, or as many as MIX_PATIENCE says). What is said goes to standard error.
 */
#pragma once

#include <gst/gst.h>

#define NO_SOUND "there is no sound in it"

typedef struct {
  GstElement *pipeline;
  const gchar
      *path; /* the file it is about; NULL: each filesrc is about its own */
  /* Gets all messages of elements; may be NULL. */
  void (*take) (gpointer data, GstMessage *message);
  gpointer data;
} Run;

/* Plays the pipeline and takes it down again. TRUE when its end was seen, or
 * run_stop() was called; FALSE after the reason has been said, or a signal. */
gboolean run_to_end (const Run *self);
/* Ends it before its end, from any thread: there is enough. */
void run_stop (GstElement *element);

/* "program: path: text" */
void run_say (const gchar *path, const gchar *text);

/* From now on SIGINT, SIGTERM and SIGHUP end a run, unless they are ignored. */
void run_catch_signals (void);
/* Ends the program as the signal would have, if one came. */
void run_obey_signal (void);
