/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables of the kernels `coarse_peaks` and `fine_peaks`; what they are and
 * how they are made is in parts/true_peak.h.
 */
#pragma once

/* Frames of one call. */
#define MIX_TRUE_PEAK_FRAMES 32

/* Taps on either side of the point. */
#define MIX_TRUE_PEAK_COARSE 8
#define MIX_TRUE_PEAK_FINE 48
#define MIX_TRUE_PEAK_MID 24
#define MIX_TRUE_PEAK_NEAR 12
#define MIX_TRUE_PEAK_METER 6
#define MIX_TRUE_PEAK_QUARTER 4

/* Frames before and after those of a call that its levels depend on. They must
 * be readable, and 8 more before them. */
#define MIX_TRUE_PEAK_COARSE_REACH MIX_TRUE_PEAK_COARSE
#define MIX_TRUE_PEAK_FINE_REACH (MIX_TRUE_PEAK_FINE + 4)

/* Half of each symmetric kernel, the taps next to the point first. */
typedef struct {
  float coarse[MIX_TRUE_PEAK_COARSE];
  float fine[MIX_TRUE_PEAK_FINE];
  float mid[MIX_TRUE_PEAK_MID];
  float near[MIX_TRUE_PEAK_NEAR];
  float meter[MIX_TRUE_PEAK_METER];
  float quarter[MIX_TRUE_PEAK_QUARTER];
} MixTruePeakTaps;
