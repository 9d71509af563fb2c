/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine.h"

#include <math.h>
#include <string.h>

#include "base/maths.h"
#include "base/memory.h"
#include "parts/delay_line.h"
#include "run.h"

/* Frames per block, few enough for all channels to stay in the L1 cache. */
#define BLOCK 512

/* A quiet time of as good as forever that can still be added to. */
#define LONG_QUIET (G_MAXUINT64 / 2)

struct _GstMixEngine {
  const MixUnit *unit;
  void *self;
  MixRun run;
  guint channels;
  guint latency;
  gfloat *planar[MIX_MAX_CHANNELS];

  /* bypass: the dry path, delayed as the wet one */
  gfloat *dry[MIX_MAX_CHANNELS];
  gfloat *key[MIX_MAX_CHANNELS]; /* of units with MIX_UNIT_KEY */
  gfloat *rings;
  MixDelayLine delay;
  guint fade_at, fade_length; /* 0: wet … fade_length: dry */
  gboolean fade_snaps;        /* the next block starts without a fade */

  guint64 quiet; /* frames since the input or output was audible */
  guint64 bad_samples;
};

GstMixEngine *
gst_mix_engine_new (const MixUnit *unit)
{
  GstMixEngine *self = g_new0 (GstMixEngine, 1);
  self->unit = unit;
  self->self = mix_alloc (1, unit->size);
  if (!self->self)
    g_clear_pointer (&self, g_free);
  return self;
}

void
gst_mix_engine_free (GstMixEngine *self)
{
  self->unit->release (self->self);
  mix_free (self->self);
  mix_free (self->planar[0]);
  mix_free (self->dry[0]);
  mix_free (self->key[0]);
  mix_free (self->rings);
  g_free (self);
}

static gboolean
allocate_blocks (gfloat *blocks[MIX_MAX_CHANNELS], guint channels)
{
  mix_free (blocks[0]);
  blocks[0] = mix_alloc ((gsize)channels * BLOCK, sizeof *blocks[0]);
  for (guint c = 1; blocks[0] && c < channels; c++)
    blocks[c] = blocks[0] + c * BLOCK;
  return blocks[0] != NULL;
}

/* Allocates delay rings for the unit's current latency. */
static gboolean
update_latency (GstMixEngine *self)
{
  guint length;
  self->latency = self->unit->latency ? self->unit->latency (self->self) : 0;
  length = mix_delay_line_length (self->latency, BLOCK);
  if (self->rings && length == self->delay.mask + 1)
    return TRUE;
  mix_free (self->rings);
  self->rings = mix_alloc ((gsize)length * self->channels, sizeof *self->rings);
  mix_delay_line_prepare (&self->delay, length);
  return self->rings != NULL;
}

/* Everything but the unit, as before the first sound. */
static void
clear_history (GstMixEngine *self)
{
  memset (self->rings, 0,
      (gsize)(self->delay.mask + 1) * self->channels * sizeof *self->rings);
  self->fade_snaps = TRUE;
  self->quiet = LONG_QUIET;
  self->bad_samples = 0;
}

gboolean
gst_mix_engine_prepare (
    GstMixEngine *self, const MixFormat *format, gconstpointer params)
{
  if (!self->unit->prepare (self->self, format, params))
    return FALSE;
  self->channels = format->channels;
  self->fade_length
      = MAX (1, mix_frames_from_ms (GST_MIX_BYPASS_FADE_MS, format->rate));
  mix_free (self->rings);
  self->rings = NULL;
  if (!allocate_blocks (self->planar, format->channels)
      || !allocate_blocks (self->dry, format->channels)
      || ((self->unit->flags & MIX_UNIT_KEY)
          && !allocate_blocks (self->key, format->channels))
      || !update_latency (self))
    return FALSE;
  mix_run_init (&self->run, self->unit, self->self, format->channels);
  clear_history (self);
  return TRUE;
}

gboolean
gst_mix_engine_set (GstMixEngine *self, gconstpointer params)
{
  self->unit->set (self->self, params);
  return update_latency (self);
}

void
gst_mix_engine_flush (GstMixEngine *self)
{
  mix_unit_flush (self->unit, self->self);
  clear_history (self);
}

void
gst_mix_engine_end_programme (GstMixEngine *self)
{
  if (self->unit->track_ends)
    self->unit->reset (self->self);
  else
    mix_unit_flush (self->unit, self->self);
  clear_history (self);
}

gboolean
gst_mix_engine_track_ends (const GstMixEngine *self)
{
  return self->unit->track_ends && self->unit->track_ends (self->self);
}

gboolean
gst_mix_engine_is_transparent (const GstMixEngine *self)
{
  return self->latency == 0
         && ((self->unit->flags & MIX_UNIT_TRANSPARENT)
             || self->fade_at == self->fade_length);
}

guint
gst_mix_engine_latency (const GstMixEngine *self)
{
  return self->latency;
}

/* The dry path is computed only when it is used or has to be kept aligned. */
static gboolean
needs_dry (const GstMixEngine *self, gboolean bypass)
{
  return bypass || self->fade_at > 0 || self->latency > 0;
}

static void
update_dry (GstMixEngine *self, guint n)
{
  gsize length = self->delay.mask + 1;
  for (guint c = 0; c < self->channels; c++) {
    gfloat *in = self->planar[c], *dry = self->dry[c];
    gfloat *ring = self->rings + c * length;
    memcpy (dry, in, n * sizeof *dry);
    if (!self->run.kernels->is_sane (dry, n))
      for (guint i = 0; i < n; i++)
        dry[i] = fabsf (dry[i]) <= MIX_SANE ? dry[i] : 0;
    if (self->latency > 0) {
      mix_delay_line_write (&self->delay, ring, dry, n);
      mix_delay_line_read (&self->delay, ring, dry, self->latency, n);
    }
  }
  mix_delay_line_advance (&self->delay, n);
}

static guint
step_fade (guint at, guint target)
{
  return at < target ? at + 1 : at > target ? at - 1 : at;
}

/* Both paths are nearly equal and in phase, so a linear fade keeps the level.
 */
static void
fade_block (GstMixEngine *self, guint n, guint target)
{
  const gfloat scale = 1.f / self->fade_length;
  for (guint c = 0; c < self->channels; c++) {
    guint at = self->fade_at;
    gfloat *wet = self->planar[c];
    const gfloat *dry = self->dry[c];
    for (guint i = 0; i < n; i++) {
      at = step_fade (at, target);
      wet[i] = at == self->fade_length ? dry[i]
               : at == 0               ? wet[i]
                         : wet[i] + (dry[i] - wet[i]) * (at * scale);
    }
  }
  for (guint i = 0; i < n && self->fade_at != target; i++)
    self->fade_at = step_fade (self->fade_at, target);
}

static void
update_quiet (GstMixEngine *self, guint n, gboolean silent)
{
  gboolean quiet = silent;
  for (guint c = 0; quiet && c < self->channels; c++)
    quiet = self->run.kernels->peak (self->planar[c], n) < MIX_INAUDIBLE;
  self->quiet = quiet ? MIN (self->quiet + n, LONG_QUIET) : 0;
}

static void
process_block (GstMixEngine *self, gfloat *data, const gfloat *key, guint n,
    gboolean bypass, gboolean silent)
{
  const MixKernels *kernels = self->run.kernels;
  guint target = bypass ? self->fade_length : 0;
  gboolean dry;

  if (self->fade_snaps)
    self->fade_at = target;
  self->fade_snaps = FALSE;

  dry = needs_dry (self, bypass);
  kernels->deinterleave (self->planar, data, self->channels, n);
  if (dry)
    update_dry (self, n);
  if (key)
    kernels->deinterleave (self->key, key, self->channels, n);
  self->bad_samples
      += mix_run (&self->run, self->planar, key ? self->key : NULL, n);
  if (dry && (bypass || self->fade_at > 0))
    fade_block (self, n, target);
  update_quiet (self, n, silent);
  kernels->interleave (
      data, (const gfloat *const *)self->planar, self->channels, n);
}

void
gst_mix_engine_process (GstMixEngine *self, gfloat *data, const gfloat *key,
    guint frames, gboolean bypass, gboolean silent)
{
  for (guint done = 0, n; done < frames; done += n) {
    gsize at = (gsize)done * self->channels;
    n = MIN (frames - done, BLOCK);
    process_block (self, data + at, key ? key + at : NULL, n, bypass, silent);
  }
}

gboolean
gst_mix_engine_is_quiet (const GstMixEngine *self, guint frames)
{
  guint64 pause = self->unit->tail ? self->unit->tail (self->self) : 0;
  return self->quiet >= pause + self->latency + frames;
}

guint64
gst_mix_engine_take_bad_samples (GstMixEngine *self)
{
  guint64 bad = self->bad_samples;
  self->bad_samples = 0;
  return bad;
}

void
gst_mix_engine_read (GstMixEngine *self, gpointer readings)
{
  if (self->unit->readings.count > 0)
    self->unit->read (self->self, readings);
}

void
gst_mix_engine_sum_up (GstMixEngine *self, gpointer readings)
{
  self->unit->sum_up (self->self, readings);
}
