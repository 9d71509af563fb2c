/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A low cut or high cut of 12 dB per octave, Butterworth: one section of
 * parts/design.h, with state in double. Control: parts/cut_fade.h.
 * Realtime-safe, no errors.
 */
#pragma once

#include "../base/maths.h"
#include "design.h"

#define MIX_CUT_TOP 0.49 /* highest corner, as a share of the rate */

typedef struct {
  double c1, c2, c3, m0, m1, m2;
} MixCutDesign;

typedef struct {
  double s1, s2;
} MixCut;

static inline MixCutDesign
mix_cut_design (MixFilterType type, double hz, unsigned rate)
{
  MixFilterSpec spec = {
    .type = type, .frequency_hz = fmin (hz, MIX_CUT_TOP * rate), .order = 2
  };
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  mix_filter_design_svf (&spec, rate, svf);
  double c1 = 1 / (1 + svf->g * (svf->g + svf->k)), c2 = svf->g * c1;
  return (MixCutDesign){ c1, c2, svf->g * c2, svf->m0, svf->m1, svf->m2 };
}

/* In place is allowed. At frame i the filter's share of the output is
 * from + slope * (offset + i), a ramp; the rest is the input. So it fades in
 * and out without a click. */
static inline void
mix_cut_run (MixCut *cut, const MixCutDesign *d, float from, float slope,
    unsigned offset, float *out, const float *in, unsigned n)
{
  double s1 = cut->s1, s2 = cut->s2;
  for (unsigned i = 0; i < n; i++) {
    double x = in[i], v3 = x - s2;
    double v1 = d->c1 * s1 + d->c2 * v3;
    double v2 = s2 + d->c2 * s1 + d->c3 * v3;
    s1 = 2 * v1 - s1;
    s2 = 2 * v2 - s2;
    double y = d->m0 * x + d->m1 * v1 + d->m2 * v2;
    out[i]
        = (float)(x + (y - x) * (double)(from + slope * (float)(offset + i)));
  }
  cut->s1 = s1;
  cut->s2 = s2;
}

/* The same of four signals at once, in the same bits: one alone waits for its
 * own recurrence most of the time. In place is allowed. */
static inline void
mix_cut_run_four (MixCut *const cut[4], const MixCutDesign *d, float from,
    float slope, unsigned offset, float *const out[4], const float *const in[4],
    unsigned n)
{
  typedef double Four __attribute__ ((vector_size (32)));
  Four s1 = { cut[0]->s1, cut[1]->s1, cut[2]->s1, cut[3]->s1 };
  Four s2 = { cut[0]->s2, cut[1]->s2, cut[2]->s2, cut[3]->s2 };
  for (unsigned i = 0; i < n; i++) {
    const Four x = { in[0][i], in[1][i], in[2][i], in[3][i] };
    const Four v3 = x - s2, v1 = d->c1 * s1 + d->c2 * v3;
    const Four v2 = s2 + d->c2 * s1 + d->c3 * v3;
    s1 = 2 * v1 - s1;
    s2 = 2 * v2 - s2;
    const Four y = d->m0 * x + d->m1 * v1 + d->m2 * v2;
    const Four wet = x + (y - x) * (double)(from + slope * (float)(offset + i));
    for (unsigned k = 0; k < 4; k++)
      out[k][i] = (float)wet[k];
  }
  for (unsigned k = 0; k < 4; k++)
    *cut[k] = (MixCut){ s1[k], s2[k] };
}
