/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The settings that the leveler's gain is computed from.
 */
#pragma once

#include <stdbool.h>

typedef struct {
  double target_lufs, max_boost_db, max_cut_db, gate_lufs, range_lu;
  bool converge;     /* use the feed-forward and the integral term */
  bool is_momentary; /* the range limiter measures 400 ms, else 3 s */
} MixLevelTargets;
