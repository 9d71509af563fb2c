/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "speech_band.h"

#include "../../base/maths.h"

/* A shelf has half of its gain at its corner: both stand outside, so that the
 * middle has all of it within 0.1 dB. */
#define LOW_HZ 250.0
#define HIGH_HZ 4800.0
#define Q 0.7071

void
mix_speech_band_prepare (
    MixSpeechBand *b, const MixFormat *format, MixArena *arena)
{
  *b = (MixSpeechBand){ .rate = format->rate };
  mix_gliding_filter_prepare (&b->filter, format, 2, arena);
}

void
mix_speech_band_reset (MixSpeechBand *b)
{
  b->now = 0;
  mix_gliding_filter_reset (&b->filter);
}

static void
put_shelf (MixSpeechBand *b, unsigned section, MixFilterType type, double hz,
    double gain)
{
  const MixFilterSpec spec
      = { .type = type, .frequency_hz = hz, .gain_db = b->now, .q = Q };
  MixSvf svf[MIX_FILTER_MAX_SECTIONS];
  mix_filter_design_svf (&spec, b->rate, svf);
  mix_gliding_filter_put (&b->filter, section, svf, gain);
}

void
mix_speech_band_tick (MixSpeechBand *b, double reduction_db)
{
  double next = fmin (reduction_db, MIX_SPEECH_BAND_MOST);
  mix_gliding_filter_begin_tick (&b->filter);
  if (next == b->now)
    return;
  b->now = next;
  put_shelf (b, 0, MIX_FILTER_LOW_SHELF, LOW_HZ, mix_gain_from_db (-b->now));
  put_shelf (b, 1, MIX_FILTER_HIGH_SHELF, HIGH_HZ, 1);
}
