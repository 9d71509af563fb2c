/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ducker against its declaration. The gain is read from a constant input
 * beside a key; loudness is measured by the unit `meter`, which is held to the
 * tables of the EBU elsewhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define INPUT 0.5f
#define RATE 48000u

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

static void *
new_params (double look_ahead_ms)
{
  void *params = check_params (&mix_duck);
  check_set (&mix_duck, params, "look-ahead", look_ahead_ms);
  return params;
}

static void
put (void *params, const char *name, double value)
{
  check_set (&mix_duck, params, name, value);
}

static double
gain_of (double db)
{
  return pow (10, db / 20);
}

/* Ducks `audio`, of one channel, by `key`. */
static void
duck (const void *params, unsigned rate, CheckAudio *audio, CheckAudio *key)
{
  void *self = check_new_unit (&mix_duck, rate, 1, params);
  check_process_key (&mix_duck, self, audio, audio, key, 1024);
  check_free_unit (&mix_duck, self);
}

/* Reductions in dB that a constant gets from a key, which is freed. */
static CheckAudio
reductions (const void *params, unsigned rate, CheckAudio *key)
{
  CheckAudio audio = check_audio (1, key->frames);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = INPUT;
  duck (params, rate, &audio, key);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = -20 * log10f (fmaxf (audio.c[0][i] / INPUT, 1e-10f));
  check_audio_free (key);
  return audio;
}

/* A tone of -20 dBFS from one frame to another, else silence. */
static CheckAudio
burst (unsigned frames, unsigned from, unsigned to, unsigned rate)
{
  CheckAudio key = check_audio (1, frames);
  check_sine (key.c[0] + from, to - from, 1000, rate, 0.1);
  return key;
}

/* ---- Gain ------------------------------------------------------------------
 */

static void
test_depth (void)
{
  const double depths[] = { 0, 3, 12, 30, 60 };
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < 5; i++) {
      void *params = new_params (100);
      put (params, "depth", depths[i]);
      CheckAudio key
          = burst (rates[r] * 2, rates[r] / 4, rates[r] * 2, rates[r]);
      CheckAudio gains = reductions (params, rates[r], &key);
      check_figure ("depth", (double)gains.c[0][gains.frames - 1],
          depths[i] - 0.1, depths[i] + 0.1, "dB");
      check_audio_free (&gains);
      free (params);
    }
}

static double
ms_to (
    const CheckAudio *gains, unsigned from, double at, bool up, unsigned rate)
{
  unsigned i = from;
  while (i < gains->frames && ((double)gains->c[0][i] < at) == up)
    i++;
  return (i - from) * 1000.0 / rate;
}

static void
test_times (void)
{
  const double attacks[] = { 1, 10, 50, 400 };
  const double releases[] = { 20, 100, 800, 1500 };
  char name[80];
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned i = 0; i < 4; i++) {
      const unsigned rate = rates[r], from = rate / 4, to = rate * 3;
      void *params = new_params (0);
      put (params, "attack", attacks[i]);
      put (params, "release", releases[i]);
      put (params, "hold", 100);
      CheckAudio key = burst (rate * 6, from, to, rate);
      CheckAudio gains = reductions (params, rate, &key);
      snprintf (name, sizeof name, "attack %g ms, %u Hz", attacks[i], rate);
      /* the detector shows a tone of 1 kHz a quarter of a cycle late */
      check_figure (name, ms_to (&gains, from, 12 * (1 - exp (-1)), true, rate),
          attacks[i] * 0.95, attacks[i] * 1.05 + 0.25, "ms");
      snprintf (name, sizeof name, "release %g ms, %u Hz", releases[i], rate);
      check_figure (name, ms_to (&gains, to, 12 * exp (-1), false, rate) - 100,
          releases[i] * 0.9, releases[i] * 1.1 + 8, "ms");
      check_audio_free (&gains);
      free (params);
    }
}

/* Words with pauses shorter than the hold: no pumping. */
static void
test_hold (void)
{
  void *params = new_params (0);
  CheckAudio key = check_audio (1, RATE * 4);
  for (unsigned at = 0; at < 4 * RATE; at += RATE / 2)
    check_sine (key.c[0] + at, RATE / 6, 300, RATE, 0.1);
  CheckAudio gains = reductions (params, RATE, &key);
  float least = 60, most = 0;
  for (unsigned i = RATE; i < 4 * RATE - RATE / 4; i++) {
    least = fminf (least, gains.c[0][i]);
    most = fmaxf (most, gains.c[0][i]);
  }
  check_figure ("reduction between words", (double)least, 11.99, 12.01, "dB");
  check_figure ("reduction in words", (double)most, 11.99, 12.01, "dB");
  check_audio_free (&gains);
  free (params);
}

/* At defaults, when the first word arrives. */
static void
test_look_ahead (void)
{
  void *params = new_params (100);
  CheckAudio key = burst (RATE * 2, RATE, 2 * RATE, RATE);
  CheckAudio gains = reductions (params, RATE, &key);
  check_figure ("reduction at the first word",
      (double)gains.c[0][RATE + RATE / 10], 10.8, 12, "dB");
  check_figure ("reduction before the look-ahead", (double)gains.c[0][RATE - 1],
      0, 0, "dB");
  check_audio_free (&gains);
  free (params);
}

/* No corner: what the gain has over 500 Hz. */
static void
test_smooth (void)
{
  void *params = new_params (0);
  CheckAudio key = burst (RATE * 6, RATE, RATE * 3, RATE);
  CheckAudio audio = check_audio (1, key.frames);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i] = 1;
  duck (params, RATE, &audio, &key);
  check_high_pass (audio.c[0], audio.c[0], audio.frames, 500, RATE);
  check_figure ("gain over 500 Hz",
      20 * log10 (check_peak (audio.c[0] + RATE / 2, audio.frames - RATE / 2)),
      -INFINITY, -65, "dB");
  check_audio_free (&audio);
  check_audio_free (&key);
  free (params);
}

/* Silence in the key: not a bit changes, in either band and mode. */
static void
test_untouched (void)
{
  for (unsigned i = 0; i < 4; i++) {
    void *params = new_params (10);
    check_choose (&mix_duck, params, "mode", i % 2 ? "loudness" : "gain");
    check_choose (&mix_duck, params, "band", i / 2 ? "speech" : "full");
    CheckAudio in = check_audio (1, RATE), out = check_audio (1, RATE);
    CheckAudio key = check_audio (1, RATE);
    check_noise (in.c[0], RATE, 0.3, 2);
    void *self = check_new_unit (&mix_duck, RATE, 1, params);
    check_process_key (&mix_duck, self, &out, &in, &key, 777);
    CHECK (memcmp (out.c[0] + 480, in.c[0], (RATE - 480) * sizeof (float)) == 0,
        "untouched, case %u", i);
    check_free_unit (&mix_duck, self);
    check_audio_free (&in);
    check_audio_free (&out);
    check_audio_free (&key);
    free (params);
  }
}

/* ---- The speech band --------------------------------------------------------
 */

static double
reduction_at (double hz, unsigned rate)
{
  void *params = new_params (0);
  check_choose (&mix_duck, params, "band", "speech");
  CheckAudio audio = check_audio (1, rate * 2);
  CheckAudio key = burst (rate * 2, 0, rate * 2, rate);
  double exact = check_coherent (hz, rate, rate);
  check_sine (audio.c[0], audio.frames, exact, rate, 0.5);
  duck (params, rate, &audio, &key);
  double left = check_amplitude (audio.c[0] + rate, rate, exact, rate);
  check_audio_free (&audio);
  check_audio_free (&key);
  free (params);
  return -20 * log10 (left / 0.5);
}

static void
test_speech_band (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    check_figure ("1100 Hz", reduction_at (1100, rates[r]), 11.9, 12.1, "dB");
    check_figure ("700 Hz", reduction_at (700, rates[r]), 11, 12.1, "dB");
    check_figure ("60 Hz", reduction_at (60, rates[r]), -0.1, 0.5, "dB");
    check_figure ("18 kHz", reduction_at (18000, rates[r]), -0.1, 0.5, "dB");
  }
}

/* ---- Loudness ---------------------------------------------------------------
 */

/* BS.1770 integrated, behind the first second. */
static double
loudness (const CheckAudio *audio)
{
  void *self = check_new_unit (&mix_meter, RATE, 1, NULL);
  check_process_span (&mix_meter, self, audio, audio, RATE, audio->frames);
  double integrated = check_read (&mix_meter, self, "integrated");
  check_free_unit (&mix_meter, self);
  return integrated;
}

/* Like speech: syllables of changing loudness, four a second, and a pause of
 * half a second every two seconds. */
static CheckAudio
speech (unsigned seconds, double level)
{
  CheckAudio key = check_audio (1, seconds * RATE);
  uint64_t state = 5;
  double loud = 1;
  check_pink (key.c[0], key.frames, 0.1, 9);
  for (unsigned i = 0; i < key.frames; i++) {
    double t = (double)i / RATE;
    if (i % (RATE / 4) == 0)
      loud = 0.4 + 0.6 * (double)(check_random (&state) >> 40) / 16777216;
    double syllable = pow (sin (M_PI * fmod (4 * t, 1)), 2);
    key.c[0][i] *= (float)(level * loud * syllable * (fmod (t, 2) < 1.5));
  }
  return key;
}

/* Steady, or swelling by 8 dB every six seconds. */
static CheckAudio
music (unsigned seconds, double level, bool swells)
{
  CheckAudio audio = check_audio (1, seconds * RATE);
  check_pink (audio.c[0], audio.frames, 0.1, 4);
  for (unsigned i = 0; i < audio.frames; i++)
    audio.c[0][i]
        *= (float)(level
                   * (swells ? gain_of (4 * sin (2 * M_PI * i / (6.0 * RATE)))
                             : 1));
  return audio;
}

static void
test_loudness (void)
{
  const double voices[] = { 0.2, 1, 3 }, distances[] = { 5, 10, 15 };
  char name[80];
  for (unsigned v = 0; v < 3; v++)
    for (unsigned k = 0; k < 6; k++) {
      void *params = new_params (100);
      double behind = distances[k / 2];
      CheckAudio key = speech (30, voices[v]);
      CheckAudio audio = music (30, 1.5 * voices[v], k % 2);
      check_choose (&mix_duck, params, "mode", "loudness");
      put (params, "depth", 40);
      put (params, "behind", behind);
      double voice = loudness (&key);
      duck (params, RATE, &audio, &key);
      snprintf (name, sizeof name, "%s music behind %.1f LUFS",
          k % 2 ? "swelling" : "steady", voice);
      check_figure (
          name, voice - loudness (&audio), behind - 0.5, behind + 0.5, "LU");
      check_audio_free (&audio);
      check_audio_free (&key);
      free (params);
    }
}

/* It is 20 LU behind already. */
static void
test_soft_music (void)
{
  void *params = new_params (0);
  CheckAudio key = speech (10, 1);
  CheckAudio in = music (10, 0.03, true), out = music (10, 0.03, true);
  check_choose (&mix_duck, params, "mode", "loudness");
  duck (params, RATE, &out, &key);
  CHECK (check_audio_equal (&in, &out), "music that is soft already");
  check_audio_free (&in);
  check_audio_free (&out);
  check_audio_free (&key);
  free (params);
}

int
main (void)
{
  test_depth ();
  test_times ();
  test_hold ();
  test_look_ahead ();
  test_smooth ();
  test_untouched ();
  test_speech_band ();
  test_loudness ();
  test_soft_music ();
  return check_end ();
}
