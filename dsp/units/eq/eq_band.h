/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One band over time. Frequency (log2), gain (dB) and q (log2) are smoothed.
 * What cannot be smoothed (type, order, channels) changes while the band is
 * faded out: `wet` scales what the band adds to its input. A band that adds
 * nothing stops, which makes a flat curve exact, and starts again without
 * history.
 *
 * Composed of its sections (band_filter.h), its detector (band_detector.h) and
 * its dynamic gain (dynamic_gain.h). Realtime-safe, no errors.
 */
#pragma once

#include "../../parts/smoother.h"
#include "band_detector.h"
#include "band_filter.h"
#include "dynamic_gain.h"
#include "eq_params.h"

/* What cannot be smoothed. */
typedef struct {
  int type;
  unsigned order;
  int channels;
  bool mutes_others; /* the channels that it does not work on: solo */
} MixEqBandKind;

typedef struct {
  MixEqBandKind kind, target_kind;
  bool is_on;                            /* target: it runs */
  MixSmoother octave, gain_db, octave_q; /* log2 of Hz, dB, log2 of q */
  MixSmoother fade;                      /* 0: out, 1: in */
  MixSmoother dynamic_share;             /* 0: static, 1: dynamic */

  /* At the end of this tick: */
  double frequency_hz, now_gain_db, q, wet;
  MixEqBandFilter filter;
  double others_from, others_to; /* gain of the channels not worked on */

  MixEqDetector detector;
  MixEqDynamicGain dynamic;
  double extreme_db; /* the largest dynamic gain since the last read, signed */

  /* In this tick: */
  bool runs, starts, moves, is_dynamic;
} MixEqBand;

void mix_eq_band_prepare (MixEqBand *band, unsigned rate);

/* New targets. A band that `is_solo` mutes the channels it does not work on. */
void mix_eq_band_set (MixEqBand *band, const MixEqBandParams *params,
    bool is_on, bool is_solo, unsigned rate);
void mix_eq_band_turn_off (MixEqBand *band);

/* Jumps to the targets. */
void mix_eq_band_reset (MixEqBand *band, unsigned rate);

/* Once a tick; true while anything moves or is about to. */
bool mix_eq_band_tick (MixEqBand *band, unsigned rate);

/* ---- In this tick ------------------------------------------------------- */

static inline bool
mix_eq_band_runs (const MixEqBand *band)
{
  return band->runs;
}

/* Runs from this tick on, without history. */
static inline bool
mix_eq_band_starts (const MixEqBand *band)
{
  return band->starts;
}

/* Its coefficients move. */
static inline bool
mix_eq_band_moves (const MixEqBand *band)
{
  return band->moves;
}

/* Its detector is in use. */
static inline bool
mix_eq_band_is_dynamic (const MixEqBand *band)
{
  return band->is_dynamic;
}

static inline int
mix_eq_band_channels (const MixEqBand *band)
{
  return band->kind.channels;
}

static inline const MixEqBandFilter *
mix_eq_band_filter (const MixEqBand *band)
{
  return &band->filter;
}

/* The gain of the channels that it does not work on, at either end. */
static inline double
mix_eq_band_others_from (const MixEqBand *band)
{
  return band->others_from;
}

static inline double
mix_eq_band_others_to (const MixEqBand *band)
{
  return band->others_to;
}

static inline MixEqDetector *
mix_eq_band_detector (MixEqBand *band)
{
  return &band->detector;
}

/* The detector has measured n frames on all lanes: the dynamic gain moves. */
void mix_eq_band_run_dynamics (
    MixEqBand *band, const MixKernels *kernels, unsigned n);

/* ---- Readings ----------------------------------------------------------- */

/* The gain at the end of this tick, dB; 0 while it does not run. */
double mix_eq_band_gain_db (const MixEqBand *band);

/* The largest dynamic gain since the last call, signed. */
double mix_eq_band_take_extreme_db (MixEqBand *band);
