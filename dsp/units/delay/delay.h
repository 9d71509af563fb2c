/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the delay share:
 *
 *   delay.c          the descriptor, memory, the stream
 *   delay_control.c  goals, and what follows from them once a tick
 *   delay_loop.c     the sound: into the lines, out of them
 *
 * (MixDelayLine is the part below, parts/delay_line.h; the unit's own things
 * are called MixEcho.)
 *
 * Every channel but the LFE has a delay line. What a line gives is its echo,
 * and goes back into it:
 *
 *   input -> + -> cuts -> line -+-> duck, wet, width -> + -> output
 *            ^                  |                       ^
 *            +---- feedback <---+        input * dry ---+
 *
 * For ping-pong the two lines of a pair feed each other, and the mono sum of
 * the input enters the left one.
 *
 * Everything here is realtime-safe.
 */
#pragma once

#include "../../kernels/kernels.h"
#include "../../parts/delay_line.h"
#include "../../parts/loop_cut.h"
#include "../../parts/smoother.h"
#include "../../base/tick.h"
#include "../../unit.h"

/* ---- Parameters --------------------------------------------------------- */

typedef struct {
  double time_ms, offset_percent, tempo_bpm;
  int division;
  double feedback_percent;
  bool ping_pong;
  double low_cut_hz, high_cut_hz;
  double modulation_percent, duck_db, max_delay_ms;
  double dry_db, wet_db, width_percent;
} MixEchoParams;

/* Of dry and wet: no sound at all. */
#define MIX_ECHO_OFF_DB (-100.0)

/* ---- The instance ------------------------------------------------------- */

/* The most frames of a span: while nothing moves. */
#define MIX_ECHO_BLOCK 256

typedef enum {
  MIX_ECHO_DRY,      /* dB */
  MIX_ECHO_WET,      /* dB */
  MIX_ECHO_DUCK,     /* dB, how far the echoes are down */
  MIX_ECHO_FEEDBACK, /* 0 … 0.99 */
  MIX_ECHO_CROSS,    /* 0 … 1: how far it is ping-pong */
  MIX_ECHO_WIDTH,    /* 0 … 2 */
  MIX_ECHO_WOW,      /* 0 … 1 */
  MIX_ECHO_LOW_CUT,  /* log2 Hz */
  MIX_ECHO_HIGH_CUT,
  MIX_ECHO_LOW_SHARE, /* 0 … 1: how far the cut is on */
  MIX_ECHO_HIGH_SHARE,
  MIX_ECHO_SMOOTHERS,
} MixEchoSmootherId;

/* A gain within the tick. */
typedef struct {
  float from, slope;
} MixEchoRamp;

typedef struct {
  double sine, cosine;
} MixEchoPhasor;

typedef struct {
  float *ring;
  unsigned goal, now, next; /* delays in frames; a fade leads to the next */
  float reach;              /* of the wow, in frames */
  float swing, swing_slope; /* of the wow within the tick, -1 … 1 */
  MixEchoPhasor wow, turn;  /* its place, and how far it comes in a tick */
} MixEchoLine;

/* Two lines, the same one twice where a channel stands alone. */
typedef struct {
  unsigned left, right; /* channels */
  MixLoopCut cuts[2];   /* low, high */
} MixEchoPair;

/* Echoes step back while the source plays. */
typedef struct {
  float peak;    /* of this tick so far */
  double share;  /* 0: the source is silent, 1: it plays */
  unsigned hold; /* ticks left before it falls */
} MixEchoSource;

typedef struct {
  const MixKernels *kernels;
  MixFormat format;
  void *memory;
  MixEchoPair pair[MIX_MAX_CHANNELS]; /* stereo pairs, then lone channels */
  unsigned pairs;
  MixEchoLine line[MIX_MAX_CHANNELS]; /* a channel each; the LFE's is unused */
  MixDelayLine delay;
  unsigned longest; /* delay in frames */
  unsigned used;    /* frames of each ring that are not zero any more */

  MixEchoParams goal; /* as set */
  MixTick tick;
  bool moving;       /* something is to be done at the next tick */
  unsigned shortest; /* delay in frames of now: no span is longer */
  MixSmoother smooth[MIX_ECHO_SMOOTHERS];
  bool settled; /* all of them stand, and what follows from them is made */
  MixEchoRamp dry, wet, same, other, feedback, straight, cross;
  MixLoopCutDesign cut_design[2]; /* low, high */
  bool cuts, wows, ducks, fades;
  unsigned fade_at, fade_length; /* ticks */
  MixEchoRamp fade;              /* share of the next delays */
  MixEchoSource source;
} MixEcho;

/* At frame i of a span; `settled` gains have no slope. */
static inline float
mix_echo_at (MixEchoRamp ramp, bool settled, unsigned offset, unsigned i)
{
  return settled ? ramp.from
                 : ramp.from + ramp.slope * (float)(int)(offset + i);
}

/* ---- Control ------------------------------------------------------------ */

/* The time between two echoes that these parameters ask for. */
double mix_echo_wanted_ms (const MixEchoParams *params);

/* The longest of all lines, which the offset has a share in. */
double mix_echo_longest_wanted_ms (const MixEchoParams *params);

/* What there is of it. */
double mix_echo_time_ms (const MixEcho *self);

void mix_echo_prepare_control (MixEcho *self);
void mix_echo_set_goals (MixEcho *self, const MixEchoParams *params);
/* All parameters stand at their goals. */
void mix_echo_reset_control (MixEcho *self);
/* At the start of a tick, while `moving`. */
void mix_echo_renew (MixEcho *self);
/* Of the wow, the most any delay moves either way. */
unsigned mix_echo_most_wow (unsigned rate);
/* See MixUnit.tail. */
unsigned mix_echo_pause (const MixEcho *self);

/* ---- The sound ---------------------------------------------------------- */

/* n frames, no more than `shortest` and MIX_ECHO_BLOCK, and none beyond the
 * tick while anything moves. */
void mix_echo_run (MixEcho *self, float *const *out, const float *const *in,
    unsigned offset, unsigned n);
