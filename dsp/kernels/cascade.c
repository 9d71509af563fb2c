/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The filter cascade. A recursive filter does not vectorise over time, so the
 * vector lanes are sections and channels: in each step a section processes the
 * frame that the section before it finished one step earlier (a systolic array:
 * H. T. Kung, "Why systolic architectures?", 1982). At the beginning and the
 * end of a span only some sections have a frame. The others compute as well,
 * but their states are restored, so that every frame goes through the same
 * operations however the stream is cut.
 */
#include "levels.h"

#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

void
LEVEL (mix_widen_pair_) (
    double *restrict out, const float *left, const float *right, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    out[2 * i] = left[i];
    out[2 * i + 1] = right[i];
  }
}

/* A NaN stays one: the host resets the unit then (run.h). */
static inline float
narrow (double wide)
{
  float x = (float)wide;
  x = x > MIX_SANE ? MIX_SANE : x;
  return x < -MIX_SANE ? -MIX_SANE : x;
}

/* Four frames at a time; returns how many frames are done. Written with
 * intrinsics because the compiler's shuffles take twice as long. */
static unsigned
narrow_fours (float *left, float *right, const double *in, unsigned n)
{
  unsigned i = 0;
#if defined(__SSE2__) && !PLAIN
  const __m128 most = _mm_set1_ps (MIX_SANE), least = _mm_set1_ps (-MIX_SANE);
  for (; i + 4 <= n; i += 4) {
    const double *at = in + 2 * i;
    __m128 early = _mm_movelh_ps (
        _mm_cvtpd_ps (_mm_loadu_pd (at)), _mm_cvtpd_ps (_mm_loadu_pd (at + 2)));
    __m128 late = _mm_movelh_ps (_mm_cvtpd_ps (_mm_loadu_pd (at + 4)),
        _mm_cvtpd_ps (_mm_loadu_pd (at + 6)));
    early = _mm_max_ps (least, _mm_min_ps (most, early));
    late = _mm_max_ps (least, _mm_min_ps (most, late));
    _mm_storeu_ps (left + i, _mm_shuffle_ps (early, late, 0x88));
    _mm_storeu_ps (right + i, _mm_shuffle_ps (early, late, 0xdd));
  }
#else
  (void)left, (void)right, (void)in, (void)n;
#endif
  return i;
}

void
LEVEL (mix_narrow_pair_) (
    float *left, float *right, const double *in, unsigned n)
{
  for (unsigned i = narrow_fours (left, right, in, n); i < n; i++) {
    left[i] = narrow (in[2 * i]);
    right[i] = narrow (in[2 * i + 1]);
  }
}

#if PLAIN

/* ---- The reference: one lane after another ------------------------------ */

static void
run_lane (const MixCascade *c, unsigned lane, double *io, unsigned n)
{
  const double pole = c->weight[MIX_CASCADE_POLE][lane];
  const double turn = c->weight[MIX_CASCADE_UPDATE_A][lane];
  const double lift = c->weight[MIX_CASCADE_UPDATE_B][lane];
  const double direct = c->weight[MIX_CASCADE_DIRECT][lane];
  const double band = c->weight[MIX_CASCADE_BAND][lane];
  const double low = c->weight[MIX_CASCADE_LOW][lane];
  double a = c->a[lane], b = c->b[lane];
  for (unsigned i = 0; i < n; i++) {
    double x = io[2 * i], t = a + pole * (x - b);
    io[2 * i] = direct * x + (band * a + low * b);
    a = turn * t - a;
    b = b + lift * t;
  }
  c->a[lane] = a;
  c->b[lane] = b;
}

void
LEVEL (mix_cascade_) (const MixCascade *c, unsigned first, unsigned sections,
    double *io, unsigned n)
{
  for (unsigned lane = 0; lane < 2 * sections; lane++)
    run_lane (c, 2 * first + lane, io + lane % 2, n);
}

static void
run_lane_once (const MixCascade *c, unsigned lane, double *io, double time)
{
  double w[MIX_CASCADE_WEIGHTS];
  for (unsigned k = 0; k < MIX_CASCADE_WEIGHTS; k++)
    w[k] = c->weight[k][lane] + c->slope[k][lane] * time;
  double x = *io, a = c->a[lane], b = c->b[lane];
  double t = a + w[MIX_CASCADE_POLE] * (x - b);
  *io = w[MIX_CASCADE_DIRECT] * x
        + (w[MIX_CASCADE_BAND] * a + w[MIX_CASCADE_LOW] * b);
  c->a[lane] = w[MIX_CASCADE_UPDATE_A] * t - a;
  c->b[lane] = b + w[MIX_CASCADE_UPDATE_B] * t;
}

void
LEVEL (mix_cascade_moving_) (const MixCascade *c, unsigned first,
    unsigned sections, double *io, unsigned offset, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    for (unsigned lane = 0; lane < 2 * sections; lane++)
      run_lane_once (c, 2 * first + lane, io + 2 * i + lane % 2, offset + i);
}

#else

/* ---- Vectors of sections ------------------------------------------------ */

#if defined(__AVX512F__)
#define WIDTH 8
#elif defined(__AVX2__)
#define WIDTH 4
#else
#define WIDTH 2
#endif

#define SECTIONS (WIDTH / 2) /* in a vector */

typedef double Vec __attribute__ ((vector_size (8 * WIDTH)));
typedef int64_t Mask __attribute__ ((vector_size (8 * WIDTH)));
typedef double LooseVec
    __attribute__ ((vector_size (8 * WIDTH), aligned (8), may_alias));

#define INLINE static inline __attribute__ ((always_inline))

/* a * b + c, fused where the instruction set has that. Explicit, because the
 * compiler may choose differently for different copies of a loop. */
INLINE Vec
fused (Vec a, Vec b, Vec c)
{
#if WIDTH == 8
  return _mm512_fmadd_pd (a, b, c);
#elif WIDTH == 4
  return _mm256_fmadd_pd (a, b, c);
#elif defined(__aarch64__)
  return (Vec)vfmaq_f64 ((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
  return a * b + c;
#endif
}

INLINE Vec
load (const double *from)
{
  return *(const LooseVec *)from;
}

INLINE void
store (double *to, Vec value)
{
  *(LooseVec *)to = value;
}

/* The inputs of the sections of a vector: the last output of the vector
 * `before`, then all outputs of `here` but the last. */
INLINE Vec
shift_in (Vec before, Vec here)
{
#if WIDTH == 8
  return (Vec)_mm512_alignr_epi64 ((__m512i)here, (__m512i)before, 6);
#elif WIDTH == 4
  return (Vec)_mm256_permute2f128_pd (before, here, 0x21);
#else
  (void)here;
  return before;
#endif
}

/* A frame in the place of the last section's output, and back. */
INLINE Vec
frame_in (const double *io)
{
#if WIDTH == 8
  return (Vec)_mm512_broadcast_f64x2 (_mm_loadu_pd (io));
#elif WIDTH == 4
  return (Vec)_mm256_broadcast_pd ((const __m128d *)io);
#else
  return load (io);
#endif
}

INLINE void
frame_out (double *io, Vec y)
{
#if WIDTH == 8
  _mm_storeu_pd (io, _mm512_extractf64x2_pd (y, 3));
#elif WIDTH == 4
  _mm_storeu_pd (io, _mm256_extractf128_pd (y, 1));
#else
  store (io, y);
#endif
}

typedef struct {
  Vec weight[MIX_CASCADE_WEIGHTS], a, b;
  Vec y, y_before; /* output of the last step and of the one before */
} Sections;

INLINE Sections
sections_at (const MixCascade *c, unsigned lane)
{
  Sections s;
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    s.weight[w] = load (c->weight[w] + lane);
  s.a = load (c->a + lane);
  s.b = load (c->b + lane);
  s.y = s.y_before = (Vec){ 0 };
  return s;
}

INLINE void
put_back (const MixCascade *c, unsigned lane, Sections s)
{
  store (c->a + lane, s.a);
  store (c->b + lane, s.b);
}

INLINE Sections
step (Sections s, Vec x)
{
  Vec q = fused (
      s.weight[MIX_CASCADE_BAND], s.a, s.weight[MIX_CASCADE_LOW] * s.b);
  Vec t = fused (s.weight[MIX_CASCADE_POLE], x - s.b, s.a);
  s.y_before = s.y;
  s.y = fused (s.weight[MIX_CASCADE_DIRECT], x, q);
  s.a = fused (s.weight[MIX_CASCADE_UPDATE_A], t, -s.a);
  s.b = fused (s.weight[MIX_CASCADE_UPDATE_B], t, s.b);
  return s;
}

/* The weights at a frame of the tick. */
INLINE Sections
moved (Sections s, const MixCascade *c, unsigned lane, Vec time)
{
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++)
    s.weight[w]
        = fused (load (c->slope[w] + lane), time, load (c->weight[w] + lane));
  return s;
}

INLINE Vec
choose (Mask mask, Vec yes, Vec no)
{
  return (Vec)((mask & (Mask)yes) | (~mask & (Mask)no));
}

/* `now`, but with the state of `before` where not `live`; the outputs of those
 * are not used. */
INLINE Sections
kept (Mask live, Sections now, Sections before)
{
  now.a = choose (live, now.a, before.a);
  now.b = choose (live, now.b, before.b);
  return now;
}

/* How a pass is run. A section processes a frame `skew` steps after the section
 * before it. With a skew of 1, each step of a vector needs the output of its
 * own previous step (in other lanes), and that dependency is longer than the
 * filter's recurrence. A skew of 2 hides its latency, but has more steps at the
 * ends of a span. */
typedef struct {
  unsigned vectors; /* up to 4 */
  unsigned skew;    /* 1 or 2 */
  bool moving;
} Pass;

/* The frame that each section of vector v processes at step k:
 * k - skew * section. */
INLINE Vec
time_at (unsigned v, unsigned skew, double k)
{
  Vec time;
  for (unsigned i = 0; i < WIDTH; i++)
    time[i] = k - skew * (v * SECTIONS + i / 2);
  return time;
}

/* Where that frame is one of 0 … n - 1. */
INLINE Mask
live_at (unsigned k, unsigned v, unsigned skew, unsigned n)
{
  Mask live;
  for (unsigned i = 0; i < WIDTH; i++) {
    unsigned start = skew * (v * SECTIONS + i / 2);
    live[i] = k >= start && k - start < n ? -1 : 0;
  }
  return live;
}

/* One step of all vectors, the last one first: a vector's input is what the
 * vector before it put out in an earlier step. */
INLINE void
step_all (Sections *s, const Pass pass, const MixCascade *c, unsigned lane,
    const double *io, unsigned k, unsigned n, unsigned offset, bool partly)
{
  Vec in = frame_in (io + 2 * (k < n ? k : n - 1));
#pragma GCC unroll 4
  for (unsigned v = pass.vectors; v-- > 0;) {
    Sections was = s[v];
    Vec before = v == 0 ? in : pass.skew == 2 ? s[v - 1].y_before : s[v - 1].y;
    Vec here = pass.skew == 2 ? was.y_before : was.y;
    if (pass.moving)
      s[v] = moved (s[v], c, lane + v * WIDTH,
          time_at (v, pass.skew, (double)k + offset));
    s[v] = step (s[v], shift_in (before, here));
    if (partly)
      s[v] = kept (live_at (k, v, pass.skew, n), s[v], was);
  }
}

INLINE void
run (const Pass pass, const MixCascade *c, unsigned lane, double *io,
    unsigned offset, unsigned n)
{
  /* steps from a frame's input to its output */
  const unsigned delay = pass.skew * (pass.vectors * SECTIONS - 1);
  Sections s[4];
#pragma GCC unroll 4
  for (unsigned v = 0; v < pass.vectors; v++)
    s[v] = sections_at (c, lane + v * WIDTH);
  unsigned k = 0;
  for (; k < delay; k++)
    step_all (s, pass, c, lane, io, k, n, offset, true);
  for (; k < n; k++) {
    step_all (s, pass, c, lane, io, k, n, offset, false);
    frame_out (io + 2 * (k - delay), s[pass.vectors - 1].y);
  }
  for (; k < n + delay; k++) {
    step_all (s, pass, c, lane, io, k, n, offset, true);
    frame_out (io + 2 * (k - delay), s[pass.vectors - 1].y);
  }
#pragma GCC unroll 4
  for (unsigned v = 0; v < pass.vectors; v++)
    put_back (c, lane + v * WIDTH, s[v]);
}

INLINE void
run_all (const MixCascade *c, unsigned first, unsigned sections, double *io,
    unsigned offset, unsigned n, unsigned skew, bool moving)
{
  unsigned left = n > 0 ? (sections + SECTIONS - 1) / SECTIONS : 0;
  unsigned lane = 2 * first;
  for (; left >= 4 && !moving; left -= 4, lane += 4 * WIDTH)
    run ((Pass){ 4, skew, moving }, c, lane, io, offset, n);
  for (; left >= 2 && moving; left -= 2, lane += 2 * WIDTH)
    run ((Pass){ 2, skew, moving }, c, lane, io, offset, n);
  if (left == 3)
    run ((Pass){ 3, skew, moving }, c, lane, io, offset, n);
  else if (left == 2)
    run ((Pass){ 2, skew, moving }, c, lane, io, offset, n);
  else if (left == 1)
    run ((Pass){ 1, skew, moving }, c, lane, io, offset, n);
}

void
LEVEL (mix_cascade_) (const MixCascade *c, unsigned first, unsigned sections,
    double *io, unsigned n)
{
  if (n < 128)
    run_all (c, first, sections, io, 0, n, 1, false);
  else
    run_all (c, first, sections, io, 0, n, 2, false);
}

void
LEVEL (mix_cascade_moving_) (const MixCascade *c, unsigned first,
    unsigned sections, double *io, unsigned offset, unsigned n)
{
  run_all (c, first, sections, io, offset, n, 1, true);
}

#endif
