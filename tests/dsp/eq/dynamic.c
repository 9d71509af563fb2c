/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Dynamic bands: the static curve, what the detector measures, attack and
 * release, and the readings.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "curve.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

/* Level of the last quarter of a tone of `level_db` at the band's centre. */
static double
level_out (const void *params, double level_db, double hz)
{
  const unsigned rate = 48000, frames = 2 * rate;
  CheckAudio a = check_audio (2, frames);
  double amplitude = mix_gain_from_db (level_db);
  for (unsigned c = 0; c < 2; c++)
    check_sine (a.c[c], frames, hz, rate, amplitude);
  void *self = check_new_unit (eq, rate, 2, params);
  check_process (eq, self, &a, &a, 480);
  double out = 20
               * log10 (check_amplitude (
                   a.c[1] + frames * 3 / 4, frames / 4, hz, rate));
  check_free_unit (eq, self);
  check_audio_free (&a);
  return out;
}

static void
test_dynamic (void)
{
  static const Curve bell = { MIX_FILTER_BELL, 1000, -18, 2, 1 };
  void *params = check_params (eq);
  put_curve (params, 2, &bell);
  check_set_band (eq, params, 2, "threshold", -30);
  check_set_band (eq, params, 2, "ratio", 2);
  /* 20 dB over the threshold, half of it */
  check_figure ("dynamic cut, 20 dB over at 2:1", level_out (params, -10, 1000),
      -20.2, -19.8, "dB");
  check_figure ("dynamic cut in full", level_out (params, -0.1, 1000) + 0.1,
      -15.2, -14.7, "dB");
  check_figure ("dynamic cut under the threshold",
      level_out (params, -30.1, 1000), -30.1001, -30.0999, "dB");
  check_set_band (eq, params, 2, "ratio", 100);
  check_figure ("dynamic cut at its limit", level_out (params, -5, 1000),
      -23.05, -22.8, "dB");
  check_set_band (eq, params, 2, "gain", 6);
  check_set_band (eq, params, 2, "ratio", 2);
  check_figure ("dynamic boost, 8 dB over at 2:1",
      level_out (params, -22, 1000), -18.15, -17.9, "dB");
  check_figure ("dynamic boost, tone out of the band",
      level_out (params, -22, 60), -22.01, -21.99, "dB");
  free (params);
}

/* A dynamic band measures all that it acts on and nothing else: tones at
 * -10 dBFS, far above the threshold, get the full gain. */
static void
test_dynamic_region (unsigned rate)
{
  static const struct {
    Curve curve;
    double hz;
    bool is_measured;
  } cases[] = {
    { { MIX_FILTER_LOW_SHELF, 200, 8, 0.7071, 1 }, 40, true },
    { { MIX_FILTER_LOW_SHELF, 200, -8, 0.7071, 1 }, 25, true },
    { { MIX_FILTER_LOW_SHELF, 200, 8, 0.7071, 1 }, 3000, false },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 15000, true },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 6000, true },
    { { MIX_FILTER_HIGH_SHELF, 2000, -8, 0.7071, 1 }, 130, false },
    { { MIX_FILTER_HIGH_SHELF, 24000, 12, 0.7071, 1 }, 18000, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 50, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 14000, true },
    { { MIX_FILTER_TILT, 1000, 12, 1, 1 }, 1000, false },
    { { MIX_FILTER_BELL, 1000, 9, 2, 1 }, 1000, true },
    { { MIX_FILTER_BELL, 1000, 9, 4, 1 }, 60, false },
    { { MIX_FILTER_BELL, 16000, 9, 2, 1 }, 16000, true },
  };
  const unsigned frames = 2 * rate;
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Curve *c = &cases[i].curve;
    void *params = check_params (eq);
    put_curve (params, 2, c);
    check_set_band (eq, params, 2, "threshold", -40);
    check_set_band (eq, params, 2, "ratio", 100);
    CheckAudio a = check_audio (2, frames);
    for (unsigned k = 0; k < 2; k++)
      check_sine (a.c[k], frames, cases[i].hz, rate, mix_gain_from_db (-10));
    void *self = check_new_unit (eq, rate, 2, params);
    check_process (eq, self, &a, &a, 480);
    check_read (eq, self, "dynamic-gain"); /* of the start */
    check_process (eq, self, &a, &a, 480);
    double gain = check_read (eq, self, "dynamic-gain");
    char name[80];
    snprintf (name, sizeof name, "dynamic band %u at %u Hz, %g Hz tone", i,
        rate, cases[i].hz);
    double wanted = cases[i].is_measured ? c->gain : 0;
    check_figure (name, gain, wanted - 0.1, wanted + 0.1, "dB");
    check_free_unit (eq, self);
    check_audio_free (&a);
    free (params);
  }
}

/* Frames after `from` until the band's gain, measured in each cycle of the tone
 * and interpolated, has done 63.2 % of the step to `target_db`. */
static double
frames_until (const CheckAudio *in, const CheckAudio *out, unsigned from,
    unsigned cycle, double start_db, double target_db)
{
  double wanted = start_db + (1 - exp (-1)) * (target_db - start_db);
  double before = start_db;
  /* what the band still rings after the tone's fall is not its gain */
  unsigned first = target_db > start_db ? from + 6 * cycle : from;
  for (unsigned at = first; at + cycle <= in->frames; at += cycle) {
    double x = check_rms (in->c[0] + at, cycle);
    double now = 20 * log10 (check_rms (out->c[0] + at, cycle) / x);
    if ((now - wanted) * (target_db - start_db) >= 0)
      return at - from + cycle * ((wanted - before) / (now - before) - 0.5);
    before = now;
  }
  return INFINITY;
}

/* A tone jumps above the threshold and back: the times to 63.2 % of the step of
 * the gain, in dB. */
static void
test_dynamic_times (unsigned rate)
{
  static const Curve bell = { MIX_FILTER_BELL, 2000, -12, 1, 1 };
  static const double times[][2]
      = { { 10, 100 }, { 20, 200 }, { 100, 100 }, { 5, 50 }, { 80, 20 } };
  const unsigned cycle = rate / 2000, half = cycle * 2000;
  for (unsigned i = 0; i < sizeof times / sizeof *times; i++) {
    void *params = check_params (eq);
    put_curve (params, 2, &bell);
    check_set_band (eq, params, 2, "frequency", (double)rate / cycle);
    check_set_band (eq, params, 2, "threshold", -20);
    check_set_band (eq, params, 2, "attack", times[i][0]);
    check_set_band (eq, params, 2, "release", times[i][1]);
    CheckAudio in = check_audio (1, 2 * half), out = check_audio (1, 2 * half);
    double hz = (double)rate / cycle;
    check_sine (in.c[0], half, hz, rate, 1);
    check_sine (in.c[0] + half, half, hz, rate, 0.01);
    void *self = check_new_unit (eq, rate, 1, params);
    check_process (eq, self, &out, &in, 333);
    double attack = frames_until (&in, &out, 0, cycle, 0, -10);
    double release = frames_until (&in, &out, half, cycle, -10, 0);
    char name[80];
    snprintf (name, sizeof name, "attack of %g ms at %u Hz", times[i][0], rate);
    check_figure (name, attack * 1000 / rate, times[i][0] * 0.95,
        times[i][0] * 1.05, "ms");
    snprintf (
        name, sizeof name, "release of %g ms at %u Hz", times[i][1], rate);
    check_figure (name, release * 1000 / rate, times[i][1] * 0.9,
        times[i][1] * 1.1, "ms");
    check_free_unit (eq, self);
    check_audio_free (&in);
    check_audio_free (&out);
    free (params);
  }
}

/* ---- Readings ----------------------------------------------------------- */

static MixDoubles
read_band_gains (void *self)
{
  const MixRow *row = mix_table_find (&eq->readings, "band-gains");
  unsigned char *readings = calloc (1, eq->readings.size);
  MixDoubles gains = { 0 };
  if (CHECK (readings && row && row->kind == MIX_DOUBLES
                 && row->flags & MIX_PER_BAND,
          "band-gains")) {
    eq->read (self, readings);
    gains = *(const MixDoubles *)(readings + row->offset);
  }
  free (readings);
  return gains;
}

/* A tone 10 dB over the threshold at the dynamic band's centre, 2:1; other
 * bands are static, off and without a gain. */
static void
test_band_gains (const char *phase)
{
  static const Curve curves[] = { { MIX_FILTER_BELL, 1000, -12, 4, 1 },
    { MIX_FILTER_HIGH_SHELF, 12000, 3, 0.7071, 1 },
    { MIX_FILTER_LOW_SHELF, 60, 6, 0.7071, 1 },
    { MIX_FILTER_LOW_CUT, 20, 6, 0.7071, 1 } };
  static const double loud[5] = { -5, 3, 0, 0, 0 }, quiet[5] = { 0, 3, 0, 0 };
  const unsigned rate = 48000, frames = 2 * rate;
  void *params = check_params (eq);
  check_choose (eq, params, "phase", phase);
  check_set (eq, params, "num-bands", 5);
  for (unsigned i = 0; i < 4; i++)
    put_curve (params, i, &curves[i]);
  check_set_band (eq, params, 0, "threshold", -30);
  check_set_band (eq, params, 2, "enabled", 0);
  CheckAudio a = check_audio (2, frames);
  void *self = check_new_unit (eq, rate, 2, params);
  for (unsigned pass = 0; pass < 2; pass++) {
    double level_db = pass == 0 ? -20 : -40;
    for (unsigned c = 0; c < 2; c++)
      check_sine (a.c[c], frames, 1000, rate, mix_gain_from_db (level_db));
    check_process (eq, self, &a, &a, 480);
    MixDoubles gains = read_band_gains (self);
    CHECK (gains.count == 5, "%u bands", gains.count);
    for (unsigned i = 0; i < 5; i++) {
      double wanted = pass == 0 ? loud[i] : quiet[i];
      char name[80];
      snprintf (name, sizeof name, "gain of band %u, tone of %g dB, %s phase",
          i, level_db, phase);
      check_figure (name, gains.values[i], wanted - 0.1, wanted + 0.1, "dB");
    }
  }
  check_free_unit (eq, self);
  check_audio_free (&a);
  free (params);
}

int
main (void)
{
  test_dynamic ();
  for (unsigned i = 0; i < 3; i++) {
    test_dynamic_region (rates[i]);
    test_dynamic_times (rates[i]);
  }
  test_band_gains ("minimum");
  test_band_gains ("linear");
  return check_end ();
}
