/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters move without clicks, measured as the level above 8 kHz.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

typedef void Change (void *params, unsigned step);

static void
sweep_frequency (void *params, unsigned step)
{
  check_set_band (
      eq, params, 0, "frequency", 200 * pow (2, fmod (step / 200., 5)));
}

/* Across half of 44.1 and 48 kHz and back. */
static void
sweep_over_nyquist (void *params, unsigned step)
{
  static const Curve others[] = { { MIX_FILTER_NOTCH, 0, 0, 1, 1 },
    { MIX_FILTER_HIGH_SHELF, 0, 12, 0.7071, 1 },
    { MIX_FILTER_HIGH_SHELF, 0, -12, 4, 1 }, { MIX_FILTER_TILT, 0, 12, 1, 1 },
    { MIX_FILTER_LOW_SHELF, 0, 9, 0.7071, 1 },
    { MIX_FILTER_HIGH_CUT, 0, 0, 1, 7 } };
  double hz = 20000 * pow (2, fabs (fmod (step / 200., 2) - 1));
  check_set_band (eq, params, 0, "frequency", hz);
  for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
    Curve c = others[i];
    c.frequency = hz;
    put_curve (params, i + 1, &c);
  }
}

static void
jump_frequency (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "frequency", step % 400 ? 300 : 3000);
}

static void
sweep_gain (void *params, unsigned step)
{
  check_set_band (eq, params, 0, "gain", 18 * sin (step / 40.));
}

static void
jump_gain (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "gain", step % 400 ? -18 : 18);
}

static void
jump_q (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "q", step % 400 ? 0.3 : 10);
}

static void
jump_enabled (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set_band (eq, params, 0, "enabled", step % 400 != 0);
}

static void
jump_type (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "type", step / 400 % 9);
}

static void
jump_slope (void *params, unsigned step)
{
  check_set_band (eq, params, 0, "type", MIX_FILTER_LOW_CUT);
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "slope", step / 400 % 8);
}

static void
jump_channels (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "channels", step / 400 % 5);
}

static void
jump_solo (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "solo", step / 400 % 2);
}

static void
jump_threshold (void *params, unsigned step)
{
  if (step % 400 == 0)
    check_set_band (eq, params, 0, "threshold", step / 400 % 2 ? -40 : 0);
}

/* Across the q from which a shelf has two sections, with another band behind
 * it. */
static void
sweep_shelf_q (void *params, unsigned step)
{
  static const Curve bell = { MIX_FILTER_BELL, 400, 6, 1, 1 };
  put_curve (params, 1, &bell);
  check_choose_band (eq, params, 0, "type", "high-shelf");
  check_set_band (
      eq, params, 0, "q", step % 300 < 20 ? 0.7 : 0.9 + step % 300 * 0.01);
}

/* The state of another band is converted between left/right and mid/side. */
static void
jump_domain (void *params, unsigned step)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, 12, 4, 1 };
  put_curve (params, 1, &bell);
  check_choose_band (eq, params, 0, "channels", "mid");
  jump_enabled (params, step);
}

static void
jump_output (void *params, unsigned step)
{
  if (step % 200 == 0)
    check_set (eq, params, "output-gain", step % 400 ? -18 : 6);
}

static const struct {
  const char *name;
  Change *change;
} changes[] = {
  { "frequency sweep", sweep_frequency },
  { "sweep over Nyquist", sweep_over_nyquist },
  { "frequency jumps", jump_frequency },
  { "gain sweep", sweep_gain },
  { "gain jumps", jump_gain },
  { "q jumps", jump_q },
  { "shelf q sweep", sweep_shelf_q },
  { "band on and off", jump_enabled },
  { "type changes", jump_type },
  { "slope changes", jump_slope },
  { "channel changes", jump_channels },
  { "solo on and off", jump_solo },
  { "static and dynamic", jump_threshold },
  { "mid band on and off", jump_domain },
  { "output gain jumps", jump_output },
};

/* The level above 8 kHz of a 1 kHz tone while a parameter moves every 32 frames
 * (a step). */
static double
clicks_db (Change *change, unsigned rate, const char *phase)
{
  static const Curve bell = { MIX_FILTER_BELL, 1500, 12, 2, 1 };
  unsigned frames = 4 * rate;
  void *params = check_params (eq);
  check_choose (eq, params, "phase", phase);
  put_curve (params, 0, &bell);
  CheckAudio a = check_audio (2, frames);
  for (unsigned c = 0; c < 2; c++)
    check_sine (a.c[c], frames, 1000, rate, 0.25 + 0.1 * c);
  void *self = check_new_unit (eq, rate, 2, params);
  for (unsigned i = 0; i + 32 <= frames; i += 32) {
    change (params, i / 32);
    if (i / 32 >= 800) /* the tone's own start has died away */
      eq->set (self, params);
    check_process_span (eq, self, &a, &a, i, i + 32);
  }
  check_high_pass (a.c[0], a.c[0], frames, 8000, rate);
  unsigned skip = 24000;
  double peak = check_peak (a.c[0] + skip, frames - skip - 32);
  check_free_unit (eq, self);
  check_audio_free (&a);
  free (params);
  return 20 * log10 (peak);
}

static void
test_clicks (unsigned rate)
{
  for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
    char name[80];
    snprintf (
        name, sizeof name, "%s at %u Hz, above 8 kHz", changes[i].name, rate);
    check_figure (name, clicks_db (changes[i].change, rate, "minimum"),
        -INFINITY, -80, "dBFS");
  }
}

static void
test_linear_clicks (void)
{
  for (unsigned i = 0; i < 6; i++) {
    char name[80];
    snprintf (
        name, sizeof name, "linear phase, %s, above 8 kHz", changes[i].name);
    check_figure (name, clicks_db (changes[i].change, 48000, "linear"),
        -INFINITY, -80, "dBFS");
  }
}

int
main (void)
{
  for (unsigned i = 0; i < 3; i++)
    test_clicks (rates[i]);
  test_linear_clicks ();
  return check_end ();
}
