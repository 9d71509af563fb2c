/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All bands that sound, laid out as rows of sections for the kernels. The rows
 * are laid anew only when a band comes, goes or changes its number of sections;
 * those that stay keep their state.
 *
 * Mid and side bands work on M = (L + R) / 2 and S = (L - R) / 2. Bands on all
 * channels are the same either way and go along with whatever comes before
 * them, so that there are few changes.
 */
#include "eq.h"

#include <string.h>

#include "../../base/memory.h"

/* Lanes of all sections: every run is filled up to whole groups. */
#define N_SECTIONS                                                             \
  (MIX_EQ_BANDS * MIX_FILTER_MAX_SECTIONS + MIX_CASCADE_GROUP                  \
      + MIX_EQ_CHAIN * (MIX_CASCADE_GROUP - 1))
#define N_SLOTS                                                                \
  ((N_SECTIONS + MIX_CASCADE_GROUP - 1) / MIX_CASCADE_GROUP * MIX_CASCADE_GROUP)
#define ROW (2 * N_SLOTS)

/* ---- Memory ------------------------------------------------------------- */

unsigned
mix_eq_find_lanes (const MixFormat *format, MixEqLanes lanes[MIX_MAX_CHANNELS])
{
  MixPair pairs[MIX_MAX_CHANNELS / 2];
  bool taken[MIX_MAX_CHANNELS] = { false };
  unsigned count = mix_format_pairs (format, pairs);
  for (unsigned i = 0; i < count; i++) {
    lanes[i] = (MixEqLanes){ .channel = { pairs[i].left, pairs[i].right },
      .is_pair = true };
    taken[pairs[i].left] = taken[pairs[i].right] = true;
  }
  MixEqLanes *open = NULL;
  for (unsigned c = 0; c < format->channels; c++) {
    if (taken[c])
      continue;
    bool is_lfe = mix_format_is_lfe (format, c);
    if (open) {
      open->channel[1] = c;
      open->is_lfe[1] = is_lfe;
      open = NULL;
    } else {
      open = &lanes[count++];
      *open = (MixEqLanes){ .channel = { c, c }, .is_lfe = { is_lfe, is_lfe } };
    }
  }
  return count;
}

static void
share_out_memory (MixEqChain *chain, double *at)
{
  for (unsigned p = 0; p < 2; p++)
    for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++, at += 2 * ROW) {
      chain->weight[p][w] = at;
      chain->slope[p][w] = at + ROW;
    }
  chain->state = at;
  chain->spare = at + 2 * chain->n_lanes * ROW;
}

bool
mix_eq_chain_alloc (MixEqChain *chain, const MixFormat *format)
{
  MixEqLanes lanes[MIX_MAX_CHANNELS];
  unsigned n_lanes = mix_eq_find_lanes (format, lanes);
  size_t rows = 4 * MIX_CASCADE_WEIGHTS + 4 * n_lanes;
  double *memory = mix_alloc (rows * ROW, sizeof (double));
  MixEqDetector *detectors
      = mix_alloc (n_lanes * MIX_EQ_BANDS, sizeof (MixEqDetector));
  if (!memory || !detectors) {
    mix_free (memory);
    mix_free (detectors);
    return false;
  }
  mix_eq_chain_free (chain);
  *chain = (MixEqChain){ .kernels = mix_kernels (),
    .rate = format->rate,
    .channels = format->channels,
    .n_lanes = n_lanes,
    .memory = memory,
    .detectors = detectors };
  mix_quadrature_design (&chain->quadrature, format->rate);
  memcpy (chain->lanes, lanes, sizeof lanes);
  share_out_memory (chain, memory);
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    mix_eq_band_prepare (&chain->bands[i], format->rate);
  return true;
}

void
mix_eq_chain_free (MixEqChain *chain)
{
  mix_free (chain->memory);
  mix_free (chain->detectors);
  chain->memory = NULL;
  chain->detectors = NULL;
}

/* ---- Layout ------------------------------------------------------------- */

bool
mix_eq_touches (
    int channels, bool is_pair, unsigned lane, unsigned format_channels)
{
  if (channels == MIX_EQ_ALL)
    return true;
  bool first = channels == MIX_EQ_LEFT || channels == MIX_EQ_MID;
  if (is_pair)
    return first == (lane == 0);
  return first && format_channels == 1;
}

static void
set_lane (MixEqChain *chain, unsigned p, unsigned at,
    const double weight[MIX_CASCADE_WEIGHTS],
    const double before[MIX_CASCADE_WEIGHTS])
{
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    chain->weight[p][w][at] = before[w];
    chain->slope[p][w][at] = (weight[w] - before[w]) * (1.0 / MIX_TICK);
  }
}

/* The weights of one band for the tick that begins. */
static void
write_weights (MixEqChain *chain, const MixEqBand *b)
{
  double out[MIX_CASCADE_WEIGHTS] = { 0 },
         out_before[MIX_CASCADE_WEIGHTS] = { 0 };
  for (unsigned s = 0; s < b->sections; s++) {
    /* channels left out are silenced or passed by the first section */
    out[MIX_CASCADE_DIRECT] = s == 0 ? b->outside : 1;
    out_before[MIX_CASCADE_DIRECT] = s == 0 ? b->outside_before : 1;
    for (unsigned p = 0; p < 2; p++)
      for (unsigned lane = 0; lane < 2; lane++) {
        unsigned at = 2 * (b->slot + s) + lane;
        if (mix_eq_touches (b->shape.channels, p, lane, chain->channels))
          set_lane (chain, p, at, b->weight[s], b->before[s]);
        else
          set_lane (chain, p, at, out, out_before);
      }
  }
}

static void
write_pass_through (MixEqChain *chain, unsigned slot)
{
  static const double pass[MIX_CASCADE_WEIGHTS] = { [MIX_CASCADE_DIRECT] = 1 };
  for (unsigned p = 0; p < 2; p++)
    for (unsigned lane = 0; lane < 2; lane++)
      set_lane (chain, p, 2 * slot + lane, pass, pass);
}

/* Mid/side or left/right for good, or (returns false) either. */
static bool
is_bound (const MixEqBand *b, bool *mid_side)
{
  *mid_side = mix_eq_is_mid_side (b->shape.channels);
  return b->shape.channels != MIX_EQ_ALL || b->detecting;
}

static bool
first_domain (const MixEqChain *chain)
{
  bool mid_side = false;
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    if (chain->bands[i].sounding && is_bound (&chain->bands[i], &mid_side))
      return mid_side;
  return false;
}

/* Moves a band's state of one pair of lanes to its new slot, between left/right
 * and mid/side if need be: the filters are the same there, so their states add
 * up like the signals. */
static void
move_state (const MixEqBand *b, const double *from, double *to, unsigned slot,
    bool mid_side, bool is_pair)
{
  for (unsigned half = 0; half < 2; half++, from += ROW, to += ROW)
    for (unsigned s = 0; s < b->placed_sections; s++) {
      const double *was = from + 2 * (b->slot + s);
      double *is = to + 2 * (slot + s);
      if (is_pair && mid_side != b->placed_mid_side) {
        double scale = mid_side ? 0.5 : 1;
        is[0] = scale * (was[0] + was[1]);
        is[1] = scale * (was[0] - was[1]);
      } else {
        is[0] = was[0];
        is[1] = was[1];
      }
    }
}

static void
place (MixEqChain *chain, unsigned index, unsigned slot, bool mid_side)
{
  MixEqBand *b = &chain->bands[index];
  for (unsigned i = 0; b->placed && i < chain->n_lanes; i++)
    move_state (b, chain->state + 2 * i * ROW, chain->spare + 2 * i * ROW, slot,
        mid_side, chain->lanes[i].is_pair);
  if (b->detecting && !(b->placed && b->placed_detecting))
    for (unsigned i = 0; i < chain->n_lanes; i++)
      chain->detectors[i * MIX_EQ_BANDS + index] = (MixEqDetector){ 0 };
  b->slot = slot;
  b->placed = true;
  b->placed_sections = b->sections;
  b->placed_mid_side = mid_side;
  b->placed_detecting = b->detecting;
}

static void
lay_out (MixEqChain *chain)
{
  bool mid_side = first_domain (chain), bound;
  unsigned slot = 0;
  MixEqRun *run = NULL;
  chain->n_runs = 0;
  memset (chain->spare, 0, 2 * chain->n_lanes * ROW * sizeof (double));
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++) {
    MixEqBand *b = &chain->bands[i];
    if (!b->sounding)
      continue;
    bool wants = mid_side;
    bound = is_bound (b, &wants);
    if (bound && wants != mid_side) {
      mid_side = wants;
      run = NULL;
    }
    if (!run || b->detecting) {
      while (slot % MIX_CASCADE_GROUP)
        write_pass_through (chain, slot++);
      run = &chain->runs[chain->n_runs++];
      *run = (MixEqRun){ slot, 0, mid_side, false, b->detecting ? (int)i : -1 };
    }
    place (chain, i, slot, mid_side);
    write_weights (chain, b);
    run->count += b->sections;
    slot += b->sections;
  }
  while (slot % MIX_CASCADE_GROUP)
    write_pass_through (chain, slot++);
  double *spare = chain->spare;
  chain->spare = chain->state;
  chain->state = spare;
}

static void
mark_moving_runs (MixEqChain *chain)
{
  for (unsigned r = 0; r < chain->n_runs; r++) {
    MixEqRun *run = &chain->runs[r];
    run->moving = false;
    for (unsigned i = 0; i < MIX_EQ_CHAIN; i++) {
      const MixEqBand *b = &chain->bands[i];
      if (b->sounding && b->moving && b->slot >= run->first
          && b->slot < run->first + run->count)
        run->moving = true;
    }
  }
}

void
mix_eq_chain_tick (MixEqChain *chain)
{
  bool busy = false, changed = false;
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++) {
    MixEqBand *b = &chain->bands[i];
    bool was_sounding = b->sounding, was_moving = b->moving;
    busy |= mix_eq_band_tick (b, chain->rate);
    busy |= was_moving; /* its slopes are still to be cleared */
    changed |= b->sounding != was_sounding || (b->sounding && !b->placed)
               || (b->sounding
                   && (b->detecting != b->placed_detecting
                       || b->sections != b->placed_sections));
    if (!changed && b->sounding && (b->moving || was_moving))
      write_weights (chain, b);
  }
  if (changed)
    lay_out (chain);
  mark_moving_runs (chain);
  chain->still = !busy;
}

void
mix_eq_chain_reset (MixEqChain *chain)
{
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    mix_eq_band_reset (&chain->bands[i], chain->rate);
  lay_out (chain);
  mark_moving_runs (chain);
  chain->still = false;
}

/* ---- Audio -------------------------------------------------------------- */

static void
convert (double *io, unsigned n, double scale)
{
  for (unsigned i = 0; i < n; i++) {
    double left = io[2 * i], right = io[2 * i + 1];
    io[2 * i] = scale * (left + right);
    io[2 * i + 1] = scale * (left - right);
  }
}

static void
listen (MixEqChain *chain, unsigned band, unsigned index, const double *io,
    unsigned n)
{
  const MixEqLanes *lanes = &chain->lanes[index];
  MixEqBand *b = &chain->bands[band];
  bool on[2];
  for (unsigned lane = 0; lane < 2; lane++)
    on[lane] = !lanes->is_lfe[lane]
               && mix_eq_touches (
                   b->shape.channels, lanes->is_pair, lane, chain->channels);
  on[1] &= lanes->channel[1] != lanes->channel[0];
  mix_eq_dynamic_listen (&b->dynamic,
      &chain->detectors[index * MIX_EQ_BANDS + band], chain->kernels,
      &chain->quadrature, on, io, n);
}

void
mix_eq_chain_process (
    MixEqChain *chain, unsigned index, double *io, unsigned offset, unsigned n)
{
  bool is_pair = chain->lanes[index].is_pair, mid_side = false;
  MixCascade c = { .a = chain->state + 2 * index * ROW,
    .b = chain->state + (2 * index + 1) * ROW };
  for (unsigned w = 0; w < MIX_CASCADE_WEIGHTS; w++) {
    c.weight[w] = chain->weight[is_pair][w];
    c.slope[w] = chain->slope[is_pair][w];
  }
  for (unsigned r = 0; r < chain->n_runs; r++) {
    const MixEqRun *run = &chain->runs[r];
    if (is_pair && run->mid_side != mid_side)
      convert (io, n, run->mid_side ? 0.5 : 1);
    mid_side = run->mid_side;
    if (run->listener >= 0)
      listen (chain, (unsigned)run->listener, index, io, n);
    if (run->moving)
      chain->kernels->cascade_moving (
          &c, run->first, run->count, io, offset, n);
    else
      chain->kernels->cascade (&c, run->first, run->count, io, n);
  }
  if (is_pair && mid_side)
    convert (io, n, 1);
}

void
mix_eq_chain_follow (MixEqChain *chain, unsigned n)
{
  for (unsigned r = 0; r < chain->n_runs; r++)
    if (chain->runs[r].listener >= 0) {
      MixEqBand *b = &chain->bands[chain->runs[r].listener];
      mix_eq_dynamic_follow (&b->dynamic, chain->kernels, b->gain_db.to, n);
    }
}
