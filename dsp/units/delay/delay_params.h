/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the delay, as delay.c declares them.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  double time_ms, offset_percent, tempo_bpm;
  int division;
  double feedback_percent;
  bool ping_pong;
  double low_cut_hz, high_cut_hz;
  double modulation_percent, duck_db, max_delay_ms;
  double dry_db, wet_db, width_percent;
} MixDelayParams;

/* Of dry and wet: a gain of 0. */
#define MIX_DELAY_OFF_DB (-100.0)
