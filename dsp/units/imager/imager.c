/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stereo image: how wide, where, and how safe in mono. imager.h says how the
 * files share the work.
 */
#include "imager.h"

#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "../units.h"

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
      "Gain of the side: 0 is mono, 100 as it came"),
  MIX_ROW_BOOL (MixImagerParams, multiband, "multiband", "Multiband", 0, 0,
      "Use the widths of the bands, on top of the width of all"),
  WIDTH_ROW (low_width_percent, "low-width", "Low width",
      "Width below the low crossover; 0 is 60 dB down"),
  WIDTH_ROW (mid_width_percent, "mid-width", "Mid width",
      "Width between the crossovers; 0 is 60 dB down"),
  WIDTH_ROW (high_width_percent, "high-width", "High width",
      "Width above the high crossover; 0 is 60 dB down"),
  MIX_ROW_DOUBLE (MixImagerParams, low_crossover_hz, "low-crossover",
      "Low crossover", "Hz", 20, 20000, 200, 0,
      "Where the low band ends, at 24 dB per octave"),
  MIX_ROW_DOUBLE (MixImagerParams, high_crossover_hz, "high-crossover",
      "High crossover", "Hz", 20, 20000, 4000, 0,
      "Where the high band begins, at 24 dB per octave"),
  MIX_ROW_DOUBLE (MixImagerParams, mono_below_hz, "mono-below", "Mono below",
      "Hz", 0, 1000, 0, 0,
      "Take the side away below this frequency, 0 for off; at least 10"),
  MIX_ROW_DOUBLE (MixImagerParams, balance_percent, "balance", "Balance", "%",
      -100, 100, 0, 0, "Turn down left (above 0) or right (below 0)"),
  MIX_ROW_DOUBLE (MixImagerParams, pan_percent, "pan", "Pan", "%", -100, 100, 0,
      0,
      "Move all to the left (below 0) or right; what is in the middle keeps "
      "its power"),
  MIX_ROW_DOUBLE (MixImagerParams, rotation_degrees, "rotation", "Rotation",
      "°", -90, 90, 0, 0,
      "Turn the stereo plane: what is in the middle is right at 45, the sides "
      "come along"),
  MIX_ROW_DOUBLE (MixImagerParams, haas_ms, "haas", "Haas", "ms",
      -MIX_IMAGER_HAAS_MS, MIX_IMAGER_HAAS_MS, 0, 0,
      "Delay of right (above 0) or left (below 0); heard towards the other"),
  MIX_ROW_DOUBLE (MixImagerParams, spread_percent, "spread", "Spread", "%", 0,
      100, 0, 0,
      "Make width out of what is in the middle; it cancels in the mono sum"),
  GAIN_ROW (mid_gain_db, "mid-gain", "Mid gain",
      "Gain of what left and right have in common"),
  GAIN_ROW (side_gain_db, "side-gain", "Side gain",
      "Gain of the difference of left and right, on top of the width"),
  MIX_ROW_BOOL (
      MixImagerParams, swap, "swap", "Swap", 0, 0, "Swap left and right"),
  MIX_ROW_BOOL (MixImagerParams, invert_left, "invert-left", "Invert left", 0,
      0, "Invert the polarity of left, after the swap"),
  MIX_ROW_BOOL (MixImagerParams, invert_right, "invert-right", "Invert right",
      0, 0, "Invert the polarity of right, after the swap"),
  MIX_ROW_BOOL (MixImagerParams, guard, "guard", "Guard", 0, 0,
      "Lower the width while the correlation, before rotation and pan, would "
      "be under 0, by up to 20 dB"),
};

static const MixRow readings[] = {
  MIX_ROW_DOUBLE (ImagerReadings, correlation, "correlation", "Correlation", "",
      -1, 1, 0, 0,
      "How alike front left and right leave: 1 for mono, 0 for strangers and "
      "silence, -1 for opposites"),
  MIX_ROW_DOUBLE (ImagerReadings, width_in_percent, "width-in", "Width in", "%",
      0, MIX_IMAGER_WIDEST, 0, 0,
      "RMS of the side against the mid as it came, over the last 0.3 s: 0 for "
      "mono, 100 for strangers, more for opposites"),
  MIX_ROW_DOUBLE (ImagerReadings, width_out_percent, "width-out", "Width out",
      "%", 0, MIX_IMAGER_WIDEST, 0, 0, "The same of what leaves"),
};

/* ---- Instance ----------------------------------------------------------- */

enum { LEFT = MIX_IMAGER_LEFT, RIGHT = MIX_IMAGER_RIGHT };

typedef struct {
  unsigned rate;
  void *memory;
  MixImagerCommon common;

  unsigned pairs;
  MixImagerPair *pair;
  float *audio[MIX_MAX_CHANNELS]; /* of each pair's left and right */
  MixHistory history;             /* of these */
  unsigned others;                /* channels that are passed */
  unsigned other[MIX_MAX_CHANNELS];

  MixTick tick;
  MixPairPowers in, out; /* of the first pair, over a window */
  float meter_decay;
  double guard_decay;
} Imager;

/* ---- Settings ----------------------------------------------------------- */

static void
imager_set (void *instance, const void *params)
{
  Imager *self = instance;
  const MixImagerParams *p = params;
  mix_imager_image_set (&self->common.image, p, self->rate);
  mix_imager_haas_set (&self->common.haas, p, self->rate);
  self->common.guard = p->guard;
}

static void
imager_reset (void *instance)
{
  Imager *self = instance;
  mix_tick_reset (&self->tick);
  mix_imager_image_snap (&self->common.image);
  mix_imager_side_reset (&self->common.side, &self->common.image);
  self->common.filtering = mix_imager_side_is_needed (&self->common.side);
  self->common.guarding = self->common.guard;
  mix_imager_haas_snap (&self->common.haas);
  self->history.end = self->history.keep;
  for (unsigned c = 0; c < 2 * self->pairs; c++)
    memset (self->audio[c], 0, self->history.length * sizeof (float));
  for (unsigned p = 0; p < self->pairs; p++) {
    mix_imager_guard_reset (&self->pair[p].guard);
    self->pair[p].state = (MixImagerSideState){ 0 };
  }
  memset (&self->in, 0, sizeof self->in);
  memset (&self->out, 0, sizeof self->out);
}

/* Users set what has no meaning without a left and a right. */
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
        "there is no left and right in this layout, so the sound passes as it "
        "is: put 'audioconvert ! audio/x-raw,channels=2' in front");
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
sort_channels (Imager *self, const MixFormat *format, const MixPair *pairs)
{
  bool taken[MIX_MAX_CHANNELS] = { false };
  for (unsigned p = 0; p < self->pairs; p++) {
    self->pair[p].channel[LEFT] = pairs[p].left;
    self->pair[p].channel[RIGHT] = pairs[p].right;
    taken[pairs[p].left] = taken[pairs[p].right] = true;
  }
  for (unsigned c = 0; c < format->channels; c++)
    if (!taken[c])
      self->other[self->others++] = c;
}

/* One block: pairs, then their histories. */
static bool
allocate (Imager *self, unsigned pairs)
{
  unsigned keep = mix_imager_haas_keep (self->rate);
  unsigned length = mix_history_length (keep, MIX_TICK);
  size_t for_pairs = pairs * sizeof (MixImagerPair);
  char *memory = mix_alloc (1, for_pairs + 2 * pairs * length * sizeof (float));
  if (!memory)
    return false;
  float *samples = (void *)(memory + for_pairs);
  self->memory = memory;
  self->pairs = pairs;
  self->pair = (void *)memory;
  for (unsigned c = 0; c < 2 * pairs; c++)
    self->audio[c] = samples + (size_t)c * length;
  mix_history_prepare (&self->history, length, keep);
  return true;
}

static bool
imager_prepare (void *instance, const MixFormat *format, const void *params)
{
  Imager *self = instance;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  Imager next = { .rate = format->rate };
  if (!allocate (&next, mix_format_pairs (format, pairs)))
    return false;
  imager_release (self);
  *self = next;
  sort_channels (self, format, pairs);
  self->common.kernels = mix_kernels ();
  mix_imager_image_prepare (&self->common.image, self->rate);
  mix_imager_side_prepare (&self->common.side, self->rate);
  mix_imager_haas_prepare (&self->common.haas, self->rate);
  for (unsigned p = 0; p < self->pairs; p++)
    mix_imager_guard_prepare (&self->pair[p].guard, self->rate);
  self->meter_decay
      = (float)mix_decay_per_frames (MIX_IMAGER_METER_MS, MIX_TICK, self->rate);
  self->guard_decay
      = mix_decay_per_frames (MIX_IMAGER_GUARD_MS, MIX_TICK, self->rate);
  imager_set (self, params);
  imager_reset (self);
  return true;
}

/* ---- Ticks -------------------------------------------------------------- */

static void
move_side (Imager *self)
{
  mix_imager_side_tick (&self->common.side, &self->common.image);
  self->common.filtering = mix_imager_side_is_needed (&self->common.side);
  for (unsigned p = 0; p < self->pairs; p++)
    mix_imager_side_begin (&self->common.side, &self->pair[p].state);
}

/* A guard that was off knows nothing of what was heard. */
static void
move_guards (Imager *self)
{
  bool guarding = self->common.guard;
  for (unsigned p = 0; p < self->pairs; p++) {
    if (!self->common.guarding)
      mix_imager_guard_reset (&self->pair[p].guard);
    MixSmoother *gain = &self->pair[p].guard.gain;
    mix_smoother_tick (gain);
    guarding |= gain->from != 1 || gain->to != 1;
  }
  self->common.guarding = guarding;
}

static void
begin_tick (Imager *self)
{
  if (mix_imager_image_tick (&self->common.image))
    move_side (self);
  if (self->common.guard || self->common.guarding)
    move_guards (self);
  mix_imager_haas_tick (&self->common.haas);
  mix_history_make_room (
      &self->history, self->audio, 2 * self->pairs, MIX_TICK);
}

static void
measure (Imager *self)
{
  const MixImagerPair *front = &self->pair[0];
  unsigned end = self->history.end;
  self->common.kernels->pair_powers (self->audio[LEFT] + end,
      self->audio[RIGHT] + end, self->meter_decay, &self->in, MIX_TICK);
  self->common.kernels->pair_powers (front->out[LEFT], front->out[RIGHT],
      self->meter_decay, &self->out, MIX_TICK);
}

static void
end_tick (Imager *self)
{
  if (self->pairs > 0)
    measure (self);
  for (unsigned p = 0; p < self->pairs; p++)
    mix_imager_pair_finish (&self->pair[p], &self->common, self->guard_decay);
  if (self->common.haas.runs)
    self->history.end += MIX_TICK;
}

/* ---- Audio -------------------------------------------------------------- */

/* Most ticks come whole: a copy of known length is cheap, and what leaves needs
 * none. */
static inline void
take (float *to, const float *from, unsigned n)
{
  if (n == MIX_TICK)
    memcpy (to, from, MIX_TICK * sizeof *to);
  else
    memcpy (to, from, n * sizeof *to);
}

static void
process_pair (Imager *self, unsigned p, float *const out[2],
    const float *const in[2], unsigned offset, unsigned n)
{
  MixImagerPair *pair = &self->pair[p];
  float *const *audio = self->audio + 2 * p;
  unsigned end = self->history.end;
  const float *const newest[2] = { audio[LEFT] + end, audio[RIGHT] + end };
  for (unsigned c = 0; c < 2; c++) {
    take (audio[c] + end + offset, in[c], n);
    pair->out[c] = n == MIX_TICK ? out[c] : pair->part[c];
  }
  mix_imager_pair_run (pair, &self->common, newest);
  for (unsigned c = 0; c < 2 && n < MIX_TICK; c++)
    memcpy (out[c], pair->part[c] + offset, n * sizeof (float));
}

static void
process_span (Imager *self, float *const *out, const float *const *in,
    unsigned at, unsigned offset, unsigned n)
{
  for (unsigned p = 0; p < self->pairs; p++) {
    const unsigned *channel = self->pair[p].channel;
    float *const to[2] = { out[channel[LEFT]] + at, out[channel[RIGHT]] + at };
    const float *const from[2]
        = { in[channel[LEFT]] + at, in[channel[RIGHT]] + at };
    process_pair (self, p, to, from, offset, n);
  }
}

static void
imager_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  Imager *self = instance;
  for (unsigned at = 0, n; at < frames; at += n) {
    unsigned offset = self->tick.offset;
    if (mix_tick_is_due (&self->tick))
      begin_tick (self);
    n = mix_tick_span (&self->tick, frames - at);
    process_span (self, out, in, at, offset, n);
    if (mix_tick_is_due (&self->tick))
      end_tick (self);
  }
  for (unsigned i = 0; i < self->others; i++)
    if (out[self->other[i]] != in[self->other[i]])
      memcpy (out[self->other[i]], in[self->other[i]], frames * sizeof **out);
}

/* ---- Readings, tail ----------------------------------------------------- */

static void
imager_read (void *instance, void *to)
{
  const Imager *self = instance;
  ImagerReadings *r = to;
  r->correlation = mix_imager_correlation (&self->out);
  r->width_in_percent = mix_imager_width (&self->in);
  r->width_out_percent = mix_imager_width (&self->out);
}

/* A filter that dies away at 10 Hz is silent for half a period at a time. */
static unsigned
imager_tail (const void *instance)
{
  const Imager *self = instance;
  unsigned ringing = self->common.filtering ? self->rate / 20 : 0;
  return mix_imager_haas_longest (&self->common.haas) + ringing;
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
