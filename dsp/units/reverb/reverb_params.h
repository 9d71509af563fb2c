/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What users set. */
#pragma once

#include <stdbool.h>

#include "../../base/maths.h"

typedef enum {
  MIX_REVERB_ROOM,
  MIX_REVERB_CHAMBER,
  MIX_REVERB_HALL,
  MIX_REVERB_PLATE,
  MIX_REVERB_AMBIENCE,
  MIX_REVERB_SPACES,
} MixReverbSpace;

typedef struct {
  int space;
  double decay_s, pre_delay_ms, size_m, diffusion_percent;
  double low_hz, low_ratio, high_hz, high_ratio, modulation_percent;
  double low_cut_hz, high_cut_hz;
  double early_db, late_db, dry_db, wet_db;
  double width_percent, distance_percent;
  bool freeze;
} MixReverbParams;

#define MIX_REVERB_OFF_DB -100.0

/* The gain of a level in dB that is off at its minimum. */
static inline double
mix_reverb_gain (double db)
{
  return db > MIX_REVERB_OFF_DB ? mix_gain_from_db (db) : 0;
}
