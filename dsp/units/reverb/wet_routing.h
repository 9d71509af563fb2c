/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The channels that reverberate, in slots: the stereo pairs, then the lone
 * channels; an LFE has none. A value that is made once and only read.
 */
#pragma once

#include "../../format.h"

/* Inputs of the network; more channels share them. */
enum { MIX_REVERB_INPUTS = 16 };

typedef struct {
  unsigned slots, pairs;                   /* pair p: slots 2 p and 2 p + 1 */
  unsigned inputs;                         /* of the network */
  unsigned char channel[MIX_MAX_CHANNELS]; /* of each slot */
  /* The slots of a pair's other channel and of the neighbouring speaker, both
   * sources of early reflections; the slot itself where there is none. */
  unsigned char partner[MIX_MAX_CHANNELS], neighbour[MIX_MAX_CHANNELS];
} MixWetRouting;

/* Realtime-safe. */
MixWetRouting mix_wet_routing (const MixFormat *format);
