/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A real signal of n samples is transformed as a complex one of n / 2 (even
 * samples are the real part, odd ones the imaginary part), whose spectrum is
 * split by symmetry (J. W. Cooley, P. A. W. Lewis, P. D. Welch, "The fast
 * Fourier transform algorithm: programming considerations", 1970). The complex
 * one is Stockham's autosort form (T. G. Stockham, 1966; see C. Van Loan,
 * "Computational Frameworks for the FFT", 1992), radix 4 with one step of radix
 * 2 when needed: no bit reversal, and inner loops over neighbours.
 */
#include "fft.h"

#include <math.h>
#include <string.h>

#include "../base/maths.h"

size_t
mix_fft_table (unsigned size)
{
  return size / 2 + 2 * (size / 4 + 1);
}

size_t
mix_fft_work (unsigned size)
{
  return 2 * (size_t)size;
}

void
mix_fft_prepare (MixFft *fft, unsigned size, float *table)
{
  unsigned quarter = size / 4;
  float *re = table, *im = re + quarter;
  float *half_re = im + quarter, *half_im = half_re + quarter + 1;
  for (unsigned k = 0; k < quarter; k++) {
    re[k] = (float)cos (4 * MIX_PI * k / size);
    im[k] = (float)-sin (4 * MIX_PI * k / size);
  }
  for (unsigned k = 0; k <= quarter; k++) {
    half_re[k] = (float)cos (2 * MIX_PI * k / size);
    half_im[k] = (float)-sin (2 * MIX_PI * k / size);
  }
  *fft = (MixFft){ size, re, im, half_re, half_im };
}

typedef struct {
  float *re, *im;
} Split;

/* One radix-2 pass: `count` times `stride` butterflies; the twiddle factor of
 * group p has the number p * stride. */
static void
pass2 (const MixFft *fft, Split to, Split from, unsigned count, unsigned stride)
{
  unsigned half = count * stride;
  for (unsigned p = 0; p < count; p++) {
    float wr = fft->twiddle_re[p * stride], wi = fft->twiddle_im[p * stride];
    const float *ar = from.re + p * stride, *ai = from.im + p * stride;
    float *restrict yr = to.re + 2 * p * stride;
    float *restrict yi = to.im + 2 * p * stride;
    for (unsigned q = 0; q < stride; q++) {
      float br = ar[q + half], bi = ai[q + half];
      float dr = ar[q] - br, di = ai[q] - bi;
      yr[q] = ar[q] + br;
      yi[q] = ai[q] + bi;
      yr[q + stride] = dr * wr - di * wi;
      yi[q + stride] = dr * wi + di * wr;
    }
  }
}

/* Twiddle factor k of a transform of size / 2; k is less than 3/4 of that. */
static inline void
twiddle (const MixFft *fft, unsigned k, float *re, float *im)
{
  unsigned half = fft->size / 4;
  float sign = k < half ? 1 : -1;
  k = k < half ? k : k - half;
  *re = sign * fft->twiddle_re[k];
  *im = sign * fft->twiddle_im[k];
}

/* One radix-4 pass: `count` times `stride` butterflies of four points. */
static void
pass4 (const MixFft *fft, Split to, Split from, unsigned count, unsigned stride)
{
  unsigned quarter = count * stride;
  for (unsigned p = 0; p < count; p++) {
    float w1r, w1i, w2r, w2i, w3r, w3i;
    twiddle (fft, p * stride, &w1r, &w1i);
    twiddle (fft, 2 * p * stride, &w2r, &w2i);
    twiddle (fft, 3 * p * stride, &w3r, &w3i);
    const float *xr = from.re + p * stride, *xi = from.im + p * stride;
    float *restrict yr = to.re + 4 * p * stride;
    float *restrict yi = to.im + 4 * p * stride;
    for (unsigned q = 0; q < stride; q++) {
      float ar = xr[q], ai = xi[q];
      float br = xr[q + quarter], bi = xi[q + quarter];
      float cr = xr[q + 2 * quarter], ci = xi[q + 2 * quarter];
      float dr = xr[q + 3 * quarter], di = xi[q + 3 * quarter];
      float sr = ar + cr, si = ai + ci, tr = ar - cr, ti = ai - ci;
      float ur = br + dr, ui = bi + di, vr = br - dr, vi = bi - di;
      float er = tr + vi, ei = ti - vr; /* t - i v */
      float fr = sr - ur, fi = si - ui;
      float gr = tr - vi, gi = ti + vr; /* t + i v */
      yr[q] = sr + ur;
      yi[q] = si + ui;
      yr[q + stride] = er * w1r - ei * w1i;
      yi[q + stride] = er * w1i + ei * w1r;
      yr[q + 2 * stride] = fr * w2r - fi * w2i;
      yi[q + 2 * stride] = fr * w2i + fi * w2r;
      yr[q + 3 * stride] = gr * w3r - gi * w3i;
      yi[q + 3 * stride] = gr * w3i + gi * w3r;
    }
  }
}

/* The complex transform of size / 2 points; the result is in one of the two. */
static Split
transform (const MixFft *fft, Split data, Split other)
{
  unsigned points = fft->size / 2, stride = 1;
  while (stride < points) {
    unsigned left = points / stride;
    if (left % 4 == 0) {
      pass4 (fft, other, data, left / 4, stride);
      stride *= 4;
    } else {
      pass2 (fft, other, data, left / 2, stride);
      stride *= 2;
    }
    Split swap = data;
    data = other;
    other = swap;
  }
  return data;
}

static void
split_work (const MixFft *fft, float *work, Split *a, Split *b)
{
  unsigned points = fft->size / 2;
  *a = (Split){ work, work + points };
  *b = (Split){ work + 2 * points, work + 3 * points };
}

void
mix_fft_forward (
    const MixFft *fft, float *re, float *im, const float *in, float *work)
{
  unsigned points = fft->size / 2;
  Split a, b;
  split_work (fft, work, &a, &b);
  for (unsigned i = 0; i < points; i++) {
    a.re[i] = in[2 * i];
    a.im[i] = in[2 * i + 1];
  }
  Split z = transform (fft, a, b);
  re[0] = z.re[0] + z.im[0];
  re[points] = z.re[0] - z.im[0];
  im[0] = im[points] = 0;
  for (unsigned k = 1, m = points - 1; k <= m; k++, m--) {
    /* spectra of the even and the odd samples at k, then bins k and m */
    float er = 0.5f * (z.re[k] + z.re[m]), ei = 0.5f * (z.im[k] - z.im[m]);
    float or = 0.5f * (z.im[k] + z.im[m]), oi = 0.5f * (z.re[m] - z.re[k]);
    float wr = fft->half_re[k], wi = fft->half_im[k];
    float tr = or *wr - oi * wi, ti = or *wi + oi * wr;
    re[k] = er + tr;
    im[k] = ei + ti;
    re[m] = er - tr;
    im[m] = ti - ei;
  }
}

void
mix_fft_inverse (const MixFft *fft, float *out, const float *re,
    const float *im, float *work)
{
  unsigned points = fft->size / 2;
  float scale = 1.f / points;
  Split a, b;
  split_work (fft, work, &a, &b);
  /* the forward transform with real and imaginary parts exchanged */
  a.im[0] = 0.5f * scale * (re[0] + re[points]);
  a.re[0] = 0.5f * scale * (re[0] - re[points]);
  for (unsigned k = 1, m = points - 1; k <= m; k++, m--) {
    float er = 0.5f * (re[k] + re[m]), ei = 0.5f * (im[k] - im[m]);
    float tr = 0.5f * (re[k] - re[m]), ti = 0.5f * (im[k] + im[m]);
    float wr = fft->half_re[k], wi = -fft->half_im[k];
    float or = tr * wr - ti * wi, oi = tr * wi + ti * wr;
    a.im[k] = scale * (er - oi);
    a.re[k] = scale * (ei + or);
    a.im[m] = scale * (er + oi);
    a.re[m] = scale * (or -ei);
  }
  Split z = transform (fft, a, b);
  for (unsigned i = 0; i < points; i++) {
    out[2 * i] = z.im[i];
    out[2 * i + 1] = z.re[i];
  }
}
