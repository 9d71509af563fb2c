/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Imager: width, position and mono compatibility of the stereo image. For each
 * pair of channels, with M = (L + R) / 2, the mid, and S = (L - R) / 2, the
 * side, so that L = M + S and R = M - S (A. Blumlein, GB patent 394325, 1931):
 *
 *   input -> haas -> split -+-> M ------------------+-> join -> output
 *     |             (swap,  |      | spread         |  (level, width,     |
 *     |           inversion)|      v                |  rotation, pan,     |
 *     |                     +-> S + -> bands, mono -+  balance, guard)    |
 *     |                                lows                               |
 *     +--> readings <-----------------------------------------------------+
 *
 *   stages.h         the order of the stages; the state of a pair
 *   haas.h           delay of one side
 *   image_matrix.h   all that is a matrix: split, join and their product
 *   side_filters.h   bands, mono lows, spread
 *   guard.h          gain of the side that keeps the correlation from under 0
 *   image_meter.h    correlation and width
 *
 * Lone channels and an LFE pass.
 */
#include <string.h>

#include "../../base/arena.h"
#include "../../base/memory.h"
#include "../../parts/history.h"
#include "../../parts/span.h"
#include "../units.h"
#include "image_meter.h"
#include "imager_params.h"
#include "stages.h"

typedef struct {
  double correlation, width_in_percent, width_out_percent;
} ImagerReadings;

#define GAIN_ROW(MEMBER, NAME, LABEL, BLURB)                                   \
  MIX_ROW_DOUBLE (                                                             \
      MixImagerParams, MEMBER, NAME, LABEL, "dB", -100, 24, 0, 0, BLURB)
#define WIDTH_ROW(MEMBER, NAME, LABEL, BLURB)                                  \
  MIX_ROW_DOUBLE (                                                             \
      MixImagerParams, MEMBER, NAME, LABEL, "%", 0, 400, 100, 0, BLURB)

static const MixRow rows[] = {
  WIDTH_ROW (width_percent, "width", "Width",
      "Gain of the side: 0 is mono, 100 unchanged"),
  MIX_ROW_BOOL (MixImagerParams, multiband, "multiband", "Multiband", 0, 0,
      "Use the widths of the bands, in addition to width"),
  WIDTH_ROW (low_width_percent, "low-width", "Low width",
      "Width below the low crossover; 0 is 60 dB down"),
  WIDTH_ROW (mid_width_percent, "mid-width", "Mid width",
      "Width between the crossovers; 0 is 60 dB down"),
  WIDTH_ROW (high_width_percent, "high-width", "High width",
      "Width above the high crossover; 0 is 60 dB down"),
  MIX_ROW_DOUBLE (MixImagerParams, low_crossover_hz, "low-crossover",
      "Low crossover", "Hz", 20, 20000, 200, 0,
      "Upper end of the low band, at 24 dB per octave"),
  MIX_ROW_DOUBLE (MixImagerParams, high_crossover_hz, "high-crossover",
      "High crossover", "Hz", 20, 20000, 4000, 0,
      "Lower end of the high band, at 24 dB per octave"),
  MIX_ROW_DOUBLE (MixImagerParams, mono_below_hz, "mono-below", "Mono below",
      "Hz", 0, 1000, 0, 0,
      "Remove the side below this frequency; 0 is off, the lowest is 10"),
  MIX_ROW_DOUBLE (MixImagerParams, balance_percent, "balance", "Balance", "%",
      -100, 100, 0, 0, "Attenuate left (above 0) or right (below 0)"),
  MIX_ROW_DOUBLE (MixImagerParams, pan_percent, "pan", "Pan", "%", -100, 100, 0,
      0, "Move all to the left (below 0) or right; the mid keeps its power"),
  MIX_ROW_DOUBLE (MixImagerParams, rotation_degrees, "rotation", "Rotation",
      "°", -90, 90, 0, 0,
      "Rotate the stereo plane: at 45 the centre is on the right, and the "
      "sides are rotated with it"),
  MIX_ROW_DOUBLE (MixImagerParams, haas_ms, "haas", "Haas", "ms",
      -MIX_IMAGER_HAAS_MS, MIX_IMAGER_HAAS_MS, 0, 0,
      "Delay of right (above 0) or left (below 0); the sound seems to come "
      "from "
      "the other side"),
  MIX_ROW_DOUBLE (MixImagerParams, spread_percent, "spread", "Spread", "%", 0,
      100, 0, 0,
      "Level of a decorrelated mid in the side: widens mono, and cancels in "
      "the "
      "mono sum"),
  GAIN_ROW (mid_gain_db, "mid-gain", "Mid gain",
      "Gain of the mid, the sum of left and right"),
  GAIN_ROW (side_gain_db, "side-gain", "Side gain",
      "Gain of the side, the difference of left and right, in addition to "
      "width"),
  MIX_ROW_BOOL (
      MixImagerParams, swap, "swap", "Swap", 0, 0, "Swap left and right"),
  MIX_ROW_BOOL (MixImagerParams, invert_left, "invert-left", "Invert left", 0,
      0, "Invert the polarity of left, after the swap"),
  MIX_ROW_BOOL (MixImagerParams, invert_right, "invert-right", "Invert right",
      0, 0, "Invert the polarity of right, after the swap"),
  MIX_ROW_BOOL (MixImagerParams, guard, "guard", "Guard", 0, 0,
      "Lower the side by up to 20 dB while the correlation, before rotation "
      "and "
      "pan, would be under 0"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (ImagerReadings, correlation, "correlation", "Correlation", "",
      -1, 1, 0, 0,
      "Correlation of front left and right at the output: 1 identical, 0 "
      "uncorrelated or silent, -1 opposite polarity"),
  MIX_ROW_DOUBLE (ImagerReadings, width_in_percent, "width-in", "Width in", "%",
      0, MIX_IMAGER_WIDEST, 0, 0,
      "RMS of the side relative to the mid at the input, over the last 0.3 s: "
      "0 "
      "for mono, 100 for uncorrelated channels, more for opposite polarity"),
  MIX_ROW_DOUBLE (ImagerReadings, width_out_percent, "width-out", "Width out",
      "%", 0, MIX_IMAGER_WIDEST, 0, 0,
      "RMS of the side relative to the mid at the output, over the last 0.3 s"),
};

/* ---- Instance ----------------------------------------------------------- */

enum { LEFT = MIX_IMAGER_LEFT, RIGHT = MIX_IMAGER_RIGHT };

typedef struct {
  unsigned channels;
  MixRoles roles;
  void *memory;
  MixImagerStages stages;
  MixImagerPair *pair;            /* roles.pairs of them */
  float *audio[MIX_MAX_CHANNELS]; /* left and right of each pair */
  MixHistory history;             /* of these */
  MixTick tick;
  MixImagerMeter meter; /* of the first pair */
} Imager;

/* ---- Settings ----------------------------------------------------------- */

static void
imager_set (void *instance, const void *params)
{
  Imager *self = instance;
  mix_imager_stages_set (&self->stages, params);
}

static void
imager_reset (void *instance)
{
  Imager *self = instance;
  mix_tick_reset (&self->tick);
  mix_imager_stages_reset (&self->stages, self->pair, self->roles.pairs);
  mix_imager_meter_reset (&self->meter);
  self->history.end = self->history.keep;
  for (unsigned c = 0; c < 2 * self->roles.pairs; c++)
    memset (self->audio[c], 0, self->history.length * sizeof (float));
}

/* Of all parameters, none of which acts without a left and a right. */
static bool
is_default (const MixImagerParams *params)
{
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
    if (mix_row_get (&rows[i], params) != rows[i].initial)
      return false;
  return true;
}

static void
imager_remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  const MixImagerParams *p = params;
  if (p->multiband && p->low_crossover_hz > p->high_crossover_hz)
    remarks->add (remarks,
        "low-crossover is above high-crossover, so both are at "
        "low-crossover: set them in order");
  if (mix_format_pairs (format, pairs) == 0 && !is_default (p))
    remarks->add (remarks,
        "there is no left and right in this layout, so the sound passes "
        "unchanged: put 'audioconvert ! audio/x-raw,channels=2' in front");
}

/* ---- Memory ------------------------------------------------------------- */

static void
imager_release (void *instance)
{
  Imager *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

static void
take_memory (Imager *self, unsigned length, MixArena *arena)
{
  unsigned pairs = self->roles.pairs;
  self->pair = mix_arena_take (arena, pairs, sizeof *self->pair);
  for (unsigned c = 0; c < 2 * pairs; c++)
    self->audio[c] = mix_arena_take (arena, length, sizeof (float));
}

static bool
imager_prepare (void *instance, const MixFormat *format, const void *params)
{
  Imager *self = instance;
  Imager next
      = { .channels = format->channels, .roles = mix_format_roles (format) };
  unsigned keep = mix_imager_haas_keep (format->rate);
  unsigned length = mix_history_length (keep, MIX_TICK);
  MixArena count = { 0 };
  take_memory (&next, length, &count);
  MixArena arena = { mix_alloc (count.used, 1), 0 };
  if (!arena.memory)
    return false;
  take_memory (&next, length, &arena);
  next.memory = arena.memory;
  imager_release (self);
  *self = next;
  mix_history_prepare (&self->history, length, keep);
  mix_imager_stages_prepare (
      &self->stages, self->pair, self->roles.pairs, format->rate);
  mix_imager_meter_prepare (&self->meter, format->rate);
  imager_set (self, params);
  imager_reset (self);
  return true;
}

/* ---- Ticks -------------------------------------------------------------- */

static void
begin_tick (Imager *self)
{
  if (mix_imager_stages_are_due (&self->stages))
    mix_imager_stages_tick (&self->stages, self->pair, self->roles.pairs);
  mix_history_make_room (
      &self->history, self->audio, 2 * self->roles.pairs, MIX_TICK);
}

static void
measure (Imager *self)
{
  unsigned end = self->history.end;
  const float *const in[2]
      = { self->audio[LEFT] + end, self->audio[RIGHT] + end };
  mix_imager_meter_measure (
      &self->meter, in, mix_imager_pair_output (&self->pair[0]));
}

/* Without a delay nothing before the tick is read, so it may be overwritten. */
static void
end_tick (Imager *self)
{
  if (self->roles.pairs > 0)
    measure (self);
  for (unsigned p = 0; p < self->roles.pairs; p++)
    mix_imager_pair_finish (&self->pair[p], &self->stages);
  if (mix_imager_stages_use_history (&self->stages))
    self->history.end += MIX_TICK;
}

/* ---- Audio -------------------------------------------------------------- */

/* Most ticks come whole, and a copy of known length is cheap. */
static inline void
copy (float *to, const float *from, unsigned n)
{
  if (n == MIX_TICK)
    memcpy (to, from, MIX_TICK * sizeof *to);
  else
    memcpy (to, from, n * sizeof *to);
}

static void
process_pair (Imager *self, unsigned p, const MixSpan *span)
{
  const MixPair *pair = &self->roles.pair[p];
  float *const *audio = self->audio + 2 * p;
  unsigned end = self->history.end;
  float *const out[2] = { span->out[pair->left], span->out[pair->right] };
  const float *const tick[2] = { audio[LEFT] + end, audio[RIGHT] + end };
  copy (audio[LEFT] + end + span->offset, span->in[pair->left], span->frames);
  copy (audio[RIGHT] + end + span->offset, span->in[pair->right], span->frames);
  mix_imager_pair_run (
      &self->pair[p], &self->stages, out, tick, span->offset, span->frames);
}

static void
pass (const unsigned *channels, unsigned count, float *const *out,
    const float *const *in, unsigned frames)
{
  for (unsigned i = 0; i < count; i++)
    if (out[channels[i]] != in[channels[i]])
      memcpy (out[channels[i]], in[channels[i]], frames * sizeof **out);
}

static void
imager_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Imager *self = instance;
  const MixRoles *roles = &self->roles;
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (mix_tick_is_due (&self->tick))
      begin_tick (self);
    span.offset = self->tick.offset;
    span.frames = mix_tick_span (&self->tick, frames - at);
    mix_span_point (&span, self->channels, out, in, key, at);
    for (unsigned p = 0; p < roles->pairs; p++)
      process_pair (self, p, &span);
    if (mix_tick_is_due (&self->tick))
      end_tick (self);
  }
  pass (roles->lone_channel, roles->lone, out, in, frames);
  pass (roles->lfe_channel, roles->lfes, out, in, frames);
}

/* ---- Readings, tail ----------------------------------------------------- */

static void
imager_read (void *instance, void *to)
{
  const Imager *self = instance;
  ImagerReadings *r = to;
  r->correlation = mix_imager_meter_correlation (&self->meter);
  r->width_in_percent = mix_imager_meter_width_in (&self->meter);
  r->width_out_percent = mix_imager_meter_width_out (&self->meter);
}

static unsigned
imager_tail (const void *instance)
{
  const Imager *self = instance;
  return mix_imager_stages_tail (&self->stages);
}

const MixUnit mix_imager = {
  .name = "imager",
  .summary = "Width, position and mono safety of the stereo image",
  .size = sizeof (Imager),
  .flags = MIX_UNIT_TAIL,
  .params = MIX_TABLE (rows, MixImagerParams),
  .readings = MIX_TABLE (readings, ImagerReadings),
  .prepare = imager_prepare,
  .set = imager_set,
  .reset = imager_reset,
  .process = imager_process,
  .read = imager_read,
  .tail = imager_tail,
  .remark = imager_remark,
  .release = imager_release,
};
