/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "split_filters.h"

#include <string.h>

#include "../../base/maths.h"

/* Corners glide as slowly as nothing far above the sound is heard. */
#define GLIDE_MS 30.0
/* Of the rate: the bilinear transform has no higher corners. */
#define TOP 0.4999

/* Sections of two channels: at most five for a corner, and for each corner two
 * for each band below it. */
#define SECTIONS                                                               \
  (5 * MIX_MULTIBAND_CORNERS                                                   \
      + MIX_MULTIBAND_CORNERS * (MIX_MULTIBAND_CORNERS - 1))
#define STATES (4 * SECTIONS)

/* ---- Control ------------------------------------------------------------ */

void
mix_split_filters_prepare (
    MixSplitFilters *f, const MixFormat *format, MixArena *arena)
{
  size_t pairs = (format->channels + 1) / 2;
  *f = (MixSplitFilters){
    .rate = format->rate,
    .channels = format->channels,
    .states = mix_arena_take (arena, pairs * STATES, sizeof *f->states),
  };
  for (unsigned k = 0; k < MIX_MULTIBAND_CORNERS; k++)
    mix_smoother_prepare (&f->corner[k], format->rate, GLIDE_MS);
}

static unsigned
corners_of (const MixSplitFilters *f)
{
  return f->shape.bands - 1;
}

/* Butterworth's poles lie at angles of pi / 2n, 3 pi / 2n … from the imaginary
 * axis. */
static MixSplitWeights
design (const MixSplitFilters *f, double octave, unsigned section)
{
  double hz = fmin (exp2 (octave), TOP * f->rate);
  double angle = MIX_PI * (2 * section + 1) / (4 * f->shape.order);
  double g = tan (MIX_PI * hz / f->rate), k = 2 * cos (angle);
  double a1 = 1 / (1 + g * (g + k));
  return (MixSplitWeights){ a1, g * a1, g * g * a1, 2 * k };
}

static MixSplitWeights
slope_between (const MixSplitWeights *from, const MixSplitWeights *to)
{
  const double share = 1.0 / MIX_TICK;
  return (MixSplitWeights){ (to->a1 - from->a1) * share,
    (to->a2 - from->a2) * share, (to->a3 - from->a3) * share, 0 };
}

static void
design_corner (MixSplitFilters *f, unsigned corner)
{
  for (unsigned s = 0; s < f->shape.order; s++) {
    MixSplitWeights from = design (f, f->corner[corner].from, s);
    MixSplitWeights to = design (f, f->corner[corner].to, s);
    f->from[corner][s] = from;
    f->slope[corner][s] = slope_between (&from, &to);
  }
}

static void
forget (MixSplitFilters *f)
{
  size_t pairs = (f->channels + 1) / 2;
  memset (f->states, 0, pairs * STATES * sizeof *f->states);
}

void
mix_split_filters_set (MixSplitFilters *f, const double *corners_hz)
{
  for (unsigned k = 0; k < corners_of (f); k++)
    mix_smoother_set (&f->corner[k], log2 (corners_hz[k]));
}

void
mix_split_filters_reset (MixSplitFilters *f)
{
  for (unsigned k = 0; k < corners_of (f); k++) {
    mix_smoother_snap (&f->corner[k]);
    design_corner (f, k);
  }
  f->moves = false;
  forget (f);
}

void
mix_split_filters_start (
    MixSplitFilters *f, MixSplitShape shape, const double *corners_hz)
{
  f->shape = shape;
  mix_split_filters_set (f, corners_hz);
  mix_split_filters_reset (f);
}

void
mix_split_filters_tick (MixSplitFilters *f)
{
  bool moved = f->moves;
  f->moves = false;
  for (unsigned k = 0; k < corners_of (f); k++)
    f->moves |= mix_smoother_tick (&f->corner[k]);
  for (unsigned k = 0; (f->moves || moved) && k < corners_of (f); k++)
    design_corner (f, k);
}

bool
mix_split_filters_is_still (const MixSplitFilters *f)
{
  for (unsigned k = 0; k < corners_of (f); k++)
    if (!mix_smoother_is_still (&f->corner[k]))
      return false;
  return !f->moves;
}

/* ---- Sections ----------------------------------------------------------- */

/* A sample of two channels. */
typedef double Two __attribute__ ((vector_size (16)));

typedef struct {
  Two a, b;
} State;

typedef struct {
  Two low, all; /* low-pass, all-pass */
} Outputs;

static inline __attribute__ ((always_inline)) Outputs
run_section (const MixSplitWeights *w, State *state, Two x)
{
  Two v = x - state->b;
  Two band = w->a1 * state->a + w->a2 * v;
  Two low = state->b + w->a2 * state->a + w->a3 * v;
  state->a = 2.0 * band - state->a;
  state->b = 2.0 * low - state->b;
  return (Outputs){ low, x - w->twice_k * band };
}

/* The low-pass, and the high-pass in place. */
static inline __attribute__ ((always_inline)) Two
split (const MixSplitWeights *w, unsigned order, State **state, Two *io)
{
  Outputs first = run_section (w, (*state)++, *io);
  Two all = first.all, low = first.low;
  if (order > 1) {
    all = run_section (w + 1, (*state)++, all).all;
    low = run_section (w + 1, (*state)++, low).low;
    low = run_section (w, (*state)++, low).low;
  }
  low = run_section (w + order - 1, (*state)++, low).low;
  *io = all - low;
  return low;
}

static inline __attribute__ ((always_inline)) Two
pass (const MixSplitWeights *w, unsigned order, State **state, Two x)
{
  x = run_section (w, (*state)++, x).all;
  return order > 1 ? run_section (w + 1, (*state)++, x).all : x;
}

/* ---- Spans -------------------------------------------------------------- */

typedef MixSplitWeights (*Weights)[2]; /* of a corner */

static inline __attribute__ ((always_inline)) void
run_frame (Weights weights, unsigned bands, unsigned order, State *state,
    Two in, Two *out)
{
  for (unsigned k = 0; k + 1 < bands; k++) {
    for (unsigned b = 0; b < k; b++)
      out[b] = pass (weights[k], order, &state, out[b]);
    out[k] = split (weights[k], order, &state, &in);
  }
  out[bands - 1] = in;
}

/* The weights at a frame of the tick. */
static void
move_weights (const MixSplitFilters *f, MixSplitWeights to[][2], unsigned frame)
{
  for (unsigned k = 0; k < corners_of (f); k++)
    for (unsigned s = 0; s < f->shape.order; s++) {
      const MixSplitWeights *from = &f->from[k][s], *slope = &f->slope[k][s];
      to[k][s] = (MixSplitWeights){ from->a1 + slope->a1 * frame,
        from->a2 + slope->a2 * frame, from->a3 + slope->a3 * frame,
        from->twice_k };
    }
}

/* Two channels from `first` on; the last of an odd number is both. */
static inline __attribute__ ((always_inline)) void
run_pair (MixSplitFilters *f, const MixBandRows *to, const float *const *in,
    unsigned first, unsigned offset, unsigned n, unsigned bands, unsigned order)
{
  unsigned second = first + 1 < f->channels ? first + 1 : first;
  State *state = (State *)(f->states + (size_t)first / 2 * STATES);
  MixSplitWeights moved[MIX_MULTIBAND_CORNERS][2];
  float *left[MIX_MULTIBAND_MOST], *right[MIX_MULTIBAND_MOST];
  for (unsigned b = 0; b < bands; b++) {
    left[b] = mix_band_row (to, b, first);
    right[b] = mix_band_row (to, b, second);
  }
  for (unsigned i = 0; i < n; i++) {
    Two x = { (double)in[first][i], (double)in[second][i] };
    Two out[MIX_MULTIBAND_MOST];
    Weights weights = f->from;
    if (f->moves) {
      move_weights (f, moved, offset + i);
      weights = moved;
    }
    run_frame (weights, bands, order, state, x, out);
    for (unsigned b = 0; b < bands; b++) {
      left[b][i] = (float)out[b][0];
      right[b][i] = (float)out[b][1];
    }
  }
}

/* A loop for each shape: in these the compiler knows how many sections there
 * are. */
#define CASE(BANDS, ORDER)                                                     \
  case 2 * BANDS + ORDER:                                                      \
    run_pair (f, to, in, first, offset, n, BANDS, ORDER);                      \
    break

void
mix_split_filters_run (MixSplitFilters *f, const MixBandRows *to,
    const float *const *in, unsigned offset, unsigned n)
{
  for (unsigned first = 0; first < f->channels; first += 2)
    switch (2 * f->shape.bands + f->shape.order) {
      CASE (1, 1);
      CASE (1, 2);
      CASE (2, 1);
      CASE (2, 2);
      CASE (3, 1);
      CASE (3, 2);
      CASE (4, 1);
      CASE (4, 2);
      CASE (5, 1);
      CASE (5, 2);
      CASE (6, 1);
      CASE (6, 2);
    }
}
