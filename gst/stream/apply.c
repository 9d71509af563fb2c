/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply.h"

#include <string.h>

#include "stream.h"

#define GST_CAT_DEFAULT (stream->host->klass->category)

static const MixUnit *
unit_of (const GstMixStream *stream)
{
  return gst_mix_host_unit (stream->host);
}

void
gst_mix_apply_init (GstMixStream *stream)
{
  gsize size = unit_of (stream)->params.size;
  stream->applied.params = g_malloc0 (size);
  stream->applied.wanted = g_malloc0 (size);
}

void
gst_mix_apply_clear (GstMixStream *stream)
{
  g_free (stream->applied.params);
  g_free (stream->applied.wanted);
}

gconstpointer
gst_mix_apply_take (GstMixStream *stream)
{
  GstMixApplied *applied = &stream->applied;
  GstMixSettings *settings = stream->host->settings;
  if (!gst_mix_settings_take (settings, applied->params))
    gst_mix_settings_get_all (settings, applied->params);
  applied->waits = FALSE;
  return applied->params;
}

/* ---- Rows that wait ----------------------------------------------------- */

/* Rows that size memory wait for the next start and move nothing now. */
static gboolean
moves_latency (const MixUnit *unit, gconstpointer old, gconstpointer wanted)
{
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if ((row->flags & MIX_MOVES_LATENCY) && !(row->flags & MIX_SIZES_MEMORY)
        && mix_row_get (row, old) != mix_row_get (row, wanted))
      return TRUE;
  }
  return FALSE;
}

/* Gives the rows with a flag their old values. */
static void
keep_rows (const MixUnit *unit, guint flag, gconstpointer old, gpointer wanted)
{
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if (row->flags & flag)
      mix_row_put (row, wanted, mix_row_get (row, old));
  }
}

/* Triggers that were taken from the settings, but not handed on yet. */
static void
keep_triggers (const MixUnit *unit, gconstpointer taken, gpointer params)
{
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if ((row->flags & MIX_TRIGGER) && mix_row_get (row, taken) != 0)
      mix_row_put (row, params, 1);
  }
}

/* ---- To the engine ------------------------------------------------------ */

/* A trigger acts once, and begins a new measurement. FALSE when memory is
 * short. */
static gboolean
set_engine (GstMixStream *stream)
{
  GstMixApplied *applied = &stream->applied;
  const MixUnit *unit = unit_of (stream);
  if (!gst_mix_engine_set (stream->engine, applied->params)) {
    GST_ELEMENT_ERROR (stream->host->element, RESOURCE, NO_SPACE_LEFT,
        ("%s has not enough memory for its new latency.",
            gst_mix_host_name (stream->host)),
        (NULL));
    return FALSE;
  }
  gst_mix_settings_release_triggers (unit, applied->wanted);
  if (gst_mix_settings_release_triggers (unit, applied->params))
    gst_mix_meters_restart_programme (stream);
  gst_mix_host_post_remarks (stream->host, applied->params, &stream->format);
  return TRUE;
}

void
gst_mix_apply_within_buffer (GstMixStream *stream)
{
  GstMixApplied *applied = &stream->applied;
  const MixUnit *unit = unit_of (stream);
  if (!gst_mix_settings_take (stream->host->settings, applied->wanted))
    return;
  if (moves_latency (unit, applied->params, applied->wanted)) {
    keep_rows (unit, MIX_MOVES_LATENCY, applied->params, applied->wanted);
    applied->waits = TRUE;
  }
  keep_rows (unit, MIX_SIZES_MEMORY, applied->params, applied->wanted);
  memcpy (applied->params, applied->wanted, unit->params.size);
  set_engine (stream);
}

gboolean
gst_mix_apply_is_due (GstMixStream *stream, gboolean *moves)
{
  GstMixApplied *applied = &stream->applied;
  GstMixSettings *settings = stream->host->settings;
  if (!gst_mix_settings_take (settings, applied->wanted)) {
    if (!applied->waits)
      return FALSE;
    gst_mix_settings_get_all (settings, applied->wanted);
  }
  *moves = moves_latency (unit_of (stream), applied->params, applied->wanted);
  return TRUE;
}

gboolean
gst_mix_apply_settings (GstMixStream *stream, gboolean is_drained)
{
  GstMixApplied *applied = &stream->applied;
  const MixUnit *unit = unit_of (stream);
  guint old_latency = gst_mix_engine_latency (stream->engine);
  gpointer old = g_alloca (unit->params.size);
  memcpy (old, applied->params, unit->params.size);
  applied->waits = FALSE;
  gst_mix_settings_get_all (stream->host->settings, applied->params);
  keep_rows (unit, MIX_SIZES_MEMORY, old, applied->params);
  keep_triggers (unit, applied->wanted, applied->params);
  if (!is_drained && moves_latency (unit, old, applied->params)) {
    /* set by another thread a moment ago */
    keep_rows (unit, MIX_MOVES_LATENCY, old, applied->params);
    applied->waits = TRUE;
  }
  if (!set_engine (stream))
    return FALSE;
  guint latency = gst_mix_engine_latency (stream->engine);
  if (latency != old_latency) {
    gst_mix_timeline_set_latency (&stream->timeline, latency);
    gst_mix_host_set_latency (stream->host, latency, stream->format.rate);
  }
  return TRUE;
}
