/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The descriptors of all units. Their parameter and reading structs are
 * private to each unit: hosts reach them through the tables.
 */
#pragma once

#include "../unit.h"

extern const MixUnit mix_eq;
extern const MixUnit mix_compressor;
extern const MixUnit mix_gate;
extern const MixUnit mix_duck;
extern const MixUnit mix_deesser;
extern const MixUnit mix_automix;
extern const MixUnit mix_limiter;
extern const MixUnit mix_meter;
extern const MixUnit mix_leveler;
extern const MixUnit mix_delay;
extern const MixUnit mix_imager;
extern const MixUnit mix_reverb;
extern const MixUnit mix_multiband;
