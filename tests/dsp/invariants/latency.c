/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The latency a unit reports is the one it has: found by the cross-correlation
 * of quiet noise (under every threshold) with what comes out. At the settings
 * a unit starts with, each parameter that moves latency is then moved as
 * unit.h says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "variants.h"

#define NOISE 4000  /* frames that are correlated */
#define SETTLE 4800 /* frames until smoothers stand */
#define QUIET 0.003 /* -50 dBFS */
#define WINDOW 64   /* lags looked at on either side */

static unsigned
latency_of (const MixUnit *unit, const void *self)
{
  return unit->latency ? unit->latency (self) : 0;
}

/* The lag within ±WINDOW of `expected` at which `out` resembles `in` most; how
 * much (1: a scaled copy) goes to `likeness`. */
static int
find_lag (const float *out, const float *in, unsigned at, unsigned expected,
    double *likeness)
{
  int best = 0;
  *likeness = -2;
  for (int lag = (int)expected - WINDOW; lag <= (int)expected + WINDOW; lag++) {
    double product = 0, power_in = 1e-30, power_out = 1e-30;
    if (lag < 0)
      continue;
    for (unsigned i = at; i < at + NOISE; i++) {
      double x = in[i], y = out[i + (unsigned)lag];
      product += x * y;
      power_in += x * x;
      power_out += y * y;
    }
    product /= sqrt (power_in * power_out);
    if (product > *likeness) {
      *likeness = product;
      best = lag;
    }
  }
  return best;
}

/* From here on the unit gets new noise; where does it come out? */
static void
check_lag (const MixUnit *unit, void *self, const char *name)
{
  unsigned latency = latency_of (unit, self);
  CheckAudio in = noise_audio (2, SETTLE + NOISE + latency + WINDOW, QUIET);
  CheckAudio out = check_audio (2, in.frames);
  double likeness;
  check_process (unit, self, &out, &in, 1024);
  for (unsigned c = 0; c < 2; c++) {
    int lag = find_lag (out.c[c], in.c[c], SETTLE, latency, &likeness);
    CHECK (lag == (int)latency, "%s: measured %d, reported %u", name, lag,
        latency);
    CHECK (likeness > 0.5, "%s: likeness %g", name, likeness);
  }
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
test_latency (const MixUnit *unit, void *params, const char *name)
{
  void *self = check_new_unit (unit, 48000, 2, params);
  check_lag (unit, self, name);
  unit->reset (self);
  check_lag (unit, self, name);
  check_free_unit (unit, self);
}

/* The host's part of a move: silence of the old latency in, then `set`. */
static void
move_latency (const MixUnit *unit, void *self, const void *params)
{
  CheckAudio silence = check_audio (2, latency_of (unit, self) + 1);
  silence.frames--;
  check_process (unit, self, &silence, &silence, 1024);
  unit->set (self, params);
  check_audio_free (&silence);
}

static void
test_move (
    const MixUnit *unit, const void *from, const void *to, const char *name)
{
  void *self = check_new_unit (unit, 48000, 2, from);
  void *fresh = check_new_unit (unit, 48000, 2, to);
  check_lag (unit, self, name);
  move_latency (unit, self, to);
  CHECK (latency_of (unit, self) == latency_of (unit, fresh),
      "%s: %u frames after a move, %u when fresh", name,
      latency_of (unit, self), latency_of (unit, fresh));
  check_lag (unit, self, name);
  move_latency (unit, self, from);
  check_lag (unit, self, name);
  check_free_unit (unit, self);
  check_free_unit (unit, fresh);
}

/* Every value of a row that moves latency (a choice's all, a number's ends and
 * middle): when fresh, and from the default and back where that is allowed. */
static void
test_row_moves (const MixUnit *unit, unsigned i)
{
  char name[128];
  const MixRow *row = rows_at (unit, i);
  unsigned steps = row->kind == MIX_DOUBLE ? 2 : (unsigned)row->maximum;
  void *from = check_params (unit), *to = check_params (unit);
  for (unsigned k = 0; k <= steps; k++) {
    double share = (double)k / steps;
    double value = row->minimum + share * (row->maximum - row->minimum);
    rows_put (unit, to, i, value);
    snprintf (name, sizeof name, "%s to %s %g", unit->name, row->name, value);
    test_latency (unit, to, name);
    if (!(row->flags & MIX_SIZES_MEMORY))
      test_move (unit, from, to, name);
  }
  free (from);
  free (to);
}

/* A row that is not flagged must not move latency, wherever the others are. */
static void
test_still (const MixUnit *unit, void *params, const char *name)
{
  void *self = check_new_unit (unit, 48000, 2, params);
  void *other = check_params (unit);
  unsigned latency = latency_of (unit, self);
  for (unsigned seed = 1; seed <= 8; seed++) {
    variant_random (unit, other, seed);
    variant_keep (unit, other, params, MIX_MOVES_LATENCY | MIX_SIZES_MEMORY);
    unit->set (self, other);
    CHECK (latency_of (unit, self) == latency, "%s: %u frames, then %u", name,
        latency, latency_of (unit, self));
  }
  check_free_unit (unit, self);
  free (other);
}

static void
test_unit (const MixUnit *unit)
{
  test_variants (unit, VARIANT_DEFAULT, test_latency);
  test_variants (unit, VARIANT_DEFAULT | VARIANT_RANDOM, test_still);
  for (unsigned i = 0; i < rows_count (unit); i++)
    if (rows_at (unit, i)->flags & MIX_MOVES_LATENCY)
      test_row_moves (unit, i);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
