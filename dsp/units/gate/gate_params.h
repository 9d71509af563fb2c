/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the gate.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  double threshold_db, hysteresis_db;
  double ratio, range_db, knee_db;
  double attack_ms, hold_ms, release_ms, look_ahead_ms;
  double link_percent;
  int source; /* MixDetectorSource */
  double low_cut_hz, high_cut_hz;
  bool listen;
} MixGateParams;
