/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the reverb share:
 *
 *   reverb.c           the descriptor, what users set, the dry sound, the
 * stream reverb_network.c   one block of the wet sound: early reflections, the
 *                      network, levels
 *   reverb_update.c    what moves from block to block: filters, levels, layouts
 *   reverb_geometry.c  where reflections and lines lie for a space and a size
 *
 * Calls go down that list. Everything here is realtime-safe but for what
 * `prepare` calls.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/absorption.h"
#include "../../parts/cut.h"
#include "../../parts/smoother.h"
#include "../../unit.h"

enum {
  MIX_REVERB_BLOCK = MIX_REVERB_FRAMES,
  MIX_REVERB_INPUTS = 16,   /* of the network: more channels share them */
  MIX_REVERB_DIFFUSERS = 2, /* all-passes in a row, of each row */
  /* One row for each channel, then one for each input of the network. */
  MIX_REVERB_ROWS = MIX_MAX_CHANNELS + MIX_REVERB_INPUTS,
};

_Static_assert(MIX_REVERB_FRAMES % MIX_TICK == 0, "blocks are whole ticks");

/* ---- What users set ----------------------------------------------------- */

typedef enum {
  MIX_REVERB_ROOM,
  MIX_REVERB_CHAMBER,
  MIX_REVERB_HALL,
  MIX_REVERB_PLATE,
  MIX_REVERB_AMBIENCE,
  MIX_REVERB_SPACES,
} MixReverbSpace;

typedef struct {
  int space;
  double decay_s, pre_delay_ms, size_m, diffusion_percent;
  double low_hz, low_ratio, high_hz, high_ratio, modulation_percent;
  double low_cut_hz, high_cut_hz;
  double early_db, late_db, dry_db, wet_db;
  double width_percent, distance_percent;
  bool freeze;
} MixReverbParams;

typedef struct {
  double wet_level_db;
} MixReverbReadings;

/* ---- Layouts ------------------------------------------------------------ */

/* What a layout is made from. */
typedef struct {
  int space;
  double size_m, pre_delay_ms, distance;
  double stretch; /* octaves by which the shortest mean of the lines grows */
} MixReverbGeometry;

/* Delays in frames, each at least a block; those of taps and of `late` are
 * counted from the input. */
typedef struct {
  MixReverbGeometry geometry;
  double mean_line_s, longest_line_s;
  unsigned late; /* where the network is fed from */
  unsigned line[MIX_REVERB_LINES];
  /* Stretched lines are also heard on the way, and fed at several times, from
   * `feed` frames ago: then echoes are as dense as those of short lines. */
  unsigned tap_in_line[MIX_REVERB_LINES];
  float at_end, on_way; /* gains of what is heard of the lines */
  unsigned feed[MIX_REVERB_LINES];
  float feed_gain[MIX_REVERB_LINES];
  unsigned diffuser[MIX_REVERB_ROWS][MIX_REVERB_DIFFUSERS];
  /* Of each channel, in the order of time, a fourth of them in each group. */
  unsigned tap[MIX_MAX_CHANNELS][MIX_REVERB_TAPS];
  float gain[MIX_MAX_CHANNELS][MIX_REVERB_TAPS];
  unsigned char source[MIX_MAX_CHANNELS][MIX_REVERB_TAPS]; /* a channel */
  unsigned base[MIX_MAX_CHANNELS][MIX_REVERB_TAPS]; /* its place in memory */
  double group_s[MIX_REVERB_GROUPS];     /* mean time since the direct sound */
  double group_power[MIX_REVERB_GROUPS]; /* sum of squared gains; 1 in all */
} MixReverbLayout;

/* Which channels take part, and who is heard in whose reflections. */
typedef struct {
  unsigned count;                          /* of wet channels */
  unsigned inputs;                         /* of the network */
  unsigned char channel[MIX_MAX_CHANNELS]; /* pairs first, then the rest */
  unsigned pairs;
  unsigned char partner[MIX_MAX_CHANNELS];   /* by channel; itself for none */
  unsigned char neighbour[MIX_MAX_CHANNELS]; /* the same */
} MixReverbRouting;

void mix_reverb_route (MixReverbRouting *routing, const MixFormat *format);

/* Long decays need long lines, see reverb_geometry.c: how many octaves. */
double mix_reverb_stretch (const MixReverbParams *params);

/* `stretch` is rounded to steps, so that it seldom moves delays. */
MixReverbGeometry mix_reverb_geometry (
    const MixReverbParams *params, double stretch);
bool mix_reverb_geometry_equal (
    const MixReverbGeometry *a, const MixReverbGeometry *b);

void mix_reverb_lay_out (MixReverbLayout *layout,
    const MixReverbGeometry *geometry, const MixReverbRouting *routing,
    unsigned rate);

/* The most frames that any geometry asks of line i, of what feeds the lines, of
 * a diffuser and of the input's memory, and those between input and output of
 * one geometry. */
unsigned mix_reverb_longest_line (unsigned i, unsigned rate);
unsigned mix_reverb_longest_feed (unsigned rate);
unsigned mix_reverb_longest_diffuser (unsigned rate);
unsigned mix_reverb_longest_tap (unsigned rate);
unsigned mix_reverb_reach (const MixReverbGeometry *geometry, unsigned rate);

/* The share of early reflections in the power of the wet sound. */
double mix_reverb_early_share (int space);

/* ---- The network and its surroundings
 * ---------------------------------------------------------- */

/* Memory of whole blocks that ends with a copy of its first block, so that any
 * block of it lies in one piece. */
typedef struct {
  float *at;
  unsigned length, write;
} MixReverbRing;

/* A value that goes straight from one block's to the next one's. */
typedef struct {
  float from, to;
} MixReverbRamp;

enum {
  /* Those that move filters: */
  MIX_REVERB_DECAY, /* log2, as the next four */
  MIX_REVERB_LOW_RATIO,
  MIX_REVERB_HIGH_RATIO,
  MIX_REVERB_LOW_HZ,
  MIX_REVERB_HIGH_HZ,
  MIX_REVERB_FROZEN, /* 0 … 1 */
  MIX_REVERB_DIFFUSION,
  MIX_REVERB_EARLY_SHARE,
  MIX_REVERB_EARLY, /* gains */
  MIX_REVERB_WET,
  /* and those that do not: */
  MIX_REVERB_LATE,
  MIX_REVERB_DRY,
  MIX_REVERB_MID,
  MIX_REVERB_SIDE,
  MIX_REVERB_DAMPING, /* 0 … 1: what distance takes from the direct highs */
  MIX_REVERB_MODULATION,
  MIX_REVERB_STRETCH, /* octaves */
  MIX_REVERB_LOW_CUT, /* log2 */
  MIX_REVERB_HIGH_CUT,
  MIX_REVERB_LOW_CUT_ON, /* 0 … 1 */
  MIX_REVERB_HIGH_CUT_ON,
  MIX_REVERB_SMOOTHERS,
};

/* A slow turn of a pair of lines. */
typedef struct {
  double re, im;           /* the phase, on the unit circle */
  double turn_re, turn_im; /* by which it goes on */
} MixReverbOrbit;

typedef struct {
  MixCut low, high;
} MixReverbCuts;

/* The smoothers are ticked once a block: a frame's share of the way. */
static inline float
mix_reverb_slope (const MixSmoother *smoother)
{
  return (float)((smoother->to - smoother->from) / MIX_REVERB_BLOCK);
}

typedef struct {
  MixFormat format;
  const MixKernels *kernels;
  float *memory;
  size_t memory_length;
  MixReverbRouting routing;

  MixReverbParams goal;
  MixSmoother smooth[MIX_REVERB_SMOOTHERS];
  bool still; /* no smoother moves until the next `set` */
  MixReverbLayout now, next;
  unsigned fade, fade_length; /* blocks of the way from now to next; 0: none */

  /* The network */
  MixReverbRing line[MIX_REVERB_LINES];
  MixReverbRing diffuser[MIX_REVERB_ROWS][MIX_REVERB_DIFFUSERS];
  MixReverbRing diffused[MIX_REVERB_INPUTS];
  MixAbsorption absorption;
  MixReverbAbsorber absorber;
  MixReverbWeights absorbed; /* the weights at the end of the block */
  MixReverbAbsorberState absorber_state;
  MixReverbTurns turns;
  MixReverbOrbit orbit[MIX_REVERB_PAIRS];
  float cosine[MIX_REVERB_PAIRS], sine[MIX_REVERB_PAIRS]; /* turned to */
  unsigned orbit_at;
  /* Gains, of the channels' rows and of the inputs': from, to */
  MixReverbRamp diffusion[2][MIX_REVERB_DIFFUSERS];

  /* Early reflections */
  MixReverbRing input[MIX_MAX_CHANNELS]; /* one memory, one position */
  MixReverbEarly early;
  float early_weight[MIX_REVERB_EARLY_WEIGHTS][MIX_REVERB_GROUPS];
  float early_state[MIX_MAX_CHANNELS / 2][2][MIX_REVERB_LANES]; /* now, next */

  /* Levels */
  double late_level; /* that makes the power what is asked for */
  MixReverbRamp feed, late_gain, mid, side;
  /* Signs, by wet channel: at the lines' ends and on the way. */
  float heard[MIX_MAX_CHANNELS][MIX_REVERB_LINES];
  float heard_on_way[MIX_MAX_CHANNELS][MIX_REVERB_LINES];
  MixReverbCuts cuts[MIX_MAX_CHANNELS];
  MixCutDesign low_cut, high_cut;
  bool low_cut_on, high_cut_on;

  /* The dry sound and the blocks */
  unsigned offset; /* into the block */
  float damping_keep;
  float damping[MIX_MAX_CHANNELS];
  float in[MIX_MAX_CHANNELS][MIX_REVERB_BLOCK];  /* being gathered */
  float wet[MIX_MAX_CHANNELS][MIX_REVERB_BLOCK]; /* being given out */
  float wet_peak;                                /* since the last read */
} MixReverb;

/* The memory in floats; hands out its parts when there is one. */
size_t mix_reverb_network_carve (MixReverb *self, float *memory);

/* A frame's share of the way. */
static inline float
mix_reverb_ramp_slope (MixReverbRamp ramp)
{
  return (ramp.to - ramp.from) * (1.f / MIX_REVERB_BLOCK);
}

/* How far on the way to the next layout. */
static inline MixReverbRamp
mix_reverb_fade (const MixReverb *self)
{
  float length = (float)self->fade_length;
  return (MixReverbRamp){ (float)(self->fade - 1) / length,
    (float)self->fade / length };
}

/* Once a block, after the smoothers were ticked. */
void mix_reverb_update (MixReverb *self);
/* Everything at its goal; the memory has been carved. */
void mix_reverb_update_reset (MixReverb *self);

/* What follows from the routing alone. */
void mix_reverb_network_prepare (MixReverb *self);

/* Silence, everything at its goal. */
void mix_reverb_network_reset (MixReverb *self);

/* Takes `in`, makes `wet`; the smoothers have been ticked. */
void mix_reverb_network_run (MixReverb *self);
