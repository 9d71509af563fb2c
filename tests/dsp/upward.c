/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Upward compression: the curve with its floor, room noise that is not raised,
 * onsets after a boost, and a voice whose level is even already.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define RATE 48000

static double
gain_of (double db)
{
  return pow (10, db / 20);
}

static double
db_of (double gain)
{
  return 20 * log10 (fmax (gain, 1e-12));
}

static void
run (const void *params, const CheckAudio *out, const CheckAudio *in)
{
  void *self = check_new_unit (&mix_compressor, RATE, in->channels, params);
  check_process (&mix_compressor, self, out, in, 1024);
  check_free_unit (&mix_compressor, self);
}

static void *
new_params (const char *mode, double threshold, double ratio, double knee)
{
  void *params = check_params (&mix_compressor);
  check_choose (&mix_compressor, params, "mode", mode);
  check_set (&mix_compressor, params, "threshold", threshold);
  check_set (&mix_compressor, params, "ratio", ratio);
  check_set (&mix_compressor, params, "knee", knee);
  return params;
}

/* ---- Presets ------------------------------------------------------------ */

static void
put_text (void *params, const char *name, const char *value)
{
  const MixRow *row = mix_table_find (&mix_compressor.params, name);
  if (row && row->kind == MIX_CHOICE)
    check_choose (&mix_compressor, params, name, value);
  else if (row && row->kind == MIX_BOOL)
    check_set (&mix_compressor, params, name, strcmp (value, "true") == 0);
  else
    check_set (&mix_compressor, params, name, atof (value));
}

static void *
preset_params (const char *preset)
{
  char line[200], section[80], name[80], value[80];
  void *params = check_params (&mix_compressor);
  FILE *file = fopen (MIX_PRESETS "/GstMixCompressor.prs", "r");
  bool inside = false, found = false;
  while (file && fgets (line, sizeof line, file)) {
    if (sscanf (line, "[%79[^]]]", section) == 1)
      inside = strcmp (section, preset) == 0;
    else if (inside && line[0] != '_'
             && sscanf (line, "%79[^=]=%79s", name, value) == 2) {
      put_text (params, name, value);
      found = true;
    }
  }
  if (file)
    fclose (file);
  CHECK (found, "preset %s", preset);
  return params;
}

/* ---- The curve ---------------------------------------------------------- */

typedef struct {
  double threshold, ratio, knee, floor;
} Curve;

/* Giannoulis, Massberg and Reiss, JAES 60, 2012, eq. 4, mirrored; at most 24
 * dB; and the floor, whose share is 3 t² - 2 t³ over 12 dB. */
static double
expected_boost (Curve c, double level)
{
  double under = c.threshold - level,
         slope = c.ratio >= 100 ? 1 : 1 - 1 / c.ratio;
  double t = fmin (fmax ((level - c.floor) / 12, 0), 1), boost = slope * under;
  if (2 * under <= -c.knee)
    boost = 0;
  else if (2 * under < c.knee)
    boost = slope * (under + c.knee / 2) * (under + c.knee / 2) / (2 * c.knee);
  return fmin (boost, 24) * (3 * t * t - 2 * t * t * t);
}

/* Output level of a sine of that level, once it is steady. */
static double
steady_level (const void *params, double level)
{
  CheckAudio audio = check_audio (1, RATE * 8 / 10);
  unsigned tail = RATE / 10;
  check_sine (audio.c[0], audio.frames, 1000, RATE, gain_of (level));
  run (params, &audio, &audio);
  double out = check_rms (audio.c[0] + audio.frames - tail, tail) * sqrt (2);
  check_audio_free (&audio);
  return db_of (out);
}

static void
test_curve (Curve c, const char *detector)
{
  char name[120];
  double worst = 0, least_step = 99, last = -200;
  void *params = new_params ("upward", c.threshold, c.ratio, c.knee);
  check_set (&mix_compressor, params, "floor", c.floor);
  check_choose (&mix_compressor, params, "detector", detector);
  for (double level = c.floor - 6; level <= 0; level += 1.5) {
    double out = steady_level (params, level);
    double error = out - level - expected_boost (c, level);
    worst = fabs (error) > fabs (worst) ? error : worst;
    least_step = fmin (least_step, out - last);
    last = out;
  }
  snprintf (name, sizeof name, "upward %g:%g knee %g floor %g, %s, worst",
      c.threshold, c.ratio, c.knee, c.floor, detector);
  check_figure (name, worst, -0.1, 0.1, "dB");
  check_figure (
      "output step for a louder sine, least", least_step, -0.01, 99, "dB");
  free (params);
}

static void
test_curves (void)
{
  test_curve ((Curve){ -18, 4, 6, -60 }, "peak");
  test_curve ((Curve){ -24, 6, 12, -54 }, "rms");
  test_curve ((Curve){ -20, 100, 0, -70 }, "peak");
  test_curve ((Curve){ -40, 2, 0, -45 }, "peak");
}

/* ---- Onsets ------------------------------------------------------------- */

/* By how much the loudest sample of the output exceeds the louder of the input
 * and the curve, when a tone steps from one level to another (dBFS). */
static double
overshoot (const void *params, double hz, double before, double after)
{
  unsigned step = 2 * RATE + RATE / 2, frames = 3 * RATE;
  CheckAudio audio = check_audio (1, frames);
  double low = gain_of (before), high = gain_of (after), curve = -200;
  for (unsigned i = 0; i < frames; i++)
    audio.c[0][i]
        = (float)((i < step ? low : high) * cos (2 * MIX_PI * hz * i / RATE));
  run (params, &audio, &audio);
  double peak = db_of (check_peak (audio.c[0] + step - 4800, frames - step));
  curve = fmax (steady_level (params, after), steady_level (params, before));
  check_audio_free (&audio);
  return peak - fmax (fmax (before, after), curve);
}

static void
test_onset (const char *mode, const char *detector, double attack,
    double look_ahead, double hz, double after)
{
  char name[160];
  void *params = new_params (mode, -24, 6, 6);
  check_choose (&mix_compressor, params, "detector", detector);
  check_set (&mix_compressor, params, "attack", attack);
  check_set (&mix_compressor, params, "floor", -84);
  check_set (&mix_compressor, params, "look-ahead", look_ahead);
  snprintf (name, sizeof name,
      "onset -60 to %g dBFS, %g Hz, %s, %s, attack %g, look-ahead %g: over",
      after, hz, mode, detector, attack, look_ahead);
  check_figure (name, overshoot (params, hz, -60, after), -24, 2, "dB");
  free (params);
}

/* Sound that is still in the delay when the input becomes quiet is not
 * raised. */
static void
test_end (void)
{
  void *params = new_params ("upward", -24, 6, 6);
  check_set (&mix_compressor, params, "look-ahead", 20);
  check_set (&mix_compressor, params, "release", 1);
  check_figure ("end -12 to -44 dBFS, look-ahead 20, release 1: over",
      overshoot (params, 1000, -12, -44), -24, 2, "dB");
  free (params);
}

static void
test_onsets (void)
{
  static const double attacks[] = { 0.1, 10, 500 };
  for (unsigned a = 0; a < 3; a++)
    for (unsigned k = 0; k < 2; k++) {
      const char *mode = k ? "both" : "upward";
      test_onset (mode, "peak", attacks[a], 0, 1000, -12);
      test_onset (mode, "rms", attacks[a], 0, 1000, -12);
      test_onset (mode, "peak", attacks[a], 5, 1000, -12);
      test_onset (mode, "peak", attacks[a], 0, 100, -12);
      test_onset (mode, "peak", attacks[a], 0, 1000, -40);
      test_onset (mode, "peak", attacks[a], 0, 1000, 0);
    }
}

/* ---- A voice in a room -------------------------------------------------- */

/* Vowels of some syllables: two resonances (Hz). */
static const double vowels[][2]
    = { { 700, 1100 }, { 400, 2000 }, { 500, 900 }, { 300, 2300 } };

typedef struct {
  double a1, a2, y1, y2;
} Resonance;

static void
tune (Resonance *r, double hz)
{
  double radius = exp (-MIX_PI * 90 / RATE);
  r->a1 = 2 * radius * cos (2 * MIX_PI * hz / RATE);
  r->a2 = -radius * radius;
}

static double
ring (Resonance *r, double x)
{
  double y = x + r->a1 * r->y1 + r->a2 * r->y2;
  r->y2 = r->y1;
  r->y1 = y;
  return y;
}

#define SYLLABLE (RATE / 5)
#define PHRASE 12 /* syllables, the last four of which are a pause */
#define SPOKEN 8

static bool
is_spoken (unsigned frame)
{
  return frame / SYLLABLE % PHRASE < SPOKEN;
}

/* The gain of a syllable: up in 30 ms, down towards its end. */
static double
syllable_gain (unsigned frame)
{
  double t = (double)(frame % SYLLABLE) / SYLLABLE;
  double up = fmin (t / 0.15, 1), down = fmin ((1 - t) / 0.5, 1);
  return sin (MIX_PI / 2 * up) * down * down;
}

/* Syllables of a voice at 120 Hz, stressed by up to ±3 dB, in phrases of 1.6 s
 * with pauses of 0.8 s. `level` is the RMS of a syllable. */
static void
add_voice (float *out, unsigned frames, double level_db)
{
  static float voice[SYLLABLE];
  uint64_t state = 5;
  for (unsigned at = 0; at + SYLLABLE <= frames; at += SYLLABLE) {
    uint64_t draw = check_random (&state) >> 40;
    double stress = (double)(draw / 4 % 7) - 3;
    Resonance r[2] = { { 0 } };
    if (!is_spoken (at))
      continue;
    for (unsigned k = 0; k < 2; k++)
      tune (&r[k], vowels[draw % 4][k]);
    for (unsigned i = 0; i < SYLLABLE; i++)
      voice[i] = (float)(ring (&r[1], ring (&r[0], i % (RATE / 120) == 0))
                         * syllable_gain (i));
    double scale = gain_of (level_db + stress) / check_rms (voice, SYLLABLE);
    for (unsigned i = 0; i < SYLLABLE; i++)
      out[at + i] += (float)(voice[i] * scale);
  }
}

#define SECONDS 24

static CheckAudio
voice_in_room (double voice_db, double room_db)
{
  CheckAudio audio = check_audio (1, SECONDS * RATE);
  check_pink (audio.c[0], audio.frames, gain_of (room_db), 9);
  add_voice (audio.c[0], audio.frames, voice_db);
  return audio;
}

/* RMS of the pauses without their first `skip` seconds. */
static double
room_level (const CheckAudio *audio, double skip)
{
  double power = 0;
  unsigned count = 0, start = SPOKEN * SYLLABLE + (unsigned)(skip * RATE);
  for (unsigned i = 0; i < audio->frames; i++)
    if (i % (PHRASE * SYLLABLE) >= start) {
      power += (double)(audio->c[0][i] * audio->c[0][i]);
      count++;
    }
  return db_of (sqrt (power / count));
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* From the 10th to the 95th percentile of the loudness of all intervals of
 * 0.4 s that end within a phrase, after the first two phrases. */
static double
spread (const CheckAudio *audio)
{
  static double loudness[SECONDS * 10];
  unsigned count = 0, tenth = RATE / 10;
  void *self = check_new_unit (&mix_meter, RATE, 1, NULL);
  for (unsigned at = 0; at + tenth <= audio->frames; at += tenth) {
    unsigned syllable = (at + tenth - 1) / SYLLABLE % PHRASE;
    check_process_span (&mix_meter, self, audio, audio, at, at + tenth);
    double now = check_read (&mix_meter, self, "momentary");
    if (at > 2 * PHRASE * SYLLABLE && syllable < SPOKEN)
      loudness[count++] = now;
  }
  check_free_unit (&mix_meter, self);
  qsort (loudness, count, sizeof *loudness, compare);
  return loudness[count * 95 / 100] - loudness[count / 10];
}

static void
test_voice (
    const char *label, const void *params, double voice_db, double room_db)
{
  char name[160];
  CheckAudio in = voice_in_room (voice_db, room_db);
  CheckAudio out = check_audio (1, in.frames);
  run (params, &out, &in);
  double before = spread (&in), after = spread (&out);
  snprintf (name, sizeof name, "%s, voice %g, room %g dBFS: room raised by",
      label, voice_db, room_db);
  check_figure (
      name, room_level (&out, 0.2) - room_level (&in, 0.2), -1, 1, "dB");
  snprintf (name, sizeof name, "%s, voice %g: spread of %.2f LU becomes", label,
      voice_db, before);
  check_figure (name, after, 0, before, "LU");
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
test_voices (void)
{
  void *preset = preset_params ("too-close-too-far");
  void *peak = new_params ("both", -24, 4, 6);
  void *unlinked = new_params ("upward", -24, 4, 6);
  check_set (&mix_compressor, unlinked, "link", 0);
  check_set (&mix_compressor, unlinked, "look-ahead", 10);
  for (double voice = -42; voice <= -10; voice += 8) {
    test_voice ("too-close-too-far", preset, voice, -64);
    test_voice ("peak", peak, voice, -64);
  }
  test_voice ("too-close-too-far, loud room", preset, -28, -57);
  test_voice ("with look-ahead", unlinked, -28, -64);
  free (preset);
  free (peak);
  free (unlinked);
}

int
main (void)
{
  test_curves ();
  test_onsets ();
  test_end ();
  test_voices ();
  return check_end ();
}
