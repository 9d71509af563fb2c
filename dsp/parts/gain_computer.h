/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gain computer of a compressor: from power to reduction in dB. A boost
 * is a negative reduction.
 *
 *   power -> static curve -> gate -> switch fade -> hold -> required reduction
 *   required reduction -> ballistics -> floor -> reduction
 *
 * The gate keeps what never reaches the knee untouched (see gain_computer.c);
 * hold keeps the required reduction in pauses (see look_ahead.h). A boost has
 * besides a lower bound of the reduction, which it falls to at once when an
 * onset comes, and a share that the floor leaves it.
 *
 * The settings are in MixGainComputer; each gain (linked, or of a channel) has
 * its state in a MixReduction. Realtime-safe.
 */
#pragma once

#include "detector.h"
#include "envelope.h"
#include "static_curve.h"

typedef struct {
  MixStaticCurveParams curve;
  double attack_ms, release_ms, hold_ms;
  bool auto_release;
  bool is_gated; /* what never reaches the knee is not reduced: for levels that
                    may be higher than the samples (peak envelope) */
} MixGainComputerParams;

typedef struct {
  MixStaticCurve curve;
  MixBallistics ballistics;
  double floor_decay;
  MixSmoother switch_fade; /* 1 … 0: share of the jumps */
  bool switched;           /* at the current frame: the fades begin here */
  bool is_gated;
  unsigned gate; /* frames that it stays open */
  int mode;
  bool auto_release;
  bool ends_boosts, starts_auto_release; /* by the latest set */
} MixGainComputer;

/* A choice (source, detector, mode) that is switched makes a value jump; the
 * jump is taken back and fades. */
typedef struct {
  float last; /* of the span before */
  float jump;
} MixSwitchFade;

/* The largest of the latest frames, between one and two look-aheads of them. */
typedef struct {
  float now, last; /* of the current look-ahead, and of the one before */
  unsigned at;     /* frames into it */
} MixRecentMax;

typedef struct {
  unsigned quiet; /* frames since a sample passed the start of the knee */
  MixSwitchFade fade, least_fade, share_fade;
  MixRecentMax least, share;
  double mean;            /* power that is compared with the floor */
  double share_now;       /* of the boost, on its way down */
  float required;         /* in the latest frame */
  float actual;           /* likewise, after the floor */
  MixEnvelope ballistics; /* before it */
} MixReduction;

/* The lower bound and the share of boosts in a span; not used when there are
 * none. */
typedef struct {
  float least[MIX_DETECTOR_SPAN], share[MIX_DETECTOR_SPAN];
} MixBoost;

/* A span, besides its power. */
typedef struct {
  const MixDetector *detector;
  const float *hold; /* frames with other than 0 hold; NULL: none */
  unsigned look_ahead;
  unsigned offset, frames;
} MixGainSpan;

/* ---- Settings ----------------------------------------------------------- */

void mix_gain_computer_prepare (MixGainComputer *g, unsigned rate);
/* Takes new parameters, at the start of a tick; all reductions are to be
 * adapted to them. `jumps`: the power may jump. */
void mix_gain_computer_set (MixGainComputer *g,
    const MixGainComputerParams *params, unsigned rate, bool jumps);
void mix_gain_computer_tick (MixGainComputer *g);
/* After all reductions of a span. */
void mix_gain_computer_end_span (MixGainComputer *g);
/* Stands at its targets. */
void mix_gain_computer_reset (MixGainComputer *g);
bool mix_gain_computer_is_still (const MixGainComputer *g);

static inline bool
mix_gain_computer_boosts (const MixGainComputer *g)
{
  return g->mode != MIX_CURVE_DOWNWARD;
}

/* Nothing is required, and will not be before parameters are set. */
static inline bool
mix_gain_computer_is_flat (const MixGainComputer *g)
{
  return mix_gain_computer_is_still (g) && mix_static_curve_is_flat (&g->curve);
}

/* ---- Reductions --------------------------------------------------------- */

/* None, without history. */
void mix_reduction_reset (MixReduction *r);
/* Forgets what the fades and look-aheads have seen, and goes on. */
void mix_reduction_restart (MixReduction *r);
/* Goes on from where another is. */
void mix_reduction_copy (MixReduction *to, const MixReduction *from);
/* To the latest mix_gain_computer_set(). */
void mix_reduction_adapt (MixReduction *r, const MixGainComputer *g);
/* Whether two are so close that one may replace the other. */
bool mix_reduction_is_near (const MixReduction *a, const MixReduction *b);

/* Power that comes from `lanes` of the detector becomes required reduction, in
 * place. */
void mix_reduction_require (MixReduction *r, const MixGainComputer *g,
    const MixGainSpan *span, MixDetectorLanes lanes, float *io,
    MixBoost *boost);
/* Required becomes actual reduction, in place. */
void mix_reduction_follow (MixReduction *r, const MixGainComputer *g, float *io,
    const MixBoost *boost, unsigned n);

/* In the latest frame. */
static inline float
mix_reduction_now (const MixReduction *r)
{
  return r->actual;
}
