/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "look_ahead.h"

#include "../base/maths.h"

#define JOIN_MS 5.0

void
mix_look_ahead_prepare (MixLookAhead *l, const MixFormat *format,
    double longest_ms, unsigned longest_span, MixArena *arena)
{
  unsigned most = mix_frames_from_ms (longest_ms, format->rate);
  unsigned length = mix_delay_line_length (most, longest_span);
  *l = (MixLookAhead){
    .kernels = mix_kernels (),
    .channels = format->channels,
    .ring_length = length,
    .join_length = mix_frames_from_ms (JOIN_MS, format->rate),
    .rings = mix_arena_take (
        arena, (size_t)2 * format->channels * length, sizeof *l->rings),
  };
}

static float *
ring_of (const MixLookAhead *l, unsigned channel)
{
  return l->rings + (size_t)channel * l->ring_length;
}

static float *
key_ring_of (const MixLookAhead *l, unsigned channel)
{
  return ring_of (l, l->channels + channel);
}

static void
clear_rings (MixLookAhead *l)
{
  memset (
      l->rings, 0, sizeof (float) * 2 * l->channels * (size_t)l->ring_length);
}

void
mix_look_ahead_set (MixLookAhead *l, unsigned frames)
{
  if (frames != l->frames) {
    clear_rings (l);
    l->join = (MixGainJoin){ frames, l->join_length, { 0 } };
    memcpy (l->join.last, l->gain, sizeof l->gain);
  }
  l->frames = frames;
}

void
mix_look_ahead_reset (MixLookAhead *l)
{
  clear_rings (l);
  mix_delay_line_prepare (&l->delay, l->ring_length);
  l->join = (MixGainJoin){ 0 };
  l->pause = 0;
  l->had_key = false;
}

/* ---- Pauses ------------------------------------------------------------- */

const float *
mix_look_ahead_find_pauses (MixLookAhead *l, const MixSpan *span, float *row)
{
  const unsigned n = span->frames;
  float least = 1;
  if (l->frames == 0)
    return NULL;
  memset (row, 0, n * sizeof *row);
  for (unsigned c = 0; c < l->channels; c++) {
    l->kernels->max_abs (row, span->in[c], n);
    if (span->has_key)
      l->kernels->max_abs (row, span->key[c], n);
  }
  for (unsigned i = 0; i < n; i++)
    least = row[i] < least ? row[i] : least;
  if (least > 0) {
    l->pause = 0;
    return NULL;
  }
  for (unsigned i = 0; i < n; i++) {
    bool silent = row[i] == 0, holds = silent && l->pause < l->frames;
    l->pause = !silent ? 0 : l->pause + holds;
    row[i] = holds;
  }
  return row;
}

/* ---- The delay ---------------------------------------------------------- */

static void
write_key (MixLookAhead *l, const MixSpan *span)
{
  /* Up to here the input was the key. */
  if (!l->had_key)
    memcpy (key_ring_of (l, 0), ring_of (l, 0),
        sizeof (float) * l->channels * (size_t)l->ring_length);
  for (unsigned c = 0; c < l->channels; c++)
    mix_delay_line_write (
        &l->delay, key_ring_of (l, c), span->key[c], span->frames);
}

const float *const *
mix_look_ahead_delay (MixLookAhead *l, const MixSpan *span)
{
  if (l->frames == 0)
    return span->in;
  if (span->has_key)
    write_key (l, span);
  l->had_key = span->has_key;
  for (unsigned c = 0; c < l->channels; c++) {
    float *ring = ring_of (l, c);
    mix_delay_line_write (&l->delay, ring, span->in[c], span->frames);
    mix_delay_line_read (
        &l->delay, ring, span->out[c], l->frames, span->frames);
  }
  mix_delay_line_advance (&l->delay, span->frames);
  return (const float *const *)span->out;
}

/* The delay line has advanced by the span. */
void
mix_look_ahead_read_key (
    const MixLookAhead *l, const MixSpan *span, unsigned channel, float *to)
{
  const unsigned n = span->frames;
  const float *ring
      = span->has_key ? key_ring_of (l, channel) : ring_of (l, channel);
  if (l->frames == 0)
    memcpy (to, span->key[channel], n * sizeof *to);
  else
    mix_delay_line_read (&l->delay, ring, to, l->frames + n, n);
}

/* ---- The join ----------------------------------------------------------- */

unsigned
mix_look_ahead_span (const MixLookAhead *l, unsigned n)
{
  const MixGainJoin *join = &l->join;
  if (join->skip > 0)
    return mix_min (n, join->skip);
  return join->left > 0 ? mix_min (n, join->left) : n;
}

const float *
mix_look_ahead_join (MixLookAhead *l, unsigned channel, const float *gain,
    float *row, unsigned n)
{
  const MixGainJoin *join = &l->join;
  float last = join->last[channel];
  l->gain[channel] = gain[n - 1];
  if (join->left == 0 || join->skip > 0)
    return gain;
  for (unsigned i = 0; i < n; i++) {
    double at = (double)(join->left - i) / l->join_length;
    float share = (float)(0.5 - 0.5 * cos (MIX_PI * at));
    row[i] = gain[i] + (last - gain[i]) * share;
  }
  l->gain[channel] = row[n - 1];
  return row;
}

void
mix_look_ahead_end_span (MixLookAhead *l, unsigned n)
{
  if (l->join.skip > 0)
    l->join.skip -= n;
  else if (l->join.left > 0)
    l->join.left -= n;
}
