/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "band_compressor.h"

#include <string.h>

/* A reduction that has died away (dB). */
#define OVER_DB 1e-4f

void
mix_band_compressor_prepare (
    MixBandCompressor *b, const MixFormat *format, MixArena *arena)
{
  *b = (MixBandCompressor){ .rate = format->rate };
  mix_detector_prepare (&b->detector, format, arena);
  mix_gain_computer_prepare (&b->computer, format->rate);
}

void
mix_band_compressor_set (MixBandCompressor *b, const MixGainComputerParams *p)
{
  const MixDetectorParams detector = {
    .level = MIX_DETECTOR_PEAK,
    .source = MIX_DETECTOR_MAX,
    .follow_onsets = p->curve.mode != MIX_CURVE_DOWNWARD,
  };
  bool jumps = mix_detector_set (&b->detector, &detector);
  mix_gain_computer_set (&b->computer, p, b->rate, jumps);
  mix_reduction_adapt (&b->reduction, &b->computer);
}

static void
restart (MixBandCompressor *b)
{
  mix_reduction_reset (&b->reduction);
  mix_detector_reset (&b->detector, false);
}

static bool
is_over (const MixBandCompressor *b)
{
  return mix_gain_computer_is_flat (&b->computer)
         && fabsf (mix_reduction_now (&b->reduction)) < OVER_DB;
}

void
mix_band_compressor_tick (MixBandCompressor *b)
{
  mix_gain_computer_tick (&b->computer);
  mix_detector_tick (&b->detector, false);
  bool idles = is_over (b);
  if (idles && !b->idles)
    restart (b);
  b->idles = idles;
}

void
mix_band_compressor_reset (MixBandCompressor *b)
{
  mix_gain_computer_reset (&b->computer);
  restart (b);
  b->idles = is_over (b);
}

/* A flat one is to be looked at until it idles. */
bool
mix_band_compressor_is_still (const MixBandCompressor *b)
{
  return mix_gain_computer_is_still (&b->computer)
         && mix_detector_is_still (&b->detector)
         && (b->idles || !mix_gain_computer_is_flat (&b->computer));
}

float *
mix_band_compressor_run (MixBandCompressor *b, const float *const *band,
    unsigned look_ahead, unsigned offset, unsigned n)
{
  float *row = mix_detector_linked (&b->detector);
  MixBoost boost;
  const MixGainSpan span = {
    .detector = &b->detector,
    .look_ahead = look_ahead,
    .offset = offset,
    .frames = n,
  };
  if (b->idles) {
    memset (row, 0, n * sizeof *row);
    return row;
  }
  mix_detector_run (&b->detector, band, offset, n);
  mix_reduction_require (&b->reduction, &b->computer, &span,
      mix_detector_linked_lanes (&b->detector), row, &boost);
  mix_reduction_follow (&b->reduction, &b->computer, row, &boost, n);
  mix_gain_computer_end_span (&b->computer);
  return row;
}
