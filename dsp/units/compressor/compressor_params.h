/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the compressor, and what its parts take of them.
 * Realtime-safe but for the remarks.
 */
#pragma once

#include "../../parts/gain_computer.h"
#include "../../unit.h"

typedef struct {
  double threshold_db, ratio, knee_db;
  double attack_ms, release_ms, hold_ms;
  bool auto_release;
  int mode;     /* of MixStaticCurveParams */
  int detector; /* MixDetectorLevel */
  double rms_window_ms, look_ahead_ms, link_percent;
  int source; /* MixDetectorSource */
  double low_cut_hz, high_cut_hz;
  bool listen;
  double range_db, floor_db, makeup_db;
  bool auto_makeup;
  double mix_percent;
} MixCompParams;

MixGainComputerParams mix_comp_params_computer (const MixCompParams *params);

/* With the automatic part. */
double mix_comp_params_makeup_db (const MixCompParams *params);

/* See MixUnit.remark. */
void mix_comp_params_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks);
