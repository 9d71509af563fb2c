/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The smoothed parameters that more than one part depends on, at the end of a
 * block. Made by reverb_control.c, only read by the parts.
 */
#pragma once

#include "../../parts/absorption.h"
#include "reverb_block.h"

typedef struct {
  /* Filters and the levels that depend on them change within this block;
   * they did within the block before. */
  bool moving, moved;
  /* Up to date while `moving`: */
  MixDecay decay;
  MixAbsorption absorption; /* for that decay */
  double diffusion;         /* 0 … 1 */
  double early_share;       /* of the power of the wet sound */
  double early;             /* gain */
  /* Always up to date: */
  double unfrozen;   /* gain of the input, factor of the loss */
  double wet;        /* gain */
  MixEnds late;      /* gain of the late sound, with `wet` */
  double modulation; /* 0 … 1 */
} MixReverbValues;

/* Added to the power that absorption leaves where a level compensates for the
 * loss: so a reverberation that is hardly there is not amplified to the level
 * of a hall. */
#define MIX_REVERB_LEAST_LEFT 0.01
