/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

void *
mix_alloc (size_t count, size_t size)
{
  size_t bytes;
  if (__builtin_mul_overflow (count, size, &bytes)
      || bytes > SIZE_MAX - ALIGNMENT)
    return NULL;
  bytes = bytes / ALIGNMENT * ALIGNMENT + ALIGNMENT;
  void *memory = aligned_alloc (ALIGNMENT, bytes);
  if (memory)
    memset (memory, 0, bytes);
  return memory;
}

void
mix_free (void *memory)
{
  free (memory);
}
