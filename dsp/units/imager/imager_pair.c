/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tick of one pair. As long as neither filters nor the guard have work all
 * settings together are one matrix; a neutral one is a copy.
 */
#include <string.h>

#include "imager.h"

enum { LEFT = MIX_IMAGER_LEFT, RIGHT = MIX_IMAGER_RIGHT };

/* ---- Running ------------------------------------------------------------ */

static void
delay (MixImagerPair *pair, const MixImagerHaas *haas, const float *const in[2],
    const float *source[2])
{
  for (unsigned c = 0; c < 2; c++) {
    source[c] = in[c];
    if (haas->runs) {
      mix_imager_haas_run (haas, c, pair->late[c], in[c]);
      source[c] = pair->late[c];
    }
  }
}

/* The side's column of the matrix times the guard's gain. */
static MixBlend
guarded (MixBlend join, const MixSmoother *gain)
{
  for (unsigned i = 1; i < 4; i += 2) {
    float end = join.from[i] + join.slope[i] * MIX_TICK;
    join.from[i] *= (float)gain->from;
    join.slope[i] = (end * (float)gain->to - join.from[i]) * (1.f / MIX_TICK);
  }
  return join;
}

static void
run_whole (MixImagerPair *pair, const MixImagerCommon *common,
    const float *const source[2])
{
  if (common->image.is_neutral)
    for (unsigned c = 0; c < 2; c++)
      memcpy (pair->out[c], source[c], MIX_TICK * sizeof (float));
  else
    common->kernels->blend_pair (&common->image.whole, pair->out[LEFT],
        pair->out[RIGHT], source[LEFT], source[RIGHT], MIX_TICK);
}

static void
run_apart (MixImagerPair *pair, const MixImagerCommon *common)
{
  MixBlend join = guarded (common->image.join, &pair->guard.gain);
  if (common->filtering) {
    pair->next = pair->state;
    mix_imager_side_run (&common->side, &pair->next, pair->side, pair->mid);
  }
  common->kernels->blend_pair (&join, pair->out[LEFT], pair->out[RIGHT],
      pair->mid, pair->side, MIX_TICK);
}

/* A guard that rests only looks on. */
void
mix_imager_pair_run (MixImagerPair *pair, const MixImagerCommon *common,
    const float *const in[2])
{
  const float *source[2];
  const MixSmoother *gain = &pair->guard.gain;
  bool rests = gain->from == 1 && gain->to == 1;
  delay (pair, &common->haas, in, source);
  if (common->filtering || common->guarding)
    common->kernels->blend_pair (&common->image.split, pair->mid, pair->side,
        source[LEFT], source[RIGHT], MIX_TICK);
  if (common->filtering || !rests)
    run_apart (pair, common);
  else
    run_whole (pair, common, source);
}

/* ---- Finishing ---------------------------------------------------------- */

/* Powers of left + right and left - right tell those of mid and side where
 * mid stands for left and side for right. */
static void
watch (MixImagerPair *pair, const MixImagerCommon *common, double decay)
{
  const MixImagerImage *image = &common->image;
  MixPairPowers powers = { { 0 }, { 0 }, { 0 } };
  common->kernels->pair_powers (pair->mid, pair->side, 0, &powers, MIX_TICK);
  double sum = mix_sum_of_lanes (powers.mid) + mix_sum_of_lanes (powers.side);
  double twice = 2 * mix_sum_of_lanes (powers.product);
  double mid = sum + twice, side = sum - twice;
  mix_imager_guard_add (&pair->guard,
      image->mid_gain * image->mid_gain * fmax (0, mid),
      image->side_gain * image->side_gain * fmax (0, side), decay,
      common->guard);
}

void
mix_imager_pair_finish (
    MixImagerPair *pair, const MixImagerCommon *common, double guard_decay)
{
  if (common->guarding)
    watch (pair, common, guard_decay);
  if (common->filtering)
    pair->state = pair->next;
}
