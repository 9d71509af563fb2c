/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "network_feed.h"

#define GOLDEN 0.61803398874989485

enum {
  N = MIX_REVERB_BLOCK,
  LINES = MIX_REVERB_LINES,
};

void
mix_network_feed_prepare (MixNetworkFeed *feed, const MixWetRouting *routing,
    unsigned rate, MixArena *arena)
{
  unsigned char numbers[MIX_REVERB_INPUTS];
  feed->kernels = mix_kernels ();
  feed->rate = rate;
  feed->slots = routing->slots;
  feed->inputs = routing->inputs;
  for (unsigned j = 0; j < feed->inputs; j++) {
    numbers[j] = (unsigned char)(MIX_MAX_CHANNELS + j);
    mix_block_ring_take (
        &feed->diffused[j], arena, mix_geometry_most_feed (rate));
  }
  mix_diffusers_prepare (
      &feed->diffusers, rate, feed->inputs, numbers, MIX_MAX_CHANNELS, arena);
}

/* ---- Layouts ------------------------------------------------------------ */

static double
fraction (double x)
{
  return x - floor (x);
}

/* Input j enters at rows j, j + inputs … of the matrix; without a spread at the
 * first of them alone. A block is the least delay, as the block is written
 * before it is read. */
static void
lay_out (const MixNetworkFeed *feed, MixNetworkFeedLayout *layout,
    const MixGeometry *geometry)
{
  unsigned rate = feed->rate, inputs = feed->inputs;
  double spread = mix_geometry_feed_spread (geometry);
  layout->rows = spread > 0 ? LINES : inputs;
  layout->before
      = MIX_REVERB_BLOCK + mix_geometry_pre_delay_frames (geometry, rate);
  for (unsigned row = 0; row < LINES; row++) {
    unsigned j = row % inputs, k = row / inputs;
    unsigned count = (LINES - 1 - j) / inputs + 1;
    double offset = 0.6 * (fraction ((k + 7 * j) * GOLDEN) - 0.5);
    double where = k > 0 ? (k + offset) / (count - 1) : 0;
    double gain = spread > 0 ? 1 / sqrt (count) : k == 0;
    layout->after[row]
        = MIX_REVERB_BLOCK + (unsigned)(spread * where * rate + 0.5);
    layout->gain[row] = (float)(k & 2 ? -gain : gain);
  }
}

void
mix_network_feed_begin (MixNetworkFeed *feed, const MixGeometry *geometry)
{
  lay_out (feed, &feed->next, geometry);
  mix_diffusers_begin (&feed->diffusers, geometry);
}

void
mix_network_feed_arrive (MixNetworkFeed *feed)
{
  feed->now = feed->next;
  mix_diffusers_arrive (&feed->diffusers);
}

void
mix_network_feed_reset (MixNetworkFeed *feed, const MixGeometry *geometry)
{
  lay_out (feed, &feed->now, geometry);
  mix_diffusers_reset (&feed->diffusers, geometry);
  for (unsigned j = 0; j < feed->inputs; j++)
    mix_block_ring_reset (&feed->diffused[j]);
}

void
mix_network_feed_update (
    MixNetworkFeed *feed, const MixReverbValues *values, double level)
{
  mix_ends_move (&feed->level, (float)level);
  mix_diffusers_update (&feed->diffusers, values);
}

/* ---- Blocks ------------------------------------------------------------- */

/* Rows of the Hadamard matrix at which the inputs enter. */
static const unsigned char entry[MIX_REVERB_INPUTS]
    = { 9, 6, 10, 5, 3, 12, 15, 1, 14, 2, 13, 4, 11, 8, 7, 0 };

/* The sum of the slots that share input j. */
static void
gather (const MixNetworkFeed *feed, const MixTransition *transition,
    const MixInputDelay *input, unsigned j, float out[N])
{
  float room[N];
  for (unsigned i = j; i < feed->slots; i += MIX_REVERB_INPUTS) {
    const float *from = mix_input_delay_read (
        input, transition, i, feed->now.before, feed->next.before, room);
    for (unsigned k = 0; k < N; k++)
      out[k] = i == j ? from[k] : out[k] + from[k];
  }
}

/* Gains of all rows, as ramps. */
static void
set_levels (const MixNetworkFeed *feed, const MixTransition *transition,
    float level[LINES], float slope[LINES])
{
  const float *now = feed->now.gain, *next = feed->next.gain;
  MixEnds share = mix_transition_share (transition);
  for (unsigned row = 0; row < LINES; row++) {
    float change = next[row] - now[row];
    float from = feed->level.from * (now[row] + change * share.from);
    float to = feed->level.to * (now[row] + change * share.to);
    level[row] = from;
    slope[row] = (to - from) * (1.f / N);
  }
}

/* Adds the rows to the lines. */
static void
add_rows (const MixNetworkFeed *feed, const MixTransition *transition,
    float (*lines)[N])
{
  float room[LINES][N], level[LINES], slope[LINES], *to[LINES];
  const float *from[LINES];
  unsigned rows = feed->now.rows;
  if (mix_transition_is_on (transition) && feed->next.rows > rows)
    rows = feed->next.rows;
  set_levels (feed, transition, level, slope);
  for (unsigned row = 0, j = 0; row < rows; row++) {
    to[row] = lines[entry[row]];
    from[row] = mix_transition_read (transition, &feed->diffused[j],
        feed->now.after[row], feed->next.after[row], room[row]);
    j = j + 1 < feed->inputs ? j + 1 : 0;
  }
  feed->kernels->reverb_feed (to, from, level, slope, rows);
}

void
mix_network_feed_run (MixNetworkFeed *feed, const MixTransition *transition,
    const MixInputDelay *input, float (*lines)[N])
{
  for (unsigned j = 0; j < feed->inputs; j++) {
    float *to = mix_block_ring_end (&feed->diffused[j]);
    gather (feed, transition, input, j, to);
    mix_diffusers_run (&feed->diffusers, transition, j, to);
    mix_block_ring_advance (&feed->diffused[j]);
  }
  add_rows (feed, transition, lines);
}
