/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells foreground from background, in blocks of 100 ms.
 *
 *   over the gate and less than 20 LU under the reference loudness: foreground,
 *     of it 14 LU and more under the reference: quiet foreground
 *   all else: background (a pause, room noise)
 *
 * The reference loudness follows the foreground. While there is only background
 * it decays, the faster the more that background is modulated: a quiet
 * programme goes up and down, the noise of a room is steady. Quiet foreground
 * counts as the programme once there was nothing else for a minute, or for
 * a multiple of the foreground before it. Realtime-safe.
 */
#pragma once

#include "level_targets.h"

#define MIX_FOREGROUND_BLOCK_S 0.1
/* Blocks in the 3 s of a short-term window, and in the 400 ms of a momentary
 * one. */
#define MIX_FOREGROUND_BLOCKS 30
#define MIX_FOREGROUND_MOMENTARY_BLOCKS 4

typedef struct {
  /* A ring: power of the latest blocks of foreground. */
  double block[MIX_FOREGROUND_BLOCKS];
  unsigned blocks, next;
  unsigned pause;      /* blocks of background since the last of them */
  double foreground_s; /* since the reset */
  double admission_s;  /* until quiet foreground is the programme */
  double reference_lufs, background_lufs;
} MixForeground;

typedef enum {
  MIX_FOREGROUND_NONE,  /* background */
  MIX_FOREGROUND_SHORT, /* foreground, but too short so far to decide by */
  MIX_FOREGROUND_QUIET,
  MIX_FOREGROUND_PROGRAMME,
} MixForegroundKind;

typedef struct {
  MixForegroundKind kind;
  /* The part of the block's power that counts: less than 1 where it is far over
   * the reference (a shot, a bad sample). */
  double share;
} MixForegroundResult;

void mix_foreground_reset (MixForeground *f);

/* Clears the last seconds, keeps the reference: what follows is from another
 * place of the programme. */
void mix_foreground_flush (MixForeground *f);

/* A block: its mean power, and that of the 400 ms that end with it. */
MixForegroundResult mix_foreground_block (MixForeground *f,
    const MixLevelTargets *targets, double block, double momentary);

/* Of the latest blocks of foreground. */
double mix_foreground_recent_lufs (const MixForeground *f, unsigned blocks);

static inline double
mix_foreground_reference_lufs (const MixForeground *f)
{
  return f->reference_lufs;
}

static inline double
mix_foreground_duration_s (const MixForeground *f)
{
  return f->foreground_s;
}
