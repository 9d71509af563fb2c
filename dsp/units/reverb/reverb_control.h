/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control of the wet sound: targets, smoothers, and the values of each
 * block that follow from them. (The parts that have parameters of their own,
 * wet_output.h and dry_path.h, smooth them themselves.) Realtime-safe.
 */
#pragma once

#include "geometry.h"
#include "reverb_values.h"

enum {
  /* These move filters: */
  MIX_REVERB_DECAY, /* log2, as the next four */
  MIX_REVERB_LOW_RATIO,
  MIX_REVERB_HIGH_RATIO,
  MIX_REVERB_LOW_HZ,
  MIX_REVERB_HIGH_HZ,
  MIX_REVERB_FROZEN, /* 0 … 1 */
  MIX_REVERB_DIFFUSION,
  MIX_REVERB_EARLY_SHARE,
  MIX_REVERB_EARLY, /* gains */
  MIX_REVERB_WET,
  /* and these do not: */
  MIX_REVERB_LATE, /* gain */
  MIX_REVERB_MODULATION,
  MIX_REVERB_STRETCH, /* octaves */
  MIX_REVERB_SMOOTHERS,
};

typedef struct {
  unsigned rate;
  MixReverbParams target;
  MixSmoother smooth[MIX_REVERB_SMOOTHERS];
  MixReverbValues values; /* of this block */
} MixReverbControl;

void mix_reverb_control_prepare (
    MixReverbControl *control, unsigned rate, double smooth_ms);
void mix_reverb_control_set (
    MixReverbControl *control, const MixReverbParams *params);
void mix_reverb_control_reset (MixReverbControl *control);

/* Once a block; true when anything moves in it. */
bool mix_reverb_control_tick (MixReverbControl *control);

/* After the tick. `moving`: a geometry changes. */
const MixReverbValues *mix_reverb_control_update (
    MixReverbControl *control, bool moving);

/* The decay moves no faster than this line of the network is long. */
void mix_reverb_control_set_pace (MixReverbControl *control, double line_s);

/* The geometry for the target parameters and the present stretch, and the one
 * for the stretch that will be reached. */
MixGeometry mix_reverb_control_geometry (const MixReverbControl *control);
MixGeometry mix_reverb_control_target_geometry (
    const MixReverbControl *control);

/* While it is frozen the geometry does not change: the lines hold the tail. */
bool mix_reverb_control_is_frozen (const MixReverbControl *control);

/* The wet sound is off in this block; it is off until the next set. */
bool mix_reverb_control_is_dry (const MixReverbControl *control);
bool mix_reverb_control_stays_dry (const MixReverbControl *control);

/* For how many frames the tail may be inaudible before it counts as ended. The
 * last modes beat slowly; in this time they lose some decibels. */
unsigned mix_reverb_control_longest_beat (const MixReverbControl *control);
