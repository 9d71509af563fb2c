/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Delay: echoes at a time or at a note value, with feedback, ping-pong, cuts in
 * the loop, wow and ducking. For each pair of channels, and for each lone
 * channel without the crossings:
 *
 *   input -+-> + -> cuts -> ring -+-> wow -> ducker, wet, width -> + -> output
 *          |   ^                  |                                ^
 *          |   +--- feedback, <---+                                |
 *          |        ping-pong                                      |
 *          +-------------------------- dry ------------------------+
 *
 *   times.h          delay times, and the cross-fade to new ones
 *   rings.h          the delay lines
 *   feedback_cuts.h  low cut and high cut in the loop
 *   wow.h            modulation of the delay that is read for the output
 *   ducker.h         attenuation of the echoes while there is input
 *   echo_mixer.h     feedback and ping-pong; dry, wet and width
 *
 * While nothing moves, the nth echo comes n times the delay, a whole number of
 * frames, after the input, and is the same in every bit but for the gain of the
 * feedback. The gain of the loop is at most the feedback at every frequency:
 * the cuts have a gain of at most 1, and the wow is outside of the loop.
 *
 * Offset, ping-pong and width act within each stereo pair of the layout; lone
 * channels (centre, mono) have plain echoes, an LFE none.
 *
 * No delay is shorter than a span, so the lines are read before they are
 * written, whole spans at a time, in loops that the compiler vectorises.
 */
#include "../../base/memory.h"
#include "../units.h"
#include "delay_params.h"
#include "ducker.h"
#include "echo_mixer.h"
#include "feedback_cuts.h"
#include "rings.h"
#include "times.h"
#include "wow.h"

/* ---- The declaration ---------------------------------------------------- */

typedef MixDelayParams Params;

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

/* As a number 1/8 is 8; dotted and triplet have numbers that are not typed by
 * mistake. */
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
      "Quarter notes a minute, from which division gives the time; 0: time is "
      "used"),
  MIX_ROW_NUMBERED_CHOICE (Params, division, "division", "Division", divisions,
      division_numbers, DIVISIONS, QUARTER, 0,
      "Note from one echo to the next, while tempo is not 0; d is dotted, t "
      "is triplet; as a number 8 is 1/8, 1008 is 1/8d, 2008 is 1/8t"),
  MIX_ROW_DOUBLE (Params, feedback_percent, "feedback", "Feedback", "%", 0, 99,
      35, 0, "Level of each echo relative to the one before"),
  MIX_ROW_BOOL (Params, ping_pong, "ping-pong", "Ping-pong", 0, 0,
      "Echoes alternate between left and right, the first is left"),
  MIX_ROW_DOUBLE (Params, low_cut_hz, "low-cut", "Low cut", "Hz", 0, 20000, 0,
      0,
      "Corner of a low cut of 12 dB per octave in the feedback loop, which the "
      "nth echo has passed n times; 0 is off"),
  MIX_ROW_DOUBLE (Params, high_cut_hz, "high-cut", "High cut", "Hz", 0, 20000,
      0, 0,
      "Corner of a high cut of 12 dB per octave in the feedback loop, which "
      "the "
      "nth echo has passed n times; 0 is off"),
  MIX_ROW_DOUBLE (Params, modulation_percent, "modulation", "Modulation", "%",
      0, 100, 0, 0,
      "Slow wow of the echoes, different on each channel; the pitch moves by "
      "at "
      "most 12 cents"),
  MIX_ROW_DOUBLE (Params, duck_db, "duck", "Duck", "dB", 0, 40, 0, 0,
      "Attenuation of the echoes while there is input: from -50 dBFS on, full "
      "from -30 on"),
  MIX_ROW_DOUBLE (Params, max_delay_ms, "max-delay", "Longest delay", "ms", 10,
      10000, 5000, MIX_SIZES_MEMORY,
      "Longest time that memory is allocated for, offset included"),
  MIX_ROW_DOUBLE (Params, dry_db, "dry", "Dry", "dB", MIX_DELAY_OFF_DB, 0, 0, 0,
      "Level of the input; the lowest is off"),
  MIX_ROW_DOUBLE (Params, wet_db, "wet", "Wet", "dB", MIX_DELAY_OFF_DB, 12, -6,
      0, "Level of the first echo; the lowest is off"),
  MIX_ROW_DOUBLE (Params, width_percent, "width", "Width", "%", 0, 200, 100, 0,
      "Width of the echoes: 0 is mono, 100 unchanged, 200 twice the side"),
};

static const MixRow reading_rows[] = {
  MIX_ROW_DOUBLE (Readings, time_ms, "echo-time", "Echo time", "ms", 0, 10000,
      0, 0,
      "Time from one echo to the next in use: from time or tempo, limited to "
      "max-delay, without the offset"),
  MIX_ROW_DOUBLE (Readings, ducking_db, "ducking", "Ducking", "dB", 0, 40, 0, 0,
      "Attenuation of the echoes by duck"),
};

static void
delay_remark (const void *params, const MixFormat *format, MixRemarks *remarks)
{
  const Params *p = params;
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  if (mix_delay_longest_wanted_ms (p) > p->max_delay_ms)
    remarks->add (remarks,
        "the time is longer than max-delay and is limited to it; raise "
        "max-delay before the start, or choose a shorter time, note or offset");
  if ((p->ping_pong || p->offset_percent != 0 || p->width_percent > 100)
      && mix_format_pairs (format, pairs) == 0)
    remarks->add (remarks,
        "ping-pong, offset and width do nothing without a stereo pair; make "
        "the sound stereo before (audioconvert ! audio/x-raw,channels=2)");
}

/* ---- Instance ----------------------------------------------------------- */

typedef struct {
  unsigned rate, channels;
  MixRoles roles;
  void *memory;
  MixTick tick;
  bool moving; /* there is work at the next tick */
  MixDelayTimes times;
  MixDelayRings rings;
  MixDelayCuts cuts;
  MixDelayWow wow;
  MixDelayDucker ducker;
  MixDelayMixer mixer;
} Delay;

static void
delay_set (void *instance, const void *params)
{
  Delay *self = instance;
  const Params *p = params;
  mix_delay_times_set (&self->times, p, &self->roles);
  mix_delay_cuts_set (&self->cuts, p);
  mix_delay_wow_set (&self->wow, p->modulation_percent);
  mix_delay_ducker_set (&self->ducker, p->duck_db);
  mix_delay_mixer_set (&self->mixer, p);
  self->moving = true;
}

static void
delay_reset (void *instance)
{
  Delay *self = instance;
  mix_tick_reset (&self->tick);
  mix_delay_times_reset (&self->times);
  mix_delay_rings_reset (&self->rings);
  mix_delay_cuts_reset (&self->cuts);
  mix_delay_wow_reset (&self->wow);
  mix_delay_ducker_reset (&self->ducker);
  mix_delay_mixer_reset (&self->mixer);
  self->moving = true;
}

/* ---- Memory ------------------------------------------------------------- */

static void
delay_release (void *instance)
{
  Delay *self = instance;
  mix_free (self->memory);
  self->memory = NULL;
}

/* Frames are counted in 32 bits. */
#define MOST_FRAMES (1u << 30)

/* The frames of the longest delay; 0 for more than there can be. */
static unsigned
longest_frames (const Params *params, unsigned rate)
{
  if (params->max_delay_ms / 1000 * rate >= MOST_FRAMES)
    return 0;
  unsigned frames = mix_frames_from_ms (params->max_delay_ms, rate);
  return frames > 0 ? frames : 1;
}

static bool
delay_prepare (void *instance, const MixFormat *format, const void *params)
{
  Delay *self = instance;
  unsigned rate = format->rate, longest = longest_frames (params, rate);
  unsigned most = longest + mix_delay_wow_most (rate);
  MixDelayRings rings;
  MixArena count = { 0 };
  mix_delay_rings_take (&rings, format, most, &count);
  MixArena arena = { longest > 0 ? mix_alloc (count.used, 1) : NULL, 0 };
  if (!arena.memory)
    return false;
  mix_delay_rings_take (&rings, format, most, &arena);
  delay_release (self);
  *self = (Delay){ .rate = rate,
    .channels = format->channels,
    .roles = mix_format_roles (format),
    .memory = arena.memory,
    .rings = rings };
  mix_delay_times_prepare (&self->times, format, longest);
  mix_delay_cuts_prepare (&self->cuts, rate);
  mix_delay_wow_prepare (&self->wow, format);
  mix_delay_ducker_prepare (&self->ducker, rate);
  mix_delay_mixer_prepare (&self->mixer, rate);
  delay_set (self, params);
  delay_reset (self);
  return true;
}

/* ---- Audio -------------------------------------------------------------- */

static void
read_at (const Delay *self, unsigned channel, float *to, unsigned delay,
    bool wow, const MixSpan *span)
{
  if (wow)
    mix_delay_wow_read (&self->wow, &self->rings, channel, to, delay,
        span->offset, span->frames);
  else
    mix_delay_rings_read (&self->rings, channel, to, delay, span->frames);
}

/* Without wow before, with wow after the span was written. */
static void
read_echo (const Delay *self, unsigned channel, float *to, bool wow,
    const MixSpan *span)
{
  MixDelayTime time = mix_delay_times_of (&self->times, channel);
  float next[MIX_TICK];
  read_at (self, channel, to, time.now, wow, span);
  if (mix_delay_times_are_fading (&self->times)) {
    read_at (self, channel, next, time.next, wow, span);
    mix_delay_times_fade (&self->times, to, next, span->offset, span->frames);
  }
}

static void
process_pair (Delay *self, MixPair pair, const MixSpan *span)
{
  MixDelayRows echo, feed;
  read_echo (self, pair.left, echo.left, false, span);
  read_echo (self, pair.right, echo.right, false, span);
  mix_delay_mixer_feed_pair (&self->mixer, span, pair, &feed, &echo);
  mix_delay_cuts_run (&self->cuts, pair.left, feed.left, feed.right,
      span->offset, span->frames);
  mix_delay_rings_write (&self->rings, pair.left, feed.left, span->frames);
  mix_delay_rings_write (&self->rings, pair.right, feed.right, span->frames);
  if (mix_delay_wow_is_on (&self->wow)) {
    read_echo (self, pair.left, echo.left, true, span);
    read_echo (self, pair.right, echo.right, true, span);
  }
  mix_delay_mixer_mix_pair (&self->mixer, span, pair, &echo);
}

static void
process_lone (Delay *self, unsigned channel, const MixSpan *span)
{
  float echo[MIX_DELAY_SPAN], feed[MIX_DELAY_SPAN];
  read_echo (self, channel, echo, false, span);
  mix_delay_mixer_feed_lone (&self->mixer, span, channel, feed, echo);
  mix_delay_cuts_run (
      &self->cuts, channel, feed, feed, span->offset, span->frames);
  mix_delay_rings_write (&self->rings, channel, feed, span->frames);
  if (mix_delay_wow_is_on (&self->wow))
    read_echo (self, channel, echo, true, span);
  mix_delay_mixer_mix_lone (&self->mixer, span, channel, echo);
}

static void
process_span (Delay *self, const MixSpan *span)
{
  const MixRoles *roles = &self->roles;
  mix_delay_ducker_measure (&self->ducker, span, self->channels);
  for (unsigned i = 0; i < roles->pairs; i++)
    process_pair (self, roles->pair[i], span);
  for (unsigned i = 0; i < roles->lone; i++)
    process_lone (self, roles->lone_channel[i], span);
  for (unsigned i = 0; i < roles->lfes; i++)
    mix_delay_mixer_pass (&self->mixer, span, roles->lfe_channel[i]);
  mix_delay_rings_advance (&self->rings, span->frames);
}

static void
update (Delay *self)
{
  mix_delay_ducker_tick (&self->ducker);
  bool cuts_move = mix_delay_cuts_tick (&self->cuts);
  bool fades = mix_delay_times_tick (&self->times);
  bool wows = mix_delay_wow_tick (&self->wow);
  bool still = !cuts_move && mix_delay_wow_is_still (&self->wow);
  bool gains_move = mix_delay_mixer_tick (&self->mixer, &self->ducker, still);
  self->moving = gains_move || cuts_move || fades || wows
                 || mix_delay_ducker_is_on (&self->ducker);
}

static void
delay_process (void *instance, float *const *out, const float *const *in,
    const float *const *key, unsigned frames)
{
  Delay *self = instance;
  MixSpan span;
  for (unsigned at = 0; at < frames; at += span.frames) {
    if (self->moving && mix_tick_is_due (&self->tick))
      update (self);
    unsigned most
        = mix_min (mix_delay_times_shortest (&self->times), MIX_DELAY_SPAN);
    span.offset = self->tick.offset;
    span.frames = mix_tick_span_while (
        &self->tick, self->moving, mix_min (most, frames - at));
    mix_span_point (&span, self->channels, out, in, key, at);
    process_span (self, &span);
  }
}

/* ---- Readings, tail ----------------------------------------------------- */

static void
delay_read (void *instance, void *readings)
{
  const Delay *self = instance;
  Readings *r = readings;
  r->time_ms = mix_delay_times_ms (&self->times);
  r->ducking_db = mix_delay_ducker_attenuation_db (&self->ducker);
}

static unsigned
delay_tail (const void *instance)
{
  const Delay *self = instance;
  if (mix_delay_mixer_is_off (&self->mixer))
    return 0;
  return mix_delay_times_longest (&self->times)
         + mix_delay_wow_most (self->rate)
         + mix_delay_ducker_pause (&self->ducker);
}

const MixUnit mix_delay = {
  .name = "delay",
  .summary = "Echoes in time or in tempo",
  .size = sizeof (Delay),
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
