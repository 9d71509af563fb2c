/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A unit sounds the same whatever the machine: at each kernel level it gives
 * what the C reference gives, but for rounding.
 */
#define _POSIX_C_SOURCE 200112L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "variants.h"

#define FRAMES 20000
/* Of the loudest sample; the kernels' tolerances are a few 1e-5 (0.0002 dB). */
#define TOLERANCE 1e-4

static CheckAudio
run_at (const char *level, const MixUnit *unit, const void *params)
{
  setenv ("MIX_CPU", level, 1);
  CheckAudio audio = noise_audio (6, FRAMES, 0.5);
  void *self = check_new_unit (unit, 48000, 6, params);
  check_process (unit, self, &audio, &audio, 1000);
  check_free_unit (unit, self);
  return audio;
}

static double
difference (const CheckAudio *a, const CheckAudio *b)
{
  double most = 0, loudest = 0.1;
  for (unsigned c = 0; c < a->channels; c++)
    for (unsigned i = 0; i < a->frames; i++) {
      most = fmax (most, fabs ((double)a->c[c][i] - (double)b->c[c][i]));
      loudest = fmax (loudest, fabs ((double)a->c[c][i]));
    }
  return most / loudest;
}

static void
test_levels (const MixUnit *unit, void *params, const char *name)
{
  static const char *const levels[] = { "baseline", "x86-64-v3", "x86-64-v4" };
  CheckAudio reference = run_at ("c", unit, params);
  for (unsigned i = 0; i < 3; i++) {
    setenv ("MIX_CPU", levels[i], 1);
    if (!check_has_level ())
      continue;
    CheckAudio out = run_at (levels[i], unit, params);
    double off = difference (&reference, &out);
    CHECK (off <= TOLERANCE, "%s: %s is off by %g", name, levels[i], off);
    check_audio_free (&out);
  }
  check_audio_free (&reference);
  unsetenv ("MIX_CPU");
}

static void
test_unit (const MixUnit *unit)
{
  test_variants (
      unit, VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_RANDOM, test_levels);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
