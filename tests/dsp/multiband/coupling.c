/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ties the bands together: couple and gate; and the readings of them.
 */
#include "multiband_runs.h"

/* The middle of each of the three bands. */
static const double middles[] = { 60, 800, 9000 };

/* ---- Couple and gate ---------------------------------------------------- */

/* A tone in each of the three bands. */
static CheckAudio
three_tones (double seconds, double amplitude)
{
  CheckAudio audio = check_audio (1, (unsigned)(seconds * rate));
  CheckAudio tone = check_audio (1, audio.frames);
  for (unsigned b = 0; b < 3; b++) {
    check_sine (tone.c[0], tone.frames, middles[b], rate, amplitude);
    for (unsigned i = 0; i < audio.frames; i++)
      audio.c[0][i] += tone.c[0][i];
  }
  check_audio_free (&tone);
  return audio;
}

/* Reductions after `audio`: those of the last frames. */
static MixDoubles
reductions_after (const char *text, const CheckAudio *audio)
{
  union {
    MixDoubles doubles;
    char space[1024];
  } readings;
  void *params = settings (text);
  void *self = check_new_unit (&mix_multiband, rate, audio->channels, params);
  check_process_span (
      &mix_multiband, self, audio, audio, 0, audio->frames - 64);
  mix_multiband.read (self, &readings);
  check_process_span (
      &mix_multiband, self, audio, audio, audio->frames - 64, audio->frames);
  mix_multiband.read (self, &readings);
  check_free_unit (&mix_multiband, self);
  free (params);
  return readings.doubles;
}

static void
test_couple (void)
{
  static const char base[] = "slope=1 0:threshold=-40 0:ratio=100 0:knee=0 "
                             "2:threshold=-30 2:ratio=100 2:knee=0";
  char text[200];
  CheckAudio audio = three_tones (2, 0.1); /* -20 dBFS */
  MixDoubles alone = reductions_after (base, &audio);
  CHECK (alone.count == 3, "a value for each band");
  figure ("reduction of band 0", 19.9, alone.values[0], 20.1, "dB");
  figure ("reduction of band 1", 0, alone.values[1], 0, "dB");
  figure ("reduction of band 2", 9.9, alone.values[2], 10.1, "dB");
  check_audio_free (&audio);

  audio = three_tones (2, 0.1);
  snprintf (text, sizeof text, "%s couple=50", base);
  MixDoubles half = reductions_after (text, &audio);
  figure ("band 1, half coupled", 9.9, half.values[1], 10.1, "dB");
  figure ("band 2, half coupled", 9.9, half.values[2], 10.1, "dB");
  check_audio_free (&audio);

  audio = three_tones (2, 0.1);
  snprintf (text, sizeof text, "%s couple=100 2:enabled=0", base);
  MixDoubles full = reductions_after (text, &audio);
  figure ("band 1, coupled", 19.9, full.values[1], 20.1, "dB");
  figure ("band 2, not enabled", 0, full.values[2], 0, "dB");
  check_audio_free (&audio);
}

/* After a loud passage a long release would leave the bands apart in a pause:
 * under the gate they meet in a few seconds, over it they do not. The three
 * tones of -50 dBFS have about -50 LUFS. */
static void
test_gate (void)
{
  static const char base[] = "slope=1 0:threshold=-40 0:ratio=100 "
                             "0:release=5000";
  char text[200];
  static const struct {
    const char *gate;
    double low, high; /* of the difference */
  } cases[] = { { "-70", 3, 40 }, { "-60", 3, 40 }, { "-40", 0, 0.3 } };
  for (unsigned k = 0; k < 3; k++) {
    char name[60];
    CheckAudio audio = three_tones (8, 0.003);
    for (unsigned i = 0; i < 2 * rate; i++)
      audio.c[0][i] *= 60;
    snprintf (text, sizeof text, "%s gate=%s", base, cases[k].gate);
    MixDoubles after = reductions_after (text, &audio);
    snprintf (name, sizeof name, "bands apart, gate %s", cases[k].gate);
    figure (name, cases[k].low, after.values[0] - after.values[2],
        cases[k].high, "dB");
    check_audio_free (&audio);
  }
}

/* Under the gate all bands go to the mean of the enabled ones, and the others
 * are left alone. */
static void
test_gate_mean (void)
{
  static const char base[] = "slope=1 gate=-30 0:threshold=-70 0:ratio=100 "
                             "0:knee=0 2:threshold=-60 2:ratio=100 2:knee=0";
  char text[200];
  CheckAudio audio = three_tones (10, 0.00316); /* -50 dBFS */
  MixDoubles all = reductions_after (base, &audio);
  for (unsigned b = 0; b < 3; b++)
    figure ("mean of three bands", 9.9, all.values[b], 10.1, "dB");
  check_audio_free (&audio);

  audio = three_tones (10, 0.00316);
  snprintf (text, sizeof text, "%s 1:enabled=0", base);
  MixDoubles two = reductions_after (text, &audio);
  figure ("mean of two bands", 14.9, two.values[0], 15.1, "dB");
  figure ("and the other of them", 14.9, two.values[2], 15.1, "dB");
  figure ("the one that is not enabled", 0, two.values[1], 0, "dB");
  check_audio_free (&audio);
}

int
main (void)
{
  at_rates (test_couple);
  at_rates (test_gate);
  at_rates (test_gate_mean);
  return check_end ();
}
