/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The latest frames of several channels, each in one piece of memory, so that
 * filters read them with plain pointers: nothing wraps around. Frames are
 * appended until the memory, lent by the owner, is full; then the part that is
 * still wanted moves to its front. With memory for twice the wanted frames
 * that copies each frame about once. Realtime-safe.
 */
#pragma once

#include <string.h>

typedef struct {
  unsigned length; /* frames of memory per channel */
  unsigned keep;   /* frames that stay readable before the newest span */
  unsigned end;    /* where the next span begins */
} MixHistory;

/* The memory in frames that a channel needs. */
static inline unsigned
mix_history_length (unsigned keep, unsigned span)
{
  return 2 * keep + 4 * span;
}

/* The memory must be zeroed: what was before the first frame is silence. */
static inline void
mix_history_prepare (MixHistory *history, unsigned length, unsigned keep)
{
  *history = (MixHistory){ .length = length, .keep = keep, .end = keep };
}

/* Makes room for `n` frames at `end` of each channel; the caller fills them
 * and moves `end` on. */
static inline void
mix_history_make_room (
    MixHistory *history, float *const *memory, unsigned channels, unsigned n)
{
  if (history->end + n <= history->length)
    return;
  unsigned from = history->end - history->keep;
  for (unsigned c = 0; c < channels; c++)
    memmove (memory[c], memory[c] + from, history->keep * sizeof (float));
  history->end = history->keep;
}
