/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The level between the samples: how high a signal rises once it is
 * interpolated (ITU-R BS.1770-5, Annex 2). Two detectors:
 *
 *  - coarse: half-way points from a short kernel. Enough to find where the
 *    peaks are and how high within a few tenths of a decibel.
 *  - fine: quarter points, by a long kernel for the half-way points and a short
 *    one between those. Meters do not agree about content close to half the
 *    rate, each has its own kernel: the fine level is raised by the spread of
 *    four kernels, from six to 48 taps a side, at that place, so that it bounds
 *    what meters with kernels of that kind read. Where they agree, and that is
 *    nearly everywhere, it is the true level.
 *
 * Between the points of its grid either fits a sine: three equally spaced
 * samples a, b, c of a sine whose middle is the largest satisfy
 *   amplitude^2 = b^2 (1 + (c - a)^2 / ((2b - a - c) (2b + a + c))).
 *
 * Both give one level a frame, the largest from the frame to the next: the
 * kernels `coarse_peaks` and `fine_peaks`. Here are their tables, and bounds
 * that tell where they need not run. No state, no errors; `prepare` only
 * computes.
 */
#pragma once

#include "../kernels/kernels.h"

#define MIX_TRUE_PEAK_SLACK 1.02f

typedef struct {
  MixTruePeakTaps taps;
  /* No level is over peak + bound * curvature, where `peak` is the largest
   * sample next to the frames and `curvature` the largest second difference
   * within the kernel's reach. */
  float coarse_bound, fine_bound;
  /* No fine level is over MIX_TRUE_PEAK_SLACK * coarse + that * curvature,
   * where `coarse` is the largest coarse level: the difference of the kernels,
   * and some for that of the grids. */
  float fine_from_coarse;
  /* The same for the fine level before it is raised. */
  float plain_bound, plain_from_coarse;
} MixTruePeak;

void mix_true_peak_prepare (MixTruePeak *tp);
