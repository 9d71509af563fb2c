/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parts of one block of memory. A unit writes one function that takes all its
 * parts from an arena, and calls it twice: with a zeroed arena, which only
 * counts, and with memory of the size counted:
 *
 *   MixArena count = { 0 };
 *   take_all (self, &count);
 *   MixArena arena = { mix_alloc (count.used, 1), 0 };
 *   if (!arena.memory) …
 *   take_all (self, &arena);
 *
 * Realtime-safe.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What mix_alloc aligns to: parts do not share a cache line. */
#define MIX_ARENA_ALIGNMENT 64

typedef struct {
  void *memory; /* NULL: only count */
  size_t used;  /* bytes; SIZE_MAX: more than there can be */
} MixArena;

/* `count` things of `size` bytes, as zeroed as the memory is; NULL while only
 * counting. */
static inline void *
mix_arena_take (MixArena *arena, size_t count, size_t size)
{
  const size_t most = SIZE_MAX - MIX_ARENA_ALIGNMENT;
  size_t at = arena->used;
  if (at > most || (size > 0 && count > (most - at) / size)) {
    arena->used = SIZE_MAX;
    return NULL;
  }
  size_t bytes = (count * size + MIX_ARENA_ALIGNMENT - 1) / MIX_ARENA_ALIGNMENT
                 * MIX_ARENA_ALIGNMENT;
  arena->used = at + bytes;
  return arena->memory ? (char *)arena->memory + at : NULL;
}
