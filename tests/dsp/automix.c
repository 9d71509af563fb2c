/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The automatic mixer against its declaration: room noise of its own in each
 * microphone, talkers as syllables of pink noise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "units/units.h"

#define MICS 8u

static const unsigned rates[] = { 44100, 48000, 96000 };
#define RATES (sizeof rates / sizeof *rates)

static double
db (double gain)
{
  return 20 * log10 (gain);
}

static CheckAudio
room (unsigned mics, unsigned frames, double rms)
{
  CheckAudio audio = check_audio (mics, frames);
  for (unsigned c = 0; c < mics; c++)
    check_pink (audio.c[c], frames, rms, c + 1);
  return audio;
}

/* Adds syllables, five a second, from one frame to another. */
static void
add_talker (CheckAudio *audio, unsigned mic, unsigned from, unsigned to,
    double rms, unsigned rate)
{
  float *speech = malloc (sizeof (float) * audio->frames);
  check_pink (speech, audio->frames, rms, 77 + mic);
  for (unsigned i = from; i < to; i++) {
    double t = (double)(i - from) / rate;
    double syllable = 0.35 + 0.65 * pow (sin (M_PI * fmod (5 * t, 1)), 2);
    audio->c[mic][i] += (float)(syllable * (double)speech[i]);
  }
  free (speech);
}

/* In place; returns the instance. */
static void *
run (CheckAudio *audio, const void *params, unsigned rate)
{
  void *self = check_new_unit (&mix_automix, rate, audio->channels, params);
  check_process (&mix_automix, self, audio, audio, 1024);
  return self;
}

static double
change (const CheckAudio *before, const CheckAudio *after, unsigned mic,
    unsigned from, unsigned to)
{
  return db (check_rms (after->c[mic] + from, to - from)
             / check_rms (before->c[mic] + from, to - from));
}

/* RMS of the sum of all microphones. */
static double
sum_rms (const CheckAudio *audio, unsigned from, unsigned to)
{
  double power = 0;
  for (unsigned i = from; i < to; i++) {
    double sum = 0;
    for (unsigned c = 0; c < audio->channels; c++)
      sum += (double)audio->c[c][i];
    power += sum * sum;
  }
  return sqrt (power / (to - from));
}

/* Eight microphones of room noise are as loud as one. */
static void
test_room (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    const unsigned rate = rates[r], n = 4 * rate;
    CheckAudio before = room (MICS, n, 0.003), after = room (MICS, n, 0.003);
    void *self = run (&after, NULL, rate);
    check_figure ("eight rooms against one",
        db (sum_rms (&after, rate, n)
            / check_rms (before.c[0] + rate, n - rate)),
        -0.1, 0.1, "dB");
    check_figure (
        "open microphones", check_read (&mix_automix, self, "open"), 6, 8, "");
    check_free_unit (&mix_automix, self);
    check_audio_free (&before);
    check_audio_free (&after);
  }
}

/* Equal sources: the squares of the gains add up to 1. */
static void
test_equal (void)
{
  for (unsigned mics = 1; mics <= 64; mics *= 4) {
    CheckAudio before = check_audio (mics, 48000), after;
    for (unsigned c = 0; c < mics; c++)
      check_sine (before.c[c], 48000, 1000, 48000, 0.1);
    after = check_audio (mics, 48000);
    check_audio_copy (&after, &before);
    check_free_unit (&mix_automix, run (&after, NULL, 48000));
    double power = 0;
    for (unsigned c = 0; c < mics; c++)
      power += pow (10, change (&before, &after, c, 24000, 48000) / 10);
    check_figure (
        "sum of the gains' powers", 10 * log10 (power), -0.1, 0.1, "dB");
    check_audio_free (&before);
    check_audio_free (&after);
  }
}

static void
test_talkers (void)
{
  for (unsigned r = 0; r < RATES; r++)
    for (unsigned talkers = 1; talkers <= 2; talkers++) {
      const unsigned rate = rates[r], n = 4 * rate;
      CheckAudio before = room (MICS, n, 0.001), after;
      for (unsigned t = 0; t < talkers; t++)
        add_talker (&before, 2 + 3 * t, rate, n, 0.1, rate);
      after = check_audio (MICS, n);
      check_audio_copy (&after, &before);
      void *self = run (&after, NULL, rate);
      const unsigned from = rate + rate / 2;
      double expected = talkers == 1 ? 0 : -3.01;
      for (unsigned t = 0; t < talkers; t++)
        check_figure (talkers == 1 ? "one talker" : "one of two talkers",
            change (&before, &after, 2 + 3 * t, from, n), expected - 0.5,
            expected + 0.5, "dB");
      check_figure ("the others", change (&before, &after, 0, from, n),
          -INFINITY, -15, "dB");
      check_figure ("open microphones", check_read (&mix_automix, self, "open"),
          talkers - 0.05, talkers + 0.3, "");
      check_free_unit (&mix_automix, self);
      check_audio_free (&before);
      check_audio_free (&after);
    }
}

/* The first 100 ms of somebody who begins to speak. */
static void
test_first_syllable (void)
{
  const unsigned rate = 48000, n = 2 * rate;
  CheckAudio before = room (MICS, n, 0.001), after;
  add_talker (&before, 4, rate, n, 0.1, rate);
  after = check_audio (MICS, n);
  check_audio_copy (&after, &before);
  check_free_unit (&mix_automix, run (&after, NULL, rate));
  check_figure ("first syllable",
      change (&before, &after, 4, rate, rate + rate / 10), -1, 0.1, "dB");
  check_audio_free (&before);
  check_audio_free (&after);
}

/* The same where another has just stopped, or stopped before a short pause. */
static void
test_handover (void)
{
  static const double pauses_ms[] = { 0, 300 }, levels[] = { 1, 0.5, 0.25 };
  for (unsigned i = 0; i < 6; i++) {
    const unsigned rate = 48000, n = 3 * rate, begin = 2 * rate;
    unsigned end = begin - (unsigned)(pauses_ms[i / 3] * rate / 1000);
    CheckAudio before = room (MICS, n, 0.001), after;
    add_talker (&before, 1, rate / 2, end, 0.1, rate);
    add_talker (&before, 4, begin, n, 0.1 * levels[i % 3], rate);
    after = check_audio (MICS, n);
    check_audio_copy (&after, &before);
    check_free_unit (&mix_automix, run (&after, NULL, rate));
    check_figure ("first syllable after somebody else's last",
        change (&before, &after, 4, begin, begin + rate / 10),
        i % 3 == 2 ? -2 : -1, 0.1, "dB");
    check_audio_free (&before);
    check_audio_free (&after);
  }
}

/* What the gains do to room noise while somebody speaks: it does not pump. */
static void
test_noise (void)
{
  const unsigned rate = 48000, n = 10 * rate, window = rate / 5;
  CheckAudio audio = room (MICS, n, 0.001);
  double lowest = INFINITY, highest = 0;
  for (unsigned word = 0; word < 9; word++)
    add_talker (&audio, word % 2, (word + 1) * rate,
        (word + 1) * rate + rate * 6 / 10, 0.1, rate);
  check_free_unit (&mix_automix, run (&audio, NULL, rate));
  /* between the words, when the release is over */
  for (unsigned word = 1; word < 9; word++) {
    unsigned from = (word + 1) * rate - window;
    double level = sum_rms (&audio, from, from + window);
    lowest = fmin (lowest, level);
    highest = fmax (highest, level);
  }
  check_figure (
      "noise between words, loudest", db (highest / 0.001), -1.5, 1.5, "dB");
  check_figure (
      "noise between words, softest", db (lowest / 0.001), -1.5, 1.5, "dB");
  check_audio_free (&audio);
}

/* A voice in two microphones, 12 dB softer and 3 ms later in the second: the
 * gains stand still. */
static void
test_spill (void)
{
  const unsigned rate = 48000, n = 4 * rate, late = rate * 3 / 1000;
  CheckAudio audio = check_audio (2, n);
  add_talker (&audio, 0, 0, n, 0.1, rate);
  for (unsigned i = late; i < n; i++)
    audio.c[1][i] = 0.25f * audio.c[0][i - late];
  void *self = check_new_unit (&mix_automix, rate, 2, NULL);
  CheckAudio out = check_audio (2, n);
  double lowest = 0;
  for (unsigned at = 0; at < n; at += 480) {
    check_process_span (&mix_automix, self, &out, &audio, at, at + 480);
    if (at > rate)
      lowest = fmin (lowest, check_read (&mix_automix, self, "gains"));
  }
  check_figure ("lowest gain of the nearer one", lowest, -1, 0, "dB");
  check_free_unit (&mix_automix, self);
  check_audio_free (&audio);
  check_audio_free (&out);
}

/* ---- Weights and mute -------------------------------------------------------
 */

static MixDoubles *
list_of (void *params, const char *name)
{
  return mix_row_doubles (mix_table_find (&mix_automix.params, name), params);
}

static void
test_weights (void)
{
  void *params = check_params (&mix_automix);
  *list_of (params, "weights") = (MixDoubles){ 3, { 0, -6, 0 } };
  *list_of (params, "mute") = (MixDoubles){ 1, { 3 } };
  CheckAudio before = check_audio (3, 48000), after = check_audio (3, 48000);
  for (unsigned c = 0; c < 3; c++)
    check_sine (before.c[c], 48000, 1000, 48000, 0.1);
  check_audio_copy (&after, &before);
  check_free_unit (&mix_automix, run (&after, params, 48000));
  /* shares 1 and 10^-0.6 of their sum */
  const double sum = 1 + pow (10, -0.6);
  check_figure ("weight 0 dB", change (&before, &after, 0, 24000, 48000),
      -10 * log10 (sum) - 0.1, -10 * log10 (sum) + 0.1, "dB");
  check_figure ("weight -6 dB", change (&before, &after, 1, 24000, 48000),
      -6 - 10 * log10 (sum) - 0.1, -6 - 10 * log10 (sum) + 0.1, "dB");
  check_figure ("muted", check_peak (after.c[2], 48000), 0, 0, "");
  check_audio_free (&before);
  check_audio_free (&after);
  free (params);
}

/* ---- Depth and times ----------------------------------------------------- */

/* A tone whose power is the same in every tick: one period each. */
static void
add_tone (CheckAudio *audio, unsigned mic, unsigned from, unsigned to,
    double amplitude, unsigned rate)
{
  check_sine (audio->c[mic] + from, to - from, rate / (double)MIX_TICK, rate,
      amplitude);
}

/* 60 dB under the other a microphone is turned down by the depth; without any
 * depth nothing is changed. */
static void
test_depth (void)
{
  static const double depths[] = { 10, 20, 40, 60 };
  const unsigned rate = 48000, n = 2 * rate;
  CheckAudio before = check_audio (2, n), after = check_audio (2, n);
  void *params = check_params (&mix_automix);
  add_tone (&before, 0, 0, n, 0.5, rate);
  add_tone (&before, 1, 0, n, 0.0005, rate);
  for (unsigned d = 0; d < sizeof depths / sizeof *depths; d++) {
    check_set (&mix_automix, params, "depth", depths[d]);
    check_audio_copy (&after, &before);
    check_free_unit (&mix_automix, run (&after, params, rate));
    check_figure ("at the depth", change (&before, &after, 1, rate, n),
        -depths[d] - 0.1, -depths[d] + 0.1, "dB");
  }
  check_set (&mix_automix, params, "depth", 0);
  check_audio_copy (&after, &before);
  check_free_unit (&mix_automix, run (&after, params, rate));
  CHECK (check_audio_equal (&before, &after), "no depth");
  check_audio_free (&before);
  check_audio_free (&after);
  free (params);
}

#define FALLEN (0.1 * 0.316228) /* by 10 dB */

/* Gain of the first microphone in dB, `ms` after it starts, as loud as the
 * second one that sounds all the time; or after it falls by 10 dB to the second
 * one's level. */
static double
gain_after (const char *time, double ms, bool starts, unsigned rate)
{
  const unsigned step = 2 * rate, n = step + (unsigned)(ms * rate / 1000);
  CheckAudio audio = check_audio (2, n);
  void *params = check_params (&mix_automix);
  check_set (&mix_automix, params, time, ms);
  if (!starts)
    add_tone (&audio, 0, 0, step, 0.1, rate);
  add_tone (&audio, 0, step, n, starts ? 0.1 : FALLEN, rate);
  add_tone (&audio, 1, 0, n, starts ? 0.1 : FALLEN, rate);
  void *self = run (&audio, params, rate);
  double gain = check_read (&mix_automix, self, "gains");
  check_free_unit (&mix_automix, self);
  check_audio_free (&audio);
  free (params);
  return gain;
}

/* At its time constant a power that rises from 0 is 1 - 1/e of the other one,
 * one that falls by 10 dB has 1/e of the way left. The gains follow within 6
 * ms. */
static void
test_times (void)
{
  const double risen = 1 - exp (-1), fallen = 0.1 + 0.9 * exp (-1);
  const double up = 10 * log10 (risen / (1 + risen));
  const double down = 10 * log10 (fallen / (0.1 + fallen));
  for (unsigned r = 0; r < RATES; r++) {
    check_figure ("at the attack", gain_after ("attack", 300, true, rates[r]),
        up - 0.15, up + 0.15, "dB");
    check_figure ("at the release",
        gain_after ("release", 1000, false, rates[r]), down - 0.15, down + 0.15,
        "dB");
  }
}

/* One microphone has all of the gain, in silence too. */
static void
test_single (void)
{
  CheckAudio in = room (1, 48000, 0.1), out = check_audio (1, 48000);
  memset (in.c[0], 0, 24000 * sizeof (float));
  void *self = check_new_unit (&mix_automix, 48000, 1, NULL);
  check_process (&mix_automix, self, &out, &in, 777);
  CHECK (check_audio_equal (&in, &out), "one microphone");
  check_free_unit (&mix_automix, self);
  check_audio_free (&in);
  check_audio_free (&out);
}

static void
test_remark (void)
{
  const MixFormat two = mix_format (48000, 2);
  void *params = check_params (&mix_automix);
  CHECK (check_remarks (&mix_automix, params, &two) == 0, "defaults");
  *list_of (params, "mute") = (MixDoubles){ 1, { 3 } };
  CHECK (check_remarks (&mix_automix, params, &two) == 1, "a third one");
  free (params);
}

int
main (void)
{
  test_room ();
  test_equal ();
  test_talkers ();
  test_first_syllable ();
  test_handover ();
  test_noise ();
  test_spill ();
  test_weights ();
  test_depth ();
  test_times ();
  test_single ();
  test_remark ();
  return check_end ();
}
