/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Automatic microphone mixer: each channel is a microphone, and all of them
 * share one gain.
 *
 *   channel -+----------------------------------> x -> channel
 *            |                                    ^
 *            +-> low cut -> power of a tick -> sharing (all channels)
 *
 *   parts/key_filter.h  the low cut, which only the measurement hears
 *   sharing.h           from powers to gains
 *
 * Channels are microphones, no two of them linked, whatever their positions
 * say.
 */
#include <string.h>

#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../../kernels/kernels.h"
#include "../../parts/key_filter.h"
#include "../../parts/span.h"
#include "../units.h"
#include "sharing.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixAutomixParams Params;

typedef struct {
  MixDoubles gains_db;
  double open;
} Readings;

static const MixRow params_rows[] = {
  MIX_ROW_LIST (Params, weights_db, "weights", "Weights", "dB", -40, 40, 0, 0,
      "How much more or less each microphone counts, in order, as in \"0 -3 "
      "0\""),
  MIX_ROW_DOUBLE (Params, depth_db, "depth", "Depth", "dB", 0, 60, 40, 0,
      "The most that a microphone is turned down"),
  MIX_ROW_DOUBLE (Params, attack_ms, "attack", "Attack", "ms", 1, 500, 10, 0,
      "Time in which a level that rises is taken up to 63 %"),
  MIX_ROW_DOUBLE (Params, release_ms, "release", "Release", "ms", 10, 2000, 200,
      0,
      "Time in which a level that falls is taken down by 63 %, as long as "
      "nobody else speaks"),
  MIX_ROW_LIST (Params, mute, "mute", "Mute", "", 0, MIX_MAX_CHANNELS, 0,
      MIX_WHOLE,
      "Numbers of microphones, from 1, that are silent and take no share, as "
      "in \"2 4\""),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "sidechain-low-cut", "Side-chain low cut",
      "Hz", 0, 20000, 150, 0,
      "Corner of a low cut of 12 dB per octave in the measurement; 0 is off"),
};

static const MixRow readings_rows[] = {
  MIX_ROW_DOUBLES (Readings, gains_db, "gains", "Gains", "dB", -400, 0, 0, 0,
      "Gain of each microphone now"),
  MIX_ROW_DOUBLE (Readings, open, "open", "Open microphones", "", 0,
      MIX_MAX_CHANNELS, 0, 0,
      "How many equally loud talkers would share the gain as it is shared now"),
};

/* ---- The instance ------------------------------------------------------- */

typedef struct {
  const MixKernels *kernels;
  unsigned channels;
  void *memory;

  Params params;
  bool has_new_params; /* at the next tick */
  MixTick tick;

  MixKeyFilter filter;
  MixKeyFilterState *states;      /* in the arena; a channel each */
  double power[MIX_MAX_CHANNELS]; /* sums of squares in this tick */
  MixSharing sharing;
} Automix;

/* ---- The stream --------------------------------------------------------- */

static void
set_parts (Automix *self)
{
  mix_key_filter_set (&self->filter, self->params.low_cut_hz, 0);
  mix_sharing_set (&self->sharing, &self->params);
  self->has_new_params = false;
}

/* Once a tick: what was measured in the tick before acts in this one. */
static void
update (Automix *self)
{
  if (self->has_new_params)
    set_parts (self);
  mix_key_filter_tick (&self->filter);
  for (unsigned c = 0; c < self->channels; c++)
    self->power[c] *= 1.0 / MIX_TICK;
  mix_sharing_tick (&self->sharing, self->power);
  memset (self->power, 0, self->channels * sizeof *self->power);
}

/* Adds to the power of this tick. */
static void
measure_one (Automix *self, unsigned channel, const MixSpan *span)
{
  float row[MIX_TICK];
  const float *filtered
      = mix_key_filter_run (&self->filter, &self->states[channel], span->offset,
          row, span->in[channel], span->frames);
  double sum = self->power[channel];
  for (unsigned i = 0; i < span->frames; i++)
    sum += (double)filtered[i] * (double)filtered[i];
  self->power[channel] = sum;
}

/* The same of four channels, in the same bits: alone, each would wait for its
 * own recurrence and its own sum. */
static void
measure_four (Automix *self, unsigned first, const MixSpan *span)
{
  float rows[4][MIX_TICK];
  float *const to[4] = { rows[0], rows[1], rows[2], rows[3] };
  const float *at[4];
  for (unsigned k = 0; k < 4; k++)
    at[k] = span->in[first + k];
  mix_key_filter_run_four (
      &self->filter, &self->states[first], span->offset, to, at, span->frames);
  double *power = &self->power[first];
  double sums[4] = { power[0], power[1], power[2], power[3] };
  for (unsigned i = 0; i < span->frames; i++)
    for (unsigned k = 0; k < 4; k++)
      sums[k] += (double)at[k][i] * (double)at[k][i];
  memcpy (power, sums, sizeof sums);
}

static void
measure (Automix *self, const MixSpan *span)
{
  unsigned c = 0;
  for (; c + 4 <= self->channels; c += 4)
    measure_four (self, c, span);
  for (; c < self->channels; c++)
    measure_one (self, c, span);
}

static void
process_span (Automix *self, const MixSpan *span)
{
  float gains[MIX_TICK];
  measure (self, span);
  for (unsigned c = 0; c < self->channels; c++) {
    const MixRamp gain = mix_sharing_gain (&self->sharing, c);
    for (unsigned i = 0; i < span->frames; i++)
      gains[i] = mix_ramp_at (gain, span->offset + i);
    self->kernels->multiply (span->out[c], span->in[c], gains, span->frames);
  }
}

static void
automix_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Automix *self = instance;
  MixSpan span;
  (void)key;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (mix_tick_is_due (&self->tick))
      update (self);
    span.offset = self->tick.offset;
    span.frames = mix_tick_span (&self->tick, frames - at);
    mix_span_point (&span, self->channels, out, in, NULL, at);
    process_span (self, &span);
  }
}

static void
automix_read (void *instance, void *readings)
{
  Automix *self = instance;
  Readings *r = readings;
  r->gains_db.count = self->channels;
  for (unsigned c = 0; c < self->channels; c++)
    r->gains_db.values[c] = mix_db_from_gain (self->sharing.channel[c].gain.to);
  r->open = mix_sharing_open (&self->sharing);
}

/* ---- Lifetime ----------------------------------------------------------- */

static void
automix_set (void *instance, const void *params)
{
  Automix *self = instance;
  self->params = *(const Params *)params;
  self->has_new_params = true;
}

static void
automix_reset (void *instance)
{
  Automix *self = instance;
  set_parts (self);
  mix_key_filter_reset (&self->filter);
  memset (self->states, 0, self->channels * sizeof *self->states);
  memset (self->power, 0, sizeof self->power);
  mix_sharing_reset (&self->sharing);
  mix_tick_reset (&self->tick);
}

static bool
automix_prepare (void *instance, const MixFormat *format, const void *params)
{
  Automix *self = instance;
  MixKeyFilterState *states = mix_alloc (format->channels, sizeof *states);
  if (!states)
    return false;
  mix_free (self->memory);
  *self = (Automix){ .kernels = mix_kernels (),
    .channels = format->channels,
    .memory = states,
    .states = states };
  mix_key_filter_prepare (&self->filter, format->rate);
  mix_sharing_prepare (&self->sharing, format->rate, format->channels);
  automix_set (self, params);
  automix_reset (self);
  return true;
}

static void
automix_release (void *instance)
{
  Automix *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static void
automix_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  unsigned highest = p->weights_db.count;
  for (unsigned i = 0; i < p->mute.count; i++)
    highest = (unsigned)fmax (highest, p->mute.values[i]);
  if (highest > format->channels && highest > 1)
    remarks->add (remarks,
        "weights or mute are for %u microphones and there are %u channels; "
        "join the microphones with audiointerleave",
        highest, format->channels);
}

const MixUnit mix_automix = {
  .name = "automix",
  .summary = "Shares the gain between open microphones, so that who speaks is "
             "heard",
  .size = sizeof (Automix),
  .flags = MIX_UNIT_NO_ROLES,
  .params = MIX_TABLE (params_rows, Params),
  .readings = MIX_TABLE (readings_rows, Readings),
  .prepare = automix_prepare,
  .set = automix_set,
  .reset = automix_reset,
  .process = automix_process,
  .read = automix_read,
  .remark = automix_remark,
  .release = automix_release,
};
