/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain.h"

#include <math.h>
#include <string.h>

#include "../../base/memory.h"
#include "band_channels.h"

#define SOLO MIX_EQ_BANDS

/* ---- Memory ------------------------------------------------------------- */

static MixEqDetectorState *
take_memory (MixEqSectionRows *rows, unsigned n_lanes, MixArena *arena)
{
  mix_eq_rows_take (rows, arena, n_lanes);
  return mix_arena_take (
      arena, n_lanes * MIX_EQ_BANDS, sizeof (MixEqDetectorState));
}

bool
mix_eq_chain_prepare (MixEqChain *chain, const MixFormat *format)
{
  MixEqLanes lanes[MIX_MAX_CHANNELS];
  unsigned n_lanes = mix_eq_lanes_find (format, lanes);
  MixEqSectionRows rows;
  MixArena arena = { 0 };
  take_memory (&rows, n_lanes, &arena);
  arena = (MixArena){ mix_alloc (arena.used, 1), 0 };
  if (!arena.memory)
    return false;
  mix_eq_chain_release (chain);
  *chain = (MixEqChain){ .kernels = mix_kernels (),
    .rate = format->rate,
    .is_mono = format->channels == 1,
    .n_lanes = n_lanes,
    .memory = arena.memory };
  chain->detectors = take_memory (&chain->rows, n_lanes, &arena);
  memcpy (chain->lanes, lanes, sizeof lanes);
  mix_quadrature_design (&chain->quadrature, format->rate);
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    mix_eq_band_prepare (&chain->bands[i], format->rate);
  return true;
}

void
mix_eq_chain_release (MixEqChain *chain)
{
  mix_free (chain->memory);
  chain->memory = NULL;
}

/* ---- Targets ------------------------------------------------------------ */

void
mix_eq_chain_set_band (
    MixEqChain *chain, unsigned band, const MixEqBandParams *params, bool is_on)
{
  mix_eq_band_set (&chain->bands[band], params, is_on, false, chain->rate);
}

void
mix_eq_chain_set_solo (MixEqChain *chain, const MixEqBandParams *region)
{
  if (region)
    mix_eq_band_set (&chain->bands[SOLO], region, true, true, chain->rate);
  else
    mix_eq_band_turn_off (&chain->bands[SOLO]);
}

/* ---- Layout ------------------------------------------------------------- */

/* The coefficients of one band for the tick that begins. */
static void
write_sections (MixEqChain *chain, unsigned index)
{
  const MixEqBand *b = &chain->bands[index];
  const MixEqBandFilter *filter = mix_eq_band_filter (b);
  double from[MIX_CASCADE_WEIGHTS] = { 0 }, to[MIX_CASCADE_WEIGHTS] = { 0 };
  for (unsigned s = 0; s < mix_eq_band_filter_sections (filter); s++) {
    unsigned at = chain->places[index].first + s;
    /* channels not worked on get their gain from the first section */
    from[MIX_CASCADE_DIRECT] = s == 0 ? mix_eq_band_others_from (b) : 1;
    to[MIX_CASCADE_DIRECT] = s == 0 ? mix_eq_band_others_to (b) : 1;
    for (unsigned p = 0; p < 2; p++)
      for (unsigned lane = 0; lane < 2; lane++)
        if (mix_eq_includes (mix_eq_band_channels (b), p, chain->is_mono, lane))
          mix_eq_rows_put (&chain->rows, p, at, lane,
              mix_eq_band_filter_from (filter, s),
              mix_eq_band_filter_to (filter, s));
        else
          mix_eq_rows_put (&chain->rows, p, at, lane, from, to);
  }
}

/* Whether the band needs mid/side or left/right, and which. A static band on
 * all channels is the same in both and takes the domain of the band before it,
 * which saves conversions; a detector on all channels measures left and right.
 */
static bool
needs_domain (const MixEqBand *b, bool *mid_side)
{
  *mid_side = mix_eq_is_mid_side (mix_eq_band_channels (b));
  return mix_eq_band_channels (b) != MIX_EQ_ALL || mix_eq_band_is_dynamic (b);
}

static bool
first_domain (const MixEqChain *chain)
{
  bool mid_side = false;
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    if (mix_eq_band_runs (&chain->bands[i])
        && needs_domain (&chain->bands[i], &mid_side))
      return mid_side;
  return false;
}

/* Keeps the history of a band that runs on. */
static void
move_states (MixEqChain *chain, const MixEqPlace *from, const MixEqPlace *to)
{
  for (unsigned i = 0; i < chain->n_lanes; i++) {
    MixEqConversion conversion = MIX_EQ_KEEP;
    if (mix_eq_lanes_is_pair (&chain->lanes[i])
        && from->mid_side != to->mid_side)
      conversion = to->mid_side ? MIX_EQ_TO_MID_SIDE : MIX_EQ_TO_LEFT_RIGHT;
    mix_eq_rows_move (
        &chain->rows, i, from->first, to->first, from->sections, conversion);
  }
}

static void
place (MixEqChain *chain, unsigned index, MixEqPlace to)
{
  const MixEqPlace *from = &chain->places[index];
  bool has_history = from->used && !mix_eq_band_starts (&chain->bands[index]);
  if (has_history)
    move_states (chain, from, &to);
  if (to.has_detector && !(has_history && from->has_detector))
    for (unsigned i = 0; i < chain->n_lanes; i++)
      chain->detectors[i * MIX_EQ_BANDS + index] = (MixEqDetectorState){ 0 };
  chain->places[index] = to;
  write_sections (chain, index);
}

/* A run begins at section `first`, which is moved to a whole group. */
static MixEqRun *
begin_run (MixEqChain *chain, unsigned *first, bool mid_side, int detector)
{
  MixEqRun *run = &chain->runs[chain->n_runs++];
  *first = mix_eq_rows_fill_group (&chain->rows, *first);
  *run = (MixEqRun){ *first, 0, mid_side, false, detector };
  return run;
}

static void
lay_out (MixEqChain *chain)
{
  bool mid_side = first_domain (chain);
  unsigned next = 0;
  MixEqRun *run = NULL;
  chain->n_runs = 0;
  mix_eq_rows_begin_layout (&chain->rows);
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++) {
    const MixEqBand *b = &chain->bands[i];
    if (!mix_eq_band_runs (b)) {
      chain->places[i].used = false;
      continue;
    }
    bool needed, detects = mix_eq_band_is_dynamic (b);
    if (needs_domain (b, &needed) && needed != mid_side) {
      mid_side = needed;
      run = NULL;
    }
    if (!run || detects)
      run = begin_run (chain, &next, mid_side, detects ? (int)i : -1);
    unsigned sections = mix_eq_band_filter_sections (mix_eq_band_filter (b));
    place (chain, i,
        (MixEqPlace){
            true, mid_side, detects, next, sections, chain->n_runs - 1 });
    run->count += sections;
    next += sections;
  }
  mix_eq_rows_fill_group (&chain->rows, next);
  mix_eq_rows_end_layout (&chain->rows);
}

/* ---- Ticks -------------------------------------------------------------- */

static void
mark_moving_runs (MixEqChain *chain)
{
  for (unsigned r = 0; r < chain->n_runs; r++)
    chain->runs[r].moves = false;
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++)
    if (mix_eq_band_runs (&chain->bands[i])
        && mix_eq_band_moves (&chain->bands[i]))
      chain->runs[chain->places[i].run].moves = true;
}

/* The layout does not fit the band any more. */
static bool
needs_layout (const MixEqBand *b, const MixEqPlace *place)
{
  if (!mix_eq_band_runs (b))
    return place->used;
  return !place->used || mix_eq_band_starts (b)
         || mix_eq_band_is_dynamic (b) != place->has_detector
         || mix_eq_band_filter_sections (mix_eq_band_filter (b))
                != place->sections;
}

void
mix_eq_chain_tick (MixEqChain *chain)
{
  bool busy = false, changed = false;
  for (unsigned i = 0; i < MIX_EQ_CHAIN; i++) {
    MixEqBand *b = &chain->bands[i];
    bool moved = mix_eq_band_moves (b);
    busy |= mix_eq_band_tick (b, chain->rate);
    busy |= moved; /* its slopes are to be cleared */
    changed |= needs_layout (b, &chain->places[i]);
    if (!changed && mix_eq_band_runs (b) && (mix_eq_band_moves (b) || moved))
      write_sections (chain, i);
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

/* Left/right to mid/side with a scale of 0.5, and back with 1. */
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
measure (MixEqChain *chain, unsigned band, unsigned index, const double *io,
    unsigned n)
{
  const MixEqLanes *lanes = &chain->lanes[index];
  MixEqBand *b = &chain->bands[band];
  bool is_pair = mix_eq_lanes_is_pair (lanes), measured[2];
  for (unsigned lane = 0; lane < 2; lane++)
    measured[lane] = mix_eq_lanes_is_measured (lanes, lane)
                     && mix_eq_includes (mix_eq_band_channels (b), is_pair,
                         chain->is_mono, lane);
  mix_eq_detector_measure (mix_eq_band_detector (b),
      &chain->detectors[index * MIX_EQ_BANDS + band], chain->kernels,
      &chain->quadrature, measured, io, n);
}

void
mix_eq_chain_process (
    MixEqChain *chain, unsigned index, double *io, unsigned offset, unsigned n)
{
  bool is_pair = mix_eq_lanes_is_pair (&chain->lanes[index]), mid_side = false;
  MixCascade c = mix_eq_rows_cascade (&chain->rows, index, is_pair);
  for (unsigned r = 0; r < chain->n_runs; r++) {
    const MixEqRun *run = &chain->runs[r];
    if (is_pair && run->mid_side != mid_side)
      convert (io, n, run->mid_side ? 0.5 : 1);
    mid_side = run->mid_side;
    if (run->detector >= 0)
      measure (chain, (unsigned)run->detector, index, io, n);
    if (run->moves)
      chain->kernels->cascade_moving (
          &c, run->first, run->count, io, offset, n);
    else
      chain->kernels->cascade (&c, run->first, run->count, io, n);
  }
  if (is_pair && mid_side)
    convert (io, n, 1);
}

void
mix_eq_chain_run_dynamics (MixEqChain *chain, unsigned n)
{
  for (unsigned r = 0; r < chain->n_runs; r++)
    if (chain->runs[r].detector >= 0)
      mix_eq_band_run_dynamics (
          &chain->bands[chain->runs[r].detector], chain->kernels, n);
}

/* ---- Readings ----------------------------------------------------------- */

double
mix_eq_chain_gain_db (const MixEqChain *chain, unsigned band)
{
  return mix_eq_band_gain_db (&chain->bands[band]);
}

double
mix_eq_chain_take_extreme_db (MixEqChain *chain)
{
  double extreme = 0;
  for (unsigned i = 0; i < MIX_EQ_BANDS; i++) {
    double db = mix_eq_band_take_extreme_db (&chain->bands[i]);
    if (fabs (db) > fabs (extreme))
      extreme = db;
  }
  return extreme;
}
