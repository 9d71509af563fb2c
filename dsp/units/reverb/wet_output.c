/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wet_output.h"

#include <string.h>

enum { N = MIX_REVERB_BLOCK };

void
mix_wet_output_prepare (MixWetOutput *output, const MixWetRouting *routing,
    unsigned rate, double smooth_ms)
{
  double ms = smooth_ms * MIX_TICK / MIX_REVERB_BLOCK;
  output->kernels = mix_kernels ();
  output->rate = rate;
  output->slots = routing->slots;
  mix_smoother_prepare (&output->mid, rate, ms);
  mix_smoother_prepare (&output->side, rate, ms);
  mix_cut_fade_prepare (&output->low.control, 1, rate, ms, ms);
  mix_cut_fade_prepare (&output->high.control, 1, rate, ms, ms);
}

/* An uncorrelated left and right keep their power. */
void
mix_wet_output_set (MixWetOutput *output, const MixReverbParams *params)
{
  double width = params->width_percent / 100;
  double mid = sqrt (2 / (1 + width * width));
  mix_smoother_set (&output->mid, mid);
  mix_smoother_set (&output->side, width * mid);
  mix_cut_fade_set (&output->low.control, params->low_cut_hz > 0,
      fmax (params->low_cut_hz, 1));
  mix_cut_fade_set (&output->high.control, params->high_cut_hz > 0,
      fmax (params->high_cut_hz, 1));
}

/* ---- Cuts --------------------------------------------------------------- */

static void
design_cut (const MixWetOutput *output, MixWetCut *cut, MixFilterType type)
{
  cut->design
      = mix_cut_design (type, mix_cut_fade_hz (&cut->control), output->rate);
}

static void
reset_cut (const MixWetOutput *output, MixWetCut *cut, MixFilterType type)
{
  mix_cut_fade_reset (&cut->control);
  memset (cut->state, 0, sizeof cut->state);
  design_cut (output, cut, type);
}

static void
tick_cut (const MixWetOutput *output, MixWetCut *cut, MixFilterType type)
{
  bool begins = mix_cut_fade_tick (&cut->control);
  if (begins)
    memset (cut->state, 0, output->slots * sizeof *cut->state);
  if (begins || mix_cut_fade_corner_moves (&cut->control))
    design_cut (output, cut, type);
}

static void
run_cut (MixWetCut *cut, unsigned slot, float *io)
{
  MixRamp share = mix_cut_fade_share_over (&cut->control, N);
  if (mix_cut_fade_is_on (&cut->control))
    mix_cut_run (
        &cut->state[slot], &cut->design, share.from, share.slope, 0, io, io, N);
}

/* ---- All ---------------------------------------------------------------- */

void
mix_wet_output_reset (MixWetOutput *output)
{
  mix_smoother_snap (&output->mid);
  mix_smoother_snap (&output->side);
  reset_cut (output, &output->low, MIX_FILTER_LOW_CUT);
  reset_cut (output, &output->high, MIX_FILTER_HIGH_CUT);
  output->peak = 0;
}

bool
mix_wet_output_tick (MixWetOutput *output)
{
  bool moves = mix_smoother_tick (&output->mid);
  moves |= mix_smoother_tick (&output->side);
  tick_cut (output, &output->low, MIX_FILTER_LOW_CUT);
  tick_cut (output, &output->high, MIX_FILTER_HIGH_CUT);
  return moves || !mix_cut_fade_is_still (&output->low.control)
         || !mix_cut_fade_is_still (&output->high.control);
}

void
mix_wet_output_widen (const MixWetOutput *output, float *left, float *right)
{
  MixEnds mid_ends = mix_ends_of (&output->mid);
  MixEnds side_ends = mix_ends_of (&output->side);
  if (mix_ends_are (mid_ends, 1) && mix_ends_are (side_ends, 1))
    return;
  MixRamp m = mix_ends_ramp (mid_ends), s = mix_ends_ramp (side_ends);
  for (unsigned i = 0; i < N; i++) {
    float mid = 0.5f * (left[i] + right[i]) * mix_ramp_at (m, i);
    float side = 0.5f * (left[i] - right[i]) * mix_ramp_at (s, i);
    left[i] = mid + side;
    right[i] = mid - side;
  }
}

void
mix_wet_output_finish (MixWetOutput *output, unsigned slot, float *io)
{
  run_cut (&output->low, slot, io);
  run_cut (&output->high, slot, io);
  output->peak = mix_larger (output->peak, output->kernels->peak (io, N));
}

float
mix_wet_output_read (MixWetOutput *output)
{
  float peak = output->peak;
  output->peak = 0;
  return peak;
}
