/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the compressor.
 */
#pragma once

#include <stdbool.h>

/* Of MixCompParams.mode. */
enum {
  MIX_COMP_DOWNWARD,
  MIX_COMP_UPWARD,
  MIX_COMP_BOTH,
};

#define MIX_COMP_INFINITE_RATIO 100.0

typedef struct {
  double threshold_db, ratio, knee_db;
  double attack_ms, release_ms, hold_ms;
  bool auto_release;
  int mode;
  int detector; /* MixDetectorLevel */
  double rms_window_ms, look_ahead_ms, link_percent;
  int source; /* MixDetectorSource */
  double low_cut_hz, high_cut_hz;
  bool listen;
  double range_db, floor_db, makeup_db;
  bool auto_makeup;
  double mix_percent;
} MixCompParams;
