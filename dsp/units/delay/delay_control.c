/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control side of the delay: parameters become goals, and once a tick
 * goals become gains, delays, the wow and the duck.
 *
 * A new time is reached by a cross-fade in FADE_MS. A tape would glide there,
 * and bend the pitch: by the ratio of the two times in all, out of the audible
 * range for a large one, and for as long as the way is. The fade leaves every
 * echo at its pitch, takes the same short time whatever the way, and neither of
 * its two sums, in gain 1 at most, can make the loop grow. Times that go on
 * moving are followed by one fade after the other.
 */
#include "delay.h"

#include <string.h>

#define SMOOTHING_MS 5.0
#define CUT_SMOOTHING_MS 30.0  /* octaves on the way, each of them 12 dB */
#define WOW_SMOOTHING_MS 200.0 /* a quicker one would be heard as pitch */
#define FADE_MS 50.0

/* Wow: at 100 % the pitch moves by 12 cents either way, less than is heard as
 * out of tune. Each line has a speed and a phase of its own, in golden sections
 * so that no two agree. */
#define WOW_DETUNE 0.0068 /* 2^(12/1200) - 1 is 0.00696, downwards 0.00691 */
#define WOW_SLOWEST_HZ 0.5
#define WOW_SPREAD_HZ 0.3
#define GOLDEN 0.6180339887498949

/* The source plays fully from here on, and is silent below there. */
#define PLAYS_DB (-30.0)
#define SILENT_DB (-50.0)
#define DUCK_HOLD_MS 100.0
#define DUCK_RELEASE_MS 300.0
/* After so long nothing is left of a duck: e^(-6.5) of 40 dB is 0.06 dB. */
#define DUCK_PAUSE_MS (DUCK_HOLD_MS + 6.5 * DUCK_RELEASE_MS)

/* The smoother has something to do: it is not at 0 for good. */
static bool
is_in_use (const MixSmoother *s)
{
  return s->goal > 0 || !mix_smoother_is_still (s);
}

/* ---- Time --------------------------------------------------------------- */

/* Divisions come in threes: plain, dotted, triplet. */
double
mix_echo_wanted_ms (const MixEchoParams *p)
{
  static const double shapes[] = { 1, 1.5, 2.0 / 3 };
  double quarters = 4.0 / (1 << p->division / 3) * shapes[p->division % 3];
  return p->tempo_bpm > 0 ? quarters * 60000 / p->tempo_bpm : p->time_ms;
}

double
mix_echo_longest_wanted_ms (const MixEchoParams *p)
{
  return mix_echo_wanted_ms (p) * (1 + fabs (p->offset_percent) / 100);
}

static unsigned
delay_of (const MixEcho *self, double ms)
{
  double frames = ms * self->format.rate / 1000 + 0.5;
  return (unsigned)mix_clamp (frames, 1, self->longest);
}

double
mix_echo_time_ms (const MixEcho *self)
{
  double ms = mix_echo_wanted_ms (&self->goal);
  return delay_of (self, ms) * 1000.0 / self->format.rate;
}

static void
set_times (MixEcho *self, const MixEchoParams *p)
{
  double ms = mix_echo_wanted_ms (p), later = p->offset_percent / 100;
  for (unsigned i = 0; i < self->pairs; i++) {
    const MixEchoPair *pair = &self->pair[i];
    bool stereo = pair->left != pair->right;
    self->line[pair->left].goal
        = delay_of (self, stereo ? ms * (1 + fmax (0, -later)) : ms);
    if (stereo)
      self->line[pair->right].goal
          = delay_of (self, ms * (1 + fmax (0, later)));
  }
}

static bool
is_there (const MixEcho *self)
{
  for (unsigned c = 0; c < self->format.channels; c++)
    if (self->line[c].now != self->line[c].goal)
      return false;
  return true;
}

/* ---- Goals -------------------------------------------------------------- */

/* A cut that is off wakes at its corner. */
static void
set_cut (MixSmoother *corner, MixSmoother *share, double hz, bool on)
{
  if (on)
    mix_smoother_set (corner, log2 (hz));
  if (!is_in_use (share))
    mix_smoother_snap (corner);
  mix_smoother_set (share, on);
}

void
mix_echo_set_goals (MixEcho *self, const MixEchoParams *p)
{
  MixSmoother *s = self->smooth;
  double top = MIX_LOOP_CUT_TOP * self->format.rate;
  mix_smoother_set (&s[MIX_ECHO_DRY], p->dry_db);
  mix_smoother_set (&s[MIX_ECHO_WET], p->wet_db);
  mix_smoother_set (&s[MIX_ECHO_FEEDBACK], p->feedback_percent / 100);
  mix_smoother_set (&s[MIX_ECHO_CROSS], p->ping_pong);
  mix_smoother_set (&s[MIX_ECHO_WIDTH], p->width_percent / 100);
  mix_smoother_set (&s[MIX_ECHO_WOW], p->modulation_percent / 100);
  set_cut (&s[MIX_ECHO_LOW_CUT], &s[MIX_ECHO_LOW_SHARE],
      fmin (p->low_cut_hz, top), p->low_cut_hz > 0);
  set_cut (&s[MIX_ECHO_HIGH_CUT], &s[MIX_ECHO_HIGH_SHARE], p->high_cut_hz,
      p->high_cut_hz > 0 && p->high_cut_hz < top);
  set_times (self, p);
  self->goal = *p;
  self->settled = false;
  self->moving = true;
}

static MixEchoPhasor
phasor (double cycles)
{
  double angle = 2 * MIX_PI * fmod (cycles, 1);
  return (MixEchoPhasor){ sin (angle), cos (angle) };
}

static double
smoothing_ms (MixEchoSmootherId id)
{
  switch (id) {
    case MIX_ECHO_LOW_CUT:
    case MIX_ECHO_HIGH_CUT:
      return CUT_SMOOTHING_MS;
    case MIX_ECHO_WOW:
      return WOW_SMOOTHING_MS;
    default:
      return SMOOTHING_MS;
  }
}

void
mix_echo_prepare_control (MixEcho *self)
{
  unsigned rate = self->format.rate;
  for (unsigned s = 0; s < MIX_ECHO_SMOOTHERS; s++)
    mix_smoother_prepare (
        &self->smooth[s], rate, smoothing_ms ((MixEchoSmootherId)s));
  self->smooth[MIX_ECHO_LOW_CUT].goal = log2 (20);
  self->smooth[MIX_ECHO_HIGH_CUT].goal = log2 (20000);
  self->fade_length = mix_frames_from_ms (FADE_MS, rate) / MIX_TICK + 1;
  for (unsigned c = 0; c < self->format.channels; c++) {
    double hz = WOW_SLOWEST_HZ + WOW_SPREAD_HZ * fmod (c * GOLDEN, 1);
    self->line[c].turn = phasor (hz * MIX_TICK / rate);
    self->line[c].reach = (float)(WOW_DETUNE / (2 * MIX_PI * hz) * rate);
  }
}

unsigned
mix_echo_most_wow (unsigned rate)
{
  return 1 + (unsigned)(WOW_DETUNE / (2 * MIX_PI * WOW_SLOWEST_HZ) * rate);
}

/* ---- Ticks -------------------------------------------------------------- */

static double
gain_of (double db)
{
  return db > MIX_ECHO_OFF_DB ? mix_gain_from_db (db) : 0;
}

static MixEchoRamp
ramp (double from, double to)
{
  return (MixEchoRamp){ (float)from, (float)((to - from) / MIX_TICK) };
}

static void
renew_gains (MixEcho *self)
{
  const MixSmoother *s = self->smooth, *duck = &s[MIX_ECHO_DUCK];
  const MixSmoother *width = &s[MIX_ECHO_WIDTH], *cross = &s[MIX_ECHO_CROSS];
  double wet[2]
      = { gain_of (s[MIX_ECHO_WET].from), gain_of (s[MIX_ECHO_WET].to) };
  wet[0] *= mix_gain_from_db (-duck->from);
  wet[1] *= mix_gain_from_db (-duck->to);
  self->wet = ramp (wet[0], wet[1]);
  self->same
      = ramp (wet[0] * (1 + width->from) / 2, wet[1] * (1 + width->to) / 2);
  self->other
      = ramp (wet[0] * (1 - width->from) / 2, wet[1] * (1 - width->to) / 2);
  self->dry
      = ramp (gain_of (s[MIX_ECHO_DRY].from), gain_of (s[MIX_ECHO_DRY].to));
  self->feedback = ramp (s[MIX_ECHO_FEEDBACK].from, s[MIX_ECHO_FEEDBACK].to);
  self->cross = ramp (cross->from, cross->to);
  self->straight = ramp (1 - cross->from, 1 - cross->to);
}

/* Without a bend at either end: nothing is heard above the sound that fades. */
static double
fade_share (const MixEcho *self)
{
  return 0.5 - 0.5 * cos (MIX_PI * self->fade_at / self->fade_length);
}

static void
begin_fade (MixEcho *self)
{
  for (unsigned c = 0; c < self->format.channels; c++)
    self->line[c].next = self->line[c].goal;
  self->fades = true;
  self->fade_at = 0;
}

static void
end_fade (MixEcho *self)
{
  for (unsigned c = 0; c < self->format.channels; c++)
    self->line[c].now = self->line[c].next;
  self->fades = false;
}

static void
renew_times (MixEcho *self)
{
  if (self->fades && self->fade_at == self->fade_length)
    end_fade (self);
  if (!self->fades && !is_there (self))
    begin_fade (self);
  if (self->fades) {
    double from = fade_share (self);
    self->fade_at++;
    self->fade = ramp (from, fade_share (self));
  }
  self->shortest = MIX_ECHO_BLOCK;
  for (unsigned c = 0; c < self->format.channels; c++) {
    const MixEchoLine *line = &self->line[c];
    if (!line->ring)
      continue;
    self->shortest = mix_min (self->shortest, line->now);
    if (self->fades)
      self->shortest = mix_min (self->shortest, line->next);
  }
}

/* Turned from tick to tick: rounding moves its radius by a millionth a month.
 */
static void
renew_wow (MixEcho *self)
{
  const MixSmoother *wow = &self->smooth[MIX_ECHO_WOW];
  self->wows = is_in_use (wow);
  for (unsigned c = 0; self->wows && c < self->format.channels; c++) {
    MixEchoLine *line = &self->line[c];
    MixEchoPhasor at = line->wow, turn = line->turn;
    line->wow.sine = at.sine * turn.cosine + at.cosine * turn.sine;
    line->wow.cosine = at.cosine * turn.cosine - at.sine * turn.sine;
    double from = wow->from * at.sine, to = wow->to * line->wow.sine;
    line->swing = (float)from;
    line->swing_slope = (float)((to - from) / MIX_TICK);
  }
}

static void
renew_cuts (MixEcho *self)
{
  const MixSmoother *s = self->smooth;
  unsigned rate = self->format.rate;
  bool cuts = is_in_use (&s[MIX_ECHO_LOW_SHARE])
              || is_in_use (&s[MIX_ECHO_HIGH_SHARE]);
  for (unsigned p = 0; cuts && !self->cuts && p < self->pairs; p++)
    memset (self->pair[p].cuts, 0, sizeof self->pair[p].cuts);
  self->cuts = cuts;
  if (!cuts)
    return;
  self->cut_design[0]
      = mix_loop_cut_design (false, exp2 (s[MIX_ECHO_LOW_CUT].to), rate);
  self->cut_design[1]
      = mix_loop_cut_design (true, exp2 (s[MIX_ECHO_HIGH_CUT].to), rate);
}

/* What the source did in the tick before is what the echoes do in this one. */
static void
follow_source (MixEcho *self)
{
  MixEchoSource *source = &self->source;
  double level = mix_db_from_gain ((double)source->peak);
  double share = mix_clamp ((level - SILENT_DB) / (PLAYS_DB - SILENT_DB), 0, 1);
  unsigned rate = self->format.rate;
  source->peak = 0;
  if (share >= source->share) {
    source->share = share;
    source->hold = mix_frames_from_ms (DUCK_HOLD_MS, rate) / MIX_TICK;
  } else if (source->hold > 0) {
    source->hold--;
  } else {
    source->share
        = share
          + (source->share - share)
                * mix_decay_per_frames (DUCK_RELEASE_MS, MIX_TICK, rate);
  }
}

static void
renew_duck (MixEcho *self)
{
  MixSmoother *duck = &self->smooth[MIX_ECHO_DUCK];
  if (self->ducks)
    follow_source (self);
  mix_smoother_set (duck, self->goal.duck_db * self->source.share);
  self->settled &= mix_smoother_is_still (duck);
  self->ducks = self->goal.duck_db > 0;
  if (!self->ducks)
    self->source = (MixEchoSource){ 0 };
}

static void
settle (MixEcho *self)
{
  self->settled = true;
  for (unsigned s = 0; s < MIX_ECHO_SMOOTHERS; s++) {
    mix_smoother_tick (&self->smooth[s]);
    self->settled &= mix_smoother_is_still (&self->smooth[s]);
  }
  renew_gains (self);
  renew_cuts (self);
}

void
mix_echo_renew (MixEcho *self)
{
  renew_duck (self);
  if (!self->settled)
    settle (self);
  renew_times (self);
  renew_wow (self);
  self->moving = !self->settled || self->fades || self->wows || self->ducks;
}

void
mix_echo_reset_control (MixEcho *self)
{
  mix_tick_reset (&self->tick);
  self->source = (MixEchoSource){ 0 };
  self->smooth[MIX_ECHO_DUCK].goal = 0;
  for (unsigned s = 0; s < MIX_ECHO_SMOOTHERS; s++)
    mix_smoother_snap (&self->smooth[s]);
  for (unsigned c = 0; c < self->format.channels; c++) {
    self->line[c].now = self->line[c].next = self->line[c].goal;
    self->line[c].wow = phasor (c * GOLDEN);
  }
  self->cuts = self->fades = self->ducks = false;
  self->settled = false;
  self->moving = true; /* the first tick makes the rest of these */
}

unsigned
mix_echo_pause (const MixEcho *self)
{
  unsigned pause = 0;
  for (unsigned c = 0; c < self->format.channels; c++) {
    const MixEchoLine *line = &self->line[c];
    unsigned delay = line->goal > line->now ? line->goal : line->now;
    delay = delay > line->next ? delay : line->next;
    pause = pause > delay ? pause : delay;
  }
  pause += mix_echo_most_wow (self->format.rate);
  if (self->goal.duck_db > 0)
    pause += mix_frames_from_ms (DUCK_PAUSE_MS, self->format.rate);
  return pause;
}
