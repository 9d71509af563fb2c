/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Delay: echoes at a time or at a note value, with feedback, ping-pong, cuts in
 * the loop, wow and a duck. The parts it is made of are told in delay.h.
 *
 * While nothing moves, the nth echo comes n times the delay, a whole number of
 * frames, after the sound, in the same bits but for the feedback's gain. The
 * loop's gain is nowhere above the feedback: the cuts are at most 1, and wow
 * is put on what is heard, not on what goes round, so an echo is never farther
 * out of tune than the first.
 *
 * What is stereo by nature (offset, ping-pong, width) works on the pairs of the
 * layout, each by itself; centre, mono and other lone channels have plain
 * echoes, the LFE none.
 */
#include "delay.h"

#include <string.h>

#include "../../base/memory.h"
#include "../../parts/fractional.h"
#include "../units.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixEchoParams Params;

typedef struct {
  double time_ms, ducking_db;
} Readings;

#define NOTE(N)                                                                \
  { "1/" N, "1/" N }, { "1/" N "d", "1/" N " dotted" },                        \
  {                                                                            \
    "1/" N "t", "1/" N " triplet"                                              \
  }

static const MixChoice divisions[] = { NOTE ("1"), NOTE ("2"), NOTE ("4"),
  NOTE ("8"), NOTE ("16"), NOTE ("32"), { NULL, NULL } };

/* As a number 1/8 is 8; dotted and triplet are what nobody types by chance. */
#define NUMBERS(N) N, 1000 + N, 2000 + N

static const int division_numbers[] = { NUMBERS (1), NUMBERS (2), NUMBERS (4),
  NUMBERS (8), NUMBERS (16), NUMBERS (32) };

#define DIVISIONS 18
#define QUARTER 6

static const MixRow rows[] = {
  MIX_ROW_DOUBLE (Params, time_ms, "time", "Time", "ms", 1, 5000, 375, 0,
      "Time from one echo to the next, while tempo is 0"),
  MIX_ROW_DOUBLE (Params, offset_percent, "offset", "Offset", "%", -100, 100, 0,
      0, "How much longer the time is on the right; negative: on the left"),
  MIX_ROW_DOUBLE (Params, tempo_bpm, "tempo", "Tempo", "BPM", 0, 999, 0, 0,
      "Quarter notes a minute, of which division makes the time; 0: the time "
      "is what time says"),
  MIX_ROW_NUMBERED_CHOICE (Params, division, "division", "Division", divisions,
      division_numbers, DIVISIONS, QUARTER, 0,
      "Note from one echo to the next, while there is a tempo; d is dotted, t "
      "is triplet; as a number 8 is 1/8, 1008 is 1/8d, 2008 is 1/8t"),
  MIX_ROW_DOUBLE (Params, feedback_percent, "feedback", "Feedback", "%", 0, 99,
      35, 0, "Level of each echo against the one before"),
  MIX_ROW_BOOL (Params, ping_pong, "ping-pong", "Ping-pong", 0, 0,
      "Echoes go from side to side, the first is left"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "low-cut", "Low cut", "Hz", 0, 20000, 0,
      0,
      "Corner of a low cut of 12 dB per octave, which each echo passes once "
      "more than the one before; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "high-cut", "High cut", "Hz", 0, 20000,
      0, 0,
      "Corner of a high cut of 12 dB per octave, which each echo passes "
      "once more than the one before; 0 is off"),
  MIX_ROW_DOUBLE (Params, modulation_percent, "modulation", "Modulation", "%",
      0, 100, 0, 0,
      "Slow wow of the echoes, other on each channel; the pitch moves by at "
      "most 12 cents"),
  MIX_ROW_DOUBLE (Params, duck_db, "duck", "Duck", "dB", 0, 40, 0, 0,
      "How far the echoes step back while the source plays (above -50 dBFS, "
      "fully above -30)"),
  MIX_ROW_DOUBLE (Params, max_delay_ms, "max-delay", "Longest delay", "ms", 10,
      10000, 5000, MIX_SIZES_MEMORY,
      "Longest time that there is memory for, offset included"),
  MIX_ROW_DOUBLE (Params, dry_db, "dry", "Dry", "dB", MIX_ECHO_OFF_DB, 0, 0, 0,
      "Level of the sound itself; the lowest is off"),
  MIX_ROW_DOUBLE (Params, wet_db, "wet", "Wet", "dB", MIX_ECHO_OFF_DB, 12, -6,
      0, "Level of the first echo; the lowest is off"),
  MIX_ROW_DOUBLE (Params, width_percent, "width", "Width", "%", 0, 200, 100, 0,
      "Width of the echoes: 0 is mono, 100 as they are, 200 twice their side"),
};

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLE (Readings, time_ms, "echo-time", "Echo time", "ms", 0, 10000,
      0, 0,
      "Time from one echo to the next: of the note, kept to max-delay, "
      "without the offset"),
  MIX_ROW_DOUBLE (Readings, ducking_db, "ducking", "Ducking", "dB", 0, 40, 0, 0,
      "How far the echoes are down for the source"),
};

static void
delay_remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (mix_echo_longest_wanted_ms (p) > p->max_delay_ms)
    remarks->add (remarks,
        "the time is longer than max-delay, which it is kept to; raise "
        "max-delay before the start, or choose a shorter time, note or offset");
  if ((p->ping_pong || p->offset_percent != 0 || p->width_percent > 100)
      && mix_format_pairs (format, pairs) == 0)
    remarks->add (remarks,
        "ping-pong, offset and width do nothing without a stereo pair; make "
        "the sound stereo before (audioconvert ! audio/x-raw,channels=2)");
}

/* ---- The stream --------------------------------------------------------- */

static void
delay_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  (void)key;
  MixEcho *self = instance;
  float *to[MIX_MAX_CHANNELS];
  const float *from[MIX_MAX_CHANNELS];
  for (unsigned at = 0, n; at < frames; at += n) {
    if (self->moving && mix_tick_is_due (&self->tick))
      mix_echo_renew (self);
    unsigned offset = self->tick.offset;
    n = self->moving ? MIX_TICK - offset : MIX_ECHO_BLOCK;
    n = mix_min (mix_min (n, self->shortest), frames - at);
    for (unsigned c = 0; c < self->format.channels; c++) {
      to[c] = out[c] + at;
      from[c] = in[c] + at;
    }
    mix_echo_run (self, to, from, offset, n);
    self->tick.offset = (offset + n) % MIX_TICK;
    self->used = mix_min (self->used + n, self->delay.mask + 1);
  }
}

static void
delay_set (void *instance, const void *params)
{
  mix_echo_set_goals (instance, params);
}

static void
delay_read (void *instance, void *readings)
{
  MixEcho *self = instance;
  Readings *r = readings;
  r->time_ms = mix_echo_time_ms (self);
  r->ducking_db = self->smooth[MIX_ECHO_DUCK].to;
}

/* Nothing rings on where no echo is heard. */
static unsigned
delay_tail (const void *instance)
{
  const MixEcho *self = instance;
  const MixSmoother *wet = &self->smooth[MIX_ECHO_WET];
  bool is_off = wet->goal <= MIX_ECHO_OFF_DB && mix_smoother_is_still (wet);
  return is_off ? 0 : mix_echo_pause (self);
}

/* Only what was written since the last time need be cleared. */
static void
delay_reset (void *instance)
{
  MixEcho *self = instance;
  for (unsigned c = 0; c < self->format.channels; c++)
    if (self->line[c].ring)
      memset (self->line[c].ring, 0, self->used * sizeof (float));
  self->used = 0;
  mix_delay_line_prepare (&self->delay, self->delay.mask + 1);
  for (unsigned p = 0; p < self->pairs; p++)
    memset (self->pair[p].cuts, 0, sizeof self->pair[p].cuts);
  mix_echo_reset_control (self);
}

/* ---- Memory ------------------------------------------------------------- */

static void
delay_release (void *instance)
{
  MixEcho *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

/* Stereo pairs first, then each channel that is left. */
static void
pair_up (MixEcho *self)
{
  MixPair found[MIX_MAX_CHANNELS / 2];
  bool taken[MIX_MAX_CHANNELS] = { false };
  unsigned stereo_pairs = mix_format_pairs (&self->format, found);
  self->pairs = 0;
  for (unsigned i = 0; i < stereo_pairs; i++) {
    taken[found[i].left] = taken[found[i].right] = true;
    self->pair[self->pairs++]
        = (MixEchoPair){ .left = found[i].left, .right = found[i].right };
  }
  for (unsigned c = 0; c < self->format.channels; c++)
    if (!taken[c] && !mix_format_is_lfe (&self->format, c))
      self->pair[self->pairs++] = (MixEchoPair){ .left = c, .right = c };
}

/* Lines are counted in 32 bits: at absurd rates there is no memory. */
#define MOST_FRAMES (1u << 30)

/* The frames of the longest delay; 0 for more than there can be. */
static unsigned
longest_of (const Params *params, unsigned rate)
{
  if (params->max_delay_ms / 1000 * rate >= MOST_FRAMES)
    return 0;
  unsigned frames = mix_frames_from_ms (params->max_delay_ms, rate);
  return frames > 0 ? frames : 1;
}

static bool
delay_prepare (void *instance, const MixFormat *format, const void *params)
{
  MixEcho *self = instance;
  unsigned longest = longest_of (params, format->rate);
  if (longest == 0)
    return false;
  unsigned length = mix_delay_line_length (
      longest + mix_echo_most_wow (format->rate) + MIX_FRACTIONAL_POINTS,
      MIX_ECHO_BLOCK);
  float *memory = mix_alloc ((size_t)format->channels * length, sizeof *memory);
  if (!memory)
    return false;
  delay_release (self);
  *self = (MixEcho){ .kernels = mix_kernels (),
    .format = *format,
    .memory = memory,
    .longest = longest };
  mix_delay_line_prepare (&self->delay, length);
  for (unsigned c = 0; c < format->channels; c++)
    if (!mix_format_is_lfe (format, c))
      self->line[c].ring = memory + (size_t)c * length;
  pair_up (self);
  mix_echo_prepare_control (self);
  delay_set (self, params);
  delay_reset (self);
  return true;
}

const MixUnit mix_delay = {
  .name = "delay",
  .summary = "Echoes in time or in tempo",
  .size = sizeof (MixEcho),
  .flags = MIX_UNIT_TAIL,
  .params = MIX_TABLE (rows, Params),
  .readings = MIX_TABLE (reading_rows, Readings),
  .prepare = delay_prepare,
  .set = delay_set,
  .reset = delay_reset,
  .process = delay_process,
  .read = delay_read,
  .tail = delay_tail,
  .remark = delay_remark,
  .release = delay_release,
};
