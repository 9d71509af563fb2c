/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sound of the delay. No echo is shorter than a span, so the lines are
 * read before they are written, whole spans at a time, in loops that the
 * compiler turns into vectors.
 */
#include "delay.h"

#include <string.h>

#include "../../parts/fractional.h"

/* A span of a pair. */
typedef struct {
  float left[MIX_ECHO_BLOCK], right[MIX_ECHO_BLOCK];
} Rows;

/* The loops are written once for gains that move and for gains at rest. */
#define ALWAYS_INLINE inline __attribute__ ((always_inline))

/* ---- Out of the lines --------------------------------------------------- */

static void
fade (const MixEcho *self, float *restrict io, const float *restrict next,
    unsigned offset, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    io[i] += (next[i] - io[i]) * mix_echo_at (self->fade, false, offset, i);
}

/* What goes back into the loop: whole frames, untouched. */
static void
read_line (const MixEcho *self, const MixEchoLine *line, float *to,
    unsigned offset, unsigned n)
{
  float next[MIX_TICK];
  mix_delay_line_read (&self->delay, line->ring, to, line->now, n);
  if (self->fades) {
    mix_delay_line_read (&self->delay, line->ring, next, line->next, n);
    fade (self, to, next, offset, n);
  }
}

/* The wow moves a delay by at most half of it. */
static void
read_with_wow (const MixEcho *self, const MixEchoLine *line, float *to,
    unsigned delay, unsigned offset, unsigned n)
{
  double room = fmax (0, delay / 2.0 - 1);
  double reach = fmin ((double)line->reach, room);
  MixFractionalPath path = { delay + reach * (double)line->swing,
    reach * (double)line->swing_slope, offset };
  mix_fractional_read (&self->delay, line->ring, to, path, n);
}

/* What is heard of a line that was read and written, when there is wow. */
static void
hear_line (const MixEcho *self, const MixEchoLine *line, float *to,
    unsigned offset, unsigned n)
{
  float next[MIX_TICK];
  read_with_wow (self, line, to, line->now, offset, n);
  if (self->fades) {
    read_with_wow (self, line, next, line->next, offset, n);
    fade (self, to, next, offset, n);
  }
}

/* ---- Loops -------------------------------------------------------------- */

static ALWAYS_INLINE void
feed_stereo (const MixEcho *self, Rows *restrict to, const Rows *restrict echo,
    const float *left, const float *right, unsigned offset, unsigned n,
    bool settled)
{
  for (unsigned i = 0; i < n; i++) {
    float straight = mix_echo_at (self->straight, settled, offset, i);
    float cross = mix_echo_at (self->cross, settled, offset, i);
    float feedback = mix_echo_at (self->feedback, settled, offset, i);
    float l = echo->left[i], r = echo->right[i];
    to->left[i] = straight * left[i] + cross * (0.5f * (left[i] + right[i]))
                  + feedback * (straight * l + cross * r);
    to->right[i] = straight * right[i] + feedback * (straight * r + cross * l);
  }
}

static ALWAYS_INLINE void
feed_lone (const MixEcho *self, Rows *restrict to, const Rows *restrict echo,
    const float *in, unsigned offset, unsigned n, bool settled)
{
  for (unsigned i = 0; i < n; i++)
    to->left[i]
        = in[i]
          + mix_echo_at (self->feedback, settled, offset, i) * echo->left[i];
}

/* `same` and `other` are the wet gain with the width in it. */
static ALWAYS_INLINE void
mix_stereo (const MixEcho *self, Rows *restrict to, const Rows *restrict echo,
    const float *left, const float *right, unsigned offset, unsigned n,
    bool settled)
{
  for (unsigned i = 0; i < n; i++) {
    float dry = mix_echo_at (self->dry, settled, offset, i);
    float same = mix_echo_at (self->same, settled, offset, i);
    float other = mix_echo_at (self->other, settled, offset, i);
    float l = echo->left[i], r = echo->right[i];
    to->left[i] = dry * left[i] + (same * l + other * r);
    to->right[i] = dry * right[i] + (same * r + other * l);
  }
}

static ALWAYS_INLINE void
mix_lone (const MixEcho *self, float *restrict to, const float *restrict echo,
    const float *in, unsigned offset, unsigned n, bool settled)
{
  for (unsigned i = 0; i < n; i++)
    to[i] = mix_echo_at (self->dry, settled, offset, i) * in[i]
            + mix_echo_at (self->wet, settled, offset, i) * echo[i];
}

/* ---- Pairs -------------------------------------------------------------- */

static bool
is_lone (const MixEchoPair *pair)
{
  return pair->left == pair->right;
}

static void
feed (const MixEcho *self, const MixEchoPair *pair, Rows *to, const Rows *echo,
    const float *const *in, unsigned offset, unsigned n)
{
  const float *left = in[pair->left], *right = in[pair->right];
  if (is_lone (pair) && self->settled)
    feed_lone (self, to, echo, left, offset, n, true);
  else if (is_lone (pair))
    feed_lone (self, to, echo, left, offset, n, false);
  else if (self->settled)
    feed_stereo (self, to, echo, left, right, offset, n, true);
  else
    feed_stereo (self, to, echo, left, right, offset, n, false);
}

static void
cut (MixEcho *self, MixEchoPair *pair, Rows *rows, unsigned offset, unsigned n)
{
  const MixSmoother *low = &self->smooth[MIX_ECHO_LOW_SHARE];
  const MixSmoother *high = &self->smooth[MIX_ECHO_HIGH_SHARE];
  const MixLoopCutShare shares[2] = {
    { (float)low->from, (float)mix_smoother_slope (low), offset },
    { (float)high->from, (float)mix_smoother_slope (high), offset },
  };
  mix_loop_cut_run (pair->cuts, self->cut_design, shares, rows->left,
      is_lone (pair) ? rows->left : rows->right, n);
}

static void
mix (const MixEcho *self, const MixEchoPair *pair, Rows *to, const Rows *echo,
    const float *const *in, unsigned offset, unsigned n)
{
  const float *left = in[pair->left], *right = in[pair->right];
  if (is_lone (pair) && self->settled)
    mix_lone (self, to->left, echo->left, left, offset, n, true);
  else if (is_lone (pair))
    mix_lone (self, to->left, echo->left, left, offset, n, false);
  else if (self->settled)
    mix_stereo (self, to, echo, left, right, offset, n, true);
  else
    mix_stereo (self, to, echo, left, right, offset, n, false);
}

/* Nothing but the input, in every bit. */
static bool
is_neutral (const MixEcho *self)
{
  return self->wet.from == 0 && self->wet.slope == 0 && self->dry.from == 1
         && self->dry.slope == 0;
}

static void
copy (float *to, const float *from, unsigned n)
{
  if (to != from)
    memcpy (to, from, n * sizeof *to);
}

static void
run_pair (MixEcho *self, MixEchoPair *pair, float *const *out,
    const float *const *in, unsigned offset, unsigned n)
{
  Rows echo, rows;
  const MixEchoLine *left = &self->line[pair->left];
  const MixEchoLine *right = &self->line[pair->right];
  bool stereo = !is_lone (pair);
  read_line (self, left, echo.left, offset, n);
  if (stereo)
    read_line (self, right, echo.right, offset, n);
  feed (self, pair, &rows, &echo, in, offset, n);
  if (self->cuts)
    cut (self, pair, &rows, offset, n);
  mix_delay_line_write (&self->delay, left->ring, rows.left, n);
  if (stereo)
    mix_delay_line_write (&self->delay, right->ring, rows.right, n);
  if (self->wows) {
    hear_line (self, left, echo.left, offset, n);
    if (stereo)
      hear_line (self, right, echo.right, offset, n);
  }
  if (is_neutral (self)) {
    copy (out[pair->left], in[pair->left], n);
    copy (out[pair->right], in[pair->right], n);
    return;
  }
  mix (self, pair, &rows, &echo, in, offset, n);
  memcpy (out[pair->left], rows.left, n * sizeof (float));
  if (stereo)
    memcpy (out[pair->right], rows.right, n * sizeof (float));
}

/* The LFE has no echoes, and keeps its balance with the rest. */
static void
pass (const MixEcho *self, float *out, const float *in, unsigned offset,
    unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    out[i] = mix_echo_at (self->dry, false, offset, i) * in[i];
}

static void
listen (MixEcho *self, const float *const *in, unsigned n)
{
  for (unsigned c = 0; c < self->format.channels; c++)
    self->source.peak
        = mix_larger (self->kernels->peak (in[c], n), self->source.peak);
}

void
mix_echo_run (MixEcho *self, float *const *out, const float *const *in,
    unsigned offset, unsigned n)
{
  if (self->ducks)
    listen (self, in, n);
  for (unsigned p = 0; p < self->pairs; p++)
    run_pair (self, &self->pair[p], out, in, offset, n);
  for (unsigned c = 0; c < self->format.channels; c++)
    if (!self->line[c].ring)
      pass (self, out[c], in[c], offset, n);
  mix_delay_line_advance (&self->delay, n);
}
