/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What moves from block to block: the layout, the filters' weights, levels,
 * the turns of the network, the cuts. Nothing is computed while nothing moves,
 * but for the turns.
 */
#include "reverb.h"

#include <string.h>

#include "../../base/maths.h"

enum {
  N = MIX_REVERB_BLOCK,
  LINES = MIX_REVERB_LINES,
  PAIRS = MIX_REVERB_PAIRS,
  GROUPS = MIX_REVERB_GROUPS,
  ORBIT_BLOCKS = 4, /* from one angle to the next */
};

/* ---- Absorption --------------------------------------------------------- */

/* Whether a filter moves: with the decay, its delay or the early level. */
static bool
is_moving (const MixReverb *self)
{
  bool moving = self->fade > 0;
  for (unsigned k = MIX_REVERB_DECAY; k <= MIX_REVERB_WET; k++)
    moving |= self->smooth[k].to != self->smooth[k].from;
  return moving;
}

static double
line_seconds (const MixReverb *self, unsigned i)
{
  double frames = self->now.line[i];
  if (self->fade > 0)
    frames += (self->next.line[i] - frames) * (double)mix_reverb_fade (self).to;
  return frames / self->format.rate;
}

static double
between (const MixReverb *self, double now, double next)
{
  return self->fade > 0 ? now + (next - now) * (double)mix_reverb_fade (self).to
                        : now;
}

static void
put_section (MixReverbWeights weights, unsigned s, unsigned line, MixSvf svf)
{
  double c1 = 1 / (1 + svf.g * (svf.g + svf.k));
  weights[s][MIX_REVERB_POLE][line] = (float)svf.g;
  weights[s][MIX_REVERB_HOLD][line] = (float)(2 * c1 - 1);
  weights[s][MIX_REVERB_PUSH][line] = (float)(2 * c1 * svf.g);
  weights[s][MIX_REVERB_LIFT][line] = (float)(2 * c1 * svf.g);
  weights[s][MIX_REVERB_PULL][line] = (float)(2 * c1 * svf.g * svf.g);
  weights[s][MIX_REVERB_TOP][line] = (float)svf.m0;
  weights[s][MIX_REVERB_BAND][line] = (float)(c1 * (svf.m1 + svf.m2 * svf.g));
  weights[s][MIX_REVERB_LOW][line] = (float)svf.m2;
}

static void
design_lines (MixReverb *self)
{
  double share = 1 - self->smooth[MIX_REVERB_FROZEN].to;
  for (unsigned i = 0; i < LINES; i++) {
    MixSvf sections[MIX_REVERB_SECTIONS];
    mix_absorption_design (
        &self->absorption, line_seconds (self, i), share, sections);
    for (unsigned s = 0; s < MIX_REVERB_SECTIONS; s++)
      put_section (self->absorbed, s, i, sections[s]);
  }
}

/* The gain of all is in the weights. */
static void
design_groups (MixReverb *self, double gain)
{
  for (unsigned g = 0; g < GROUPS; g++) {
    double seconds
        = between (self, self->now.group_s[g], self->next.group_s[g]);
    MixAbsorptionOnce once
        = mix_absorption_design_once (&self->absorption, seconds);
    self->early_weight[MIX_REVERB_KEEP][g] = (float)once.keep;
    self->early_weight[MIX_REVERB_TAKE][g] = (float)(1 - once.keep);
    self->early_weight[MIX_REVERB_EARLY_DIRECT][g]
        = (float)(gain * once.direct);
    self->early_weight[MIX_REVERB_EARLY_LOW][g] = (float)(gain * once.low);
  }
}

/* ---- Levels ------------------------------------------------------------- */

/* Of the power that a pass leaves: what is less is not made up for, or what is
 * hardly there would be as loud as a hall. */
#define LEAST_LEFT 0.01

/* Noise at the input has the same power at the output, whatever the decay. Of
 * a unit of power that enters each line, `left` comes out after one pass, its
 * square after two …: left / (1 - left) in all. What enters is scaled by that,
 * not what comes out: what rings already stays as loud as it is when the decay
 * or the geometry changes. */
static double
late_level (const MixReverb *self, double early_share)
{
  double left = 0;
  for (unsigned i = 0; i < LINES; i++)
    left += mix_absorption_left (&self->absorption, line_seconds (self, i));
  left /= LINES;
  double at_end
      = between (self, (double)self->now.at_end, (double)self->next.at_end);
  /* on the way nothing is lost yet */
  double heard = at_end * at_end * left + (1 - at_end * at_end);
  return sqrt ((1 - early_share) * (1 - left) / (heard + LEAST_LEFT)
               / (LINES * self->routing.count));
}

static double
early_level (const MixReverb *self, double early_share)
{
  double left = 0;
  for (unsigned g = 0; g < GROUPS; g++)
    left += between (self, self->now.group_power[g], self->next.group_power[g])
            * mix_absorption_left (&self->absorption,
                between (self, self->now.group_s[g], self->next.group_s[g]));
  return sqrt (early_share / (left + LEAST_LEFT));
}

/* The longer the late sound, the smaller the part of the power that comes
 * early. */
static double
early_share (const MixReverb *self, double decay_s)
{
  return self->smooth[MIX_REVERB_EARLY_SHARE].to
         * mix_clamp (sqrt (2 / decay_s), 0.2, 1.2);
}

/* The diffusers must not ring longer than the decay. */
#define DIFFUSER_DECAY 0.35 /* of the shortest T60 */
#define MOST_DIFFUSION 0.8

static float
diffuser_gain (
    const MixReverb *self, double decay, unsigned row, unsigned stage)
{
  double seconds = (double)self->now.diffuser[row][stage] / self->format.rate;
  double most = mix_gain_from_db (-60 * seconds / (DIFFUSER_DECAY * decay));
  return (float)fmin (
      MOST_DIFFUSION * self->smooth[MIX_REVERB_DIFFUSION].to, most);
}

static void
update_diffusion (MixReverb *self, const MixDecay *decay)
{
  double shortest = decay->decay_s * mix_clamp (decay->high_ratio, 0.1, 1);
  for (unsigned k = 0; k < 2; k++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      self->diffusion[k][stage].to
          = diffuser_gain (self, shortest, k * MIX_MAX_CHANNELS, stage);
}

/* ---- Once a block ------------------------------------------------------- */

/* Levels and filters for the end of the block. */
static void
update (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  MixDecay decay = { exp2 (s[MIX_REVERB_DECAY].to),
    exp2 (s[MIX_REVERB_LOW_RATIO].to), exp2 (s[MIX_REVERB_HIGH_RATIO].to),
    exp2 (s[MIX_REVERB_LOW_HZ].to), exp2 (s[MIX_REVERB_HIGH_HZ].to) };
  mix_absorption_prepare (&self->absorption, &decay, self->format.rate);
  design_lines (self);
  update_diffusion (self, &decay);
  double share = early_share (self, decay.decay_s);
  self->late_level = late_level (self, share);
  design_groups (self, early_level (self, share) * s[MIX_REVERB_EARLY].to
                           * s[MIX_REVERB_WET].to
                           * (1 - s[MIX_REVERB_FROZEN].to));
}

static void
update_ramps (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  self->feed.to = (float)(self->late_level * (1 - s[MIX_REVERB_FROZEN].to));
  self->mid.to = (float)s[MIX_REVERB_MID].to;
  self->side.to = (float)s[MIX_REVERB_SIDE].to;
  self->late_gain.to = (float)(s[MIX_REVERB_LATE].to * s[MIX_REVERB_WET].to);
}

/* The goals of the block before are where this one begins. */
static void
begin_block (MixReverb *self)
{
  MixReverbRamp *ramps[]
      = { &self->feed, &self->mid, &self->side, &self->late_gain };
  for (unsigned k = 0; k < sizeof ramps / sizeof *ramps; k++)
    ramps[k]->from = ramps[k]->to;
  for (unsigned k = 0; k < 2; k++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      self->diffusion[k][stage].from = self->diffusion[k][stage].to;
  memcpy (self->absorber.weight, self->absorbed, sizeof self->absorbed);
  memcpy (self->early.weight, self->early_weight, sizeof self->early_weight);
}

static void
slope_all (const float *weight, float *slope, const float *to, unsigned count)
{
  for (unsigned k = 0; k < count; k++)
    slope[k] = (to[k] - weight[k]) * (1.f / N);
}

/* `moving`: the weights change within this block. */
static void
slope_filters (MixReverb *self, bool moving)
{
  self->absorber.moving = self->early.moving = moving;
  slope_all (self->absorber.weight[0][0], self->absorber.slope[0][0],
      self->absorbed[0][0], sizeof self->absorbed / sizeof (float));
  slope_all (self->early.weight[0], self->early.slope[0], self->early_weight[0],
      sizeof self->early_weight / sizeof (float));
}

/* Nothing to do once all has come to rest. */
static void
update_levels (MixReverb *self)
{
  bool moving = is_moving (self);
  if (self->still && !moving && !self->absorber.moving)
    return;
  begin_block (self);
  if (moving)
    update (self);
  update_ramps (self);
  slope_filters (self, moving);
}

/* ---- Turns -------------------------------------------------------------- */

#define WIDEST_TURN 1.6 /* radians */
/* How far a mode's frequency moves is the angle over the time of a pass: so
 * longer lines turn farther, and the pitch is as firm in all. */
#define TURN_RATE 24.8     /* radians to a second of the mean line */
#define SLOWEST_ORBIT 0.15 /* Hz */
#define QUICKEST_ORBIT 1.1
#define STRETCHED_ORBITS 0.18 /* how much quicker, an octave of the stretch */

/* The speed goes with the lines, the phase goes on. */
static void
pace_orbits (MixReverb *self)
{
  double quicker = 1 + STRETCHED_ORBITS * self->now.geometry.stretch;
  for (unsigned k = 0; k < PAIRS; k++) {
    double hz = quicker * SLOWEST_ORBIT
                * pow (QUICKEST_ORBIT / SLOWEST_ORBIT, (double)k / (PAIRS - 1));
    double step
        = 2 * MIX_PI * fmod (hz * ORBIT_BLOCKS * N / self->format.rate, 1);
    self->orbit[k].turn_re = cos (step);
    self->orbit[k].turn_im = sin (step);
  }
}

static void
reset_orbits (MixReverb *self)
{
  for (unsigned k = 0; k < PAIRS; k++) {
    double phase = 2 * MIX_PI * fmod (k * 0.61803398874989485, 1);
    self->orbit[k].re = cos (phase);
    self->orbit[k].im = sin (phase);
    self->cosine[k] = 0.25f;
    self->sine[k] = 0;
    self->turns.cosine[k] = 0.25f;
    self->turns.sine[k] = 0;
  }
  memset (self->turns.cosine_slope, 0, sizeof self->turns.cosine_slope);
  memset (self->turns.sine_slope, 0, sizeof self->turns.sine_slope);
  self->orbit_at = 0;
  pace_orbits (self);
}

/* Moves a pair's angle on; its sine as a series, no farther than WIDEST_TURN
 * within 2e-4. */
static void
update_turn (MixReverb *self, unsigned k, double depth)
{
  MixReverbOrbit *o = &self->orbit[k];
  double re = o->re * o->turn_re - o->im * o->turn_im;
  double im = o->re * o->turn_im + o->im * o->turn_re;
  double correct = 1.5 - 0.5 * (re * re + im * im);
  o->re = re * correct;
  o->im = im * correct;
  double x = depth * o->im, x2 = x * x;
  double sine = x * (1 - x2 / 6 * (1 - x2 / 20 * (1 - x2 / 42)));
  self->turns.cosine[k] = self->cosine[k];
  self->turns.sine[k] = self->sine[k];
  self->cosine[k] = (float)(0.25 * sqrt (fmax (0, 1 - sine * sine)));
  self->sine[k] = (float)(0.25 * sine);
  const float per_frame = 1.f / (ORBIT_BLOCKS * N);
  self->turns.cosine_slope[k]
      = (self->cosine[k] - self->turns.cosine[k]) * per_frame;
  self->turns.sine_slope[k] = (self->sine[k] - self->turns.sine[k]) * per_frame;
}

/* A quarter of the pairs get a new angle, the others go on to theirs. */
static void
update_turns (MixReverb *self)
{
  double depth = fmin (WIDEST_TURN, TURN_RATE * self->now.mean_line_s)
                 * sqrt (self->smooth[MIX_REVERB_MODULATION].to);
  for (unsigned k = 0; k < PAIRS; k++)
    if (k % ORBIT_BLOCKS == self->orbit_at) {
      update_turn (self, k, depth);
    } else {
      self->turns.cosine[k] += self->turns.cosine_slope[k] * N;
      self->turns.sine[k] += self->turns.sine_slope[k] * N;
    }
  self->orbit_at = (self->orbit_at + 1) % ORBIT_BLOCKS;
}

/* ---- Layouts ------------------------------------------------------------ */

static void
lay_out (
    MixReverb *self, MixReverbLayout *layout, const MixReverbGeometry *geometry)
{
  const MixReverbRouting *r = &self->routing;
  mix_reverb_lay_out (layout, geometry, r, self->format.rate);
  for (unsigned i = 0; i < r->count; i++)
    for (unsigned c = r->channel[i], k = 0; k < MIX_REVERB_TAPS; k++)
      layout->base[c][k]
          = (unsigned)(self->input[layout->source[c][k]].at - self->memory);
}

/* The loss sits at the end of each line, but stands for what happens all along
 * it: were it to fall at once, sound that went in under the old decay would
 * come out under the new one and the tail would swell. When it moves no faster
 * than a line is long the tail is level at the most. */
static void
pace_decay (MixReverb *self)
{
  double longest = self->now.longest_line_s;
  if (self->fade > 0)
    longest = fmax (longest, self->next.longest_line_s);
  for (unsigned k = MIX_REVERB_DECAY; k <= MIX_REVERB_HIGH_HZ; k++)
    mix_smoother_prepare (&self->smooth[k], self->format.rate,
        1000 * longest * MIX_TICK / MIX_REVERB_BLOCK);
}

/* Begins the way to the goal's layout when there is none under way. What is
 * frozen stays in its lines: they move when it is let go. */
static void
update_layout (MixReverb *self)
{
  MixReverbGeometry goal
      = mix_reverb_geometry (&self->goal, self->smooth[MIX_REVERB_STRETCH].to);
  if (self->fade > 0 && self->fade++ == self->fade_length) {
    self->now = self->next;
    for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
      memcpy (self->early_state[duo][0], self->early_state[duo][1],
          sizeof self->early_state[duo][0]);
    self->fade = 0;
    pace_decay (self);
    pace_orbits (self);
  }
  if (self->fade == 0 && !self->goal.freeze
      && !mix_reverb_geometry_equal (&goal, &self->now.geometry)) {
    lay_out (self, &self->next, &goal);
    for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
      memset (self->early_state[duo][1], 0, sizeof self->early_state[duo][1]);
    self->fade = 1;
    pace_decay (self);
  }
}

/* ---- Cuts --------------------------------------------------------------- */

static void
update_cuts (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  unsigned rate = self->format.rate;
  bool low
      = s[MIX_REVERB_LOW_CUT_ON].from > 0 || s[MIX_REVERB_LOW_CUT_ON].to > 0;
  bool high
      = s[MIX_REVERB_HIGH_CUT_ON].from > 0 || s[MIX_REVERB_HIGH_CUT_ON].to > 0;
  for (unsigned c = 0; c < self->format.channels; c++) {
    if (low && !self->low_cut_on)
      self->cuts[c].low = (MixCut){ 0 };
    if (high && !self->high_cut_on)
      self->cuts[c].high = (MixCut){ 0 };
  }
  if (low
      && (!self->low_cut_on
          || s[MIX_REVERB_LOW_CUT].from != s[MIX_REVERB_LOW_CUT].to))
    self->low_cut = mix_cut_design (
        MIX_FILTER_LOW_CUT, exp2 (s[MIX_REVERB_LOW_CUT].to), rate);
  if (high
      && (!self->high_cut_on
          || s[MIX_REVERB_HIGH_CUT].from != s[MIX_REVERB_HIGH_CUT].to))
    self->high_cut = mix_cut_design (
        MIX_FILTER_HIGH_CUT, exp2 (s[MIX_REVERB_HIGH_CUT].to), rate);
  self->low_cut_on = low;
  self->high_cut_on = high;
}

/* ---- All ---------------------------------------------------------------- */

void
mix_reverb_update (MixReverb *self)
{
  update_layout (self);
  update_levels (self);
  update_turns (self);
  update_cuts (self);
}

void
mix_reverb_update_reset (MixReverb *self)
{
  MixReverbGeometry goal
      = mix_reverb_geometry (&self->goal, self->smooth[MIX_REVERB_STRETCH].to);
  self->low_cut_on = self->high_cut_on = false;
  lay_out (self, &self->now, &goal);
  self->fade = 0;
  pace_decay (self);
  reset_orbits (self);
  update (self);
  update_ramps (self);
  begin_block (self);
  slope_filters (self, false);
}
