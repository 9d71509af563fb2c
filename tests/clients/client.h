/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests with real clients share: files with known sound, a pipeline
 * that is run as an application runs it, and the sound that came out of it.
 */
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "rig.h"

#define CLIENT_CAPS(rate, channels)                                            \
  "audio/x-raw,format=" GST_AUDIO_NE (                                         \
      F32) ",layout=interleaved,channels=" #channels ",rate=" #rate

/* ---- Sound -------------------------------------------------------------- */

typedef struct {
  guint rate, channels;
  GArray *samples;         /* interleaved, as they came */
  GstClockTime start, end; /* running time of the first and after the last */
  guint breaks; /* buffers that begin elsewhere than the last ended */
} Sound;

Sound *sound_new (void);
void sound_free (Sound *sound);
guint sound_frames (const Sound *sound);
gdouble sound_seconds (const Sound *sound);

/* RMS of the first channel, dBFS; times are of the sound, not the clock. */
gdouble sound_level (const Sound *sound, gdouble from_s, gdouble to_s);

/* The same of what lies over `hz`. */
gdouble sound_level_above (
    const Sound *sound, gdouble hz, gdouble from_s, gdouble to_s);

/* The loudest sample over `hz` of the first channel, dBFS. */
gdouble sound_peak_above (
    const Sound *sound, gdouble hz, gdouble from_s, gdouble to_s);

/* When sound over `hz` is first louder than `dbfs`, seconds; -1: never. */
gdouble sound_onset_above (
    const Sound *sound, gdouble hz, gdouble dbfs, gdouble from_s);

/* After the last sample that is louder than `dbfs`, seconds. */
gdouble sound_end (const Sound *sound, gdouble dbfs);

/* ---- Files -------------------------------------------------------------- */

/* A path in a folder that is removed at the end. */
gchar *client_path (const gchar *name);
gchar *client_uri (const gchar *name);

/* Float WAV. */
void client_write_wav (const gchar *name, const gfloat *data, guint frames,
    guint rate, guint channels);

/* A stereo tone of amplitude 0.25, from frame `first` of an endless one. */
void client_write_tone (
    const gchar *name, gdouble hz, guint first, guint frames, guint rate);

/* All that decodes from there. */
Sound *client_read (const gchar *name);

/* ---- Pipelines ---------------------------------------------------------- */

typedef struct {
  GstElement *pipeline;
  GstBus *bus;
  GstAppSink *out; /* the element named "out", if any */
} Client;

/* `format` as for gst-launch; what is to be looked at ends in OUT. */
#define OUT " appsink name=out sync=false wait-on-eos=false "
Client *client_new (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/* Any pipeline an application has made; takes the reference. */
Client *client_of (GstElement *pipeline, GstElement *out);

/* To NULL, which must not take longer than 2 s, and gone. */
void client_free (Client *client);

/* Changes the state and waits for it. */
void client_state (Client *client, GstState state);

/* Waits for one of these messages; an error on the bus fails the test. NULL
 * after so many seconds. */
GstMessage *client_wait (Client *client, GstMessageType types, gdouble seconds);

/* Waits for EOS, which must come. */
void client_eos (Client *client, gdouble seconds);

void client_take_sample (Sound *sound, GstSample *sample);

/* Takes what has come out so far. */
void client_take (Client *client, Sound *sound);

/* The same up to the end that the sink sees, which must come; or FALSE when it
 * does not. */
void client_take_all (Client *client, Sound *sound);
gboolean client_try_take_all (Client *client, Sound *sound);

/* All of it in one: plays to EOS. */
Sound *client_play (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/* Binds a property to steps at these seconds of the stream. */
void client_bind_steps (GstObject *object, const gchar *property,
    const gdouble *at_s, const gdouble *values, guint count);

GstElement *client_get (Client *client, const gchar *name);

/* ---- Figures ------------------------------------------------------------ */

/* A measured figure and what is allowed; fails the test outside. */
void client_figure (const gchar *name, gdouble measured, gdouble low,
    gdouble high, const gchar *unit);

/* "path/mixeq-3" for the third of several descriptions. */
gchar *client_test_path (
    const gchar *path, const gchar *description, guint number);

/* A test for each description, up to NULL; the test gets it as its data. */
void client_add_each (
    const gchar *path, const gchar *const *descriptions, GTestDataFunc test);

/* In place of rig_init and rig_run; `end` shuts down what stands on GStreamer.
 */
void client_init (int *argc, char ***argv);
int client_run (void (*end) (void));
