/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All bands in series, and behind them the band that solo plays. Their sections
 * lie in rows (section_rows.h), cut into runs where a detector measures the
 * signal or it changes between left/right and mid/side. Rows are laid out anew
 * only when a band starts, stops or changes its number of sections.
 *
 * Realtime-safe but for mix_eq_chain_prepare.
 */
#pragma once

#include "channel_lanes.h"
#include "eq_band.h"
#include "section_rows.h"

#define MIX_EQ_CHAIN (MIX_EQ_BANDS + 1)

/* The most frames that go through the chain at once. */
#define MIX_EQ_SPAN 512

/* Sections in a row without a conversion or a detector in between. */
typedef struct {
  unsigned first, count;
  bool mid_side, moves;
  int detector; /* the band whose detector measures the input, or -1 */
} MixEqRun;

/* Where a band's sections lie, and as what. */
typedef struct {
  bool used, mid_side, has_detector;
  unsigned first, sections;
  unsigned run; /* that they belong to */
} MixEqPlace;

typedef struct {
  const MixKernels *kernels;
  MixQuadratureDesign quadrature;
  unsigned rate;
  bool is_mono;
  MixEqLanes lanes[MIX_MAX_CHANNELS];
  unsigned n_lanes;

  MixEqBand bands[MIX_EQ_CHAIN];
  MixEqPlace places[MIX_EQ_CHAIN];
  MixEqRun runs[MIX_EQ_CHAIN];
  unsigned n_runs;
  bool still;

  void *memory;
  MixEqSectionRows rows;
  MixEqDetectorState *detectors; /* of all lanes, a row of bands each */
} MixEqChain;

/* False when memory is short; then the chain is as it was. */
bool mix_eq_chain_prepare (MixEqChain *chain, const MixFormat *format);
void mix_eq_chain_release (MixEqChain *chain);

/* Targets of one band, and of what solo plays (NULL: nothing is soloed). */
void mix_eq_chain_set_band (MixEqChain *chain, unsigned band,
    const MixEqBandParams *params, bool is_on);
void mix_eq_chain_set_solo (MixEqChain *chain, const MixEqBandParams *region);

/* Jumps to the targets, without history. */
void mix_eq_chain_reset (MixEqChain *chain);
void mix_eq_chain_tick (MixEqChain *chain);

/* n frames of one pair of lanes in place: at most MIX_EQ_SPAN, and within the
 * tick (`offset` frames in) unless the chain is still. */
void mix_eq_chain_process (
    MixEqChain *chain, unsigned lanes, double *io, unsigned offset, unsigned n);
/* After all lanes of a span: dynamic gains follow what was measured. */
void mix_eq_chain_run_dynamics (MixEqChain *chain, unsigned n);

/* Nothing moves: ticks change nothing until there are new targets. */
static inline bool
mix_eq_chain_is_still (const MixEqChain *chain)
{
  return chain->still;
}

/* Passes every bit. */
static inline bool
mix_eq_chain_is_neutral (const MixEqChain *chain)
{
  return chain->n_runs == 0;
}

static inline const MixKernels *
mix_eq_chain_kernels (const MixEqChain *chain)
{
  return chain->kernels;
}

static inline unsigned
mix_eq_chain_lane_pairs (const MixEqChain *chain)
{
  return chain->n_lanes;
}

static inline const MixEqLanes *
mix_eq_chain_lanes (const MixEqChain *chain, unsigned lanes)
{
  return &chain->lanes[lanes];
}

/* The gain of a band now, dB. */
double mix_eq_chain_gain_db (const MixEqChain *chain, unsigned band);

/* Of all dynamic gains since the last call the one farthest from 0 dB. */
double mix_eq_chain_take_extreme_db (MixEqChain *chain);
