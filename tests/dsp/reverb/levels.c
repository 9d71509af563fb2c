/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Levels of the wet and of the dry sound, distance and pre-delay.
 */
#include <complex.h>

#include "reverb_rig.h"

/* ---- Levels ------------------------------------------------------------- */

/* Energy of an impulse in the octave band. */
static double
octave_reference (double hz, double rate)
{
  unsigned frames = (unsigned)(rate / 2);
  float *click = calloc (frames, sizeof *click);
  double sum = 0;
  click[0] = 1;
  double *band = octave (click, frames, hz, rate);
  for (unsigned i = 0; i < frames; i++)
    sum += band[i] * band[i];
  free (band);
  free (click);
  return sum;
}

/* The wet power of both output channels against that of a source on one side,
 * in the octave of 1 kHz. */
static double
wet_level (const void *params)
{
  double sum = 0;
  CheckAudio ir = response (params, 48000, 2, 0, 9);
  for (unsigned out = 0; out < 2; out++) {
    double *band = octave (ir.c[out], ir.frames, 1000, 48000);
    for (unsigned i = 0; i < ir.frames; i++)
      sum += band[i] * band[i];
    free (band);
  }
  check_audio_free (&ir);
  return 10 * log10 (sum / octave_reference (1000, 48000));
}

static void
check_level (const char *space, const char *name, double value)
{
  char text[100];
  void *params = wet_params (space);
  set (params, name, value);
  snprintf (text, sizeof text, "%s, %s %g: level of the wet sound", space, name,
      value);
  check_figure (text, wet_level (params), -1.5, 1.5, "dB");
  free (params);
}

static void
test_levels (void)
{
  static const double decays[] = { 0.3, 1, 10 }, sizes[] = { 2, 10, 60 };
  for (unsigned s = 0; s < SPACES; s++)
    for (unsigned k = 0; k < 3; k++) {
      check_level (spaces[s], "decay", decays[k]);
      check_level (spaces[s], "size", sizes[k]);
    }
  check_level ("hall", "diffusion", 0);
  check_level ("hall", "diffusion", 100);
}

/* ---- The dry sound ------------------------------------------------------ */

static void
test_neutral (void)
{
  void *params = check_params (&mix_reverb);
  set (params, "wet", -100);
  for (unsigned r = 0; r < RATES; r++) {
    CheckAudio in = noise_with_zero (2, 9600), out = check_audio (2, 9600);
    void *self = check_new_unit (&mix_reverb, rates[r], 2, params);
    check_process (&mix_reverb, self, &out, &in, 333);
    CHECK (check_audio_equal (&in, &out), "%u Hz", rates[r]);
    check_free_unit (&mix_reverb, self);
    check_audio_free (&in);
    check_audio_free (&out);
  }
  free (params);
}

/* Parameters that act behind the network come back to the same bits: no ramp of
 * the change is left. */
static void
check_return (const char *name, double other, double value)
{
  const unsigned half = 24000;
  CheckAudio in = check_audio (2, 2 * half), out[2];
  for (unsigned c = 0; c < 2; c++)
    check_noise (in.c[c], in.frames, 0.5, c + 1);
  for (unsigned k = 0; k < 2; k++) {
    void *params = check_params (&mix_reverb);
    set (params, name, value);
    void *self = check_new_unit (&mix_reverb, 48000, 2, params);
    out[k] = check_audio (2, 2 * half);
    set (params, name, k ? other : value);
    mix_reverb.set (self, params);
    check_process_span (&mix_reverb, self, &out[k], &in, 0, half / 2);
    set (params, name, value);
    mix_reverb.set (self, params);
    check_process_span (&mix_reverb, self, &out[k], &in, half / 2, half);
    check_process_span (&mix_reverb, self, &out[k], &in, half, 2 * half);
    check_free_unit (&mix_reverb, self);
    free (params);
  }
  for (unsigned c = 0; c < 2; c++)
    CHECK (
        memcmp (out[0].c[c] + half, out[1].c[c] + half, half * sizeof (float))
            == 0,
        "%s back at %g, channel %u", name, value, c);
  check_audio_free (&out[0]);
  check_audio_free (&out[1]);
  check_audio_free (&in);
}

static void
test_return (void)
{
  check_return ("width", 50, 100);
  check_return ("width", 50, 150);
  check_return ("late", -12, 0);
  check_return ("dry", -6, 0);
  check_return ("low-cut", 0, 500);
  check_return ("high-cut", 5000, 0);
}

/* Power of a response, whole and in the octave of 8 kHz. */
typedef struct {
  double all, high; /* dB */
} Power;

static Power
response_power (const void *params)
{
  CheckAudio ir = response (params, 48000, 1, 0, 2.5);
  double *band = octave (ir.c[0], ir.frames, 8000, 48000), high = 0;
  for (unsigned i = 0; i < ir.frames; i++)
    high += band[i] * band[i];
  Power power
      = { 10 * log10 (energy (ir.c[0], 0, ir.frames)), 10 * log10 (high) };
  free (band);
  check_audio_free (&ir);
  return power;
}

enum {
  STEPS = 10,
};

static Power
power_at (unsigned step, const char *off, const char *also_off, double wet)
{
  void *params = check_params (&mix_reverb);
  set (params, "distance", 100.0 / STEPS * step);
  set (params, "wet", wet);
  if (off)
    set (params, off, -100);
  if (also_off)
    set (params, also_off, -100);
  Power power = response_power (params);
  free (params);
  return power;
}

/* At every wet: farther is softer, duller, and less direct. */
static void
check_farther (double wet)
{
  char name[100];
  double rise = -INFINITY, high_rise = -INFINITY, ratio_rise = -INFINITY;
  Power last = { INFINITY, INFINITY };
  double last_ratio = INFINITY;
  for (unsigned k = 0; k <= STEPS; k++) {
    Power here = power_at (k, NULL, NULL, wet);
    double ratio = power_at (k, "wet", NULL, wet).all
                   - power_at (k, "dry", NULL, wet).all;
    rise = fmax (rise, here.all - last.all);
    high_rise = fmax (high_rise, here.high - last.high);
    ratio_rise = fmax (ratio_rise, ratio - last_ratio);
    last = here;
    last_ratio = ratio;
  }
  snprintf (name, sizeof name, "wet %g, from one distance to the next", wet);
  printf ("%s:\n", name);
  check_figure ("  level", rise, -INFINITY, 0, "dB");
  check_figure ("  level at 8 kHz", high_rise, -INFINITY, 0, "dB");
  check_figure ("  direct to reverberant", ratio_rise, -INFINITY, -0.5, "dB");
}

/* Without the direct sound: the reflections fall, the late sound stays. */
static void
check_farther_wet (void)
{
  double rise = -INFINITY, ratio_rise = -INFINITY, late_move = 0;
  double last = INFINITY, last_ratio = INFINITY;
  double near = power_at (0, "dry", "early", -12).all;
  for (unsigned k = 0; k <= STEPS; k++) {
    double here = power_at (k, "dry", NULL, -12).all;
    double late = power_at (k, "dry", "early", -12).all;
    double ratio = power_at (k, "dry", "late", -12).all - late;
    rise = fmax (rise, here - last);
    ratio_rise = fmax (ratio_rise, ratio - last_ratio);
    late_move = fmax (late_move, fabs (late - near));
    last = here;
    last_ratio = ratio;
  }
  check_figure ("dry off, from one distance to the next: level", rise,
      -INFINITY, 0, "dB");
  check_figure ("  early to late", ratio_rise, -INFINITY, -0.3, "dB");
  check_figure ("  the late sound moves by", late_move, 0, 0.1, "dB");
}

static void
test_distance (void)
{
  static const double wets[] = { -20, -12, -6, 0, 6, 12 };
  for (unsigned k = 0; k < sizeof wets / sizeof *wets; k++)
    check_farther (wets[k]);
  check_farther_wet ();
  void *params = check_params (&mix_reverb);
  set (params, "distance", 100);
  set (params, "wet", -100);
  CheckAudio direct = response (params, 48000, 1, 0, 0.2);
  double low = cabs (check_dft (direct.c[0], direct.frames, 100, 48000));
  double high = cabs (check_dft (direct.c[0], direct.frames, 16000, 48000));
  check_figure ("distance 100, direct sound at 100 Hz", mix_db_from_gain (low),
      -15.2, -14.8, "dB");
  check_figure ("distance 100, direct sound at 16 kHz under that at 100 Hz",
      mix_db_from_gain (high / low), -14, -10, "dB");
  check_audio_free (&direct);
  free (params);
}

static void
test_pre_delay (void)
{
  for (unsigned r = 0; r < RATES; r++) {
    unsigned first[3];
    for (unsigned k = 0; k < 3; k++) {
      void *params = wet_params ("hall");
      set (params, "pre-delay", 250 * k);
      CheckAudio ir = response (params, rates[r], 2, 0, 1);
      first[k] = first_sound (&ir);
      check_audio_free (&ir);
      free (params);
    }
    check_figure ("pre-delay of 500 ms, from that of 250",
        (first[2] - first[1]) * 1000.0 / rates[r], 249.9, 250.1, "ms");
    check_figure ("pre-delay of 250 ms, from that of 0",
        (first[1] - first[0]) * 1000.0 / rates[r], 249.9, 250.1, "ms");
    check_figure ("without pre-delay, the first reflection",
        first[0] * 1000.0 / rates[r], 3, 15, "ms");
  }
}

int
main (void)
{
  if (!check_has_level ())
    return check_end ();
  test_levels ();
  test_neutral ();
  test_return ();
  test_distance ();
  test_pre_delay ();
  return check_end ();
}
