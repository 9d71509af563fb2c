/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parameters of the multiband compressor, and what follows from them alone.
 * Realtime-safe but for the remarks.
 */
#pragma once

#include "../../parts/gain_computer.h"
#include "../../unit.h"

#define MIX_MULTIBAND_MOST 6
#define MIX_MULTIBAND_CORNERS (MIX_MULTIBAND_MOST - 1)
#define MIX_MULTIBAND_LOOK_AHEAD_MS 20.0

/* The gate at this loudness is off: BS.1770 does not measure below it. */
#define MIX_MULTIBAND_NO_GATE (-70.0)

typedef struct {
  double threshold_db, ratio, knee_db;
  double attack_ms, release_ms;
  int mode; /* of MixStaticCurveParams */
  double range_db, gain_db, width_percent;
  bool solo, mute, enabled;
} MixMultibandBand;

typedef struct {
  unsigned num_bands;
  double crossover_hz[MIX_MULTIBAND_CORNERS]; /* in any order */
  int slope;        /* index into mix_multiband_slopes */
  int linear_phase; /* choice: minimum, linear */
  double look_ahead_ms;
  double couple_percent, gate_lufs;
  double mix_percent, output_gain_db;
  MixMultibandBand bands[MIX_MULTIBAND_MOST];
} MixMultibandParams;

#define MIX_MULTIBAND_ROWS 13
extern const MixRow mix_multiband_rows[MIX_MULTIBAND_ROWS];
extern const MixGroup mix_multiband_group;

/* dB/octave of each slope. */
extern const int mix_multiband_slopes[];

/* See MixUnit.defaults. */
void mix_multiband_defaults (void *params);

/* See MixUnit.remark. */
void mix_multiband_remark (
    const void *params, const MixFormat *format, MixRemarks *remarks);

/* The crossovers in use at a sample rate, sorted, into `corners`: those that
 * the bands need and that lie below half the rate. Returns how many bands they
 * make. */
unsigned mix_multiband_corners (const MixMultibandParams *params, unsigned rate,
    double corners[MIX_MULTIBAND_CORNERS]);

/* What a band's compressor is set to: ratio 1 for one that is not enabled. */
MixGainComputerParams mix_multiband_computer (const MixMultibandBand *band);

/* Whether a band is heard beside the others. */
bool mix_multiband_is_heard (const MixMultibandParams *params, unsigned band);
