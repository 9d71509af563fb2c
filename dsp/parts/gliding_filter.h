/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A few filter sections in series on all channels alike, whose coefficients may
 * change with each tick: within it they go in a straight line (kernels/
 * cascade.h). Sections that pass their input do so in every bit, and while all
 * of them do the filter is idle and costs nothing.
 *
 *   once a tick    mix_gliding_filter_begin_tick (f)
 *                  if anything changes, for each section that does:
 *                    mix_gliding_filter_put (f, section, &svf, gain)
 *   each span      if (mix_gliding_filter_is_active (f))
 *                    mix_gliding_filter_run (f, io, offset, n)
 *
 * Realtime-safe but for mix_gliding_filter_prepare.
 */
#pragma once

#include "../base/arena.h"
#include "../base/tick.h"
#include "../format.h"
#include "../kernels/cascade.h"
#include "../kernels/kernels.h"
#include "design.h"

/* The most frames of a span. */
#define MIX_GLIDING_FILTER_SPAN 256

#define MIX_GLIDING_FILTER_ROW (2 * MIX_CASCADE_GROUP)

typedef double MixGlidingRows[MIX_CASCADE_WEIGHTS][MIX_GLIDING_FILTER_ROW];

typedef struct {
  const MixKernels *kernels;
  unsigned channels;
  unsigned sections;              /* up to MIX_CASCADE_GROUP */
  MixGlidingRows from, to, slope; /* of the tick */
  bool moves, is_active;          /* in the tick */
  double (
      *state)[2][MIX_GLIDING_FILTER_ROW]; /* in the arena; of two channels */
} MixGlidingFilter;

void mix_gliding_filter_prepare (MixGlidingFilter *f, const MixFormat *format,
    unsigned sections, MixArena *arena);
/* Idle, without history. */
void mix_gliding_filter_reset (MixGlidingFilter *f);
/* The tick begins with the coefficients that the last one ended with. */
void mix_gliding_filter_begin_tick (MixGlidingFilter *f);
/* A section at the end of the tick: this filter times a gain. */
void mix_gliding_filter_put (
    MixGlidingFilter *f, unsigned section, const MixSvf *svf, double gain);

/* Something is changed in this tick. */
static inline bool
mix_gliding_filter_is_active (const MixGlidingFilter *f)
{
  return f->is_active;
}

/* n frames that begin `offset` frames into the tick, in place. */
void mix_gliding_filter_run (
    MixGlidingFilter *f, float *const *io, unsigned offset, unsigned n);
