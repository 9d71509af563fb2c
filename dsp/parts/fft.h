/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The discrete Fourier transform of real float signals whose length is a power
 * of two from 8 on. Spectra are split: size / 2 + 1 real parts and as many
 * imaginary ones. The owner provides the memory; transforms are realtime-safe.
 */
#pragma once

#include <stddef.h>

typedef struct {
  unsigned size;                  /* of the real signal */
  const float *twiddle_re;        /* exp (-2 pi i k / (size / 2)) */
  const float *twiddle_im;        /* k < size / 4 */
  const float *half_re, *half_im; /* exp (-2 pi i k / size), k <= size / 4 */
} MixFft;

/* Floats in the table of mix_fft_prepare, and in the `work` of a transform. */
size_t mix_fft_table (unsigned size);
size_t mix_fft_work (unsigned size);

/* Not realtime-safe: computes about `size` sines and cosines. */
void mix_fft_prepare (MixFft *fft, unsigned size, float *table);

/* sum in[i] exp (-2 pi i k / size). */
void mix_fft_forward (
    const MixFft *fft, float *re, float *im, const float *in, float *work);

/* The inverse, divided by the size; im[0] and the last im are taken as 0. */
void mix_fft_inverse (const MixFft *fft, float *out, const float *re,
    const float *im, float *work);
