/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Everything at once, bad samples, and the tail that a host is promised.
 */
#include "reverb_rig.h"

#include "run.h"

/* ---- Robustness --------------------------------------------------------- */

/* Every knob goes anywhere every 7 ms: nothing blows up, and at rest again the
 * reverb is what it was. */
static void
test_sweeps (void)
{
  uint64_t random = 3;
  void *params = wet_params ("hall"), *still = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = check_audio (2, 336);
  double peak = 0;
  set (params, "low-ratio", 4);
  for (unsigned k = 0; k < 3000; k++) {
    const MixTable *table = &mix_reverb.params;
    const MixRow *row = &table->rows[check_random (&random) % table->count];
    double u = (double)(check_random (&random) >> 11) / 9007199254740992.0;
    bool level = strcmp (row->unit, "dB") == 0;
    if (!level)
      mix_row_put (
          row, params, row->minimum + u * (row->maximum - row->minimum));
    mix_reverb.set (self, params);
    check_noise (audio.c[0], audio.frames, 0.5, k + 1);
    check_noise (audio.c[1], audio.frames, 0.5, k + 5000);
    check_process (&mix_reverb, self, &audio, &audio, 100);
    peak = fmax (peak, check_peak (audio.c[0], audio.frames));
  }
  check_figure ("everything moves at once: peak over that of the input",
      mix_db_from_gain (peak / 0.5), -INFINITY, 24, "dB");
  mix_reverb.set (self, still);
  for (unsigned k = 0; k < 3000; k++) {
    memset (audio.c[0], 0, audio.frames * sizeof (float));
    memset (audio.c[1], 0, audio.frames * sizeof (float));
    check_process (&mix_reverb, self, &audio, &audio, 100);
  }
  CHECK (check_peak (audio.c[0], audio.frames) < 1e-6, "does not come to rest");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (still);
  free (params);
}

/* A bad sample in the middle of a tail ends the tail and nothing else. */
static void
test_bad_sample (void)
{
  MixRun run;
  void *params = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = noise_with_zero (2, 48000);
  mix_run_init (&run, &mix_reverb, self, 2);
  mix_run (&run, audio.c, NULL, 24000);
  audio.c[0][24000] = NAN;
  float *rest[2] = { audio.c[0] + 24000, audio.c[1] + 24000 };
  CHECK (mix_run (&run, rest, NULL, 24000) == 1, "one bad sample");
  CHECK (check_audio_finite (&audio), "a NaN stayed");
  CHECK (check_rms (rest[0] + 12000, 12000) > 0.01, "silent after a NaN");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (params);
}

/* The pause before the first reflection is the longest there is. */
static void
test_tail (void)
{
  void *params = wet_params ("hall");
  set (params, "pre-delay", 500);
  set (params, "size", 100);
  CheckAudio ir = response (params, 48000, 2, 0, 2);
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  unsigned tail = mix_reverb.tail (self), first = first_sound (&ir);
  CHECK (
      tail > first && tail < 60000, "tail %u, first sound at %u", tail, first);
  check_free_unit (&mix_reverb, self);
  check_audio_free (&ir);
  free (params);
}

/* Nothing is added while the wet sound is off, so no host waits for it; what
 * rang before is there again when it comes back. */
static void
test_silent_tail (void)
{
  void *params = check_params (&mix_reverb);
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio audio = noise_with_zero (2, 48000);
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) > 0, "no tail");
  set (params, "wet", -100);
  mix_reverb.set (self, params);
  CHECK (mix_reverb.tail (self) > 0, "no tail before the wet sound is off");
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) == 0, "a tail of what is not heard");
  set (params, "wet", -12);
  mix_reverb.set (self, params);
  CHECK (mix_reverb.tail (self) > 0, "no tail when it comes back");
  memset (audio.c[0], 0, audio.frames * sizeof (float));
  memset (audio.c[1], 0, audio.frames * sizeof (float));
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (check_peak (audio.c[0], 24000) > 1e-3, "it does not come back");
  set (params, "early", -100);
  set (params, "late", -100);
  mix_reverb.set (self, params);
  check_process (&mix_reverb, self, &audio, &audio, 1024);
  CHECK (mix_reverb.tail (self) == 0, "a tail of neither early nor late");
  check_audio_free (&audio);
  check_free_unit (&mix_reverb, self);
  free (params);
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_sweeps ();
  test_bad_sample ();
  test_tail ();
  test_silent_tail ();
  return check_end ();
}
