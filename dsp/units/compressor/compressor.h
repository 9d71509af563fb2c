/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the compressor share:
 *
 *   compressor.c           the descriptor, memory, the stream
 *   compressor_control.c   goals, and what follows from them once a tick
 *   compressor_detector.c  the side chain: from the input to levels
 *   compressor_gain.c      from levels to gains
 *
 * A span of the stream goes through rows of scratch memory, one for each
 * channel and one in common: power, wanted reduction, reduction, gain, each in
 * the place of the one before.
 *
 * Everything here is realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/cut.h"
#include "../../parts/delay_line.h"
#include "../../parts/envelope.h"
#include "../../parts/gain_curve.h"
#include "../../parts/quadrature.h"
#include "../../parts/smoother.h"
#include "../../base/tick.h"
#include "../../unit.h"

/* ---- Parameters --------------------------------------------------------- */

enum {
  MIX_COMP_DOWNWARD,
  MIX_COMP_UPWARD,
  MIX_COMP_BOTH,
};

enum {
  MIX_COMP_PEAK,
  MIX_COMP_RMS,
};

enum {
  MIX_COMP_MAX,
  MIX_COMP_AVERAGE,
  MIX_COMP_MID,
  MIX_COMP_SIDE,
};

#define MIX_COMP_INFINITE_RATIO 100.0

typedef struct {
  double threshold_db, ratio, knee_db;
  double attack_ms, release_ms, hold_ms;
  bool auto_release;
  int mode, detector;
  double rms_window_ms, look_ahead_ms, link_percent;
  int source;
  double low_cut_hz, high_cut_hz;
  bool listen;
  double range_db, floor_db, makeup_db;
  bool auto_makeup;
  double mix_percent;
} MixCompParams;

/* ---- The instance ------------------------------------------------------- */

/* The most frames of a span: while no parameter moves. */
#define MIX_COMP_BLOCK 256

/* Of MixCompReduction.quiet. */
#define MIX_COMP_QUIET_FOREVER 0x40000000u

typedef enum {
  MIX_COMP_THRESHOLD, /* dB */
  MIX_COMP_SLOPE,     /* 1 - 1 / ratio */
  MIX_COMP_KNEE,      /* dB */
  MIX_COMP_RANGE,     /* dB */
  MIX_COMP_FLOOR,     /* dBFS */
  MIX_COMP_MAKEUP,    /* dB, the automatic part included */
  MIX_COMP_MIX,       /* 0 … 1 */
  MIX_COMP_UNLINK,    /* 0 … 1: 1 - link */
  MIX_COMP_LISTEN,    /* 0 … 1 */
  MIX_COMP_LOW_CUT,   /* log2 Hz */
  MIX_COMP_HIGH_CUT,
  MIX_COMP_LOW_SHARE, /* 0 … 1: how far the cut is on */
  MIX_COMP_HIGH_SHARE,
  MIX_COMP_BRIDGE, /* 1 … 0: share of the jumps */
  MIX_COMP_TO_MID, /* 0 … 1: what is listened to */
  MIX_COMP_TO_SIDE,
  MIX_COMP_SMOOTHERS,
} MixCompSmootherId;

typedef struct {
  MixCut low, high;
} MixCompCuts;

/* What hears one signal of the side chain. */
typedef struct {
  const float *x; /* of the current span, after the cuts */
  double power;   /* RMS average; negative: starts with the next frame */
} MixCompEar;

/* Leads the wanted reduction over to that of another choice: what it jumps by
 * at the switch is taken back and fades. */
typedef struct {
  float last; /* of the span before */
  float jump;
} MixCompBridge;

/* The largest in the latest frames, between one and two look-aheads of them. */
typedef struct {
  float now, last; /* of the look-ahead that runs, and of the one before */
  unsigned at;     /* frames into it */
} MixCompRecent;

/* What becomes of a wanted reduction. */
typedef struct {
  unsigned quiet; /* frames since a sample passed the start of the knee */
  MixCompBridge bridge, least_bridge, open_bridge;
  MixCompRecent least, open;
  double mean;          /* power, for the floor */
  double share;         /* of the boost, on its way down */
  float wanted;         /* in the latest frame */
  float actual;         /* likewise, after the floor */
  MixEnvelope envelope; /* before it */
} MixCompReduction;

/* Leads from the gains before a new look-ahead to those after it. */
typedef struct {
  unsigned skip;                /* frames until one is heard again */
  unsigned left;                /* of the way from there */
  float last[MIX_MAX_CHANNELS]; /* gains of the last frame that was heard */
} MixCompJoin;

typedef struct {
  float *scratch; /* rows of MIX_COMP_BLOCK: see mix_comp_heard_row and on */
  float *rings;   /* a ring a channel */
  MixQuadrature *pairs;  /* two channels each; then the pair of mid or side */
  MixCompEar *ears;      /* a channel each; then mid or side */
  MixCompCuts *cuts;     /* an ear each; then a channel each, for listening */
  MixCompReduction *own; /* a channel each */
} MixCompMemory;

typedef struct {
  const MixKernels *kernels;
  MixFormat format;
  MixQuadratureDesign design;
  MixPair front;
  bool has_front;
  bool heard[MIX_MAX_CHANNELS + 1]; /* ears: all but the LFE */
  unsigned heard_count;             /* of channels */
  unsigned ring_length;
  unsigned quiet_most; /* frames, see compressor_gain.c */
  MixCompMemory memory;

  MixCompParams goal; /* as set */
  MixCompParams now;  /* as of the current tick: choices and times */
  MixTick tick;
  bool moving;   /* something is to be done at the next tick */
  bool switched; /* at the current frame: bridges are to be built */
  MixSmoother smooth[MIX_COMP_SMOOTHERS];
  MixGainCurve curve[2]; /* at the start and the end of the tick */
  float knee_start;      /* of both, as a gain */
  MixBallistics ballistics;
  MixCutDesign low_cut, high_cut;
  double rms_decay, floor_decay;
  bool cuts_low, cuts_high, hears_channels, hears_middle, is_unlinked, listens;

  MixDelayLine delay;
  unsigned latency;
  MixCompJoin join;
  unsigned join_length; /* frames */
  unsigned pause;       /* frames of digital silence, up to a look-ahead */
  bool pauses;          /* within the span */
  float now_gain[MIX_MAX_CHANNELS]; /* of the latest frame */
  MixCompReduction common;

  float most, least;       /* reduction since the last read */
  float in_peak, out_peak; /* since the last read */
} MixCompressor;

static inline float *
mix_comp_scratch_ (const MixCompressor *self, unsigned row)
{
  return self->memory.scratch + (size_t)row * MIX_COMP_BLOCK;
}

/* What ear `e` hears; of a channel's ear, also what the listener hears. */
static inline float *
mix_comp_heard_row (const MixCompressor *self, unsigned e)
{
  return mix_comp_scratch_ (self, e);
}

/* From power to gain: of an ear on its own, and of all in common. */
static inline float *
mix_comp_own_row (const MixCompressor *self, unsigned e)
{
  return mix_comp_scratch_ (self, self->format.channels + 1 + e);
}

static inline float *
mix_comp_common_row (const MixCompressor *self)
{
  return mix_comp_scratch_ (self, 2 * self->format.channels + 2);
}

/* For passing use: any two, and */
enum {
  MIX_COMP_PAUSE_ROW = 2, /* not 0 where the gain is to wait */
  MIX_COMP_LEAST_ROW,     /* the least reduction, in common */
  MIX_COMP_OPEN_ROW,      /* the share of boosts, in common */
  MIX_COMP_OWN_LEAST_ROW, /* of a channel */
  MIX_COMP_OWN_OPEN_ROW,
  MIX_COMP_SPARE_ROWS
};

static inline float *
mix_comp_spare_row (const MixCompressor *self, unsigned which)
{
  return mix_comp_scratch_ (self, 2 * self->format.channels + 3 + which);
}

static inline unsigned
mix_comp_scratch_rows (unsigned channels)
{
  return 2 * channels + 3 + MIX_COMP_SPARE_ROWS;
}

static inline bool
mix_comp_has_boosts (const MixCompressor *self)
{
  return self->now.mode != MIX_COMP_DOWNWARD;
}

/* Where the gain of a channel is. */
static inline const float *
mix_comp_gain_row (const MixCompressor *self, unsigned channel)
{
  return self->is_unlinked ? mix_comp_own_row (self, channel)
                           : mix_comp_common_row (self);
}

/* A smoother within the span at hand: `offset` is that of the span in its tick
 * while anything moves; a smoother at rest has no slope, and then it does not
 * matter. */
typedef struct {
  float from, slope;
  unsigned offset;
} MixCompLine;

static inline MixCompLine
mix_comp_line (const MixCompressor *self, MixCompSmootherId id)
{
  const MixSmoother *s = &self->smooth[id];
  return (MixCompLine){ (float)s->from, (float)mix_smoother_slope (s),
    self->tick.offset };
}

/* At frame i of the span. */
static inline float
mix_comp_at (MixCompLine line, unsigned i)
{
  return line.from + line.slope * (float)(line.offset + i);
}

/* ---- Control ------------------------------------------------------------ */

void mix_comp_prepare_smoothers (MixCompressor *self);
void mix_comp_set_goals (MixCompressor *self, const MixCompParams *params);
/* No history, and all parameters stand at their goals. */
void mix_comp_reset_control (MixCompressor *self);
/* At the start of a tick, while `moving`. */
void mix_comp_renew (MixCompressor *self);

/* ---- The detector ------------------------------------------------------- */

void mix_comp_clear_ears (MixCompressor *self, unsigned first, unsigned count);
/* Power of n frames: in the common row, and when unlinked in the own rows. */
void mix_comp_measure (MixCompressor *self, const float *const *in, unsigned n);
/* Where the gain is to wait in the next n frames. */
void mix_comp_find_pauses (
    MixCompressor *self, const float *const *in, unsigned n);
/* What the detector hears of `in`, in the heard rows. */
void mix_comp_monitor (MixCompressor *self, const float *const *in, unsigned n);
void mix_comp_fade_to_monitor (
    const MixCompressor *self, float *const *out, unsigned n);

/* ---- The gain ----------------------------------------------------------- */

/* Power becomes gain; see mix_comp_gain_row. */
void mix_comp_make_gains (MixCompressor *self, unsigned n);
/* Before it is used again after a rest. */
void mix_comp_wake_reduction (MixCompReduction *reduction);
/* There are no boosts any more: goes on from what was left of one. */
void mix_comp_end_boost (MixCompReduction *reduction);
/* Starts `most` and `least` again from the reductions of now. */
void mix_comp_restart_reading (MixCompressor *self);
