/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The designer of the linear-phase filter: the magnitudes of the analogue
 * prototypes are multiplied on a fine grid and transformed into a symmetric
 * impulse response (frequency sampling: L. R. Rabiner, B. Gold, C. A.
 * McGonegal, "An approach to the approximation problem for nonrecursive digital
 * filters", 1970), whose ends are tapered. Stereo pairs have a 2 x 2 matrix of
 * responses, so that left, right, mid and side bands work in their order.
 *
 * Realtime-safe but for mix_eq_linear_design_prepare.
 */
#pragma once

#include "../../base/arena.h"
#include "../../parts/convolver.h"
#include "../../parts/design.h"
#include "eq_params.h"

/* ---- Responses ---------------------------------------------------------- */

/* Output from input; ALONE is that of channels in no pair. */
typedef enum {
  MIX_EQ_LEFT_LEFT,
  MIX_EQ_LEFT_RIGHT,
  MIX_EQ_RIGHT_LEFT,
  MIX_EQ_RIGHT_RIGHT,
  MIX_EQ_ALONE,
  MIX_EQ_RESPONSES,
} MixEqResponse;

typedef enum {
  MIX_EQ_ZERO,
  MIX_EQ_UNITY, /* a pure delay, exact */
  MIX_EQ_FILTERED,
} MixEqResponseKind;

typedef struct {
  MixEqResponseKind kind[MIX_EQ_RESPONSES];
  bool is_common; /* every filter is that of ALONE */
  float *spectra[MIX_EQ_RESPONSES];
} MixEqResponses;

/* `spectra`: floats of one filter in the convolver. */
void mix_eq_responses_take (
    MixEqResponses *responses, MixArena *arena, size_t spectra);

static inline MixEqResponseKind
mix_eq_responses_kind (const MixEqResponses *responses, MixEqResponse response)
{
  return responses->kind[response];
}

static inline const float *
mix_eq_responses_filter (
    const MixEqResponses *responses, MixEqResponse response)
{
  return responses->spectra[responses->is_common ? MIX_EQ_ALONE : response];
}

/* ---- The designer ------------------------------------------------------- */

/* A static band. */
typedef struct {
  MixFilterSpec spec;
  int channels;
} MixEqStaticBand;

typedef struct {
  unsigned rate;
  bool is_mono;
  unsigned last;  /* bin of the grid, at half the rate; also the latency */
  unsigned reach; /* taps to either side of the centre */
  MixEqStaticBand bands[MIX_EQ_BANDS];
  unsigned n_bands;
  bool is_outdated; /* the bands have changed since the last design */

  MixFft fft; /* of twice the latency */
  float *fft_table;
  double *power, *gain[MIX_EQ_RESPONSES]; /* on the grid */
  float *spectrum, *no_phase, *impulse, *taps, *window, *work;
} MixEqLinearDesign;

/* `reach` taps to either side of the centre, on a grid of `latency` bins. */
void mix_eq_linear_design_take (MixEqLinearDesign *design, MixArena *arena,
    unsigned latency, unsigned reach);
void mix_eq_linear_design_prepare (
    MixEqLinearDesign *design, const MixFormat *format);

/* Bands that are not flat. */
void mix_eq_linear_design_set (
    MixEqLinearDesign *design, const MixEqStaticBand bands[], unsigned n_bands);

static inline bool
mix_eq_linear_design_is_outdated (const MixEqLinearDesign *design)
{
  return design->is_outdated;
}

/* `work`: mix_convolver_work floats. */
void mix_eq_linear_design_run (MixEqLinearDesign *design,
    MixEqResponses *responses, const MixConvolver *conv, float *work);
