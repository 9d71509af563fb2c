/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a pipeline from its start to its end under supervision: each warning of
 * an element is printed once; an error ends the run, and so does a time-out
 * when no buffer arrives any more (20 s, or MIX_PATIENCE seconds). Reports go
 * to standard error.
 */
#pragma once

#include <gst/gst.h>

#define NO_SOUND "there is no sound in it"

typedef struct {
  GstElement *pipeline;
  const gchar *path; /* the file that reports name; NULL: each filesrc's own */
  /* Is called with all messages of elements; may be NULL. */
  void (*take) (gpointer data, GstMessage *message);
  gpointer data;
} PipelineRun;

/* Plays the pipeline and sets it to NULL again. TRUE at its end or after
 * pipeline_stop(); FALSE after an error, which has been reported, or a signal.
 */
gboolean pipeline_run (const PipelineRun *self);
/* Ends the run of the pipeline that the element is in, from any thread. */
void pipeline_stop (GstElement *element);

/* "program: path: text" */
void pipeline_report (const gchar *path, const gchar *text);

/* From now on SIGINT, SIGTERM and SIGHUP end a run, unless they are ignored. */
void pipeline_catch_signals (void);
/* Ends the program by the signal that was caught, if any. */
void pipeline_raise_signal (void);
