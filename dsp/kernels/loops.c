/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loops, portable C that the compiler vectorises. */
#include "levels.h"

#include "fused.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* By hand, as GCC finds no good shuffles for stereo: four frames at a time. */
#if !PLAIN
typedef float Four __attribute__ ((vector_size (16)));

static inline Four
load (const float *from)
{
  Four four;
  memcpy (&four, from, sizeof four);
  return four;
}

static inline void
store (float *to, Four four)
{
  memcpy (to, &four, sizeof four);
}

static unsigned
deinterleave_fours (float *left, float *right, const float *in, unsigned n)
{
  unsigned i = 0;
  for (; i + 4 <= n; i += 4) {
    Four early = load (in + 2 * i), late = load (in + 2 * i + 4);
    store (left + i, __builtin_shufflevector (early, late, 0, 2, 4, 6));
    store (right + i, __builtin_shufflevector (early, late, 1, 3, 5, 7));
  }
  return i;
}

static unsigned
interleave_fours (float *out, const float *left, const float *right, unsigned n)
{
  unsigned i = 0;
  for (; i + 4 <= n; i += 4) {
    Four l = load (left + i), r = load (right + i);
    store (out + 2 * i, __builtin_shufflevector (l, r, 0, 4, 1, 5));
    store (out + 2 * i + 4, __builtin_shufflevector (l, r, 2, 6, 3, 7));
  }
  return i;
}
#else
#define deinterleave_fours(left, right, in, n) 0
#define interleave_fours(out, left, right, n) 0
#endif

static void
deinterleave_two (float *left, float *right, const float *in, unsigned n)
{
  for (unsigned i = deinterleave_fours (left, right, in, n); i < n; i++) {
    left[i] = in[2 * i];
    right[i] = in[2 * i + 1];
  }
}

static void
interleave_two (float *out, const float *left, const float *right, unsigned n)
{
  for (unsigned i = interleave_fours (out, left, right, n); i < n; i++) {
    out[2 * i] = left[i];
    out[2 * i + 1] = right[i];
  }
}

void
LEVEL (mix_deinterleave_) (
    float *const *out, const float *in, unsigned channels, unsigned n)
{
  if (channels == 1) {
    memmove (out[0], in, n * sizeof *in);
  } else if (channels == 2) {
    deinterleave_two (out[0], out[1], in, n);
  } else {
    for (unsigned c = 0; c < channels; c++)
      for (unsigned i = 0; i < n; i++)
        out[c][i] = in[(size_t)i * channels + c];
  }
}

void
LEVEL (mix_interleave_) (
    float *out, const float *const *in, unsigned channels, unsigned n)
{
  if (channels == 1) {
    memmove (out, in[0], n * sizeof *out);
  } else if (channels == 2) {
    interleave_two (out, in[0], in[1], n);
  } else {
    for (unsigned c = 0; c < channels; c++)
      for (unsigned i = 0; i < n; i++)
        out[(size_t)i * channels + c] = in[c][i];
  }
}

static inline uint32_t
magnitude_bits (float x)
{
  union {
    float f;
    uint32_t u;
  } bits = { x };
  return bits.u & 0x7fffffffu;
}

static inline float
float_from_bits (uint32_t u)
{
  union {
    uint32_t u;
    float f;
  } bits = { u };
  return bits.f;
}

/* Positive floats order like their bit patterns, NaN and infinity above all: an
 * integer compare needs no care for them. Signed, as SSE2 has no other. */
static uint32_t
largest_bits (const float *in, unsigned n)
{
  int32_t most = 0;
  for (unsigned i = 0; i < n; i++) {
    int32_t bits = (int32_t)magnitude_bits (in[i]);
    most = bits > most ? bits : most;
  }
  return (uint32_t)most;
}

bool
LEVEL (mix_is_sane_) (const float *in, unsigned n)
{
  return largest_bits (in, n) <= magnitude_bits (MIX_SANE);
}

float
LEVEL (mix_peak_) (const float *in, unsigned n)
{
  return float_from_bits (largest_bits (in, n));
}

void
LEVEL (mix_max_abs_) (float *restrict out, const float *restrict in, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float x = fabsf (in[i]);
    out[i] = x > out[i] ? x : out[i];
  }
}

void
LEVEL (mix_add_square_) (
    float *restrict out, const float *restrict in, float weight, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    out[i] = FUSED (in[i] * in[i], weight, out[i]);
}

void
LEVEL (mix_multiply_) (
    float *out, const float *in, const float *gain, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    out[i] = in[i] * gain[i];
}

/* log2 as exponent plus log2 of a mantissa in [sqrt(1/2), sqrt(2)), the latter
 * by the series of atanh: log m = 2 atanh ((m - 1) / (m + 1)). With |z| under
 * 0.1716 four terms leave 2e-8 (truncation of the series, z^9 term). */
void
LEVEL (mix_db_from_gain_) (float *out, const float *in, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    uint32_t bits = magnitude_bits (in[i]);
    bits = bits < 0x1e3ce508u ? 0x1e3ce508u : bits; /* 1e-20: -400 dB */
    int32_t exponent = (int32_t)(bits - 0x3f3504f3u) >> 23;
    float m = float_from_bits (bits - ((uint32_t)exponent << 23));
    float z = (m - 1) / (m + 1), z2 = z * z;
    float series = FUSED (z2, 2.f / 7, 2.f / 5);
    series = FUSED (z2, series, 2.f / 3);
    series = FUSED (z2, series, 2);
    out[i] = FUSED ((float)exponent, 6.0205999f, z * series * 8.6858896f);
  }
}

/* 2^x as 2^whole times the Taylor series of exp on +-ln 2 / 2: six terms
 * leave 2e-7 (truncation at the interval's end). */
void
LEVEL (mix_gain_from_db_) (float *out, const float *in, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float x = in[i] * 0.16609640f; /* 1 / (20 log10 2) */
    /* adding and taking away 1.5 * 2^23 rounds to whole numbers */
    float whole = (x + 12582912.f) - 12582912.f;
    float t = (x - whole) * 0.69314718f;
    float m = FUSED (t, 1.f / 720, 1.f / 120);
    m = FUSED (t, m, 1.f / 24);
    m = FUSED (t, m, 1.f / 6);
    m = FUSED (t, m, 0.5f);
    m = FUSED (t, m, 1);
    m = FUSED (t, m, 1);
    out[i] = m * float_from_bits ((uint32_t)((int32_t)whole + 127) << 23);
  }
}

void
LEVEL (mix_add_complex_product_) (float *restrict sum_re,
    float *restrict sum_im, const float *restrict a_re,
    const float *restrict a_im, const float *restrict b_re,
    const float *restrict b_im, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    sum_re[i] = FUSED (a_re[i], b_re[i], FUSED (-a_im[i], b_im[i], sum_re[i]));
    sum_im[i] = FUSED (a_re[i], b_im[i], FUSED (a_im[i], b_re[i], sum_im[i]));
  }
}
