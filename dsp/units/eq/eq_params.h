/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the equaliser, and what follows from them alone.
 */
#pragma once

#include "../../parts/design.h"
#include "../../unit.h"

#define MIX_EQ_BANDS 32

typedef struct {
  int type; /* MixFilterType */
  double frequency_hz, gain_db, q;
  int slope;    /* index into mix_eq_slope_choices */
  int channels; /* MixEqChannels */
  bool enabled, solo;
  double threshold_db, ratio, attack_ms, release_ms;
} MixEqBandParams;

typedef struct {
  unsigned num_bands;
  double output_gain_db;
  int linear_phase; /* choice: minimum, linear */
  MixEqBandParams bands[MIX_EQ_BANDS];
} MixEqParams;

extern const MixChoice mix_eq_type_choices[], mix_eq_slope_choices[],
    mix_eq_channel_choices[], mix_eq_phase_choices[];

/* dB/octave of each slope. */
extern const int mix_eq_slopes[];

/* ---- One band. Realtime-safe. ------------------------------------------- */

/* As the filter design takes it. */
MixFilterSpec mix_eq_params_spec (const MixEqBandParams *band);

/* The gain depends on the level. */
bool mix_eq_params_is_dynamic (const MixEqBandParams *band);

/* At half the rate or over it, and with no effect below. */
bool mix_eq_params_is_out_of_range (const MixEqBandParams *band, unsigned rate);

/* What solo plays: the region that the band works on, as a band that passes
 * just that. */
MixEqBandParams mix_eq_params_region (const MixEqBandParams *band);

/* ---- All bands. Realtime-safe. ------------------------------------------ */

bool mix_eq_params_is_on (const MixEqParams *params, unsigned band);

/* Whether the band belongs into the linear-phase filter, if there is one and no
 * band is soloed. */
bool mix_eq_params_is_static (
    const MixEqParams *params, unsigned band, unsigned rate);

/* The first band that is on and soloed, or -1. */
int mix_eq_params_solo (const MixEqParams *params);

/* See MixUnit.remark. */
void mix_eq_params_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks);
