/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The direct sound: level, and with the distance less of the highs.
 * Realtime-safe.
 */
#pragma once

#include "../../format.h"
#include "reverb_block.h"
#include "reverb_params.h"

typedef struct {
  MixSmoother gain, damping; /* damping: 0 … 1, how much of the highs to take */
  float keep;                /* of the damping's one-pole, per frame */
  float low[MIX_MAX_CHANNELS];
} MixDryPath;

void mix_dry_path_prepare (MixDryPath *dry, unsigned rate, double smooth_ms);
void mix_dry_path_set (MixDryPath *dry, const MixReverbParams *params);
void mix_dry_path_reset (MixDryPath *dry);

/* Once a block; true when anything moves in it. */
bool mix_dry_path_tick (MixDryPath *dry);

/* out = direct sound + wet, for n frames that begin at `offset` in the block.
 * While `is_only` says that there is no wet sound, a neutral path copies. */
void mix_dry_path_mix (MixDryPath *dry, unsigned channel, float *restrict out,
    const float *in, const float *wet, bool is_only, unsigned offset,
    unsigned n);
