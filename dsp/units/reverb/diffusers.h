/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Diffusion: rows of Schroeder all-passes in series (M. R. Schroeder, "Natural
 * Sounding Artificial Reverberation", 1962), which multiply echoes at
 * constant magnitude. Realtime-safe but for `prepare`.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "reverb_values.h"
#include "transition.h"

typedef struct {
  unsigned now[MIX_REVERB_DIFFUSERS], next[MIX_REVERB_DIFFUSERS]; /* frames */
  MixBlockRing ring[MIX_REVERB_DIFFUSERS];
} MixDiffuserRow;

typedef struct {
  const MixKernels *kernels;
  unsigned rate, rows, first;
  unsigned char number[MIX_MAX_CHANNELS]; /* see mix_geometry_diffuser() */
  MixDiffuserRow row[MIX_MAX_CHANNELS];
  /* The lengths of row number `first`, which limit the gains. */
  unsigned now[MIX_REVERB_DIFFUSERS], next[MIX_REVERB_DIFFUSERS];
  MixEnds gain[MIX_REVERB_DIFFUSERS];
} MixDiffusers;

/* Rows of these numbers; the lengths of number `first` limit the gains. */
void mix_diffusers_prepare (MixDiffusers *diffusers, unsigned rate,
    unsigned rows, const unsigned char *numbers, unsigned first,
    MixArena *arena);

/* Silence, with the delays of a geometry. */
void mix_diffusers_reset (MixDiffusers *diffusers, const MixGeometry *geometry);

/* A transition to a geometry begins; it has ended. */
void mix_diffusers_begin (MixDiffusers *diffusers, const MixGeometry *geometry);
void mix_diffusers_arrive (MixDiffusers *diffusers);

/* The gains of a block in which values move or moved. */
void mix_diffusers_update (
    MixDiffusers *diffusers, const MixReverbValues *values);

/* A block of one row, in place. */
void mix_diffusers_run (MixDiffusers *diffusers,
    const MixTransition *transition, unsigned row, float io[MIX_REVERB_BLOCK]);
