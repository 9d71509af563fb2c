/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the parametric equaliser share:
 *
 *   eq.c         the descriptor, the stream
 *   eq_band.c    one band over time: smoothing, fades, its filter's weights
 *   eq_dynamic.c what moves the gain of a dynamic band
 *   eq_chain.c   all bands that sound, as rows of sections for the kernels
 *   eq_linear.c  the static bands as one linear-phase filter
 *
 * Everything here is realtime-safe but for mix_eq_chain_alloc and
 * mix_eq_linear_alloc.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/design.h"
#include "../../parts/envelope.h"
#include "../../parts/quadrature.h"
#include "../../parts/smoother.h"
#include "../../unit.h"

#define MIX_EQ_BANDS 32

/* ---- Parameters --------------------------------------------------------- */

typedef enum {
  MIX_EQ_ALL,
  MIX_EQ_LEFT,
  MIX_EQ_RIGHT,
  MIX_EQ_MID,
  MIX_EQ_SIDE,
} MixEqChannels;

typedef struct {
  int type; /* MixFilterType */
  double frequency_hz, gain_db, q;
  int slope;    /* index into mix_eq_orders */
  int channels; /* MixEqChannels */
  bool enabled, solo;
  double threshold_db, ratio, attack_ms, release_ms;
} MixEqBandParams;

typedef struct {
  unsigned num_bands;
  double output_gain_db;
  int linear_phase; /* choice: minimum, linear */
  MixEqBandParams bands[MIX_EQ_BANDS];
} MixEqParams;

/* Filter order of each choice of `slope`. */
extern const unsigned mix_eq_orders[8];

/* ---- A band over time --------------------------------------------------- */

/* What a band cannot glide between: it fades out, changes and fades in. */
typedef struct {
  int type;
  unsigned order;
  int channels;
  bool alone; /* silences the channels it does not work on (audition) */
} MixEqShape;

/* The level of the band's own region and what follows from it. */
typedef struct {
  double threshold_db, slope; /* slope: 1 - 1 / ratio */
  MixBallistics times;
  MixEnvelope move;       /* dB, 0 … |gain| */
  double extreme_db;      /* since the last read, signed */
  int type;               /* of the band, and */
  double frequency_hz, q; /* so on, that the key's weights are for */
  double key[MIX_CASCADE_WEIGHTS];
  float power[MIX_TICK]; /* of the span at hand, linked */
} MixEqDynamic;

typedef struct {
  MixEqShape shape, goal;
  bool active;                           /* is to be heard */
  MixSmoother octave, gain_db, octave_q; /* log2 of Hz, dB, log2 of q */
  MixSmoother wet;                       /* 0: the band is not there */
  MixSmoother share;                     /* 0: static, 1: dynamic */
  MixEqDynamic dynamic;

  /* In the chain, for this tick. */
  bool sounding, detecting;
  bool moving;  /* the weights are not what they were a tick ago */
  bool lagging; /* nor what they are to be */
  unsigned sections;
  double frequency_hz, heard_gain_db, q, heard_wet; /* at the tick's end */
  double weight[MIX_FILTER_MAX_SECTIONS][MIX_CASCADE_WEIGHTS];
  double before[MIX_FILTER_MAX_SECTIONS][MIX_CASCADE_WEIGHTS];
  double outside, outside_before; /* gain of the channels left out */

  /* The chain's own: where its sections lie. */
  bool placed, placed_mid_side, placed_detecting;
  unsigned placed_sections;
  unsigned slot;
} MixEqBand;

void mix_eq_band_prepare (MixEqBand *band, unsigned rate);
/* Stands at the goals. */
void mix_eq_band_reset (MixEqBand *band, unsigned rate);
/* Once a tick; true while anything moves or is about to. */
bool mix_eq_band_tick (MixEqBand *band, unsigned rate);

static inline bool
mix_eq_type_has_gain (int type)
{
  return type == MIX_FILTER_BELL || type == MIX_FILTER_LOW_SHELF
         || type == MIX_FILTER_HIGH_SHELF || type == MIX_FILTER_TILT;
}

/* A band as the filter design takes it. */
static inline MixFilterSpec
mix_eq_spec (const MixEqBandParams *p)
{
  return (MixFilterSpec){ (MixFilterType)p->type, p->frequency_hz, p->gain_db,
    p->q, mix_eq_orders[p->slope] };
}

static inline bool
mix_eq_type_is_cut (int type)
{
  return type == MIX_FILTER_LOW_CUT || type == MIX_FILTER_HIGH_CUT;
}

/* ---- Dynamics ----------------------------------------------------------- */

/* One band's key filter and envelope on two lanes. */
typedef struct {
  double a[2], b[2];
  MixQuadrature envelope;
} MixEqDetector;

void mix_eq_dynamic_set (
    MixEqDynamic *dynamic, const MixEqBandParams *params, unsigned rate);
void mix_eq_dynamic_reset (MixEqDynamic *dynamic);
/* Once a tick: lets go of what is too little to be heard. */
void mix_eq_dynamic_settle (MixEqDynamic *dynamic);
/* Renews the key filter when it is for another band. */
void mix_eq_dynamic_tune (MixEqDynamic *dynamic, int type, double frequency_hz,
    double q, unsigned rate);
/* Takes the larger of `power` and of the lanes listened to; n frames within a
 * tick. */
void mix_eq_dynamic_listen (MixEqDynamic *dynamic, MixEqDetector *detector,
    const MixKernels *kernels, const MixQuadratureDesign *design,
    const bool lanes[2], const double *io, unsigned n);
/* Follows what was heard in n frames on all lanes, and forgets it. */
void mix_eq_dynamic_follow (MixEqDynamic *dynamic, const MixKernels *kernels,
    double gain_db, unsigned n);

/* ---- The chain ---------------------------------------------------------- */

/* The bands, and one more at the end: what solo makes audible. */
#define MIX_EQ_AUDITION MIX_EQ_BANDS
#define MIX_EQ_CHAIN (MIX_EQ_BANDS + 1)

/* Channels are worked on two at a time: stereo pairs, and what is left over. */
typedef struct {
  unsigned channel[2]; /* equal when there is only one */
  bool is_pair;        /* left and right */
  bool is_lfe[2];
} MixEqLanes;

/* Sections in a row without a change between left/right and mid/side and
 * without a detector in between. */
typedef struct {
  unsigned first, count;
  bool mid_side, moving;
  int listener; /* the band whose detector hears the input, or -1 */
} MixEqRun;

/* Frames that go through the chain at once. */
#define MIX_EQ_SPAN 512

typedef struct {
  const MixKernels *kernels;
  MixQuadratureDesign quadrature;
  unsigned rate, channels;
  MixEqLanes lanes[MIX_MAX_CHANNELS];
  unsigned n_lanes;

  MixEqBand bands[MIX_EQ_CHAIN];
  MixEqRun runs[MIX_EQ_CHAIN];
  unsigned n_runs;
  bool still; /* nothing moves; ticks change nothing until the goals change */

  double *memory;
  double *weight[2][MIX_CASCADE_WEIGHTS]; /* [is_pair] */
  double *slope[2][MIX_CASCADE_WEIGHTS];
  double *state, *spare;    /* of all lanes: a, b */
  MixEqDetector *detectors; /* of all lanes, a row of bands each */
} MixEqChain;

/* Pairs first. Returns how many. */
unsigned mix_eq_find_lanes (
    const MixFormat *format, MixEqLanes lanes[MIX_MAX_CHANNELS]);

/* False when memory is short; then the chain is as it was. */
bool mix_eq_chain_alloc (MixEqChain *chain, const MixFormat *format);
void mix_eq_chain_free (MixEqChain *chain);
/* After the bands were given goals: stands there, without history. */
void mix_eq_chain_reset (MixEqChain *chain);
void mix_eq_chain_tick (MixEqChain *chain);
/* n frames of two lanes in place, at most MIX_EQ_SPAN, and within the tick
 * (`offset` frames in) unless `still`. */
void mix_eq_chain_process (
    MixEqChain *chain, unsigned lanes, double *io, unsigned offset, unsigned n);
/* After all lanes of a span. */
void mix_eq_chain_follow (MixEqChain *chain, unsigned n);

/* True when a band with these channels works on lane 0 or 1 (left and right,
 * or mid and side for the bands that say so) of stereo pairs, or of others. */
bool mix_eq_touches (
    int channels, bool is_pair, unsigned lane, unsigned format_channels);

static inline bool
mix_eq_is_mid_side (int channels)
{
  return channels == MIX_EQ_MID || channels == MIX_EQ_SIDE;
}

/* ---- Linear phase ------------------------------------------------------- */

typedef struct MixEqLinear MixEqLinear;

/* The latency that a static band asks for, and the longest there is, s. */
double mix_eq_linear_seconds (const MixEqBandParams *band);
double mix_eq_linear_longest (const MixFormat *format);

/* Long enough for `seconds`, if there is as much. NULL when memory is short. */
MixEqLinear *mix_eq_linear_alloc (const MixFormat *format, double seconds);
void mix_eq_linear_free (MixEqLinear *linear);
/* The bands that are to be heard; `active` are those that the filter holds. */
void mix_eq_linear_set (MixEqLinear *linear, const MixEqBandParams *bands,
    const bool active[MIX_EQ_BANDS]);
void mix_eq_linear_reset (MixEqLinear *linear);
void mix_eq_linear_process (MixEqLinear *linear, float *const *out,
    const float *const *in, unsigned frames);
unsigned mix_eq_linear_latency (const MixEqLinear *linear);
