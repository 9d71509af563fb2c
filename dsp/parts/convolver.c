/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convolver.h"

#include <string.h>

/* Half a spectrum, bins 0 … block, in whole cache lines. */
static unsigned
stride_of (unsigned block)
{
  return (block + 1 + 15) / 16 * 16;
}

size_t
mix_convolver_spectra (unsigned block, unsigned partitions)
{
  return (size_t)partitions * 2 * stride_of (block);
}

size_t
mix_convolver_sum (unsigned block)
{
  return 2 * (size_t)stride_of (block);
}

size_t
mix_convolver_table (unsigned block)
{
  return mix_fft_table (2 * block);
}

size_t
mix_convolver_work (unsigned block)
{
  return mix_fft_work (2 * block) + 2 * (size_t)block;
}

void
mix_convolver_prepare (
    MixConvolver *conv, unsigned block, unsigned partitions, float *table)
{
  *conv = (MixConvolver){ .block = block,
    .partitions = partitions,
    .stride = stride_of (block),
    .kernels = mix_kernels () };
  mix_fft_prepare (&conv->fft, 2 * block, table);
}

static inline size_t
part (const MixConvolver *conv, unsigned index)
{
  return (size_t)index * 2 * conv->stride;
}

void
mix_convolver_filter (
    const MixConvolver *conv, float *filter, const float *taps, float *work)
{
  float *two_blocks = work + mix_fft_work (2 * conv->block);
  memset (two_blocks + conv->block, 0, conv->block * sizeof *taps);
  for (unsigned p = 0; p < conv->partitions; p++) {
    float *re = filter + part (conv, p);
    memcpy (
        two_blocks, taps + (size_t)p * conv->block, conv->block * sizeof *taps);
    mix_fft_forward (&conv->fft, re, re + conv->stride, two_blocks, work);
  }
}

void
mix_convolver_advance (MixConvolver *conv)
{
  conv->newest = (conv->newest + 1) % conv->partitions;
}

void
mix_convolver_push (const MixConvolver *conv, float *history,
    const float *two_blocks, float *work)
{
  float *re = history + part (conv, conv->newest);
  mix_fft_forward (&conv->fft, re, re + conv->stride, two_blocks, work);
}

void
mix_convolver_add (const MixConvolver *conv, float *sum, const float *history,
    const float *filter)
{
  unsigned at = conv->newest;
  for (unsigned p = 0; p < conv->partitions; p++) {
    const float *x = history + part (conv, at), *h = filter + part (conv, p);
    conv->kernels->add_complex_product (sum, sum + conv->stride, x,
        x + conv->stride, h, h + conv->stride, conv->block + 1);
    at = at > 0 ? at - 1 : conv->partitions - 1;
  }
}

void
mix_convolver_pull (
    const MixConvolver *conv, float *out, const float *sum, float *work)
{
  float *two_blocks = work + mix_fft_work (2 * conv->block);
  mix_fft_inverse (&conv->fft, two_blocks, sum, sum + conv->stride, work);
  memcpy (out, two_blocks + conv->block, conv->block * sizeof *out);
}
