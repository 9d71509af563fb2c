/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a unit may remember and what its output may depend on: nothing before a
 * reset, nothing that is heard before a flush, not how the stream is cut, not
 * where the output goes, not who reads the meters; at every rate and channel
 * count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "variants.h"

/* ---- Running ------------------------------------------------------------ */

/* Parameters that are set in front of a frame; a flush when they are NULL. */
typedef struct {
  unsigned frame;
  const void *params;
} Move;

/* A list of moves ends with this frame. */
#define NO_MOVE (~0u)

/* Long enough for what a unit holds back to come out. */
static unsigned
enough_frames (const MixUnit *unit, const void *params, unsigned rate)
{
  void *self = check_new_unit (unit, rate, 1, params);
  unsigned frames = 6000 + (unit->latency ? unit->latency (self) : 0);
  check_free_unit (unit, self);
  return frames;
}

static void
make_move (const MixUnit *unit, void *self, const Move *move)
{
  if (move->params)
    unit->set (self, move->params);
  else
    mix_unit_flush (unit, self);
}

/* Pieces of `cut` frames, of 0 … 99 at random when it is 0; a piece ends where
 * a move comes. */
static void
run (const MixUnit *unit, void *self, const CheckAudio *out,
    const CheckAudio *in, unsigned cut, const Move *move)
{
  static const Move none[] = { { NO_MOVE, NULL } };
  uint64_t random = 1;
  move = move ? move : none;
  for (unsigned at = 0, to; at < in->frames; at = to) {
    for (; move->frame == at; move++)
      make_move (unit, self, move);
    to = at + (cut ? cut : (unsigned)(check_random (&random) >> 32) % 100);
    to = mix_min (mix_min (to, in->frames), move->frame);
    check_process_span (unit, self, out, in, at, to);
  }
}

static CheckAudio
run_fresh (const MixUnit *unit, const void *params, const CheckAudio *in,
    unsigned cut, const Move *moves)
{
  CheckAudio out = check_audio (in->channels, in->frames);
  void *self = check_new_unit (unit, 48000, in->channels, params);
  run (unit, self, &out, in, cut, moves);
  check_free_unit (unit, self);
  return out;
}

static bool
readings_equal (const MixUnit *unit, void *a, void *b)
{
  if (!unit->read)
    return true;
  void *ra = calloc (1, unit->readings.size);
  void *rb = calloc (1, unit->readings.size);
  bool equal = true;
  unit->read (a, ra);
  unit->read (b, rb);
  for (unsigned i = 0; i < unit->readings.count; i++) {
    const MixRow *row = &unit->readings.rows[i];
    equal &= mix_row_get (row, ra) == mix_row_get (row, rb);
  }
  free (ra);
  free (rb);
  return equal;
}

/* ---- Reset ≡ fresh ------------------------------------------------------ */

/* Settings to move to that neither `prepare` nor latency cares about. */
static void *
other_params (const MixUnit *unit, const void *params)
{
  void *other = check_params (unit);
  variant_random (unit, other, 77);
  variant_keep (unit, other, params, MIX_SIZES_MEMORY | MIX_MOVES_LATENCY);
  return other;
}

/* An instance that has heard something else under other settings, in another
 * format too, and `heard` frames under these, and now should be as new. */
static void *
used_unit (const MixUnit *unit, const void *params, unsigned heard)
{
  MixFormat format = mix_format (48000, 2);
  void *before = check_params (unit);
  variant_keep (unit, before, params, MIX_SIZES_MEMORY);
  void *self = check_new_unit (unit, 44100, 6, before);
  CheckAudio noise = noise_audio (6, 3000, 1);
  check_process (unit, self, &noise, &noise, 500);
  CHECK (unit->prepare (self, &format, before), "%s again", unit->name);
  noise.channels = 2;
  check_process (unit, self, &noise, &noise, 500);
  unit->set (self, params);
  check_process_span (unit, self, &noise, &noise, 0, heard);
  unit->reset (self);
  noise.channels = 6;
  check_audio_free (&noise);
  free (before);
  return self;
}

static void
test_reset_after (
    const MixUnit *unit, void *params, const char *name, unsigned heard)
{
  unsigned frames = enough_frames (unit, params, 48000);
  CheckAudio in = noise_audio (2, frames, 0.5), out = check_audio (2, frames);
  CheckAudio again = check_audio (2, frames);
  void *other = other_params (unit, params);
  const Move moves[] = { { 1000, other }, { NO_MOVE, NULL } };
  void *fresh = check_new_unit (unit, 48000, 2, params);
  void *used = used_unit (unit, params, heard);
  if (unit->latency && unit->latency (used) != unit->latency (fresh)) {
    /* chosen by the settings of then, see MixUnit.prepare */
    MixFormat format = mix_format (48000, 2);
    CHECK (unit->prepare (used, &format, params), "%s once more", name);
    unit->reset (used);
  }
  CHECK (readings_equal (unit, used, fresh), "%s: readings at reset", name);
  run (unit, fresh, &out, &in, 1024, moves);
  run (unit, used, &again, &in, 1024, moves);
  CHECK (check_audio_equal (&out, &again), "%s, %u heard", name, heard);
  CHECK (readings_equal (unit, used, fresh), "%s: readings", name);
  CHECK (check_audio_finite (&out), "%s", name);
  check_free_unit (unit, fresh);
  check_free_unit (unit, used);
  check_audio_free (&again);
  check_audio_free (&out);
  check_audio_free (&in);
  free (other);
}

static void
test_reset (const MixUnit *unit, void *params, const char *name)
{
  test_reset_after (unit, params, name, 0);
  test_reset_after (unit, params, name, 333);
}

/* ---- Cuts --------------------------------------------------------------- */

static void
test_cuts (const MixUnit *unit, void *params, const char *name)
{
  static const unsigned cuts[] = { 0, 1, 7, 64, NO_MOVE / 2 };
  void *other = other_params (unit, params);
  const Move moves[] = { { 0, params }, { 777, other }, { 2000, params },
    { 2003, other }, { 2003, params }, { 3333, NULL }, { 5000, other },
    { NO_MOVE, NULL } };
  unsigned frames = enough_frames (unit, params, 48000);
  CheckAudio in = noise_audio (2, frames, 0.5);
  CheckAudio still = run_fresh (unit, params, &in, 1024, NULL);
  CheckAudio moved = run_fresh (unit, params, &in, 1024, moves);
  for (unsigned i = 0; i < sizeof cuts / sizeof *cuts; i++) {
    CheckAudio out = run_fresh (unit, params, &in, cuts[i], NULL);
    CHECK (check_audio_equal (&out, &still), "%s, cut %u", name, cuts[i]);
    check_audio_free (&out);
    out = run_fresh (unit, params, &in, cuts[i], moves);
    CHECK (
        check_audio_equal (&out, &moved), "%s, cut %u moving", name, cuts[i]);
    check_audio_free (&out);
  }
  check_audio_free (&still);
  check_audio_free (&moved);
  check_audio_free (&in);
  free (other);
}

/* ---- Flush -------------------------------------------------------------- */

static void *
heard_unit (const MixUnit *unit, const void *params)
{
  void *self = check_new_unit (unit, 48000, 2, params);
  CheckAudio noise = noise_audio (2, enough_frames (unit, params, 48000), 1);
  check_process (unit, self, &noise, &noise, 500);
  check_audio_free (&noise);
  return self;
}

/* Nothing rings on. */
static void
test_flush_is_silent (const MixUnit *unit, void *params, const char *name)
{
  CheckAudio audio
      = check_audio (2, enough_frames (unit, params, 48000) + 1000);
  void *self = heard_unit (unit, params);
  mix_unit_flush (unit, self);
  check_process (unit, self, &audio, &audio, 500);
  for (unsigned c = 0; c < 2; c++)
    CHECK (check_peak (audio.c[c], audio.frames) == 0, "%s: %g after a flush",
        name, check_peak (audio.c[c], audio.frames));
  check_free_unit (unit, self);
  check_audio_free (&audio);
}

/* Prepared again is set and flushed, in sound and readings. A unit that keeps
 * nothing is as new then. */
static void
test_prepared_again (const MixUnit *unit, void *params, const char *name)
{
  MixFormat format = mix_format (48000, 2);
  unsigned frames = enough_frames (unit, params, 48000);
  CheckAudio in = noise_audio (2, frames, 0.5), out = check_audio (2, frames);
  CheckAudio expected = check_audio (2, frames);
  void *other = other_params (unit, params);
  void *again = heard_unit (unit, other);
  void *flushed = unit->flush ? heard_unit (unit, other)
                              : check_new_unit (unit, 48000, 2, params);
  unit->set (flushed, params);
  mix_unit_flush (unit, flushed);
  CHECK (unit->prepare (again, &format, params), "%s", name);
  CHECK (readings_equal (unit, again, flushed), "%s: readings", name);
  run (unit, flushed, &expected, &in, 1024, NULL);
  run (unit, again, &out, &in, 1024, NULL);
  CHECK (check_audio_equal (&out, &expected), "%s: sound", name);
  CHECK (readings_equal (unit, again, flushed), "%s: readings after", name);
  check_free_unit (unit, again);
  check_free_unit (unit, flushed);
  check_audio_free (&expected);
  check_audio_free (&out);
  check_audio_free (&in);
  free (other);
}

/* ---- In place, read or not ---------------------------------------------- */

static void
test_in_place (const MixUnit *unit, void *params, const char *name)
{
  unsigned frames = enough_frames (unit, params, 48000);
  CheckAudio in = noise_audio (2, frames, 0.5),
             kept = noise_audio (2, frames, 0.5);
  CheckAudio out = run_fresh (unit, params, &in, 256, NULL);
  CHECK (check_audio_equal (&in, &kept), "%s: input changed", name);
  void *self = check_new_unit (unit, 48000, 2, params);
  run (unit, self, &in, &in, 256, NULL);
  CHECK (check_audio_equal (&in, &out), "%s", name);
  check_free_unit (unit, self);
  check_audio_free (&kept);
  check_audio_free (&out);
  check_audio_free (&in);
}

static void
test_reading (const MixUnit *unit, void *params, const char *name)
{
  if (!unit->read)
    return;
  void *self = check_new_unit (unit, 48000, 2, params);
  void *readings = calloc (1, unit->readings.size);
  CheckAudio in = noise_audio (2, enough_frames (unit, params, 48000), 0.5);
  CheckAudio out = run_fresh (unit, params, &in, 1024, NULL);
  for (unsigned at = 0, to; at < in.frames; at = to) {
    to = at + mix_min (100, in.frames - at);
    check_process_span (unit, self, &in, &in, at, to);
    unit->read (self, readings);
  }
  CHECK (check_audio_equal (&in, &out), "%s", name);
  for (unsigned i = 0; i < unit->readings.count; i++)
    CHECK (isfinite (mix_row_get (&unit->readings.rows[i], readings)), "%s: %s",
        name, unit->readings.rows[i].name);
  check_free_unit (unit, self);
  check_audio_free (&out);
  check_audio_free (&in);
  free (readings);
}

/* ---- Formats ------------------------------------------------------------ */

static CheckAudio
run_format (const MixUnit *unit, const MixFormat *format, const void *params,
    unsigned frames, unsigned cut)
{
  CheckAudio audio = noise_audio (format->channels, frames, 0.5);
  void *self = mix_alloc (1, unit->size);
  if (CHECK (unit->prepare (self, format, params), "%s at %u Hz, %u channels",
          unit->name, format->rate, format->channels))
    run (unit, self, &audio, &audio, cut, NULL);
  check_free_unit (unit, self);
  return audio;
}

static void
test_format (const MixUnit *unit, const MixFormat *format, const void *params,
    const char *name)
{
  unsigned frames = enough_frames (unit, params, format->rate);
  CheckAudio out = run_format (unit, format, params, frames, 1024);
  CheckAudio again = run_format (unit, format, params, frames, 77);
  CHECK (check_audio_finite (&out), "%s, %u Hz, %u channels", name,
      format->rate, format->channels);
  CHECK (check_audio_equal (&out, &again), "%s cut at %u Hz, %u channels", name,
      format->rate, format->channels);
  check_audio_free (&out);
  check_audio_free (&again);
}

static void
test_formats (const MixUnit *unit, void *params, const char *name)
{
  static const unsigned rates[]
      = { 1, 50, 8000, 11025, 22050, 44100, 96000, 192000, 384000 };
  static const unsigned channels[] = { 1, 3, 6, 8, MIX_MAX_CHANNELS };
  MixFormat format;
  for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
    format = mix_format (rates[i], 2);
    test_format (unit, &format, params, name);
  }
  for (unsigned i = 0; i < sizeof channels / sizeof *channels; i++) {
    format = mix_format (48000, channels[i]);
    test_format (unit, &format, params, name);
  }
  format = mix_format (48000, 2);
  format.speakers[0] = format.speakers[1] = MIX_SPEAKER_NONE;
  test_format (unit, &format, params, name);
}

static void
test_unit (const MixUnit *unit)
{
  const unsigned all = VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_RANDOM;
  test_variants (unit, all, test_reset);
  test_variants (unit, all, test_cuts);
  test_variants (unit, all, test_flush_is_silent);
  test_variants (unit, all, test_prepared_again);
  test_variants (unit, VARIANT_DEFAULT | VARIANT_RANDOM, test_in_place);
  test_variants (unit, VARIANT_DEFAULT | VARIANT_RANDOM, test_reading);
  test_variants (unit, VARIANT_DEFAULT | VARIANT_SOME, test_formats);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
