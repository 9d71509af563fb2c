/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What comes in far louder than it should: told within some hundredths of a
 * second, long before the windows of loudness are full. Private to the leveler.
 *
 * The shorter a stretch of sound, the louder it may be beside the whole: a
 * syllable, a drum. Each of a few lengths has its allowance over the range that
 * is to be left alone; what is over it sets the most that the gain may be. But
 * in the shortest the loudest step is left out, so that a click says little.
 * Realtime-safe, no errors.
 */
#pragma once

#include "leveler_control.h"

/* Steps of 10 ms in the longest of them. */
#define MIX_LEVELER_SURGE 40

#define MIX_LEVELER_LENGTHS 6

typedef struct {
  /* A ring of mean powers, the newest at `next`, written twice so that all are
   * in one piece. */
  double step[2 * MIX_LEVELER_SURGE];
  unsigned next;
  double allowance[MIX_LEVELER_LENGTHS]; /* of each length, as a power */
} MixLevelerSurge;

/* Forgets all. */
void mix_leveler_surge_reset (MixLevelerSurge *s);

typedef struct {
  double most_db;  /* the gain is to be no more, by all lengths */
  double alone_db; /* with this gain the sound of now is as loud as it may be,
                    * whatever is around it */
} MixLevelerCeiling;

/* Takes in the mean power of a step. */
MixLevelerCeiling mix_leveler_surge_step (MixLevelerSurge *s,
    const MixLevelerControl *c, const MixLevelerAims *aims, double power);
