/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the automatic mixer.
 */
#pragma once

#include "../../table.h"

typedef struct {
  MixDoubles weights_db; /* a channel each */
  MixDoubles mute;       /* numbers of channels, from 1; 0 is none */
  double depth_db, attack_ms, release_ms, low_cut_hz;
} MixAutomixParams;
