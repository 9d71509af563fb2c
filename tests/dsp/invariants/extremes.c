/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Output is finite for every finite input at every extreme of every parameter,
 * and what has been heard dies away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "variants.h"

/* ---- Finite ------------------------------------------------------------- */

#define PART 1500 /* frames of one kind of signal */

/* Full-scale noise; noise and squares as loud as a host lets through; an
 * impulse; silence; noise again. */
static CheckAudio
hard_audio (void)
{
  CheckAudio audio = noise_audio (2, 6 * PART, 1);
  for (unsigned c = 0; c < 2; c++) {
    float *out = audio.c[c];
    check_noise (out + PART, PART, (double)MIX_SANE, c + 1);
    for (unsigned i = 0; i < PART; i++)
      out[2 * PART + i] = i / (20 + 13 * c) % 2 ? MIX_SANE : -MIX_SANE;
    check_impulse (out + 3 * PART, PART, 99, 1);
    memset (out + 4 * PART, 0, PART * sizeof *out);
  }
  return audio;
}

/* Once prepared with the settings, once moved to them while playing. */
static void
test_finite_at (
    const MixUnit *unit, void *params, const char *name, unsigned rate)
{
  CheckAudio in = hard_audio (), out = check_audio (2, in.frames);
  void *before = check_params (unit);
  variant_keep (unit, before, params, MIX_SIZES_MEMORY);
  for (unsigned moved = 0; moved < 2; moved++) {
    void *self = check_new_unit (unit, rate, 2, moved ? before : params);
    check_process (unit, self, &out, &in, 1000);
    CHECK (check_audio_finite (&out), "%s at %u Hz%s", name, rate,
        moved ? " (before)" : "");
    unit->set (self, params);
    check_process (unit, self, &out, &in, 1000);
    CHECK (check_audio_finite (&out), "%s at %u Hz, %s", name, rate,
        moved ? "moved" : "again");
    check_free_unit (unit, self);
  }
  check_audio_free (&in);
  check_audio_free (&out);
  free (before);
}

static void
test_finite (const MixUnit *unit, void *params, const char *name)
{
  test_finite_at (unit, params, name, 8000);
  test_finite_at (unit, params, name, 48000);
  test_finite_at (unit, params, name, 384000);
}

static void
test_finite_at_odd_rates (const MixUnit *unit, void *params, const char *name)
{
  test_finite_at (unit, params, name, 1);
  test_finite_at (unit, params, name, 44100);
}

/* ---- Silence ------------------------------------------------------------ */

#define RATE 8000 /* seconds are cheap there */
#define LONGEST (90 * RATE)
#define STEP (RATE / 10)

static double
process_silence (const MixUnit *unit, void *self, CheckAudio *audio)
{
  double peak = 0;
  for (unsigned c = 0; c < audio->channels; c++)
    memset (audio->c[c], 0, audio->frames * sizeof (float));
  check_process (unit, self, audio, audio, audio->frames);
  for (unsigned c = 0; c < audio->channels; c++)
    peak = fmax (peak, check_peak (audio->c[c], audio->frames));
  return peak;
}

static void
let_go (const MixUnit *unit, void *params)
{
  for (unsigned i = 0; i < unit->params.count; i++)
    if (unit->params.rows[i].flags & MIX_HOLDS)
      rows_put (unit, params, i, 0);
}

/* After noise: silence comes within LONGEST, and once it lasted as long as
 * the unit says its pauses last, it stays. */
static void
test_silence (const MixUnit *unit, void *params, const char *name)
{
  let_go (unit, params);
  void *self = check_new_unit (unit, RATE, 2, params);
  CheckAudio noise = noise_audio (2, RATE / 2, 0.5),
             step = check_audio (2, STEP);
  unsigned pause = (unit->latency ? unit->latency (self) : 0)
                   + (unit->tail ? unit->tail (self) : 0) + 1;
  unsigned quiet = 0, at = 0;
  check_process (unit, self, &noise, &noise, 512);
  for (; at < LONGEST && quiet < pause + STEP; at += STEP)
    quiet = process_silence (unit, self, &step) < (double)MIX_INAUDIBLE
                ? quiet + STEP
                : 0;
  CHECK (at < LONGEST, "%s: still heard after %u s", name, at / RATE);
  for (at = 0; at < 5 * RATE; at += STEP)
    CHECK (process_silence (unit, self, &step) < 1.01 * (double)MIX_INAUDIBLE,
        "%s: heard after a pause of %u frames", name, quiet);
  check_audio_free (&noise);
  check_audio_free (&step);
  check_free_unit (unit, self);
}

static void
test_unit (const MixUnit *unit)
{
  test_variants (unit, VARIANT_DEFAULT | VARIANT_EXTREMES, test_finite);
  test_variants (unit, VARIANT_EXTREMES, test_finite_at_odd_rates);
  test_variants (unit, VARIANT_DEFAULT | VARIANT_RANDOM, test_silence);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
