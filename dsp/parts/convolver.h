/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Partitioned convolution for long FIR filters: the filter is cut into
 * partitions of one block, kept as spectra. The spectrum of an output block is
 * the sum over the partitions of their products with the input block of that
 * age (overlap-save: T. G. Stockham, 1966; uniform partitions: B. D. Kulp,
 * "Digital equalization using Fourier transform techniques", AES 85, 1988). One
 * MixConvolver serves any number of signals and filters; the owner provides the
 * memory. The output of a block can be computed once its input is complete, so
 * the latency is one block. Realtime-safe.
 */
#pragma once

#include "../kernels/kernels.h"
#include "fft.h"

typedef struct {
  MixFft fft;     /* of two blocks */
  unsigned block; /* a power of two from 4 on */
  unsigned partitions;
  unsigned stride; /* floats from one part of a spectrum to the next */
  unsigned newest; /* place of the newest block in the histories */
  const MixKernels *kernels;
} MixConvolver;

/* Floats in: a filter or a history; a sum; the table; the work of any call. */
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
/* ... for each signal, with its previous block followed by this one ... */
void mix_convolver_push (const MixConvolver *conv, float *history,
    const float *two_blocks, float *work);
/* ... add the output of a filter for a signal (zero the sum before) ... */
void mix_convolver_add (const MixConvolver *conv, float *sum,
    const float *history, const float *filter);
/* ... and transform the sum into a block. */
void mix_convolver_pull (
    const MixConvolver *conv, float *out, const float *sum, float *work);
