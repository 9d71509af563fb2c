/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the imager, as imager.c declares them.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  double width_percent;
  bool multiband;
  double low_width_percent, mid_width_percent, high_width_percent;
  double low_crossover_hz, high_crossover_hz;
  double mono_below_hz;
  double balance_percent, pan_percent, rotation_degrees;
  double haas_ms;
  double spread_percent;
  double mid_gain_db, side_gain_db;
  bool swap, invert_left, invert_right;
  bool guard;
} MixImagerParams;
