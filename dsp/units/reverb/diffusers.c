/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diffusers.h"

/* Diffusers must not ring longer than the decay. */
#define DIFFUSER_DECAY 0.35 /* of the shortest T60 */
#define MOST_DIFFUSION 0.8

void
mix_diffusers_prepare (MixDiffusers *diffusers, unsigned rate, unsigned rows,
    const unsigned char *numbers, unsigned first, MixArena *arena)
{
  *diffusers = (MixDiffusers){
    .kernels = mix_kernels (), .rate = rate, .rows = rows, .first = first
  };
  for (unsigned i = 0; i < rows; i++) {
    diffusers->number[i] = numbers[i];
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      mix_block_ring_take (&diffusers->row[i].ring[stage], arena,
          mix_geometry_most_diffuser (rate));
  }
}

/* At low rates a block is longer than a diffuser should be. */
static void
lay_out (const MixGeometry *geometry, unsigned number, unsigned rate,
    unsigned length[MIX_REVERB_DIFFUSERS])
{
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++) {
    unsigned wanted = mix_geometry_frames (
        mix_geometry_diffuser (geometry, number, stage), rate);
    unsigned least = MIX_REVERB_BLOCK + number % 8 * 2 + stage * 17;
    length[stage] = wanted > least ? wanted : least;
  }
}

void
mix_diffusers_begin (MixDiffusers *diffusers, const MixGeometry *geometry)
{
  lay_out (geometry, diffusers->first, diffusers->rate, diffusers->next);
  for (unsigned i = 0; i < diffusers->rows; i++)
    lay_out (geometry, diffusers->number[i], diffusers->rate,
        diffusers->row[i].next);
}

void
mix_diffusers_arrive (MixDiffusers *diffusers)
{
  memcpy (diffusers->now, diffusers->next, sizeof diffusers->now);
  for (unsigned i = 0; i < diffusers->rows; i++)
    memcpy (diffusers->row[i].now, diffusers->row[i].next,
        sizeof diffusers->row[i].now);
}

void
mix_diffusers_reset (MixDiffusers *diffusers, const MixGeometry *geometry)
{
  mix_diffusers_begin (diffusers, geometry);
  mix_diffusers_arrive (diffusers);
  for (unsigned i = 0; i < diffusers->rows; i++)
    for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++)
      mix_block_ring_reset (&diffusers->row[i].ring[stage]);
}

static float
gain_for (const MixDiffusers *diffusers, const MixReverbValues *values,
    unsigned stage)
{
  double shortest
      = values->decay.decay_s * mix_clamp (values->decay.high_ratio, 0.1, 1);
  double seconds = (double)diffusers->now[stage] / diffusers->rate;
  double most = mix_gain_from_db (-60 * seconds / (DIFFUSER_DECAY * shortest));
  return (float)fmin (MOST_DIFFUSION * values->diffusion, most);
}

void
mix_diffusers_update (MixDiffusers *diffusers, const MixReverbValues *values)
{
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++) {
    MixEnds *gain = &diffusers->gain[stage];
    mix_ends_move (
        gain, values->moving ? gain_for (diffusers, values, stage) : gain->to);
  }
}

void
mix_diffusers_run (MixDiffusers *diffusers, const MixTransition *transition,
    unsigned row, float io[MIX_REVERB_BLOCK])
{
  float room[MIX_REVERB_BLOCK];
  MixDiffuserRow *r = &diffusers->row[row];
  for (unsigned stage = 0; stage < MIX_REVERB_DIFFUSERS; stage++) {
    MixBlockRing *ring = &r->ring[stage];
    const float *from = mix_transition_read (
        transition, ring, r->now[stage], r->next[stage], room);
    MixRamp gain = mix_ends_ramp (diffusers->gain[stage]);
    diffusers->kernels->reverb_diffuse (
        io, mix_block_ring_end (ring), from, gain.from, gain.slope);
    mix_block_ring_advance (ring);
  }
}
