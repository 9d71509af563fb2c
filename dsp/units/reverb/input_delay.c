/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "input_delay.h"

void
mix_input_delay_prepare (MixInputDelay *delay, const MixWetRouting *routing,
    unsigned rate, MixArena *arena)
{
  delay->slots = routing->slots;
  for (unsigned i = 0; i < delay->slots; i++)
    mix_block_ring_take (
        &delay->ring[i], arena, mix_geometry_most_input (rate));
  mix_diffusers_prepare (
      &delay->diffusers, rate, delay->slots, routing->channel, 0, arena);
}

void
mix_input_delay_reset (MixInputDelay *delay, const MixGeometry *geometry)
{
  for (unsigned i = 0; i < delay->slots; i++)
    mix_block_ring_reset (&delay->ring[i]);
  mix_diffusers_reset (&delay->diffusers, geometry);
}

void
mix_input_delay_begin (MixInputDelay *delay, const MixGeometry *geometry)
{
  mix_diffusers_begin (&delay->diffusers, geometry);
}

void
mix_input_delay_arrive (MixInputDelay *delay)
{
  mix_diffusers_arrive (&delay->diffusers);
}

void
mix_input_delay_update (MixInputDelay *delay, const MixReverbValues *values)
{
  mix_diffusers_update (&delay->diffusers, values);
}

void
mix_input_delay_write (MixInputDelay *delay, const MixTransition *transition,
    unsigned slot, const float in[MIX_REVERB_BLOCK])
{
  MixBlockRing *ring = &delay->ring[slot];
  float *to = mix_block_ring_end (ring);
  memcpy (to, in, MIX_REVERB_BLOCK * sizeof *to);
  mix_diffusers_run (&delay->diffusers, transition, slot, to);
  mix_block_ring_advance (ring);
}
