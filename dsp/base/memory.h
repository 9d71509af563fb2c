/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All memory of the DSP core comes from here. Not realtime-safe.
 */
#pragma once

#include <stddef.h>

/* `count` times `size` zeroed bytes, aligned to 64 for any vector type; NULL
 * when memory is short or the product overflows. A count of 0 gives memory
 * that must be freed too. */
void *mix_alloc (size_t count, size_t size);

/* NULL is allowed. */
void mix_free (void *memory);
