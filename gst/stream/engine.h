/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs one unit on interleaved audio: planar blocks, the bypass cross-fade with
 * its aligned dry path, and the watch over when the output has died away. It
 * knows nothing of pads, buffers or time.
 *
 * One thread at a time. Everything but new, prepare, set and free is
 * realtime-safe; set allocates when the latency moves.
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

/* FALSE when memory is short: then nothing but free may follow. An engine that
 * was prepared before keeps what its unit knows of the programme. */
gboolean gst_mix_engine_prepare (
    GstMixEngine *engine, const MixFormat *format, gconstpointer params);

/* See MixUnit.set: when it changes the latency, the engine must have been fed
 * the old latency's frames of silence before. FALSE when memory is short: then
 * nothing but free may follow. */
gboolean gst_mix_engine_set (GstMixEngine *engine, gconstpointer params);

/* Forgets the sound, not the programme. */
void gst_mix_engine_flush (GstMixEngine *engine);

/* Forgets the programme too, in a unit that accounts for programmes. */
void gst_mix_engine_end_programme (GstMixEngine *engine);

/* Whether a new track ends the programme; see MixUnit.track_ends. */
gboolean gst_mix_engine_track_ends (const GstMixEngine *engine);

/* Whether what leaves now is what comes in, sample by sample. */
gboolean gst_mix_engine_is_transparent (const GstMixEngine *engine);

guint gst_mix_engine_latency (const GstMixEngine *engine);

/* `frames` interleaved frames in place. `silent` says that they are known to be
 * zeros: only then the output is watched for having died away. */
void gst_mix_engine_process (GstMixEngine *engine, gfloat *data, guint frames,
    gboolean bypass, gboolean silent);

/* Whether nothing audible is inside any more, and has not been for the last
 * `frames`: what leaves now is silence until something audible comes in. */
gboolean gst_mix_engine_is_quiet (const GstMixEngine *engine, guint frames);

/* Samples that were not finite since the last call. */
guint64 gst_mix_engine_take_bad_samples (GstMixEngine *engine);

/* Fills unit->readings.size bytes. */
void gst_mix_engine_read (GstMixEngine *engine, gpointer readings);

/* The same of the whole programme, for a unit that can; end_programme after. */
void gst_mix_engine_sum_up (GstMixEngine *engine, gpointer readings);

G_END_DECLS
