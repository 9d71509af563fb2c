/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Look-ahead, and what is heard while the number of bands changes.
 */
#include "multiband_runs.h"

/* ---- Look-ahead --------------------------------------------------------- */

static void
test_look_ahead (void)
{
  CheckAudio a = check_audio (1, rate), b = check_audio (1, rate);
  unsigned ahead = mix_frames_from_ms (5, rate);
  check_noise (a.c[0], rate, 0.5, 1);
  check_noise (b.c[0], rate, 0.5, 1);
  run ("0:gain=3", &a, &a);
  run ("0:gain=3 look-ahead=5", &b, &b);
  CHECK (memcmp (a.c[0], b.c[0] + ahead, (rate - ahead) * sizeof (float)) == 0,
      "look-ahead is a delay");
  CHECK (
      latency_of ("look-ahead=5") == ahead, "%u", latency_of ("look-ahead=5"));
  check_audio_free (&a);
  check_audio_free (&b);

  /* With a look-ahead of three times the attack, nothing of an onset passes. */
  a = check_audio (1, rate);
  check_sine (a.c[0], rate, 9000, rate, 0.5);
  memset (a.c[0], 0, rate / 2 * sizeof (float));
  run ("2:solo=1 2:threshold=-30 2:ratio=100 2:attack=2 2:knee=0 look-ahead=15",
      &a, &a);
  figure ("onset under look-ahead", -30.1, db (check_peak (a.c[0], rate)), -28,
      "dBFS");
  check_audio_free (&a);
}

/* A boost that is due for the soft sound behind must not meet the end of a loud
 * one. */
static void
test_boost_ahead (void)
{
  CheckAudio audio = check_audio (1, rate);
  check_sine (audio.c[0], rate, 1000, rate, 0.5);
  for (unsigned i = rate / 2; i < rate; i++)
    audio.c[0][i] *= 0.01f;
  run ("1:threshold=-10 1:ratio=4 1:mode=1 1:attack=1 1:release=1 "
       "look-ahead=20",
      &audio, &audio);
  figure ("end of a loud sound before a boost", -7,
      db (check_peak (audio.c[0], rate)), -5, "dBFS");
  check_audio_free (&audio);
}

/* ---- Changes ------------------------------------------------------------ */

/* Some time after the number of bands was changed, the output is that of an
 * instance that had it from the start. */
static void
test_change (void)
{
  static const unsigned counts[] = { 3, 6, 2, 5, 4, 3 };
  char text[200];
  double loudest = 0;
  void *params = settings ("num-bands=3 look-ahead=3");
  void *self = check_new_unit (&mix_multiband, rate, 1, params);
  free (params);
  for (unsigned k = 0; k < 6; k++) {
    CheckAudio audio = check_audio (1, rate), fresh = check_audio (1, rate);
    check_noise (audio.c[0], rate, 0.25, 1);
    check_noise (fresh.c[0], rate, 0.25, 1);
    snprintf (text, sizeof text,
        "num-bands=%u look-ahead=3 1:gain=6 "
        "crossover2=6000 crossover3=9000 crossover4=13000",
        counts[k]);
    params = settings (text);
    mix_multiband.set (self, params);
    check_process (&mix_multiband, self, &audio, &audio, 1000);
    run (text, &fresh, &fresh);
    for (unsigned i = rate / 2; i < rate; i++)
      loudest = fmax (loudest, fabs (audio.c[0][i] - fresh.c[0][i]));
    check_audio_free (&audio);
    check_audio_free (&fresh);
    free (params);
  }
  figure (
      "half a second after a change of bands", -400, db (loudest), -90, "dBFS");
  check_free_unit (&mix_multiband, self);
}

/* In linear phase the sum is a delay even while the crossover changes: no band
 * is lost or heard twice, in the look-ahead neither. */
static void
test_change_is_seamless (void)
{
  static const char *const settings_of[]
      = { "num-bands=6 look-ahead=20 phase=1 slope=1",
          "num-bands=2 look-ahead=20 phase=1",
          ("num-bands=5 crossover1=400 "
           "crossover2=2500 crossover3=9000 look-ahead=20 phase=1"),
          "num-bands=3 look-ahead=20 phase=1" };
  unsigned latency = latency_of (settings_of[0]), part = rate / 7;
  CheckAudio in = check_audio (1, 8 * part), out = check_audio (1, 8 * part);
  double worst = 0;
  void *params = settings (settings_of[3]);
  void *self = check_new_unit (&mix_multiband, rate, 1, params);
  free (params);
  check_noise (in.c[0], in.frames, 0.25, 1);
  for (unsigned k = 0; k < 8; k++) {
    params = settings (settings_of[k % 4]);
    mix_multiband.set (self, params);
    check_process_span (
        &mix_multiband, self, &out, &in, k * part, (k + 1) * part);
    free (params);
  }
  for (unsigned i = latency; i < in.frames; i++)
    worst = fmax (worst, fabs (out.c[0][i] - in.c[0][i - latency]));
  figure (
      "against a delay, while bands change", -400, db (worst), -110, "dBFS");
  check_free_unit (&mix_multiband, self);
  check_audio_free (&in);
  check_audio_free (&out);
}

int
main (void)
{
  at_rates (test_look_ahead);
  at_rates (test_boost_ahead);
  at_rates (test_change);
  at_rates (test_change_is_seamless);
  return check_end ();
}
