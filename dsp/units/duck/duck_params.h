/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the ducker.
 */
#pragma once

/* Of MixDuckParams.mode. */
enum {
  MIX_DUCK_GAIN,
  MIX_DUCK_LOUDNESS,
};

/* Of MixDuckParams.band. */
enum {
  MIX_DUCK_FULL,
  MIX_DUCK_SPEECH,
};

typedef struct {
  int mode;
  double depth_db, behind_lu, threshold_db;
  double attack_ms, hold_ms, release_ms, look_ahead_ms;
  double low_cut_hz, high_cut_hz;
  int band;
} MixDuckParams;
