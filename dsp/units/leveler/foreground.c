/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreground.h"

#include <math.h>

#include "../../base/maths.h"
#include "../../parts/loudness_meter.h"

#define BLOCK_S MIX_FOREGROUND_BLOCK_S

/* Foreground is less than this under the reference. */
#define BACKGROUND_LU 20.0
/* The reference at the start, or the target if that is lower: room noise may
 * precede the first word. */
#define FIRST_LUFS (-23.0)
/* The reference rises by no more in a block, and falls by this part. */
#define RISE_LU 1.0
#define FALL 0.02

/* Decay of the reference in background, per block: at least this, and this for
 * each LU by which the block differs from the mean of the last blocks, between
 * two limits. Less is steady noise. */
#define DECAY_LU 0.001
#define DECAY_PER_LU 0.03
#define STEADY_LU 1.5
#define MODULATED_LU 6.0
#define BACKGROUND_MEAN 0.1 /* coefficient of that mean, per block */

/* What is farther over the reference is weighted as if it were this much. */
#define JUMP_LU 15.0

#define QUIET_LU 14.0
/* Time to admission: this, or this multiple of the foreground before. */
#define ADMISSION_S 60.0
#define ADMISSION_PART 6.0

/* After so much background the short-term window is cleared. */
#define PAUSE_BLOCKS 100

void
mix_foreground_reset (MixForeground *f)
{
  *f = (MixForeground){ .reference_lufs = MIX_LOUDNESS_FLOOR };
}

void
mix_foreground_flush (MixForeground *f)
{
  f->blocks = f->pause = 0;
}

/* ---- Background --------------------------------------------------------- */

static bool
is_foreground (
    const MixForeground *f, const MixLevelTargets *targets, double lufs)
{
  return lufs > targets->gate_lufs && lufs > f->reference_lufs - BACKGROUND_LU;
}

static void
decay_reference (MixForeground *f, double modulation_lu)
{
  f->reference_lufs -= DECAY_LU;
  if (modulation_lu > STEADY_LU)
    f->admission_s -= BLOCK_S;
  if (f->admission_s < 0)
    f->reference_lufs
        -= DECAY_PER_LU
           * (mix_clamp (modulation_lu, STEADY_LU, MODULATED_LU) - STEADY_LU);
}

static void
add_background (
    MixForeground *f, const MixLevelTargets *targets, double lufs, double block)
{
  double now_lufs = mix_lufs_from_power (block);
  if (f->pause == 0)
    f->background_lufs = now_lufs;
  double modulation = fabs (now_lufs - f->background_lufs);
  f->background_lufs += (now_lufs - f->background_lufs) * BACKGROUND_MEAN;
  if (lufs > targets->gate_lufs)
    decay_reference (f, modulation);
  if (++f->pause == PAUSE_BLOCKS)
    f->blocks = 0;
}

/* ---- Foreground --------------------------------------------------------- */

static double
share_of (const MixForeground *f, double lufs)
{
  double excess = lufs - f->reference_lufs - JUMP_LU;
  return f->blocks > 0 && excess > 0 ? pow (10, -excess / 10) : 1;
}

static void
add_block (MixForeground *f, double block)
{
  f->block[f->next] = block;
  f->next = (f->next + 1) % MIX_FOREGROUND_BLOCKS;
  f->blocks += f->blocks < MIX_FOREGROUND_BLOCKS;
  f->pause = 0;
  f->foreground_s += BLOCK_S;
}

double
mix_foreground_recent_lufs (const MixForeground *f, unsigned blocks)
{
  double sum = 0;
  blocks = blocks < f->blocks ? blocks : f->blocks;
  for (unsigned i = 1; i <= blocks; i++)
    sum += f->block[(f->next + MIX_FOREGROUND_BLOCKS - i)
                    % MIX_FOREGROUND_BLOCKS];
  return mix_lufs_from_power (sum / blocks);
}

static void
update_reference (MixForeground *f, double lufs)
{
  double recent = mix_foreground_recent_lufs (f, MIX_FOREGROUND_BLOCKS);
  double away = fmin (lufs, recent) - f->reference_lufs;
  f->reference_lufs += away > 0 ? fmin (away, RISE_LU) : away * FALL;
}

/* Quiet foreground, as long as it is not admitted as the programme. */
static bool
is_quiet (MixForeground *f, double lufs)
{
  bool is_low = lufs < f->reference_lufs - QUIET_LU;
  bool is_quiet = is_low && f->admission_s > 0;
  f->admission_s = is_low
                       ? f->admission_s - BLOCK_S
                       : fmin (ADMISSION_S, ADMISSION_PART * f->foreground_s);
  return is_quiet;
}

MixForegroundResult
mix_foreground_block (MixForeground *f, const MixLevelTargets *targets,
    double block, double momentary)
{
  double lufs = mix_lufs_from_power (momentary);
  if (f->reference_lufs <= MIX_LOUDNESS_FLOOR)
    f->reference_lufs = fmin (targets->target_lufs, FIRST_LUFS);
  MixForegroundResult result = { MIX_FOREGROUND_NONE, share_of (f, lufs) };
  if (!is_foreground (f, targets, lufs)) {
    add_background (f, targets, lufs, block);
    return result;
  }
  add_block (f, block * result.share);
  result.kind = MIX_FOREGROUND_SHORT;
  /* A click fills just one window. */
  if (f->blocks <= MIX_FOREGROUND_MOMENTARY_BLOCKS)
    return result;
  result.kind = MIX_FOREGROUND_QUIET;
  if (is_quiet (f, lufs))
    return result;
  result.kind = MIX_FOREGROUND_PROGRAMME;
  update_reference (f, lufs);
  return result;
}
