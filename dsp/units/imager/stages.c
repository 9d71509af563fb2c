/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stages.h"

#include <string.h>

enum { LEFT = MIX_IMAGER_LEFT, RIGHT = MIX_IMAGER_RIGHT };

/* ---- Ticks -------------------------------------------------------------- */

void
mix_imager_stages_prepare (
    MixImagerStages *stages, MixImagerPair *pair, unsigned pairs, unsigned rate)
{
  *stages = (MixImagerStages){ .kernels = mix_kernels (), .rate = rate };
  mix_imager_matrix_prepare (&stages->matrix, rate);
  mix_imager_side_prepare (&stages->side, rate);
  mix_imager_haas_prepare (&stages->haas, rate);
  for (unsigned p = 0; p < pairs; p++)
    mix_imager_guard_prepare (&pair[p].guard, rate);
}

void
mix_imager_stages_set (MixImagerStages *stages, const MixImagerParams *params)
{
  mix_imager_matrix_set (&stages->matrix, params);
  mix_imager_side_set (&stages->side, params);
  mix_imager_haas_set (&stages->haas, params);
  stages->guard = params->guard;
  stages->moving = true;
}

void
mix_imager_stages_reset (
    MixImagerStages *stages, MixImagerPair *pair, unsigned pairs)
{
  mix_imager_side_reset (&stages->side);
  mix_imager_matrix_reset (
      &stages->matrix, mix_imager_side_band_gain (&stages->side));
  mix_imager_haas_reset (&stages->haas);
  stages->moving = false;
  stages->filtering = mix_imager_side_is_on (&stages->side);
  stages->guarding = stages->guard;
  for (unsigned p = 0; p < pairs; p++) {
    mix_imager_guard_reset (&pair[p].guard);
    pair[p].state = (MixImagerSideState){ 0 };
  }
}

static void
update (MixImagerStages *stages, MixImagerPair *pair, unsigned pairs)
{
  bool matrix_moves = mix_imager_matrix_tick (&stages->matrix);
  bool side_moves = mix_imager_side_tick (&stages->side);
  stages->moving = matrix_moves || side_moves;
  mix_imager_matrix_update (
      &stages->matrix, mix_imager_side_band_gain (&stages->side));
  mix_imager_side_update (&stages->side, stages->moving);
  stages->filtering = mix_imager_side_is_on (&stages->side);
  for (unsigned p = 0; p < pairs; p++)
    mix_imager_side_start (&stages->side, &pair[p].state);
}

/* A guard that was off has measured nothing. */
static void
update_guards (MixImagerStages *stages, MixImagerPair *pair, unsigned pairs)
{
  bool guarding = stages->guard;
  for (unsigned p = 0; p < pairs; p++) {
    if (!stages->guarding)
      mix_imager_guard_reset (&pair[p].guard);
    guarding |= mix_imager_guard_tick (&pair[p].guard);
  }
  stages->guarding = guarding;
}

void
mix_imager_stages_tick (
    MixImagerStages *stages, MixImagerPair *pair, unsigned pairs)
{
  if (stages->moving)
    update (stages, pair, pairs);
  if (stages->guard || stages->guarding)
    update_guards (stages, pair, pairs);
  mix_imager_haas_tick (&stages->haas);
}

/* A filter that decays at 10 Hz is silent for half a period at a time. */
unsigned
mix_imager_stages_tail (const MixImagerStages *stages)
{
  unsigned ringing = stages->filtering ? stages->rate / 20 : 0;
  return mix_imager_haas_longest (&stages->haas) + ringing;
}

/* ---- Running ------------------------------------------------------------ */

static void
delay (MixImagerPair *pair, const MixImagerHaas *haas, const float *const in[2],
    const float *source[2])
{
  for (unsigned c = 0; c < 2; c++) {
    source[c] = in[c];
    if (mix_imager_haas_is_on (haas)) {
      mix_imager_haas_run (haas, c, pair->late[c], in[c]);
      source[c] = pair->late[c];
    }
  }
}

static void
run_whole (MixImagerPair *pair, const MixImagerStages *stages,
    const float *const source[2])
{
  const MixImagerMatrix *matrix = &stages->matrix;
  if (mix_imager_matrix_is_neutral (matrix))
    for (unsigned c = 0; c < 2; c++)
      memcpy (pair->out[c], source[c], MIX_TICK * sizeof (float));
  else
    stages->kernels->blend_pair (mix_imager_matrix_whole (matrix),
        pair->out[LEFT], pair->out[RIGHT], source[LEFT], source[RIGHT],
        MIX_TICK);
}

static void
run_split (MixImagerPair *pair, const MixImagerStages *stages)
{
  MixBlend join = mix_imager_guard_apply (
      &pair->guard, *mix_imager_matrix_join (&stages->matrix));
  if (stages->filtering) {
    pair->next = pair->state;
    mix_imager_side_run (&stages->side, &pair->next, pair->side, pair->mid);
  }
  stages->kernels->blend_pair (&join, pair->out[LEFT], pair->out[RIGHT],
      pair->mid, pair->side, MIX_TICK);
}

static void
run_tick (MixImagerPair *pair, const MixImagerStages *stages,
    const float *const in[2])
{
  const float *source[2];
  delay (pair, &stages->haas, in, source);
  if (stages->filtering || stages->guarding)
    stages->kernels->blend_pair (mix_imager_matrix_split (&stages->matrix),
        pair->mid, pair->side, source[LEFT], source[RIGHT], MIX_TICK);
  if (stages->filtering || mix_imager_guard_acts (&pair->guard))
    run_split (pair, stages);
  else
    run_whole (pair, stages, source);
}

void
mix_imager_pair_run (MixImagerPair *pair, const MixImagerStages *stages,
    float *const out[2], const float *const in[2], unsigned offset, unsigned n)
{
  for (unsigned c = 0; c < 2; c++)
    pair->out[c] = n == MIX_TICK ? out[c] : pair->part[c];
  run_tick (pair, stages, in);
  for (unsigned c = 0; c < 2 && n < MIX_TICK; c++)
    memcpy (out[c], pair->part[c] + offset, n * sizeof (float));
}

/* ---- Finishing ---------------------------------------------------------- */

/* The kernel takes left and right. Given mid and side instead, its powers of
 * (left ± right) / 2 and their product give those of mid and side. */
static void
measure (MixImagerPair *pair, const MixImagerStages *stages)
{
  double mid_gain, side_gain;
  MixPairPowers powers = { { 0 }, { 0 }, { 0 } };
  stages->kernels->pair_powers (pair->mid, pair->side, 0, &powers, MIX_TICK);
  double sum = mix_sum_of_lanes (powers.mid) + mix_sum_of_lanes (powers.side);
  double twice = 2 * mix_sum_of_lanes (powers.product);
  double mid = sum + twice, side = sum - twice;
  mix_imager_matrix_gains (&stages->matrix, &mid_gain, &side_gain);
  mix_imager_guard_measure (&pair->guard, mid_gain * mid_gain * fmax (0, mid),
      side_gain * side_gain * fmax (0, side), stages->guard);
}

void
mix_imager_pair_finish (MixImagerPair *pair, const MixImagerStages *stages)
{
  if (stages->guarding)
    measure (pair, stages);
  if (stages->filtering)
    pair->state = pair->next;
}
