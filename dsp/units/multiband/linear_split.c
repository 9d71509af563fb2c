/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "linear_split.h"

#include <string.h>

#include "../../base/maths.h"

/* Long enough for a corner of 20 Hz with 48 dB/octave. */
#define LATENCY_S 0.16
#define LEAST_LATENCY 512 /* frames: its blocks are whole ticks */
#define BLOCKS 8          /* of the latency */
#define REACH (BLOCKS - 1)
#define FADE_MS 40.0

/* ---- Memory ------------------------------------------------------------- */

static float *
take (MixArena *arena, size_t floats)
{
  return mix_arena_take (arena, floats, sizeof (float));
}

static void
take_set (MixLinearSet *set, const MixLinearSplit *s, MixArena *arena)
{
  for (unsigned k = 0; k < MIX_MULTIBAND_CORNERS; k++)
    set->filter[k] = take (arena, mix_convolver_spectra (s->block, 2 * REACH));
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    set->block[b] = take (arena, (size_t)s->channels * s->block);
}

static void
take_memory (MixLinearSplit *s, MixArena *arena)
{
  s->conv_table = take (arena, mix_convolver_table (s->block));
  s->conv_work = take (arena, mix_convolver_work (s->block));
  s->sum = take (arena, mix_convolver_sum (s->block));
  s->two_blocks = take (arena, 2 * (size_t)s->block);
  s->dry = take (arena, (size_t)s->channels * s->block);
  s->fade_curve = take (arena, s->fade);
  for (unsigned i = 0; i < 2; i++)
    take_set (&s->sets[i], s, arena);
  for (unsigned c = 0; c < s->channels; c++) {
    s->ring[c] = take (arena, s->latency);
    s->history[c] = take (arena, mix_convolver_spectra (s->block, 2 * REACH));
  }
}

/* A power of two. */
static unsigned
latency_at (unsigned rate)
{
  unsigned frames = LEAST_LATENCY;
  while (frames < LATENCY_S * rate)
    frames *= 2;
  return frames;
}

/* Whole ticks. */
static unsigned
fade_at (unsigned rate)
{
  return (mix_frames_from_ms (FADE_MS, rate) / MIX_TICK + 1) * MIX_TICK;
}

/* Slope and curvature begin and end at 0. */
static void
make_fade_curve (MixLinearSplit *s)
{
  for (unsigned i = 0; i < s->fade; i++) {
    double x = (i + 0.5) / s->fade;
    s->fade_curve[i] = (float)(x * x * x * (10 + x * (6 * x - 15)));
  }
}

void
mix_linear_split_prepare (
    MixLinearSplit *s, const MixFormat *format, MixArena *arena)
{
  unsigned latency = latency_at (format->rate), block = latency / BLOCKS;
  *s = (MixLinearSplit){ .channels = format->channels,
    .latency = latency,
    .block = block,
    .fade = fade_at (format->rate) };
  mix_split_design_prepare (
      &s->design, format->rate, latency, REACH * block, arena);
  take_memory (s, arena);
  if (!arena->memory)
    return;
  mix_convolver_prepare (&s->conv, block, 2 * REACH, s->conv_table);
  make_fade_curve (s);
}

/* ---- Blocks ------------------------------------------------------------- */

static float *
row (const float *of_channels, const MixLinearSplit *s, unsigned channel)
{
  return (float *)of_channels + (size_t)channel * s->block;
}

static void
render_band (MixLinearSplit *s, const float *filter, float *out, unsigned c)
{
  memset (s->sum, 0, mix_convolver_sum (s->block) * sizeof *s->sum);
  mix_convolver_add (&s->conv, s->sum, s->history[c], filter);
  mix_convolver_pull (&s->conv, out, s->sum, s->conv_work);
}

static void
render_channel (MixLinearSplit *s, const MixLinearSet *set, unsigned c)
{
  float *highest = row (set->block[set->bands - 1], s, c);
  memcpy (highest, row (s->dry, s, c), s->block * sizeof *highest);
  for (unsigned b = 0; b + 1 < set->bands; b++) {
    float *out = row (set->block[b], s, c);
    render_band (s, set->filter[b], out, c);
    for (unsigned i = 0; i < s->block; i++)
      highest[i] -= out[i];
  }
}

static void
render (MixLinearSplit *s, const MixLinearSet *set)
{
  for (unsigned c = 0; c < s->channels; c++)
    render_channel (s, set, c);
}

static void
transform_input (MixLinearSplit *s)
{
  unsigned last = (s->position + BLOCKS - 1) % BLOCKS;
  size_t bytes = s->block * sizeof (float);
  mix_convolver_advance (&s->conv);
  for (unsigned c = 0; c < s->channels; c++) {
    const float *ring = s->ring[c];
    memcpy (s->two_blocks, ring + last * s->block, bytes);
    memcpy (s->two_blocks + s->block, ring + s->position * s->block, bytes);
    mix_convolver_push (&s->conv, s->history[c], s->two_blocks, s->conv_work);
  }
}

/* The oldest block of the ring is due, and is overwritten next. */
static void
end_block (MixLinearSplit *s)
{
  transform_input (s);
  s->position = (s->position + 1) % BLOCKS;
  s->fill = 0;
  for (unsigned c = 0; c < s->channels; c++)
    memcpy (row (s->dry, s, c), s->ring[c] + s->position * s->block,
        s->block * sizeof (float));
  render (s, &s->sets[s->current]);
  if (s->faded < s->fade)
    render (s, &s->sets[!s->current]);
}

/* ---- Changes ------------------------------------------------------------ */

static void
design (MixLinearSplit *s, MixLinearSet *set)
{
  set->bands = s->wanted.shape.bands;
  mix_split_design_run (&s->design, set->bands, s->wanted.shape.order,
      s->wanted.corners, &s->conv, set->filter, s->conv_work);
  s->is_outdated = false;
}

void
mix_linear_split_set (
    MixLinearSplit *s, MixSplitShape shape, const double *corners_hz)
{
  MixSplitSettings wanted = { .shape = shape };
  memcpy (wanted.corners, corners_hz, (shape.bands - 1) * sizeof *corners_hz);
  if (memcmp (&wanted, &s->wanted, sizeof wanted) != 0)
    s->is_outdated = true;
  s->wanted = wanted;
}

void
mix_linear_split_tick (MixLinearSplit *s)
{
  if (!s->is_outdated || s->faded < s->fade)
    return;
  design (s, &s->sets[!s->current]);
  render (s, &s->sets[!s->current]);
  s->faded = 0;
}

void
mix_linear_split_reset (MixLinearSplit *s)
{
  size_t spectra = mix_convolver_spectra (s->block, 2 * REACH);
  if (s->faded < s->fade)
    s->current = !s->current;
  s->fill = s->position = 0;
  s->faded = s->fade;
  mix_convolver_reset (&s->conv);
  for (unsigned c = 0; c < s->channels; c++) {
    memset (s->ring[c], 0, s->latency * sizeof (float));
    memset (s->history[c], 0, spectra * sizeof (float));
    memset (row (s->dry, s, c), 0, s->block * sizeof (float));
  }
  if (s->is_outdated)
    design (s, &s->sets[s->current]);
  for (unsigned b = 0; b < MIX_MULTIBAND_MOST; b++)
    memset (s->sets[s->current].block[b], 0,
        s->channels * s->block * sizeof (float));
}

bool
mix_linear_split_is_still (const MixLinearSplit *s)
{
  return !s->is_outdated && s->faded == s->fade;
}

unsigned
mix_linear_split_bands (const MixLinearSplit *s)
{
  unsigned now = s->sets[s->current].bands;
  unsigned next = s->faded < s->fade ? s->sets[!s->current].bands : 0;
  return next > now ? next : now;
}

/* ---- Spans -------------------------------------------------------------- */

/* A band of a set; silence beyond those it has. */
static void
read_band (const MixLinearSplit *s, const MixLinearSet *set, float *to,
    unsigned b, unsigned c, unsigned n)
{
  if (b < set->bands)
    memcpy (to, row (set->block[b], s, c) + s->fill, n * sizeof *to);
  else
    memset (to, 0, n * sizeof *to);
}

static void
fade_band (
    const MixLinearSplit *s, float *io, unsigned b, unsigned c, unsigned n)
{
  const float *curve = s->fade_curve + s->faded;
  float next[MIX_TICK];
  read_band (s, &s->sets[!s->current], next, b, c, n);
  for (unsigned i = 0; i < n; i++)
    io[i] += curve[i] * (next[i] - io[i]);
}

/* n frames have passed. */
static void
advance (MixLinearSplit *s, unsigned n)
{
  s->fill += n;

  if (s->faded < s->fade) {
    s->faded += n;
    s->current = s->faded == s->fade ? !s->current : s->current;
  }
  if (s->fill == s->block)
    end_block (s);
}

/* Within a block, and within a tick while there is a fade. */
static void
run_part (MixLinearSplit *s, const MixBandRows *to, const float *const *in,
    unsigned at, unsigned n)
{
  unsigned bands = mix_linear_split_bands (s);
  for (unsigned c = 0; c < s->channels; c++) {
    memcpy (s->ring[c] + s->position * s->block + s->fill, in[c] + at,
        n * sizeof (float));
    for (unsigned b = 0; b < bands; b++) {
      float *out = mix_band_row (to, b, c) + at;
      read_band (s, &s->sets[s->current], out, b, c, n);
      if (s->faded < s->fade)
        fade_band (s, out, b, c, n);
    }
  }
  advance (s, n);
}

void
mix_linear_split_run (MixLinearSplit *s, const MixBandRows *to,
    const float *const *in, unsigned n)
{
  for (unsigned at = 0, part; at < n; at += part) {
    part = mix_min (n - at, s->block - s->fill);
    run_part (s, to, in, at, part);
  }
}
