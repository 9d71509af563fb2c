/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All bands at extreme settings, at rates from 1 Hz to 3 MHz: output is finite.
 */
#include <stdlib.h>

#include "curve.h"
#include "kernels/kernels.h"

static void
test_extremes (const char *phase)
{
  static const unsigned rates[] = { 1, 7, 1000, 8000, 384000, 3000000 };
  for (unsigned r = 0; r < sizeof rates / sizeof *rates; r++)
    for (unsigned type = 0; type < 9; type++) {
      void *params = check_params (eq);
      check_choose (eq, params, "phase", phase);
      check_set (eq, params, "num-bands", 32);
      check_set (eq, params, "output-gain", 36);
      for (unsigned b = 0; b < 32; b++) {
        Curve c = { type, b % 2 ? 10 : 40000, 36, b % 3 ? 40 : 0.1, 7 };
        put_curve (params, b, &c);
        check_set_band (eq, params, b, "channels", b % 5);
      }
      CheckAudio a = check_audio (3, 4096);
      for (unsigned c = 0; c < 3; c++)
        check_noise (a.c[c], a.frames, 1e9, c + 1);
      void *self = check_new_unit (eq, rates[r], 3, params);
      check_process (eq, self, &a, &a, 100);
      for (unsigned c = 0; c < 3; c++)
        CHECK (check_peak (a.c[c], a.frames) <= MIX_SANE,
            "%s, type %u at %u Hz: not sane", phase, type, rates[r]);
      CHECK (check_audio_finite (&a), "type %u at %u Hz", type, rates[r]);
      check_free_unit (eq, self);
      check_audio_free (&a);
      free (params);
    }
}

int
main (void)
{
  test_extremes ("minimum");
  test_extremes ("linear");
  return check_end ();
}
