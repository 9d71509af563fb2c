/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bands without effect are exact: the output is the input, bit by bit.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve.h"

static const unsigned rates[] = { 44100, 48000, 96000 };

static bool
is_exact (const void *params, unsigned rate)
{
  CheckAudio in = check_audio (2, rate), out = check_audio (2, rate);
  for (unsigned c = 0; c < 2; c++)
    check_noise (in.c[c], in.frames, 0.9, c + 1);
  void *self = check_new_unit (eq, rate, 2, params);
  unsigned lag = eq->latency (self);
  check_process (eq, self, &out, &in, 333);
  bool same = true;
  for (unsigned c = 0; c < 2; c++)
    same &= memcmp (out.c[c] + lag, in.c[c], (in.frames - lag) * sizeof (float))
            == 0;
  check_free_unit (eq, self);
  check_audio_free (&in);
  check_audio_free (&out);
  return same;
}

static void
test_flat (unsigned rate)
{
  static const char *const neutral[]
      = { "bell", "low-shelf", "high-shelf", "tilt" };
  void *params = check_params (eq);
  CHECK (is_exact (params, rate), "defaults at %u Hz", rate);
  for (unsigned i = 0; i < 4; i++)
    check_choose_band (eq, params, i, "type", neutral[i]);
  check_set_band (eq, params, 1, "threshold", -40);
  check_set_band (eq, params, 5, "gain", 12);
  check_set_band (eq, params, 5, "enabled", 0);
  check_set_band (eq, params, 9, "gain", 12); /* over num-bands */
  CHECK (is_exact (params, rate), "neutral bands at %u Hz", rate);
  check_set_band (eq, params, 6, "frequency", rate / 2.0);
  CHECK (is_exact (params, rate), "half the rate at %u Hz", rate);
  check_choose (eq, params, "phase", "linear");
  CHECK (is_exact (params, rate), "linear and flat at %u Hz", rate);
  free (params);
}

/* After bands have acted and are flat or off again, the output is the input. */
static void
test_flat_again (void)
{
  CheckAudio in = check_audio (2, 48000), out = check_audio (2, 48000);
  for (unsigned c = 0; c < 2; c++)
    check_noise (in.c[c], in.frames, 0.9, c + 1);
  void *params = check_params (eq);
  void *self = check_new_unit (eq, 48000, 2, params);
  check_set_band (eq, params, 2, "gain", 12);
  check_set_band (eq, params, 3, "type", MIX_FILTER_LOW_CUT);
  check_set (eq, params, "output-gain", -6);
  eq->set (self, params);
  check_process_span (eq, self, &out, &in, 0, 12000);
  CHECK (memcmp (in.c[0] + 9000, out.c[0] + 9000, 4000) != 0, "it acts");
  check_set_band (eq, params, 2, "gain", 0);
  check_set_band (eq, params, 3, "enabled", 0);
  check_set (eq, params, "output-gain", 0);
  eq->set (self, params);
  check_process_span (eq, self, &out, &in, 12000, 48000);
  for (unsigned c = 0; c < 2; c++)
    CHECK (
        memcmp (in.c[c] + 24000, out.c[c] + 24000, 24000 * sizeof (float)) == 0,
        "not exact again on channel %u", c);
  check_free_unit (eq, self);
  check_audio_free (&in);
  check_audio_free (&out);
  free (params);
}

/* Targets set between two ticks while nothing moves take effect at the next
 * tick, not at the next call. */
static void
test_late_set (void)
{
  static const unsigned pieces[] = { 7, 5000 };
  CheckAudio in = check_audio (1, 6000), out[2];
  check_noise (in.c[0], in.frames, 0.9, 1);
  for (unsigned v = 0; v < 2; v++) {
    void *params = check_params (eq);
    void *self = check_new_unit (eq, 48000, 1, params);
    out[v] = check_audio (1, 6000);
    check_process_span (eq, self, &out[v], &in, 0, 1001);
    check_set_band (eq, params, 2, "gain", 12);
    eq->set (self, params);
    for (unsigned at = 1001; at < 6000; at += pieces[v])
      check_process_span (
          eq, self, &out[v], &in, at, mix_min (at + pieces[v], 6000));
    check_free_unit (eq, self);
    free (params);
  }
  CHECK (
      check_audio_equal (&out[0], &out[1]), "a late set depends on the cuts");
  CHECK (!check_audio_equal (&out[0], &in), "a late set is taken up");
  for (unsigned v = 0; v < 2; v++)
    check_audio_free (&out[v]);
  check_audio_free (&in);
}

/* A band is out of range only when nearly nothing of its curve lies below half
 * the rate: then it has no effect, and one remark says so. */
static void
test_out_of_range (void)
{
  static const struct {
    Curve curve;
    bool acts;
  } cases[] = {
    { { MIX_FILTER_LOW_CUT, 24000, 0, 1, 1 }, true },
    { { MIX_FILTER_LOW_SHELF, 40000, 3, 1, 1 }, true },
    { { MIX_FILTER_BELL, 24000, 12, 1, 1 }, true },
    { { MIX_FILTER_BELL, 40000, 3, 40, 1 }, false },
    { { MIX_FILTER_NOTCH, 40000, 0, 40, 1 }, false },
    { { MIX_FILTER_HIGH_CUT, 40000, 0, 1, 7 }, false },
    { { MIX_FILTER_ALL_PASS, 24000, 0, 1, 1 }, false },
  };
  MixFormat format = mix_format (48000, 2);
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
    for (unsigned linear = 0; linear < 2; linear++) {
      void *params = check_params (eq);
      check_set (eq, params, "phase", linear);
      put_curve (params, 1, &cases[i].curve);
      CHECK (is_exact (params, 48000) != cases[i].acts, "case %u", i);
      void *self = check_new_unit (eq, 48000, 2, params);
      CHECK (check_read (eq, self, "over-nyquist") == !cases[i].acts,
          "reading of case %u", i);
      CHECK (check_remarks (eq, params, &format) == !cases[i].acts,
          "remark on case %u", i);
      check_free_unit (eq, self);
      check_set_band (eq, params, 1, "enabled", 0);
      CHECK (check_remarks (eq, params, &format) == 0,
          "remark on case %u while it is off", i);
      free (params);
    }
}

int
main (void)
{
  for (unsigned i = 0; i < 3; i++)
    test_flat (rates[i]);
  test_flat_again ();
  test_late_set ();
  test_out_of_range ();
  return check_end ();
}
