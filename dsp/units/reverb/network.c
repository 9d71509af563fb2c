/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "network.h"

enum {
  N = MIX_REVERB_BLOCK,
  LINES = MIX_REVERB_LINES,
};

/* ---- Outputs' signs ----------------------------------------------------- */

/* Signs of the lines in output j: rows of a Hadamard matrix. Lines are in the
 * order of their length, and long ones are softer; so the rows are those whose
 * product sums to little over any smooth function of the line: neighbours
 * differ in all four bits, the others in two. More than eight outputs use them
 * again under other signs. */
static void
set_signs (unsigned j, float sign[LINES])
{
  static const unsigned char row[] = { 6, 9, 0, 15, 5, 10, 3, 12 };
  static const unsigned short flips[]
      = { 0x35c9, 0xa61b, 0x5e27, 0xc2d4, 0x94ce, 0x1b36, 0x6c71, 0xd38a };
  for (unsigned i = 0; i < LINES; i++) {
    unsigned both = (row[j % 8] & i) ^ (flips[j / 8 % 8] >> i & 1u) << 4;
    sign[i] = __builtin_parity (both) ? -1 : 1;
  }
}

void
mix_network_prepare (MixNetwork *network, const MixWetRouting *routing,
    unsigned rate, MixArena *arena)
{
  network->kernels = mix_kernels ();
  network->rate = rate;
  network->outputs = routing->slots;
  for (unsigned i = 0; i < LINES; i++)
    mix_block_ring_take (
        &network->line[i], arena, mix_geometry_most_line (i, rate));
  mix_network_feed_prepare (&network->feed, routing, rate, arena);
  for (unsigned j = 0; j < network->outputs; j++) {
    set_signs (j, network->end_sign[j]);
    set_signs (j ^ 7, network->tap_sign[j]);
  }
}

/* ---- Layouts ------------------------------------------------------------ */

/* Odd lengths, no two the same: echoes of different lines seldom coincide. */
static void
lay_out (MixNetworkLayout *layout, const MixGeometry *geometry, unsigned rate)
{
  double line_s[LINES], tap_s[LINES];
  unsigned least = 0;
  mix_geometry_lines (geometry, line_s);
  mix_geometry_line_taps (geometry, tap_s);
  for (unsigned i = 0; i < LINES; i++) {
    unsigned length = mix_geometry_frames (line_s[i], rate) | 1;
    layout->line[i] = length > least ? length : least;
    least = layout->line[i] + 2;
    layout->tap[i]
        = mix_min (layout->line[i], mix_geometry_frames (tap_s[i], rate));
  }
  layout->mean_s = mix_geometry_mean_line (geometry);
  layout->stretch = mix_geometry_stretch (geometry);
  bool stretched = layout->stretch > 0;
  layout->end_gain = stretched ? (float)sqrt (0.5) : 1;
  layout->tap_gain = stretched ? (float)sqrt (0.5) : 0;
}

void
mix_network_begin (MixNetwork *network, const MixGeometry *geometry)
{
  lay_out (&network->next, geometry, network->rate);
  mix_network_feed_begin (&network->feed, geometry);
}

void
mix_network_arrive (MixNetwork *network)
{
  network->now = network->next;
  mix_network_feed_arrive (&network->feed);
  mix_rotations_set_speed (&network->rotations, network->now.stretch);
}

void
mix_network_reset (MixNetwork *network, const MixGeometry *geometry)
{
  lay_out (&network->now, geometry, network->rate);
  for (unsigned i = 0; i < LINES; i++)
    mix_block_ring_reset (&network->line[i]);
  mix_network_feed_reset (&network->feed, geometry);
  mix_rotations_reset (
      &network->rotations, network->now.stretch, network->rate);
  mix_line_filters_reset (&network->filters);
}

/* ---- Absorption and level ----------------------------------------------- */

/* Noise at the input has the same power at the output, whatever the decay. Of
 * a unit of power that enters each line, `left` comes out after one pass, its
 * square after two …: left / (1 - left) in all. The feed is scaled by that, not
 * the output: so what rings already keeps its level when the decay or the
 * geometry changes. */
static double
level (const MixNetwork *network, const MixTransition *transition,
    const MixReverbValues *values, const double seconds[LINES])
{
  double left = 0;
  for (unsigned i = 0; i < LINES; i++)
    left += mix_absorption_left (&values->absorption, seconds[i]);
  left /= LINES;
  double end = mix_transition_value (transition, (double)network->now.end_gain,
      (double)network->next.end_gain);
  /* At the taps nothing is lost yet. */
  double out = end * end * left + (1 - end * end);
  return sqrt ((1 - values->early_share) * (1 - left)
               / (out + MIX_REVERB_LEAST_LEFT) / (LINES * network->outputs));
}

void
mix_network_update (MixNetwork *network, const MixTransition *transition,
    const MixReverbValues *values)
{
  double seconds[LINES];
  if (values->moving) {
    for (unsigned i = 0; i < LINES; i++)
      seconds[i] = mix_transition_value (
                       transition, network->now.line[i], network->next.line[i])
                   / network->rate;
    network->level = level (network, transition, values, seconds);
  }
  mix_line_filters_update (&network->filters, values, seconds);
  mix_network_feed_update (
      &network->feed, values, network->level * values->unfrozen);
}

/* ---- Blocks ------------------------------------------------------------- */

/* Sounds that are so far apart in time are uncorrelated. */
#define APART 0.005 /* seconds */

/* The gain of one of two delays in a cross-fade that keeps the power of sounds
 * of this correlation. What goes round in short lines passes several cross-
 * fades in one transition, and a linear one would take some of it each time;
 * but it is right for delays that hardly differ. */
static MixRamp
fade_gain (MixEnds share, float correlation, bool next)
{
  float gain[2] = { share.from, share.to };
  for (unsigned k = 0; k < 2; k++) {
    float b = gain[k], a = 1 - b;
    gain[k] = (next ? b : a) / sqrtf (a * a + b * b + 2 * correlation * a * b);
  }
  return mix_ends_ramp ((MixEnds){ gain[0], gain[1] });
}

static const float *
read_line (const MixNetwork *network, const MixTransition *transition,
    unsigned i, float room[N])
{
  const MixBlockRing *ring = &network->line[i];
  unsigned now = network->now.line[i], next = network->next.line[i];
  const float *a = mix_block_ring_read (ring, now);
  if (!mix_transition_is_on (transition) || now == next)
    return a;
  const float *b = mix_block_ring_read (ring, next);
  float apart = (float)(now > next ? now - next : next - now)
                / (float)(APART * network->rate);
  float correlation = apart < 1 ? 1 - apart : 0;
  MixEnds share = mix_transition_share (transition);
  MixRamp to_a = fade_gain (share, correlation, false);
  MixRamp to_b = fade_gain (share, correlation, true);
  for (unsigned k = 0; k < N; k++)
    room[k] = a[k] * mix_ramp_at (to_a, k) + b[k] * mix_ramp_at (to_b, k);
  return room;
}

void
mix_network_begin_block (MixNetwork *network, const MixReverbValues *values)
{
  network->gain = values->late;
  mix_rotations_update (
      &network->rotations, values->modulation, network->now.mean_s);
}

void
mix_network_read (
    MixNetwork *network, const MixTransition *transition, float (*lines)[N])
{
  float room[LINES][N];
  const float *from[LINES];
  for (unsigned i = 0; i < LINES; i++)
    from[i] = read_line (network, transition, i, room[i]);
  mix_line_filters_run (&network->filters, network->kernels, lines, from);
}

/* What lies at a layout's taps. */
static void
add_taps (const MixNetwork *network, const MixNetworkLayout *layout, unsigned j,
    MixEnds gain, float *out)
{
  unsigned at[LINES];
  if (mix_ends_are (gain, 0))
    return;
  for (unsigned i = 0; i < LINES; i++)
    at[i] = mix_block_ring_start (&network->line[i], &network->line[0])
            + mix_block_ring_offset (&network->line[i], layout->tap[i]);
  MixRamp ramp = mix_ends_ramp (gain);
  network->kernels->reverb_sum (out, mix_block_ring_memory (&network->line[0]),
      at, network->tap_sign[j], LINES, ramp.from, ramp.slope);
}

void
mix_network_add_output (const MixNetwork *network,
    const MixTransition *transition, unsigned j, const float (*lines)[N],
    float *out)
{
  static const unsigned at[LINES] = { 0, N, 2 * N, 3 * N, 4 * N, 5 * N, 6 * N,
    7 * N, 8 * N, 9 * N, 10 * N, 11 * N, 12 * N, 13 * N, 14 * N, 15 * N };
  const MixNetworkLayout *now = &network->now, *next = &network->next;
  MixRamp end = mix_ends_ramp (mix_ends_product (network->gain,
      mix_transition_ends (transition, now->end_gain, next->end_gain)));
  network->kernels->reverb_sum (
      out, lines[0], at, network->end_sign[j], LINES, end.from, end.slope);
  add_taps (network, now, j,
      mix_ends_product (
          network->gain, mix_transition_ends (transition, now->tap_gain, 0)),
      out);
  if (mix_transition_is_on (transition))
    add_taps (network, next, j,
        mix_ends_product (
            network->gain, mix_transition_ends (transition, 0, next->tap_gain)),
        out);
}

void
mix_network_write (MixNetwork *network, const MixTransition *transition,
    const MixInputDelay *input, float (*lines)[N])
{
  float *to[LINES];
  mix_network_feed_run (&network->feed, transition, input, lines);
  for (unsigned i = 0; i < LINES; i++)
    to[i] = mix_block_ring_end (&network->line[i]);
  mix_rotations_run (
      &network->rotations, network->kernels, to, (const float (*)[N])lines);
  for (unsigned i = 0; i < LINES; i++)
    mix_block_ring_advance (&network->line[i]);
}
