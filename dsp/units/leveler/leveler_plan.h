/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was wished while sound came in waits here until that sound leaves:
 * look-ahead. A step is 10 ms. Private to the leveler.
 *
 * The gain follows the wish from the middle of its window. What is much louder
 * is seen coming, and the gain is down when it begins; sound before it that
 * needs no lower gain by itself is left alone for as long as the fall allows.
 * Realtime- safe, no errors.
 */
#pragma once

#include "leveler_control.h"
#include "leveler_surge.h"

/* Steps that can wait: 3 s, and some for rounding. */
#define MIX_LEVELER_PLAN 304

typedef struct {
  MixLevelerWish wish;
  MixLevelerCeiling ceiling;
  double soon_db; /* the lowest goal of windows that hold it, as far as known */
  double static_db; /* the gain in static mode */
  double power;     /* summed up over the step */
  bool is_block;    /* ends a block of 100 ms */
  bool is_static;   /* is in that mode */
  bool begins;      /* a new account of what leaves */
} MixLevelerStep;

typedef struct {
  MixLevelerStep step[MIX_LEVELER_PLAN]; /* a ring */
  unsigned next, waiting;
  unsigned delay;      /* steps from coming in to leaving */
  MixLevelerStep left; /* the latest that left */
} MixLevelerPlan;

/* Nothing waits. */
void mix_leveler_plan_reset (MixLevelerPlan *p);

/* A step came in. Returns the one that leaves, NULL as long as there is none.
 */
const MixLevelerStep *mix_leveler_plan_step (
    MixLevelerPlan *p, const MixLevelerStep *step);

/* The step that leaves next; NULL where nothing waits. */
const MixLevelerStep *mix_leveler_plan_next (const MixLevelerPlan *p);

/* Whether a step that waits begins a new account. */
bool mix_leveler_plan_begins (const MixLevelerPlan *p);

/* The gain that what leaves next is to have, where it has `gain_db` now. A wish
 * is for the middle of its window, which lies `centre` steps before its end. */
double mix_leveler_plan_goal (
    const MixLevelerPlan *p, unsigned centre, double gain_db);
