/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From buffers to the engine: settings, automation and meters, each at its
 * exact frame. Runs in the streaming thread; nothing is posted under a lock.
 */
#include "render.h"

#include <string.h>

#include "layout.h"

static guint
rate_of (GstMixFilter *self)
{
  return GST_AUDIO_FILTER_RATE (self);
}

/* ---- Stretches ---------------------------------------------------------- */

static GstClockTime
length_of (GstMixFilter *self, const GstMixStretch *stretch)
{
  return stretch->elapsed
         + gst_util_uint64_scale_round (
             stretch->frames, GST_SECOND, rate_of (self));
}

static gboolean
has_begun (const GstMixStretch *stretch)
{
  return stretch->frames > 0 || stretch->elapsed > 0;
}

static void
begin_anew (GstMixStretch *stretch)
{
  stretch->frames = stretch->elapsed = 0;
}

void
gst_mix_render_leave_rate (GstMixFilter *self)
{
  GstMixStretch *programme = &gst_mix_filter_private (self)->stream.programme;
  if (programme->frames == 0)
    return;
  programme->elapsed = length_of (self, programme);
  programme->frames = 0;
}

/* ---- Settings ----------------------------------------------------------- */

void
gst_mix_render_publish_latency (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  guint frames = gst_mix_engine_latency (priv->stream.engine);
  guint rate = rate_of (self);
  GstClockTime time = gst_util_uint64_scale_ceil (frames, GST_SECOND, rate);
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = priv->latency_time != time;
  priv->latency_time = time;
  priv->latency_ms = frames * 1000.0 / rate;
  GST_OBJECT_UNLOCK (self);
  if (!changed)
    return;
  GST_DEBUG_OBJECT (self, "latency is now %u frames", frames);
  g_object_notify (G_OBJECT (self), "latency");
  gst_element_post_message (
      GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
}

/* Once for a text: automation that comes and goes says nothing twice. A unit
 * has a handful of texts; what it says beyond them is left out. */
static gboolean
is_told (GstMixStream *stream, const gchar *format)
{
  guint i = 0;
  for (; i < G_N_ELEMENTS (stream->told) && stream->told[i]; i++)
    if (stream->told[i] == format)
      return TRUE;
  if (i == G_N_ELEMENTS (stream->told))
    return TRUE;
  stream->told[i] = format;
  return FALSE;
}

typedef struct {
  MixRemarks remarks;
  GstMixFilter *self;
} Teller;

static void
tell_remark (MixRemarks *remarks, const char *format, ...)
{
  GstMixFilter *self = ((Teller *)remarks)->self;
  if (is_told (&gst_mix_filter_private (self)->stream, format))
    return;
  va_list args;
  va_start (args, format);
  g_autofree gchar *text = g_strdup_vprintf (format, args);
  va_end (args);
  gst_mix_filter_warn (
      self, "this is said only once", "%s: %s", GST_OBJECT_NAME (self), text);
}

void
gst_mix_render_tell_remarks (GstMixFilter *self)
{
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  Teller teller = { { tell_remark }, self };
  if (!unit->remark)
    return;
  MixFormat format = gst_mix_layout_format (GST_AUDIO_FILTER_INFO (self));
  unit->remark (
      gst_mix_filter_private (self)->stream.params, &format, &teller.remarks);
}

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

/* A trigger is pulled once, and begins a new measurement. FALSE when memory is
 * short. */
static gboolean
set_engine (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (!gst_mix_engine_set (stream->engine, stream->params)) {
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT,
        ("%s has not enough memory for its new latency.",
            GST_OBJECT_NAME (self)),
        (NULL));
    return FALSE;
  }
  gst_mix_settings_release_triggers (unit, stream->wanted);
  if (gst_mix_settings_release_triggers (unit, stream->params))
    begin_anew (&stream->programme);
  gst_mix_render_tell_remarks (self);
  return TRUE;
}

/* Triggers that were taken, but not pulled yet. */
static void
keep_triggers (const MixUnit *unit, gconstpointer taken, gpointer params)
{
  for (guint i = 0; i < unit->params.count; i++) {
    const MixRow *row = &unit->params.rows[i];
    if ((row->flags & MIX_TRIGGER) && mix_row_get (row, taken) != 0)
      mix_row_put (row, params, 1);
  }
}

/* Between buffers everything may change; within one, a new latency waits. */
void
gst_mix_render_apply_within (GstMixFilter *self)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (!gst_mix_settings_take (priv->settings, stream->wanted))
    return;
  if (moves_latency (unit, stream->params, stream->wanted)) {
    keep_rows (unit, MIX_MOVES_LATENCY, stream->params, stream->wanted);
    stream->held_back = TRUE;
  }
  keep_rows (unit, MIX_SIZES_MEMORY, stream->params, stream->wanted);
  memcpy (stream->params, stream->wanted, unit->params.size);
  set_engine (self);
}

gboolean
gst_mix_render_has_settings (GstMixFilter *self, gboolean *moves)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (!gst_mix_settings_take (priv->settings, stream->wanted)) {
    if (!stream->held_back)
      return FALSE;
    gst_mix_settings_get_all (priv->settings, stream->wanted);
  }
  *moves = moves_latency (unit, stream->params, stream->wanted);
  return TRUE;
}

gboolean
gst_mix_render_apply (GstMixFilter *self, gboolean is_drained)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  guint old_latency = gst_mix_engine_latency (stream->engine);
  gpointer old = g_alloca (unit->params.size);
  memcpy (old, stream->params, unit->params.size);
  stream->held_back = FALSE;
  gst_mix_settings_get_all (gst_mix_filter_settings (self), stream->params);
  keep_rows (unit, MIX_SIZES_MEMORY, old, stream->params);
  keep_triggers (unit, stream->wanted, stream->params);
  if (!is_drained && moves_latency (unit, old, stream->params)) {
    /* set by another thread a moment ago */
    keep_rows (unit, MIX_MOVES_LATENCY, old, stream->params);
    stream->held_back = TRUE;
  }
  if (!set_engine (self))
    return FALSE;
  guint latency = gst_mix_engine_latency (stream->engine);
  if (latency != old_latency) {
    gst_mix_timeline_set_latency (&stream->timeline, latency);
    gst_mix_render_publish_latency (self);
  }
  return TRUE;
}

/* ---- Meters ------------------------------------------------------------- */

/* Where a stretch of what leaves begins; `frames` stays 0. */
static GstMixStretch
stretch_from (GstMixFilter *self, const GstMixSpan *span, gint64 frame)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  GstMixStretch stretch
      = { 0, 0, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE };
  stretch.pts = gst_mix_timeline_time (&stream->timeline, span, frame);
  if (span->segment.format != GST_FORMAT_TIME
      || !GST_CLOCK_TIME_IS_VALID (stretch.pts))
    return stretch;
  stretch.running = gst_segment_to_running_time (
      &span->segment, GST_FORMAT_TIME, stretch.pts);
  stretch.position = gst_segment_to_stream_time (
      &span->segment, GST_FORMAT_TIME, stretch.pts);
  return stretch;
}

static void
post_readings (
    GstMixFilter *self, const GstMixStretch *stretch, gboolean is_final)
{
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  const MixTable *table = &unit->readings;
  GstStructure *fields = gst_structure_new (
      GST_MIX_FILTER_GET_CLASS (self)->element, "timestamp", G_TYPE_UINT64,
      stretch->pts, "stream-time", G_TYPE_UINT64, stretch->position,
      "running-time", G_TYPE_UINT64, stretch->running, "duration",
      G_TYPE_UINT64, length_of (self, stretch), NULL);
  if (unit->sum_up)
    gst_structure_set (fields, "final", G_TYPE_BOOLEAN, is_final, NULL);
  for (guint i = 0; i < table->count; i++) {
    GValue value = G_VALUE_INIT;
    GParamSpec *pspec = g_object_class_find_property (
        G_OBJECT_GET_CLASS (self), table->rows[i].name);
    g_value_init (&value, pspec->value_type);
    g_object_get_property (G_OBJECT (self), pspec->name, &value);
    gst_structure_take_value (fields, pspec->name, &value);
  }
  gst_element_post_message (
      GST_ELEMENT (self), gst_message_new_element (GST_OBJECT (self), fields));
}

static void
publish_readings (GstMixFilter *self, gboolean is_final)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  if (unit->readings.count == 0)
    return;
  if (is_final)
    gst_mix_engine_sum_up (priv->stream.engine, priv->stream.readings);
  else
    gst_mix_engine_read (priv->stream.engine, priv->stream.readings);
  GST_OBJECT_LOCK (self);
  memcpy (priv->readings, priv->stream.readings, unit->readings.size);
  GST_OBJECT_UNLOCK (self);
}

/* Frames between two messages, 0 for no messages. */
static guint64
meter_frames (GstMixFilter *self)
{
  gdouble ms;
  GST_OBJECT_LOCK (self);
  ms = gst_mix_filter_private (self)->meter_interval_ms;
  GST_OBJECT_UNLOCK (self);
  return ms > 0 ? MAX (1, (guint64)(ms * rate_of (self) / 1000 + 0.5)) : 0;
}

void
gst_mix_render_finish_interval (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (stream->interval.frames == 0)
    return;
  publish_readings (self, FALSE);
  if (meter_frames (self) > 0)
    post_readings (self, &stream->interval, FALSE);
  stream->interval.frames = 0;
}

void
gst_mix_render_finish_programme (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!GST_MIX_FILTER_GET_CLASS (self)->unit->sum_up
      || !has_begun (&stream->programme))
    return;
  publish_readings (self, TRUE);
  post_readings (self, &stream->programme, TRUE);
  begin_anew (&stream->programme);
}

/* Notes frames that leave. Intervals are of what leaves, so a message is about
 * exactly that stretch of the stream, whatever the look-ahead. */
static void
meter (GstMixFilter *self, const GstMixSpan *span, gint64 frame, guint n,
    guint64 interval)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (stream->interval.frames == 0)
    stream->interval = stretch_from (self, span, frame);
  if (!has_begun (&stream->programme))
    stream->programme = stretch_from (self, span, frame);
  stream->interval.frames += n;
  stream->programme.frames += n;
  if (interval > 0 && stream->interval.frames >= interval)
    gst_mix_render_finish_interval (self);
}

/* ---- Automation ---------------------------------------------------------- */

/* Units glide to a new value: half way takes some 2 to 10 ms. Values are read
 * this much earlier, so that half way lies near where they were keyed. */
#define AUTOMATION_LEAD (4 * GST_MSECOND)

/* Whether settings act on the sound that comes in, not on that which leaves. */
static gboolean
sets_entering (GstMixFilter *self)
{
  const MixUnit *unit = GST_MIX_FILTER_GET_CLASS (self)->unit;
  return (unit->flags & MIX_UNIT_SETS_ENTERING) != 0;
}

static gboolean
is_automated (GstMixFilter *self)
{
  GstObject **bands = gst_mix_filter_private (self)->bands;
  guint count = bands ? gst_mix_filter_count_bands (self) : 0;
  gboolean automated
      = gst_object_has_active_control_bindings (GST_OBJECT (self));
  for (guint i = 0; i < count && !automated; i++)
    automated = gst_object_has_active_control_bindings (bands[i]);
  return automated;
}

/* Properties take the values that are bound for a time in a segment. */
static void
sync_automation (
    GstMixFilter *self, const GstSegment *segment, GstClockTime pts)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstClockTime time = GST_CLOCK_TIME_NONE;
  if (segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID (pts))
    time = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  if (!sets_entering (self))
    time += AUTOMATION_LEAD;
  gst_object_sync_values (GST_OBJECT (self), time);
  guint count = priv->bands ? gst_mix_filter_count_bands (self) : 0;
  for (guint i = 0; i < count; i++)
    if (gst_object_has_active_control_bindings (priv->bands[i]))
      gst_object_sync_values (priv->bands[i], time);
}

/* Automation is keyed to sound: to the frame on which a setting is heard that
 * is made when input frame `first` comes in, whatever the look-ahead. */
static void
follow_automation (GstMixFilter *self, gint64 first)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  gint64 end, frame = first;
  if (!sets_entering (self))
    frame -= gst_mix_engine_latency (stream->engine);
  const GstMixSpan *span
      = gst_mix_timeline_find (&stream->timeline, frame, &end);
  if (!span || !span->heard)
    return;
  sync_automation (self, &span->segment,
      gst_mix_timeline_time (&stream->timeline, span, frame));
  gst_mix_render_apply_within (self);
}

void
gst_mix_render_follow_gap (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (!is_automated (self))
    return;
  sync_automation (self, &stream->timeline.segment, stream->timeline.next_pts);
  gst_mix_render_apply_within (self);
}

gboolean
gst_mix_render_start (GstMixFilter *self, GstClockTime pts)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  if (is_automated (self))
    sync_automation (self, &stream->segment, pts);
  if (!gst_mix_render_apply (self, TRUE))
    return FALSE;
  gst_mix_engine_flush (stream->engine);
  stream->is_fresh = FALSE;
  return TRUE;
}

/* ---- Processing ---------------------------------------------------------- */

static void
warn_of_bad_samples (GstMixFilter *self)
{
  GstMixStream *stream = &gst_mix_filter_private (self)->stream;
  guint64 bad = gst_mix_engine_take_bad_samples (stream->engine);
  if (bad == 0 || stream->warned_bad_samples)
    return;
  stream->warned_bad_samples = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, FORMAT,
      ("%s got samples that are no audio (NaN, infinite or beyond +180 dBFS) "
       "and plays silence for them.",
          GST_OBJECT_NAME (self)),
      ("%" G_GUINT64_FORMAT " in this buffer; look at what is upstream, this "
       "is said only once",
          bad));
}

/* The length of a slice: up to the next read of automation, the end of what
 * leaves together, the end of a meter interval. */
static guint
slice_length (GstMixFilter *self, guint most, gint64 first, gboolean automated,
    guint64 left_of_span, guint64 interval)
{
  guint64 past = gst_mix_filter_private (self)->stream.interval.frames;
  guint64 n = MIN (most, left_of_span);
  if (automated)
    n = MIN (n, MIX_TICK - (guint64)(first % MIX_TICK));
  if (interval > 0)
    n = MIN (n, interval - MIN (past, interval - 1));
  return (guint)n;
}

/* Walked in slices: meter intervals end exactly, and automation is read on a
 * grid of MIX_TICK frames however the stream is cut. */
void
gst_mix_render (GstMixFilter *self, gfloat *data, guint frames, gint64 first,
    gboolean silent)
{
  GstMixFilterPrivate *priv = gst_mix_filter_private (self);
  GstMixStream *stream = &priv->stream;
  const guint channels = GST_AUDIO_FILTER_CHANNELS (self);
  const gboolean automated = is_automated (self);
  const guint64 interval = meter_frames (self);

  for (guint done = 0, n; done < frames; done += n) {
    gint64 at = first + done, end;
    gint64 leaving = at - gst_mix_engine_latency (stream->engine);
    const GstMixSpan *span
        = gst_mix_timeline_find (&stream->timeline, leaving, &end);
    if (automated && at % MIX_TICK == 0)
      follow_automation (self, at);
    n = slice_length (
        self, frames - done, at, automated, (guint64)(end - leaving), interval);
    gst_mix_engine_process (stream->engine, data + (gsize)done * channels, n,
        g_atomic_int_get (&priv->bypass), silent);
    if (span->heard)
      meter (self, span, leaving, n, interval);
  }
  if (interval == 0)
    gst_mix_render_finish_interval (self);
  warn_of_bad_samples (self);
}
