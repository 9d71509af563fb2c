/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A checksum of what each unit makes of the same sound, for every setting of
 * the invariants: to prove that a change of the code keeps every bit.
 *
 *   MIX_CPU=c fingerprint [UNIT…] >before
 *   … change, build …
 *   MIX_CPU=c fingerprint [UNIT…] | diff before -
 *
 * Not a test: other compilers and C libraries give other bits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invariants/variants.h"

#define FRAMES 20000
#define QUIET 6000 /* of them, in the middle */

static const struct {
  unsigned rate, channels;
} formats[] = { { 48000, 2 }, { 44100, 1 }, { 96000, 6 }, { 48000, 8 } };

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo). */
static void
add_bytes (uint64_t *sum, const void *data, size_t size)
{
  const unsigned char *bytes = data;
  for (size_t i = 0; i < size; i++)
    *sum = (*sum ^ bytes[i]) * 0x100000001b3u;
}

/* Noise that comes, goes and comes back 20 dB softer. */
static CheckAudio
new_sound (unsigned channels)
{
  CheckAudio audio = noise_audio (channels, FRAMES, 0.7);
  for (unsigned c = 0; c < channels; c++)
    for (unsigned i = (FRAMES - QUIET) / 2; i < FRAMES; i++)
      audio.c[c][i] *= i < (FRAMES + QUIET) / 2 ? 0 : 0.1f;
  return audio;
}

static void
add_output (
    const MixUnit *unit, void *self, const CheckAudio *in, uint64_t *sum)
{
  CheckAudio out = check_audio (in->channels, in->frames);
  check_process (unit, self, &out, in, 700);
  for (unsigned c = 0; c < out.channels; c++)
    add_bytes (sum, out.c[c], out.frames * sizeof (float));
  check_audio_free (&out);
}

static void
add_readings (const MixUnit *unit, void *self, uint64_t *sum)
{
  void *readings = calloc (1, unit->readings.size + 1);
  unsigned tail = unit->tail ? unit->tail (self) : 0;
  add_bytes (sum, &tail, sizeof tail);
  if (unit->read)
    unit->read (self, readings);
  for (unsigned i = 0; i < unit->readings.count; i++) {
    double value = mix_row_get (&unit->readings.rows[i], readings);
    add_bytes (sum, &value, sizeof value);
  }
  free (readings);
}

/* Other settings while it runs. */
static void
change (const MixUnit *unit, void *self, const void *params, uint64_t *sum)
{
  unsigned latency = unit->latency ? unit->latency (self) : 0;
  add_bytes (sum, &latency, sizeof latency);
  unit->set (self, params);
}

static uint64_t
fingerprint (
    const MixUnit *unit, const void *params, unsigned rate, unsigned channels)
{
  uint64_t sum = 0xcbf29ce484222325u;
  void *other = check_params (unit);
  variant_keep (unit, other, params, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY);
  CheckAudio sound = new_sound (channels);
  void *self = check_new_unit (unit, rate, channels, params);
  add_output (unit, self, &sound, &sum);
  add_readings (unit, self, &sum);
  change (unit, self, other, &sum);
  add_output (unit, self, &sound, &sum);
  change (unit, self, params, &sum);
  add_output (unit, self, &sound, &sum);
  mix_unit_flush (unit, self);
  add_output (unit, self, &sound, &sum);
  unit->reset (self);
  add_output (unit, self, &sound, &sum);
  add_readings (unit, self, &sum);
  check_free_unit (unit, self);
  check_audio_free (&sound);
  free (other);
  return sum;
}

static void
print_fingerprints (const MixUnit *unit, void *params, const char *name)
{
  for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++)
    printf ("%016llx %s, %u Hz, %u channels\n",
        (unsigned long long)fingerprint (
            unit, params, formats[i].rate, formats[i].channels),
        name, formats[i].rate, formats[i].channels);
  fflush (stdout);
  CHECK (true, "%s", name);
}

static void
print_unit (const MixUnit *unit)
{
  test_variants (unit,
      VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_RANDOM | VARIANT_EXTREMES,
      print_fingerprints);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, print_unit);
}
