/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The key signal (see MixUnit.process). Units with MIX_UNIT_KEY measure it in
 * place of the input: a key that is the input changes nothing, with a silent
 * key the unit does the same to any input, and how the stream is cut changes
 * nothing. The other units ignore it.
 */
#include <stdlib.h>
#include <string.h>

#include "variants.h"

#define RATE 48000
#define CHANNELS 6
#define FRAMES 8000
#define MOVE 3000 /* where other settings come */

static const unsigned cuts[] = { 1000, 1, 7, 64, FRAMES };

/* Without moves of the latency: what comes out after one is the host's to
 * discard. */
static void *
other_params (const MixUnit *unit, const void *params)
{
  void *other = check_params (unit);
  variant_random (unit, other, 77);
  variant_keep (unit, other, params, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY);
  return other;
}

/* `out` may be `in`, and `key` too or NULL. */
static void
run_into (const MixUnit *unit, const void *params, const CheckAudio *out,
    const CheckAudio *in, const CheckAudio *key, unsigned cut)
{
  void *other = other_params (unit, params);
  void *self = check_new_unit (unit, RATE, CHANNELS, params);
  for (unsigned at = 0, to; at < FRAMES; at = to) {
    to = mix_min (at + cut, at < MOVE ? MOVE : FRAMES);
    if (at == MOVE)
      unit->set (self, other);
    check_process_key_span (unit, self, out, in, key, at, to);
  }
  check_free_unit (unit, self);
  free (other);
}

static CheckAudio
run (const MixUnit *unit, const void *params, const CheckAudio *in,
    const CheckAudio *key, unsigned cut)
{
  CheckAudio out = check_audio (CHANNELS, FRAMES);
  run_into (unit, params, &out, in, key, cut);
  return out;
}

/* Noise in bursts, of which each has another level, with pauses. */
static CheckAudio
new_sound (uint64_t seed)
{
  static const float levels[] = { 0.5f, 0, 0.05f, 0.9f };
  CheckAudio audio = check_audio (CHANNELS, FRAMES);
  for (unsigned c = 0; c < CHANNELS; c++) {
    check_noise (audio.c[c], FRAMES, 1, seed + c);
    for (unsigned i = 0; i < FRAMES; i++)
      audio.c[c][i] *= levels[(i + seed * 300) / 900 % 4];
  }
  return audio;
}

/* ---- Units that take a key ---------------------------------------------- */

static void
test_own_input (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio in = new_sound (1), copy = new_sound (1);
  CheckAudio expected = run (unit, params, &in, NULL, 700);
  CheckAudio out = run (unit, params, &in, &copy, 700);
  CHECK (check_audio_equal (&out, &expected), "%s: a copy of the input", name);
  check_audio_free (&out);
  out = run (unit, params, &in, &in, 700);
  CHECK (check_audio_equal (&out, &expected), "%s: the input itself", name);
  CHECK (check_audio_equal (&in, &copy), "%s: input changed", name);
  run_into (unit, params, &in, &in, &in, 700);
  CHECK (check_audio_equal (&in, &expected), "%s: all in place", name);
  check_audio_free (&out);
  check_audio_free (&expected);
  check_audio_free (&copy);
  check_audio_free (&in);
}

static void
test_cuts (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio in = new_sound (1), key = new_sound (20), kept = new_sound (20);
  CheckAudio expected = run (unit, params, &in, &key, 700);
  for (unsigned i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    CheckAudio out = run (unit, params, &in, &key, cuts[i]);
    CHECK (check_audio_equal (&out, &expected), "%s: cut %u", name, cuts[i]);
    check_audio_free (&out);
  }
  CHECK (check_audio_equal (&key, &kept), "%s: key changed", name);
  CHECK (check_audio_finite (&expected), "%s", name);
  run_into (unit, params, &in, &in, &key, 700);
  CHECK (check_audio_equal (&in, &expected), "%s: in place", name);
  check_audio_free (&expected);
  check_audio_free (&kept);
  check_audio_free (&key);
  check_audio_free (&in);
}

/* Nothing moves the unit: twice the input is twice the output in every bit. */
static void
test_silent_key (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio in = new_sound (1), key = check_audio (CHANNELS, FRAMES);
  CheckAudio once = run (unit, params, &in, &key, 700);
  for (unsigned c = 0; c < CHANNELS; c++)
    for (unsigned i = 0; i < FRAMES; i++) {
      in.c[c][i] *= 2;
      once.c[c][i] *= 2;
    }
  CheckAudio twice = run (unit, params, &in, &key, 700);
  CHECK (check_audio_equal (&once, &twice), "%s: a silent key", name);
  check_audio_free (&twice);
  check_audio_free (&once);
  check_audio_free (&key);
  check_audio_free (&in);
}

/* What the tests above could not tell from a unit that ignores its key. */
static void
test_is_used (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio in = new_sound (1), key = check_audio (CHANNELS, FRAMES);
  CheckAudio with = run (unit, params, &in, &key, 700);
  CheckAudio without = run (unit, params, &in, NULL, 700);
  CHECK (!check_audio_equal (&with, &without), "%s: key is ignored", name);
  check_audio_free (&without);
  check_audio_free (&with);
  check_audio_free (&key);
  check_audio_free (&in);
}

/* ---- Units that take none ----------------------------------------------- */

static void
test_is_ignored (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio in = new_sound (1), key = new_sound (20);
  CheckAudio with = run (unit, params, &in, &key, 700);
  CheckAudio without = run (unit, params, &in, NULL, 700);
  CHECK (check_audio_equal (&with, &without), "%s: key is used", name);
  check_audio_free (&without);
  check_audio_free (&with);
  check_audio_free (&key);
  check_audio_free (&in);
}

static void
test_unit (const MixUnit *unit)
{
  const unsigned all = VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_RANDOM;
  if (!(unit->flags & MIX_UNIT_KEY)) {
    test_variants (unit, VARIANT_DEFAULT | VARIANT_SOME, test_is_ignored);
    return;
  }
  test_variants (unit, all, test_own_input);
  test_variants (unit, all, test_cuts);
  test_variants (unit, all, test_silent_key);
  test_variants (unit, VARIANT_DEFAULT, test_is_used);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
