/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Units, two instances of one: the same samples, settings, resets and readings
 * between the same samples, but one takes each span whole and the other in
 * pieces and in place. Both must give the same bits, and finite ones.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "invariants/variants.h"

enum { MOST_FRAMES = 700, MOST_STEPS = 24 };

typedef struct {
  const MixUnit *unit;
  Fuzz *fuzz;
  MixFormat format;
  void *params;
  void *whole, *cut; /* the two instances */
} Pair;

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  (void)argc, (void)argv;
  if (!check_has_level ())
    exit (77); /* skipped */
  return 0;
}

/* ---- Settings ----------------------------------------------------------- */

/* Some rows at an end of their range, the others anywhere. */
static void
choose_params (Pair *pair)
{
  const MixUnit *unit = pair->unit;
  Fuzz *fuzz = pair->fuzz;
  variant_random (unit, pair->params, fuzz_word (fuzz));
  for (unsigned n = fuzz_below (fuzz, 6); n > 0; n--) {
    unsigned row = fuzz_below (fuzz, rows_count (unit));
    rows_put (unit, pair->params, row,
        fuzz_byte (fuzz) % 2 ? rows_at (unit, row)->maximum
                             : rows_at (unit, row)->minimum);
  }
}

/* What sizes memory stays, and what moves the latency, for which a host would
 * have to feed silence first. */
static void
change_params (Pair *pair)
{
  void *before = check_params (pair->unit);
  memcpy (before, pair->params, pair->unit->params.size);
  choose_params (pair);
  variant_keep (
      pair->unit, pair->params, before, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY);
  pair->unit->set (pair->whole, pair->params);
  pair->unit->set (pair->cut, pair->params);
  free (before);
}

/* ---- Sound -------------------------------------------------------------- */

static void
fill (Pair *pair, CheckAudio *audio)
{
  static const double levels[] = { 0.5, 1, 1e-5, 1e-39, 30, 1e9 };
  Fuzz *fuzz = pair->fuzz;
  unsigned kind = fuzz_below (fuzz, 5);
  double level = levels[fuzz_below (fuzz, 6)];
  double hz = pair->format.rate * 0.49 * pow (fuzz_part (fuzz), 3);
  for (unsigned c = 0; c < audio->channels; c++) {
    if (kind == 0)
      check_noise (audio->c[c], audio->frames, level, 1 + fuzz_word (fuzz));
    else if (kind == 1)
      check_sine (audio->c[c], audio->frames, hz, pair->format.rate, level);
    else if (kind == 2)
      check_impulse (audio->c[c], audio->frames, audio->frames / 2, level);
    for (unsigned i = 0; kind == 3 && i < audio->frames; i++)
      audio->c[c][i] = (float)(i / 37 % 2 ? level : -level);
  }
}

/* ---- Steps -------------------------------------------------------------- */

static void
process (Pair *pair)
{
  unsigned frames = 1 + fuzz_below (pair->fuzz, MOST_FRAMES);
  unsigned channels = pair->format.channels;
  CheckAudio in = check_audio (channels, frames);
  CheckAudio out = check_audio (channels, frames);
  fill (pair, &in);
  check_process_span (pair->unit, pair->whole, &out, &in, 0, frames);
  for (unsigned at = 0, to; at < frames; at = to) {
    to = mix_min (frames, at + fuzz_below (pair->fuzz, 200));
    if (fuzz_is_empty (pair->fuzz))
      to = frames;
    check_process_span (pair->unit, pair->cut, &in, &in, at, to);
  }
  FUZZ_CHECK (check_audio_equal (&in, &out), "%s, %u channels at %u Hz",
      pair->unit->name, channels, pair->format.rate);
  FUZZ_CHECK (check_audio_finite (&out), "%s, %u channels at %u Hz",
      pair->unit->name, channels, pair->format.rate);
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
compare_readings (Pair *pair)
{
  const MixUnit *unit = pair->unit;
  if (!unit->read)
    return;
  void *of_whole = calloc (1, unit->readings.size);
  void *of_cut = calloc (1, unit->readings.size);
  unit->read (pair->whole, of_whole);
  unit->read (pair->cut, of_cut);
  for (unsigned i = 0; i < unit->readings.count; i++) {
    const MixRow *row = &unit->readings.rows[i];
    double a = mix_row_get (row, of_whole), b = mix_row_get (row, of_cut);
    FUZZ_CHECK (
        a == b && isfinite (a), "%s %s: %g, %g", unit->name, row->name, a, b);
  }
  free (of_whole);
  free (of_cut);
}

static void
step (Pair *pair)
{
  switch (fuzz_below (pair->fuzz, 8)) {
    case 0:
    case 1:
      change_params (pair);
      break;
    case 2:
      pair->unit->reset (pair->whole);
      pair->unit->reset (pair->cut);
      break;
    case 3:
      mix_unit_flush (pair->unit, pair->whole);
      mix_unit_flush (pair->unit, pair->cut);
      break;
    case 4:
      compare_readings (pair);
      break;
    default:
      process (pair);
  }
}

static void *
prepared (const Pair *pair)
{
  void *self = mix_alloc (1, pair->unit->size);
  FUZZ_CHECK (self && pair->unit->prepare (self, &pair->format, pair->params),
      "%s", pair->unit->name);
  return self;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const unsigned rates[] = { 48000, 44100, 8000, 96000, 192000, 50 };
  static const unsigned channels[] = { 2, 1, 6, 3, 8 };
  Fuzz fuzz = { data, data + size };
  unsigned units = 0;
  while (mix_units[units])
    units++;
  Pair pair = { mix_units[fuzz_below (&fuzz, units)], &fuzz,
    mix_format (rates[fuzz_below (&fuzz, 6)], channels[fuzz_below (&fuzz, 5)]),
    NULL, NULL, NULL };
  pair.params = check_params (pair.unit);
  choose_params (&pair);
  pair.whole = prepared (&pair);
  pair.cut = prepared (&pair);
  for (unsigned i = 0; i < MOST_STEPS && !fuzz_is_empty (&fuzz); i++)
    step (&pair);
  check_free_unit (pair.unit, pair.whole);
  check_free_unit (pair.unit, pair.cut);
  free (pair.params);
  return 0;
}
