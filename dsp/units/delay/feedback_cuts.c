/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feedback_cuts.h"

#include <string.h>

#define CORNER_MS 30.0 /* an octave is 12 dB far from the corner */
#define SHARE_MS 5.0

enum { LOW = MIX_DELAY_LOW_CUT, HIGH = MIX_DELAY_HIGH_CUT };

void
mix_delay_cuts_prepare (MixDelayCuts *cuts, unsigned rate)
{
  *cuts = (MixDelayCuts){ .rate = rate };
  mix_cut_fade_prepare (&cuts->fade[LOW], 20, rate, CORNER_MS, SHARE_MS);
  mix_cut_fade_prepare (&cuts->fade[HIGH], 20000, rate, CORNER_MS, SHARE_MS);
}

void
mix_delay_cuts_set (MixDelayCuts *cuts, const MixDelayParams *p)
{
  double top = MIX_LOOP_CUT_TOP * cuts->rate;
  mix_cut_fade_set (
      &cuts->fade[LOW], p->low_cut_hz > 0, fmin (p->low_cut_hz, top));
  mix_cut_fade_set (&cuts->fade[HIGH],
      p->high_cut_hz > 0 && p->high_cut_hz < top, p->high_cut_hz);
  cuts->settled = false;
}

static void
clear_states (MixDelayCuts *cuts)
{
  memset (cuts->state, 0, sizeof cuts->state);
}

void
mix_delay_cuts_reset (MixDelayCuts *cuts)
{
  for (unsigned i = 0; i < 2; i++)
    mix_cut_fade_reset (&cuts->fade[i]);
  clear_states (cuts);
  cuts->on = cuts->settled = false;
}

/* Both run while one of them is on, so they share their start. */
bool
mix_delay_cuts_tick (MixDelayCuts *cuts)
{
  MixCutFade *fade = cuts->fade;
  if (cuts->settled)
    return false;
  cuts->settled = true;
  for (unsigned i = 0; i < 2; i++) {
    mix_cut_fade_tick (&fade[i]);
    cuts->settled &= mix_cut_fade_is_still (&fade[i]);
  }
  bool on = mix_cut_fade_is_on (&fade[LOW]) || mix_cut_fade_is_on (&fade[HIGH]);
  if (on && !cuts->on)
    clear_states (cuts);
  cuts->on = on;
  for (unsigned i = 0; on && i < 2; i++)
    cuts->design[i] = mix_loop_cut_design (
        i == HIGH, mix_cut_fade_hz (&fade[i]), cuts->rate);
  return !cuts->settled;
}

void
mix_delay_cuts_run (MixDelayCuts *cuts, unsigned channel, float *left,
    float *right, unsigned offset, unsigned n)
{
  const MixRamp shares[2] = { mix_cut_fade_share (&cuts->fade[LOW]),
    mix_cut_fade_share (&cuts->fade[HIGH]) };
  if (cuts->on)
    mix_loop_cut_run (
        cuts->state[channel], cuts->design, shares, offset, left, right, n);
}
