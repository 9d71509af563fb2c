/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One block of the wet sound.
 *
 *   input -> diffusers -> memory -+-> taps, in groups by time -> absorption
 *                                 |                               -> early
 *                                 +-> diffusers -> (+) -> lines -> absorption
 *                                                   |                  | ->
 * late
 *                                                   +- Hadamard, turns +
 *
 * The network is a feedback delay network (J.-M. Jot, 1991) of sixteen lines.
 * Its matrix is unitary at every moment, a Hadamard matrix after rotations of
 * eight pairs of lines by slowly moving angles (S. J. Schlecht, E. A. P.
 * Habets, "Time-varying feedback matrices in feedback delay networks and their
 * application in artificial reverberation", JASA 138, 2015). The angles keep
 * the modes from ringing; as no delay moves, no pitch does and nothing is
 * interpolated: without absorption the loop keeps what it holds for ever.
 *
 * The lines of long decays are long (reverb_geometry.c says why). Their inputs
 * then enter at several times, and they are also heard on the way.
 */
#include "reverb.h"

#include <string.h>

#include "../../base/maths.h"

enum {
  N = MIX_REVERB_BLOCK,
  LINES = MIX_REVERB_LINES,
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

static void
blend (float *out, const float *a, const float *b, MixReverbRamp to_b)
{
  float slope = mix_reverb_ramp_slope (to_b);
  for (unsigned i = 0; i < N; i++)
    out[i] = a[i] + (b[i] - a[i]) * (to_b.from + slope * (float)i);
}

static void
add (float *restrict io, const float *restrict x)
{
  for (unsigned i = 0; i < N; i++)
    io[i] += x[i];
}

/* The block `delays` ago, which is in `room` while the delay is changing. */
static const float *
read_ring (const MixReverb *self, const MixReverbRing *ring, unsigned now,
    unsigned next, float room[N])
{
  const float *from = ring->at + ring_index (ring, now);
  if (self->fade == 0 || now == next)
    return from;
  blend (
      room, from, ring->at + ring_index (ring, next), mix_reverb_fade (self));
  return room;
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
        gains[stage].from, mix_reverb_ramp_slope (gains[stage]));
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
static const unsigned char entry[MIX_REVERB_INPUTS]
    = { 9, 6, 10, 5, 3, 12, 15, 1, 14, 2, 13, 4, 11, 8, 7, 0 };

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

/* A value that the layout has, on the way from one to the next. */
static MixReverbRamp
on_way_to (const MixReverb *self, float now, float next)
{
  if (self->fade == 0)
    return (MixReverbRamp){ now, now };
  MixReverbRamp fade = mix_reverb_fade (self);
  return (MixReverbRamp){ now + (next - now) * fade.from,
    now + (next - now) * fade.to };
}

static MixReverbRamp
scaled (MixReverbRamp ramp, MixReverbRamp by)
{
  return (MixReverbRamp){ ramp.from * by.from, ramp.to * by.to };
}

/* One of the times at which an input enters; times four, as the turns hold a
 * quarter. */
static void
feed_row (MixReverb *self, const MixReverbRing *diffused, unsigned row,
    float (*lines)[N])
{
  static const unsigned at = 0;
  static const float four = 4;
  float room[N];
  float now = self->now.feed_gain[row];
  float next = self->fade > 0 ? self->next.feed_gain[row] : now;
  if (now == 0 && next == 0)
    return;
  MixReverbRamp level = scaled (self->feed, on_way_to (self, now, next));
  const float *from = read_ring (
      self, diffused, self->now.feed[row], self->next.feed[row], room);
  self->kernels->reverb_sum (lines[entry[row]], from, &at, &four, 1, level.from,
      mix_reverb_ramp_slope (level));
}

/* The inputs enter before the matrix, which spreads them over all lines. */
static void
feed (MixReverb *self, float (*lines)[N])
{
  unsigned inputs = self->routing.inputs;
  for (unsigned j = 0; j < inputs; j++) {
    MixReverbRing *diffused = &self->diffused[j];
    gather_input (self, j, diffused->at + diffused->write);
    diffuse (self, MIX_MAX_CHANNELS + j, diffused->at + diffused->write);
    ring_advance (diffused);
    for (unsigned row = j; row < LINES; row += inputs)
      feed_row (self, diffused, row, lines);
  }
}

/* Sounds that lie so far apart in time have nothing in common. */
#define APART 0.005 /* seconds */

/* The share of the next delay on the way to it, so that the power stays. What
 * goes round in short lines passes several times during one fade, and a plain
 * cross-fade would take some of it each time; but it is right for delays that
 * hardly differ, whose sounds are alike. */
static MixReverbRamp
share_of (MixReverbRamp fade, float alike, bool next)
{
  float share[2] = { fade.from, fade.to };
  for (unsigned k = 0; k < 2; k++) {
    float b = share[k], a = 1 - b;
    share[k] = (next ? b : a) / sqrtf (a * a + b * b + 2 * alike * a * b);
  }
  return (MixReverbRamp){ share[0], share[1] };
}

static const float *
read_line (const MixReverb *self, unsigned i, float room[N])
{
  const MixReverbRing *ring = &self->line[i];
  unsigned now = self->now.line[i], next = self->next.line[i];
  const float *a = ring->at + ring_index (ring, now);
  if (self->fade == 0 || now == next)
    return a;
  const float *b = ring->at + ring_index (ring, next);
  float apart = (float)(now > next ? now - next : next - now)
                / (float)(APART * self->format.rate);
  float alike = apart < 1 ? 1 - apart : 0;
  MixReverbRamp to_a = share_of (mix_reverb_fade (self), alike, false);
  MixReverbRamp to_b = share_of (mix_reverb_fade (self), alike, true);
  float a_slope = mix_reverb_ramp_slope (to_a);
  float b_slope = mix_reverb_ramp_slope (to_b);
  for (unsigned k = 0; k < N; k++)
    room[k] = a[k] * (to_a.from + a_slope * (float)k)
              + b[k] * (to_b.from + b_slope * (float)k);
  return room;
}

static void
run_lines (MixReverb *self, float (*lines)[N])
{
  float room[LINES][N];
  const float *from[LINES];
  for (unsigned i = 0; i < LINES; i++)
    from[i] = read_line (self, i, room[i]);
  self->kernels->reverb_absorb (
      &self->absorber, &self->absorber_state, lines, from);
}

static void
close_loop (MixReverb *self, float (*lines)[N])
{
  float *to[LINES];
  for (unsigned i = 0; i < LINES; i++)
    to[i] = self->line[i].at + self->line[i].write;
  self->kernels->reverb_scatter (&self->turns, to, (const float (*)[N])lines);
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
  int write = (int)any->write, length = (int)any->length;
  for (unsigned k = 0; k < MIX_REVERB_TAPS; k++) {
    int back = write - (int)layout->tap[c][k];
    taps.at[k]
        = layout->base[c][k] + (unsigned)(back + (back < 0 ? length : 0));
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
  self->kernels->reverb_early (
      &self->early, state, out[0], out[1], self->memory, &taps[0], &taps[1]);
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
    blend (out[k], out[k], next[k], mix_reverb_fade (self));
}

/* ---- The wet sound ------------------------------------------------------ */

static void
widen (const MixReverb *self, float *left, float *right)
{
  MixReverbRamp m = self->mid, s = self->side;
  if (m.from == 1 && m.to == 1 && s.from == 1 && s.to == 1)
    return;
  float m_slope = mix_reverb_ramp_slope (m),
        s_slope = mix_reverb_ramp_slope (s);
  for (unsigned i = 0; i < N; i++) {
    float mid = 0.5f * (left[i] + right[i]) * (m.from + m_slope * (float)i);
    float side = 0.5f * (left[i] - right[i]) * (s.from + s_slope * (float)i);
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
    mix_cut_run (&self->cuts[c].low, &self->low_cut, (float)low->from,
        mix_reverb_slope (low), 0, io, io, N);
  if (self->high_cut_on)
    mix_cut_run (&self->cuts[c].high, &self->high_cut, (float)high->from,
        mix_reverb_slope (high), 0, io, io, N);
}

/* What has passed the lines as far as a layout's taps. */
static void
hear_on_way (MixReverb *self, const MixReverbLayout *layout, unsigned j,
    MixReverbRamp level, float *wet)
{
  unsigned at[LINES];
  if (level.from == 0 && level.to == 0)
    return;
  for (unsigned i = 0; i < LINES; i++)
    at[i] = (unsigned)(self->line[i].at - self->memory)
            + ring_index (&self->line[i], layout->tap_in_line[i]);
  self->kernels->reverb_sum (wet, self->memory, at, self->heard_on_way[j],
      LINES, level.from, mix_reverb_ramp_slope (level));
}

/* Of output j. */
static void
hear (MixReverb *self, unsigned j, const float (*lines)[N], float *wet)
{
  static const unsigned at[LINES] = { 0, N, 2 * N, 3 * N, 4 * N, 5 * N, 6 * N,
    7 * N, 8 * N, 9 * N, 10 * N, 11 * N, 12 * N, 13 * N, 14 * N, 15 * N };
  const MixReverbLayout *now = &self->now, *next = &self->next;
  MixReverbRamp level
      = scaled (self->late_gain, on_way_to (self, now->at_end, next->at_end));
  self->kernels->reverb_sum (wet, lines[0], at, self->heard[j], LINES,
      level.from, mix_reverb_ramp_slope (level));
  hear_on_way (self, now, j,
      scaled (self->late_gain, on_way_to (self, now->on_way, 0)), wet);
  if (self->fade > 0)
    hear_on_way (self, next, j,
        scaled (self->late_gain, on_way_to (self, 0, next->on_way)), wet);
}

static void
run_duo (MixReverb *self, unsigned duo, const float (*lines)[N])
{
  const MixReverbRouting *r = &self->routing;
  float out[2][N], *wet[2] = { out[0], out[1] };
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++)
    wet[k] = self->wet[r->channel[2 * duo + k]];
  run_early (self, duo, wet);
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++)
    hear (self, 2 * duo + k, lines, wet[k]);
  if (duo < r->pairs)
    widen (self, wet[0], wet[1]);
  for (unsigned k = 0; k < 2 && 2 * duo + k < r->count; k++) {
    unsigned c = r->channel[2 * duo + k];
    cut (self, c, self->wet[c]);
    self->wet_peak
        = mix_larger (self->wet_peak, self->kernels->peak (self->wet[c], N));
  }
}

void
mix_reverb_network_run (MixReverb *self)
{
  float lines[LINES][N];
  mix_reverb_update (self);
  take_input (self);
  run_lines (self, lines);
  for (unsigned duo = 0; 2 * duo < self->routing.count; duo++)
    run_duo (self, duo, (const float (*)[N])lines);
  feed (self, lines);
  close_loop (self, lines);
}

/* ---- Preparing ---------------------------------------------------------- */

/* The signs with which output j hears the lines: rows of a Hadamard matrix.
 * Lines are in the order of their length, and long ones are softer; so the rows
 * are those whose product sums to little over any smooth function of the line:
 * two next to each other differ in all four bits, the others in two. With more
 * than eight outputs they come again under other signs. */
static void
hear_by_signs (unsigned j, float gain[LINES])
{
  static const unsigned char row[] = { 6, 9, 0, 15, 5, 10, 3, 12 };
  static const unsigned short signs[]
      = { 0x35c9, 0xa61b, 0x5e27, 0xc2d4, 0x94ce, 0x1b36, 0x6c71, 0xd38a };
  unsigned flips = signs[j / 8 % 8];
  for (unsigned i = 0; i < LINES; i++) {
    unsigned both = (row[j % 8] & i) ^ (flips >> i & 1u) << 4;
    gain[i] = __builtin_parity (both) ? -1 : 1;
  }
}

void
mix_reverb_network_prepare (MixReverb *self)
{
  for (unsigned j = 0; j < self->routing.count; j++) {
    hear_by_signs (j, self->heard[j]);
    hear_by_signs (j ^ 7, self->heard_on_way[j]);
  }
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
                                : row - MIX_MAX_CHANNELS < self->routing.inputs;
}

size_t
mix_reverb_network_carve (MixReverb *self, float *memory)
{
  unsigned rate = self->format.rate;
  size_t used = 0;
  for (unsigned i = 0; i < self->routing.count; i++)
    carve_ring (&self->input[self->routing.channel[i]], memory, &used,
        mix_reverb_longest_tap (rate));
  for (unsigned row = 0; row < MIX_REVERB_ROWS; row++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      if (has_row (self, row))
        carve_ring (&self->diffuser[row][stage], memory, &used,
            mix_reverb_longest_diffuser (rate));
  for (unsigned j = 0; j < self->routing.inputs; j++)
    carve_ring (
        &self->diffused[j], memory, &used, mix_reverb_longest_feed (rate));
  for (unsigned i = 0; i < LINES; i++)
    carve_ring (
        &self->line[i], memory, &used, mix_reverb_longest_line (i, rate));
  self->memory = memory;
  self->memory_length = used;
  return used;
}

void
mix_reverb_network_reset (MixReverb *self)
{
  mix_reverb_network_carve (self, self->memory);
  memset (self->memory, 0, self->memory_length * sizeof *self->memory);
  memset (&self->absorber_state, 0, sizeof self->absorber_state);
  memset (self->early_state, 0, sizeof self->early_state);
  memset (self->cuts, 0, sizeof self->cuts);
  memset (self->in, 0, sizeof self->in);
  memset (self->wet, 0, sizeof self->wet);
  mix_reverb_update_reset (self);
}
