/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A delay line of whole blocks. After its end it has a copy of its first block,
 * so that the block at any delay is contiguous. A ring's order within a block
 * time is: read, write, advance. Realtime-safe.
 */
#pragma once

#include <string.h>

#include "../../base/arena.h"
#include "reverb_block.h"

typedef struct {
  float *memory;
  unsigned length, write; /* frames */
} MixBlockRing;

/* For delays of MIX_REVERB_BLOCK … `most` frames; silent in zeroed memory. */
static inline void
mix_block_ring_take (MixBlockRing *ring, MixArena *arena, unsigned most)
{
  unsigned blocks = (most + MIX_REVERB_BLOCK - 1) / MIX_REVERB_BLOCK;
  ring->length = blocks * MIX_REVERB_BLOCK;
  ring->write = 0;
  ring->memory = mix_arena_take (
      arena, ring->length + MIX_REVERB_BLOCK, sizeof *ring->memory);
}

static inline void
mix_block_ring_reset (MixBlockRing *ring)
{
  ring->write = 0;
  memset (ring->memory, 0,
      (ring->length + MIX_REVERB_BLOCK) * sizeof *ring->memory);
}

/* Where the next block is to be written. */
static inline float *
mix_block_ring_end (const MixBlockRing *ring)
{
  return ring->memory + ring->write;
}

/* Where the block that began `delay` frames ago lies, from `memory` on. */
static inline unsigned
mix_block_ring_offset (const MixBlockRing *ring, unsigned delay)
{
  int at = (int)ring->write - (int)delay;
  return (unsigned)(at < 0 ? at + (int)ring->length : at);
}

static inline const float *
mix_block_ring_read (const MixBlockRing *ring, unsigned delay)
{
  return ring->memory + mix_block_ring_offset (ring, delay);
}

static inline const float *
mix_block_ring_memory (const MixBlockRing *ring)
{
  return ring->memory;
}

/* Of a ring from the same arena: where its memory begins, from that of
 * `first` on. */
static inline unsigned
mix_block_ring_start (const MixBlockRing *ring, const MixBlockRing *first)
{
  return (unsigned)(ring->memory - first->memory);
}

/* The next block has been written. */
static inline void
mix_block_ring_advance (MixBlockRing *ring)
{
  if (ring->write == 0)
    memcpy (ring->memory + ring->length, ring->memory,
        MIX_REVERB_BLOCK * sizeof *ring->memory);
  ring->write += MIX_REVERB_BLOCK;
  if (ring->write == ring->length)
    ring->write = 0;
}
