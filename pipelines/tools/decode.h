/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sound of a file of any type that GStreamer decodes: of a film its sound,
 * of several tracks the first, of a chain of streams all of them. Everything
 * that reads sound here reads it through this.
 */
#pragma once

#include "pipeline.h"

/* A pipeline that decodes `path` into `rest`, a description of the elements
 * behind an audioconvert; for pipeline_run(). NULL after the reason has been
 * reported. */
GstElement *decode_new (const gchar *path, const gchar *rest);
