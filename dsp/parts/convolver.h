/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Long FIR filters in blocks: the filter is cut into partitions of one block,
 * each as its spectrum, and a block of output is the sum of what each makes of
 * the block of input that is so old (overlap-save: T. G. Stockham, 1966; in
 * uniform partitions: B. D. Kulp, "Digital equalization using Fourier transform
 * techniques", AES 85, 1988). One MixConvolver serves any number of signals and
 * filters; memory is lent by the owner. The output of a block is complete when
 * its input is: the owner hands it out a block later. Realtime-safe.
 */
#pragma once

#include "../kernels/kernels.h"
#include "fft.h"

typedef struct {
  MixFft fft;     /* of two blocks */
  unsigned block; /* a power of two from 4 on */
  unsigned partitions;
  unsigned stride; /* floats from one part of a spectrum to the next */
  unsigned newest; /* where in the histories the newest block lies */
  const MixKernels *kernels;
} MixConvolver;

/* Floats of: a filter or a history; a sum; the table; the work of any call. */
size_t mix_convolver_spectra (unsigned block, unsigned partitions);
size_t mix_convolver_sum (unsigned block);
size_t mix_convolver_table (unsigned block);
size_t mix_convolver_work (unsigned block);

/* Not realtime-safe. */
void mix_convolver_prepare (
    MixConvolver *conv, unsigned block, unsigned partitions, float *table);

/* Begins anew; zero the histories as well. */
static inline void
mix_convolver_reset (MixConvolver *conv)
{
  conv->newest = 0;
}

/* `taps` holds partitions * block of them. */
void mix_convolver_filter (
    const MixConvolver *conv, float *filter, const float *taps, float *work);

/* For each block: once for all signals ... */
void mix_convolver_advance (MixConvolver *conv);
/* ... for each signal, with its last block and this one in a row ... */
void mix_convolver_push (const MixConvolver *conv, float *history,
    const float *two_blocks, float *work);
/* ... add what a filter makes of a signal (zero the sum before) ... */
void mix_convolver_add (const MixConvolver *conv, float *sum,
    const float *history, const float *filter);
/* ... and turn the sum into a block. */
void mix_convolver_pull (
    const MixConvolver *conv, float *out, const float *sum, float *work);
