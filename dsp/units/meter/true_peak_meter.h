/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The true peak of all channels since the last reading and since the start
 * (ITU-R BS.1770-5, Annex 2). Audio is collected in ticks of MIX_TICK frames;
 * the fine detector of parts/true_peak.h runs LAG ticks behind the newest, and
 * only on ticks where the bounds of parts/peak_bounds.h allow a level over the
 * peak that is known.
 *
 * Not every tick is measured: levels interpolated across a seek are those of an
 * edge that is not in the programme, and audio in a pause does not count.
 * Realtime-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "../../base/tick.h"
#include "../../format.h"
#include "../../kernels/kernels.h"
#include "../../parts/history.h"
#include "../../parts/peak_bounds.h"
#include "../../parts/true_peak.h"

typedef struct {
  unsigned channels;
  const MixKernels *kernels;
  MixTruePeak tables;
  MixHistory history;
  float *audio[MIX_MAX_CHANNELS];
  MixPeakBounds bounds[MIX_MAX_CHANNELS];
  unsigned fill;    /* frames of the tick that is collected */
  unsigned skip;    /* ticks not to be measured, from this one on */
  unsigned skipped; /* bit n: nor is the one n ticks before this */
  bool is_paused;
  float recent, whole; /* since the last join, and before it */
} MixTruePeakMeter;

/* Floats of zeroed memory to lend. */
size_t mix_true_peak_meter_memory (unsigned channels);

/* Keeps the peaks and the pause. A reset or flush has to follow. */
void mix_true_peak_meter_prepare (
    MixTruePeakMeter *m, unsigned channels, float *memory);

/* Clears audio and peaks. */
void mix_true_peak_meter_reset (MixTruePeakMeter *m);

/* Clears the audio, keeps the peaks: a seek. */
void mix_true_peak_meter_flush (MixTruePeakMeter *m);

/* Clears the peaks, keeps the audio: the measurement starts anew in a signal
 * that goes on and has no edge here. */
void mix_true_peak_meter_restart (MixTruePeakMeter *m);

void mix_true_peak_meter_pause (MixTruePeakMeter *m, bool is_paused);

/* Frames that the current tick still takes. */
static inline unsigned
mix_true_peak_meter_left (const MixTruePeakMeter *m)
{
  return MIX_TICK - m->fill;
}

/* Copies frames `at` … `at + n`, at most those left. `in` of NULL is silence.
 */
void mix_true_peak_meter_collect (
    MixTruePeakMeter *m, const float *const *in, unsigned at, unsigned n);

/* Measures, once no frames are left in the tick. */
void mix_true_peak_meter_finish_tick (MixTruePeakMeter *m);

/* Feeds silence until all audio is measured. */
void mix_true_peak_meter_drain (MixTruePeakMeter *m);

/* The recent peak becomes part of that of the whole. Returns the recent one, or
 * that of the whole. */
float mix_true_peak_meter_take (MixTruePeakMeter *m, bool whole);
