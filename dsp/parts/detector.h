/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The level detector of a dynamics processor: from a key signal (the input
 * itself, or a side chain) to power, frame by frame, for each channel and
 * linked.
 *
 *   key -> low cut, high cut -> envelope -> peak or RMS -> power -+-> channels
 *                                                                 |
 *                                            maximum or average --+-> linked
 *
 * or, for the linked power, mid or side of the front pair in place of the
 * channels. The LFE is left out of the linked power. The envelope is that of
 * parts/quadrature.h, and never less than the samples: it shows a sine's
 * amplitude without ripple, at most a quarter of a cycle late. Both levels
 * show a sine as its peak: for RMS that is the convention of AES17 (0 dBFS is
 * the RMS of a full-scale sine).
 *
 * A unit runs it on the spans of parts/span.h:
 *
 *   if (mix_tick_is_due (&self->tick)) {
 *     mix_detector_set (&self->detector, &params);
 *     mix_detector_tick (&self->detector, false);
 *   }
 *   …
 *   mix_detector_run (&self->detector, span.key, span.offset, span.frames);
 *   float *power = mix_detector_linked (&self->detector);
 *   kernels->db_from_gain (power, power, span.frames);   twice the level in dB
 *
 * Realtime-safe but for mix_detector_prepare. No errors.
 */
#pragma once

#include "../base/arena.h"
#include "../format.h"
#include "../kernels/kernels.h"
#include "key_filter.h"

/* The most frames of a span. */
#define MIX_DETECTOR_SPAN 256

typedef enum {
  MIX_DETECTOR_PEAK, /* the envelope */
  MIX_DETECTOR_RMS,  /* its mean power over a window */
} MixDetectorLevel;

typedef enum {
  MIX_DETECTOR_MAX,     /* the loudest channel */
  MIX_DETECTOR_AVERAGE, /* the mean power of the channels */
  MIX_DETECTOR_MID,     /* of the front pair; without one as MAX */
  MIX_DETECTOR_SIDE,    /* of the front pair; without one silence */
} MixDetectorSource;

typedef struct {
  int level;  /* MixDetectorLevel */
  int source; /* MixDetectorSource, of the linked power */
  double rms_window_ms;
  double low_cut_hz, high_cut_hz; /* of the key signal; 0 is off */
  /* The RMS level is never more than 9 dB below the envelope: it follows an
   * onset at once. */
  bool follow_onsets;
} MixDetectorParams;

/* One signal that is measured. */
typedef struct {
  const float *x; /* of the current span, filtered */
  double mean;    /* RMS: power; negative: starts with the next frame */
  MixKeyFilterState filter;
} MixDetectorLane;

typedef struct {
  const MixKernels *kernels;
  MixQuadratureDesign design;
  unsigned rate, channels;
  MixPair front;
  bool has_front;
  bool is_linked[MIX_MAX_CHANNELS + 1]; /* lanes in the linked power: no LFE */
  unsigned linked_count;                /* of channels */

  MixDetectorParams params;
  MixKeyFilter filter;
  double rms_decay;
  bool has_channels, has_middle; /* what is measured */

  /* In the arena. Lanes are the channels, then mid or side. */
  MixDetectorLane *lanes;
  MixQuadrature *pairs; /* two channels each; then mid or side */
  float *filtered;      /* rows of MIX_DETECTOR_SPAN: a lane each */
  float *power;         /* the same; then the linked power */
} MixDetector;

/* Prepares it with memory of the arena; the memory must be zeroed. As that is
 * all it takes, a counting arena may be given before. */
void mix_detector_prepare (
    MixDetector *d, const MixFormat *format, MixArena *arena);

/* Takes new parameters, at the start of a tick. Returns whether the power may
 * jump, as it comes from another source or is another level. */
bool mix_detector_set (MixDetector *d, const MixDetectorParams *params);

/* Once a tick, or at least while mix_detector_is_still() is false and after
 * mix_detector_set(). `channels`: the power of each channel is needed, besides
 * the linked one. What was not measured before starts without history. */
void mix_detector_tick (MixDetector *d, bool channels);

/* Without history, at the targets. */
void mix_detector_reset (MixDetector *d, bool channels);

/* Measures n frames, at most MIX_DETECTOR_SPAN, that begin `offset` frames into
 * the tick. They are read up to the end of the span (mix_detector_exceeds_at),
 * so do not overwrite them before. */
void mix_detector_run (
    MixDetector *d, const float *const *key, unsigned offset, unsigned n);

static inline bool
mix_detector_is_still (const MixDetector *d)
{
  return mix_key_filter_is_still (&d->filter);
}

/* Whether channels are measured: they may be without being asked for, when the
 * linked power comes from them. */
static inline bool
mix_detector_has_channels (const MixDetector *d)
{
  return d->has_channels;
}

/* Whether a channel is part of the linked power: all but the LFE. */
static inline bool
mix_detector_links (const MixDetector *d, unsigned channel)
{
  return d->is_linked[channel];
}

/* The key filter, to run other signals through it. */
static inline const MixKeyFilter *
mix_detector_filter (const MixDetector *d)
{
  return &d->filter;
}

/* Power in the latest span. The rows are free to be overwritten until the next
 * one: a unit turns power into gain in place. */
static inline float *
mix_detector_power (const MixDetector *d, unsigned lane)
{
  return d->power + (size_t)lane * MIX_DETECTOR_SPAN;
}

static inline float *
mix_detector_linked (const MixDetector *d)
{
  return mix_detector_power (d, d->channels + 1);
}

/* ---- The samples behind a level ----------------------------------------- */

/* Some of the lanes. */
typedef struct {
  unsigned first, count;
} MixDetectorLanes;

/* That the linked power comes from. */
static inline MixDetectorLanes
mix_detector_linked_lanes (const MixDetector *d)
{
  return d->has_middle ? (MixDetectorLanes){ d->channels, 1 }
                       : (MixDetectorLanes){ 0, d->channels };
}

/* Whether a sample of these lanes at frame i is beyond `level`, a gain. */
static inline bool
mix_detector_exceeds_at (
    const MixDetector *d, MixDetectorLanes lanes, float level, unsigned i)
{
  for (unsigned e = lanes.first; e < lanes.first + lanes.count; e++)
    if (d->is_linked[e] && fabsf (d->lanes[e].x[i]) > level)
      return true;
  return false;
}

/* The same of any of the first n frames. */
static inline bool
mix_detector_exceeds (
    const MixDetector *d, MixDetectorLanes lanes, float level, unsigned n)
{
  for (unsigned e = lanes.first; e < lanes.first + lanes.count; e++)
    if (d->is_linked[e] && d->kernels->peak (d->lanes[e].x, n) > level)
      return true;
  return false;
}
