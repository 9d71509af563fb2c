/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the GStreamer tests share: an element in a GstHarness with its bus, fed
 * with and read as float frames.
 */
#pragma once

#include <gst/audio/audio.h>
#include <gst/check/gstharness.h>
#include <gst/gst.h>

typedef struct {
  GstElement *element;
  GstHarness *harness;
  GstHarness *key; /* gets what the other gets, a moment before; or NULL */
  GstBus *bus;
  guint rate, channels;
  guint64 pushed;        /* frames since the start of the segment */
  GArray *samples;       /* interleaved, all that has come out */
  GArray *buffers;       /* of RigBuffer, one for each that has come out */
  guint gap_frames;      /* covered by gap events that have come out */
  GstGapFlags gap_flags; /* of the last of them */
} Rig;

typedef struct {
  GstClockTime pts, duration;
  guint64 offset, offset_end;
  guint frames, first; /* place in `samples`, in frames */
  gboolean gap, discont;
} RigBuffer;

/* Registers the plugin's elements and mixtestecho; to be called first. */
void rig_init (int *argc, char ***argv);

/* Runs the tests and shuts GStreamer down, which has the leaks tracer report.
 */
int rig_run (void);

/* Settings that bring out every duty of the base, one line for gst_parse each,
 * ending with NULL; every element of the plugin comes at least once. */
const gchar *const *rig_elements (void);

/* Adds a test for each of those lines, which is its data. */
void rig_add_each (const gchar *path, GTestDataFunc test);

/* The element of a line as gst-launch takes it. At the end of a line RIG_KEY,
 * if it is there, is left out. */
#define RIG_KEY " +key"
gchar *rig_line (const gchar *description);
GstElement *rig_launch (const gchar *description);

/* With RIG_KEY the main sound is its own key, through the pad `sidechain`. */
Rig *rig_new (const gchar *description, guint rate, guint channels);
void rig_free (Rig *rig);

/* Whether it rings on after the end of what came in. */
gboolean rig_has_tail (Rig *rig);

/* Pushes frames (interleaved, NULL for zeros) with running timestamps rounded
 * down, as most sources do. `flags` are GstBufferFlags. */
GstFlowReturn rig_push (
    Rig *rig, const gfloat *data, guint frames, GstBufferFlags flags);
GstFlowReturn rig_push_at (Rig *rig, const gfloat *data, guint frames,
    GstClockTime pts, GstBufferFlags flags);

/* The same data in pieces of `size` frames; 0: of changing odd sizes. */
void rig_push_all (Rig *rig, const gfloat *data, guint frames, guint size);

void rig_event (Rig *rig, GstEvent *event);
void rig_caps (Rig *rig, guint rate, guint channels);

/* Takes all that has come out so far into `samples` and `buffers`. */
void rig_pull (Rig *rig);

/* EOS, then rig_pull. */
void rig_finish (Rig *rig);

/* Sample of a frame that came out; fails the test outside. */
gfloat rig_sample (Rig *rig, guint frame, guint channel);
guint rig_frames (Rig *rig);
RigBuffer *rig_buffer (Rig *rig, guint index);

/* The oldest message of that type on the bus, NULL when there is none. */
GstMessage *rig_message (Rig *rig, GstMessageType type);
guint rig_count_messages (Rig *rig, GstMessageType type);

/* A line over the first second from `from` to `to`, in the property's units. */
void rig_bind (
    GstObject *object, const gchar *property, gdouble from, gdouble to);

/* White noise and sines, interleaved, the same on all channels but for the
 * noise; g_free() them. */
gfloat *rig_noise (guint frames, guint channels, gfloat amplitude);
gfloat *rig_sine (
    guint frames, guint channels, guint rate, gdouble hz, gfloat amplitude);
