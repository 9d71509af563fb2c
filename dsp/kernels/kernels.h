/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The few loops that are worth a table of function pointers. Each is written
 * once, built per instruction set (levels.h), and chosen when a unit is
 * prepared. All are realtime-safe; arrays need no alignment; `n` may be 0;
 * in-place is allowed where an `out` and an `in` are named.
 *
 * Levels agree within the tolerance given for each function; functions
 * without one give the same bits at every level.
 */
#pragma once

#include <stdbool.h>

#include "../base/cpu.h"
#include "block_filter.h"
#include "cascade.h"
#include "hilbert.h"
#include "stereo.h"
#include "delay_network.h"
#include "peak_levels.h"

/* A sample beyond this (+180 dBFS) is no audio: it is treated like a NaN. */
#define MIX_SANE 1e9f

typedef struct {
  MixCpuLevel level;
  const char *name;

  /* Interleaved to planar and back. */
  void (*deinterleave) (
      float *const *out, const float *in, unsigned channels, unsigned n);
  void (*interleave) (
      float *out, const float *const *in, unsigned channels, unsigned n);

  /* True when every sample is finite and within +-MIX_SANE. */
  bool (*is_sane) (const float *in, unsigned n);

  /* Largest |sample|; 0 for none. */
  float (*peak) (const float *in, unsigned n);

  /* out = max (out, |in|): linked peak detection. */
  void (*max_abs) (float *out, const float *in, unsigned n);

  /* out += in * in * weight: linked power. Within 1e-6 of the value. */
  void (*add_square) (float *out, const float *in, float weight, unsigned n);

  /* out = in * gain. */
  void (*multiply) (float *out, const float *in, const float *gain, unsigned n);

  /* 20 log10 |in|, never under -400: a power fits too, at half the result.
   * Within 0.0002 dB. */
  void (*db_from_gain) (float *out, const float *in, unsigned n);

  /* 10^(in / 20), in within +-700 dB. Within 0.0002 dB; 0 dB gives exactly
   * 1. */
  void (*gain_from_db) (float *out, const float *in, unsigned n);

  /* Runs two channels through the pair of all-pass chains; out is the power
   * of both chains together, the square of the envelope. The arrays of one
   * channel may be the same, others may not overlap; `right` and `right_in`
   * may equal `left` and `left_in` when there is one channel only. Within
   * 2e-5 of the largest power so far. */
  void (*quadrature) (const MixQuadratureDesign *design, MixQuadrature *history,
      float *left, float *right, const float *left_in, const float *right_in,
      unsigned n);

  /* sum += a * b of complex numbers, real and imaginary parts apart. Within
   * 1e-6 of |a| |b|. */
  void (*add_complex_product) (float *sum_re, float *sum_im, const float *a_re,
      const float *a_im, const float *b_re, const float *b_im, unsigned n);

  /* `sections` filter sections from number `first` on, one after the other,
   * over n frames of two interleaved lanes in place. The second takes the
   * weights of frame i as weight + slope * (offset + i). Within 1e-9 of the
   * largest sample. */
  void (*cascade) (const MixCascade *c, unsigned first, unsigned sections,
      double *io, unsigned n);
  void (*cascade_moving) (const MixCascade *c, unsigned first,
      unsigned sections, double *io, unsigned offset, unsigned n);

  /* Two channels to interleaved doubles, and back within +-MIX_SANE (a NaN
   * stays one). */
  void (*widen_pair) (
      double *out, const float *left, const float *right, unsigned n);
  void (*narrow_pair) (float *left, float *right, const double *in, unsigned n);

  /* `blocks` times MIX_BLOCK_FRAMES frames in place, and the state that they
   * leave. Within 1e-6 of the largest sum of |factor| |v|. */
  void (*block_filter) (
      const MixBlockFilter *filter, double *state, float *io, unsigned blocks);

  /* Out is a matrix times in; outs may not overlap ins. Within 1e-6 of the
   * sum of |weight| |in|. A frame's bits do not depend on the frames beside it
   * in a call of the same n. */
  void (*blend_pair) (const MixBlend *blend, float *left, float *right,
      const float *left_in, const float *right_in, unsigned n);

  /* powers = decay * powers + the sums over these frames. Within 1e-6 of the
   * sum of both channels' squares. */
  void (*pair_powers) (const float *left, const float *right, float decay,
      MixPairPowers *powers, unsigned n);

  /* For each of the MIX_TRUE_PEAK_FRAMES frames from x on the level up to the
   * next frame (see parts/true_peak.h); `plain` is the fine level before it is
   * raised. Within 1e-5 of the largest level. */
  void (*coarse_peaks) (
      const MixTruePeakTaps *taps, const float *x, float *level);
  void (*fine_peaks) (
      const MixTruePeakTaps *taps, const float *x, float *level, float *plain);

  /* The largest |x[i]| and the largest |x[i - 1] - 2 x[i] + x[i + 1]| of those
   * frames; reads one more to either side. The curvature within 1e-6 of the
   * largest sample. */
  void (*peak_and_curvature) (const float *x, float *peak, float *curvature);

  /* The largest a * b; 0 for none. Neither is negative. */
  float (*largest_product) (const float *a, const float *b, unsigned n);

  /* The reverberation's: one block of MIX_REVERB_FRAMES frames each; see
   * delay_network.h. `from` and `to` are apart but where they are the same
   * array.
   *
   * Each line through its own two sections. Within 1e-5 of the largest
   * sample. */
  void (*reverb_absorb) (const MixReverbAbsorption *absorption,
      MixReverbAbsorptionState *state, float (*to)[MIX_REVERB_FRAMES],
      const float *const *from);
  /* The taps of two channels: the sum of each group through its section, and of
   * these the sum of each channel. Within 1e-6 of the sum of magnitudes. */
  void (*reverb_early) (const MixReverbEarlyAbsorption *early,
      float state[MIX_REVERB_LANES], float *left, float *right,
      const float *memory, const MixReverbTaps *left_taps,
      const MixReverbTaps *right_taps);
  /* The lines, rotated in pairs (k, k + 8), through a Hadamard matrix. Within
   * 1e-6 of the largest sample. */
  void (*reverb_scatter) (const MixReverbRotations *rotations, float *const *to,
      const float (*from)[MIX_REVERB_FRAMES]);
  /* out += level times the sum of gain[k] times the block that begins at
   * from[at[k]]; at frame i the level is level + slope * i. Within 1e-6 of the
   * sum of magnitudes. */
  void (*reverb_sum) (float *out, const float *from, const unsigned *at,
      const float *gain, unsigned count, float level, float slope);
  /* For each of `count` rows: to += 4 level from, where at frame i the level is
   * level + slope * i. Within 1e-6 of the sum of magnitudes. */
  void (*reverb_feed) (float *const *to, const float *const *from,
      const float *level, const float *slope, unsigned count);
  /* One all-pass: `from` is what was written to `to` one delay before. Its gain
   * at frame i is gain + slope * i. Within 1e-6 of the largest sample. */
  void (*reverb_diffuse) (
      float *io, float *to, const float *from, float gain, float slope);
} MixKernels;

/* The table for this machine (see base/cpu.h); a constant, never NULL. Not
 * realtime-safe: call it in `prepare` and keep the pointer. */
const MixKernels *mix_kernels (void);

/* The table of one level, NULL when it was not built for this architecture or
 * this machine cannot run it. For tests and benchmarks. */
const MixKernels *mix_kernels_at (MixCpuLevel level);
