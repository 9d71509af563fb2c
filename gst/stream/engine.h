/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GstMixEngine: runs one unit on interleaved audio. It splits the audio into
 * planar blocks, does the bypass cross-fade with a time-aligned dry path, and
 * detects when the output has died away. It knows no pads, buffers or times.
 *
 * One thread at a time. Everything but new, prepare, set and free is
 * realtime-safe; set allocates when the latency changes.
 */
#pragma once

#include <glib.h>

#include "unit.h"

G_BEGIN_DECLS

/* Length of the bypass cross-fade. */
#define GST_MIX_BYPASS_FADE_MS 10

typedef struct _GstMixEngine GstMixEngine;

/* NULL when memory is short. */
GstMixEngine *gst_mix_engine_new (const MixUnit *unit);
void gst_mix_engine_free (GstMixEngine *engine);

/* FALSE when memory is short: then only free may follow. An engine that was
 * prepared before keeps what its unit has measured of the programme. */
gboolean gst_mix_engine_prepare (
    GstMixEngine *engine, const MixFormat *format, gconstpointer params);

/* See MixUnit.set: before a set that changes the latency, the engine must be
 * fed as many frames of silence as the old latency. FALSE when memory is short:
 * then only free may follow. */
gboolean gst_mix_engine_set (GstMixEngine *engine, gconstpointer params);

/* Forgets the sound, keeps what was measured of the programme. */
void gst_mix_engine_flush (GstMixEngine *engine);

/* Forgets the programme too, in a unit that measures programmes. */
void gst_mix_engine_end_programme (GstMixEngine *engine);

/* Whether a new track ends the programme; see MixUnit.track_ends. */
gboolean gst_mix_engine_track_ends (const GstMixEngine *engine);

/* Whether the output is the input, sample by sample. */
gboolean gst_mix_engine_is_transparent (const GstMixEngine *engine);

guint gst_mix_engine_latency (const GstMixEngine *engine);

/* Processes interleaved frames in place. `key` is the key signal beside them,
 * in the same format, or NULL (always for units without MIX_UNIT_KEY). `silent`
 * says that `data` is known to be zeros: only then the output is tested for
 * having died away. */
void gst_mix_engine_process (GstMixEngine *engine, gfloat *data,
    const gfloat *key, guint frames, gboolean bypass, gboolean silent);

/* Whether the last `frames` frames of the output were silent, and the output
 * stays silent until something audible comes in. */
gboolean gst_mix_engine_is_quiet (const GstMixEngine *engine, guint frames);

/* How many samples since the last call were no audio; see run.h. */
guint64 gst_mix_engine_take_bad_samples (GstMixEngine *engine);

/* Fills unit->readings.size bytes. */
void gst_mix_engine_read (GstMixEngine *engine, gpointer readings);

/* The same of the whole programme, for a unit with sum_up; end_programme must
 * follow. */
void gst_mix_engine_sum_up (GstMixEngine *engine, gpointer readings);

G_END_DECLS
