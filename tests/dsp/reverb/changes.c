/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Freeze, and parameters that change while a tail rings.
 */
#include "reverb_rig.h"

/* ---- Freeze ------------------------------------------------------------- */

/* Noise rings for two seconds, is held for a minute while noise goes on, and
 * decays when released. */
static void
check_freeze (unsigned rate, double modulation, double decay)
{
  char name[100];
  void *params = wet_params ("hall");
  set (params, "modulation", modulation);
  set (params, "decay", decay);
  void *self = check_new_unit (&mix_reverb, rate, 2, params);
  CheckAudio second = check_audio (2, rate);
  double loudest = 0, softest = INFINITY;
  for (unsigned s = 0; s < 63; s++) {
    check_noise (second.c[0], rate, 0.3, 2 * s + 1);
    check_noise (second.c[1], rate, 0.3, 2 * s + 2);
    if (s == 2) {
      set (params, "freeze", 1);
      mix_reverb.set (self, params);
    }
    check_process (&mix_reverb, self, &second, &second, 4096);
    if (s < 3)
      continue;
    double power
        = energy (second.c[0], 0, rate) + energy (second.c[1], 0, rate);
    loudest = fmax (loudest, power);
    softest = fmin (softest, power);
  }
  snprintf (name, sizeof name,
      "freeze at %u Hz, modulation %g, decay %g s: over a minute within", rate,
      modulation, decay);
  check_figure (name, 10 * log10 (loudest / softest), 0, 1, "dB");
  set (params, "freeze", 0);
  mix_reverb.set (self, params);
  for (unsigned s = 0; s < 2 * decay; s++) {
    memset (second.c[0], 0, rate * sizeof (float));
    memset (second.c[1], 0, rate * sizeof (float));
    check_process (&mix_reverb, self, &second, &second, 4096);
  }
  CHECK (check_peak (second.c[0], rate) < 1e-3, "still held");
  check_audio_free (&second);
  check_free_unit (&mix_reverb, self);
  free (params);
}

static void
test_freeze (void)
{
  for (unsigned r = 0; r < RATES; r++)
    check_freeze (rates[r], 20, 1.8);
  check_freeze (48000, 0, 1.8);
  check_freeze (48000, 100, 1.8);
  check_freeze (48000, 100, 3);
}

/* ---- Changes while a tail rings --------------------------------------------
 */

/* Noise for two seconds, then silence, in which a parameter changes
 * its value: the level of the tail in the octave of 1 kHz, of both channels, in
 * windows of 100 ms. */
enum {
  WINDOW = 4800,
  WINDOWS = 30,
  BEFORE = 3, /* windows, until the parameter changes */
};

static void
change (void *self, void *params, const char *name, double to)
{
  if (strcmp (name, "space") == 0)
    check_choose (&mix_reverb, params, name, spaces[(unsigned)to]);
  else
    set (params, name, to);
  mix_reverb.set (self, params);
}

static void
add_levels (double power[WINDOWS], const float *x)
{
  double *band = octave (x, WINDOWS * WINDOW, 1000, 48000);
  for (unsigned i = 0; i < WINDOWS * WINDOW; i++)
    power[i / WINDOW] += band[i] * band[i];
  free (band);
}

static void
ring_and_change (void *params, const char *name, double to, double db[WINDOWS])
{
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio noise = check_audio (2, 96000), one = check_audio (2, WINDOW);
  CheckAudio all = check_audio (2, WINDOWS * WINDOW);
  check_noise (noise.c[0], noise.frames, 0.5, 1);
  check_noise (noise.c[1], noise.frames, 0.5, 2);
  check_process (&mix_reverb, self, &noise, &noise, 1024);
  for (unsigned w = 0; w < WINDOWS; w++) {
    if (w == BEFORE)
      change (self, params, name, to);
    for (unsigned c = 0; c < 2; c++)
      memset (one.c[c], 0, WINDOW * sizeof (float));
    check_process (&mix_reverb, self, &one, &one, 1024);
    for (unsigned c = 0; c < 2; c++)
      memcpy (all.c[c] + w * WINDOW, one.c[c], WINDOW * sizeof (float));
  }
  memset (db, 0, WINDOWS * sizeof *db);
  add_levels (db, all.c[0]);
  add_levels (db, all.c[1]);
  for (unsigned w = 0; w < WINDOWS; w++)
    db[w] = 10 * log10 (db[w] + 1e-30);
  check_audio_free (&all);
  check_audio_free (&noise);
  check_audio_free (&one);
  check_free_unit (&mix_reverb, self);
}

/* The most by which a window is louder than any softer one before it, from the
 * last one before the parameter changed on. */
static double
largest_rise (const double db[WINDOWS])
{
  double softest = db[BEFORE - 1], rise = 0;
  for (unsigned w = BEFORE; w < WINDOWS; w++) {
    rise = fmax (rise, db[w] - softest);
    softest = fmin (softest, db[w]);
  }
  return rise;
}

/* A window of 100 ms of an octave at 1 kHz (700 Hz) in two channels has 140
 * independent values: the level of noise differs from one to the next by 0.5
 * dB (standard deviation), in thirty of them by 2 dB at the most. */
static void
check_change (const char *name, double from, double to, double decay)
{
  char text[120];
  double db[WINDOWS];
  void *params
      = wet_params (strcmp (name, "space") ? "hall" : spaces[(unsigned)from]);
  set (params, "decay", decay);
  if (strcmp (name, "space"))
    set (params, name, from);
  ring_and_change (params, name, to, db);
  snprintf (text, sizeof text,
      "%s %g to %g at decay %g while a tail rings: largest rise", name, from,
      to, decay);
  check_figure (text, largest_rise (db), 0, 2, "dB");
  free (params);
}

/* A longer decay starts from the level of the tail, which neither rises nor
 * drops. Between the two windows lie 1.2 s, 0.25 s of them at about the old
 * decay, until the new one is reached. */
static void
check_longer_decay (void)
{
  double db[WINDOWS];
  void *params = wet_params ("hall");
  set (params, "decay", 1);
  ring_and_change (params, "decay", 10, db);
  check_figure ("decay 1 to 10: level 1.2 s later",
      db[BEFORE + 11] - db[BEFORE - 1], -14, -6, "dB");
  free (params);
}

static void
test_changes (void)
{
  check_change ("decay", 10, 1, 10);
  check_change ("decay", 1, 10, 1);
  check_change ("decay", 0.5, 30, 0.5);
  check_change ("decay", 3, 0.3, 3);
  for (unsigned k = 0; k < 2; k++) {
    double decay = k ? 4 : 1.5;
    check_change ("size", 5, 60, decay);
    check_change ("size", 60, 5, decay);
    for (unsigned s = 0; s < SPACES; s++)
      check_change ("space", s, (s + 1) % SPACES, decay);
    check_change ("space", 3, 0, decay); /* plate, room */
    check_change ("space", 0, 3, decay);
    check_change ("low-ratio", 0.3, 4, decay);
    check_change ("high-ratio", 0.1, 2, decay);
    check_change ("diffusion", 0, 100, decay);
    check_change ("diffusion", 100, 0, decay);
  }
  check_longer_decay ();
}

/* Level of a second of the frozen tail. */
static double
frozen_level (void *self)
{
  CheckAudio second = check_audio (2, 48000);
  check_process (&mix_reverb, self, &second, &second, 1024);
  double power
      = energy (second.c[0], 0, 48000) + energy (second.c[1], 0, 48000);
  check_audio_free (&second);
  return 10 * log10 (power);
}

static void
test_frozen_changes (void)
{
  static const struct {
    const char *name;
    double value;
  } changes[] = { { "decay", 0.1 }, { "decay", 60 }, { "decay", 1 },
    { "size", 1 }, { "size", 100 }, { "size", 20 }, { "space", 0 },
    { "space", 3 }, { "space", 4 }, { "low-ratio", 4 }, { "high-ratio", 0.05 },
    { "pre-delay", 500 }, { "diffusion", 0 }, { "modulation", 100 } };
  void *params = wet_params ("hall");
  void *self = check_new_unit (&mix_reverb, 48000, 2, params);
  CheckAudio noise = noise_with_zero (2, 96000);
  check_process (&mix_reverb, self, &noise, &noise, 1024);
  set (params, "freeze", 1);
  mix_reverb.set (self, params);
  frozen_level (self);
  double was = frozen_level (self), loudest = 0, softest = 0;
  for (unsigned k = 0; k < sizeof changes / sizeof *changes; k++) {
    change (self, params, changes[k].name, changes[k].value);
    double moved = frozen_level (self) - was;
    loudest = fmax (loudest, moved);
    softest = fmin (softest, moved);
  }
  check_figure (
      "frozen, parameters change: loudest second", loudest, -0.5, 0.5, "dB");
  check_figure (
      "frozen, parameters change: softest second", softest, -0.5, 0.5, "dB");
  check_audio_free (&noise);
  check_free_unit (&mix_reverb, self);
  free (params);
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_freeze ();
  test_changes ();
  test_frozen_changes ();
  return check_end ();
}
