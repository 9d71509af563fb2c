/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The roles that channels have, the same in every unit (see unit.h): an LFE
 * moves nothing but itself, a stream of nothing but LFE channels is made of
 * ordinary ones, and channels without a place are nobody's LFE.
 */
#include <stdlib.h>
#include <string.h>

#include "variants.h"

#define RATE 48000
#define FRAMES 12000
#define LFE_OF_51 3

static MixFormat
format_of (MixSpeaker speaker, unsigned channels)
{
  MixFormat format = { .rate = RATE, .channels = channels };
  for (unsigned c = 0; c < channels; c++)
    format.speakers[c] = speaker;
  return format;
}

/* What comes out, and in `readings` what was measured of it. */
static CheckAudio
run (const MixUnit *unit, const void *params, const MixFormat *format,
    const CheckAudio *in, void *readings)
{
  CheckAudio out = check_audio (in->channels, in->frames);
  void *self = calloc (1, unit->size);
  CHECK (
      self && unit->prepare (self, format, params), "prepare %s", unit->name);
  check_process (unit, self, &out, in, 1024);
  if (readings && unit->read)
    unit->read (self, readings);
  unit->release (self);
  free (self);
  return out;
}

static bool
are_same_readings (const MixUnit *unit, const void *a, const void *b)
{
  for (unsigned i = 0; i < unit->readings.count; i++)
    if (mix_row_get (&unit->readings.rows[i], a)
        != mix_row_get (&unit->readings.rows[i], b))
      return false;
  return true;
}

/* The same as channels of another kind that is no pair either. */
static void
check_only_lfe (const MixUnit *unit, const void *params, const char *name,
    MixSpeaker other, unsigned channels)
{
  MixFormat lfe = format_of (MIX_SPEAKER_LFE, channels);
  MixFormat plain = format_of (other, channels);
  CheckAudio in = noise_audio (channels, FRAMES, 0.5);
  size_t size = unit->readings.size + 1;
  void *of_lfe = calloc (1, size), *of_plain = calloc (1, size);
  CheckAudio a = run (unit, params, &lfe, &in, of_lfe);
  CheckAudio b = run (unit, params, &plain, &in, of_plain);
  CHECK (check_audio_equal (&a, &b), "%s: %u LFE alone", name, channels);
  CHECK (are_same_readings (unit, of_lfe, of_plain),
      "%s: readings of %u LFE alone", name, channels);
  CHECK (check_remarks (unit, params, &lfe)
             == check_remarks (unit, params, &plain),
      "%s: remarks on %u LFE alone", name, channels);
  check_audio_free (&in);
  check_audio_free (&a);
  check_audio_free (&b);
  free (of_lfe);
  free (of_plain);
}

static void
test_only_lfe (const MixUnit *unit, void *params, const char *name)
{
  check_only_lfe (unit, params, name, MIX_SPEAKER_MONO, 1);
  check_only_lfe (unit, params, name, MIX_SPEAKER_OTHER, 2);
}

/* The others do not know whether there is anything in the LFE. */
static void
test_lfe_of_51 (const MixUnit *unit, void *params, const char *name)
{
  MixFormat format = mix_format (RATE, 6);
  CheckAudio in = noise_audio (6, FRAMES, 0.25);
  CheckAudio with = run (unit, params, &format, &in, NULL);
  check_noise (in.c[LFE_OF_51], FRAMES, 1, 99);
  CheckAudio loud = run (unit, params, &format, &in, NULL);
  memset (in.c[LFE_OF_51], 0, FRAMES * sizeof (float));
  CheckAudio without = run (unit, params, &format, &in, NULL);
  for (unsigned c = 0; c < 6; c++) {
    if (c == LFE_OF_51)
      continue;
    size_t size = FRAMES * sizeof (float);
    CHECK (memcmp (with.c[c], without.c[c], size) == 0
               && memcmp (with.c[c], loud.c[c], size) == 0,
        "%s: channel %u hears the LFE", name, c);
  }
  check_audio_free (&in);
  check_audio_free (&with);
  check_audio_free (&loud);
  check_audio_free (&without);
}

/* What is done to mono is done to each channel without a place. */
static void
test_unpositioned (const MixUnit *unit, void *params, const char *name)
{
  MixFormat mono = mix_format (RATE, 1);
  CheckAudio one = noise_audio (1, FRAMES, 0.25);
  CheckAudio out = run (unit, params, &mono, &one, NULL);
  bool changes = !check_audio_equal (&one, &out);
  check_audio_free (&out);
  check_audio_free (&one);
  for (unsigned channels = 3; channels < 10; channels += 3) {
    MixFormat format = format_of (MIX_SPEAKER_NONE, channels);
    CheckAudio in = noise_audio (channels, FRAMES, 0.25);
    out = run (unit, params, &format, &in, NULL);
    for (unsigned c = 0; c < channels; c++)
      CHECK (
          !changes || memcmp (in.c[c], out.c[c], FRAMES * sizeof (float)) != 0,
          "%s: channel %u of %u without a place is left out", name, c,
          channels);
    check_audio_free (&in);
    check_audio_free (&out);
  }
}

/* All channels are alike: positions change nothing. */
static void
test_no_roles (const MixUnit *unit, void *params, const char *name)
{
  MixFormat surround = mix_format (RATE, 6);
  MixFormat plain = format_of (MIX_SPEAKER_NONE, 6);
  CheckAudio in = noise_audio (6, FRAMES, 0.25);
  CheckAudio a = run (unit, params, &surround, &in, NULL);
  CheckAudio b = run (unit, params, &plain, &in, NULL);
  CHECK (check_audio_equal (&a, &b), "%s: positions matter", name);
  check_audio_free (&in);
  check_audio_free (&a);
  check_audio_free (&b);
}

static void
test_roles (const MixUnit *unit, void *params, const char *name)
{
  if (unit->flags & MIX_UNIT_NO_ROLES) {
    test_no_roles (unit, params, name);
    return;
  }
  test_only_lfe (unit, params, name);
  test_lfe_of_51 (unit, params, name);
  test_unpositioned (unit, params, name);
}

/* ---- What needs a pair --------------------------------------------------- */

/* Settings that do nothing, or not what they say, where there is no left and
 * right: the number of remarks in each format. */
static const struct {
  const char *unit, *name, *choice;
  double value; /* unless there is a choice */
  unsigned mono, stereo, unpositioned;
} needs[] = {
  { "eq", "channels", "all", 0, 0, 0, 0 },
  { "eq", "channels", "left", 0, 0, 0, 1 },
  { "eq", "channels", "right", 0, 1, 0, 1 },
  { "eq", "channels", "mid", 0, 0, 0, 1 },
  { "eq", "channels", "side", 0, 1, 0, 1 },
  { "compressor", "source", "max", 0, 0, 0, 0 },
  { "compressor", "source", "average", 0, 0, 0, 0 },
  { "compressor", "source", "mid", 0, 0, 0, 1 },
  { "compressor", "source", "side", 0, 1, 0, 1 },
  { "delay", "ping-pong", NULL, 1, 1, 0, 1 },
  { "delay", "offset", NULL, 20, 1, 0, 1 },
  { "delay", "width", NULL, 150, 1, 0, 1 },
  { "delay", "width", NULL, 50, 0, 0, 0 },
  { "imager", "width", NULL, 150, 1, 0, 1 },
  { "imager", "pan", NULL, 50, 1, 0, 1 },
  { "reverb", "width", NULL, 150, 1, 0, 1 },
  { "reverb", "width", NULL, 50, 0, 0, 0 },
};

static void
put_need (const MixUnit *unit, void *params, unsigned i)
{
  if (unit->group) {
    check_set_band (unit, params, 0, "gain", 6);
    check_choose_band (unit, params, 0, needs[i].name, needs[i].choice);
  } else if (needs[i].choice) {
    check_choose (unit, params, needs[i].name, needs[i].choice);
  } else {
    check_set (unit, params, needs[i].name, needs[i].value);
  }
}

static void
check_need (const MixUnit *unit, const void *params, unsigned i,
    const MixFormat *format, unsigned wanted)
{
  unsigned said = check_remarks (unit, params, format);
  CHECK (said == wanted, "%s: %s %s %g on %u channels: %u remarks, not %u",
      unit->name, needs[i].name, needs[i].choice ? needs[i].choice : "",
      needs[i].value, format->channels, said, wanted);
}

/* What is said to do nothing does nothing. */
static void
check_nothing (const MixUnit *unit, const void *params, unsigned i,
    const MixFormat *format)
{
  void *defaults = check_params (unit);
  CheckAudio in = noise_audio (format->channels, FRAMES, 0.25);
  CheckAudio with = run (unit, params, format, &in, NULL);
  CheckAudio without = run (unit, defaults, format, &in, NULL);
  CHECK (check_audio_equal (&with, &without), "%s: %s on %u channels",
      unit->name, needs[i].name, format->channels);
  check_audio_free (&in);
  check_audio_free (&with);
  check_audio_free (&without);
  free (defaults);
}

static void
test_needs (const MixUnit *unit)
{
  MixFormat mono = mix_format (RATE, 1), stereo = mix_format (RATE, 2);
  MixFormat unpositioned = format_of (MIX_SPEAKER_NONE, 6);
  for (unsigned i = 0; i < sizeof needs / sizeof *needs; i++) {
    if (strcmp (needs[i].unit, unit->name) != 0)
      continue;
    void *params = check_params (unit);
    put_need (unit, params, i);
    check_need (unit, params, i, &mono, needs[i].mono);
    check_need (unit, params, i, &stereo, needs[i].stereo);
    check_need (unit, params, i, &unpositioned, needs[i].unpositioned);
    if (!needs[i].choice) {
      check_nothing (unit, params, i, &mono);
      check_nothing (unit, params, i, &unpositioned);
    }
    free (params);
  }
}

/* Default settings cause no remark. */
static void
test_defaults_are_silent (const MixUnit *unit)
{
  void *params = check_params (unit);
  for (unsigned channels = 1; channels <= 9; channels++) {
    MixFormat format = mix_format (RATE, channels);
    CHECK (check_remarks (unit, params, &format) == 0,
        "%s: remarks on defaults, %u channels", unit->name, channels);
  }
  free (params);
}

static void
test_unit (const MixUnit *unit)
{
  test_needs (unit);
  test_defaults_are_silent (unit);
  test_variants (
      unit, VARIANT_DEFAULT | VARIANT_CHOICES | VARIANT_SOME, test_roles);
}

int
main (int argc, char **argv)
{
  return test_units (argc, argv, test_unit);
}
