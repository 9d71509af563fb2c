/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "detector.h"

#include <string.h>

#include "quadrature.h"

/* ---- Memory, parameters ------------------------------------------------- */

static void
find_roles (MixDetector *d, const MixFormat *format)
{
  MixRoles roles = mix_format_roles (format);
  d->has_front = roles.pairs > 0;
  d->front = roles.pair[0];
  d->linked_count = d->channels - roles.lfes;
  for (unsigned lane = 0; lane <= d->channels; lane++)
    d->is_linked[lane] = true;
  for (unsigned i = 0; i < roles.lfes; i++)
    d->is_linked[roles.lfe_channel[i]] = false;
}

void
mix_detector_prepare (MixDetector *d, const MixFormat *format, MixArena *arena)
{
  const size_t row = MIX_DETECTOR_SPAN * sizeof (float);
  unsigned channels = format->channels, lanes = channels + 1;
  *d = (MixDetector){
    .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = channels,
    .lanes = mix_arena_take (arena, lanes, sizeof *d->lanes),
    .pairs = mix_arena_take (arena, (channels + 1) / 2 + 1, sizeof *d->pairs),
    .filtered = mix_arena_take (arena, lanes, row),
    .power = mix_arena_take (arena, lanes + 1, row),
  };
  find_roles (d, format);
  mix_quadrature_design (&d->design, format->rate);
  mix_key_filter_prepare (&d->filter, format->rate);
}

bool
mix_detector_set (MixDetector *d, const MixDetectorParams *params)
{
  bool other_level = params->level != d->params.level;
  bool jumps = other_level || params->source != d->params.source;
  for (unsigned lane = 0; other_level && lane <= d->channels; lane++)
    d->lanes[lane].mean = -1;
  d->params = *params;
  /* A one-pole with half the window as its time constant has the noise
   * bandwidth of the window. */
  d->rms_decay = mix_decay_per_frames (params->rms_window_ms / 2, 1, d->rate);
  mix_key_filter_set (&d->filter, params->low_cut_hz, params->high_cut_hz);
  return jumps;
}

static MixQuadrature *
pair_of (const MixDetector *d, unsigned lane)
{
  return lane < d->channels ? &d->pairs[lane / 2]
                            : &d->pairs[(d->channels + 1) / 2];
}

/* Lanes `first` … `end`, which is the end of a pair, forget. */
static void
clear_lanes (MixDetector *d, unsigned first, unsigned end)
{
  for (unsigned lane = first; lane < end; lane++) {
    d->lanes[lane] = (MixDetectorLane){ .mean = -1 };
    *pair_of (d, lane) = (MixQuadrature){ 0 };
  }
}

static void
choose_lanes (MixDetector *d, bool channels)
{
  bool middle = d->params.source >= MIX_DETECTOR_MID && d->has_front;
  channels |= !middle;
  if (channels && !d->has_channels)
    clear_lanes (d, 0, d->channels);
  if (middle && !d->has_middle)
    clear_lanes (d, d->channels, d->channels + 1);
  d->has_channels = channels;
  d->has_middle = middle;
}

void
mix_detector_tick (MixDetector *d, bool channels)
{
  mix_key_filter_tick (&d->filter);
  choose_lanes (d, channels);
}

void
mix_detector_reset (MixDetector *d, bool channels)
{
  mix_key_filter_reset (&d->filter);
  d->has_channels = d->has_middle = false;
  choose_lanes (d, channels);
}

/* ---- Levels ------------------------------------------------------------- */

static void
average_power (const MixDetector *d, double *state, float *power, unsigned n)
{
  double keep = d->rms_decay, take = 1 - keep;
  double mean = *state < 0 ? power[0] : *state;
  for (unsigned i = 0; i < n; i++) {
    mean = keep * mean + take * power[i];
    power[i] = (float)mean;
  }
  *state = mean;
}

/* 9 dB; noise hardly ever has higher peaks. */
#define LEAST_MEAN 0.125f

static void
follow_onsets (float *restrict mean, const float *restrict power,
    const float *restrict x, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float square = x[i] * x[i];
    float most = square > power[i] ? square : power[i];
    mean[i] = LEAST_MEAN * most > mean[i] ? LEAST_MEAN * most : mean[i];
  }
}

/* The envelope is never less than the samples. */
static void
raise_to_samples (float *restrict power, const float *restrict x, unsigned n)
{
  for (unsigned i = 0; i < n; i++) {
    float square = x[i] * x[i];
    power[i] = square > power[i] ? square : power[i];
  }
}

/* From the power of the all-pass pair to that of the level, in place. */
static void
finish_power (MixDetector *d, unsigned lane, unsigned n)
{
  MixDetectorLane *l = &d->lanes[lane];
  float *power = mix_detector_power (d, lane), now[MIX_DETECTOR_SPAN];
  if (d->params.level == MIX_DETECTOR_PEAK) {
    raise_to_samples (power, l->x, n);
    return;
  }
  if (d->params.follow_onsets)
    memcpy (now, power, n * sizeof *now);
  average_power (d, &l->mean, power, n);
  if (d->params.follow_onsets)
    follow_onsets (power, now, l->x, n);
}

static void
filter_key (MixDetector *d, unsigned lane, const float *key, unsigned offset,
    unsigned n)
{
  MixDetectorLane *l = &d->lanes[lane];
  float *to = d->filtered + (size_t)lane * MIX_DETECTOR_SPAN;
  l->x = mix_key_filter_run (&d->filter, &l->filter, offset, to, key, n);
}

/* Lanes a and b, after the key filter; a lane of its own is both. */
static void
measure_pair (MixDetector *d, unsigned a, unsigned b, unsigned n)
{
  d->kernels->quadrature (&d->design, pair_of (d, a), mix_detector_power (d, a),
      mix_detector_power (d, b), d->lanes[a].x, d->lanes[b].x, n);
  finish_power (d, a, n);
  if (a != b)
    finish_power (d, b, n);
}

static void
measure_channels (
    MixDetector *d, const float *const *key, unsigned offset, unsigned n)
{
  for (unsigned c = 0; c < d->channels; c++)
    filter_key (d, c, key[c], offset, n);
  for (unsigned a = 0; a < d->channels; a += 2)
    measure_pair (d, a, a + 1 < d->channels ? a + 1 : a, n);
}

/* Half the sum or half the difference of the front pair. */
static void
measure_middle (
    MixDetector *d, const float *const *key, unsigned offset, unsigned n)
{
  const float *left = key[d->front.left], *right = key[d->front.right];
  float sign = d->params.source == MIX_DETECTOR_SIDE ? -0.5f : 0.5f;
  float *middle = d->filtered + (size_t)d->channels * MIX_DETECTOR_SPAN;
  for (unsigned i = 0; i < n; i++)
    middle[i] = 0.5f * left[i] + sign * right[i];
  filter_key (d, d->channels, middle, offset, n);
  measure_pair (d, d->channels, d->channels, n);
}

/* ---- The link ----------------------------------------------------------- */

static void
add_scaled (
    float *restrict to, const float *restrict by, float scale, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    to[i] += by[i] * scale;
}

static void
link_power (MixDetector *d, unsigned n)
{
  float *linked = mix_detector_linked (d);
  float share = 1.0f / (float)d->linked_count;
  if (d->has_middle) {
    memcpy (linked, mix_detector_power (d, d->channels), n * sizeof *linked);
    return;
  }
  memset (linked, 0, n * sizeof *linked);
  if (d->params.source == MIX_DETECTOR_SIDE)
    return;
  for (unsigned c = 0; c < d->channels; c++)
    if (!d->is_linked[c])
      continue;
    else if (d->params.source == MIX_DETECTOR_AVERAGE)
      add_scaled (linked, mix_detector_power (d, c), share, n);
    else
      d->kernels->max_abs (linked, mix_detector_power (d, c), n);
}

void
mix_detector_run (
    MixDetector *d, const float *const *key, unsigned offset, unsigned n)
{
  if (d->has_channels)
    measure_channels (d, key, offset, n);
  if (d->has_middle)
    measure_middle (d, key, offset, n);
  link_power (d, n);
}
