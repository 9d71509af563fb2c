/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "linear_phase.h"

#include <math.h>
#include <string.h>

#include "../../base/maths.h"
#include "../../base/memory.h"
#include "../../base/tick.h"
#include "linear_length.h"

#define BLOCKS 16 /* of the usual latency */
#define FADE_S 0.006
#define CHANGES 64 /* of the filter within one latency, at most */

/* What a channel's output is made of. */
typedef struct {
  int partner;                     /* of the pair, or -1 */
  MixEqResponse response, crossed; /* from itself, from its partner */
} Route;

struct MixEqLinear {
  unsigned channels, latency, block, blocks;
  Route route[MIX_MAX_CHANNELS];
  void *memory;

  MixEqLinearDesign design;
  MixEqResponses responses[2];
  unsigned current; /* the responses in use */

  MixConvolver conv;
  float *conv_table, *conv_work, *sum, *two_blocks;
  unsigned fill;     /* frames of the block being gathered */
  unsigned position; /* its place in the rings, 0 … blocks - 1 */
  float *ring[MIX_MAX_CHANNELS], *history[MIX_MAX_CHANNELS];
  float *ready[MIX_MAX_CHANNELS]; /* the block that goes out */

  /* The cross-fade to another filter. */
  unsigned wait;                 /* frames until the filter may change again */
  unsigned fade;                 /* frames of a fade */
  unsigned faded;                /* of them done; `fade`: there is none */
  float *next[MIX_MAX_CHANNELS]; /* the block, from the filter to come */
  float *fade_curve;
};

/* ---- Memory ------------------------------------------------------------- */

static unsigned
partitions_of (const MixEqLinear *l)
{
  return 2 * (l->blocks - 1);
}

static float *
take (MixArena *arena, size_t floats)
{
  return mix_arena_take (arena, floats, sizeof (float));
}

static void
take_memory (MixEqLinear *l, MixArena *arena)
{
  size_t spectra = mix_convolver_spectra (l->block, partitions_of (l));
  mix_eq_linear_design_take (
      &l->design, arena, l->latency, (l->blocks - 1) * l->block);
  l->conv_table = take (arena, mix_convolver_table (l->block));
  l->conv_work = take (arena, mix_convolver_work (l->block));
  l->sum = take (arena, mix_convolver_sum (l->block));
  l->two_blocks = take (arena, 2 * (size_t)l->block);
  l->fade_curve = take (arena, l->fade);
  for (unsigned f = 0; f < 2; f++)
    mix_eq_responses_take (&l->responses[f], arena, spectra);
  for (unsigned c = 0; c < l->channels; c++) {
    l->ring[c] = take (arena, l->latency);
    l->history[c] = take (arena, spectra);
    l->ready[c] = take (arena, l->block);
    l->next[c] = take (arena, l->block);
  }
}

static bool
alloc_memory (MixEqLinear *l)
{
  MixArena arena = { 0 };
  take_memory (l, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  l->memory = arena.memory;
  if (!l->memory)
    return false;
  take_memory (l, &arena);
  return true;
}

/* ---- Life --------------------------------------------------------------- */

static void
find_routes (MixEqLinear *l, const MixFormat *format)
{
  MixRoles roles = mix_format_roles (format);
  for (unsigned c = 0; c < format->channels; c++)
    l->route[c] = (Route){ -1, MIX_EQ_ALONE, MIX_EQ_ALONE };
  for (unsigned i = 0; i < roles.pairs; i++) {
    unsigned left = roles.pair[i].left, right = roles.pair[i].right;
    l->route[left] = (Route){ (int)right, MIX_EQ_LEFT_LEFT, MIX_EQ_LEFT_RIGHT };
    l->route[right]
        = (Route){ (int)left, MIX_EQ_RIGHT_RIGHT, MIX_EQ_RIGHT_LEFT };
  }
}

/* Slope and curvature begin and end at 0. */
static void
make_fade_curve (MixEqLinear *l)
{
  for (unsigned i = 0; i < l->fade; i++) {
    double x = (i + 0.5) / l->fade;
    l->fade_curve[i] = (float)(x * x * x * (10 + x * (6 * x - 15)));
  }
}

MixEqLinear *
mix_eq_linear_new (const MixFormat *format, double seconds)
{
  MixEqLinear *l = mix_alloc (1, sizeof *l);
  if (!l)
    return NULL;
  l->channels = format->channels;
  l->latency = mix_eq_linear_frames (format, seconds);
  l->block = mix_eq_linear_usual_frames (format->rate) / BLOCKS;
  l->blocks = l->latency / l->block;
  l->fade = mix_min ((unsigned)fmax (FADE_S * format->rate, 1), l->block);
  l->faded = l->fade;
  if (!alloc_memory (l)) {
    mix_free (l);
    return NULL;
  }
  mix_eq_linear_design_prepare (&l->design, format);
  mix_convolver_prepare (&l->conv, l->block, partitions_of (l), l->conv_table);
  make_fade_curve (l);
  find_routes (l, format);
  return l;
}

void
mix_eq_linear_free (MixEqLinear *l)
{
  if (!l)
    return;
  mix_free (l->memory);
  mix_free (l);
}

unsigned
mix_eq_linear_latency (const MixEqLinear *l)
{
  return l->latency;
}

void
mix_eq_linear_set (
    MixEqLinear *l, const MixEqStaticBand bands[], unsigned n_bands)
{
  mix_eq_linear_design_set (&l->design, bands, n_bands);
}

static void
update_filter (MixEqLinear *l)
{
  mix_eq_linear_design_run (
      &l->design, &l->responses[l->current], &l->conv, l->conv_work);
}

void
mix_eq_linear_reset (MixEqLinear *l)
{
  size_t spectra = mix_convolver_spectra (l->block, partitions_of (l));
  l->fill = l->position = l->wait = 0;
  l->faded = l->fade;
  mix_convolver_reset (&l->conv);
  for (unsigned c = 0; c < l->channels; c++) {
    memset (l->ring[c], 0, l->latency * sizeof (float));
    memset (l->history[c], 0, spectra * sizeof (float));
    memset (l->ready[c], 0, l->block * sizeof (float));
  }
  if (mix_eq_linear_design_is_outdated (&l->design))
    update_filter (l);
}

/* ---- Blocks ------------------------------------------------------------- */

static void
add_response (MixEqLinear *l, MixEqResponse response, unsigned channel)
{
  const MixEqResponses *responses = &l->responses[l->current];
  if (mix_eq_responses_kind (responses, response) == MIX_EQ_FILTERED)
    mix_convolver_add (&l->conv, l->sum, l->history[channel],
        mix_eq_responses_filter (responses, response));
}

/* The output of one channel for the block that is complete. `fill` frames of it
 * have gone out, and their input is overwritten in the ring. */
static void
render (MixEqLinear *l, unsigned c, float *out)
{
  const Route *route = &l->route[c];
  const MixEqResponses *responses = &l->responses[l->current];
  if (mix_eq_responses_kind (responses, route->response) == MIX_EQ_UNITY) {
    const float *oldest = l->ring[c] + l->position * l->block;
    memcpy (
        out + l->fill, oldest + l->fill, (l->block - l->fill) * sizeof *out);
    return;
  }
  memset (l->sum, 0, mix_convolver_sum (l->block) * sizeof (float));
  add_response (l, route->response, c);
  if (route->partner >= 0)
    add_response (l, route->crossed, (unsigned)route->partner);
  mix_convolver_pull (&l->conv, out, l->sum, l->conv_work);
}

static void
transform_input (MixEqLinear *l)
{
  unsigned last = (l->position + l->blocks - 1) % l->blocks;
  size_t bytes = l->block * sizeof (float);
  mix_convolver_advance (&l->conv);
  for (unsigned c = 0; c < l->channels; c++) {
    const float *ring = l->ring[c];
    memcpy (l->two_blocks, ring + last * l->block, bytes);
    memcpy (l->two_blocks + l->block, ring + l->position * l->block, bytes);
    mix_convolver_push (&l->conv, l->history[c], l->two_blocks, l->conv_work);
  }
}

static void
end_block (MixEqLinear *l)
{
  transform_input (l);
  l->position = (l->position + 1) % l->blocks;
  l->fill = 0;
  for (unsigned c = 0; c < l->channels; c++)
    render (l, c, l->ready[c]);
}

/* ---- Changes of the filter ---------------------------------------------- */

/* A fade ends with its block at the latest. */
static bool
may_change (const MixEqLinear *l)
{
  return mix_eq_linear_design_is_outdated (&l->design) && l->wait == 0
         && l->fill % MIX_TICK == 0 && l->fill + l->fade <= l->block;
}

static void
begin_change (MixEqLinear *l)
{
  l->current = !l->current;
  update_filter (l);
  for (unsigned c = 0; c < l->channels; c++)
    render (l, c, l->next[c]);
  l->faded = 0;
  l->wait = l->latency / CHANGES;
  l->wait = l->wait > l->fade ? l->wait : l->fade;
}

static void
end_change (MixEqLinear *l)
{
  for (unsigned c = 0; c < l->channels; c++)
    memcpy (l->ready[c] + l->fill, l->next[c] + l->fill,
        (l->block - l->fill) * sizeof (float));
}

/* ---- Stream ------------------------------------------------------------- */

/* Up to the next event. */
static unsigned
take_span (const MixEqLinear *l, unsigned frames)
{
  unsigned n = mix_min (frames, l->block - l->fill);
  if (l->faded < l->fade)
    return mix_min (n, l->fade - l->faded);
  bool waits = mix_eq_linear_design_is_outdated (&l->design);
  return waits ? mix_min (n, MIX_TICK - l->fill % MIX_TICK) : n;
}

static void
write_output (const MixEqLinear *l, float *out, unsigned c, unsigned n)
{
  const float *ready = l->ready[c] + l->fill, *next = l->next[c] + l->fill;
  const float *curve = l->fade_curve + l->faded;
  if (l->faded == l->fade) {
    memcpy (out, ready, n * sizeof *out);
    return;
  }
  for (unsigned i = 0; i < n; i++)
    out[i] = ready[i] + curve[i] * (next[i] - ready[i]);
}

/* n frames have passed. */
static void
advance (MixEqLinear *l, unsigned n)
{
  l->fill += n;
  l->wait -= mix_min (l->wait, n);
  if (l->faded < l->fade) {
    l->faded += n;
    if (l->faded == l->fade)
      end_change (l);
  }
  if (l->fill == l->block)
    end_block (l);
}

void
mix_eq_linear_process (
    MixEqLinear *l, float *const *out, const float *const *in, unsigned frames)
{
  for (unsigned at = 0, n; at < frames; at += n) {
    if (may_change (l))
      begin_change (l);
    n = take_span (l, frames - at);
    for (unsigned c = 0; c < l->channels; c++) {
      memcpy (l->ring[c] + l->position * l->block + l->fill, in[c] + at,
          n * sizeof (float));
      write_output (l, out[c] + at, c, n);
    }
    advance (l, n);
  }
}
