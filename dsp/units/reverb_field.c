/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One block of the wet sound.
 *
 *   input -> diffusers -> memory -+-> taps, in groups by time -> absorption
 *                                 |                               -> early
 *                                 +-> diffusers -> (+) -> lines -> absorption
 *                                                   |                  | -> late
 *                                                   +- Hadamard, turns +
 *
 * The network is a feedback delay network (J.-M. Jot, 1991) of sixteen lines.
 * Its matrix is unitary at every moment, a Hadamard matrix after rotations of
 * eight pairs of lines by slowly moving angles (S. J. Schlecht, E. A. P. Habets,
 * "Time-varying feedback matrices in feedback delay networks and their
 * application in artificial reverberation", JASA 138, 2015). The angles keep the
 * modes from ringing; as no delay moves, no pitch does and nothing is
 * interpolated: without absorption the loop keeps what it holds for ever.
 */
#include "reverb.h"

#include <string.h>

#include "../base/maths.h"

enum {
  N = MIX_REVERB_BLOCK,
  LINES = MIX_REVERB_LINES,
  PAIRS = MIX_REVERB_PAIRS,
  GROUPS = MIX_REVERB_GROUPS,
  ORBIT_BLOCKS = 4, /* from one angle to the next */
};

/* ---- Rings -------------------------------------------------------------- */

static unsigned
ring_length (unsigned longest)
{
  return (longest + N - 1) / N * N;
}

static inline unsigned
ring_index (const MixReverbRing *ring, unsigned delay)
{
  unsigned at = ring->write;
  return at >= delay ? at - delay : at + ring->length - delay;
}

/* The block at the write position has been written. */
static inline void
ring_advance (MixReverbRing *ring)
{
  if (ring->write == 0)
    memcpy (ring->at + ring->length, ring->at, N * sizeof *ring->at);
  ring->write += N;
  if (ring->write == ring->length)
    ring->write = 0;
}

/* ---- Blocks ------------------------------------------------------------- */

static inline float
slope_of (MixReverbRamp ramp)
{
  return (ramp.to - ramp.from) * (1.f / N);
}

static void
blend (float *out, const float *a, const float *b, MixReverbRamp to_b)
{
  float slope = slope_of (to_b);
  for (unsigned i = 0; i < N; i++)
    out[i] = a[i] + (b[i] - a[i]) * (to_b.from + slope * (float) i);
}

static void
add (float *restrict io, const float *restrict x)
{
  for (unsigned i = 0; i < N; i++)
    io[i] += x[i];
}

/* How far on the way to the next layout. */
static MixReverbRamp
fade_of (const MixReverb *self)
{
  float length = (float) self->fade_length;
  return (MixReverbRamp){ (float) (self->fade - 1) / length,
    (float) self->fade / length };
}

/* The block `delays` ago, which is in `room` while the delay is changing. */
static const float *
read_ring (const MixReverb *self, const MixReverbRing *ring, unsigned now,
    unsigned next, float room[N])
{
  const float *from = ring->at + ring_index (ring, now);
  if (self->fade == 0 || now == next)
    return from;
  blend (room, from, ring->at + ring_index (ring, next), fade_of (self));
  return room;
}

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
    frames += (self->next.line[i] - frames) * (double) fade_of (self).to;
  return frames / self->format.rate;
}

static double
between (const MixReverb *self, double now, double next)
{
  return self->fade > 0 ? now + (next - now) * (double) fade_of (self).to : now;
}

static void
put_section (MixReverbWeights weights, unsigned s, unsigned line, MixSvf svf)
{
  double c1 = 1 / (1 + svf.g * (svf.g + svf.k));
  weights[s][MIX_REVERB_POLE][line] = (float) svf.g;
  weights[s][MIX_REVERB_HOLD][line] = (float) (2 * c1 - 1);
  weights[s][MIX_REVERB_PUSH][line] = (float) (2 * c1 * svf.g);
  weights[s][MIX_REVERB_LIFT][line] = (float) (2 * c1 * svf.g);
  weights[s][MIX_REVERB_PULL][line] = (float) (2 * c1 * svf.g * svf.g);
  weights[s][MIX_REVERB_TOP][line] = (float) svf.m0;
  weights[s][MIX_REVERB_BAND][line] = (float) (c1 * (svf.m1 + svf.m2 * svf.g));
  weights[s][MIX_REVERB_LOW][line] = (float) svf.m2;
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
    self->early_weight[MIX_REVERB_KEEP][g] = (float) once.keep;
    self->early_weight[MIX_REVERB_TAKE][g] = (float) (1 - once.keep);
    self->early_weight[MIX_REVERB_EARLY_DIRECT][g] = (float) (gain * once.direct);
    self->early_weight[MIX_REVERB_EARLY_LOW][g] = (float) (gain * once.low);
  }
}

/* ---- Levels ------------------------------------------------------------- */

/* Of the power that a pass leaves: what is less is not made up for, or what is
 * hardly there would be as loud as a hall. */
#define LEAST_LEFT 0.01

/* Noise at the input has the same power at the output, whatever the decay. Of
 * a unit of power that enters each line, `left` comes out after one pass, its
 * square after two …: left / (1 - left) in all. */
static double
late_level (const MixReverb *self, double early_share)
{
  double left = 0;
  for (unsigned i = 0; i < LINES; i++)
    left += mix_absorption_left (&self->absorption, line_seconds (self, i));
  left /= LINES;
  return sqrt ((1 - early_share) * (1 - left) / (left + LEAST_LEFT)
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

/* The diffusers must not ring longer than the place does. */
#define DIFFUSER_DECAY 0.35 /* of the shortest T60 */
#define MOST_DIFFUSION 0.8

static float
diffuser_gain (const MixReverb *self, double decay, unsigned row, unsigned stage)
{
  double seconds = (double) self->now.diffuser[row][stage] / self->format.rate;
  double most = mix_gain_from_db (-60 * seconds / (DIFFUSER_DECAY * decay));
  return (float) fmin (
      MOST_DIFFUSION * self->smooth[MIX_REVERB_DIFFUSION].to, most);
}

static void
renew_diffusion (MixReverb *self, const MixDecay *decay)
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
renew (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  MixDecay decay = { exp2 (s[MIX_REVERB_DECAY].to),
    exp2 (s[MIX_REVERB_LOW_RATIO].to), exp2 (s[MIX_REVERB_HIGH_RATIO].to),
    exp2 (s[MIX_REVERB_LOW_HZ].to), exp2 (s[MIX_REVERB_HIGH_HZ].to) };
  mix_absorption_prepare (&self->absorption, &decay, self->format.rate);
  design_lines (self);
  renew_diffusion (self, &decay);
  double share = early_share (self, decay.decay_s);
  self->late_level = late_level (self, share);
  design_groups (self, early_level (self, share) * s[MIX_REVERB_EARLY].to
                           * s[MIX_REVERB_WET].to
                           * (1 - s[MIX_REVERB_FROZEN].to));
}

static void
renew_ramps (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  self->gate.to = (float) (1 - s[MIX_REVERB_FROZEN].to);
  self->mid.to = (float) s[MIX_REVERB_MID].to;
  self->side.to = (float) s[MIX_REVERB_SIDE].to;
  self->late_gain.to = (float) (self->late_level * s[MIX_REVERB_LATE].to
                                * s[MIX_REVERB_WET].to);
}

/* The goals of the block before are where this one begins. */
static void
begin_block (MixReverb *self)
{
  MixReverbRamp *ramps[]
      = { &self->gate, &self->mid, &self->side, &self->late_gain };
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

/* `moving`: the filters go to another place in this block. */
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
renew_levels (MixReverb *self)
{
  bool moving = is_moving (self);
  if (self->still && !moving && !self->absorber.moving)
    return;
  begin_block (self);
  if (moving)
    renew (self);
  renew_ramps (self);
  slope_filters (self, moving);
}

static void
lay_out (MixReverb *self, MixReverbLayout *layout, const MixReverbPlace *place)
{
  const MixReverbRouting *r = &self->routing;
  mix_reverb_lay_out (layout, place, r, self->format.rate);
  for (unsigned i = 0; i < r->count; i++)
    for (unsigned c = r->channel[i], k = 0; k < MIX_REVERB_TAPS; k++)
      layout->base[c][k]
          = (unsigned) (self->input[layout->source[c][k]].at - self->memory);
}

/* Begins the way to the goal's layout when there is none under way. */
static void
renew_layout (MixReverb *self)
{
  MixReverbPlace goal = mix_reverb_place (&self->goal);
  if (self->fade > 0 && self->fade++ == self->fade_length) {
    self->now = self->next;
    for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
      memcpy (self->early_state[duo][0], self->early_state[duo][1],
          sizeof self->early_state[duo][0]);
    self->fade = 0;
  }
  if (self->fade == 0 && !mix_reverb_place_equal (&goal, &self->now.place)) {
    lay_out (self, &self->next, &goal);
    for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
      memset (self->early_state[duo][1], 0, sizeof self->early_state[duo][1]);
    self->fade = 1;
  }
}

/* ---- Turns -------------------------------------------------------------- */

#define WIDEST_TURN 0.6    /* radians */
#define SLOWEST_ORBIT 0.11 /* Hz */
#define QUICKEST_ORBIT 0.9

static void
reset_orbits (MixReverb *self)
{
  for (unsigned k = 0; k < PAIRS; k++) {
    double hz = SLOWEST_ORBIT
                * pow (QUICKEST_ORBIT / SLOWEST_ORBIT, (double) k / (PAIRS - 1));
    double step = 2 * MIX_PI * fmod (
        hz * ORBIT_BLOCKS * N / self->format.rate, 1);
    double phase = 2 * MIX_PI * fmod (k * 0.61803398874989485, 1);
    self->orbit[k] = (MixReverbOrbit){ cos (phase), sin (phase), cos (step),
      sin (step) };
    self->cosine[k] = 0.25f;
    self->sine[k] = 0;
    self->turns.cosine[k] = 0.25f;
    self->turns.sine[k] = 0;
  }
  memset (self->turns.cosine_slope, 0, sizeof self->turns.cosine_slope);
  memset (self->turns.sine_slope, 0, sizeof self->turns.sine_slope);
  self->orbit_at = 0;
}

/* Moves a pair's angle on; its sine as a series, no farther than WIDEST_TURN
 * within 1e-6. */
static void
renew_turn (MixReverb *self, unsigned k, double depth)
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
  self->cosine[k] = (float) (0.25 * sqrt (1 - sine * sine));
  self->sine[k] = (float) (0.25 * sine);
  const float per_frame = 1.f / (ORBIT_BLOCKS * N);
  self->turns.cosine_slope[k]
      = (self->cosine[k] - self->turns.cosine[k]) * per_frame;
  self->turns.sine_slope[k] = (self->sine[k] - self->turns.sine[k]) * per_frame;
}

/* A quarter of the pairs get a new angle, the others go on to theirs. */
static void
renew_turns (MixReverb *self)
{
  double depth = WIDEST_TURN * self->smooth[MIX_REVERB_MODULATION].to;
  for (unsigned k = 0; k < PAIRS; k++)
    if (k % ORBIT_BLOCKS == self->orbit_at) {
      renew_turn (self, k, depth);
    } else {
      self->turns.cosine[k] += self->turns.cosine_slope[k] * N;
      self->turns.sine[k] += self->turns.sine_slope[k] * N;
    }
  self->orbit_at = (self->orbit_at + 1) % ORBIT_BLOCKS;
}

/* ---- Input -------------------------------------------------------------- */

/* Through the all-passes of a row, in place. */
static void
diffuse (MixReverb *self, unsigned row, float io[N])
{
  float room[N];
  const MixReverbRamp *gains = self->diffusion[row >= MIX_MAX_CHANNELS];
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++) {
    MixReverbRing *ring = &self->diffuser[row][stage];
    const float *from = read_ring (self, ring, self->now.diffuser[row][stage],
        self->next.diffuser[row][stage], room);
    self->kernels->reverb_diffuse (io, ring->at + ring->write, from,
        gains[stage].from, slope_of (gains[stage]));
    ring_advance (ring);
  }
}

static void
take_input (MixReverb *self)
{
  for (unsigned i = 0; i < self->routing.count; i++) {
    unsigned c = self->routing.channel[i];
    MixReverbRing *memory = &self->input[c];
    float *to = memory->at + memory->write;
    memcpy (to, self->in[c], sizeof self->in[c]);
    diffuse (self, c, to);
    ring_advance (memory);
  }
}

/* ---- Late --------------------------------------------------------------- */

/* Rows of the Hadamard matrix at which the inputs enter. */
static const unsigned char entry[MIX_REVERB_INPUTS] = { 9, 6, 10, 5, 3, 12, 15,
  1, 14, 2, 13, 4, 11, 8, 7, 0 };

/* What the channels that share input j have. */
static void
gather_input (MixReverb *self, unsigned j, float out[N])
{
  float room[N];
  for (unsigned i = j; i < self->routing.count; i += MIX_REVERB_INPUTS) {
    const MixReverbRing *input = &self->input[self->routing.channel[i]];
    const float *from
        = read_ring (self, input, self->now.late, self->next.late, room);
    if (i == j)
      memcpy (out, from, N * sizeof *out);
    else
      add (out, from);
  }
}

/* The inputs enter before the matrix, which spreads them over all lines; times
 * four, as the turns hold a quarter. */
static void
feed (MixReverb *self, float (*lines)[N])
{
  static const unsigned at = 0;
  static const float gain = 4;
  float in[N];
  for (unsigned j = 0; j < self->inputs; j++) {
    gather_input (self, j, in);
    diffuse (self, MIX_MAX_CHANNELS + j, in);
    self->kernels->reverb_sum (lines[entry[j]], in, &at, &gain, 1,
        self->gate.from, slope_of (self->gate));
  }
}

static void
run_lines (MixReverb *self, float (*lines)[N])
{
  float room[LINES][N];
  const float *from[LINES];
  for (unsigned i = 0; i < LINES; i++)
    from[i] = read_ring (self, &self->line[i], self->now.line[i],
        self->next.line[i], room[i]);
  self->kernels->reverb_absorb (
      &self->absorber, &self->absorber_state, lines, from);
}

static void
close_loop (MixReverb *self, float (*lines)[N])
{
  float *to[LINES];
  for (unsigned i = 0; i < LINES; i++)
    to[i] = self->line[i].at + self->line[i].write;
  self->kernels->reverb_scatter (&self->turns, to, (const float (*)[N]) lines);
  for (unsigned i = 0; i < LINES; i++)
    ring_advance (&self->line[i]);
}

/* ---- Early -------------------------------------------------------------- */

/* Where the taps of a channel lie in the memory. All inputs are written at one
 * place, and their memories lie one after the other. */
static MixReverbTaps
find_taps (const MixReverb *self, const MixReverbLayout *layout, unsigned c)
{
  MixReverbTaps taps;
  const MixReverbRing *any = &self->input[c];
  int write = (int) any->write, length = (int) any->length;
  for (unsigned k = 0; k < MIX_REVERB_TAPS; k++) {
    int back = write - (int) layout->tap[c][k];
    taps.at[k] = layout->base[c][k] + (unsigned) (back + (back < 0 ? length : 0));
  }
  memcpy (taps.gain, layout->gain[c], sizeof taps.gain);
  return taps;
}

/* Two channels, of which the second may be none. */
static void
run_layout (const MixReverb *self, const MixReverbLayout *layout, unsigned duo,
    float state[MIX_REVERB_LANES], float *const out[2])
{
  const MixReverbRouting *r = &self->routing;
  MixReverbTaps taps[2] = { { .at = { 0 } }, { .at = { 0 } } };
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++)
    taps[k] = find_taps (self, layout, r->channel[2 * duo + k]);
  self->kernels->reverb_early (&self->early, state, out[0], out[1],
      self->memory, &taps[0], &taps[1]);
}

/* While the layout changes the filters of both have the same weights but states
 * of their own. */
static void
run_early (MixReverb *self, unsigned duo, float *const out[2])
{
  float next[2][N], *to_next[2] = { next[0], next[1] };
  run_layout (self, &self->now, duo, self->early_state[duo][0], out);
  if (self->fade == 0)
    return;
  run_layout (self, &self->next, duo, self->early_state[duo][1], to_next);
  for (unsigned k = 0; k < 2; k++)
    blend (out[k], out[k], next[k], fade_of (self));
}

/* ---- The wet sound ------------------------------------------------------ */

static void
widen (const MixReverb *self, float *left, float *right)
{
  MixReverbRamp m = self->mid, s = self->side;
  if (m.from == 1 && m.to == 1 && s.from == 1 && s.to == 1)
    return;
  float m_slope = slope_of (m), s_slope = slope_of (s);
  for (unsigned i = 0; i < N; i++) {
    float mid = 0.5f * (left[i] + right[i]) * (m.from + m_slope * (float) i);
    float side = 0.5f * (left[i] - right[i]) * (s.from + s_slope * (float) i);
    left[i] = mid + side;
    right[i] = mid - side;
  }
}

static void
cut (MixReverb *self, unsigned c, float *io)
{
  const MixSmoother *low = &self->smooth[MIX_REVERB_LOW_CUT_ON];
  const MixSmoother *high = &self->smooth[MIX_REVERB_HIGH_CUT_ON];
  if (self->low_cut_on)
    mix_cut_run (&self->cuts[c].low, &self->low_cut, (float) low->from,
        mix_reverb_slope (low), 0, io, io, N);
  if (self->high_cut_on)
    mix_cut_run (&self->cuts[c].high, &self->high_cut, (float) high->from,
        mix_reverb_slope (high), 0, io, io, N);
}

static void
renew_cuts (MixReverb *self)
{
  const MixSmoother *s = self->smooth;
  unsigned rate = self->format.rate;
  bool low = s[MIX_REVERB_LOW_CUT_ON].from > 0 || s[MIX_REVERB_LOW_CUT_ON].to > 0;
  bool high
      = s[MIX_REVERB_HIGH_CUT_ON].from > 0 || s[MIX_REVERB_HIGH_CUT_ON].to > 0;
  for (unsigned c = 0; c < self->format.channels; c++) {
    if (low && !self->low_cut_on)
      self->cuts[c].low = (MixCut){ 0 };
    if (high && !self->high_cut_on)
      self->cuts[c].high = (MixCut){ 0 };
  }
  if (low && (!self->low_cut_on || s[MIX_REVERB_LOW_CUT].from != s[MIX_REVERB_LOW_CUT].to))
    self->low_cut = mix_cut_design (
        MIX_FILTER_LOW_CUT, exp2 (s[MIX_REVERB_LOW_CUT].to), rate);
  if (high && (!self->high_cut_on || s[MIX_REVERB_HIGH_CUT].from != s[MIX_REVERB_HIGH_CUT].to))
    self->high_cut = mix_cut_design (
        MIX_FILTER_HIGH_CUT, exp2 (s[MIX_REVERB_HIGH_CUT].to), rate);
  self->low_cut_on = low;
  self->high_cut_on = high;
}

static void
run_duo (MixReverb *self, unsigned duo, const float (*lines)[N])
{
  static const unsigned at[LINES] = { 0, N, 2 * N, 3 * N, 4 * N, 5 * N, 6 * N,
    7 * N, 8 * N, 9 * N, 10 * N, 11 * N, 12 * N, 13 * N, 14 * N, 15 * N };
  const MixReverbRouting *r = &self->routing;
  MixReverbRamp late = self->late_gain;
  float out[2][N], *wet[2] = { out[0], out[1] };
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++)
    wet[k] = self->wet[r->channel[2 * duo + k]];
  run_early (self, duo, wet);
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++)
    self->kernels->reverb_sum (wet[k], lines[0], at, self->heard[2 * duo + k],
        LINES, late.from, slope_of (late));
  if (duo < r->pairs)
    widen (self, wet[0], wet[1]);
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++) {
    unsigned c = r->channel[2 * duo + k];
    cut (self, c, self->wet[c]);
    self->wet_peak = mix_larger (
        self->wet_peak, self->kernels->peak (self->wet[c], N));
  }
}

void
mix_reverb_field_run (MixReverb *self)
{
  float lines[LINES][N];
  renew_layout (self);
  renew_levels (self);
  renew_turns (self);
  renew_cuts (self);
  take_input (self);
  run_lines (self, lines);
  for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
    run_duo (self, duo, (const float (*)[N]) lines);
  feed (self, lines);
  close_loop (self, lines);
}

/* ---- Preparing ---------------------------------------------------------- */

/* The signs with which output j hears the lines: rows of a Hadamard matrix. Lines
 * are in the order of their length, and long ones are softer; so the rows are
 * those whose product sums to little over any smooth function of the line: two
 * next to each other differ in all four bits, the others in two. With more than
 * eight outputs they come again under other signs. */
static void
hear_by_signs (unsigned j, float gain[LINES])
{
  static const unsigned char row[] = { 6, 9, 0, 15, 5, 10, 3, 12 };
  static const unsigned short signs[] = { 0x35c9, 0xa61b, 0x5e27, 0xc2d4,
    0x94ce, 0x1b36, 0x6c71, 0xd38a };
  unsigned flips = signs[j / 8 % 8];
  for (unsigned i = 0; i < LINES; i++) {
    unsigned both = (row[j % 8] & i) ^ (flips >> i & 1u) << 4;
    gain[i] = __builtin_parity (both) ? -1 : 1;
  }
}

void
mix_reverb_field_prepare (MixReverb *self)
{
  for (unsigned j = 0; j < self->routing.count; j++)
    hear_by_signs (j, self->heard[j]);
}

static void
carve_ring (MixReverbRing *ring, float *memory, size_t *used, unsigned longest)
{
  unsigned length = ring_length (longest);
  *ring = (MixReverbRing){ memory ? memory + *used : NULL, length, 0 };
  *used += length + N;
}

static bool
has_row (const MixReverb *self, unsigned row)
{
  return row < MIX_MAX_CHANNELS ? row < self->format.channels
                                : row - MIX_MAX_CHANNELS < self->inputs;
}

size_t
mix_reverb_field_carve (MixReverb *self, float *memory)
{
  unsigned rate = self->format.rate;
  size_t used = 0;
  self->inputs = mix_min (self->routing.count, MIX_REVERB_INPUTS);
  for (unsigned i = 0; i < self->routing.count; i++)
    carve_ring (&self->input[self->routing.channel[i]], memory, &used,
        mix_reverb_longest_tap (rate));
  for (unsigned row = 0; row < MIX_REVERB_ROWS; row++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      if (has_row (self, row))
        carve_ring (&self->diffuser[row][stage], memory, &used,
            mix_reverb_longest_diffuser (rate));
  for (unsigned i = 0; i < LINES; i++)
    carve_ring (&self->line[i], memory, &used, mix_reverb_longest_line (i, rate));
  self->memory = memory;
  self->memory_length = used;
  return used;
}

void
mix_reverb_field_reset (MixReverb *self)
{
  MixReverbPlace goal = mix_reverb_place (&self->goal);
  mix_reverb_field_carve (self, self->memory);
  memset (self->memory, 0, self->memory_length * sizeof *self->memory);
  memset (&self->absorber_state, 0, sizeof self->absorber_state);
  memset (self->early_state, 0, sizeof self->early_state);
  memset (self->cuts, 0, sizeof self->cuts);
  memset (self->in, 0, sizeof self->in);
  memset (self->wet, 0, sizeof self->wet);
  self->low_cut_on = self->high_cut_on = false;
  lay_out (self, &self->now, &goal);
  self->fade = 0;
  reset_orbits (self);
  renew (self);
  renew_ramps (self);
  begin_block (self);
  slope_filters (self, false);
}
