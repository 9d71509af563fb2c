/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a test of the kernels at every level of this machine: `level` is the
 * one to test, `reference` the C level. Levels that the machine lacks are not
 * run: see the first line that is printed.
 */
#pragma once

#include <stdio.h>

#include "check.h"
#include "kernels/kernels.h"

enum {
  LENGTHS = 71, /* tried: 0 … 70 */
  SHIFTS = 9,   /* alignments tried, in floats */
  ROOM = 1024,  /* of a buffer, guards included */
};

#define GUARD 12345.f

static const MixKernels *reference, *level;

typedef struct {
  float at[ROOM];
} Buffer;

static inline void
fill (Buffer *b, float value)
{
  for (unsigned i = 0; i < ROOM; i++)
    b->at[i] = value;
}

static inline Buffer
noise (double amplitude, uint64_t seed)
{
  Buffer b;
  check_noise (b.at, ROOM, amplitude, seed);
  return b;
}

/* Nothing was written outside `from` … `from + n`. */
static inline bool
is_guarded (const Buffer *b, unsigned from, unsigned n)
{
  for (unsigned i = 0; i < ROOM; i++)
    if ((i < from || i >= from + n) && b->at[i] != GUARD)
      return false;
  return true;
}

static inline void
figure (const char *what, double measured, double most, const char *unit)
{
  char name[120];
  snprintf (name, sizeof name, "%s: %s", level->name, what);
  check_figure (name, measured, 0, most, unit);
}

/* The exit status of the program. */
static inline int
at_every_level (void (*test) (void))
{
  reference = mix_kernels_at (MIX_CPU_C);
  printf ("levels run: all up to %s\n", mix_kernels ()->name);
  for (unsigned l = MIX_CPU_C; l <= MIX_CPU_X86_64_V4; l++) {
    level = mix_kernels_at ((MixCpuLevel)l);
    if (level)
      test ();
  }
  return check_end ();
}
