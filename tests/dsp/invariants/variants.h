/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings under which every unit of the registry is tested. They come
 * from the parameter tables alone: no test here knows a unit by name.
 */
#pragma once

#include "check.h"

/* Runs `test` for each unit, or for those named on the command line, and ends
 * the count. 77 (skipped) when the machine cannot run the level in MIX_CPU. */
int test_units (int argc, char **argv, void (*test) (const MixUnit *unit));

/* All rows in one list: the unit's, then those of its group. */
unsigned rows_count (const MixUnit *unit);
const MixRow *rows_at (const MixUnit *unit, unsigned i);
bool rows_in_group (const MixUnit *unit, unsigned i);

/* A group's row is put into every element. */
void rows_put (const MixUnit *unit, void *params, unsigned i, double value);

/* One setting. `test` may change `params`, they are made anew each time. */
typedef void (*VariantTest) (
    const MixUnit *unit, void *params, const char *name);

typedef enum {
  VARIANT_DEFAULT = 1 << 0,
  /* Every value of every choice and bool, the rest at random. */
  VARIANT_CHOICES = 1 << 1,
  /* Every parameter anywhere in its range, three or eight times. */
  VARIANT_SOME = 1 << 2,
  VARIANT_RANDOM = 1 << 3,
  /* Each parameter at each end, all at one end, many at random ends. */
  VARIANT_EXTREMES = 1 << 4,
} VariantKinds;

void test_variants (const MixUnit *unit, unsigned kinds, VariantTest test);

/* Every parameter anywhere in its range, frequencies and times on a
 * logarithmic scale; the same for the same seed. */
void variant_random (const MixUnit *unit, void *params, uint64_t seed);

/* Rows with any of `flags` get the values they have in `from`. */
void variant_keep (
    const MixUnit *unit, void *params, const void *from, unsigned flags);

/* White noise in every channel, other noise in each. */
CheckAudio noise_audio (unsigned channels, unsigned frames, double amplitude);
