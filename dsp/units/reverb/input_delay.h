/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The delay lines of the input, diffused: what early reflections and the
 * network's feed read from. Realtime-safe but for `prepare`.
 */
#pragma once

#include "diffusers.h"
#include "wet_routing.h"

typedef struct {
  unsigned slots;
  MixDiffusers diffusers;
  MixBlockRing ring[MIX_MAX_CHANNELS]; /* all at one position */
} MixInputDelay;

void mix_input_delay_prepare (MixInputDelay *delay,
    const MixWetRouting *routing, unsigned rate, MixArena *arena);
void mix_input_delay_reset (MixInputDelay *delay, const MixGeometry *geometry);
void mix_input_delay_begin (MixInputDelay *delay, const MixGeometry *geometry);
void mix_input_delay_arrive (MixInputDelay *delay);
void mix_input_delay_update (
    MixInputDelay *delay, const MixReverbValues *values);

/* A block of each slot; it has a delay of one block then. */
void mix_input_delay_write (MixInputDelay *delay,
    const MixTransition *transition, unsigned slot,
    const float in[MIX_REVERB_BLOCK]);

static inline const float *
mix_input_delay_read (const MixInputDelay *delay,
    const MixTransition *transition, unsigned slot, unsigned now, unsigned next,
    float room[MIX_REVERB_BLOCK])
{
  return mix_transition_read (transition, &delay->ring[slot], now, next, room);
}

/* ---- The memory of all slots as one ------------------------------------- */

static inline const float *
mix_input_delay_memory (const MixInputDelay *delay)
{
  return mix_block_ring_memory (&delay->ring[0]);
}

/* Where a slot's begins. */
static inline unsigned
mix_input_delay_start (const MixInputDelay *delay, unsigned slot)
{
  return mix_block_ring_start (&delay->ring[slot], &delay->ring[0]);
}

/* Where the blocks lie that began `taps` frames ago, of the slots that begin at
 * `starts`. */
static inline void
mix_input_delay_find (const MixInputDelay *delay,
    const unsigned starts[MIX_REVERB_TAPS],
    const unsigned taps[MIX_REVERB_TAPS], unsigned at[MIX_REVERB_TAPS])
{
  const MixBlockRing any = delay->ring[0];
  for (unsigned k = 0; k < MIX_REVERB_TAPS; k++)
    at[k] = starts[k] + mix_block_ring_offset (&any, taps[k]);
}
